"""Refusals of a marketplace."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class MarketplaceIsOver(DomainError):
    """People choose while the marketplace is open."""

    code = "marketplace_is_over"
    sentence = _("The time to choose is over. Write to the people who invited you if something is wrong.")


class StaffOffer(DomainError):
    """On some marketplaces only the staff put topics up."""

    code = "staff_offer"
    sentence = _("Here the program's staff put the topics up. Choose one of theirs.")


class TopicIsThere(DomainError):
    """Two topics of one name would split their people."""

    code = "topic_is_there"
    sentence = _("There is a topic of this name already. Join it, or say in the name how yours is different.")


class TopicIsGone(DomainError):
    """The topic was made part of another, or belongs to another board."""

    code = "topic_is_gone"
    sentence = _("This topic is no longer on the board. Look at the board again.")


class NoWishes(DomainError):
    """Nobody said that a topic interests them, or everybody is in one community anyway."""

    code = "no_wishes"
    sentence = _("No wishes can be taken from this poll. Look at the page again.")


class NothingToUndo(DomainError):
    """The topic is its own: it was never part of another, or somebody has undone that."""

    code = "nothing_to_undo"
    sentence = _("There is nothing to undo. This topic is on the board by itself.")


class ChosenSince(DomainError):
    """Undoing would take back what people have chosen since."""

    code = "chosen_since"
    sentence = _(
        "Its people have chosen something else since, or their places are taken, so the two stay together. "
        "Put the topic up again if you need it."
    )


class ToldAlready(DomainError):
    """The people of a topic were written to."""

    code = "told_already"
    sentence = _(
        "Its people were told by mail, so the two stay together. Put the topic up again if you need it."
    )


class TopicIsClosed(DomainError):
    """Nobody comes into a closed topic."""

    code = "topic_is_closed"
    sentence = _("This topic takes nobody else. Choose another one.")


class TopicIsFull(DomainError):
    """Somebody else took the last place."""

    code = "topic_is_full"
    sentence = _("The last place there was just taken. You can join its waitlist, or choose another topic.")


class NoWaitlist(DomainError):
    """Somebody else took the last place, and the board has no waitlists."""

    code = "no_waitlist"
    sentence = _("The last place there was just taken. Choose another topic.")


class FullForGuests(DomainError):
    """Only who is on the roster waits for a place."""

    code = "full_for_guests"
    sentence = _(
        "This topic is full. Choose another one, or say who you are first: then you can join its waitlist."
    )


class TooManyWaits(DomainError):
    """A person waits for so many topics at most."""

    code = "too_many_waits"
    sentence = _("You wait for as many topics as you may. Leave one waitlist first.")


class NotInTopic(DomainError):
    """Those who are in a topic say whom it is for."""

    code = "not_in_topic"
    sentence = _("Who is in a topic writes whom it is for. Join it first.")


class TooManyInside(DomainError):
    """A size below the number of people who are in would put somebody out."""

    code = "too_many_inside"
    sentence = _("More people than that have a place there already. Choose a larger number.")


class AlreadySettled(DomainError):
    """What was made of a marketplace stays, as long as its round is there."""

    code = "already_settled"
    sentence = _("A round was made of this marketplace already. Go on there, or remove that round first.")


class NoBoard(DomainError):
    """A step of a marketplace needs one, and a room of a single community has none."""

    code = "no_board"
    sentence = _(
        "This room has no marketplace: it belongs to one community. Open a live room of the program for it."
    )


class NothingAsked(DomainError):
    """Somebody answers a question that the host took back."""

    code = "nothing_asked"
    sentence = _("Nobody asks this any longer. You stay where you are.")


class NobodyChose(DomainError):
    """A round needs at least one topic with people."""

    code = "nobody_chose"
    sentence = _("No topic would stay that somebody has chosen. Keep one, or give people more time.")


class DoesNotHold(DomainError):
    """The people of one topic do not all fit into another."""

    code = "does_not_hold"
    sentence = _(
        "That topic does not stay, or has too little room for all who would come. Choose otherwise for one."
    )
