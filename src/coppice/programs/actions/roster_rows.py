"""Carrying out the plans of an import: made ready outside the transaction, then written in bulk."""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import batched

from django.db.models.functions import Lower

from coppice.accounts.models import Person
from coppice.lib.bulk import Row, Rows
from coppice.programs.actions.organizations import Organizations
from coppice.programs.actions.people import contact_mode_for
from coppice.programs.models import Affiliation, Enrollment, Organization, Program
from coppice.programs.roster_reading import FIELDS, Place, Roster
from coppice.programs.rosters.comparison import ORGANIZATIONS, Action, RowPlan
from coppice.programs.rosters.people import ATTRIBUTE

AT_ONCE = 1000
CHANGED = [*FIELDS, "attributes", "imported", "contact_mode", "ended_at"]


@dataclass(slots=True)
class Writing:
    """What an import adds and changes, ready to be written; nothing in here is saved yet.

    Rows of `people` and `enrollments` belong together one by one, with the `emails` of the new ones beside
    them. A `place` is a row of `affiliations` whose enrollment (a new one by its number, else None) and
    organization get their ids only in writing. `enrolled` are the accounts on the roster already.
    """

    organizations: list[Organization] = field(default_factory=list)
    mended: list[Organization] = field(default_factory=list)
    people: Rows = field(default_factory=lambda: Rows(Person))
    enrollments: Rows = field(default_factory=lambda: Rows(Enrollment))
    emails: list[str] = field(default_factory=list)
    changed: Rows = field(default_factory=lambda: Rows(Enrollment, with_ids=True))
    addressed: list[tuple[int, str]] = field(default_factory=list)
    affiliations: Rows = field(default_factory=lambda: Rows(Affiliation))
    places: list[tuple[Row, int | None, Organization]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    leads: dict[bool, list[int]] = field(default_factory=lambda: {True: [], False: []})
    enrolled: Set[int] = frozenset()

    @property
    def total(self) -> int:
        """How many people are written."""
        return len(self.enrollments) + len(self.changed)


def prepare(program: Program, plans: Sequence[RowPlan], roster: Roster) -> Writing:
    """Make ready what the plans say of a roster read just now."""
    writing = Writing(enrolled=roster.enrolled)
    organizations = _organizations(writing, program, plans)
    for plan in plans:
        if plan.action == Action.ADD:
            _add(writing, program, plan, organizations)
    _change(writing, plans, roster, organizations)
    return writing


def write(writing: Writing, *, tell: Callable[[int], None]) -> None:
    """Write what is ready, in the caller's transaction; `tell(done)` with the people written so far.

    Whoever has an account by a new person's address keeps it, untouched.
    """
    Organization.objects.bulk_create(writing.organizations, batch_size=AT_ONCE)
    Organization.objects.bulk_update(writing.mended, ["area", "kind"], batch_size=AT_ONCE)
    _settle_accounts(writing)
    added = writing.enrollments.insert(tell=tell)
    writing.changed.replace(CHANGED, tell=lambda done: tell(len(added) + done))
    for ended in batched(writing.ended, AT_ONCE):
        Affiliation.objects.filter(pk__in=ended).delete()
    for row, newcomer, organization in writing.places:
        writing.affiliations.fill(row, "organization_id", organization.pk)
        if newcomer is not None:
            writing.affiliations.fill(row, "enrollment_id", added[newcomer])
    writing.affiliations.insert()
    for is_lead, affiliations in writing.leads.items():
        for some in batched(affiliations, AT_ONCE):
            Affiliation.objects.filter(pk__in=some).update(is_lead=is_lead)
    _give_addresses(writing.addressed)


def _organizations(writing: Writing, program: Program, plans: Iterable[RowPlan]) -> Organizations:
    """Return the organizations that the plans name, with the area and kind that the file gives them."""
    organizations = Organizations.of(program)
    mended: dict[int, Organization] = {}
    new: dict[int, Organization] = {}
    for plan in plans:
        for place in plan.row.organizations if plan.action != Action.SKIP else ():
            organization = organizations.named(place.name)
            before = (organization.area, organization.kind)
            organization.area = place.area[:120] or organization.area
            organization.kind = place.kind[:120] or organization.kind
            if organization.pk is None:
                new[id(organization)] = organization
            elif before != (organization.area, organization.kind):
                mended[organization.pk] = organization
    writing.organizations, writing.mended = list(new.values()), list(mended.values())
    return organizations


def _add(writing: Writing, program: Program, plan: RowPlan, organizations: Organizations) -> None:
    row = plan.row
    person = Person(
        email=row.email or None,
        name=row.name,
        phone=row.phone[:40],
        language=row.language,
        time_zone=row.time_zone,
        password="!",  # noqa: S106 - no password: they sign in by link
    )
    enrollment = Enrollment(
        program=program,
        person=person,
        name=row.name,
        contact_mode=contact_mode_for(email=row.email, phone=row.phone),
        attributes=dict(row.attributes),
        imported=dict(plan.imported),
        **{name: getattr(row, name) for name in FIELDS if name != "name"},
    )
    newcomer = len(writing.enrollments)
    writing.people.add(person)
    writing.enrollments.add(enrollment)
    writing.emails.append(row.email)
    names = [place.name for place in row.organizations]
    places = {id(found): found for found in map(organizations.named, names)}
    for organization in places.values():
        _begin(writing, Affiliation(is_lead=bool(row.is_leader)), organization, newcomer=newcomer)


def _begin(
    writing: Writing, affiliation: Affiliation, organization: Organization, *, newcomer: int | None = None
) -> None:
    """Let somebody belong to an organization."""
    writing.places.append((writing.affiliations.add(affiliation), newcomer, organization))


def _change(writing: Writing, plans: Iterable[RowPlan], roster: Roster, organizations: Organizations) -> None:
    """Make ready what changes about people known already, and what was last imported of them."""
    touched = (plan for plan in plans if plan.person_id and (plan.changes or plan.has_news or plan.returns))
    for some in batched(touched, AT_ONCE):
        known = Enrollment.objects.in_bulk([plan.person_id for plan in some])
        for plan in some:
            enrollment = known[plan.person_id or 0]
            _set_fields(enrollment, plan)
            _set_places(writing, enrollment, plan, roster.places.get(enrollment.pk, ()), organizations)
            writing.changed.add(enrollment)
            if any(change.field == "email" for change in plan.changes):
                writing.addressed.append((enrollment.person_id, enrollment.email))


def _set_fields(enrollment: Enrollment, plan: RowPlan) -> None:
    for change in plan.changes:
        if change.field.startswith(ATTRIBUTE):
            enrollment.attributes[change.field.removeprefix(ATTRIBUTE)] = change.new
        elif change.field in FIELDS:
            setattr(enrollment, change.field, change.new)
    enrollment.imported = dict(plan.imported)
    enrollment.ended_at = None
    changed = {change.field for change in plan.changes}
    if "email" in changed or ("phone" in changed and not enrollment.email):
        enrollment.contact_mode = contact_mode_for(email=enrollment.email, phone=enrollment.phone)


def _set_places(
    writing: Writing,
    enrollment: Enrollment,
    plan: RowPlan,
    places: Sequence[Place],
    organizations: Organizations,
) -> None:
    """Make ready which organizations begin and end for somebody, and whether they lead them."""
    said = {change.field: change.new for change in plan.changes}
    kept = {organization: affiliation for affiliation, _enrollment, organization, _leads in places}
    names = said.get(ORGANIZATIONS)
    if isinstance(names, list):
        named = {id(found): found for found in map(organizations.named, names)}
        wanted = {organization.pk for organization in named.values()}
        writing.ended += [affiliation for place, affiliation in kept.items() if place not in wanted]
        kept = {place: affiliation for place, affiliation in kept.items() if place in wanted}
        for organization in named.values():
            if organization.pk not in kept:
                leads = bool(plan.row.is_leader)
                _begin(writing, Affiliation(enrollment=enrollment, is_lead=leads), organization)
    if "is_leader" in said:
        writing.leads[bool(said["is_leader"])] += kept.values()


def _settle_accounts(writing: Writing) -> None:
    """Let new rows have the accounts that exist by their addresses, and make the others.

    An account that another row of this roster has already stays with that row.
    """
    accounts = _accounts(writing.emails)
    made, without = Rows(Person), []
    for email, person, enrollment in zip(
        writing.emails, writing.people.rows, writing.enrollments.rows, strict=True
    ):
        account = accounts.get(email)
        if account is None or account in writing.enrolled:
            if account is not None:
                made.fill(person, "email", None)
            made.rows.append(person)
            without.append(enrollment)
        else:
            writing.enrollments.fill(enrollment, "person_id", account)
    for enrollment, person_id in zip(without, made.insert(), strict=True):
        writing.enrollments.fill(enrollment, "person_id", person_id)


def _give_addresses(addressed: Sequence[tuple[int, str]]) -> None:
    """An account without an address takes the one that the roster now knows, unless somebody has it."""
    accounts = _accounts([email for _person, email in addressed])
    for some in batched(addressed, AT_ONCE):
        unreachable = Person.objects.filter(email=None).in_bulk([person for person, _email in some])
        given = []
        for person_id, email in some:
            person = unreachable.get(person_id)
            if person is not None and email not in accounts:
                person.email = email
                given.append(person)
        Person.objects.bulk_update(given, ["email"], batch_size=200)


def _accounts(emails: Iterable[str]) -> dict[str, int]:
    """Return the accounts that have these addresses (in lower case), by address."""
    known = Person.objects.annotate(lower_email=Lower("email"))
    found: dict[str, int] = {}
    for some in batched(filter(None, emails), AT_ONCE):
        found |= known.filter(lower_email__in=some).values_list("lower_email", "pk")
    return found
