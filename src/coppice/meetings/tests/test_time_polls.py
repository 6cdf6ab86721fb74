"""Asking for several times, and answering: who is asked, who may answer, and what is refused."""

from datetime import timedelta

import pytest
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
