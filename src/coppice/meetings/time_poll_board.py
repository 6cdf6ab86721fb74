"""Reads for finding a time: who shall meet, what is proposed, what came back, as pages and files show it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Value
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise

from coppice.communities.models import Community, Membership
from coppice.meetings.models import BusyTime, MeetingReply, ProposedTime, TimeAnswer, TimePoll
from coppice.meetings.notices import times_again_occasion, today_of
from coppice.meetings.queries import active_members
from coppice.meetings.time_finding import Attendee, Judged, judge
from coppice.notifications.models import Message
from coppice.profiles.models import Audience
from coppice.profiles.week import DAYS, slots_of

Answer = TimeAnswer.Answer
type Time = tuple[datetime, datetime]


@dataclass(frozen=True)
class AskedAgain:
    """When people were last asked again for their times, and whether that was today where they are."""

    at: datetime | None
    is_today: bool


@dataclass(frozen=True)
class TimeRow:
    """One of the times with what came back: how many said what, who has yet to say, and how hard it is."""

    time: ProposedTime
    yes: int
    if_need_be: int
    no: int
    yet: int
    judged: Judged


@dataclass(frozen=True)
class PersonRow:
    """What one member said of each time, in the order of the times; "" is nothing yet."""

    membership: Membership
    answers: list[str]

    @property
    def has_answered(self) -> bool:
        return any(self.answers)

    @property
    def labels(self) -> list[str | Promise]:
        return [Answer(each).label if each else "" for each in self.answers]


@dataclass(frozen=True)
class Result:
    """What came back: the times, the least hard first, and the people by name."""

    times: list[TimeRow]
    people: list[PersonRow]

    @property
    def answered(self) -> list[PersonRow]:
        return [each for each in self.people if each.has_answered]

    @property
    def yet_to_answer(self) -> list[PersonRow]:
        return [each for each in self.people if not each.has_answered]


def time_poll_of(person: Any, *, poll_id: int) -> TimePoll:
    """Return a question that the person may know of; raises Http404 otherwise."""
    polls = TimePoll.objects.visible_to(person).select_related("community__program__provider", "meeting")
    return get_object_or_404(polls, pk=poll_id)


def proposed_time_of(person: Any, *, time_id: int) -> ProposedTime:
    """Return one of the times of a question that the person may know of; raises Http404 otherwise."""
    times = ProposedTime.objects.select_related("poll__community__program__provider", "poll__meeting")
    return get_object_or_404(times.filter(poll__in=TimePoll.objects.visible_to(person)), pk=time_id)


def times_of_person(person: Any, *, poll_id: int, membership_id: int) -> tuple[TimePoll, Membership]:
    """Return a question that the person may know of, and a member of its community; else raises Http404."""
    poll = time_poll_of(person, poll_id=poll_id)
    members = Membership.objects.taking_part().filter(community=poll.community_id)
    return poll, get_object_or_404(
        members.select_related("community__program", "enrollment", "person"), pk=membership_id
    )


def waiting_polls(community: Community) -> QuerySet[TimePoll]:
    """Return the questions of a community that nobody has closed, with how many people have answered."""
    answered = Count("times__answers__membership", distinct=True)
    return TimePoll.objects.waiting().filter(community=community).annotate(answered=answered)


def said_of(poll: TimePoll, membership: Membership) -> dict[int, str]:
    """Return what one member said, by the id of each time."""
    rows = TimeAnswer.objects.filter(time__poll=poll, membership=membership)
    return dict(rows.values_list("time", "answer"))


def result_of(poll: TimePoll) -> Result:
    """Return what came back, in four queries."""
    times = list(poll.times.all())
    members = list(_members(poll.community))
    said: dict[int, dict[int, str]] = {time.pk: {} for time in times}
    rows = TimeAnswer.objects.filter(time__poll=poll).values_list("time", "membership", "answer")
    for time_id, membership_id, answer in rows:
        said[time_id][membership_id] = answer
    people = attendees(members, first=times[0].starts_at, last=times[-1].ends_at) if times else []
    ordered = sorted(
        (_row(time, people, said[time.pk]) for time in times),
        key=lambda row: (row.judged.score, row.time.starts_at),
    )
    return Result(
        times=ordered,
        people=[PersonRow(each, [said[row.time.pk].get(each.pk, "") for row in ordered]) for each in members],
    )


def _row(time: ProposedTime, people: Sequence[Attendee], said: dict[int, str]) -> TimeRow:
    here = {each.key: said[each.key] for each in people if each.key in said}
    counts = Counter(here.values())
    return TimeRow(
        time=time,
        yes=counts[Answer.YES],
        if_need_be=counts[Answer.IF_NEED_BE],
        no=counts[Answer.NO],
        yet=len(people) - len(here),
        judged=judge(people, starts_at=time.starts_at, minutes=time.poll.minutes, answers=here),
    )


def asked_again(poll: TimePoll) -> AskedAgain:
    """Return when those who had yet to answer were last asked again, in one query."""
    mails = Message.objects.filter(occasion=times_again_occasion(poll))
    last = mails.aggregate(last=Max("created_at"))["last"]
    day = timezone.localdate(last, poll.community.zone).isoformat() if last else ""
    return AskedAgain(at=last, is_today=day == today_of(poll))


def attendees_of(community: Community, *, first: datetime, last: datetime) -> list[Attendee]:
    """Return the active members of a community as the engine takes them, in two queries."""
    return attendees(list(_members(community)), first=first, last=last)


def _members(community: Community) -> QuerySet[Membership]:
    return active_members(community).select_related("enrollment__profile")


def attendees(members: Sequence[Membership], *, first: datetime, last: datetime) -> list[Attendee]:
    """Return members as the engine takes them, with their meetings between two instants.

    Hours that somebody shows to the program's staff alone stay out: their day is judged by the clock, so that
    no count tells a leader of them.
    """
    busy, private = _busy({each.person_id for each in members}, first=first, last=last)
    return [
        _attendee(
            each,
            shares_hours=_shares_hours(each),
            busy=busy.get(each.person_id, ()),
            private=private.get(each.person_id, ()),
        )
        for each in members
    ]


def _shares_hours(membership: Membership) -> bool:
    profile = getattr(membership.enrollment, "profile", None)
    return profile is None or profile.hours_audience != Audience.STAFF


def _attendee(
    membership: Membership, *, shares_hours: bool, busy: Iterable[Time], private: Iterable[Time]
) -> Attendee:
    enrollment = membership.enrollment
    free = _hours(slots_of(enrollment)) if shares_hours else frozenset[int]()
    told_by = membership.community.zone_for(enrollment.time_zone, membership.community.program.time_zone)
    return Attendee(
        key=membership.pk,
        zone=(told_by if free else membership.zone).key,
        free_hours=free or None,
        busy=tuple(busy),
        private=tuple(private),
    )


def _hours(slots: Iterable[str]) -> frozenset[int]:
    """Turn slots such as "mon-14" into hours of the week, Monday 0:00 being 0."""
    parts = (slot.partition("-") for slot in slots)
    return frozenset(24 * DAYS.index(day) + int(hour) for day, _dash, hour in parts if day in DAYS)


def _busy(
    person_ids: set[int], *, first: datetime, last: datetime
) -> tuple[dict[int, list[Time]], dict[int, list[Time]]]:
    """Return when people have something else: meetings of all their communities, but those that they said
    they cannot make; and apart from them what their own calendars said."""
    meetings = (
        Membership.objects.active()
        .filter(person__in=person_ids)
        .annotate(
            meeting=F("community__meetings"),
            starts_at=F("community__meetings__starts_at"),
            ends_at=F("community__meetings__ends_at"),
            cancelled_at=F("community__meetings__cancelled_at"),
        )
        .filter(starts_at__lt=last, ends_at__gt=first, cancelled_at=None)
    )
    away = MeetingReply.objects.filter(
        meeting=OuterRef("meeting"), membership=OuterRef("pk"), answer=MeetingReply.Answer.NOT_COMING
    )
    busy: dict[int, list[Time]] = {}
    private: dict[int, list[Time]] = {}
    own = BusyTime.objects.filter(person__in=person_ids, starts_at__lt=last, ends_at__gt=first)
    columns = ("person", "starts_at", "ends_at", "is_private")
    rows = (
        meetings.filter(~Exists(away))
        .annotate(is_private=Value(0))
        .order_by()
        .values_list(*columns)
        .union(own.annotate(is_private=Value(1)).order_by().values_list(*columns), all=True)
    )
    for person, starts_at, ends_at, is_private in rows.order_by("starts_at"):
        (private if is_private else busy).setdefault(person, []).append((starts_at, ends_at))
    return busy, private
