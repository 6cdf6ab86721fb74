"""Replies by mail to a meeting's mails are answers, and words beside them reach who leads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import add_member, make_community
from coppice.meetings import actions, after_notices, errors, inbound, notices, series_notices
from coppice.meetings.actions import time_polls
from coppice.meetings.models import (
    FollowUp,
    MeetingReply,
    MissedMeeting,
    PulseAnswer,
    TimeAnswer,
)
from coppice.meetings.tests.factories import make_meeting, make_past_meeting, make_series
from coppice.meetings.tests.replies import mail as calendar_answer
from coppice.notifications.inbound import Incoming, NotUnderstood
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(settings):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    return make_community()


@pytest.fixture
def tom(community):
    return add_member(community, "Tom")


@pytest.fixture
def rosa(community):
    return add_member(community, "Rosa", role="leader")


def mail(text: str, **fields) -> Incoming:
    return Incoming(
        **{
            "text": text,
            "html": "",
            "subject": "",
            "attachments": (),
            "mail_id": 1,
            "message_id": "",
            "at": timezone.now(),
            **fields,
        }
    )


def test_yes_no_and_maybe_answer_an_invitation(community, tom, rosa):
    meeting = make_meeting(community)
    message = notices.planned(meeting, to=tom)
    assert (message.reply_to, "“yes”, “no” or “maybe”" in message.text) == (f"meeting:{meeting.pk}", True)
    met = []

    for text in ("Yes", "no", "vielleicht", "Ja, ich komme etwas später"):
        inbound.answer_meeting(tom.person, meeting.pk, mail(text))
        met.append(list(MeetingReply.objects.values_list("membership", "answer")))

    assert met == [[(tom.pk, "coming")], [(tom.pk, "not_coming")], [], [(tom.pk, "coming")]]
    [passed_on] = Message.objects.filter(recipient=rosa.person)
    assert "Tom comes to “First meeting”, and writes:" in passed_on.text
    assert "ich komme etwas später" in passed_on.text


def test_a_meeting_that_moved_since_is_asked_about_anew(community, tom, rosa):
    meeting = make_meeting(community)
    asked_at = notices.planned(meeting, to=tom).created_at
    changed = notices.changed(meeting, to=tom)

    inbound.answer_meeting(tom.person, meeting.pk, mail("Yes", asked_at=asked_at))
    assert not MeetingReply.objects.exists()
    assert Message.objects.filter(occasion=f"meeting-asked_again:{meeting.pk}").count() == 1

    inbound.answer_meeting(tom.person, meeting.pk, mail("Yes", asked_at=changed.created_at))
    assert MeetingReply.objects.get().answer == "coming"


@pytest.mark.parametrize("text", ["What shall I bring?", "No problem, but when?", ""])
def test_what_is_no_answer_comes_back_with_the_page(community, tom, text):
    meeting = make_meeting(community)

    with pytest.raises(NotUnderstood) as refused:
        inbound.answer_meeting(tom.person, meeting.pk, mail(text))

    assert "maybe" in str(refused.value.sentence)
    assert refused.value.do_path.startswith("/")


def test_nobody_outside_answers(community):
    stranger, meeting = add_member(make_community(), "Mia"), make_meeting(community)

    for receive in (inbound.answer_meeting, inbound.say_worth, inbound.say_why_missing):
        with pytest.raises(NotUnderstood):
            receive(stranger.person, meeting.pk, mail("yes"))


def test_a_meeting_that_is_cancelled_or_over_takes_no_answer(community, tom):
    over, cancelled = make_past_meeting(community), make_meeting(community, cancelled_at=timezone.now())

    for meeting, refusal in ((over, errors.MeetingIsOver), (cancelled, errors.MeetingIsCancelled)):
        for text in ("yes", "maybe"):
            with pytest.raises(refusal):
                inbound.answer_meeting(tom.person, meeting.pk, mail(text))


def test_a_calendar_that_answers_is_heard_at_any_address(community, tom):
    meeting = make_meeting(community)
    answer = calendar_answer("gmail", meeting, tom)

    assert inbound.read_calendar(1, answer)
    assert not inbound.read_calendar(1, b"From: tom@example.org\n\nYes\n")
    with pytest.raises(NotUnderstood):
        inbound.read_calendar(1, calendar_answer("outlook", meeting, tom, uid=""))

    assert MeetingReply.objects.get().answer == "coming"


def test_a_whole_series_is_answered(community, tom, rosa):
    series = make_series(community)
    assert series_notices.planned(series, to=tom).reply_to == f"series:{series.pk}"

    inbound.answer_series(tom.person, series.pk, mail("Yes!"))
    with pytest.raises(NotUnderstood):
        inbound.answer_series(tom.person, series.pk, mail("Some of them"))

    assert MeetingReply.objects.filter(answer="coming").count() == series.meetings.count()


@pytest.mark.parametrize(
    ("text", "can"),
    [("1, 3", [True, False, True]), ("None, sorry: no", None), ("no", [False] * 3), ("yes", [True] * 3)],
)
def test_times_are_chosen_by_number(community, tom, text, can):
    day = timezone.now().replace(microsecond=0) + timedelta(days=9)
    poll = time_polls.ask(
        community,
        title="When?",
        starts=[day + timedelta(days=number) for number in range(3)],
        minutes=60,
        time_zone="UTC",
        closes_on=timezone.localdate() + timedelta(days=5),
        by=tom.person,
    )

    if can is None:
        with pytest.raises(NotUnderstood):
            inbound.answer_times(tom.person, poll.pk, mail(text))
    else:
        inbound.answer_times(tom.person, poll.pk, mail(text))
        said = TimeAnswer.objects.filter(membership=tom).order_by("time__starts_at")
        assert [each.answer == "yes" for each in said] == can


def test_the_pulse_keeps_number_and_words(community, tom):
    meeting = make_past_meeting(community)
    actions.take_attendance(meeting, present=[tom.pk], by=tom.person)
    message = notices.pulse(meeting, to=tom)
    assert message.reply_to == f"pulse:{meeting.pk}"

    inbound.say_worth(tom.person, meeting.pk, mail("4, I will ask my neighbours"))
    with pytest.raises(NotUnderstood):
        inbound.say_worth(tom.person, meeting.pk, mail("It was nice"))

    assert list(PulseAnswer.objects.values_list("worth", "will_try")) == [(4, "I will ask my neighbours")]


def test_a_follow_up_keeps_number_and_story(community, tom):
    meeting = make_past_meeting(community, days_ago=30)
    asked = [
        FollowUp.objects.create(meeting=meeting, membership=tom, days=days, asked_at=timezone.now())
        for days in FollowUp.After
    ]
    things = {each.pk: ["Ask"] for each in asked}

    inbound.say_tried(tom.person, asked[0].pk, mail("Not yet. No time"))
    inbound.say_tried(tom.person, asked[1].pk, mail("3"))
    with pytest.raises(NotUnderstood):
        inbound.say_tried(tom.person, asked[1].pk, mail("7"))
    with pytest.raises(NotUnderstood):
        inbound.say_tried_of_several(tom.person, tom.pk, mail("3"))

    assert list(FollowUp.objects.values_list("tried", "story")) == [(0, "No time"), (3, "")]
    assert after_notices.follow_up(tom, asked=asked, things=things).reply_to == f"follow-ups:{tom.pk}"


def test_why_somebody_was_missing_is_said_by_number(community, tom):
    meeting = make_past_meeting(community)
    MissedMeeting.objects.create(meeting=meeting, membership=tom, asked_at=timezone.now())
    assert "2. The time does not suit me" in after_notices.missed(meeting, to=tom).text

    inbound.say_why_missing(tom.person, meeting.pk, mail("2 - evenings\nare hard"))
    with pytest.raises(NotUnderstood):
        inbound.say_why_missing(tom.person, meeting.pk, mail("5"))

    assert list(MissedMeeting.objects.values_list("reason", "words", "shows_name")) == [
        ("time", "evenings are hard", False)
    ]
