"""What a roster offers to whoever sets rules: its fields, answers, names, topics and wishes for company."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from coppice.formation.answers import Answered, Reader, columns_in, guess, without_hours
from coppice.formation.aspects import Says
from coppice.formation.queries import roster_of
from coppice.formation.rules import Field, Kind, RosterRow, Rule, answers_of, fields_of, text
from coppice.formation.topics import Demand, demand_of
from coppice.programs.models import Enrollment, Program, Topic
from coppice.programs.rosters.headers import fold

LONGEST_TOPIC = 120
MOST_TOPICS = 40
MOST_PAIRS = 200
MOST_NAMED = 8
CLOSE = 0.8
MOST_COMPARED = 2_000


@dataclass(frozen=True)
class Company:
    """Two people (enrollments' ids, the smaller first) of whom one or both asked to be with or apart from."""

    kind: Kind
    first: int
    second: int
    both: bool
    names: tuple[str, str]

    @property
    def key(self) -> str:
        return f"{self.kind.value}-{self.first}-{self.second}"

    @property
    def rule(self) -> Rule:
        return Rule(self.kind, people=(self.first, self.second))


class Sight:
    """A program's roster, read once for a form: two queries, and one more for the program's topics.

    `columns` says what its columns say, where somebody chose that; else they are guessed.
    """

    def __init__(self, program: Program, *, columns: Mapping[str, Says] | None = None) -> None:
        self.program = program
        self.roster: Sequence[RosterRow] = roster_of(program.pk)
        self.chosen_columns = columns

    @cached_property
    def values(self) -> list[dict[str, list[str | float]]]:
        return [answers_of(row) for row in self.roster]

    @cached_property
    def fields(self) -> list[Field]:
        return fields_of(self.values)

    @cached_property
    def column_names(self) -> list[str]:
        return columns_in(self.roster)

    @cached_property
    def columns(self) -> Mapping[str, Says]:
        """What the columns say, as chosen or guessed."""
        return guess(self.roster) if self.chosen_columns is None else self.chosen_columns

    def correct(self, columns: Mapping[str, Says]) -> None:
        """Take what somebody says of the columns now; before anything else is read."""
        self.columns = {name: said for name, said in columns.items() if said != Says.VALUE}

    @cached_property
    def answered(self) -> list[Answered]:
        """What everybody answered, apart from hours, in the roster's order."""
        reader = Reader(without_hours(self.columns), zone=self.program.zone, on=self.program.award_starts)
        return [reader.read(row) for row in self.roster]

    @cached_property
    def demand(self) -> dict[str, Demand]:
        """The topics that can be offered: those asked for, the most wanted first, then the program's."""
        asked = {
            name: demand for name, demand in demand_of(self.answered).items() if len(name) <= LONGEST_TOPIC
        }
        spelled = {fold(name) for name in asked}
        own = Topic.objects.filter(program=self.program).values_list("name", flat=True)
        others = {name: Demand(0, 0) for name in own if fold(name) not in spelled}
        return dict(list({**asked, **others}.items())[:MOST_TOPICS])

    def has(self, said: Says) -> bool:
        """Say whether somebody answered this."""
        return said in self.columns.values()

    @cached_property
    def has_hours(self) -> bool:
        """Whether anybody gave hours that can be read."""
        if not (self.has(Says.FREE) or self.has(Says.BUSY)):
            return False
        reader = Reader(self.columns, zone=self.program.zone, on=self.program.award_starts)
        return any(reader.read(row).hours is not None for row in self.roster)

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """How many people gave each answer, by field."""
        found: dict[str, Counter[str]] = {}
        for each in self.values:
            for key, values in each.items():
                found.setdefault(key, Counter()).update(text(value) for value in values)
        return found

    def answer(self, field: str, typed: str) -> str | None:
        """Return an answer to a field as the roster spells it; None when nobody gave it."""
        known = {fold(value): value for value in self.counts.get(field, ())}
        return known.get(fold(typed)) if typed not in self.counts.get(field, ()) else typed

    def usual_answers(self, field: str) -> list[str]:
        """Return the most common answers to a field."""
        return [value for value, _count in self.counts.get(field, Counter[str]()).most_common(MOST_NAMED)]

    @cached_property
    def people(self) -> dict[str, list[int]]:
        """The enrollments' ids by folded name, those who came first in front."""
        found: dict[str, list[int]] = {}
        for row in self.roster:
            if row.name:
                found.setdefault(fold(row.name), []).append(row.pk)
        return found

    def people_called(self, typed: str) -> list[int]:
        """Return whom a name may mean (ids): everybody called so, or the one with a number behind the name.

        "Ana Ruiz" may be several people, "Ana Ruiz #12" is one.
        """
        known = self.people.get(fold(typed), [])
        if known:
            return known
        name, _mark, number = typed.rpartition("#")
        return [pk for pk in self.people.get(fold(name), []) if str(pk) == number.strip()]

    @cached_property
    def names(self) -> dict[int, str]:
        """Everybody's name by id; of people with one name, each with their number."""
        return {
            row.pk: f"{row.name} #{row.pk}" if len(self.people.get(fold(row.name), ())) > 1 else row.name
            for row in self.roster
        }

    def introduced(self, people: Sequence[int]) -> list[str]:
        """Return people of one name with what tells them apart: "Ana Ruiz #12 (Clinic, ana@clinic.org)"."""
        emails = dict(Enrollment.objects.filter(pk__in=people).values_list("pk", "email"))
        houses = {row.pk: [house.name for house in row.organizations] for row in self.roster}
        told = {pk: ", ".join(filter(None, [*houses[pk], emails.get(pk, "")])) for pk in people}
        return [f"{self.names[pk]} ({told[pk]})" if told[pk] else self.names[pk] for pk in people]

    def person_like(self, typed: str) -> str | None:
        """Return whom a name that is nobody's may mean."""
        if len(self.people) > MOST_COMPARED:
            return None
        close = get_close_matches(fold(typed), self.people, n=1, cutoff=CLOSE)
        return self.names[self.people[close[0]][0]] if close else None

    @cached_property
    def company(self) -> list[Company]:
        """Whom people asked to be with or apart from, those first of whom both asked."""
        asked = [
            *self._asked(Kind.PEOPLE_TOGETHER, (said.near for said in self.answered)),
            *self._asked(Kind.PEOPLE_APART, (said.away for said in self.answered)),
        ]
        return sorted(asked, key=lambda each: not each.both)[:MOST_PAIRS]

    def _asked(self, kind: Kind, named: Iterable[tuple[str, ...]]) -> Iterable[Company]:
        wanted: dict[tuple[int, int], set[int]] = {}
        for row, names in zip(self.roster, named, strict=True):
            for name in names:
                for other in self.people_called(name):
                    if other != row.pk:
                        pair = (min(row.pk, other), max(row.pk, other))
                        wanted.setdefault(pair, set()).add(row.pk)
        for (first, second), askers in wanted.items():
            both = len(askers) > 1
            yield Company(kind, first, second, both, (self.names[first], self.names[second]))
