"""Needs and expertise side by side, topic by topic, as far as a reader may see them. Plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext, ngettext

from coppice.profiles.models import OPEN_NEEDS, OPEN_OFFERS, Audience, Expertise, Need
from coppice.programs.models import Program, Topic

SHOWN = 4
"""So many needs, and so many offers, of a topic stand on the board; the rest on the topic's own page."""

OWN_WORDS = 0
"""Stands for the topic of what people said in their own words alone: no topic has this id."""

SOONEST = (Need.Urgency.NOW, Need.Urgency.SOON, Need.Urgency.SOMETIME)
DEEPEST = (Expertise.Level.SHOWS, Expertise.Level.DOES, Expertise.Level.BEGUN)


@dataclass(frozen=True)
class Reach:
    """What one reader may see of a program's needs and offers.

    `people` narrows it to some rows of the roster (a queryset of their ids), such as those of a community.
    """

    program: Program
    audiences: Sequence[str]
    people: QuerySet[Any] | None = None

    @property
    def sees_all(self) -> bool:
        """Whether nothing that people of it say is hidden from this reader."""
        return Audience.STAFF in self.audiences

    def needs(self) -> QuerySet[Need]:
        """The needs that stand, those put first and the soonest before others."""
        rows = Need.objects.of_program(self.program).shown_to(*self.audiences).filter(state__in=OPEN_NEEDS)
        return self._of_people(rows).order_by(F("state").asc(), _rank("urgency", SOONEST), "pk")

    def offers(self) -> QuerySet[Expertise]:
        """The offers that stand, those who may be asked now and the deepest before others."""
        rows = Expertise.objects.of_program(self.program).shown_to(*self.audiences)
        rows = rows.filter(state__in=OPEN_OFFERS)
        return self._of_people(rows).order_by(F("state").asc(), _rank("level", DEEPEST), "pk")

    def _of_people(self, rows: Any) -> Any:
        return rows if self.people is None else rows.filter(enrollment__in=self.people)


IN_COMMUNITY = (Audience.COMMUNITIES, Audience.PROGRAM)
"""What members of one's communities see."""


def reach_of_staff(program: Program, *, people: QuerySet[Any] | None = None) -> Reach:
    """Return the reach of those who run the program: everything."""
    return Reach(program, Audience.values, people)


def reach_of_program(program: Program) -> Reach:
    """Return the reach of somebody in the program: what is shared with everybody there."""
    return Reach(program, (Audience.PROGRAM,))


def reach_of_community(program: Program, *, people: QuerySet[Any]) -> Reach:
    """Return the reach of a member of a community, whose `people` have these ids on the roster."""
    return Reach(program, IN_COMMUNITY, people)


@dataclass(frozen=True)
class TopicRow:
    """One topic: how many needs and offers there are, how deep they go, and the first of each.

    `asked` offers are of people who may be asked now; `levels` counts offers by level, the deepest first.
    """

    topic_id: int
    name: str
    needs: int = 0
    urgent: int = 0
    offers: int = 0
    asked: int = 0
    levels: tuple[tuple[str, int], ...] = ()
    first_needs: list[Need] = field(default_factory=list)
    first_offers: list[Expertise] = field(default_factory=list)
    most: int = 1

    @property
    def has_nobody(self) -> bool:
        """Whether somebody needs it and nobody may be asked; own words are of many things, so not there."""
        return bool(self.needs and not self.asked and self.topic_id != OWN_WORDS)

    @property
    def all_paused(self) -> bool:
        """Whether people offer help with it, and none of them may be asked at the moment."""
        return bool(self.offers and not self.asked)

    @property
    def more_needs(self) -> int:
        return self.needs - len(self.first_needs)

    @property
    def more_offers(self) -> int:
        return self.offers - len(self.first_offers)

    @property
    def depth(self) -> str:
        """How deep the offers go, in words: "2 can show others, 1 has tried it"."""
        return ", ".join(_counted(level, number) for level, number in self.levels if number)

    @property
    def need_width(self) -> int:
        """The length of the bar of needs, out of 100; the longest bar of the board is 100."""
        return round(100 * self.needs / self.most)

    @property
    def offer_width(self) -> int:
        return round(100 * self.offers / self.most)


def rows_of(reach: Reach) -> list[TopicRow]:
    """Return a row for each topic of the program, in three queries; without the needs and offers themselves.

    First what nobody offers help with, then what most people need. What people said in their own words alone
    comes last, where anybody did.
    """
    needs = {row["topic"] or OWN_WORDS: row for row in _counted_needs(reach)}
    offers = {row["topic"] or OWN_WORDS: row for row in _counted_offers(reach)}
    topics = [(topic.pk, topic.name) for topic in Topic.objects.filter(program=reach.program)]
    if OWN_WORDS in needs or OWN_WORDS in offers:
        topics.append((OWN_WORDS, gettext("In their own words")))
    most = max((row["all"] for row in (*needs.values(), *offers.values())), default=1)
    rows = [_row(pk, name, needs.get(pk, {}), offers.get(pk, {}), most) for pk, name in topics]
    return sorted(
        rows, key=lambda row: (row.topic_id == OWN_WORDS, not row.has_nobody, -row.needs, -row.offers)
    )


def with_people(rows: Sequence[TopicRow], reach: Reach) -> list[TopicRow]:
    """Return rows with the first needs and offers of each, and whose they are; in two queries."""
    topics = [row.topic_id for row in rows]
    needs, offers = _first(reach.needs(), topics), _first(reach.offers(), topics)
    return [
        TopicRow(
            **{
                **vars(row),
                "first_needs": [each for each in needs if (each.topic_id or OWN_WORDS) == row.topic_id],
                "first_offers": [each for each in offers if (each.topic_id or OWN_WORDS) == row.topic_id],
            }
        )
        for row in rows
    ]


def said_about(rows: Any, topic_id: int) -> Any:
    """Return those of some needs or offers that are about a topic, with whose they are."""
    about = rows.filter(topic=None) if topic_id == OWN_WORDS else rows.filter(topic=topic_id)
    return about.select_related("topic", "enrollment")


def finding_of(rows: Sequence[TopicRow], *, sees_all: bool) -> str:
    """Return in one sentence what the board says; of what is shared with the reader, unless they see all."""
    missing = [row.name for row in rows if row.has_nobody]
    if missing and sees_all:
        finding = ngettext(
            "One topic has a need and nobody who can be asked for help: %(topics)s.",
            "%(count)d topics have a need and nobody who can be asked for help: %(topics)s.",
            len(missing),
        )
    elif missing:
        finding = ngettext(
            "Of what is shared with you, one topic has a need and nobody who can be asked for help: "
            "%(topics)s.",
            "Of what is shared with you, %(count)d topics have a need and nobody who can be asked for help: "
            "%(topics)s.",
            len(missing),
        )
    elif not any(row.needs and row.topic_id != OWN_WORDS for row in rows):
        return ""
    elif sees_all:
        return gettext("Every topic that somebody needs has somebody who offers help.")
    else:
        return gettext("Every need about a topic that is shared with you has somebody who offers help.")
    return finding % {"count": len(missing), "topics": ", ".join(missing)}


def _order(row: TopicRow) -> tuple[object, ...]:
    return row.topic_id == OWN_WORDS, not row.has_nobody, -row.needs, -row.offers


def _counted(level: str, number: int) -> str:
    words = {
        Expertise.Level.SHOWS: ngettext("%(count)d can show others", "%(count)d can show others", number),
        Expertise.Level.DOES: ngettext("%(count)d does it often", "%(count)d do it often", number),
        Expertise.Level.BEGUN: ngettext("%(count)d has tried it", "%(count)d have tried it", number),
    }
    return words[Expertise.Level(level)] % {"count": number}


def _counted_needs(reach: Reach) -> Any:
    urgent = Count("pk", filter=Q(urgency=Need.Urgency.NOW))
    return reach.needs().order_by().values("topic").annotate(all=Count("pk"), urgent=urgent)


def _counted_offers(reach: Reach) -> Any:
    levels = {str(level): Count("pk", filter=Q(level=level)) for level in DEEPEST}
    asked = Count("pk", filter=Q(state=Expertise.State.OFFERED))
    return reach.offers().order_by().values("topic").annotate(all=Count("pk"), asked=asked, **levels)


def _row(pk: int, name: str, needs: dict[str, int], offers: dict[str, int], most: int) -> TopicRow:
    return TopicRow(
        topic_id=pk,
        name=name,
        needs=needs.get("all", 0),
        urgent=needs.get("urgent", 0),
        offers=offers.get("all", 0),
        asked=offers.get("asked", 0),
        levels=tuple((str(level), offers.get(str(level), 0)) for level in DEEPEST),
        most=most,
    )


def _first(rows: Any, topics: Sequence[int]) -> list[Any]:
    """The first few of each of some topics, with whose they are."""
    about = Q(topic__in=[pk for pk in topics if pk != OWN_WORDS])
    if OWN_WORDS in topics:
        about |= Q(topic=None)
    order = rows.query.order_by
    numbered = rows.filter(about).annotate(
        place=Window(RowNumber(), partition_by=F("topic"), order_by=list(order))
    )
    return list(numbered.filter(place__lte=SHOWN).select_related("topic", "enrollment"))


def _rank(name: str, values: Sequence[str]) -> Case:
    """The place of a column's value in an order of ours."""
    whens = (When(**{name: value}, then=Value(place)) for place, value in enumerate(values))
    return Case(*whens, default=Value(len(values)), output_field=IntegerField())
