"""What communities write to people: invitation, welcome, answer; and to staff: what people asked."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.accounts.models import Person
from coppice.communities import links, wording
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community, InvitationWord, Membership
from coppice.communities.trials import News
from coppice.notifications.actions import Attachment, Letter, compose, send
from coppice.notifications.lines import DigestLine, Section
from coppice.notifications.models import Message
from coppice.notifications.subscriptions import unsubscribe_url
from coppice.programs.mail_lists import staff_list
from coppice.programs.models import Staff
from coppice.programs.wording import words_for

NOWHERE = f"{settings.BASE_URL}/…/"
"""What stands for a link in a mail that is only looked at."""

STAND_IN = -1
"""The id of a membership and a community that have no row yet, in the links of a mail composed before."""


def write_to(
    membership: Membership,
    *,
    occasion: str,
    template: str,
    context: dict[str, Any],
    period: str = "",
    thread: str = "",
    attachments: Sequence[Attachment] = (),
    digest: DigestLine | None = None,
    reply_to: str = "",
    about: Any = None,
) -> Message | None:
    """Write one mail of the community to one of its people, at the address that the program's roster knows.

    A mail that can wait has a `digest`: who wants the community daily or weekly reads that line in their next
    one instead. Returns None for them, for people whom mail does not reach, or who unsubscribed. Templates
    get `membership`, `community`, `program`, and `do_path`, which is the person's own page behind a signed
    link unless `context` names another, with its `do_label`; `reason` says why they get it. `reply_to`
    is what a reply by mail is about ("meeting:12"), and `reply_hint` in the context how to answer by one.
    """
    if not membership.mail_address:
        return None
    letter = _letter(membership, template, context)
    letter["thread"] = thread or f"community-{membership.community.pk}"
    letter["period"], letter["attachments"], letter["digest"] = period, attachments, digest
    letter["reply_to"], letter["about"] = reply_to, about
    return send(recipient=membership.person, occasion=occasion, **letter)


def invitation(membership: Membership, *, is_moved: bool = False) -> Message | None:
    """Invite a person; asked again on another day when they are invited anew.

    Whoever `is_moved` here from another place is told each time, also back to where they were invited today:
    the link in the mail about the other place has ended.
    """
    template, context = _invitation(membership)
    invited_at = membership.invited_at
    return write_to(
        membership,
        occasion=f"invitation:{membership.pk}",
        period=f"{invited_at:%Y%m%d%H%M%S%f}" if is_moved else invited_at.date().isoformat(),
        template=template,
        context=context,
        reply_to=f"invitation:{membership.pk}",
    )


def composed_invitation(membership: Membership) -> Message | None:
    """Compose the invitation of a membership that has no row yet, in a community that has none.

    Its links are stand-ins until `settle` is called. Asks no database; returns None as `write_to` does.
    """
    if not membership.mail_address:
        return None
    community = membership.community
    kept = membership.pk, community.pk
    membership.pk = community.pk = STAND_IN
    try:
        template, context = _invitation(membership)
        letter = _letter(membership, template, context)
        message = compose(recipient=membership.person, occasion="", **letter)
    finally:
        membership.pk, community.pk = kept
    return message


def settle(message: Message, membership: Membership) -> Message:
    """Give a composed invitation the links and names of its membership, which has a row by now."""
    person, community = membership.person, membership.community
    stand_in = Membership(pk=STAND_IN, person=person)
    changes = {
        links.place_path(stand_in): links.place_path(membership),
        unsubscribe_url(person.pk, message.list_key): unsubscribe_url(person.pk, community.list_key),
    }
    for old, new in changes.items():
        message.text, message.html = message.text.replace(old, new), message.html.replace(old, new)
    message.occasion = f"invitation:{membership.pk}"
    message.period = membership.invited_at.date().isoformat()
    message.list_key = community.list_key
    message.thread = f"community-{community.pk}"
    message.reply_to = f"invitation:{membership.pk}"
    return message


def unlinked(message: Message, person: Person) -> Message:
    """Return a composed invitation for others to look at: what only its reader may open leads nowhere."""
    stand_in = Membership(pk=STAND_IN, person=person)
    for own in (settings.BASE_URL + links.place_path(stand_in), unsubscribe_url(person.pk, message.list_key)):
        message.text = message.text.replace(own, NOWHERE)
        message.html = message.html.replace(own, NOWHERE)
    return message


def invitation_reminder(membership: Membership) -> Message | None:
    """Compose a reminder that an invitation waits; asks no database. None for whom mail does not reach."""
    if not membership.mail_address:
        return None
    letter = _letter(
        membership,
        "communities/email/invitation_reminder",
        {
            "do_label": _("See what it is, and answer"),
            "reply_hint": JOIN_BY_REPLY,
            "reason": format_lazy(
                _("You get this because {provider} proposes you for {name}."),
                provider=membership.community.program.provider.name,
                name=membership.community.name,
            ),
        },
    )
    letter["reply_to"] = f"invitation:{membership.pk}"
    letter["thread"] = f"community-{membership.community.pk}"
    letter["period"] = timezone.localdate().isoformat()
    occasion = reminder_occasion(membership.community.program_id)
    return compose(recipient=membership.person, occasion=occasion, **letter)


def reminder_occasion(program_id: int) -> str:
    """What the outbox calls reminders of a program's invitations: the same for all, so one mail a person."""
    return f"invitation-reminder:{program_id}"


def trial(membership: Membership, *, news: Sequence[News], week: str) -> Message | None:
    """Compose what an invited person hears of a week; asks no database. None for whom mail does not reach.

    The links open their own page, where buttons say yes or no.
    """
    if not membership.mail_address:
        return None
    letter = _letter(
        membership,
        "communities/email/trial",
        {
            "sections": [
                (section.label, [each.words for each in group])
                for section, group in groupby(news, key=lambda each: each.section)
            ],
            "answer_url": settings.BASE_URL + links.place_path(membership) + "#answer",
            "do_label": _("See what it is, and answer"),
            "reason": format_lazy(
                _("You get this because {provider} proposes you for {name}; four times at most."),
                provider=membership.community.program.provider.name,
                name=membership.community.name,
            ),
        },
    )
    letter["thread"] = f"community-{membership.community.pk}"
    letter["period"] = week
    return compose(recipient=membership.person, occasion=trial_occasion(membership), **letter)


def trial_occasion(membership: Membership) -> str:
    """What the outbox calls the digests of one invitation."""
    return f"trial-digest:{membership.pk}"


def welcome(membership: Membership) -> Message | None:
    """Tell a new member that they are in, and how to pause or leave."""
    return write_to(
        membership,
        occasion=f"welcome:{membership.pk}",
        period=f"{membership.joined_at:%Y-%m-%d}",
        template="communities/email/welcome",
        context={"do_label": _("What comes next")},
    )


def changed(membership: Membership, *, origin: Community) -> Message | None:
    """Tell somebody that they changed from another community to this one; the only mail about it."""
    return write_to(
        membership,
        occasion=f"changed:{membership.pk}",
        period=f"{membership.joined_at:%Y%m%d%H%M%S}",
        template="communities/email/changed",
        context={
            "origin": origin,
            "do_label": _("Your own page"),
            "why": partial(wording.why, membership),
            "word": lambda: words_for(membership.community.program).community,
        },
    )


def address_refuses(membership: Membership, *, to: Membership, period: str) -> Message | None:
    """Tell a leader that mail does not reach a member any more; once for each time that it is so."""
    letter = _letter(
        to,
        "communities/email/address_refuses",
        {
            "member": membership.enrollment.name,
            "do_path": membership.community.get_absolute_url(),
            "do_label": _("See your group"),
            "reason": format_lazy(_("You get this because you lead {name}."), name=membership.community.name),
        },
    )
    letter["about"], letter["period"] = membership.person, period
    return send(recipient=to.person, occasion=f"address-refuses:{membership.pk}", **letter)


def asked_to_lead(membership: Membership) -> Message | None:
    """Ask somebody who is invited already to lead as well; asked again on another day at the earliest."""
    return write_to(
        membership,
        occasion=f"asked-to-lead:{membership.pk}",
        period=timezone.localdate().isoformat(),
        template="communities/email/lead",
        context={
            "do_label": _("See what it is, and answer"),
            "reason": format_lazy(
                _("You get this because {provider} proposes you for {name}."),
                provider=membership.community.program.provider.name,
                name=membership.community.name,
            ),
        },
    )


def word_answered(word: InvitationWord) -> Message | None:
    """Send a person the answer to what they wrote; a corrected answer is sent again."""
    return write_to(
        word.membership,
        occasion=f"invitation-word:{word.pk}",
        period=f"{word.answered_at:%Y%m%d%H%M%S}",
        template="communities/email/answer",
        context={
            "word": word,
            "do_label": _("Your page: join, ask again, or say no"),
            "reason": _("You get this because you wrote to us."),
        },
    )


def commitments_due(
    membership: Membership, *, soon: Sequence[Commitment], late: Sequence[Commitment]
) -> Message | None:
    """Remind a member of what they committed to: what is due soon, and what was due; at most once a day."""
    all_of_them = [*late, *soon]
    return write_to(
        membership,
        occasion=commitments_occasion(membership.pk),
        period=timezone.localdate(timezone=membership.community.zone).isoformat(),
        template="communities/email/commitments",
        context={
            "reply_hint": TELL_BY_REPLY if len(all_of_them) == 1 else "",
            "first_one": all_of_them[0],
            "more": len(all_of_them) - 1,
            "soon": [(each, _outcomes(each, membership)) for each in soon],
            "late": [(each, _outcomes(each, membership)) for each in late],
            "do_path": links.commitment_path(all_of_them[0], membership),
            "do_label": _("Say what came of it"),
            "reason": format_lazy(
                _("You get this because you committed to something in {name}."),
                name=membership.community.name,
            ),
        },
        reply_to=(
            f"commitment:{all_of_them[0].pk}" if len(all_of_them) == 1 else f"commitments:{membership.pk}"
        ),
    )


def commitment_written(commitment: Commitment, *, written_by: str, period: str = "") -> Message | None:
    """Ask a member whether what somebody wrote down for them is right; once for each commitment and period.

    `period` names the change after which they are asked anew, "" for what was written first.
    """
    membership = commitment.membership
    return write_to(
        membership,
        occasion=f"commitment-written:{commitment.pk}",
        period=period,
        template="communities/email/commitment_written",
        context={
            "commitment": commitment,
            "written_by": written_by,
            "choices": choices_about(commitment, membership),
            "do_path": links.commitment_path(commitment, membership),
            "do_label": _("Answer"),
            "reply_hint": _(
                "You can also reply to this mail: write “yes” if it is right, or “no” if it is not yours."
            ),
        },
        reply_to=f"commitment:{commitment.pk}",
    )


JOIN_BY_REPLY = _(
    "You can also reply to this mail: write “yes” to join or “no” to decline as the first word."
)
TELL_BY_REPLY = _(
    "You can also reply to this mail: write “done”, “tried” or “dropped” first, then what came of it."
)


def choices_about(commitment: Commitment, membership: Membership) -> list[tuple[Any, str]]:
    """The answers of one click about a commitment: whether it is right while that is asked, else what came.

    Each with the address of a page that asks to confirm it.
    """
    if commitment.word != Commitment.Word.ASKED:
        return _outcomes(commitment, membership)
    return [
        (word.label, settings.BASE_URL + links.commitment_path(commitment, membership, word=word))
        for word in (Commitment.Word.RIGHT, Commitment.Word.NOT_MINE)
    ]


def commitments_occasion(membership_id: int) -> str:
    """What the outbox calls the reminders of one member's commitments."""
    return f"commitments:{membership_id}"


def _outcomes(commitment: Commitment, membership: Membership) -> list[tuple[Any, str]]:
    """The answers of one click, each with the address of a page that asks to confirm it."""
    return [
        (label, settings.BASE_URL + links.commitment_path(commitment, membership, state=state))
        for state, label in OUTCOMES.items()
    ]


OUTCOMES = {
    Commitment.State.DONE: _("It is done"),
    Commitment.State.TRIED: _("I tried it"),
    Commitment.State.DROPPED: _("I drop it"),
}
"""The answers of one click, in the order of the mail."""


def words_said(membership: Membership, *, words: Sequence[InvitationWord]) -> None:
    """Tell everybody who staffs the program what an invited person wrote."""
    program = membership.community.program
    for post in Staff.objects.filter(provider=program.provider_id, is_active=True).select_related("person"):
        send(
            recipient=post.person,
            to_address=post.email,
            occasion=f"words-said:{words[0].pk}",
            about=membership.person,
            template="communities/email/words_said",
            context={
                "membership": membership,
                "community": membership.community,
                "program": program,
                "words": words,
                "do_path": reverse("communities:words", args=[program.pk]),
                "do_label": _("Answer"),
                "reason": format_lazy(_("You get this because you run {name}."), name=program.name),
            },
            scope=program.scope,
            list_key=staff_list(program),
            list_name=program.name,
            sender_name=program.name,
            thread=f"membership-{membership.pk}",
            language=program.language,
            time_zone=program.time_zone,
            digest=DigestLine(
                section=Section.ANSWER,
                title=_("What invited people wrote"),
                words=format_lazy(_("{name} waits for an answer."), name=membership.enrollment.name),
                path=reverse("communities:words", args=[program.pk]),
                object_key=f"words:{program.pk}",
                kind="words",
            ),
        )


def _invitation(membership: Membership) -> tuple[str, dict[str, Any]]:
    program = membership.community.program
    return "communities/email/invitation", {
        "do_label": _("See what it is, and answer"),
        "reply_hint": JOIN_BY_REPLY,
        "reason": format_lazy(
            _("You get this because {provider} proposes you for {name}."),
            provider=program.provider.name,
            name=membership.community.name,
        ),
        "why": partial(wording.why, membership),
        "word": lambda: words_for(program).community,
    }


def _letter(membership: Membership, template: str, context: dict[str, Any]) -> Letter:
    community = membership.community
    program = community.program
    return {
        "template": template,
        "context": {
            "membership": membership,
            "community": community,
            "program": program,
            "do_path": links.place_path(membership),
            "do_label": _("Your own page"),
            "reason": format_lazy(_("You get this because you are in {name}."), name=community.name),
            **context,
        },
        "to_address": membership.mail_address,
        "scope": program.scope,
        "list_key": community.list_key,
        "list_name": community.name,
        "sender_name": community.name,
        "language": membership.language,
        "time_zone": membership.zone.key,
    }
