"""Who may see one thing that a person says of themself, in the words of whoever reads it."""

from typing import Any

from django.utils.translation import gettext as _

from coppice.profiles.models import Audience
from coppice.programs.models import Program
from coppice.programs.wording import words_for


def audiences_of(program: Program, *, is_own: bool) -> list[tuple[str, str]]:
    """Return who may see a thing, with the program's own word for its communities.

    In the words of whoever fills the form in: the person themself, or (not `is_own`) staff for somebody.
    """
    circle = {"communities": words_for(program).communities}
    own: dict[str, Any] = {Audience.COMMUNITIES: _("My %(communities)s") % circle}
    if not is_own:
        own = {
            Audience.STAFF: _("Only they and the people who run the program"),
            Audience.COMMUNITIES: _("Their %(communities)s") % circle,
        }
    return [(value, str(own.get(value, label))) for value, label in Audience.choices]
