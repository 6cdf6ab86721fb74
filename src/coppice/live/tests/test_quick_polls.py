"""A quick poll comes within the step that is on, and the step goes on afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import answers, moves, quick_polls, rooms
from coppice.live.errors import NotGoingOn, RoomHasEnded
from coppice.live.models import Room, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=[plan("talk", "In pairs", minutes=3), plan("words", "One word")])


@pytest.fixture
def host(room, client):
    person = make_staff(room.program)
    client.force_login(person)
    return client


def page(host, room) -> str:
    return " ".join(host.get(room.get_absolute_url()).content.decode().split())


def ask(host, step: Step, **said: object):
    filled = {"question": "Ready to go on?", "kind": "choice", "options": "Yes\nNot yet", **said}
    return host.post(reverse("live:quick_poll", args=[step.pk]), filled, follow=True)


def test_the_step_stands_still_while_a_poll_is_asked_and_goes_on_afterwards(host, room, monkeypatch):
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    talk = opened(room)
    ana = make_participant(room, "Ana")

    now[0] += timedelta(minutes=1)
    ask(host, talk)
    poll = room.steps.get(within=talk)
    answers.give(fresh(poll), participant=ana, round=1, picks=[1])
    now[0] += timedelta(minutes=5)
    during = page(host, room)
    moves.close_step(poll, by=None)
    after = page(host, room)
    wall = host.get(links.projector_path(room)).content.decode()
    moves.open_step(talk, by=None)

    assert [str(step) for step in room.steps.all()] == ["In pairs", "Ready to go on?", "One word"]
    assert ("Close and show the result" in during, "Ask a quick poll" in during) == (True, False)
    assert ("Go on with: In pairs" in after, "Back to:" in after, "Not yet" in wall) == (True, False, True)
    assert (fresh(talk).is_open, fresh(talk).round, fresh(talk).left()) == (True, 1, timedelta(minutes=2))
    again = page(host, room)
    assert ("Open: One word" in again, "Open: Ready" in again) == (True, False)
    moves.open_step(room.steps.get(title="One word"), by=None)
    assert "Back to: In pairs" in page(host, room)
    assert "live_room.agenda_changed" in Entry.objects.values_list("verb", flat=True)


@pytest.mark.parametrize(
    ("said", "settings"),
    [
        ({}, {"options": ["Yes", "Not yet"], "several": False, "show_at_once": False}),
        ({"kind": "ranking", "show_at_once": "1"}, {"options": ["Yes", "Not yet"], "show_at_once": True}),
        (
            {"kind": "scale", "options": ""},
            {"steps": 5, "lowest": "", "highest": "", "show_at_once": False},
        ),
        ({"kind": "words", "options": ""}, {"show_at_once": False}),
    ],
)
def test_each_kind_of_poll_can_be_asked_and_answered_at_once(host, room, said, settings):
    answer = ask(host, opened(room), **said)

    poll = room.steps.get(within__isnull=False)
    assert (poll.settings, poll.is_open) == (settings, True)
    assert "Ready to go on?" in answer.content.decode()
    phone = host.get(links.phone_path(make_participant(room)))
    assert (phone.status_code, "Send my answer" in phone.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"options": "Yes"}, "Give 2 to 12 different answers, one a line."),
        ({"question": " "}, "Fill this in."),
        ({"kind": "riddle"}, "riddle is not one of the available choices"),
    ],
)
def test_what_cannot_be_asked_keeps_what_was_typed(host, room, said, sentence):
    answer = ask(host, opened(room), **said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f"{said.get('options', 'Not yet')}</textarea>" in answer.content.decode()
    assert not room.steps.filter(within__isnull=False).exists()


def test_a_poll_within_a_step_is_no_step_of_its_own(host, room):
    step = opened(room)
    before = host.get(links.projector_path(room)).content.decode()

    quick_polls.ask(step, plan=plan(), by=None)

    during = host.get(links.projector_path(room)).content.decode()
    assert "Step 1 of 2" in before
    assert "Where shall we begin?" in during
    assert "Step 1 of 2" in during


def test_undo_leads_back_and_takes_a_poll_away_that_nobody_answered(host, room):
    talk = opened(room)
    for is_answered in (False, True):
        poll = quick_polls.ask(talk, plan=plan("words", "One word for now"), by=None)
        if is_answered:
            answers.give(fresh(poll), participant=make_participant(room), round=1, words="Fine")
        moves.undo(room, move_id=room.moves.first().pk, by=None)
        assert fresh(talk).is_open
        assert Room.objects.get(pk=room.pk).current_id == talk.pk
        assert Step.objects.filter(pk=poll.pk, state="closed").exists() is is_answered
        assert "Open: One word for now" not in page(host, room)


def test_it_is_asked_within_the_step_that_is_on_and_not_within_another_poll(host, room):
    talk, words = room.steps.all()
    with pytest.raises(NotGoingOn):
        quick_polls.ask(talk, plan=plan("words"), by=None)
    poll = quick_polls.ask(opened(room), plan=plan("words"), by=None)
    for step in (poll, talk, words):
        with pytest.raises(NotGoingOn):
            quick_polls.ask(step, plan=plan("words"), by=None)
    assert "is not on the screens any more" in ask(host, words).content.decode()

    rooms.end(room, by=None)
    with pytest.raises(RoomHasEnded):
        quick_polls.ask(talk, plan=plan("words"), by=None)


def test_a_step_whose_clock_stood_still_comes_back_so_after_a_poll(host, room, monkeypatch):
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    talk = opened(room)
    now[0] += timedelta(minutes=1)
    moves.pause(talk, by=None)
    for _time in range(2):  # asked again after it came back, it stands still yet
        ask(host, talk)
        poll = room.steps.filter(within=talk).last()
        moves.close_step(poll, by=None)
        now[0] += timedelta(minutes=5)
        moves.open_step(talk, by=None)
        assert (fresh(talk).is_paused, fresh(talk).left()) == (True, timedelta(minutes=2))

    moves.resume(talk, by=None)
    ask(host, talk)
    moves.open_step(talk, by=None)
    assert not fresh(talk).is_paused
    moves.pause(talk, by=None)
    moves.open_step(room.steps.get(title="One word"), by=None)
    moves.open_step(talk, by=None)
    assert not fresh(talk).is_paused, "a step that is opened from elsewhere goes on"


def test_what_a_phone_sends_to_the_step_around_a_poll_is_not_late(client):
    room = make_room(make_program(), steps=[plan(), plan("words", "One word")])
    around, ana = opened(room), make_participant(room, "Ana")
    poll = quick_polls.ask(around, plan=plan("words"), by=None)
    address = f"{links.phone_path(ana)}steps/{around.pk}/answer/"

    for is_late, go_on in (
        (False, lambda: moves.close_step(poll, by=None)),
        (False, lambda: moves.open_step(around, by=None)),
        (False, lambda: moves.close_step(around, by=None)),
        (True, lambda: None),
    ):
        client.post(address, {"round": 1, "pick": 1}, headers={"X-Live": "1"})
        assert around.answers.get().is_late is is_late
        go_on()
    moves.repeat(around, by=None)
    quick_polls.ask(fresh(around), plan=plan("words"), by=None)
    client.post(address, {"round": 1, "pick": 1}, headers={"X-Live": "1"})
    assert around.answers.get().is_late, "of a round before"
