"""A round that was published four days ago: people may still ask to change, one came late, one has gone."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities import actions as communities
from coppice.communities.models import Community, Membership
from coppice.demo import cast
from coppice.formation import actions, swaps, tasks
from coppice.formation.frames import first_frame
from coppice.formation.models import Decider, Formation
from coppice.formation.rules import Kind, Rule, Weight
from coppice.programs.models import Affiliation, Enrollment, Organization, Program

TOPICS = ("Reading aloud", "Families who read", "Books in two languages")
CHOICE, YEARS = "First choice", "Years in the field"
FIRST_NAME, PEOPLE, LATE, HOUSES = 300, 36, 2, 15
TO_CHANGE = timedelta(days=10)


def tell(program: Program, *, host: str, by: Person) -> Formation:
    """Form the program's people by what they chose, publish it, and let its first days pass."""
    names = cast.people(FIRST_NAME + PEOPLE + LATE)[FIRST_NAME:]
    houses = Organization.objects.bulk_create(
        Organization(program=program, name=name, area=cast.AREAS[place % len(cast.AREAS)])
        for place, name in enumerate(cast.organizations(95 + HOUSES)[95:])
    )
    for place, name in enumerate(names[:PEOPLE]):
        _enroll(program, name, place, houses, host)
    formation = actions.start(
        program,
        name="By what people chose",
        reason=Community.Reason.CHOSEN,
        minimum=11,
        maximum=13,
        rules=[
            Rule(Kind.APART, "organization"),
            Rule(Kind.ALIKE, f"attribute:{CHOICE}", weight=Weight.HIGH, is_told=True),
            Rule(Kind.BALANCED, f"attribute:{YEARS}"),
        ],
        by=by,
    )
    tasks.propose.call(formation_id=formation.pk)
    formation = Formation.objects.get(pk=formation.pk)
    _name(formation, by=by)
    _publish(formation, by=by)
    _first_days(formation, by=by)
    for place, name in enumerate(names[PEOPLE:], start=PEOPLE):
        _enroll(program, name, place, houses, host)
    return formation


def _enroll(program: Program, name: str, place: int, houses: list[Organization], host: str) -> None:
    email = f"{name.lower().replace(' ', '.')}@{host}"
    enrollment = Enrollment.objects.create(
        program=program,
        person=Person.objects.create_user(email, name=name),
        name=name,
        email=email,
        job_title=cast.TITLES[place * 5 % len(cast.TITLES)],
        time_zone=cast.ZONES[place % len(cast.ZONES)],
        attributes={YEARS: place * 7 % 21 + 1, CHOICE: TOPICS[(place * 4 + place // 7) % len(TOPICS)]},
    )
    Affiliation.objects.create(enrollment=enrollment, organization=houses[place * 4 % HOUSES])


def _name(formation: Formation, *, by: Person) -> None:
    """Call each community after what most of its people chose, no two alike."""
    free = list(TOPICS)
    for column in formation.proposed_communities.all():
        chosen = [place.enrollment.attributes[CHOICE] for place in column.places.all()]
        name = max(free, key=chosen.count)
        free.remove(name)
        actions.rename(column, name=name, topic=formation.program.topics.get(name=name), by=by)


def _publish(formation: Formation, *, by: Person) -> None:
    program, today = formation.program, timezone.localdate(timezone=formation.program.zone)
    frame = first_frame(program.award_starts, program.award_ends, today=today)
    actions.ask_to_publish(
        formation,
        frame=type(frame)(
            starts_on=frame.starts_on,
            ends_on=frame.ends_on,
            hours_per_month=Decimal("2"),
            asked="One call a month, and a book tried with children in between.",
            benefit=Community.Benefit.PEER_COACHING,
        ),
        swaps_until=today + TO_CHANGE,
        swaps_decided_by=Decider.MEMBERS,
        by=by,
    )
    tasks.publish.call(formation_id=formation.pk)
    formation.refresh_from_db()


def _first_days(formation: Formation, *, by: Person) -> None:
    """Most said yes; one said no; three would rather be elsewhere, and two of these could change places."""
    seats: dict[int, list[Membership]] = {}
    founded = [column.community for column in formation.proposed_communities.select_related("community")]
    for membership in (
        Membership.objects.filter(community__in=founded).select_related("person").order_by("pk")
    ):
        seats.setdefault(membership.community_id, []).append(membership)
    here, there, elsewhere = seats.values()
    for each in (*here[:9], *there[:8], *elsewhere[:10]):
        communities.accept(each, by=each.person)
    communities.decline(elsewhere[-1], why="I change jobs in January.", by=elsewhere[-1].person)
    for membership, wanted, why in (
        (here[1], there[0], "Somebody I would learn from is there."),
        (there[1], here[0], ""),
        (here[2], elsewhere[0], "I know nearly everybody in mine."),
    ):
        seat = swaps.seat_by_account(membership.person, membership_id=membership.pk)
        actions.ask(seat, wanted=wanted.community, reason=why, by=membership.person)
