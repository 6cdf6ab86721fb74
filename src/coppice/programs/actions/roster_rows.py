"""Carrying out the plans of an import: many rows at once, in the caller's transaction."""

from collections.abc import Callable, Iterator, Sequence

from django.db.models.functions import Lower

from coppice.accounts.models import Person
from coppice.programs.actions.people import contact_mode_for
from coppice.programs.models import Affiliation, Enrollment, Organization, Program
from coppice.programs.roster_reading import FIELDS
from coppice.programs.rosters.comparison import Action, RowPlan
from coppice.programs.rosters.people import ATTRIBUTE, RosterOrganization

AT_ONCE = 1000


def carry_out(program: Program, plans: Sequence[RowPlan], *, tell: Callable[[int], None]) -> None:
    """Write what the plans say, a thousand people at a time; `tell(done)` after each."""
    organizations = _organizations(program, plans)
    done = 0
    for some in _chunks(plans):
        _add(program, [plan for plan in some if plan.action == Action.ADD], organizations)
        _change([plan for plan in some if plan.action in (Action.CHANGE, Action.UNCHANGED)], organizations)
        done += len(some)
        tell(done)


def _chunks(plans: Sequence[RowPlan]) -> Iterator[Sequence[RowPlan]]:
    for start in range(0, len(plans), AT_ONCE):
        yield plans[start : start + AT_ONCE]


def _organizations(program: Program, plans: Sequence[RowPlan]) -> dict[str, Organization]:
    """Return the program's organizations by name, with those that the file brings."""
    named: dict[str, RosterOrganization] = {}
    for plan in plans:
        if plan.action != Action.SKIP:
            for place in plan.row.organizations:
                before = named.get(place.name, place)
                named[place.name] = RosterOrganization(
                    place.name, place.area or before.area, place.kind or before.kind
                )
    known = {organization.name: organization for organization in program.organizations.all()}
    Organization.objects.bulk_create(
        [
            Organization(program=program, name=place.name, area=place.area[:120], kind=place.kind[:120])
            for name, place in named.items()
            if name not in known
        ],
        batch_size=AT_ONCE,
    )
    mended = []
    for name, place in named.items():
        organization = known.get(name)
        if organization and (
            (place.area and place.area != organization.area)
            or (place.kind and place.kind != organization.kind)
        ):
            organization.area = place.area[:120] or organization.area
            organization.kind = place.kind[:120] or organization.kind
            mended.append(organization)
    Organization.objects.bulk_update(mended, ["area", "kind"], batch_size=AT_ONCE)
    return {organization.name: organization for organization in program.organizations.all()}


def _add(program: Program, plans: Sequence[RowPlan], organizations: dict[str, Organization]) -> None:
    """Put new people on the roster; whoever has an account by that address keeps it, untouched."""
    emails = [plan.row.email for plan in plans if plan.row.email]
    known = {
        person.lower_email: person
        for person in Person.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=emails)
    }
    people = [
        known.get(plan.row.email)
        or Person(
            email=plan.row.email or None,
            name=plan.row.name,
            phone=plan.row.phone[:40],
            language=plan.row.language,
            time_zone=plan.row.time_zone,
            password="!",  # noqa: S106 - no password: they sign in by link
        )
        for plan in plans
    ]
    Person.objects.bulk_create([person for person in people if person.pk is None], batch_size=AT_ONCE)
    enrollments = [
        Enrollment(
            program=program,
            person=person,
            name=plan.row.name,
            contact_mode=contact_mode_for(email=plan.row.email, phone=plan.row.phone),
            attributes=dict(plan.row.attributes),
            imported=dict(plan.imported),
            **{name: getattr(plan.row, name) for name in FIELDS if name != "name"},
        )
        for plan, person in zip(plans, people, strict=True)
    ]
    Enrollment.objects.bulk_create(enrollments, batch_size=AT_ONCE)
    Affiliation.objects.bulk_create(
        [
            Affiliation(
                enrollment=enrollment,
                organization=organizations[place.name],
                is_lead=bool(plan.row.is_leader),
            )
            for plan, enrollment in zip(plans, enrollments, strict=True)
            for place in plan.row.organizations
        ],
        batch_size=AT_ONCE,
    )


def _change(plans: Sequence[RowPlan], organizations: dict[str, Organization]) -> None:
    """Change what the plans say of people known already, and keep what was imported."""
    known = Enrollment.objects.select_related("person").in_bulk(
        [plan.person_id for plan in plans if plan.person_id]
    )
    touched = []
    for plan in plans:
        enrollment = known[plan.person_id or 0]
        if plan.action == Action.UNCHANGED and enrollment.imported == plan.imported:
            continue
        for change in plan.changes:
            if change.field == "organizations":
                _affiliate(enrollment, plan, organizations)
            elif change.field == "is_leader":
                enrollment.affiliations.update(is_lead=bool(change.new))
            elif change.field.startswith(ATTRIBUTE):
                enrollment.attributes[change.field.removeprefix(ATTRIBUTE)] = change.new
            else:
                setattr(enrollment, change.field, change.new)
        enrollment.imported = dict(plan.imported)
        if not enrollment.email and any(change.field == "phone" for change in plan.changes):
            enrollment.contact_mode = contact_mode_for(email="", phone=enrollment.phone)
        if any(change.field == "email" for change in plan.changes):
            enrollment.contact_mode = Enrollment.ContactMode.EMAIL
            _give_address(enrollment)
        touched.append(enrollment)
    Enrollment.objects.bulk_update(
        touched, [*FIELDS, "attributes", "imported", "contact_mode"], batch_size=200
    )


def _affiliate(enrollment: Enrollment, plan: RowPlan, organizations: dict[str, Organization]) -> None:
    names = [place.name for place in plan.row.organizations]
    enrollment.affiliations.exclude(organization__name__in=names).delete()
    for name in names:
        Affiliation.objects.get_or_create(
            enrollment=enrollment,
            organization=organizations[name],
            defaults={"is_lead": bool(plan.row.is_leader)},
        )


def _give_address(enrollment: Enrollment) -> None:
    """An account without an address takes the one that the roster now knows, unless somebody has it."""
    person = enrollment.person
    if not person.email and not Person.objects.with_email(enrollment.email).exists():
        person.email = enrollment.email
        person.save(update_fields=["email"])
