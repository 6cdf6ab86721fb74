"""One provider's year so far: six communities at every stage, told by the same actions that people use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities import actions as communities
from coppice.communities.actions import Invitee
from coppice.communities.models import Community, InvitationWord, Membership
from coppice.demo import (
    cast,
    choosing,
    deciding,
    evenings,
    forming,
    galleries,
    house_words,
    interests,
    keeping_order,
    minutes,
    mornings,
    needs,
    offers,
    plans,
    practised,
    preparing,
    priorities,
    published,
    remembering,
    returned,
    series,
    shelves,
    starting,
    subscriptions,
    talking,
    texting,
    times,
    trading,
    walls,
    weeks_later,
)
from coppice.history.models import Entry
from coppice.meetings import actions as meetings
from coppice.meetings.models import Meeting, MeetingReply, PulseAnswer
from coppice.notifications.models import Message
from coppice.programs import actions as programs
from coppice.programs.models import Affiliation, Enrollment, Organization, Program, Provider, Staff
from coppice.stewardship import actions as stewardship
from coppice.stewardship.models import LeaderCheckIn

ZONE = "America/Chicago"
HOST = "demo.example"
Stage, Mood = Community.Stage, LeaderCheckIn.Mood


@dataclass(frozen=True)
class Chapter:
    """One community of the story: how many people, how full its meetings, when its leader was called."""

    name: str
    topic: str
    purpose: str
    stage: str
    leader: str
    size: int
    shares: tuple[float, ...]
    next_in_days: int | None
    spoken_days_ago: int | None
    mood: str = Mood.STEADY
    invited: int = 0


# What people say in the story; each community takes its own from here.
WORRIES = (
    "Our last group met twice, then went quiet. Who keeps this going?",
    "I have one free hour a month, and it is never the same one.",
    "I am new to this. Will I hold the others up?",
    "Two people from my office are in it as well. Can we speak freely?",
)
BLOCKERS = {
    Mood.THRIVING: "",
    Mood.STEADY: "Two members cannot make mornings any more.",
    Mood.STRAINED: "Three people changed jobs, and Tom does it all alone.",
}
AGREED = {
    Mood.THRIVING: "Ask two members to take one meeting each.",
    Mood.STEADY: "Try an afternoon, and ask who could lead one part.",
    Mood.STRAINED: "Write to the four who went quiet, then set a date together.",
}
TRIES = (
    "Call two volunteers who stopped coming, and ask why.",
    "Write the need in one paragraph and read it to my board.",
    "Ask the clinic for its list of rides before Friday.",
    "Put one open question on our next agenda.",
    "Go where the young people are on a Saturday.",
    "Count one thing every week, and no more.",
)

CHAPTERS = (
    Chapter(
        "Volunteer retention", "Volunteers", "Keep volunteers past month three, and learn why they stay.",
        Stage.MATURING, "Rosa Medina", 14, (0.79, 0.86, 0.93), 2, 12, Mood.THRIVING,
    ),
    Chapter(
        "First-time grant seekers", "Grants", "Write a first federal grant together, from need to budget.",
        Stage.COALESCING, "Amara Obi", 12, (0.67, 0.75), 7, 9, Mood.STEADY, 2,
    ),
    Chapter(
        "Rural transport", "Transport", "Get people to their appointments where no bus goes.",
        Stage.MATURING, "Tom Whitehorse", 13, (0.77, 0.54, 0.31), None, 41, Mood.STRAINED,
    ),
    Chapter(
        "Board development", "Boards", "Boards that do more than meet.",
        Stage.STEWARDSHIP, "Lin Zhao", 16, (0.88, 0.94, 0.94), 8, 20, Mood.THRIVING,
    ),
    Chapter(
        "Youth outreach", "Young people", "Reach young people where they are, which is not online.",
        Stage.POTENTIAL, "", 14, (), 10, None, Mood.STEADY, 9,
    ),
    Chapter(
        "Data without tears", "Data", "Count what changed without a data team.",
        Stage.TRANSFORMATION, "Priya Nair", 15, (0.73, 0.67, 0.67), 14, 15, Mood.STEADY,
    ),
)  # fmt: skip


def tell() -> None:
    """Write the story once; a home that has it is left as it is."""
    if Provider.objects.filter(name="Healthy Start TTA Center").exists():
        return
    with transaction.atomic():
        manager = Person.objects.create_user(f"maria@{HOST}", name="Maria Velasco", time_zone=ZONE)
        provider = programs.create_provider(
            "Healthy Start TTA Center", administrator=manager, time_zone=ZONE, language="en"
        )
        helper = Person.objects.create_user(f"david@{HOST}", name="David Lund", time_zone=ZONE)
        Staff.objects.create(provider=provider, person=helper, name=helper.name, email=helper.email or "")
        Person.objects.create_user(f"admin@{HOST}", name="Instance Admin", is_instance_admin=True)
        with _told_at(_days_ago(13 * 7)):
            program = _program(provider, by=manager)
            enrollments = _roster(program)
            _organization_lead(program, enrollments)
        start = 0
        for turn, chapter in enumerate(CHAPTERS):
            _chapter(program, chapter, enrollments[start : start + chapter.size], turn=turn, by=manager)
            start += chapter.size
        with _told_at(_days_ago(11 * 7)):
            needs.tell(program, by=manager, held=_days_ago(11 * 7), now_open=_days_ago(3))
        with _told_at(_days_ago(10 * 7)):
            offers.tell(program, enrollments, by=manager)
        with _told_at(_days_ago(2)):
            offers.introduce(program, by=manager, helped_at=_days_ago(8 * 7))
        with _told_at(_days_ago(9 * 7)):
            priorities.tell(program.communities.get(name=CHAPTERS[0].name), by=manager)
        with _told_at(_days_ago(8)):
            first = program.communities.get(name=CHAPTERS[0].name)
            plans.tell(first, by=first.memberships.leaders()[0].person, on=timezone.localdate())
            shelves.tell(first, by=first.memberships.leaders()[0].person, at=timezone.now())
            house_words.write(provider, by=manager)
            house_words.copy(first)
            boards = program.communities.get(name=CHAPTERS[3].name)
            plans.adopt(boards, by=boards.memberships.leaders()[0].person, on=timezone.localdate())
        with _told_at(_days_ago(1)):
            quiet = program.communities.get(name=CHAPTERS[2].name)
            starting.bring_calendars(quiet)
            times.tell(quiet, by=quiet.memberships.leaders()[0].person)
            weeks_later.tell(quiet)
            preparing.tell(program.communities.get(name=CHAPTERS[0].name))
            boards = program.communities.get(name=CHAPTERS[3].name)
            series.tell(boards, by=boards.memberships.leaders()[0].person)
        with _told_at(_days_ago(6)):
            for community in program.communities.all():
                talking.tell(community)
                deciding.decide(community)
        with _told_at(_days_ago(1)):
            keeping_order.tell(program.communities.get(name="Rural transport"))
            remembering.tell(program.communities.get(name="Rural transport"))
        with _told_at(_days_ago(5)):
            practised.tell(program.communities.get(name=CHAPTERS[0].name))
        with _told_at(_days_ago(20)):
            subscriptions.tell(program, by=manager)
            starting.set_up(program, by=manager)
            starting.leave_early(program.communities.get(name=CHAPTERS[0].name))
        _forget_mail_of_the_past(boards)
        mornings.tell(program.communities.get(name=CHAPTERS[0].name))
        texting.tell(program.communities.get(name=CHAPTERS[0].name))
        _launch_evening(program, by=manager)
        returned.tell(program)
        programs.test_mail(program, by=manager)
        programs.seat_funder(program, email=f"funder@{HOST}", name="Frances Odum", by=manager)
        _second_program(provider, by=manager)
        _third_program(provider, by=manager)
        _other_provider()


def _program(provider: Provider, *, by: Person) -> Program:
    today = timezone.localdate(timezone=ZoneInfo(ZONE))
    return programs.create_program(
        provider,
        name="Healthy Start TTA 2026",
        funder="Office of Community Services",
        award_starts=today - timedelta(weeks=13),
        award_ends=today + timedelta(weeks=39),
        topics=[chapter.topic for chapter in CHAPTERS],
        time_zone=ZONE,
        by=by,
    )


def _roster(program: Program) -> list[Enrollment]:
    names = cast.people(sum(chapter.size for chapter in CHAPTERS))
    leaders = iter(names[: len(cast.LEADERS)])
    others = iter(names[len(cast.LEADERS) :])
    ordered = [
        next(leaders) if place == 0 and chapter.leader else next(others)
        for chapter in CHAPTERS
        for place in range(chapter.size)
    ]
    organizations = [
        Organization.objects.create(
            program=program,
            name=name,
            area=cast.AREAS[place % len(cast.AREAS)],
            kind=cast.KINDS[place % len(cast.KINDS)],
        )
        for place, name in enumerate(cast.organizations(61))
    ]
    enrollments = []
    for place, name in enumerate(ordered):
        email = f"{name.lower().replace(' ', '.')}@{HOST}" if place % 17 != 13 else ""
        person = Person.objects.create_user(email or None, name=name, time_zone=cast.ZONES[place % 4])
        enrollment = Enrollment.objects.create(
            program=program,
            person=person,
            name=name,
            email=email,
            phone="" if email and name not in cast.LEADERS else f"+1 555 010 {place:04d}",
            contact_mode=Enrollment.ContactMode.EMAIL if email else Enrollment.ContactMode.PHONE,
            job_title=cast.TITLES[place % len(cast.TITLES)],
            time_zone=cast.ZONES[place % 4],
            attributes={"Years in the field": place * 7 % 19 + 1},
        )
        Affiliation.objects.create(
            enrollment=enrollment, organization=organizations[place % 61], is_lead=place in (1, 5)
        )
        enrollments.append(enrollment)
    return enrollments


def _organization_lead(program: Program, people: list[Enrollment]) -> None:
    """A director in no community, who reads the counts of an organization that six members come from."""
    name, email = "Grace Holloway", f"grace.holloway@{HOST}"
    organization = program.organizations.order_by("pk")[0]
    Affiliation.objects.bulk_create(
        Affiliation(enrollment=people[place], organization=organization) for place in (7, 20, 33, 46, 72)
    )
    person = Person.objects.create_user(email, name=name, time_zone=ZONE)
    enrollment = Enrollment.objects.create(
        program=program, person=person, name=name, email=email, job_title="Director", time_zone=ZONE
    )
    Affiliation.objects.create(enrollment=enrollment, organization=organization, is_lead=True)


def _chapter(program: Program, chapter: Chapter, people: list[Enrollment], *, turn: int, by: Person) -> None:
    began = _days_ago(12 * 7 + turn if chapter.shares else 5)
    with _told_at(began):
        community = communities.found(
            program,
            name=chapter.name,
            topic=program.topics.get(name=chapter.topic),
            purpose=chapter.purpose,
            asked="One meeting a month, and trying one thing between meetings.",
            hours_per_month=Decimal("2"),
            benefit=Community.Benefit.PEER_COACHING,
            reason=Community.Reason.STABLE_TEAM,
            starts_on=program.award_starts,
            ends_on=program.award_ends,
            time_zone=ZONE,
            members=[
                Invitee(enrollment=enrollment, is_leader=bool(chapter.leader) and place == 0)
                for place, enrollment in enumerate(people)
            ],
            by=by,
        )
    memberships = list(community.memberships.order_by("pk").select_related("person"))
    joined = memberships[: len(memberships) - chapter.invited]
    _answered(memberships, joined, turn=turn, began=began)
    for number, share in enumerate(chapter.shares):
        weeks_ago = 4 * (len(chapter.shares) - number) - 1
        _held(community, joined, share, turn=turn + number, weeks_ago=weeks_ago, by=by)
    if chapter.shares:
        with _told_at(Meeting.objects.of(community).held().latest("starts_at").ends_at):
            minutes.tell(community)
    with _told_at(_days_ago(18 + turn)):
        communities.set_stage(community, stage=chapter.stage, by=by)
    _forget_mail_of_the_past(community)
    if chapter.next_in_days is not None:
        with _told_at(_days_ago(4)):
            _planned(community, joined, in_days=chapter.next_in_days, by=by)
    if chapter.spoken_days_ago is not None:
        with _told_at(_days_ago(chapter.spoken_days_ago)):
            stewardship.log_check_in(
                community,
                leader=joined[0].person,
                spoken_on=stewardship.today(community) - timedelta(days=chapter.spoken_days_ago),
                mood=chapter.mood,
                blockers=BLOCKERS[Mood(chapter.mood)],
                agreed_action=AGREED[Mood(chapter.mood)],
                by=by,
            )


def _answered(memberships: list[Membership], joined: list[Membership], *, turn: int, began: datetime) -> None:
    """People say yes within a week of being asked; two of those who have not yet said what worries them."""
    for place, membership in enumerate(joined):
        said = began + timedelta(days=place // 3, hours=1 + 3 * (place % 3), minutes=7 * place)
        with _told_at(said):
            communities.accept(membership, by=membership.person)
        membership.joined_at = min(said, timezone.now())
    Membership.objects.filter(pk__in=[each.pk for each in memberships]).update(invited_at=began)
    Membership.objects.bulk_update(joined, ["joined_at"])
    for place, membership in enumerate(memberships[len(joined) :][:2]):
        with _told_at(_days_ago(1 + place)):
            communities.say(
                membership,
                words={InvitationWord.Kind.WORRY: WORRIES[(turn + place) % len(WORRIES)]},
                by=membership.person,
            )


def _held(
    community: Community, joined: list[Membership], share: float, *, turn: int, weeks_ago: int, by: Person
) -> None:
    starts = _at(timezone.localdate() - timedelta(weeks=weeks_ago), time(10))
    meeting = Meeting.objects.create(
        community=community,
        title="Monthly meeting",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone=ZONE,
        link="https://meet.example/coppice",
        purpose="Go-around, one problem in depth, what each of us will try.",
        planned_by=by,
    )
    others = joined[1:]
    shift = 5 * turn % max(1, len(others))  # not the same people every time, but always who leads
    present = [joined[0], *others[shift:], *others[:shift]][: round(share * len(joined))]
    with _told_at(meeting.ends_at):
        meetings.take_attendance(meeting, present=[membership.pk for membership in present], by=by)
    PulseAnswer.objects.bulk_create(
        PulseAnswer(
            meeting=meeting,
            membership=membership,
            worth=5 - place % 3,
            will_try=TRIES[(turn + place) % len(TRIES)] if place in (1, 2) else "",
        )
        for place, membership in enumerate(present[: len(present) * 2 // 3])
    )


def _planned(community: Community, joined: list[Membership], *, in_days: int, by: Person) -> None:
    starts = _at(timezone.localdate() + timedelta(days=in_days), time(14))
    meeting = meetings.plan(
        community,
        title="Monthly meeting",
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        time_zone=ZONE,
        link="https://meet.example/coppice",
        purpose="A peer assist on one member's problem.",
        by=by,
    )
    MeetingReply.objects.bulk_create(
        MeetingReply(
            meeting=meeting, membership=membership, answer="not_coming" if place % 6 == 5 else "coming"
        )
        for place, membership in enumerate(joined[: len(joined) * 3 // 4])
    )


def _forget_mail_of_the_past(community: Community) -> None:
    """The outbox shows what is waiting for an answer today, not a quarter's worth of invitations."""
    waiting = community.memberships.filter(state=Membership.State.INVITED).values("person")
    Message.objects.filter(list_key=community.list_key).exclude(recipient__in=waiting).delete()


def _second_program(provider: Provider, *, by: Person) -> None:
    today = timezone.localdate(timezone=ZoneInfo(ZONE))
    program = programs.create_program(
        provider,
        name="Safe Routes 2027",
        funder="State transport fund",
        award_starts=today + timedelta(weeks=4),
        award_ends=today + timedelta(weeks=56),
        topics=list(forming.TOPICS),
        community_word=Program.CommunityWord.NETWORK,
        time_zone=ZONE,
        by=by,
    )
    forming.tell(program, names=cast.people(184)[100:], host=HOST, by=by)
    with _told_at(_days_ago(3)):
        board = choosing.tell(program, by=by)
        interests.tell(board)
        evenings.chose(board, began=_at(timezone.localdate() - timedelta(days=3), time(18, 30)), by=by)
    began = _at(timezone.localdate() - timedelta(days=2), time(18, 30))
    with _told_at(began + evenings.LENGTH):
        trading.held(program, began=began, by=by)
    evenings.ready(program, topics=forming.TOPICS, by=by)
    evenings.formats(program, by=by)
    evenings.choose_on(board, by=by)
    walls.begun(program, by=by)


def _third_program(provider: Provider, *, by: Person) -> None:
    today = timezone.localdate(timezone=ZoneInfo(ZONE))
    with _told_at(_days_ago(3 * 7)):
        program = programs.create_program(
            provider,
            name="Young Readers",
            funder="Library fund of the state",
            award_starts=today - timedelta(weeks=3),
            award_ends=today + timedelta(weeks=49),
            topics=list(published.TOPICS),
            time_zone=ZONE,
            by=by,
        )
    with _told_at(_days_ago(4)):
        published.tell(program, host=HOST, by=by)


def _launch_evening(program: Program, *, by: Person) -> None:
    began = _at(timezone.localdate() - timedelta(weeks=11), time(18, 30))
    with _told_at(began + evenings.LENGTH):
        evenings.held(program.communities.get(name=CHAPTERS[0].name), began=began, by=by)
    began = _at(timezone.localdate() - timedelta(weeks=4), time(18, 30))
    with _told_at(began + galleries.LENGTH):
        galleries.held(program.communities.get(name=CHAPTERS[1].name), began=began, by=by)


def _other_provider() -> None:
    someone = Person.objects.create_user(f"olga@{HOST}", name="Olga Brandt", time_zone="America/Denver")
    provider = programs.create_provider(
        "Mountain Arts Alliance", administrator=someone, time_zone="America/Denver"
    )
    today = date.today()
    programs.create_program(
        provider,
        name="Arts in small towns",
        award_starts=today - timedelta(weeks=2),
        award_ends=today + timedelta(weeks=50),
        topics=["Stages", "Schools"],
        time_zone="America/Denver",
        by=someone,
    )


@contextmanager
def _told_at(moment: datetime) -> Iterator[None]:
    """Let the history of what happens inside say that it happened then."""
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield
    Entry.objects.filter(pk__gt=last).update(at=min(moment, timezone.now()))


def _days_ago(days: int) -> datetime:
    return _at(timezone.localdate() - timedelta(days=days), time(9, 10))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(ZONE))
