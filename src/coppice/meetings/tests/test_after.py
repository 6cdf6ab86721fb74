"""The weeks after a meeting: did you try it, and what it was that somebody was missing."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coppice.accounts.actions import erase
from coppice.communities.actions import commitments, memberships
from coppice.communities.commitment_models import Commitment
from coppice.communities.links import place_path
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community
from coppice.history.models import Entry
from coppice.lib.clock import beats
from coppice.meetings import actions, errors, tasks
from coppice.meetings.actions import after
from coppice.meetings.after_board import afterwards_of, reasons_of
from coppice.meetings.links import absence_path, follow_ups_path
from coppice.meetings.minutes_models import key_of
from coppice.meetings.models import Attendance, FollowUp, Meeting, MissedMeeting
from coppice.meetings.tests.factories import answer_pulse, hold, make_meeting, reply
from coppice.notifications.actions import mute
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db

STARTS = datetime(2027, 5, 12, 14, tzinfo=UTC)
MONTH, QUARTER = FollowUp.After.MONTH, FollowUp.After.QUARTER
State = Commitment.State


@pytest.fixture
def community():
    return make_community(name="Hedgerow", time_zone="UTC")


@pytest.fixture
def ana(community):
    return add_member(community, "Ana Leader", role=Membership.Role.LEADER)


@pytest.fixture
def ben(community):
    return add_member(community, "Ben Member")


def held(community, *present, absent=(), starts_at=STARTS, **fields) -> Meeting:
    return hold(
        make_meeting(community, starts_at=starts_at, **fields), present=list(present), absent=list(absent)
    )


def run(task, *moments: datetime) -> list[int]:
    """Run a task at each moment and return how many messages there are after it."""
    counts = []
    for moment in moments:
        with patch("django.utils.timezone.now", return_value=moment):
            task.call()
        counts.append(Message.objects.count())
    return counts


def days_after(days: int, hour: int = 9, minute: int = 0) -> datetime:
    return STARTS.replace(hour=hour, minute=minute) + timedelta(days=days)


def asked(meeting, *members, days=MONTH) -> list[FollowUp]:
    return FollowUp.objects.bulk_create(
        FollowUp(meeting=meeting, membership=each, days=days, asked_at=STARTS) for each in members
    )


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def typed(follow_up, **fields) -> dict[str, str]:
    return {f"follow_up_{follow_up.pk}-{name}": value for name, value in fields.items()}


# Did you try it?


def test_who_meant_to_try_something_is_asked_after_a_month_and_once_more_after_three(community, ben):
    quiet = add_member(community)
    meeting = held(community, ben, quiet)
    answer_pulse(meeting, ben, 4, "Ask one open question")
    answer_pulse(meeting, quiet, 4)

    early, nine, again, next_day, three, three_again = run(
        tasks.ask_follow_ups,
        days_after(30, 8, 59),
        days_after(30),
        days_after(30, 9, 15),
        days_after(31),
        days_after(90),
        days_after(91),
    )

    assert (early, nine, again, next_day, three, three_again) == (0, 1, 1, 1, 2, 2)
    assert list(FollowUp.objects.values_list("membership", "days")) == [(ben.pk, 30), (ben.pk, 90)]
    message = Message.objects.earliest("pk")
    assert "Ask one open question" in message.text
    assert message.text.count(follow_ups_path(ben)) == 4


def test_whose_commitment_from_the_meeting_is_tried_or_done_is_asked(community, ana, ben):
    meeting, other = held(community, ana, ben), held(community, ana, ben)
    said = {"by": ana.person, "source": Commitment.Source.MEETING}
    done = commitments.make(ben, what="Send the letter", source_key=key_of(meeting, None), **said)
    commitments.make(ana, what="Call the county", source_key=key_of(meeting, None), **said)
    commitments.tell(done, state=State.DONE, by=ben.person)
    Message.objects.all().delete()

    run(tasks.ask_follow_ups, days_after(30))

    assert list(FollowUp.objects.values_list("meeting", "membership")) == [(meeting.pk, ben.pk)]
    assert ("Send the letter" in Message.objects.get().text, other.follow_ups.count()) == (True, 0)


def test_nobody_is_asked_what_became_of_what_they_call_not_theirs(community, ana, ben):
    meeting = held(community, ana, ben)
    said = {"by": ana.person, "source": Commitment.Source.MEETING}
    made = commitments.make(ben, what="Send the letter", source_key=key_of(meeting, None), **said)
    commitments.tell(made, state=State.DONE, by=ana.person)
    commitments.give_word(made, word=Commitment.Word.NOT_MINE, by=ben.person)

    run(tasks.ask_follow_ups, days_after(30))

    assert not FollowUp.objects.exists()


def test_several_meetings_are_one_mail_a_person_and_day(community, ben):
    another = make_community(time_zone="UTC")
    elsewhere = add_member(another, enrollment=enroll(another.program, person=ben.person))
    for where, member, hour in (
        (community, ben, 8),
        (community, ben, 12),
        (elsewhere.community, elsewhere, 9),
    ):
        answer_pulse(held(where, member, starts_at=STARTS.replace(hour=hour)), member, 5, f"Try {hour}")

    assert run(tasks.ask_follow_ups, days_after(30, 9), days_after(30, 12), days_after(31, 9)) == [1, 1, 2]
    first, second = Message.objects.order_by("pk")
    assert [word in first.text for word in ("Try 8", "Try 12", "Try 9")] == [True, True, False]
    assert "Try 9" in second.text


@pytest.mark.parametrize("gone", ["left", "paused", "erased", "without mail", "ended"])
def test_nobody_is_asked_who_is_gone_or_rests(community, gone):
    address = {"email": ""} if gone == "without mail" else {}
    ben = add_member(community, enrollment=enroll(community.program, "Ben", **address))
    answer_pulse(held(community, ben), ben, 4, "Ask one open question")
    if gone == "left":
        memberships.leave(ben, by=ben.person)
    elif gone == "paused":
        memberships.pause(ben, by=ben.person)
    elif gone == "erased":
        erase(ben.person, by=ben.person)
    elif gone == "ended":
        community.ended_at = STARTS + timedelta(days=9)
        community.save()
    Message.objects.all().delete()

    assert (run(tasks.ask_follow_ups, days_after(30)), FollowUp.objects.count()) == ([0], 0)


@pytest.mark.parametrize("fields", [{"entered_afterwards": True}, {"cancelled_at": STARTS}])
def test_nobody_is_asked_of_what_was_entered_or_cancelled(community, ben, fields):
    answer_pulse(held(community, ben, **fields), ben, 4, "Ask one open question")

    assert run(tasks.ask_follow_ups, days_after(30)) == [0]


def test_who_wants_no_mail_of_the_group_is_not_asked_and_nothing_waits_for_them(community, ben):
    meeting = held(community, ben)
    answer_pulse(meeting, ben, 4, "Ask one open question")
    mute(ben.person, list_key=community.list_key)

    assert run(tasks.ask_follow_ups, days_after(30), days_after(31)) == [0, 0]
    assert FollowUp.objects.count() == 0


def test_what_was_asked_before_is_left_out(community, ben):
    meeting = held(community, ben)
    answer_pulse(meeting, ben, 4, "Ask one open question")
    asked(meeting, ben)

    assert after.ask_follow_up(ben, due=[(meeting, MONTH)]) == ()


def test_two_weeks_late_is_too_late(community, ben):
    answer_pulse(held(community, ben), ben, 4, "Ask one open question")

    assert run(tasks.ask_follow_ups, days_after(45)) == [0]


def test_a_link_in_the_mail_chooses_and_only_the_button_answers(community, ben):
    meeting = held(community, ben)
    answer_pulse(meeting, ben, 4, "Ask one open question")
    month, quarter = asked(meeting, ben), asked(meeting, ben, days=QUARTER)
    [follow_up] = month
    address = follow_ups_path(ben, follow_up=follow_up, tried=2)
    entries = Entry.objects.count()

    page = Client().get(address)
    follow_up.refresh_from_db()
    assert (page.status_code, follow_up.is_answered) == (200, False)
    assert "You chose: 2: for the most part." in page.text
    assert page.text.count("<form") == 2

    sent = Client().post(
        f"{address.partition('?')[0]}{follow_up.pk}/answer/",
        typed(follow_up, tried="2", story="Time", told_colleagues="True", effect="", next_step="Go on"),
    )

    follow_up.refresh_from_db()
    assert sent.headers["Location"] == follow_ups_path(ben)
    assert (
        follow_up.tried,
        follow_up.story,
        follow_up.told_colleagues,
        follow_up.effect,
        follow_up.next_step,
        follow_up.may_show,
        follow_up.is_answered,
    ) == (2, "Time", True, None, "Go on", False, True)
    assert not FollowUp.objects.get(pk=quarter[0].pk).is_answered
    assert Entry.objects.count() == entries
    assert "You answered: 2: for the most part" in Client().get(follow_ups_path(ben)).text


def test_an_answer_without_how_far_is_asked_for_again(community, ben):
    [follow_up] = asked(held(community, ben), ben)

    again = Client().post(
        f"{follow_ups_path(ben)}{follow_up.pk}/answer/", typed(follow_up, story="Time", tried="4")
    )

    assert (again.status_code, "Time" in again.text) == (422, True)
    with pytest.raises(errors.SayWhetherTried):
        after.answer_follow_up(follow_up, tried=None)


def test_one_link_answers_nothing_of_others(community, ana, ben):
    [of_ana] = asked(held(community, ana), ana)

    answered = Client().post(f"{follow_ups_path(ben)}{of_ana.pk}/answer/", typed(of_ana, tried="3"))
    page = Client().get(follow_ups_path(ben))

    assert (answered.status_code, page.status_code) == (404, 200)
    assert "we ask here a month and three months later" in page.text
    memberships.leave(ben, by=ben.person)
    assert Client().get(follow_ups_path(ben)).status_code == 404


def test_numbers_move_by_five_answers_at_a_time(community, ana):
    members = [ana, *(add_member(community) for _number in range(9))]
    meeting = held(community, *members)
    follow_ups = asked(meeting, *members)
    shown = []
    for number, each in enumerate(follow_ups):
        effect = 4 if number % 2 else None
        after.answer_follow_up(each, tried=number % 4, effect=effect, told_colleagues=number > 0)
        [wave] = afterwards_of(meeting, leads=True).waves
        shown.append((wave.answered, [tally.counted for tally in wave.tallies]))

    assert shown == [
        (1, []),
        (2, []),
        (3, []),
        (4, []),
        (5, [5, 5]),
        (6, [5, 5]),
        (7, [5, 5]),
        (8, [5, 5]),
        (9, [5, 5]),
        (10, [10, 10, 5]),
    ]
    assert [(line.label, line.count) for line in wave.tallies[0].lines] == [
        ("0: not yet", 3),
        ("1: a little", 3),
        ("2: for the most part", 2),
        ("3: fully", 2),
    ]
    assert (wave.asked, wave.rate) == (10, 100)


def test_a_changed_answer_waits_for_others_too(community):
    members = [add_member(community) for _number in range(6)]
    meeting = held(community, *members)
    follow_ups = asked(meeting, *members)
    for each in follow_ups[:5]:
        after.answer_follow_up(each, tried=1, effect=3)
    before = afterwards_of(meeting, leads=True)

    after.answer_follow_up(follow_ups[0], tried=3, effect=None)

    assert afterwards_of(meeting, leads=True) == before
    assert [tally.counted for tally in before.waves[0].tallies] == [5, 5]


def test_words_show_only_as_their_owner_allows(community, ana, ben):
    meeting = held(community, ana, ben)
    answer_pulse(meeting, ben, 4, "Ask one open question")
    of_ana, of_ben = asked(meeting, ana, ben)
    after.answer_follow_up(of_ana, tried=1, story="Kept by Ana", may_show=False)
    after.answer_follow_up(of_ben, tried=3, story="It opened the talk", next_step="Again", may_show=True)
    address = reverse("meetings:afterwards", args=[meeting.pk])

    for reader in (ana, ben):
        text = client_of(reader).get(address).text
        assert ("It opened the talk" in text, "Next: Again" in text, "Kept by Ana" in text) == (
            True,
            True,
            False,
        )
        assert ("2 of 2 people" in text) == (reader == ana)

    erase(ben.person, by=ben.person)
    assert "It opened the talk" not in client_of(ana).get(address).text


def test_the_page_of_what_came_of_it_stays_cheap(community, ana):
    members = [add_member(community) for _number in range(12)]
    meeting = held(community, ana, *members)
    for days in FollowUp.After:
        for each in asked(meeting, *members, days=days):
            after.answer_follow_up(each, tried=2, story="Time", may_show=True)
    client = client_of(ana)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("meetings:afterwards", args=[meeting.pk]))

    assert (page.text.count("Time"), len(queries) <= 12) == (24, True)


# Who was missing


def test_who_was_missing_and_had_not_said_so_is_asked_once(community, ana, ben):
    said_no, paper = (
        add_member(community),
        add_member(community, enrollment=enroll(community.program, email="")),
    )
    meeting = held(community, ana, absent=[ben, said_no, paper])
    reply(meeting, said_no, "not_coming")

    counts = run(tasks.ask_absent, days_after(0, 23), days_after(1, 8), days_after(1), days_after(1, 9, 15))

    assert counts == [0, 0, 1, 1]
    message = Message.objects.get()
    assert (message.recipient_id, message.subject) == (ben.person_id, "We missed you at “First meeting”")
    assert message.text.count(absence_path(meeting, ben)) == 4
    assert list(MissedMeeting.objects.values_list("membership", flat=True)) == [ben.pk]


@pytest.mark.parametrize("fields", [{"entered_afterwards": True}, {"cancelled_at": STARTS}])
def test_nobody_is_asked_why_they_were_missing_from_what_was_entered_or_cancelled(
    community, ana, ben, fields
):
    meeting = held(community, ana, absent=[ben], **fields)

    assert (after.ask_absent(meeting), run(tasks.ask_absent, days_after(1))) == ((), [0])


def test_who_was_missing_answers_by_one_button(community, ana, ben):
    meeting = held(community, ana, absent=[ben])
    after.ask_absent(meeting)
    entries = Entry.objects.count()
    address = absence_path(meeting, ben, reason="time")

    shown = Client().get(address).text
    assert ("You chose: The time does not suit me." in shown, MissedMeeting.objects.get().reason) == (
        True,
        "",
    )
    sent = Client().post(
        f"{address.partition('?')[0]}answer/", {"reason": "time", "words": "School ends at three"}
    )

    absence = MissedMeeting.objects.get()
    assert sent.headers["Location"] == absence_path(meeting, ben)
    assert (absence.reason, absence.words, absence.shows_name) == ("time", "School ends at three", False)
    assert Entry.objects.count() == entries
    assert "This is what you answered" in Client().get(absence_path(meeting, ben)).text
    other = Client().get(absence_path(meeting, ben, reason="could_not")).text
    assert "your earlier answer counts: The time does not suit me" in other


def test_who_wants_to_pause_goes_on_to_where_they_can(community, ana, ben):
    meeting = held(community, ana, absent=[ben])
    after.ask_absent(meeting)

    sent = Client().post(f"{absence_path(meeting, ben)}answer/", {"reason": "pause"})
    page = Client().get(sent.headers["Location"])

    assert (sent.headers["Location"], page.status_code) == (place_path(ben), 200)
    ben.refresh_from_db()
    assert ben.state == Membership.State.ACTIVE
    memberships.pause(ben, by=ben.person)
    sent = Client().post(f"{absence_path(meeting, ben)}answer/", {"reason": "pause"})
    assert sent.headers["Location"] == absence_path(meeting, ben)


def test_an_answer_without_a_reason_is_asked_for_again(community, ana, ben):
    meeting = held(community, ana, absent=[ben])
    after.ask_absent(meeting)

    again = Client().post(f"{absence_path(meeting, ben)}answer/", {"words": "School"})

    assert (again.status_code, "School" in again.text) == (422, True)


def test_who_was_never_asked_has_no_page(community, ana, ben):
    meeting = held(community, ana, ben)

    with pytest.raises(errors.NotAsked):
        after.answer_absent(meeting, membership=ben, reason="time", words="", shows_name=False)
    assert Client().get(absence_path(meeting, ben)).status_code == 404


def test_reasons_are_counted_over_all_meetings_and_named_only_by_their_owner(community, ana):
    members = [add_member(community, f"Member {number}") for number in range(4)]
    client, numbers = client_of(ana), []
    meetings = [held(community, ana, absent=members) for _number in range(2)]
    for meeting in meetings:
        after.ask_absent(meeting)
        for number, each in enumerate(members):
            after.answer_absent(
                meeting,
                membership=each,
                reason="time" if number else "not_useful",
                words=f"Word {number}",
                shows_name=number == 1,
            )
            reasons = reasons_of(meeting)
            numbers.append((reasons.answered, reasons.counted))

    text = client.get(reverse("meetings:afterwards", args=[meetings[0].pk])).text
    to_member = client_of(members[0]).get(reverse("meetings:afterwards", args=[meetings[0].pk])).text
    assert numbers == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 5), (8, 5)]
    assert [(line.label, line.count) for line in reasons.lines] == [
        ("I could not make it this time", 0),
        ("The time does not suit me", 3),
        ("It is not useful to me now", 2),
        ("I want to pause for a while", 0),
    ]
    assert ["Word 1" in text, "Word 0" in text, "Word 2" in text] == [True, False, False]
    assert "Why people were missing" not in to_member


def test_who_turns_out_to_have_been_there_is_asked_the_pulse_all_the_same(community, ana, ben):
    meeting = held(community, ana, absent=[ben])
    after.ask_absent(meeting)
    Attendance.objects.filter(membership=ben).update(was_present=True)

    actions.ask_pulse(meeting)

    assert Message.objects.filter(recipient=ben.person, occasion=f"meeting-pulse:{meeting.pk}").count() == 1


def test_the_clock_calls_both_each_quarter_of_an_hour():
    own = {beat.task.module_path.rpartition(".")[2]: beat.minutes for beat in beats()}

    assert (own["ask_absent"], own["ask_follow_ups"]) == (15, 15)


def test_one_reason_without_a_name_is_not_told_by_the_four_with_one(community, ana):
    members = [add_member(community, f"Member {number}") for number in range(9)]
    meeting = held(community, ana, absent=members)
    after.ask_absent(meeting)

    def say(number: int, reason: str, *, shows_name: bool) -> list[int]:
        after.answer_absent(
            meeting, membership=members[number], reason=reason, words="", shows_name=shows_name
        )
        return [line.count for line in reasons_of(meeting).lines]

    four_with_a_name = [say(number, "time", shows_name=True) for number in range(4)]
    first_without = say(4, "not_useful", shows_name=False)
    others_without = [say(number, "time", shows_name=False) for number in range(5, 9)]
    one_shows_their_name = say(8, "time", shows_name=True)

    assert four_with_a_name == [[]] * 4
    assert first_without == []
    assert others_without == [[], [], [], [0, 4, 1, 0]]
    assert one_shows_their_name == []
    assert len(reasons_of(meeting).by_name) == 5
