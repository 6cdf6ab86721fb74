"""What came back in the weeks after meetings: who is due, what people tried, why some were missing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.meetings.models import (
    FEWEST_COUNTED,
    FollowUp,
    Meeting,
    MeetingReply,
    MissedMeeting,
    PulseAnswer,
)
from coppice.meetings.queries import active_members

State = Commitment.State
TOLD = ((True, _("Yes")), (False, _("No")))
SHOWN = 20
"""So many of a member's follow-ups stand on their page."""


@dataclass(frozen=True)
class Line:
    """How many people gave one of the answers to choose from."""

    label: str
    count: int


@dataclass(frozen=True)
class Tally:
    """The answers to one question of a follow-up, as far as they are `counted`: five or more."""

    question: str
    counted: int
    lines: Sequence[Line]


@dataclass(frozen=True)
class Wave:
    """What came back 30 or 90 days after a meeting: `answered` of `asked`.

    `tallies` hold only numbers of five people or more; `is_too_few` says that there never will be any.
    """

    after: FollowUp.After
    asked: int
    answered: int
    tallies: Sequence[Tally]

    @property
    def rate(self) -> int:
        """How many of those asked have answered, in whole percent."""
        return round(100 * self.answered / self.asked) if self.asked else 0

    @property
    def is_too_few(self) -> bool:
        return self.asked < FEWEST_COUNTED


@dataclass(frozen=True)
class Afterwards:
    """What came of a meeting: numbers for who leads, and the words that their owners show to all."""

    waves: Sequence[Wave]
    stories: Sequence[FollowUp]
    things: dict[int, list[str]]
    """What each follow-up was about, by its id."""

    @property
    def told(self) -> list[tuple[FollowUp, list[str]]]:
        return [(each, self.things[each.pk]) for each in self.stories]


@dataclass(frozen=True)
class Reasons:
    """Why people of a community were missing, over all its meetings, and of one of them who by name."""

    answered: int
    counted: int
    lines: Sequence[Line]
    by_name: Sequence[MissedMeeting]


def missing_from(meeting: Meeting) -> QuerySet[Membership]:
    """Return who was expected, was not there, had not said so, and was not asked about it yet."""
    said_no = meeting.replies.filter(answer=MeetingReply.Answer.NOT_COMING).values("membership")
    return (
        active_members(meeting.community)
        .filter(pk__in=meeting.attendances.filter(was_present=False).values("membership"))
        .exclude(pk__in=said_no)
        .exclude(pk__in=meeting.absences.values("membership"))
    )


def meetings_of_a_time(now: datetime, *, days: int, within: timedelta) -> QuerySet[Meeting]:
    """Return meetings that ended about so many days ago, of which people are asked whether they tried it."""
    latest = now - timedelta(days=days - 1)  # by some clock on earth their day may have come
    return (
        Meeting.objects.filter(ends_at__lt=latest, ends_at__gt=now - timedelta(days=days) - within)
        .filter(cancelled_at=None, entered_afterwards=False, community__ended_at=None)
        .select_related("community")
    )


def who_meant_to_try(meetings: Collection[Meeting], *, days: int) -> dict[Meeting, list[int]]:
    """Return the active members, by id, who are due to be asked about each meeting, in three queries.

    Who said the day after what they will try, and whose commitment from it is tried or done; without those
    who were asked after so many days before.
    """
    by_id = {meeting.pk: meeting for meeting in meetings}
    answers = PulseAnswer.objects.filter(meeting__in=by_id, membership__state=Membership.State.ACTIVE)
    pairs = set(answers.exclude(will_try="").values_list("meeting", "membership"))
    kept = Commitment.objects.theirs().filter(
        community__in={meeting.community_id for meeting in meetings},
        source=Commitment.Source.MEETING,
        state__in=[State.TRIED, State.DONE],
        membership__state=Membership.State.ACTIVE,
    )
    pairs |= {(_meeting_in(key), member) for key, member in kept.values_list("source_key", "membership")}
    pairs -= set(FollowUp.objects.filter(meeting__in=by_id, days=days).values_list("meeting", "membership"))
    due: dict[Meeting, list[int]] = defaultdict(list)
    for meeting, member in sorted(pairs):
        if meeting in by_id:
            due[by_id[meeting]].append(member)
    return dict(due)


def things_of(follow_ups: Sequence[FollowUp]) -> dict[int, list[str]]:
    """Return by the id of each follow-up what its member meant to try, in two queries."""
    members = {each.membership_id for each in follow_ups}
    meant: dict[tuple[int, int], list[str]] = defaultdict(list)
    said = PulseAnswer.objects.filter(
        meeting__in={each.meeting_id for each in follow_ups}, membership__in=members
    )
    for meeting, member, words in said.exclude(will_try="").values_list("meeting", "membership", "will_try"):
        meant[meeting, member].append(words)
    kept = Commitment.objects.theirs().filter(membership__in=members, source=Commitment.Source.MEETING)
    for key, member, what in kept.exclude(state=State.DROPPED).values_list(
        "source_key", "membership", "what"
    ):
        meant[_meeting_in(key), member].append(what)
    return {each.pk: meant[each.meeting_id, each.membership_id] for each in follow_ups}


def own_follow_ups(membership: Membership) -> list[FollowUp]:
    """Return what a member was asked, what waits for an answer first, the latest before others."""
    rows = membership.follow_ups.select_related("meeting").order_by("-asked_at", "-pk")[:SHOWN]
    return sorted(rows, key=lambda each: each.is_answered)


def afterwards_of(meeting: Meeting, *, leads: bool) -> Afterwards:
    """Return what came of a meeting 30 and 90 days later, in three queries; the numbers for who leads."""
    rows = list(
        meeting.follow_ups.select_related("membership__enrollment").order_by(
            "days", "membership__enrollment__name", "pk"
        )
    )
    stories = [each for each in rows if each.may_show and (each.story or each.next_step)]
    waves = [_wave(after, [each for each in rows if each.days == after]) for after in FollowUp.After]
    return Afterwards(
        waves=[wave for wave in waves if wave.asked] if leads else (),
        stories=stories,
        things=things_of(stories),
    )


def reasons_of(meeting: Meeting) -> Reasons:
    """Return why people were missing: numbers of the whole community, names of this meeting; two queries.

    Over all meetings, so that they come to five; of one alone a number would often tell who. Only answers
    without a name are counted: what is known by name would be taken off a number, and the rest be known too.
    """
    answers = MissedMeeting.objects.filter(meeting__community=meeting.community_id).exclude(answered_at=None)
    given = list(answers.values_list("shows_name", "counted"))
    counts = Counter(counted for shows_name, counted in given if counted and not shows_name)
    by_name = answers.filter(meeting=meeting, shows_name=True).select_related("membership__enrollment")
    return Reasons(
        answered=len(given),
        counted=counts.total(),
        lines=_lines(MissedMeeting.Reason.choices, counts),
        by_name=list(by_name.order_by("membership__enrollment__name", "pk")),
    )


def _wave(after: FollowUp.After, rows: Sequence[FollowUp]) -> Wave:
    fields = FollowUp._meta
    tallies = [
        Tally(question=str(fields.get_field(name).verbose_name), counted=counts.total(), lines=lines)  # type: ignore[union-attr]
        for name, counted, choices in TALLIED
        if (counts := Counter(said for each in rows if (said := getattr(each, counted)) is not None))
        and (lines := _lines(choices, counts))
    ]
    return Wave(
        after=after,
        asked=len(rows),
        answered=sum(each.is_answered for each in rows),
        tallies=tallies,
    )


def _lines(choices: Sequence[tuple[Any, Any]], counts: Counter[Any]) -> list[Line]:
    if counts.total() < FEWEST_COUNTED:
        return []
    return [Line(label=str(label), count=counts[value]) for value, label in choices]


def _meeting_in(source_key: str) -> int:
    """Return the id of the meeting that a commitment's key names ("meeting:12:…"); 0 is none."""
    kind, _, rest = source_key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "meeting" and number.isdecimal() else 0


TALLIED = (
    ("tried", "counted_tried", FollowUp.Tried.choices),
    ("told_colleagues", "counted_told", TOLD),
    ("effect", "counted_effect", FollowUp.Effect.choices),
)
