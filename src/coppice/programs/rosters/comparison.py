"""What an import would do to each person: added, changed, left as they are, skipped; nothing is done here."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coppice.programs.rosters.cells import clean_phone
from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.identity import Identity, find
from coppice.programs.rosters.people import RosterRow, Value, is_empty
from coppice.programs.rosters.problems import RETURNS, SAME_PERSON, RowProblem

ORGANIZATIONS = "organizations"
SOMEBODY_ELSE = 0
"""The answer that a row is none of the people it may be; any other answer is one of their ids."""


class Action(TextChoices):
    ADD = "add", _("Added")
    CHANGE = "change", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    SKIP = "skip", _("Skipped")


@dataclass(frozen=True, slots=True, eq=False)
class KnownPerson:
    """A person on the roster already.

    `current` is what the roster says now and `imported` what was imported last time, both by the keys of
    `RosterRow.values`. `organizations` are the names of those they belong to now, `account_email` the address
    with which they sign in, which may differ from the roster's; who was taken off the roster `has_left`.
    """

    id: int
    current: Mapping[str, Value]
    imported: Mapping[str, Value] = field(default_factory=dict)
    organizations: tuple[str, ...] = ()
    account_email: str = ""
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value to be changed; `old` is None where nothing was said before."""

    field: str
    old: Value | None
    new: Value


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What is to become of one person of the file.

    `imported` is what to keep as last imported once the plan is carried out: the values of this file over
    those of earlier ones. It may differ from before, which is `has_news`, even when the person is unchanged.
    Somebody who was taken off the roster `returns` to it. `may_be` are the ids of people whom only another
    address tells apart from the row; while nobody has given the `answer`, the row is left out.
    """

    row: RosterRow
    action: Action
    person_id: int | None = None
    changes: tuple[FieldChange, ...] = ()
    imported: Mapping[str, Value] = field(default_factory=dict)
    has_news: bool = False
    returns: bool = False
    may_be: tuple[int, ...] = ()
    answer: int | None = None

    @property
    def reasons(self) -> tuple[RowProblem, ...]:
        """Why a row is skipped, and what to check about it."""
        asked = (SAME_PERSON,) if self.is_open else ()
        return (*self.row.problems, RETURNS) if self.returns else (*self.row.problems, *asked)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say first who this is."""
        return bool(self.may_be) and self.answer is None


def index_known(people: Iterable[KnownPerson]) -> dict[str, KnownPerson]:
    """Return people by every sign that finds them: what they are called now, then as last imported, then the
    address of their account.

    So a person who has changed their own email address is still found by the one in the file.
    """
    people = list(people)
    index: dict[str, KnownPerson] = {}
    for identify in (_current_identity, _imported_identity, _account_identity):
        for person in people:
            for sign in identify(person).signs():
                index.setdefault(sign, person)
    return index


def compare(
    rows: Sequence[RosterRow],
    existing: Mapping[str, KnownPerson],
    answers: Mapping[int, int] = MappingProxyType({}),
) -> list[RowPlan]:
    """Return a plan for each row, in order; `existing` is what `index_known` returned.

    A value is changed only if it differs both from what was imported last time and from what the roster says
    now: so a person's own corrections survive, the same file changes nothing and a corrected one updates.
    What a file does not say is never erased. Each known person is matched by one row at most.

    A row whose address nobody has, while the address of a namesake is gone from the file, may be that person
    when organization or phone is the same, or one of them tells no organization: `answers` say so by the
    number of the row's first line, with an id or SOMEBODY_ELSE. Without an answer nothing is done with it.
    """
    identities = {
        person: _current_identity(person) | _imported_identity(person) | _account_identity(person)
        for person in set(existing.values())
    }
    wanted = {place: row.identity for place, row in enumerate(rows) if not row.is_skipped}
    found: dict[int, KnownPerson] = {}
    taken: set[KnownPerson] = set()
    for strength in ("email:", "id:", ""):
        for place, identity in wanted.items():
            if place in found:
                continue
            known = find(identity, existing, identities, by=strength, without=taken)
            if known:
                found[place] = known
                taken.add(known)
    asked = _namesakes(rows, wanted, identities, without=(found, taken))
    plans = []
    for place, row in enumerate(rows):
        if place in asked:
            plans.append(_plan_as_answered(row, asked[place], answers.get(row.numbers[0]), taken))
        else:
            plans.append(_plan(row, found.get(place)))
    return plans


def _namesakes(
    rows: Sequence[RosterRow],
    wanted: Mapping[int, Identity],
    identities: Mapping[KnownPerson, Identity],
    *,
    without: tuple[Container[int], Container[KnownPerson]],
) -> dict[int, list[KnownPerson]]:
    """Return by place whom a row with a new address may be, among those on the roster whom no row found."""
    found, taken = without
    new = [place for place in wanted if place not in found and rows[place].email]
    if not new:
        return {}
    by_name: dict[str, list[KnownPerson]] = defaultdict(list)
    for person in sorted(identities, key=lambda person: person.id):
        if person not in taken and not person.has_left:
            for name in identities[person].names:
                by_name[name].append(person)
    asked = {}
    for place in new:
        namesakes = (person for name in wanted[place].names for person in by_name.get(name, ()))
        alike = [person for person in namesakes if wanted[place].is_alike(identities[person])]
        if alike:
            asked[place] = alike
    return asked


def _plan_as_answered(
    row: RosterRow, alike: Sequence[KnownPerson], answer: int | None, taken: set[KnownPerson]
) -> RowPlan:
    may_be = tuple(person.id for person in alike)
    if answer == SOMEBODY_ELSE:
        return replace(_plan(row, None), may_be=may_be, answer=answer)
    chosen = next((person for person in alike if person.id == answer and person not in taken), None)
    if chosen is None:
        return RowPlan(row, Action.SKIP, may_be=may_be)
    taken.add(chosen)
    return replace(_plan(row, chosen), may_be=may_be, answer=answer)


def _plan(row: RosterRow, known: KnownPerson | None) -> RowPlan:
    if row.is_skipped:
        return RowPlan(row, Action.SKIP)
    if known is None:
        return RowPlan(row, Action.ADD, imported=row.values())
    changes = tuple(_changes(row.values(), known))
    action = Action.CHANGE if changes or known.has_left else Action.UNCHANGED
    imported = {**known.imported, **row.values()}
    if imported == known.imported:
        return RowPlan(row, action, known.id, changes, known.imported, returns=known.has_left)
    return RowPlan(row, action, known.id, changes, imported, has_news=True, returns=known.has_left)


def _changes(said: Mapping[str, Value], known: KnownPerson) -> Iterator[FieldChange]:
    for key, value in said.items():
        if key == ORGANIZATIONS:
            yield from _organization_changes(value, known)
        elif value not in (known.imported.get(key), known.current.get(key)):
            old = known.current.get(key)
            yield FieldChange(key, None if is_empty(old) else old, value)


def _organization_changes(said: Value, known: KnownPerson) -> Iterator[FieldChange]:
    """Add what the file adds and end what it no longer says, but leave what was joined or left elsewhere."""
    new, now, before = (
        _by_fold(said),
        _by_fold(known.organizations),
        _by_fold(known.imported.get(ORGANIZATIONS)),
    )
    ended = before.keys() - new.keys()
    begun = new.keys() - before.keys() - now.keys()
    after = [name for key, name in now.items() if key not in ended] + [
        name for key, name in new.items() if key in begun
    ]
    if after != list(now.values()):
        yield FieldChange(ORGANIZATIONS, list(now.values()) or None, after)


def _by_fold(names: object) -> dict[str, str]:
    return {fold(name): name for name in names} if isinstance(names, list | tuple) else {}


def _current_identity(person: KnownPerson) -> Identity:
    return _identity(person.current, person.organizations)


def _imported_identity(person: KnownPerson) -> Identity:
    organizations = person.imported.get(ORGANIZATIONS, [])
    return _identity(person.imported, organizations if isinstance(organizations, list) else [])


def _account_identity(person: KnownPerson) -> Identity:
    return Identity.of(email=person.account_email)


def _identity(values: Mapping[str, Value], organizations: Iterable[str]) -> Identity:
    email, external_id, phone, name = (
        str(values.get(key) or "") for key in ("email", "external_id", "phone", "name")
    )
    return Identity.of(
        email=email,
        external_id=external_id,
        phone=clean_phone(phone) or phone,  # one typed by hand has spaces
        name=name,
        organizations=organizations,
    )
