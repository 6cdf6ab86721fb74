"""What happens when a series is planned, changed from one date on, ended, answered; and who is told."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from coppice.communities.actions import accept
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.meetings import actions, errors, tasks
from coppice.meetings.actions import series as verbs
from coppice.meetings.models import Meeting, MeetingReply, MeetingSeries
from coppice.meetings.tests.factories import make_meeting, make_series, rule_of
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Tides", time_zone="America/New_York")


@pytest.fixture
def staff(community):
    return make_staff(community.program)


@pytest.fixture
def ana(community):
    return add_member(community, "Ana")


@pytest.fixture
def series(community, ana):
    return make_series(community)


def meetings_of(series: MeetingSeries) -> list[Meeting]:
    return list(series.meetings.select_related("series", "community").order_by("original_day"))


def clocks(series: MeetingSeries) -> list[str]:
    return [f"{each.starts_at.astimezone(series.zone):%H:%M}" for each in meetings_of(series)]


def written(prefix: str) -> list[tuple[int, str]]:
    messages = Message.objects.filter(occasion__startswith=f"series-{prefix}:").order_by("pk")
    return list(messages.values_list("recipient", "period"))


def last_mail() -> Message:
    return Message.objects.order_by("pk").last()


def methods(message: Message) -> list[str]:
    return [each["content_type"].partition("method=")[2] for each in message.attachments]


def hold(meeting: Meeting) -> Meeting:
    """Let a meeting be over."""
    meeting.starts_at = timezone.now() - timedelta(hours=2)
    meeting.ends_at = timezone.now() - timedelta(hours=1)
    meeting.save()
    return meeting


def test_planning_makes_every_meeting_and_writes_one_mail_to_each_member(community, staff, ana):
    add_member(community, state=Membership.State.INVITED)
    details = {"link": "https://meet.example.org/tides", "dial_in": "+1 555 0100", "access": "Captions"}

    series = make_series(community, by=staff, rule=rule_of(days=42), **details)

    meetings = meetings_of(series)
    assert [(each.original_day - meetings[0].original_day).days for each in meetings] == [0, 14, 28, 42][
        : len(meetings)
    ]
    assert {(each.title, each.link, each.dial_in, each.planned_by) for each in meetings} == {
        ("Every second Tuesday", details["link"], details["dial_in"], staff)
    }
    assert written("planned") == [(ana.person_id, "")]
    assert methods(last_mail()) == ["REQUEST"]
    assert last_mail().text.count("- ") >= len(meetings)
    assert "By phone: +1 555 0100" in last_mail().text
    entry = Entry.objects.get(verb="series.planned")
    assert entry.detail == {"community": community.pk, "meetings": len(meetings)}


def test_what_cannot_be_planned_is_refused_and_leaves_nothing(community):
    usual = rule_of()
    refused = {
        errors.SeriesTooLong: replace(usual, last=usual.first + timedelta(days=732)),
        errors.NoDates: replace(usual, months_out=frozenset(range(1, 13))),
        errors.TooManyMeetings: rule_of(every=1, weekdays=(0, 1, 2, 3, 4), days=400),
        errors.StartsInPast: replace(usual, first=usual.first - timedelta(days=60)),
    }

    for error, rule in refused.items():
        with pytest.raises(error):
            make_series(community, rule=rule)

    assert not MeetingSeries.objects.exists()


def test_whoever_joins_gets_the_series_by_one_mail(community, series):
    make_meeting(community)
    newcomer = add_member(community, "Bo", state=Membership.State.INVITED)

    accept(newcomer, by=newcomer.person)

    mine = Message.objects.filter(recipient=newcomer.person)
    assert sorted(occasion.partition(":")[0] for occasion in mine.values_list("occasion", flat=True)) == [
        "meeting-planned",
        "series-planned",
        "welcome",
    ]


def test_one_meeting_changed_by_hand_is_an_exception_with_a_higher_sequence(series):
    series.sequence = 3
    series.save()
    _first, second, *_rest = meetings_of(series)

    actions.change(second, by=None, ends_at=second.ends_at + timedelta(minutes=30))

    second.refresh_from_db()
    assert (second.is_exception, second.sequence) == (True, 4)
    assert "RECURRENCE-ID" in last_mail().attachments[0]["text"]


def test_cancelling_one_meeting_takes_that_one_out_of_calendars(series):
    actions.cancel(meetings_of(series)[1], by=None)

    assert methods(last_mail()) == ["CANCEL"]
    assert "RECURRENCE-ID" in last_mail().attachments[0]["text"]


def test_all_change_in_place_when_nothing_is_past(series, ana):
    first = meetings_of(series)[0]

    changed = verbs.change_following(
        first, by=None, keeps_exceptions=True, fields={"clock": time(9), "minutes": 90}
    )

    assert (changed, changed.sequence, set(clocks(changed))) == (series, 1, {"09:00"})
    assert {each.duration for each in meetings_of(changed)} == {timedelta(minutes=90)}
    assert written("changed") == [(ana.person_id, "1")]


def test_this_and_following_become_a_series_of_their_own(series, ana):
    before = meetings_of(series)
    third = before[2]

    other = verbs.change_following(third, by=None, keeps_exceptions=True, fields={"clock": time(9)})

    series.refresh_from_db()
    assert other.continues == series
    assert (series.ends_on, series.sequence, other.starts_on) == (
        third.original_day - timedelta(days=1),
        1,
        third.original_day,
    )
    assert (clocks(series), set(clocks(other))) == (["15:00", "15:00"], {"09:00"})
    assert [each.pk for each in meetings_of(other)] == [each.pk for each in before[2:]]
    assert [each.uid for each in meetings_of(series)] == [each.uid for each in before[:2]]
    assert methods(last_mail()) == ["REQUEST", "REQUEST"]
    assert Entry.objects.filter(verb="series.changed").count() == 1


def test_nothing_past_changes(series):
    held = hold(meetings_of(series)[0])
    starts_at = held.starts_at

    verbs.change_following(
        meetings_of(series)[1], by=None, keeps_exceptions=False, fields={"clock": time(9), "title": "New"}
    )

    held.refresh_from_db()
    assert (held.starts_at, held.title, held.series) == (starts_at, "Every second Tuesday", series)


@pytest.mark.parametrize("keeps", [True, False])
def test_what_was_changed_by_hand_is_kept_or_follows(series, keeps):
    first, second, third, *_rest = meetings_of(series)
    actions.change(
        second,
        by=None,
        starts_at=second.starts_at + timedelta(days=1),
        ends_at=second.ends_at + timedelta(days=1),
    )
    actions.cancel(third, by=None)

    verbs.change_following(first, by=None, keeps_exceptions=keeps, fields={"clock": time(9)})

    second.refresh_from_db()
    third.refresh_from_db()
    moved = second.starts_at.astimezone(series.zone)
    day = second.original_day
    assert (moved.date(), moved.hour, second.is_exception) == (
        (day + timedelta(days=1), 15, True) if keeps else (day, 9, False)
    )
    assert third.is_cancelled


def test_exceptions_alone_can_be_brought_back_to_the_rule(series):
    first, second, *_rest = meetings_of(series)
    actions.change(second, by=None, title="Another")

    same = verbs.change_following(first, by=None, keeps_exceptions=False, fields={"title": series.title})

    second.refresh_from_db()
    assert (same.sequence, second.title, second.is_exception) == (1, series.title, False)


def test_equal_values_change_nothing(series):
    mails = Message.objects.count()

    same = verbs.change_following(
        meetings_of(series)[1],
        by=None,
        keeps_exceptions=True,
        fields={"clock": time(15), "other_clock": None},
    )

    assert (same, same.sequence, Message.objects.count()) == (series, 0, mails)


def test_two_times_keep_their_turns_when_the_second_begins_what_follows(community):
    series = make_series(community, rule=replace(rule_of(), clocks=(time(8), time(20))))
    second = meetings_of(series)[1]
    assert verbs.stands_of(series, 1)["clock"] == time(20)

    other = verbs.change_following(
        second, by=None, keeps_exceptions=True, fields={"clock": time(21), "other_clock": time(9)}
    )

    assert clocks(other)[:4] == ["21:00", "09:00", "21:00", "09:00"]
    assert [each.strand for each in meetings_of(other)[:3]] == [0, 1, 0]


def test_two_times_change_in_place_when_the_first_of_them_fell_out(community):
    rule = rule_of()
    [day] = [
        rule.first + timedelta(days=each)
        for each in range(7)
        if (rule.first + timedelta(days=each)).weekday() == 1
    ]
    series = make_series(
        community, rule=replace(rule, clocks=(time(8), time(20)), free_days=frozenset({day}))
    )
    first = meetings_of(series)[0]

    same = verbs.change_following(
        first, by=None, keeps_exceptions=True, fields={"clock": time(21), "other_clock": time(8)}
    )

    assert (same, first.strand, same.clocks) == (series, 1, (time(8), time(21)))
    assert clocks(same)[:3] == ["21:00", "08:00", "21:00"]


def test_a_holiday_moved_by_the_rule_stays_moved(community):
    rule = rule_of(every=4, days=90)
    second = rule.first + timedelta(days=(1 - rule.first.weekday()) % 7 + 28)
    series = make_series(
        community, rule=replace(rule, free_days=frozenset({second}), instead=rule.instead.WEEK_BEFORE)
    )
    moved = meetings_of(series)[1]
    actions.change(moved, by=None, title="Elsewhere")

    verbs.change_following(meetings_of(series)[1], by=None, keeps_exceptions=False, fields={"clock": time(9)})

    moved.refresh_from_db()
    assert moved.original_day == second
    assert moved.starts_at.astimezone(series.zone).date() == second - timedelta(days=7)


def test_what_would_be_past_is_refused(series):
    first = meetings_of(series)[0]
    soon = timezone.now() + timedelta(minutes=30)
    Meeting.objects.filter(pk=first.pk).update(
        starts_at=soon, ends_at=soon + timedelta(hours=1), original_day=soon.astimezone(series.zone).date()
    )
    earlier = (soon - timedelta(hours=2)).astimezone(series.zone)
    if earlier.date() != soon.astimezone(series.zone).date():
        pytest.skip("two hours ago was yesterday")

    with pytest.raises(errors.StartsInPast):
        verbs.change_following(
            meetings_of(series)[0],
            by=None,
            keeps_exceptions=True,
            fields={"clock": earlier.time().replace(second=0, microsecond=0)},
        )

    series.refresh_from_db()
    assert (series.clock, series.sequence) == (time(15), 0)


def test_only_a_meeting_to_come_of_a_series_has_others_that_follow(community, series):
    single = make_meeting(community)
    first, second, third, *_rest = meetings_of(series)
    actions.cancel(second, by=None)

    for meeting, error in (
        (single, errors.NotInSeries),
        (second, errors.MeetingIsCancelled),
        (hold(first), errors.MeetingHasBegun),
    ):
        with pytest.raises(error):
            verbs.change_following(meeting, by=None, keeps_exceptions=True, fields={})
        with pytest.raises(error):
            verbs.end_from(meeting, by=None)
    assert not third.is_cancelled


def test_ending_cancels_what_follows_and_leaves_the_rest(series, ana):
    before = meetings_of(series)
    actions.cancel(before[3], by=None)
    cancelled_at = Meeting.objects.get(pk=before[3].pk).cancelled_at

    ended = verbs.end_from(before[2], by=None)

    rows = meetings_of(ended)
    assert [each.is_cancelled for each in rows] == [False, False] + [True] * (len(rows) - 2)
    assert rows[3].cancelled_at == cancelled_at
    assert (ended.ends_on, ended.ended_at is None) == (before[2].original_day - timedelta(days=1), False)
    assert written("ended") == [(ana.person_id, "1")]
    assert methods(last_mail()) == ["REQUEST"]
    assert Entry.objects.get(verb="series.ended").detail["meetings"] == len(rows) - 3


def test_one_answer_for_all_replaces_those_of_single_ones(series, ana):
    first, second, *rest = meetings_of(series)
    hold(first)
    actions.reply(second, membership=ana, answer="not_coming", by=ana.person)

    count = verbs.reply_to_all(series, membership=ana, answer="coming", by=ana.person)

    said = dict(MeetingReply.objects.values_list("meeting", "answer"))
    assert (count, said) == (len(rest) + 1, {each.pk: "coming" for each in (second, *rest)})
    assert Entry.objects.get(verb="series.replied").about == ana.person


def test_an_answer_for_all_is_for_members_and_for_what_is_to_come(series, ana):
    stranger = add_member(make_community(name="Other"), "Bo")

    with pytest.raises(errors.NotYourMeeting):
        verbs.reply_to_all(series, membership=stranger, answer="coming", by=stranger.person)
    verbs.end_from(meetings_of(series)[0], by=None)
    with pytest.raises(errors.SeriesIsOver):
        verbs.reply_to_all(series, membership=ana, answer="coming", by=ana.person)


def test_people_without_mail_are_not_written_to(community):
    on_paper = add_member(community, "Cy")
    on_paper.enrollment.contact_mode = "paper"
    on_paper.enrollment.save()

    make_series(community)

    assert not Message.objects.exists()


def test_each_meeting_is_reminded_of_as_it_always_was(series, ana):
    first = meetings_of(series)[0]
    long_ago, soon = timezone.now() - timedelta(days=9), timezone.now() + timedelta(hours=2)
    Meeting.objects.filter(pk=first.pk).update(
        starts_at=soon, ends_at=soon + timedelta(hours=1), changed_at=long_ago
    )

    tasks.send_reminders.func()

    assert Message.objects.filter(occasion=f"meeting-reminder:{first.pk}").count() == 1


def test_a_series_knows_its_rule_again(community):
    rule = replace(
        rule_of(),
        clocks=(time(8), time(20)),
        months_out=frozenset({8}),
        free_days=frozenset({date(2030, 1, 1)}),
        instead=rule_of().instead.WEEK_AFTER,
    )

    assert make_series(community, rule=rule).rule == rule
