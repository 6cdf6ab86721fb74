"""What happens when a meeting is planned, changed, cancelled, answered, held and asked about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.actions import accept
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_staff
from coppice.history.models import Entry
from coppice.meetings import actions, errors
from coppice.meetings.models import Attendance, Meeting, MeetingReply, PulseAnswer
from coppice.meetings.notices import today_of
from coppice.meetings.tests.factories import hold, make_meeting, make_past_meeting, reply
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def staff(community):
    return make_staff(community.program)


def in_days(days: int):
    return timezone.now().replace(microsecond=0) + timedelta(days=days)


def plan(community, *, by, days=7):
    starts_at = in_days(days)
    return actions.plan(
        community,
        title="First meeting",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        time_zone="America/New_York",
        by=by,
    )


def written(prefix: str) -> list[tuple[int, str]]:
    """Who was written to on an occasion, and for which period."""
    messages = Message.objects.filter(occasion__startswith=f"meeting-{prefix}:").order_by("pk")
    return list(messages.values_list("recipient", "period"))


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_planning_invites_active_members_only(community, staff):
    active = add_member(community, "Ana")
    add_member(community, state=Membership.State.PAUSED)
    add_member(community, state=Membership.State.INVITED)
    paper = enroll(community.program, "Paper", email="")
    add_member(community, enrollment=paper)

    meeting = plan(community, by=staff)

    assert written("planned") == [(active.person_id, "")]
    assert (meeting.planned_by, meeting.sequence) == (staff, 0)
    assert verbs() == ["meeting.planned"]


def test_planning_for_years_from_now_is_refused(community, staff):
    days = 6 * 365

    with pytest.raises(errors.StartsTooLate):
        plan(community, by=staff, days=days)
    with pytest.raises(errors.StartsTooLate):
        actions.change(make_meeting(community), by=staff, starts_at=in_days(days))


def test_planning_in_the_past_is_refused(community, staff):
    with pytest.raises(errors.StartsInPast):
        plan(community, by=staff, days=-1)


def test_change_counts_and_tells(community, staff):
    member = add_member(community)
    meeting = make_meeting(community, reminded_at=timezone.now())

    actions.change(meeting, by=staff, place="Library")
    kept = Meeting.objects.get().reminded_at
    changed = actions.change(meeting, by=staff, starts_at=in_days(6))

    assert kept is not None
    assert (changed.place, changed.sequence, changed.reminded_at) == ("Library", 2, None)
    assert written("changed") == [(member.person_id, "1"), (member.person_id, "2")]
    assert list(Entry.objects.order_by("pk").values_list("detail__changed", flat=True)) == [
        ["place"],
        ["starts_at"],
    ]


def test_change_to_the_same_writes_to_nobody(community, staff):
    add_member(community)
    meeting = make_meeting(community)

    unchanged = actions.change(meeting, by=staff, title=meeting.title, starts_at=meeting.starts_at)

    assert (unchanged.sequence, written("changed"), verbs()) == (0, [], [])


def test_change_is_refused_for_what_is_gone(community, staff):
    with pytest.raises(errors.MeetingHasBegun):
        actions.change(make_past_meeting(community), by=staff, title="Other")
    with pytest.raises(errors.MeetingIsCancelled):
        actions.change(make_meeting(community, cancelled_at=timezone.now()), by=staff, title="Other")
    with pytest.raises(errors.StartsInPast):
        actions.change(make_meeting(community), by=staff, starts_at=in_days(-1))


def test_cancelling_tells_once(community, staff):
    member = add_member(community)
    meeting = make_meeting(community)

    actions.cancel(meeting, by=staff)
    cancelled = actions.cancel(meeting, by=staff)

    assert cancelled.is_cancelled
    assert cancelled.sequence == 1
    assert written("cancelled") == [(member.person_id, "")]
    assert verbs() == ["meeting.cancelled"]


def test_a_meeting_that_has_begun_is_not_cancelled(community, staff):
    with pytest.raises(errors.MeetingHasBegun):
        actions.cancel(make_past_meeting(community), by=staff)


def test_who_joins_is_invited_to_what_is_planned(community):
    make_meeting(community)
    make_past_meeting(community)
    make_meeting(community, cancelled_at=timezone.now())
    invited = add_member(community, state=Membership.State.INVITED)

    accept(invited, by=invited.person)

    assert written("planned") == [(invited.person_id, "")]


def test_who_is_not_active_is_not_invited(community):
    make_meeting(community)

    actions.invite_to_meetings(add_member(community, state=Membership.State.PAUSED))

    assert written("planned") == []


def test_latest_reply_counts(community):
    member = add_member(community)
    meeting = make_meeting(community)

    actions.reply(meeting, membership=member, answer="coming", by=member.person)
    actions.reply(meeting, membership=member, answer="not_coming", by=member.person)

    assert list(MeetingReply.objects.values_list("membership", "answer")) == [(member.pk, "not_coming")]
    assert list(Entry.objects.values_list("verb", "about")) == [("meeting.replied", member.person_id)] * 2


def test_replies_are_refused(community):
    member = add_member(community)
    gone = add_member(community, state=Membership.State.LEFT)
    elsewhere = add_member(make_community())
    coming = make_meeting(community)

    for meeting, membership, refusal in (
        (coming, gone, errors.NotYourMeeting),
        (coming, elsewhere, errors.NotYourMeeting),
        (make_past_meeting(community), member, errors.MeetingIsOver),
        (make_meeting(community, cancelled_at=timezone.now()), member, errors.MeetingIsCancelled),
    ):
        with pytest.raises(refusal):
            actions.reply(meeting, membership=membership, answer="coming", by=membership.person)
    assert not MeetingReply.objects.exists()


def test_attendance_is_a_snapshot_that_can_be_corrected(community, staff):
    here, away = add_member(community, "Ana"), add_member(community, "Ben")
    add_member(community, "Paused", state=Membership.State.PAUSED)
    elsewhere = add_member(make_community())
    meeting = make_past_meeting(community)

    first = actions.take_attendance(meeting, present={here.pk, elsewhere.pk}, by=staff)
    Meeting.objects.update(pulse_sent_at=timezone.now())
    away.state = Membership.State.LEFT
    away.save()
    fewer = actions.take_attendance(meeting, present=set(), by=staff)
    more = actions.take_attendance(meeting, present={here.pk, away.pk}, by=staff)

    assert (first.present_count, first.expected_count, first.attendance_taken_at is None) == (1, 2, False)
    assert (fewer.present_count, fewer.expected_count, fewer.pulse_sent_at is None) == (0, 2, False)
    assert (more.present_count, more.expected_count, more.pulse_sent_at) == (2, 2, None)
    assert list(Attendance.objects.order_by("membership").values_list("membership", "was_present")) == [
        (here.pk, True),
        (away.pk, True),
    ]
    assert verbs() == ["attendance.taken"] * 3


def test_attendance_is_refused_before_and_without_a_meeting(community, staff):
    with pytest.raises(errors.MeetingHasNotBegun):
        actions.take_attendance(make_meeting(community), present=set(), by=staff)
    with pytest.raises(errors.MeetingIsCancelled):
        actions.take_attendance(
            make_past_meeting(community, cancelled_at=timezone.now()), present=set(), by=staff
        )


def test_reminder_leaves_alone_who_cannot_come(community):
    coming, cannot, silent = (add_member(community, name) for name in ("Ana", "Ben", "Cleo"))
    meeting = make_meeting(community)
    reply(meeting, coming)
    reply(meeting, cannot, MeetingReply.Answer.NOT_COMING)

    actions.remind(meeting)
    actions.remind(meeting)

    period = f"{meeting.starts_at:%Y%m%d%H%M}"
    assert written("reminder") == [(coming.person_id, period), (silent.person_id, period)]


def test_who_has_yet_to_say_is_asked_again_once_a_day(community, staff):
    coming, silent = (add_member(community, name) for name in ("Ana", "Cleo"))
    add_member(community, enrollment=enroll(community.program, "Paper", email=""))
    meeting = make_meeting(community)
    reply(meeting, coming)

    count = actions.ask_again(meeting, by=staff)

    assert count == 1
    assert written("asked_again") == [(silent.person_id, today_of(meeting))]
    entry = Entry.objects.get(verb="meeting.asked_again")
    assert (entry.actor, entry.detail) == (staff, {"community": community.pk, "people": 1})
    with pytest.raises(errors.AskedToday):
        actions.ask_again(meeting, by=staff)
    Message.objects.filter(occasion__startswith="meeting-asked_again").update(period="yesterday")
    assert actions.ask_again(meeting, by=staff) == 1


def test_nobody_is_asked_again_in_vain(community, staff):
    with pytest.raises(errors.NobodyToAsk):
        actions.ask_again(make_meeting(community), by=staff)
    with pytest.raises(errors.MeetingHasBegun):
        actions.ask_again(make_past_meeting(community), by=staff)
    with pytest.raises(errors.MeetingIsCancelled):
        actions.ask_again(make_meeting(community, cancelled_at=timezone.now()), by=staff)


def test_nobody_is_reminded_of_what_is_cancelled(community):
    add_member(community)

    actions.remind(make_meeting(community, cancelled_at=timezone.now()))

    assert written("reminder") == []


def test_pulse_asks_each_person_who_was_there_once(community):
    here, late, away, paused = (add_member(community, name) for name in ("Ana", "Ben", "Cleo", "Dan"))
    meeting = hold(make_past_meeting(community), present=[here, paused], absent=[late, away])
    paused.state = Membership.State.PAUSED
    paused.save()

    actions.ask_pulse(meeting)
    actions.ask_pulse(meeting)
    actions.take_attendance(meeting, present={here.pk, paused.pk, late.pk}, by=None)
    actions.ask_pulse(meeting)

    assert written("pulse") == [(here.person_id, ""), (late.person_id, "")]
    asked = Attendance.objects.exclude(asked_at=None).order_by("membership")
    assert list(asked.values_list("membership", flat=True)) == [here.pk, late.pk]


def test_pulse_is_not_asked_about_a_cancelled_meeting(community):
    here = add_member(community)
    meeting = hold(make_past_meeting(community, cancelled_at=timezone.now()), present=[here])

    actions.ask_pulse(meeting)

    assert written("pulse") == []


def test_pulse_answer_can_be_changed_and_the_record_tells_nothing_of_it(community):
    here, away = add_member(community), add_member(community)
    meeting = hold(make_past_meeting(community), present=[here], absent=[away])

    actions.answer_pulse(meeting, membership=here, worth=2, will_try="")
    actions.answer_pulse(meeting, membership=here, worth=5, will_try="  Ask  ")
    with pytest.raises(errors.NotThere):
        actions.answer_pulse(meeting, membership=away, worth=5, will_try="")

    assert list(PulseAnswer.objects.values_list("membership", "worth", "will_try")) == [(here.pk, 5, "Ask")]
    assert not Entry.objects.exists()


def test_what_was_planned_is_not_corrected_afterwards(community, staff):
    meeting = make_past_meeting(community)

    with pytest.raises(errors.MeetingHasBegun):
        actions.correct(meeting, by=staff, title="Other")


def test_a_correction_that_changes_nothing_leaves_no_trace(community, staff):
    community.starts_on -= timedelta(days=400)
    community.save()
    details = {"title": "Held", "time_zone": "UTC", "by": staff}
    held = actions.enter(community, starts_at=in_days(-3), ends_at=in_days(-2), **details)

    actions.correct(held, by=staff, title="Held")

    assert [entry.verb for entry in Entry.objects.all()] == ["meeting.entered"]
    with pytest.raises(errors.OutsideTime):  # more than a year ago
        actions.enter(community, starts_at=in_days(-370), ends_at=in_days(-369), **details)
