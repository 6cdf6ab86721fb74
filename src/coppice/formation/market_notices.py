"""What a marketplace writes: it is open, what is new, a place came free, a topic is thin or was changed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.formation.market_board import Card, Chooser
from coppice.formation.models import Choice, Marketplace, OfferedTopic
from coppice.live.models import Participant, Room
from coppice.notifications.actions import Letter, compose, send
from coppice.notifications.models import Message
from coppice.programs.wording import words_for


def opened_occasion(marketplace: Marketplace) -> str:
    """What the outbox calls the mail that a marketplace is open: one a person."""
    return f"marketplace-opened:{marketplace.pk}"


def digest_occasion(marketplace: Marketplace) -> str:
    """What the outbox calls the daily mail of a marketplace: one a person and day."""
    return f"marketplace-digest:{marketplace.pk}"


def thin_occasion(topic: OfferedTopic) -> str:
    """What the outbox calls the mail that a topic is thin: one a person and last day."""
    return f"topic-thin:{topic.pk}"


def own_page(chooser: Chooser) -> str:
    """Return the path of the page where this person chooses, without an account."""
    return reverse("formation:own_market", args=[chooser.token])


def opened(chooser: Chooser) -> Message | None:
    """Compose the mail that the marketplace is open, with the person's own link; asks no database."""
    return _composed(
        chooser,
        occasion=opened_occasion(chooser.marketplace),
        template="formation/email/market_opened",
        do_label=_("See the topics, and choose"),
    )


def digest(
    chooser: Chooser,
    *,
    day: str,
    names: Sequence[str],
    joined: int,
    waits: Sequence[tuple[str, int]],
    has_place: bool,
) -> Message | None:
    """Compose the daily mail: new topics, how many people joined one since, the person's own waits.

    `day` is the person's own date; `waits` are topics with the person's number on their lists. Asks no
    database.
    """
    return _composed(
        chooser,
        occasion=digest_occasion(chooser.marketplace),
        period=day,
        template="formation/email/market_digest",
        do_label=_("See the board, and choose"),
        names=names,
        joined=joined,
        waits=waits,
        has_place=has_place,
    )


def thin(chooser: Chooser, *, card: Card, near: Sequence[Card]) -> Message | None:
    """Compose the mail to the people of a topic that needs more; asks no database."""
    marketplace = chooser.marketplace
    return _composed(
        chooser,
        occasion=thin_occasion(card.topic),
        period=marketplace.closes_on.isoformat(),
        template="formation/email/topic_thin",
        do_label=_("See the board"),
        topic=card.topic.name,
        missing=card.missing,
        days=marketplace.days_left,
        near=[each.topic.name for each in near],
    )


def place_came_free(choice: Choice, *, left: str) -> Message | None:
    """Tell somebody who waited that they have a place now, and which one they left for it ("" for none)."""
    return _send(
        choice,
        occasion=f"topic-place:{choice.pk}",
        template="formation/email/topic_place",
        left=left,
    )


def topic_changed(choice: Choice, *, old_name: str) -> Message | None:
    """Tell somebody of a topic that its name is another, or that it is part of another one now."""
    return _send(
        choice,
        occasion=f"topic-changed:{choice.topic_id}",
        period=f"{timezone.now():%Y%m%d%H%M%S}",
        template="formation/email/topic_changed",
        old_name=old_name,
        is_waiting=choice.is_waiting,
    )


def told_of_places(choices: Iterable[int]) -> list[int]:
    """Return the ids of mails by which people were told that these choices are a place, not sent yet."""
    occasions = [f"topic-place:{each}" for each in choices]
    rows = Message.objects.filter(occasion__in=occasions, state=Message.State.WAITING)
    return list(rows.values_list("pk", flat=True))


def _send(
    choice: Choice, *, occasion: str, template: str, period: str = "", **context: Any
) -> Message | None:
    chooser = Chooser(choice.marketplace, choice.enrollment)
    if not chooser.address or _reads_it_in_a_room(chooser):
        return None
    context |= {"topic": choice.topic.name, "do_label": _("See your page")}
    letter = _letter(chooser, template, context)
    letter["period"], letter["list_key"] = period, ""  # about their own place: nobody misses it by muting
    return send(recipient=chooser.person, occasion=occasion, **letter)


def _reads_it_in_a_room(chooser: Chooser) -> bool:
    """Whether they have it on their phone already, in a live room that goes on."""
    here = Participant.objects.filter(
        person=chooser.person,
        room__market__marketplace=chooser.marketplace,
        room__state=Room.State.RUNNING,
    )
    return here.exclude(source=Participant.Source.PAPER).exists()


def _composed(
    chooser: Chooser, *, occasion: str, template: str, period: str = "", **context: Any
) -> Message | None:
    if not chooser.address:
        return None
    letter = _letter(chooser, template, context)
    letter["period"] = period
    return compose(recipient=chooser.person, occasion=occasion, **letter)


def _letter(chooser: Chooser, template: str, context: dict[str, Any]) -> Letter:
    marketplace, program = chooser.marketplace, chooser.program
    return {
        "template": template,
        "context": {
            "marketplace": marketplace,
            "program": program,
            "name": chooser.enrollment.name,
            "word": lambda: words_for(program).community,
            "do_path": own_page(chooser),
            "reason": format_lazy(
                _("You get this because you are on the roster of {name}."), name=program.name
            ),
            **context,
        },
        "to_address": chooser.address,
        "scope": program.scope,
        "list_key": marketplace.list_key,
        "list_name": marketplace.name,
        "sender_name": program.name,
        "thread": f"marketplace-{marketplace.pk}",
        "language": chooser.language,
        "time_zone": chooser.zone.key,
    }
