"""What people said of a marketplace's topics as ranked wishes of a formation, before somebody takes it so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from coppice.formation.answers import INTEREST_POLL
from coppice.formation.interest_board import roots_of
from coppice.formation.models import Formation, Interest, Marketplace, OfferedTopic
from coppice.programs.models import Enrollment


@dataclass(frozen=True)
class PollWishes:
    """The wishes that came of one marketplace: topics by enrollment's id, what interests much first.

    `silent` are those who said only that topics do not interest them: they wish for nothing.
    """

    marketplace: Marketplace
    wishes: Mapping[int, Sequence[str]]
    silent: int

    @property
    def people(self) -> int:
        return len(self.wishes)

    @property
    def topics(self) -> list[str]:
        """The topics that somebody wishes for, each once, by name."""
        return sorted({topic for wished in self.wishes.values() for topic in wished}, key=str.casefold)


def polls_of(formation: Formation) -> list[PollWishes]:
    """Return the marketplaces of a formation's program of which anybody said anything, the latest first.

    In three queries, whatever there is.
    """
    marketplaces = {each.pk: each for each in formation.program.marketplaces.order_by("-pk")}
    rows = OfferedTopic.objects.filter(marketplace__in=marketplaces).order_by("pk")
    topics = list(rows.values_list("pk", "marketplace", "name", "merged_into", "hidden_at"))
    roots = roots_of({pk: into for pk, _board, _name, into, _hidden in topics})
    names = {pk: name for pk, _board, name, into, hidden in topics if into is None and hidden is None}
    boards = {pk: board for pk, board, *_rest in topics}
    said: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    told = Interest.objects.filter(topic__marketplace__in=marketplaces, enrollment__ended_at=None)
    for topic, enrollment, level in told.order_by("pk").values_list("topic", "enrollment", "level"):
        if (root := roots[topic]) in names:
            theirs = said[boards[root]][enrollment]
            theirs[root] = max(level, theirs.get(root, level))
    return [_wishes(each, said[pk], names) for pk, each in marketplaces.items() if pk in said]


def holders_of(formation: Formation) -> int:
    """Count the people of a formation's roster who hold wishes that were taken before."""
    rows = Enrollment.objects.current().filter(program=formation.program_id)
    return rows.filter(attributes__has_key=INTEREST_POLL).count()


def _wishes(
    marketplace: Marketplace, said: Mapping[int, Mapping[int, int]], names: Mapping[int, str]
) -> PollWishes:
    wishes = {
        enrollment: [
            names[topic] for topic in sorted(levels, key=lambda topic: _rank(enrollment, topic, levels))
        ]
        for enrollment, told in said.items()
        if (levels := {topic: level for topic, level in told.items() if level != Interest.Level.NO})
    }
    return PollWishes(marketplace, wishes, len(said) - len(wishes))


def _rank(enrollment: int, topic: int, levels: Mapping[int, int]) -> tuple[int, bytes]:
    """Much before perhaps; within a level each person's own order, so that no topic gains by its place."""
    return -levels[topic], blake2b(f"{enrollment}:{topic}".encode(), digest_size=8).digest()
