"""How many people moved in a proposal that was to move few, for its pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.models import Proposal


def moves_of(proposal: Proposal) -> Mapping[str, Any] | None:
    """Return what to say of them, and between which proposals (numbers) to see it; None if anybody might.

    Where nothing better was found than what was there, nobody moved, and there is nothing to compare.
    """
    kept, before = proposal.outcome.get("moves"), proposal.outcome.get("as_before")
    if before is not None:
        return {"sentence": _nothing_better(before), "is_over": False, "from": None, "to": proposal.number}
    if kept is None:
        return None
    moved, most = kept["moved"], kept["most"]
    return {
        "sentence": _sentence(moved, most),
        "is_over": moved > most,
        "from": kept["from"],
        "to": proposal.number,
    }


def _nothing_better(before: int) -> str:
    return _(
        "Nothing better than proposal %(number)d was found, so everybody is where they were. For another "
        "one, look longer, change a rule, or let somebody move."
    ) % {"number": before}


def _sentence(moved: int, most: int) -> str:
    if moved > most:
        return ngettext(
            "One person moved, though nobody was to: no way was found without that.",
            "%(moved)d people moved, though at most %(most)d were to: no way was found with so few.",
            moved,
        ) % {"moved": moved, "most": most}
    if moved == 0:
        return _("Nobody moved: only who was new was placed.") if most == 0 else _("Nobody had to move.")
    return ngettext(
        "One person moved; at most %(most)d were to.",
        "%(moved)d people moved; at most %(most)d were to.",
        moved,
    ) % {"moved": moved, "most": most}
