"""What a provider calls a community, and what a roster's columns are called, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.programs.models import Program

OWN_ATTRIBUTES: Mapping[str, Promise] = {
    "wishes": gettext_lazy("wishes"),
    "interest_poll": gettext_lazy("wishes from an interest poll"),
    "free_hours": gettext_lazy("free hours"),
    "keep_with": gettext_lazy("keep with"),
    "keep_apart": gettext_lazy("keep apart from"),
    "needs": gettext_lazy("needs"),
    "expertise": gettext_lazy("expertise"),
    "languages": gettext_lazy("languages"),
    "notes": gettext_lazy("notes"),
    "joined_on": gettext_lazy("joined on"),
    "answered_at": gettext_lazy("answered at"),
    "area": gettext_lazy("area"),
    "kind": gettext_lazy("type of organization"),
}
"""The attributes whose keys are ours; every other is a column of a provider's file."""


@dataclass(frozen=True)
class Words:
    """The word for one community and for several, in lower case, for use within a sentence."""

    community: str
    communities: str

    def counted(self, number: int) -> str:
        """Return so many of them, such as "7 learning circles"."""
        return ngettext("%(number)d %(one)s", "%(number)d %(many)s", number) % {
            "number": number,
            "one": self.community,
            "many": self.communities,
        }


def words_for(program: Program) -> Words:
    """Return the words that this program chose; its own word when it wrote one."""
    word = Program.CommunityWord
    if program.community_word == word.OWN and program.own_word:
        return Words(community=program.own_word, communities=program.own_word_plural or program.own_word)
    known = {
        word.NETWORK: Words(community=_("peer network"), communities=_("peer networks")),
        word.CIRCLE: Words(community=_("learning circle"), communities=_("learning circles")),
        word.TEAM: Words(community=_("action team"), communities=_("action teams")),
        word.COUNCIL: Words(community=_("council"), communities=_("councils")),
    }
    chosen = known.get(word(program.community_word))
    return chosen or Words(community=_("community"), communities=_("communities"))


def attribute_label(key: str) -> str:
    """Return what an attribute of a roster is called, for use within a sentence: "van_size" → "van size"."""
    return str(OWN_ATTRIBUTES.get(key) or " ".join(key.replace("_", " ").split()))


def value_in_words(value: Any) -> str:
    """Return what a roster says of somebody, as people write it: lists with commas, yes and no."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
