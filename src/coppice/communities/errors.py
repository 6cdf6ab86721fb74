"""Refusals of the community's actions."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class InvitationIsOver(DomainError):
    """The invitation was taken back, or the community or the person's enrollment has ended."""

    code = "invitation_is_over"
    sentence = _("This invitation is no longer open. Please write to the people who invited you.")


class NotAMember(DomainError):
    """Only somebody who has joined can pause, or lead."""

    code = "not_a_member"
    sentence = _("This person has not joined yet. They can join first.")


class AlreadyJoined(DomainError):
    """An invitation that was accepted cannot be taken back."""

    code = "already_joined"
    sentence = _("This person has joined already, so the invitation cannot be taken back. They can leave.")


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
