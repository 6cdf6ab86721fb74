"""Refusals of badges and trading rounds."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class NothingOnIt(DomainError):
    """A badge has at least one line."""

    code = "nothing_on_it"
    sentence = _("Write at least one interest or skill, then send it again.")


class NotOnAnyProfile(DomainError):
    """Nothing is taken from a profile that is empty, or that is not one's own to read."""

    code = "not_on_any_profile"
    sentence = _("There is nothing on your profile that could go on the badge. Write it yourself.")


class NothingToKeep(DomainError):
    """A profile takes a badge's lines once, from whoever it belongs to."""

    code = "nothing_to_keep"
    sentence = _("There is nothing on your badge that could still be kept. Look at your profile.")


class NobodyWearsIt(DomainError):
    """Whom somebody met is said by the number of a badge, or by a name."""

    code = "nobody_wears_it"
    sentence = _("Nobody here wears a badge of this number or name. Look at their badge again.")


class SeveralWearIt(DomainError):
    """A name that several people have says nobody."""

    code = "several_wear_it"
    sentence = _("More than one person here is called so. Type the number on their badge.")


class OwnBadge(DomainError):
    """Nobody meets themself."""

    code = "own_badge"
    sentence = _("This is your own badge. Type the number of the person you speak with.")


class NoSuchLine(DomainError):
    """A line was changed or taken off."""

    code = "no_such_line"
    sentence = _("This no longer stands on the badge. Look at the badge as it is now.")


class TogetherAlready(DomainError):
    """Who is in the same group need not ask."""

    code = "together_already"
    sentence = _("You are in the same group already.")


class WhatForMissing(DomainError):
    """A new group has a first name."""

    code = "what_for_missing"
    sentence = _("Write what you would work on together, then ask again.")


class NotAsked(DomainError):
    """A question was taken back, answered, or is for somebody else."""

    code = "not_asked"
    sentence = _("This question is no longer open. Look at your page as it is now.")


class GroupIsFull(DomainError):
    """A group has no more people than its largest size."""

    code = "group_is_full"
    sentence = _("The group is full. Look for another one, or begin one of your own.")


class OthersNameIt(DomainError):
    """A group is called what those call it who made it."""

    code = "others_name_it"
    sentence = _("Those who said yes to each other say what their group is called. Tell one of them yours.")


class NamedMeanwhile(DomainError):
    """Two people of a group write its name at once."""

    code = "named_meanwhile"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Somebody of your group has called it “%(name)s” meanwhile. Agree with them, then send yours.")
            % {"name": name}
        )
