"""Who and what is there to be measured: people, communities, two years of meetings, and a signed-in session.

Runs inside an installation (`python -m bench.scene COMMUNITIES PEOPLE MEETINGS`, meetings of each community)
and prints what the clients need to know as JSON. Rows are written in bulk; their story does not matter here.
"""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.installation import Installation
    from coppice.accounts.models import Person
    from coppice.communities.models import Community, Membership
    from coppice.programs.models import Program

MEETING_DAYS = 30


@dataclass(frozen=True)
class Scene:
    """What the clients need to know: two sessions, and the numbers in the addresses."""

    staff_session: str
    member_session: str
    program: int
    communities: list[int]
    meeting: int
    meeting_held: int
    rows: int


def seed(place: "Installation", *, communities: int, people: int, meetings: int) -> Scene:
    """Fill an installation's empty tables and return its scene."""
    done = place.python("-m", "bench.scene", str(communities), str(people), str(meetings))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Scene(**json.loads(done.stdout))


def fill(*, communities: int, people: int, meetings: int) -> Scene:
    """Write the rows, in the process that calls it; Django is set up already."""
    from django.db import transaction

    from coppice.accounts.models import Person
    from coppice.programs.actions import create_program, create_provider

    today = _today()
    staff = Person.objects.create_user("staff@bench.example", name="Bench Staff")
    with transaction.atomic():
        program = create_program(
            create_provider("Bench provider", administrator=staff),
            name="Bench program",
            award_starts=today - timedelta(days=740),
            award_ends=today + timedelta(days=365),
            topics=["Housing", "Food", "Transport"],
            by=staff,
        )
        groups = _communities(program, communities)
        memberships = _memberships(program, groups, people)
        rows = len(groups) + len(memberships) + _meetings(groups, memberships, meetings, by=staff)
        rows += _record(program, memberships, by=staff)
    return Scene(
        staff_session=_session_of(staff),
        member_session=_session_of(memberships[0].person),
        program=program.pk,
        communities=[group.pk for group in groups],
        meeting=groups[0].meetings.latest("starts_at").pk,
        meeting_held=groups[0].meetings.held().latest("starts_at").pk,
        rows=rows,
    )


def _communities(program: "Program", count: int) -> "list[Community]":
    from coppice.communities.models import Community

    topics = list(program.topics.all())
    stages = list(Community.Stage)
    return Community.objects.bulk_create(
        Community(
            program=program,
            topic=topics[place % len(topics)],
            name=f"Community {place + 1}",
            purpose="Learn from one another.",
            stage=stages[place % len(stages)],
            starts_on=program.award_starts,
            ends_on=program.award_ends,
        )
        for place in range(count)
    )


def _memberships(program: "Program", groups: "list[Community]", count: int) -> "list[Membership]":
    from coppice.accounts.models import Person
    from coppice.communities.models import Membership
    from coppice.programs.models import Affiliation, Enrollment, Organization

    organizations = Organization.objects.bulk_create(
        Organization(program=program, name=f"Organization {place + 1}")
        for place in range(max(1, count // 10))
    )
    persons = Person.objects.bulk_create(
        Person(email=f"person{place}@bench.example", name=f"Person {place}", password="!")
        for place in range(count)
    )
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(program=program, person=person, name=person.name, email=person.email) for person in persons
    )
    Affiliation.objects.bulk_create(
        Affiliation(enrollment=enrollment, organization=organizations[place % len(organizations)])
        for place, enrollment in enumerate(enrollments)
    )
    return Membership.objects.bulk_create(
        Membership(
            community=groups[place % len(groups)],
            person=enrollment.person,
            enrollment=enrollment,
            role=Membership.Role.LEADER if place < len(groups) else Membership.Role.MEMBER,
            state=Membership.State.ACTIVE,
        )
        for place, enrollment in enumerate(enrollments)
    )


def _meetings(groups: "list[Community]", memberships: "list[Membership]", count: int, *, by: "Person") -> int:
    """Write the meetings of each community, the last of them still to come; return how many rows that was."""
    from django.utils import timezone

    from coppice.meetings.models import Attendance, Meeting, MeetingReply
    from coppice.stewardship.models import LeaderCheckIn

    members: dict[int, list[Any]] = {}
    for membership in memberships:
        members.setdefault(membership.community_id, []).append(membership)
    held: list[Meeting] = []
    for group in groups:
        for place in range(count):
            starts = timezone.now() + timedelta(days=7 - MEETING_DAYS * place)
            is_held = place > 0
            expected = len(members[group.pk])
            held.append(
                Meeting(
                    community=group,
                    title="Monthly meeting",
                    starts_at=starts,
                    ends_at=starts + timedelta(hours=1),
                    time_zone="UTC",
                    link="https://meet.example/bench",
                    attendance_taken_at=starts + timedelta(hours=1) if is_held else None,
                    expected_count=expected if is_held else None,
                    present_count=expected - expected // 4 if is_held else None,
                    planned_by=by,
                )
            )
    meetings = Meeting.objects.bulk_create(held, batch_size=500)
    attendances, replies = [], []
    for meeting in meetings:
        for place, membership in enumerate(members[meeting.community_id]):
            if meeting.attendance_taken_at:
                attendances.append(
                    Attendance(meeting=meeting, membership=membership, was_present=place % 4 > 0)
                )
            else:
                replies.append(MeetingReply(meeting=meeting, membership=membership, answer="coming"))
    Attendance.objects.bulk_create(attendances, batch_size=2000)
    MeetingReply.objects.bulk_create(replies, batch_size=2000)
    check_ins = LeaderCheckIn.objects.bulk_create(
        LeaderCheckIn(community=group, by=by, spoken_on=_today() - timedelta(days=days), mood="steady")
        for group, days in zip(groups, cycle(range(59, -1, -1)), strict=False)
    )
    return len(meetings) + len(attendances) + len(replies) + len(check_ins)


def _record(program: "Program", memberships: "list[Membership]", *, by: "Person") -> int:
    """Write what was done with each member, what each tenth wrote, and a mail to them that did not leave."""
    from coppice.communities.models import InvitationWord
    from coppice.history.models import Entry
    from coppice.notifications.models import Message

    entries = Entry.objects.bulk_create(
        Entry(
            scope=program.scope,
            verb="membership.joined",
            actor=by,
            about_id=membership.person_id,
            subject_kind="membership",
            subject_id=str(membership.pk),
        )
        for membership in memberships
    )
    some = memberships[::10]
    words = InvitationWord.objects.bulk_create(
        InvitationWord(membership=membership, kind=InvitationWord.Kind.QUESTION, text="When do we meet?")
        for membership in some
    )
    mails = Message.objects.bulk_create(
        Message(
            recipient_id=membership.person_id,
            to_address="nobody@bench.example",
            occasion=f"invitation:{membership.pk}",
            scope=program.scope,
            subject="An invitation",
            text="An invitation",
            message_id=f"<{membership.pk}@bench.example>",
            state=Message.State.FAILED,
        )
        for membership in some
    )
    return len(entries) + len(words) + len(mails)


def _session_of(person: "Person") -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _today() -> Any:
    from django.utils import timezone

    return timezone.localdate()


if __name__ == "__main__":
    import django

    django.setup()
    sizes = [int(word) for word in sys.argv[1:4]]
    print(json.dumps(asdict(fill(communities=sizes[0], people=sizes[1], meetings=sizes[2]))))
