"""What would come of a marketplace if it were settled now: which topics stay, and who has no place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from coppice.formation.market_board import Card, nearest_with_room
from coppice.formation.market_errors import DoesNotHold, NobodyChose
from coppice.formation.models import Choice, Criterion, Marketplace, OfferedTopic
from coppice.programs.models import Enrollment


class Fate(models.TextChoices):
    """What becomes of a topic that has too few people; the third is to go into another, by its id."""

    DROP = "drop", _("Drop it: its people get a place later")
    KEEP = "keep", _("Keep it, though it is small")


@dataclass(frozen=True)
class Group:
    """One community that would come of it: its topic, its people, and the topics that went into it."""

    card: Card
    people: tuple[Enrollment, ...]
    joined_by: tuple[OfferedTopic, ...]
    leader: Enrollment | None

    @property
    def room(self) -> int:
        return max(0, self.card.maximum - len(self.people))


@dataclass(frozen=True)
class Outlook:
    """The communities that would be, the topics that would be dropped, and how many people have no place."""

    groups: tuple[Group, ...]
    dropped: tuple[Card, ...]
    people: int
    placed: int

    @property
    def unplaced(self) -> int:
        return self.people - self.placed

    @property
    def room(self) -> int:
        """Places that stay free in all."""
        return sum(group.room for group in self.groups)


def thin_cards(cards: Iterable[Card]) -> list[Card]:
    """Return the topics whose fate has to be decided: they have people, and too few."""
    return [card for card in cards if card.people and card.is_thin]


def targets_for(card: Card, cards: Iterable[Card]) -> list[Card]:
    """Return the topics that all people of a thin one fit into, the nearest first."""
    without_guests = [replace(each, guests=0) for each in cards]  # nobody whom the roster does not know
    able = [each for each in without_guests if each.room >= card.people]
    return nearest_with_room(card, able, most=len(able))


def outlook_of(marketplace: Marketplace, cards: Iterable[Card], fates: Mapping[int, str]) -> Outlook:
    """Return what would come of it, in two queries.

    `fates` says of thin topics (by id) "keep", "drop" or the id of the topic that they go into; without a
    word they are dropped. Raises DoesNotHold when topics together have too many people for another, or one
    is to go into a topic that does not stay, and NobodyChose when no topic stays.
    """
    cards = list(cards)
    by_id = {card.topic.pk: card for card in cards}
    goes_to = {card.topic.pk: _goal(card, fates) for card in cards if card.people}
    staying = [pk for pk, goal in goes_to.items() if goal == pk]
    if any(goal is not None and goal not in staying for goal in goes_to.values()):
        raise DoesNotHold
    if not staying:
        raise NobodyChose
    people: dict[int, list[Enrollment]] = {pk: [] for pk in staying}
    placed = 0
    for choice in _places(marketplace):
        goal = goes_to.get(choice.topic_id)
        if goal is not None:
            people[goal].append(choice.enrollment)
            placed += 1
    groups = []
    for pk in staying:
        card, here = by_id[pk], people[pk]
        joined_by = tuple(by_id[other].topic for other, goal in goes_to.items() if goal == pk != other)
        if joined_by and len(here) > card.maximum:
            raise DoesNotHold
        groups.append(Group(card, tuple(here), joined_by, _leader(card, here)))
    return Outlook(
        groups=tuple(groups),
        dropped=tuple(card for card in cards if goes_to.get(card.topic.pk) is None),
        people=Enrollment.objects.current().filter(program=marketplace.program_id).count(),
        placed=placed,
    )


def purpose_of(group: Group, criteria: Mapping[int, Iterable[Criterion]], *, heading: str) -> str:
    """Return the purpose that a community begins with: why it was put up, and whom its people want in it."""
    lines = [
        criterion.text
        for topic in (group.card.topic, *group.joined_by)
        for criterion in criteria.get(topic.pk, ())
    ]
    said = [group.card.topic.why] if group.card.topic.why else []
    if lines:
        said.append("\n".join([heading, *(f"- {line}" for line in dict.fromkeys(lines))]))
    return "\n\n".join(said)


def _goal(card: Card, fates: Mapping[int, str]) -> int | None:
    """The topic's id in which its people would be; None for nowhere."""
    if not card.is_thin:
        return card.topic.pk
    fate = fates.get(card.topic.pk, Fate.DROP.value)
    if fate == Fate.DROP:
        return None
    return card.topic.pk if fate == Fate.KEEP else int(fate)


def _places(marketplace: Marketplace) -> Iterable[Choice]:
    return marketplace.choices.places().select_related("enrollment").order_by("since", "pk")


def _leader(card: Card, people: Iterable[Enrollment]) -> Enrollment | None:
    """Who offered it, when they said that they would lead it and are still in it."""
    if not card.topic.offerer_leads:
        return None
    return next((each for each in people if each.pk == card.topic.offered_by_id), None)
