"""Asking for several times, and answering: who is asked, who may answer, and what is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.meetings import errors
from coppice.meetings.actions import time_polls
from coppice.meetings.models import TimeAnswer, TimePoll
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def staff(community):
    return make_staff(community.program)


def ask(community, by, *, days=(5, 6), closes_in=2, **fields) -> TimePoll:
    now = timezone.now().replace(microsecond=0)
    closes_on = timezone.localdate(timezone=community.zone) + timedelta(days=closes_in)
    asked = {"title": "Meet?", "minutes": 60, "time_zone": "UTC", "closes_on": closes_on, "by": by}
    starts = [now + timedelta(days=day) for day in days]
    return time_polls.ask(community, starts=starts, **{**asked, **fields})


@pytest.mark.parametrize(
    ("days", "closes_in", "refusal"),
    [
        ((), 2, errors.NothingToAsk),
        (range(5, 18), 2, errors.NothingToAsk),
        ((-1, 5), 2, errors.StartsInPast),
        ((5, 3000), 2, errors.StartsTooLate),
        ((5, 6), 9, errors.ClosesTooLate),
        ((5, 6), -1, errors.ClosesTooLate),
    ],
)
def test_what_cannot_be_asked_is_refused_and_writes_to_nobody(community, staff, days, closes_in, refusal):
    add_member(community, "Ana")

    with pytest.raises(refusal):
        ask(community, staff, days=days, closes_in=closes_in)

    assert not TimePoll.objects.exists()
    assert not Message.objects.exists()


def test_who_joins_is_asked_while_it_is_open_and_who_is_not_in_or_comes_late_is_not(community, staff):
    poll = ask(community, staff)
    ana, bo, cy = (add_member(community, name) for name in ("Ana", "Bo", "Cy"))
    Membership.objects.filter(pk=bo.pk).update(state=Membership.State.PAUSED)

    time_polls.ask_new_member(ana)
    time_polls.ask_new_member(Membership.objects.get(pk=bo.pk))
    TimePoll.objects.filter(pk=poll.pk).update(closes_on=poll.closes_on - timedelta(days=9))
    time_polls.ask_new_member(cy)

    assert [each.recipient for each in Message.objects.all()] == [ana.person]


def test_an_answer_is_of_somebody_of_the_community_to_each_time_and_while_it_is_open(community, staff):
    poll = ask(community, staff)
    ana, outsider = add_member(community, "Ana"), add_member(make_community(), "Bo")
    times = list(poll.times.values_list("pk", flat=True))
    yes = dict.fromkeys(times, TimeAnswer.Answer.YES)

    with pytest.raises(errors.NotYourMeeting):
        time_polls.answer(poll, membership=outsider, answers=yes, by=outsider.person)
    with pytest.raises(errors.AnswerEachTime):
        time_polls.answer(poll, membership=ana, answers={times[0]: "yes"}, by=ana.person)
    time_polls.answer(poll, membership=ana, answers=yes, by=staff)
    time_polls.answer(poll, membership=ana, answers={**yes, times[0]: "no"}, by=ana.person)
    time_polls.close(poll, by=staff)
    with pytest.raises(errors.TimePollIsClosed):
        time_polls.answer(poll, membership=ana, answers=yes, by=ana.person)

    said = TimeAnswer.objects.order_by("time").values_list("answer", "entered_by")
    assert list(said) == [("no", None), ("yes", None)]


def again(poll) -> list[int]:
    mails = Message.objects.filter(occasion=f"time-poll-again:{poll.pk}")
    return list(mails.order_by("pk").values_list("recipient", flat=True))


def test_who_has_yet_to_answer_is_asked_again_once_a_day(community, staff):
    ana, bo = (add_member(community, name) for name in ("Ana", "Bo"))
    poll = ask(community, staff)
    said = dict.fromkeys(poll.times.values_list("pk", flat=True), TimeAnswer.Answer.YES)
    time_polls.answer(poll, membership=ana, answers=said, by=ana.person)

    assert time_polls.ask_again(poll, by=staff) == 1
    with pytest.raises(errors.AskedToday):
        time_polls.ask_again(poll, by=staff)
    assert again(poll) == [bo.person_id]

    Message.objects.update(created_at=timezone.now() - timedelta(days=2), period="2020-01-01")
    assert time_polls.ask_again(poll, by=staff) == 1
    assert again(poll) == [bo.person_id, bo.person_id]


def test_nobody_is_asked_again_when_all_have_answered_or_it_is_closed(community, staff):
    poll = ask(community, staff)
    with pytest.raises(errors.NobodyToAsk):
        time_polls.ask_again(poll, by=staff)

    time_polls.close(poll, by=staff)
    with pytest.raises(errors.TimePollIsClosed):
        time_polls.ask_again(poll, by=staff)


def test_the_page_asks_again_by_one_button(community, staff, client):
    add_member(community, "Ana")
    poll = ask(community, staff)
    client.force_login(staff)

    first = client.post(reverse("meetings:time_poll_asking_again", args=[poll.pk]), follow=True).text
    second = client.post(reverse("meetings:time_poll_asking_again", args=[poll.pk]), follow=True).text

    assert ("A mail is on its way to one person." in first, "You can ask once more tomorrow." in first) == (
        True,
        True,
    )
    assert "They were asked today already." in second


def test_everybody_hears_once_that_a_question_was_closed_without_a_meeting(community, staff):
    ana = add_member(community, "Ana")
    poll = ask(community, staff)

    time_polls.close(poll, by=staff)
    time_polls.close(poll, by=staff)

    [message] = Message.objects.filter(occasion=f"time-poll-closed:{poll.pk}")
    assert (message.recipient_id, message.subject) == (ana.person_id, "No meeting for now: Meet?")


def test_nobody_hears_of_closing_when_a_meeting_was_planned(community, staff):
    add_member(community, "Ana")
    poll = ask(community, staff)
    time = poll.times.all()[0]

    time_polls.plan(
        time,
        by=staff,
        title="Meet",
        starts_at=time.starts_at,
        ends_at=time.starts_at + timedelta(hours=1),
        time_zone="UTC",
    )

    assert not Message.objects.filter(occasion=f"time-poll-closed:{poll.pk}").exists()
