"""Refusals of the community's actions."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class InvitationIsOver(DomainError):
    """The invitation was taken back, or the community or the person's enrollment has ended."""

    code = "invitation_is_over"
    sentence = _("This invitation is no longer open. Please write to the people who invited you.")


class NotHere(DomainError):
    """Somebody who said no, or left, writes nothing; they may come back first."""

    code = "not_here"
    sentence = _("You are not in this group now, so nothing was sent. Join first, then write.")


class TooManyWords(DomainError):
    """Somebody has written so much that staff should answer first."""

    code = "too_many_words"
    sentence = _(
        "You have written several times, and we read it all. Please wait for an answer, or write again in an "
        "hour. To join or to say no, leave these fields empty."
    )


class NotAMember(DomainError):
    """Only somebody who has joined can pause, or lead."""

    code = "not_a_member"
    sentence = _("This person has not joined yet. They can join first.")


class AlreadyJoined(DomainError):
    """An invitation that was accepted cannot be taken back."""

    code = "already_joined"
    sentence = _("This person has joined already, so the invitation cannot be taken back. They can leave.")


class AlreadyThere(DomainError):
    """Somebody who has a place in a community cannot change to it."""

    code = "already_there"
    sentence = _("This person has a place there already, so there is nothing to change.")


class AnsweredAlready(DomainError):
    """Only who waits to answer has an answer written down for them."""

    code = "answered_already"
    sentence = _(
        "This person has answered already, and their answer stays. They can change it on their own page, or "
        "you invite them anew."
    )


class AnswersThemself(DomainError):
    """Nobody answers for somebody whom mail reaches."""

    code = "answers_themself"
    sentence = _(
        "Mail reaches this person, so they answer by their own link. If it does not, change on the roster "
        "how we reach them."
    )


class OtherProgram(DomainError):
    """Only people on the program's own roster can be invited."""

    code = "other_program"
    sentence = _("This person is not on the program's roster. Add them there first.")


class NothingSaid(DomainError):
    """An empty answer helps nobody."""

    code = "nothing_said"
    sentence = _("Write something first, then send it.")


class NobodyToRemind(DomainError):
    """Everybody has answered, was reminded less than a week ago, or is out of the reach of mail."""

    code = "nobody_to_remind"
    sentence = _("There is nobody to remind now. Whoever was reminded is left in peace for a week.")


class CanvasIsFull(DomainError):
    """So many needs cannot be weighed against each other."""

    code = "canvas_is_full"
    sentence = _("There is no more room on the canvas. Take off what you will not take up, then try again.")


class TooManyGoals(DomainError):
    """So many goals at once are none."""

    code = "too_many_goals"
    sentence = _(
        "There are many goals already. Say of one that it is reached, or let it go, then set this one."
    )


class RoleIsThere(DomainError):
    """A usual role stands in a community once."""

    code = "role_is_there"
    sentence = _("This role is on the list already. Change it there, or add one of your own.")


class RoleIsHeld(DomainError):
    """Only an open role can be taken."""

    code = "role_is_held"
    sentence = _("This role is not open now. Ask whoever leads, or look at the other roles.")


class TermEndsEarly(DomainError):
    """A term ends after it began."""

    code = "term_ends_early"
    sentence = _("The last day comes after the first. Choose a later day.")


class ReasonMissing(DomainError):
    """Dropping something is fine, with a word about why."""

    code = "reason_missing"
    sentence = _("Say in a few words why. It helps whoever had counted on it.")


class ObjectionUnfounded(DomainError):
    """An objection is worked through by its reason."""

    code = "objection_unfounded"
    sentence = _("Say what would harm the group. An objection can be worked through by its reason alone.")


class TooManyCommitments(DomainError):
    """So many open commitments of one person are none."""

    code = "too_many_commitments"
    sentence = _("Many things are open already. Say of one what came of it, then write this one down.")


class NotTheirCommitment(DomainError):
    """Nobody changes or settles for somebody what they call not theirs."""

    code = "not_their_commitment"
    sentence = _(
        "They said that this is not theirs, so nobody else changes it. Talk with them, and write down anew "
        "what you agree on."
    )


class CharterIsClosed(DomainError):
    """A version that is not asked about any more takes no answers."""

    code = "charter_is_closed"
    sentence = _("The time to answer about this version is over. Look at the charter as it stands now.")


class StaysClosed(DomainError):
    """A charter that was closed a while ago, by somebody else or by the clock."""

    code = "stays_closed"
    sentence = _(
        "It stays closed: whoever closed it can undo that for a quarter of an hour. Ask everybody about a "
        "next version instead."
    )


class ClosesEarly(DomainError):
    """People need a day on which they can still answer."""

    code = "closes_early"
    sentence = _("This day is over. Choose today or a later one, so that people can answer.")
