"""Objects that people bring to a gallery, the walk past them, and who would like to hear more."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from coppice.activities import queries, wall
from coppice.activities.errors import NoSuchCard, NothingBrought, NotKnownHere, OwnCard, TooLong
from coppice.activities.models import LONGEST_STORY, Card, CardPhoto, Walk, Wish
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Participant, Step
from coppice.photos import actions as photos
from coppice.photos.renditions import Pictures
from coppice.profiles import actions as profiles
from coppice.profiles.models import OPEN_OFFERS, Audience, Expertise, Source
from coppice.programs.models import Enrollment, Topic

LONGEST_THING = 120
LONGEST_ALT = 200
MOST_TOPICS = 5


@transaction.atomic
def bring(
    step: Step,
    *,
    participant: Participant,
    round: int,
    thing: str,
    story: str,
    topics: Iterable[int],
    alt: str | None = None,
) -> Card:
    """Keep what a participant's object is and tells; sent again, it takes the place of what stood there.

    `alt` says what its photo shows, where there is one; None leaves that. `topics` are ids; those of another
    program are left out, and so are more than MOST_TOPICS. Raises NotBegun, NoLongerTaken, NothingBrought,
    TooLong.
    """
    _check(step, round)
    thing, story = one_line(thing)[:LONGEST_THING], "\n".join(story.strip().splitlines())
    if not thing:
        raise NothingBrought
    if len(story) > LONGEST_STORY:
        raise TooLong
    card = _held(step, participant)
    card.thing, card.story = thing, story
    _changed(card, "thing", "story")
    known = Topic.objects.filter(program=step.room.program_id, pk__in=list(topics))
    card.topics.set(known[:MOST_TOPICS])
    if alt is not None:
        photos.describe(CardPhoto, alt=one_line(alt)[:LONGEST_ALT], card=card)
    announce(step.room_id)
    return card


@transaction.atomic
def put_photo(step: Step, *, participant: Participant, pictures: Pictures, alt: str) -> CardPhoto:
    """Put a photo on a participant's card, in place of its last. Raises NotBegun, NoLongerTaken."""
    _check(step, 1)
    card = _held(step, participant)
    photo = photos.put(CardPhoto, pictures, alt=alt, card=card)
    _changed(card)
    announce(step.room_id)
    return photo


@transaction.atomic
def drop_photo(step: Step, *, participant: Participant) -> None:
    """Take the photo off a participant's card, at any time; it is deleted for good."""
    card = Card.objects.filter(step=step, participant=participant, is_second=False).first()
    if card is not None and photos.remove(CardPhoto, card=card):
        _changed(card)
        announce(step.room_id)


@transaction.atomic
def take_away(step: Step, *, participant: Participant, card_id: int = 0) -> None:
    """Delete a participant's card with its photo, at any time. What stands on their profile stays.

    `card_id` names it where they have several; without one it is the one that they change. One that is left
    is that one then.
    """
    own = Card.objects.filter(step=step, participant=participant)
    count, _rows = (own.filter(pk=card_id) if card_id else own.filter(is_second=False)).delete()
    if count:
        own.filter(pk__in=own.order_by("is_second", "pk").values("pk")[:1]).update(is_second=False)
        announce(step.room_id)


@transaction.atomic
def keep_both(guest: Participant, *, into: Participant) -> None:
    """See to it that a guest's cards can come to another place of the same person, where none is lost.

    What one wished of oneself by that, or from both places, is no wish, or one.
    """
    known = Card.objects.filter(participant=into).values("step")
    Card.objects.filter(participant=guest, step__in=known).update(is_second=True)
    Wish.objects.filter(participant=guest, card__participant=into).delete()
    Wish.objects.filter(participant=into, card__participant=guest).delete()
    for wish in Wish.objects.filter(participant=into):
        Wish.objects.filter(
            participant=guest, card=wish.card_id, step=wish.step_id, round=wish.round
        ).delete()


@transaction.atomic
def keep_on_profile(
    step: Step, *, participant: Participant, audience: str, offers_topics: bool
) -> Enrollment:
    """Put a participant's object, its story and its photo on their profile, because they ask for it.

    It takes the place of the object that is there; a card without a photo leaves the profile's. With
    `offers_topics` they also offer help with its topics, each seen by the same `audience`; one that they
    offer already stays as it is, and one that they took back stays off (`withdrawn_topics`).

    Raises NoSuchCard, NothingBrought for a photo without an object, NotKnownHere for a guest and for whoever
    is not on the program's roster, and TooMuchSaid.
    """
    own = Card.objects.select_for_update().filter(step=step, participant=participant, is_second=False)
    card = own.first()
    if card is None:
        raise NoSuchCard
    if not card.thing:
        raise NothingBrought
    enrollment = queries.enrollment_of(participant)
    if enrollment is None:
        raise NotKnownHere
    by = enrollment.person
    audience = audience if audience in Audience.values else Audience.STAFF
    profiles.change_profile(
        enrollment, by=by, object_name=card.thing, object_story=card.story, object_audience=audience
    )
    photo = wall.photo_of(card)
    if photo is not None:
        profiles.take_over_photo(enrollment, photo=photo, by=by)
    if offers_topics:
        _offer(enrollment, card, audience=audience)
    card.kept_at = timezone.now()
    _changed(card, "kept_at")
    announce(step.room_id)
    return enrollment


def withdrawn_topics(enrollment: Enrollment, card: Card) -> list[str]:
    """Return topics of a card that its owner offered and took back; keeping it brings none of them back."""
    keys = [_key(card, topic) for topic in card.topics.all()]
    ended = Expertise.objects.filter(enrollment=enrollment, source_key__in=keys)
    offered = Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS, topic__isnull=False)
    gone = ended.exclude(state__in=OPEN_OFFERS).exclude(topic__in=offered.values("topic"))
    return sorted(offer.topic_name for offer in gone.select_related("topic"))


@transaction.atomic
def set_hidden(step: Step, *, card_id: int, is_hidden: bool, by: Any) -> None:
    """Keep a card off every screen but the host's and its owner's, or hang it up again."""
    if Card.objects.filter(step=step, pk=card_id, is_hidden=not is_hidden).update(
        is_hidden=is_hidden, changes=F("changes") + 1
    ):
        room = step.room
        verb = "live_room.card_hidden" if is_hidden else "live_room.card_brought_back"
        record(verb, scope=room.program.scope, by=by, subject=room)
        announce(room.pk)


@transaction.atomic
def begin_walk(step: Step) -> Walk:
    """Let a round of the walk begin before the first card; one that goes on stays where it is."""
    walk = Walk.objects.filter(step=step, round=step.round).first()
    if walk is None:
        cards = wall.cards_to_walk(step)
        walk = Walk.objects.create(step=step, round=step.round, card=cards[0] if cards else None)
    return walk


@transaction.atomic
def go(step: Step, *, forth: bool) -> None:
    """Walk on to the next card, after the last to the whole wall; or back."""
    walk = begin_walk(step)
    places: list[Card | None] = [*wall.cards_to_walk(step), None]
    here = places.index(walk.card) if walk.card in places else len(places) - 1
    _stand(walk, places[min(here + 1, len(places) - 1) if forth else max(here - 1, 0)])


@transaction.atomic
def go_to(step: Step, *, card_id: int) -> None:
    """Walk to one card, or before the whole wall with 0. Raises NoSuchCard."""
    card = next((each for each in wall.cards_to_walk(step) if each.pk == card_id), None)
    if card is None and card_id:
        raise NoSuchCard
    _stand(begin_walk(step), card)


@transaction.atomic
def wish(step: Step, *, participant: Participant, round: int, card_id: int) -> None:
    """Note that a participant would like to hear more from whoever brought a card; twice is once.

    Raises NotBegun, NoLongerTaken, NoSuchCard, OwnCard.
    """
    _check(step, round)
    card = next((each for each in wall.cards_to_walk(step) if each.pk == card_id), None)
    if card is None:
        raise NoSuchCard
    if card.participant_id == participant.pk:
        raise OwnCard
    Wish.objects.get_or_create(step=step, round=round, card=card, participant=participant)
    announce(step.room_id)


@transaction.atomic
def unwish(step: Step, *, participant: Participant, round: int, card_id: int) -> None:
    """Take such a wish back, of whichever walk; one that was not there changes nothing.

    Raises NoLongerTaken, NotBegun.
    """
    _check(step, round)
    Wish.objects.filter(step=step, card=card_id, participant=participant).delete()
    announce(step.room_id)


def _check(step: Step, round: int) -> None:
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken


def _held(step: Step, participant: Participant) -> Card:
    """Return a participant's card, held until the transaction ends."""
    return Card.objects.select_for_update().get_or_create(
        step=step, participant=participant, is_second=False
    )[0]


def _changed(card: Card, *fields: str) -> None:
    card.changes += 1
    card.save(update_fields=[*fields, "changes"])


def _stand(walk: Walk, card: Card | None) -> None:
    if walk.card != card:
        walk.card = card
        walk.save(update_fields=["card"])
        announce(walk.step.room_id)


def _key(card: Card, topic: Topic) -> str:
    return f"gallery:{card.pk}:{topic.pk}"


def _offer(enrollment: Enrollment, card: Card, *, audience: str) -> None:
    offered = Expertise.objects.filter(enrollment=enrollment, state__in=OPEN_OFFERS)
    known = set(offered.values_list("topic", flat=True))
    for topic in card.topics.exclude(pk__in=known):
        profiles.offer_help(
            enrollment,
            by=enrollment.person,
            topic=topic,
            audience=audience,
            source=Source.ACTIVITY,
            source_key=_key(card, topic),
        )
