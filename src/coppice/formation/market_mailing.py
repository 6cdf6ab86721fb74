"""Whom a marketplace writes to today: the opening, the daily mail, and a word to thin topics."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Max
from django.utils import timezone

from coppice.formation import market_notices as notices
from coppice.formation.market_board import Card, Chooser, cards_of, nearest_with_room
from coppice.formation.models import Choice, Marketplace
from coppice.notifications.models import Message, Mute
from coppice.programs.models import Enrollment

MORNING = range(7, 12)
"""The hours by somebody's own clock in which the daily mail is written."""
LAST_DAYS = (1, 2)
"""So many days before the last one the people of a thin topic are told."""


@dataclass(frozen=True)
class Board:
    """A marketplace with everything that its mails tell, read once for all people."""

    marketplace: Marketplace
    cards: Sequence[Card]
    choices: Sequence[Choice]

    def news_for(self, chooser: Chooser, since: datetime) -> tuple[list[str], int]:
        """Return the topics put up since a moment, and how many others took a place since."""
        names = [card.topic.name for card in self.cards if card.topic.offered_at > since]
        own = self._placed_at.get(chooser.enrollment.pk)
        joined = len(self._joined_at) - bisect_right(self._joined_at, since)
        return names, joined - (own is not None and own > since)

    def waits_of(self, enrollment_id: int) -> list[tuple[str, int]]:
        """Return the topics that somebody waits for, each with their number on its list."""
        return self._waits.get(enrollment_id, [])

    @cached_property
    def _placed_at(self) -> dict[int, datetime]:
        return {each.enrollment_id: each.since for each in self.choices if not each.is_waiting}

    @cached_property
    def _joined_at(self) -> list[datetime]:
        return sorted(self._placed_at.values())

    @cached_property
    def _waits(self) -> dict[int, list[tuple[str, int]]]:
        names = {card.topic.pk: card.topic.name for card in self.cards}
        numbers, found = Counter[int](), dict[int, list[tuple[str, int]]]()
        for each in self.choices:
            if each.is_waiting:
                numbers[each.topic_id] += 1
                number = (names[each.topic_id], numbers[each.topic_id])
                found.setdefault(each.enrollment_id, []).append(number)
        return found


def openings(marketplace: Marketplace) -> list[Message]:
    """Compose the first mail for everybody on the roster who has not had it; writes nothing."""
    known = set(
        Message.objects.filter(occasion=notices.opened_occasion(marketplace)).values_list(
            "recipient", flat=True
        )
    )
    people = _reached(marketplace)
    return _there(notices.opened(each) for each in people if each.person.pk not in known)


def digests(marketplace: Marketplace, *, at: datetime | None = None) -> list[Message]:
    """Compose the daily mail for whoever has no place, or waits: in their morning, and if anything is new.

    New is a topic, somebody who took a place since the last mail, or that today is the last day. Nobody gets
    two mails of a marketplace on one of their days.
    """
    now = at or timezone.now()
    board = _board(marketplace)
    occasions = (notices.opened_occasion(marketplace), notices.digest_occasion(marketplace))
    told = Message.objects.filter(occasion__in=occasions).values("recipient")
    last = dict(told.annotate(last=Max("created_at")).order_by().values_list("recipient", "last"))
    placed = {each.enrollment_id for each in board.choices if not each.is_waiting}
    waiting = {each.enrollment_id for each in board.choices if each.is_waiting}
    found = []
    for chooser in _reached(marketplace):
        key = chooser.enrollment.pk
        since = last.get(chooser.person.pk)
        if since is None or (key in placed and key not in waiting):
            continue
        here = now.astimezone(chooser.zone)
        if here.hour not in MORNING or since.astimezone(here.tzinfo).date() >= here.date():
            continue
        names, joined = board.news_for(chooser, since)
        if names or joined or marketplace.days_left == 0:
            found.append(
                notices.digest(
                    chooser,
                    day=here.date().isoformat(),
                    names=names,
                    joined=joined,
                    waits=board.waits_of(key),
                    has_place=key in placed,
                )
            )
    return _there(found)


def warnings(marketplace: Marketplace) -> list[Message]:
    """Compose the word to the people of thin topics, two days before the last one, once each."""
    if marketplace.days_left not in LAST_DAYS:
        return []
    board = _board(marketplace)
    thin = [card for card in board.cards if card.people and card.is_thin and not card.topic.is_closed]
    occasions = {notices.thin_occasion(card.topic): card for card in thin}
    known = set(
        Message.objects.filter(occasion__in=occasions, period=marketplace.closes_on.isoformat()).values_list(
            "recipient", "occasion"
        )
    )
    reached = {each.enrollment.pk: each for each in _reached(marketplace)}
    found = []
    for occasion, card in occasions.items():
        near = nearest_with_room(card, board.cards)
        for choice in board.choices:
            chooser = reached.get(choice.enrollment_id)
            if choice.topic_id != card.topic.pk or choice.is_waiting or chooser is None:
                continue
            if (chooser.person.pk, occasion) not in known:
                found.append(notices.thin(chooser, card=card, near=near))
    return _there(found)


def _board(marketplace: Marketplace) -> Board:
    choices = marketplace.choices.filter(enrollment__ended_at=None, topic__hidden_at=None)
    return Board(marketplace, cards_of(marketplace), list(choices.order_by("since", "pk")))


def _reached(marketplace: Marketplace) -> list[Chooser]:
    """Everybody on the roster whom mail reaches, and who did not stop this marketplace's mail."""
    muted = Mute.objects.current().filter(list_key=marketplace.list_key).values("person")
    rows = (
        Enrollment.objects.current()
        .filter(program=marketplace.program_id)
        .exclude(person__in=muted)
        .select_related("person")
        .order_by("pk")
    )
    return [chooser for row in rows if (chooser := Chooser(marketplace, row)).address]


def _there(messages: Iterable[Message | None]) -> list[Message]:
    return [message for message in messages if message is not None]
