"""What communities write to people: invitation, welcome, answer; and to staff: what people asked."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.communities import links, wording
from coppice.communities.models import InvitationWord, Membership
from coppice.notifications.actions import Attachment, send
from coppice.notifications.models import Message
from coppice.programs.models import Staff
from coppice.programs.wording import words_for


def write_to(
    membership: Membership,
    *,
    occasion: str,
    template: str,
    context: dict[str, Any],
    period: str = "",
    thread: str = "",
    attachments: Sequence[Attachment] = (),
) -> Message | None:
    """Write one mail of the community to one of its people, at the address that the program's roster knows.

    Returns None for people whom mail does not reach, or who unsubscribed from the community. Templates get
    `membership`, `community`, `program`, and `do_path`, which is the person's own page behind a signed link
    unless `context` names another, with its `do_label`; `reason` says why they get it.
    """
    community = membership.community
    program = community.program
    if not membership.mail_address:
        return None
    return send(
        recipient=membership.person,
        to_address=membership.mail_address,
        occasion=occasion,
        period=period,
        template=template,
        context={
            "membership": membership,
            "community": community,
            "program": program,
            "do_path": links.place_path(membership),
            "do_label": _("Your own page"),
            "reason": format_lazy(_("You get this because you are in {name}."), name=community.name),
            **context,
        },
        scope=program.scope,
        list_key=community.list_key,
        list_name=community.name,
        sender_name=community.name,
        thread=thread or f"community-{community.pk}",
        language=membership.language,
        time_zone=membership.zone.key,
        attachments=attachments,
    )


def invitation(membership: Membership) -> Message | None:
    """Invite a person; asked again on another day when they are invited anew."""
    return write_to(
        membership,
        occasion=f"invitation:{membership.pk}",
        period=membership.invited_at.date().isoformat(),
        template="communities/email/invitation",
        context={
            "do_label": _("See what it is, and answer"),
            "reason": format_lazy(
                _("You get this because {provider} proposes you for {name}."),
                provider=membership.community.program.provider.name,
                name=membership.community.name,
            ),
            "why": partial(wording.why, membership),
            "word": lambda: words_for(membership.community.program).community,
        },
    )


def welcome(membership: Membership) -> Message | None:
    """Tell a new member that they are in, and how to pause or leave."""
    return write_to(
        membership,
        occasion=f"welcome:{membership.pk}",
        period=f"{membership.joined_at:%Y-%m-%d}",
        template="communities/email/welcome",
        context={"do_label": _("What comes next")},
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


def words_said(membership: Membership, *, words: Sequence[InvitationWord]) -> None:
    """Tell everybody who staffs the program what an invited person wrote."""
    program = membership.community.program
    for post in Staff.objects.filter(provider=program.provider_id, is_active=True).select_related("person"):
        send(
            recipient=post.person,
            occasion=f"words-said:{words[0].pk}",
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
            list_key=f"program:{program.pk}:staff",
            list_name=program.name,
            sender_name=program.name,
            thread=f"membership-{membership.pk}",
            language=program.language,
            time_zone=program.time_zone,
        )
