"""People choose on a marketplace: a place, a move, a wait; who waits first is taken as soon as one leaves."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.formation import market_notices as notices
from coppice.formation.market_board import Chooser, places_left, promised_to
from coppice.formation.market_errors import (
    FullForGuests,
    MarketplaceIsOver,
    NotInTopic,
    NoWaitlist,
    TooManyWaits,
    TopicIsClosed,
    TopicIsFull,
    TopicIsGone,
    TopicIsThere,
)
from coppice.formation.models import Choice, Criterion, GuestWish, Marketplace, MarketRoom, OfferedTopic
from coppice.history.actions import record
from coppice.live.announcing import announce
from coppice.live.models import Participant, Room
from coppice.programs.models import Enrollment
from coppice.programs.rosters.headers import fold


@transaction.atomic
def join(chooser: Chooser, *, topic: OfferedTopic, by: Any, from_paper: bool = False) -> Choice:
    """Take a place in a topic, leaving the one before; whoever is in it already stays as they are.

    Two who want the last place at once: the second is told. Raises MarketplaceIsOver, TopicIsGone,
    TopicIsClosed and TopicIsFull, NoWaitlist where there are none.
    """
    marketplace, topic = held(chooser.marketplace, topic)
    mine = _mine(chooser, topic)
    if mine is not None and not mine.is_waiting:
        return mine
    if topic.is_closed:
        raise TopicIsClosed
    take_next(topic)
    mine = _mine(chooser, topic)
    if mine is not None and not mine.is_waiting:
        return mine
    if not _has_room(topic):
        raise TopicIsFull if marketplace.waits else NoWaitlist
    return _settle_in(marketplace, chooser.enrollment, topic, by=by, from_paper=from_paper)


@transaction.atomic
def wait(chooser: Chooser, *, topic: OfferedTopic, by: Any, from_paper: bool = False) -> Choice:
    """Wait for a place in a full topic, keeping the one that somebody has; a place that is free is theirs.

    Waiting already changes nothing. Raises MarketplaceIsOver, TopicIsGone, TopicIsClosed, TooManyWaits and
    NoWaitlist.
    """
    marketplace, topic = held(chooser.marketplace, topic)
    mine = _mine(chooser, topic)
    if mine is not None:
        return mine
    if topic.is_closed:
        raise TopicIsClosed
    take_next(topic)
    if _has_room(topic):
        return _settle_in(marketplace, chooser.enrollment, topic, by=by, from_paper=from_paper)
    if not marketplace.waits:
        raise NoWaitlist
    waits = Choice.objects.filter(marketplace=marketplace, enrollment=chooser.enrollment).waiting()
    if waits.count() >= marketplace.waits:
        raise TooManyWaits
    choice = Choice.objects.create(
        marketplace=marketplace,
        topic=topic,
        enrollment=chooser.enrollment,
        is_waiting=True,
        from_paper=from_paper,
    )
    note("topic.waited_for", topic, chooser.enrollment, by=by)
    return choice


@transaction.atomic
def wish_for(participant: Participant, marketplace: Marketplace, *, topic: OfferedTopic) -> GuestWish:
    """Keep a place in a topic for a guest of a live room, in place of the one that they chose before.

    Raises MarketplaceIsOver, TopicIsGone, TopicIsClosed, FullForGuests and NoWaitlist.
    """
    marketplace, topic = held(marketplace, topic)
    before = GuestWish.objects.filter(participant=participant).select_related("topic__marketplace").first()
    if before is not None and before.topic_id == topic.pk:
        return before
    if topic.is_closed:
        raise TopicIsClosed
    take_next(topic)
    if not _has_room(topic):
        raise FullForGuests if marketplace.waits else NoWaitlist
    if before is not None:
        give_wish_up(before)
    return GuestWish.objects.create(participant=participant, topic=topic)


@transaction.atomic
def give_wish_up(wish: GuestWish) -> None:
    """End what a guest chose; whoever waits longest has the place that was kept for them."""
    marketplace = held_marketplace(wish.topic.marketplace)
    wish.delete()
    topic = _topics(marketplace).filter(pk=wish.topic_id).first()
    if topic is not None and marketplace.is_open:
        take_next(topic)


@transaction.atomic
def grant(wish: GuestWish, chooser: Chooser, *, topic: OfferedTopic, by: Any) -> Choice:
    """Make what a guest chose a place of somebody of the roster, or a wait where none was kept for them.

    `topic` is what the one that they chose is part of by now. Raises as `wait`.
    """
    marketplace, topic = held(chooser.marketplace, topic)
    if topic.is_closed:
        raise TopicIsClosed
    wish.delete()
    if not _has_room(topic):
        return wait(chooser, topic=topic, by=by)
    return _settle_in(marketplace, chooser.enrollment, topic, by=by, from_paper=False)


@transaction.atomic
def leave(chooser: Chooser, *, topic: OfferedTopic, by: Any) -> None:
    """Give a place or a wait up; the next who waits is taken. Twice changes nothing.

    Raises MarketplaceIsOver and TopicIsGone.
    """
    _marketplace, topic = held(chooser.marketplace, topic)
    mine = _mine(chooser, topic)
    if mine is None:
        return
    mine.delete()
    note("topic.left", topic, chooser.enrollment, by=by)
    take_next(topic)


@transaction.atomic
def write_criterion(chooser: Chooser, *, topic: OfferedTopic, text: str, by: Any) -> Criterion:
    """Add a line of whom a topic is for, by somebody who has a place in it; the same line twice is one.

    Raises MarketplaceIsOver, TopicIsGone and NotInTopic.
    """
    _marketplace, topic = held(chooser.marketplace, topic)
    mine = _mine(chooser, topic)
    if mine is None or mine.is_waiting:
        raise NotInTopic
    criterion, is_new = Criterion.objects.get_or_create(
        topic=topic, written_by=chooser.enrollment, text=" ".join(text.split())
    )
    if is_new:
        note("topic.criterion_written", topic, chooser.enrollment, by=by)
    return criterion


@transaction.atomic
def take_criterion_back(chooser: Chooser, *, criterion_id: int, by: Any) -> None:
    """Take one's own line of whom a topic is for away. Raises MarketplaceIsOver."""
    marketplace = open_marketplace(chooser.marketplace)
    rows = Criterion.objects.filter(topic__marketplace=marketplace, written_by=chooser.enrollment)
    criterion = rows.filter(pk=criterion_id).select_related("topic__marketplace__program").first()
    if criterion is not None:
        criterion.delete()
        note("topic.criterion_taken_back", criterion.topic, chooser.enrollment, by=by)


@transaction.atomic
def let_go(enrollment: Enrollment, *, by: Any) -> None:
    """Give up what somebody who is no longer on the roster had on open marketplaces; the next are taken."""
    for choice in list(Choice.objects.filter(enrollment=enrollment).select_related("marketplace__program")):
        if choice.marketplace.is_open:
            give_up(choice)


@transaction.atomic
def fill_free_places(marketplace: Marketplace) -> int:
    """Take whoever waits for a place that is free by now; says how many. The clock does this.

    A place comes free without an action when somebody has themself erased or a guest is taken out of a room,
    and at the end of the last day where it was kept for a guest who did not become known.
    """
    marketplace = held_marketplace(marketplace)
    if marketplace.is_settled:
        return 0
    waited = _topics(marketplace).filter(pk__in=marketplace.choices.waiting().values("topic"))
    return sum(take_next(topic) for topic in list(waited))


def give_up(choice: Choice) -> None:
    """End a place or wait on an open marketplace, whatever became of its topic; the next is taken."""
    topic = _topics(choice.marketplace).filter(pk=choice.topic_id).first()
    choice.delete()
    tell_rooms(choice.marketplace)
    if topic is not None:  # nobody waits for a hidden one
        take_next(topic)


def take_next(topic: OfferedTopic) -> int:
    """Give the free places of an open topic to who waits longest; says how many people have moved.

    Each leaves the place that they had, whose topic then takes its own next, and ends their other waits, so
    that this comes to an end. The caller holds the marketplace.
    """
    moved, free = 0, [topic]
    while free:
        here = free.pop()
        waiting = here.choices.waiting().select_related("enrollment__person")
        while not here.is_closed and _has_room(here) and (choice := waiting.first()) is not None:
            left = _take(choice, here)
            moved += 1
            if left is not None:
                free.append(left)
    return moved


def held_marketplace(marketplace: Marketplace) -> Marketplace:
    """Return the marketplace as it is now, locked against changes by others until the transaction ends.

    Whoever holds it is about to change it: live rooms that show it hear of it.
    """
    rows = Marketplace.objects.select_for_update(of=("self",)).select_related("program__provider")
    tell_rooms(marketplace)
    return rows.get(pk=marketplace.pk)


def tell_rooms(marketplace: Marketplace) -> None:
    """Let the screens of every live room that shows this board be drawn anew, once the change is kept."""
    rooms = MarketRoom.objects.filter(marketplace=marketplace).exclude(room__state=Room.State.ENDED)
    for room_id in rooms.values_list("room", flat=True):
        announce(room_id)


def open_marketplace(marketplace: Marketplace) -> Marketplace:
    """Return the marketplace likewise, when people choose today; raises MarketplaceIsOver otherwise."""
    now = held_marketplace(marketplace)
    if not now.is_open:
        raise MarketplaceIsOver
    return now


def held(marketplace: Marketplace, topic: OfferedTopic) -> tuple[Marketplace, OfferedTopic]:
    """Return an open marketplace and its standing topic as they are now, locked.

    Raises MarketplaceIsOver and TopicIsGone.
    """
    marketplace = open_marketplace(marketplace)
    now = _topics(marketplace).filter(pk=topic.pk).first()
    if now is None:
        raise TopicIsGone
    now.marketplace = marketplace
    return marketplace, now


def require_new(marketplace: Marketplace, name: str, *, apart_from: OfferedTopic | None = None) -> None:
    """Raise TopicIsThere when another topic of the board has this name, also one that was taken off it."""
    others = marketplace.topics.filter(merged_into=None)
    if apart_from is not None:
        others = others.exclude(pk=apart_from.pk)
    if fold(name) in {fold(each) for each in others.values_list("name", flat=True)}:
        raise TopicIsThere


def choices_of(topic: OfferedTopic) -> list[Choice]:
    """Return who is in a topic or waits for it, the first to come first, with all that a mail needs."""
    rows = topic.choices.filter(enrollment__ended_at=None).select_related(
        "marketplace__program__provider", "enrollment__person", "topic"
    )
    return list(rows.order_by("since", "pk"))


def people_in(topic: OfferedTopic) -> int:
    """Count who has a place in a topic, and the guests for whom one is kept."""
    return int(topic.choices.places().count() + topic.guest_wishes.count())


def note(verb: str, topic: OfferedTopic, enrollment: Enrollment | None, *, by: Any) -> None:
    """Record that something happened to a topic, or to somebody in it."""
    record(
        verb,
        scope=topic.program.scope,
        by=by,
        subject=topic,
        about=enrollment.person if enrollment is not None else None,
    )


def _topics(marketplace: Marketplace) -> Any:
    return marketplace.topics.standing().select_related("marketplace__program__provider")


def _mine(chooser: Chooser, topic: OfferedTopic) -> Choice | None:
    return Choice.objects.filter(topic=topic, enrollment=chooser.enrollment).first()


def _has_room(topic: OfferedTopic) -> bool:
    people = topic.choices.places().count()
    guests = promised_to(topic, people=people, wishes=topic.guest_wishes.count())
    return places_left(topic, people=people, guests=guests) > 0


def _settle_in(
    marketplace: Marketplace, enrollment: Enrollment, topic: OfferedTopic, *, by: Any, from_paper: bool
) -> Choice:
    """Give somebody a place, whatever they had before; the place that they leave goes to its next."""
    left = _leave_place(marketplace, enrollment)
    Choice.objects.filter(topic=topic, enrollment=enrollment).delete()  # their wait for it
    choice = Choice.objects.create(
        marketplace=marketplace, topic=topic, enrollment=enrollment, from_paper=from_paper
    )
    note("topic.chosen", topic, enrollment, by=by)
    if left is not None:
        take_next(left)
    return choice


def _take(choice: Choice, topic: OfferedTopic) -> OfferedTopic | None:
    """Give a place to somebody who waits, and return the topic that they leave for it."""
    left = _leave_place(topic.marketplace, choice.enrollment)
    Choice.objects.filter(
        marketplace=topic.marketplace, enrollment=choice.enrollment, is_waiting=True
    ).exclude(pk=choice.pk).delete()
    choice.is_waiting, choice.since = False, timezone.now()
    choice.save(update_fields=["is_waiting", "since"])
    choice.topic, choice.marketplace = topic, topic.marketplace
    note("topic.place_came_free", topic, choice.enrollment, by=None)
    notices.place_came_free(choice, left=left.name if left else "")
    return left


def _leave_place(marketplace: Marketplace, enrollment: Enrollment) -> OfferedTopic | None:
    rows = Choice.objects.filter(marketplace=marketplace, enrollment=enrollment, is_waiting=False)
    before = rows.first()
    if before is None:
        return None
    before.delete()
    left: OfferedTopic | None = _topics(marketplace).filter(pk=before.topic_id).first()
    if left is not None:
        left.marketplace = marketplace
    return left
