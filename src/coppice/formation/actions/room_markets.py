"""A marketplace in a live room: the board that it has, what people do there, and going on with it online."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from coppice.formation.actions.market_choices import (
    give_up,
    give_wish_up,
    grant,
    leave,
    open_marketplace,
    tell_rooms,
    wait,
    wish_for,
)
from coppice.formation.actions.marketplaces import change_marketplace, offer, put_up
from coppice.formation.agendas import topic_marketplace
from coppice.formation.market_errors import AlreadySettled, StaffOffer, TooManyInside
from coppice.formation.models import Choice, EveningTopic, GuestWish, Marketplace, MarketRoom, OfferedTopic
from coppice.formation.room_board import chooser_in, market_in, stood_in, terms_of
from coppice.history.actions import record
from coppice.lib.errors import DomainError
from coppice.lib.jobs import after_commit
from coppice.live.actions import rooms
from coppice.live.kinds import with_what_is_kept
from coppice.live.models import Participant, Room, Step


@transaction.atomic
def open_room(marketplace: Marketplace, *, by: Any, title: str = "") -> Room:
    """Open a live room of the program with the steps of a marketplace, at which people choose on this board.

    It is called as the board where there is no title.

    Raises MarketplaceIsOver, and NoCodeLeft as any new room.
    """
    marketplace = open_marketplace(marketplace)
    program = marketplace.program
    with translation.override(program.language):
        steps = topic_marketplace()
    room = rooms.create(program, title=title or marketplace.name, by=by, steps=steps)
    MarketRoom.objects.create(room=room, marketplace=marketplace)
    return room


@transaction.atomic
def prepare(step: Step) -> None:
    """See to it that the room of a step that begins has a board, with the sizes that its steps say.

    A room of the whole program, which its staff host, gets one of its own the first time, open for as many
    days as its step says; nobody is written to. One of a single community gets none. Sizes are changed only
    when the steps were, so that what the staff change on the board stays; where they would put somebody out
    of a topic, or a round was made of the board, it stays as it is.
    """
    room = step.room
    link = market_in(room)
    terms = terms_of(room)
    days = terms.pop("days")
    if link is None:
        if room.community_id is None:
            MarketRoom.objects.create(room=room, marketplace=_new_board(room, days, terms), terms=terms)
    elif link.terms and link.terms != terms:
        try:
            change_marketplace(link.marketplace, by=room.created_by, **terms)
        except (AlreadySettled, TooManyInside):
            return  # before anything was written
        link.terms = terms
        link.save(update_fields=["terms"])


@transaction.atomic
def keep_evening(step: Step) -> None:
    """Keep the topics of a room's board as they stand now that it ends; twice keeps the first."""
    link = market_in(step.room)
    if link is None or link.evening_topics.exists():
        return
    [step] = with_what_is_kept([step])
    EveningTopic.objects.bulk_create(EveningTopic(market_room=link, **vars(each)) for each in stood_in(step))


@transaction.atomic
def offer_in_room(
    marketplace: Marketplace, participant: Participant, *, name: str, why: str, leads: bool
) -> OfferedTopic:
    """Put a topic up from a phone, with its first place; a guest has the place when they are known.

    Raises MarketplaceIsOver, StaffOffer and TopicIsThere.
    """
    chooser = chooser_in(marketplace, participant)
    if chooser is not None:
        return offer(chooser, name=name, why=why, leads=leads, by=participant.person)
    if not marketplace.everybody_offers:
        raise StaffOffer
    topic = put_up(marketplace, name=name, why=why, by=None)
    topic.guest, topic.offerer_leads = participant, leads
    topic.save(update_fields=["guest", "offerer_leads"])
    wish_for(participant, marketplace, topic=topic)
    return topic


@transaction.atomic
def choose_in_room(marketplace: Marketplace, participant: Participant, *, topic: OfferedTopic) -> None:
    """Take a place in a topic, or wait when it is full; a guest's is kept for them until they are known.

    Raises MarketplaceIsOver, TopicIsGone, TopicIsClosed, TooManyWaits, NoWaitlist, and of a guest
    FullForGuests.
    """
    chooser = chooser_in(marketplace, participant)
    if chooser is None:
        wish_for(participant, marketplace, topic=topic)
        return
    on_paper = participant.source == Participant.Source.PAPER
    wait(chooser, topic=topic, by=participant.person, from_paper=on_paper)


@transaction.atomic
def leave_in_room(marketplace: Marketplace, participant: Participant, *, topic: OfferedTopic) -> None:
    """Give a place, a wait or a guest's choice up. Raises MarketplaceIsOver and TopicIsGone."""
    chooser = chooser_in(marketplace, participant)
    if chooser is None:
        open_marketplace(marketplace)
        for wish in GuestWish.objects.filter(participant=participant, topic=topic).select_related("topic"):
            give_wish_up(wish)
        return
    leave(chooser, topic=topic, by=participant.person)


@transaction.atomic
def grant_wish(participant: Participant) -> None:
    """Make what somebody offered and chose as a guest theirs: a place or wait, unless they have a place.

    What cannot be granted, because the time is over or nobody else comes in, stays a wish.
    """
    for topic in OfferedTopic.objects.filter(guest=participant, offered_by=None).select_related(
        "marketplace"
    ):
        offerer = chooser_in(topic.marketplace, participant)
        topic.offered_by = offerer.enrollment if offerer else None
        topic.save(update_fields=["offered_by"])
    wish = GuestWish.objects.filter(participant=participant).select_related("topic__marketplace").first()
    chooser = chooser_in(wish.topic.marketplace, participant) if wish else None
    if wish is None or chooser is None:
        return
    try:
        with transaction.atomic():
            topic, has = _standing(wish.topic), Choice.objects.filter(enrollment=chooser.enrollment)
            if (
                has.places().filter(marketplace=chooser.marketplace).exists()
                or has.filter(topic=topic).exists()
            ):
                give_wish_up(wish)
            else:
                choice = grant(wish, chooser, topic=topic, by=participant.person)
                choice.guest = participant
                choice.save(update_fields=["guest"])
    except DomainError:
        tell_rooms(wish.topic.marketplace)


@transaction.atomic
def take_wish_back(participant: Participant, *, person: Any) -> None:
    """Make what became this person's by `grant_wish` a guest's again: the topics offered, and the choice.

    The place or wait is given up while people choose; afterwards it stays the person's. A place is kept for
    the guest; for a wait there is none to keep.
    """
    OfferedTopic.objects.filter(guest=participant, offered_by__person=person).update(offered_by=None)
    rows = Choice.objects.filter(guest=participant, enrollment__person=person)
    for choice in list(rows.select_related("marketplace__program__provider", "topic")):
        if choice.marketplace.is_open:
            if not choice.is_waiting:
                GuestWish.objects.update_or_create(participant=participant, defaults={"topic": choice.topic})
            give_up(choice)


@transaction.atomic
def go_online(marketplace: Marketplace, *, by: Any) -> Marketplace:
    """Let people choose online as well: everybody on the roster whom mail reaches gets their link, once.

    Twice changes nothing. Raises MarketplaceIsOver.
    """
    marketplace = open_marketplace(marketplace)
    if not marketplace.is_online:
        marketplace.is_online = True
        marketplace.save(update_fields=["is_online"])
        record("marketplace.went_online", scope=marketplace.program.scope, by=by, subject=marketplace)
        after_commit("coppice.formation.tasks.tell_of_marketplace", marketplace_id=marketplace.pk)
    return marketplace


def _standing(topic: OfferedTopic) -> OfferedTopic:
    """Return the topic that this one became part of, however often; else itself."""
    while topic.merged_into is not None:
        topic = topic.merged_into
    return topic


def _new_board(room: Room, days: int, terms: dict[str, int]) -> Marketplace:
    marketplace = Marketplace(
        program=room.program, name=room.title, is_online=False, opened_by=room.created_by, **terms
    )
    marketplace.closes_on = marketplace.today + timedelta(days=days)
    marketplace.save()
    record("marketplace.opened", scope=room.program.scope, by=room.created_by, subject=marketplace)
    return marketplace
