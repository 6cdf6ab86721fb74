"""What a room refuses, and what to do instead."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class RoomHasEnded(DomainError):
    code = "room_has_ended"
    sentence = _("This room has ended. Open a new one to go on.")


class NoLongerTaken(DomainError):
    code = "no_longer_taken"
    sentence = _("The time for answers is over. What you sent before counts.")


class NotBegun(DomainError):
    code = "not_begun"
    sentence = _("This step has not begun. Wait until the host opens it.")


class BegunAlready(DomainError):
    code = "begun_already"
    sentence = _("This step was begun, so what it asks stays as it is. Add a new step instead.")


class NothingToUndo(DomainError):
    code = "nothing_to_undo"
    sentence = _("There is nothing to undo.")


class MovedMeanwhile(DomainError):
    code = "moved_meanwhile"
    sentence = _("Something else was done meanwhile. Look at the page, then undo it again.")


class NoClock(DomainError):
    code = "no_clock"
    sentence = _("This step has no clock that runs. Open it first, or give it minutes.")


class NotGoingOn(DomainError):
    code = "not_going_on"
    sentence = _(
        "This step is not on the screens any more. Look at the page, then ask within the one that is."
    )


class NoSuchOption(DomainError):
    code = "no_such_option"
    sentence = _("Choose from the list, then send it again.")


class NameMissing(DomainError):
    code = "name_missing"
    sentence = _("Write your name, so that people know who is here.")


class NoCodeLeft(DomainError):
    code = "no_code_left"
    sentence = _("Too many rooms are open at once. End one that is over, then try again.")


class NotAGuest(DomainError):
    code = "not_a_guest"
    sentence = _(
        "This place is somebody's already. A host can make it a guest's again on the page of people."
    )


class BothAnswered(DomainError):
    code = "both_answered"
    sentence = _(
        "This person took part in the same step both as themself and as this guest, so the two cannot become "
        "one. Ask a host to take one of them out of the room's list, then try again."
    )


class NotOnRoster(DomainError):
    code = "not_on_roster"
    sentence = _("Nobody whom the program knows was chosen. Choose somebody from the list.")
