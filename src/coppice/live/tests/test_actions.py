"""Opening and ending rooms, their agendas, their people, and answers that count once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import announcing, codes, links
from coppice.live.actions import answers, moves, people, rooms
from coppice.live.errors import (
    BegunAlready,
    NameMissing,
    NoCodeLeft,
    NoLongerTaken,
    NotBegun,
    RoomHasEnded,
)
from coppice.live.models import Answer, Participant, Room
from coppice.live.tests.factories import fresh, make_participant, make_room, opened, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room(
        make_program(), steps=[plan("talk", "One"), plan("choice", "Two"), plan("talk", "Three")]
    )


@pytest.fixture
def heard(monkeypatch):
    """The ids of the rooms that were announced."""
    told: list[int] = []
    monkeypatch.setattr(announcing, "listeners", [told.append])
    return told


def titles(room: Room) -> list[str]:
    return [step.title for step in room.steps.all()]


def test_a_room_has_a_code_that_no_other_room_has_while_it_goes_on(monkeypatch):
    program = make_program()
    first = make_room(program)
    monkeypatch.setattr(codes, "WORDS", (first.code.partition("-")[0],))
    monkeypatch.setattr(codes, "LAST", codes.FIRST + 1)
    monkeypatch.setattr(codes, "FIRST", int(first.code[-2:]))
    monkeypatch.setattr(codes, "LAST", int(first.code[-2:]))

    with pytest.raises(NoCodeLeft):
        make_room(program)
    rooms.end(first, by=None)

    assert make_room(program).code == first.code


def test_a_code_taken_by_another_process_meanwhile_is_tried_again(monkeypatch):
    program = make_program()
    taken = make_room(program).code
    free = iter([taken, "OAK-11"])
    monkeypatch.setattr(rooms, "free_code", lambda: next(free))

    assert make_room(program).code == "OAK-11"


def test_when_every_code_is_taken_meanwhile_it_says_so(monkeypatch):
    program = make_program()
    taken = make_room(program).code
    monkeypatch.setattr(rooms, "free_code", lambda: taken)

    with pytest.raises(NoCodeLeft):
        make_room(program)


@pytest.mark.parametrize("typed", ["FERN-27", "fern 27", " Fern27 ", "f e r n 2 7"])
def test_a_code_is_understood_however_it_is_typed(typed):
    assert codes.as_code(typed) == "FERN-27"


def test_no_two_words_of_codes_are_the_same():
    assert len(set(codes.WORDS)) == len(codes.WORDS)


def test_steps_are_added_changed_placed_and_removed(room, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        rooms.add_step(room, plan=plan("words", "Four"), by=None)
        one, _two, three, _four = room.steps.all()
        rooms.change_step(one, by=None, title="First")
        rooms.place_step(three, earlier=True, by=None)
        rooms.place_step(one, earlier=True, by=None)
        rooms.place_step(fresh(one), earlier=False, by=None)
        rooms.remove_step(three, by=None)

    assert titles(room) == ["First", "Two", "Four"]
    assert heard == [room.pk] * 5
    assert Entry.objects.filter(verb="live_room.agenda_changed").count() == 5


def test_the_first_step_of_an_empty_room_comes_first():
    room = rooms.create(make_program(), title="Empty", by=None)

    step = rooms.add_step(room, plan=plan("talk", "One"), by=None)

    assert step.position == 0


def test_what_a_begun_step_asks_stays_but_its_words_can_be_mended(room):
    step = opened(room, 1)

    with pytest.raises(BegunAlready):
        rooms.change_step(step, by=None, settings={"options": ["Other", "Answers"]})
    with pytest.raises(BegunAlready):
        rooms.remove_step(step, by=None)
    rooms.change_step(step, by=None, title="Two, mended", settings=step.settings)

    assert titles(room) == ["One", "Two, mended", "Three"]


def test_the_end_closes_what_is_open_and_nothing_changes_after_it(room):
    step = opened(room, 1)

    rooms.end(room, by=None)

    assert (fresh(step).state, Room.objects.get(pk=room.pk).takes_answers) == ("closed", False)
    for change in (
        lambda: rooms.end(room, by=None),
        lambda: rooms.add_step(room, plan=plan("talk"), by=None),
        lambda: rooms.change_step(step, by=None, title="No"),
        lambda: rooms.remove_step(step, by=None),
        lambda: rooms.place_step(step, earlier=True, by=None),
        lambda: people.join(room, name="Late", language="en"),
        lambda: people.write_in(room, names=["Late"], by=None),
    ):
        with pytest.raises(RoomHasEnded):
            change()


def test_an_answer_counts_once_and_the_latest_counts(room, heard, django_capture_on_commit_callbacks):
    step, femi = opened(room, 1), make_participant(room)

    with django_capture_on_commit_callbacks(execute=True):
        answers.give(step, participant=femi, round=1, picks=[0])
        answers.give(step, participant=femi, round=1, picks=[2])

    assert list(Answer.objects.values_list("picks", "is_late")) == [([2], False)]
    assert heard == [room.pk, room.pk]


def test_what_comes_after_closing_is_late_and_counts(room):
    step, femi = opened(room, 1), make_participant(room)
    moves.close_step(step, by=None)

    answers.give(fresh(step), participant=femi, round=1, picks=[0])
    moves.repeat(step, by=None)
    answers.give(fresh(step), participant=femi, round=1, picks=[1])
    answers.give(fresh(step), participant=femi, round=2, picks=[2])

    assert list(Answer.objects.values_list("round", "picks", "is_late")) == [(1, [1], True), (2, [2], False)]


def test_a_round_that_has_not_begun_takes_no_answer(room):
    step, femi = room.steps.all()[1], make_participant(room)

    with pytest.raises(NotBegun):
        answers.give(step, participant=femi, round=1, picks=[0])
    with pytest.raises(NotBegun):
        answers.give(opened(room, 1), participant=femi, round=2, picks=[0])
    with pytest.raises(NotBegun):
        answers.give(fresh(step), participant=femi, round=0, picks=[0])


def test_after_the_end_answers_are_taken_until_the_time_that_was_set(room):
    step, femi = opened(room, 1), make_participant(room)
    rooms.end(room, by=None, late_until=timezone.now() + timedelta(days=1))
    answers.give(fresh(step), participant=femi, round=1, picks=[0])

    Room.objects.update(late_until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(NoLongerTaken):
        answers.give(fresh(step), participant=femi, round=1, picks=[1])
    assert list(Answer.objects.values_list("picks", "is_late")) == [([0], True)]


def test_a_guest_joins_by_name_and_two_of_a_name_are_two(room):
    first = people.join(room, name="  Femi \n Ade ", language="es")
    second = people.join(room, name="Femi Ade", language="es")

    assert (first.name, first.source, first.person, first.language) == ("Femi Ade", "phone", None, "es")
    assert first.pk != second.pk


def test_nobody_joins_without_a_name(room):
    with pytest.raises(NameMissing):
        people.join(room, name=" \n ", language="en")
    with pytest.raises(NameMissing):
        people.write_in(room, names=[" "], by=None)


def test_a_person_has_one_place_in_a_room(room):
    person = enroll(room.program, "Femi").person

    first = people.join(room, name="Femi", language="en", person=person)
    again = people.join(room, name="Femi", language="en", person=person)

    assert (first, first.source) == (again, "link")


def test_people_from_a_paper_list_are_those_of_the_roster_where_the_name_tells(room):
    known, twin = enroll(room.program, "Rosa Medina"), enroll(room.program, "Ana Gil")
    enroll(room.program, "Ana Gil")
    enroll(room.program, "Somebody At Home")
    people.join(room, name="Tom", language="en")

    new = people.write_in(
        room, names=["rosa  medina", "Ana Gil", "Rosa Medina", "Tom", "Nobody Known", ""], by=None
    )

    assert [(each.name, each.person) for each in new] == [
        ("rosa medina", known.person),
        ("Ana Gil", None),
        ("Nobody Known", None),
    ]
    assert {each.source for each in new} == {Participant.Source.PAPER}
    assert twin.person.live_participations.count() == 0


def test_who_is_there_by_phone_is_not_written_in_from_paper(room):
    person = enroll(room.program, "Rosa Medina").person
    people.join(room, name="Rosa M.", language="en", person=person)

    assert people.write_in(room, names=["Rosa Medina"], by=None) == []


def test_somebody_taken_out_is_gone_with_what_they_answered(room):
    step, femi = opened(room, 1), make_participant(room)
    answers.give(step, participant=femi, round=1, picks=[0])
    path = links.phone_path(femi)

    people.take_out(femi, by=make_staff(room.program))

    assert not Answer.objects.exists()
    assert path.startswith("/live/")


def test_a_person_who_renames_themself_is_called_so_in_rooms_too(room):
    person = enroll(room.program, "Rosa Medina").person
    place = people.join(room, name="Rosa Medina", language="en", person=person)

    accounts.change_person(person, name="Rosa Luz Medina", language="", time_zone="UTC", phone="", by=person)

    place.refresh_from_db()
    assert place.name == "Rosa Luz Medina"
