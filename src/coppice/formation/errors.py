"""Refusals of formation's actions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coppice.formation.lists import listed
from coppice.lib.errors import DomainError


class NotProposed(DomainError):
    """Nothing can be changed by hand before there is a proposal, or after it was published."""

    code = "not_proposed"
    sentence = _("There is no open proposal to change. Wait until it is worked out, or start another one.")


class AlreadyPublished(DomainError):
    """What was published stays: people have been invited by it."""

    code = "already_published"
    sentence = _("This round is published already. Start another one to form more.")


class Full(DomainError):
    """A community never grows over its largest size by hand."""

    code = "full"
    sentence = _("There is no free place there. Move somebody else out first, or allow larger sizes.")


class OtherFormation(DomainError):
    """People move within one proposal, the one on the table."""

    code = "other_formation"
    sentence = _("This belongs to another proposal than the one shown now. Choose one from the list.")


class NobodyPlaced(DomainError):
    """A proposal without people founds nothing."""

    code = "nobody_placed"
    sentence = _("There is nobody in this proposal. Bring people in, then work it out again.")


class OtherSince(DomainError):
    """What is published is what somebody has looked at."""

    code = "other_since"
    sentence = _(
        "Nobody is invited yet: the proposal has changed since you opened this page, or another one is shown "
        "now. Look at it again, then publish. What you wrote is kept below."
    )


class StillBroken(DomainError):
    """A proposal that breaks a rule is published only knowingly."""

    code = "still_broken"
    sentence = _(
        "Rules that must hold are broken. Mend the proposal, or tick that you publish it although they are."
    )


class NotPublished(DomainError):
    """What comes after publication needs a publication."""

    code = "not_published"
    sentence = _("This proposal is not published yet. Publish it first.")


class NoTimeForSwaps(DomainError):
    """People ask to change within the time that the program gives."""

    code = "no_time_for_swaps"
    sentence = _("The time to ask for another place is over. Write to the people who invited you.")


class DoesNotFit(DomainError):
    """People change to one of the other communities formed with theirs, where they are not yet."""

    code = "does_not_fit"
    sentence = _("You cannot change to this one. Choose another from the list.")


class LeadersSay(DomainError):
    """A group does not lose its leader without the program's staff knowing why."""

    code = "leaders_say"
    sentence = _("You lead this group. Write to the program's staff why you would like to change.")


class StaffDecide(DomainError):
    """Some changes are not for two people to settle among themselves."""

    code = "staff_decide"
    sentence = _("The program's staff decide this one. They see what you asked for, and will answer.")


class SwapIsGone(DomainError):
    """One of the two changed their mind, left, or changed already."""

    code = "swap_is_gone"
    sentence = _(
        "This change is no longer possible: somebody whom it is about does not wait for it any more. Look at "
        "the list again."
    )


class NoWayBack(DomainError):
    """A change is not taken back over somebody who has come since."""

    code = "no_way_back"
    sentence = _(
        "They cannot go back: their place has been taken since, and the group is full. Bring somebody else "
        "elsewhere first, or leave it as it is."
    )


class BreaksRules(DomainError):
    """A rule that must hold is broken only knowingly.

    `broken` are the violations that there would be, as formation.outcomes keeps them, where they are known.
    """

    code = "breaks_rules"
    sentence = _("This change breaks a rule that must hold. Tick “Do it anyway” if you mean it.")

    def __init__(self, broken: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__()
        self.broken = broken


class StaysHere(DomainError):
    """Whoever is locked is moved by hand only knowingly. `names` are those of whom it is said."""

    code = "stays_here"

    def __init__(self, names: Sequence[str]) -> None:
        sentence = ngettext(
            "%(names)s is kept here, so nothing was moved. Choose them and move them from their panel, or "
            "choose “Let them move” first.",
            "%(names)s are kept where they are, so nothing was moved. Choose “Let them move” for both first.",
            len(names),
        )
        super().__init__(sentence % {"names": listed(names)})


class HasPlace(DomainError):
    """Only who has no place yet is placed as somebody who came late."""

    code = "has_place"
    sentence = _("Somebody among them has a place by now, or is off the roster. Look at the list again.")


class NothingToUse(DomainError):
    """What cannot hold, is empty or was removed founds nothing, and nothing goes on from it."""

    code = "nothing_to_use"
    sentence = _("There are no places in this proposal to use. Choose another one from the list.")


class InUse(DomainError):
    """What a formation shows now stays until it shows another."""

    code = "in_use"
    sentence = _("This proposal is the one shown now. Use another one first, then remove it.")


class NotRepeatable(DomainError):
    """What somebody told is gone with them: the same cannot come of it any more."""

    code = "not_repeatable"
    sentence = _("Not everything that it was worked out from is kept any more, so it cannot be repeated.")
