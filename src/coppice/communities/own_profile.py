"""What a person's own pages say of their profile: what they need, and can help with."""

from django.db.models import Case, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.communities.next_steps import NextStep, known
from coppice.profiles.links import profile_path, start_path
from coppice.profiles.queries import has_said_something, said_something


def has_yet_to_say() -> Case:
    """Return as a column of memberships whether somebody has said nothing yet (next_steps.with_choices)."""
    return Case(When(said_something(OuterRef("enrollment")), then=Value(False)), default=Value(True))


def ask_once(membership: Membership) -> list[NextStep]:
    """Ask whoever is invited or in, and has said nothing yet, what they need and offer; in one query."""
    is_asked = known(membership, ask_once)
    if is_asked is None:
        is_asked = not has_said_something(membership.enrollment)
    if not membership.is_here or not is_asked:
        return []
    return [
        NextStep(
            _("What do you need, and what can you help others with? Two minutes, without an account."),
            start_path(membership.enrollment),
            _("Say what you need and offer"),
        )
    ]


def way_back(membership: Membership) -> list[NextStep]:
    """Return the way to what somebody has said already; in one query."""
    if not membership.is_here or not has_said_something(membership.enrollment):
        return []
    return [
        NextStep(
            _("What you need and what you can help with is yours to change at any time."),
            profile_path(membership.enrollment),
            _("Your needs and offers"),
        )
    ]
