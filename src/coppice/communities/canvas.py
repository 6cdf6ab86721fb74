"""The priority canvas: which needs a community takes up first, and why. Plain values for its pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from coppice.communities.models import Community, Membership, Priority
from coppice.profiles.board import reach_of_community
from coppice.programs.models import Topic

MOST = 60
"""So many needs a canvas takes: more cannot be weighed against each other."""


@dataclass(frozen=True)
class CanvasRow:
    """One need with what it is ordered by.

    `wanted` is how many needs of its topic stand on the community's board. `score` is of 100: the mean of
    how much stronger the community is together (1 to 4), for a topic of `wanted`, and for what came by a vote
    of its dots, both as a share of the most on the canvas; None until the first question is answered.
    """

    priority: Priority
    wanted: int
    score: int | None


def canvas_of(community: Community, *, counts: Mapping[int, int] | None = None) -> list[CanvasRow]:
    """Return the needs of a canvas, the highest score first, those without one last; in two queries.

    `counts` is what `wanted_by_topic` returns, where it is known already.
    """
    priorities = list(community.priorities.on_the_canvas().select_related("topic"))
    counts = wanted_by_topic(community) if counts is None else counts
    wanted = {each.pk: counts.get(each.topic_id or 0, 0) for each in priorities}
    most_wanted, most_dots = (
        max(wanted.values(), default=0),
        max((each.dots for each in priorities), default=0),
    )
    rows = [
        CanvasRow(each, wanted[each.pk], score_of(each, wanted[each.pk], most_wanted, most_dots))
        for each in priorities
    ]
    return sorted(rows, key=lambda row: (row.score is None, -(row.score or 0), row.priority.pk))


def score_of(priority: Priority, wanted: int, most_wanted: int, most_dots: int) -> int | None:
    """Return a need's score of 100; see CanvasRow."""
    if priority.together is None:
        return None
    parts = [(priority.together - 1) / (len(Priority.Together) - 1)]
    if most_wanted and priority.topic_id:
        parts.append(wanted / most_wanted)
    if most_dots and priority.source_key:
        parts.append(priority.dots / most_dots)
    return round(100 * sum(parts) / len(parts))


def wanted_by_topic(community: Community) -> dict[int, int]:
    """Return how many needs of each topic (by id) its members share with the community."""
    people = Membership.objects.filter(community=community).taking_part().values("enrollment")
    needs = reach_of_community(community.program, people=people).needs().exclude(topic=None)
    return dict(needs.order_by().values_list("topic").annotate(Count("pk")))


def topics_not_yet(community: Community, *, counts: Mapping[int, int]) -> list[tuple[Topic, int]]:
    """Return topics of the program that are not on the canvas, with how many need them, most first."""
    here = community.priorities.on_the_canvas().exclude(topic=None).values("topic")
    topics = Topic.objects.filter(program=community.program_id).exclude(pk__in=here)
    return sorted(
        ((topic, counts.get(topic.pk, 0)) for topic in topics), key=lambda each: (-each[1], each[0].name)
    )


@dataclass(frozen=True)
class Suggested:
    """A need that came of something else: `key` names it for good, `how` is how one could act on it."""

    key: str
    need: str
    dots: int = 0
    how: str = ""


@dataclass(frozen=True)
class Source:
    """A list of needs of a community, such as the register of a live room, the first the most wanted."""

    key: str
    label: str
    needs: Sequence[Suggested]


type Sources = Callable[[Community], Iterable[Source]]

_sources: list[Sources] = []


def register_source(sources: Sources) -> None:
    """Let a canvas take over needs from a room above; called from the room's AppConfig.ready()."""
    _sources.append(sources)


def sources_of(community: Community) -> list[tuple[Source, int]]:
    """Return lists of needs with how many of each are not on the canvas (nor were taken off it) yet."""
    found = [source for sources in _sources for source in sources(community)]
    if not found:
        return []
    known: set[Any] = set(community.priorities.exclude(source_key="").values_list("source_key", flat=True))
    counted = ((source, sum(each.key not in known for each in source.needs)) for source in found)
    return [(source, new) for source, new in counted if new]
