"""What is laid out of a proposal is kept while nothing of it changes, and never a moment longer."""

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, boards
from coppice.formation.boards import Laid, Shelf, shelf
from coppice.formation.late import late_people
from coppice.formation.proposing import standing
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from coppice.programs.models import Affiliation, Organization


@pytest.fixture
def formation(db):
    shelf.clear()
    program = make_program()
    make_roster(program, 24)
    yield make_proposal(program, minimum=6, maximum=12, rules=[Rule(Kind.ALIKE, "area")])
    shelf.clear()


def now(formation):
    """How it stands, first as it is kept, then read anew: always the same."""
    formation.refresh_from_db()
    kept = standing(formation, communities=columns_of(formation))
    shelf.clear()
    anew = standing(formation, communities=columns_of(formation))
    assert kept.draft.problem == anew.draft.problem
    assert (kept.assignment, kept.unplaced) == (anew.assignment, anew.unplaced)
    assert dict(kept.roster) == dict(anew.roster)
    person = next(iter(kept.assignment))
    assert kept.board.alternatives(person) == anew.board.alternatives(person)
    assert kept.board.reports() == anew.board.reports()
    return kept


def looked(formation):
    """Look at it, so that it is kept."""
    return standing(formation, communities=columns_of(formation))


def test_who_looks_again_finds_it_laid_out(formation):
    first = looked(formation)

    again = looked(formation)

    assert again.draft is first.draft
    assert again.board is first.board
    now(formation)


def test_a_move_keeps_what_is_laid_out_and_is_seen(formation):
    before = looked(formation)
    place = people_in(columns_of(formation)[0])[0]
    to = columns_of(formation)[1]

    actions.move(place, to=to, by=make_staff(formation.program))

    after = looked(formation)
    assert after.draft is before.draft
    assert after.assignment[str(place.enrollment_id)] == str(to.pk)
    now(formation)


def test_a_changed_answer_is_seen(formation):
    looked(formation)
    house = Organization.objects.filter(program=formation.program).first()
    house.area = "Elsewhere"
    house.save(update_fields=["area"])

    after = now(formation)

    assert any(person.values_of("area") == ("Elsewhere",) for person in after.draft.problem.people)


def test_a_changed_column_name_and_membership_are_seen(formation):
    enrollment = people_in(columns_of(formation)[0])[0].enrollment
    for change in ({"attributes": {"Years": 99}}, {"name": "Somebody new"}, {"language": "fr"}):
        looked(formation)
        for name, value in change.items():
            setattr(enrollment, name, value)
        enrollment.save()
        row = now(formation).roster[str(enrollment.pk)]
        assert {name: getattr(row, name) for name in change} == change
    looked(formation)
    Affiliation.objects.filter(enrollment=enrollment).delete()

    assert now(formation).roster[str(enrollment.pk)].organizations == ()


def test_whoever_left_is_gone(formation):
    before = looked(formation)
    enrollment = people_in(columns_of(formation)[0])[0].enrollment
    enrollment.ended_at = timezone.now()
    enrollment.save(update_fields=["ended_at"])

    after = now(formation)

    assert set(before.assignment) - set(after.assignment) == {str(enrollment.pk)}


def test_whoever_came_is_counted_and_then_has_a_place(formation):
    looked(formation)
    newcomer = enroll(formation.program, "Late Person")
    came = now(formation)
    looked(formation)
    actions.place_late(
        formation, places={newcomer.pk: columns_of(formation)[0].pk}, by=make_staff(formation.program)
    )

    placed = now(formation)

    assert (came.unplaced, placed.unplaced) == (1, 0)
    assert str(newcomer.pk) in placed.assignment
    assert not late_people(formation).exists()


def test_other_terms_are_seen(formation):
    before = looked(formation)
    formation.rules = [Rule(Kind.DIVERSE, "area").as_json()]
    formation.save(update_fields=["rules"])

    after = now(formation)

    assert before.draft.problem.aims != after.draft.problem.aims


def laid(people):
    return Laid(draft=None, roster=dict.fromkeys(map(str, range(people))), board=None)


def test_what_was_longest_unasked_for_makes_room(monkeypatch):
    monkeypatch.setattr(boards, "MOST_PEOPLE", 10)
    here, first, second, third = Shelf(), laid(4), laid(4), laid(4)
    here.put(1, "a", first)
    here.put(2, "b", second)
    here.find(1, "a")
    here.put(3, "c", third)

    assert [here.find(1, "a"), here.find(2, "b"), here.find(3, "c")] == [first, None, third]
    crowd = laid(50)
    here.put(4, "d", crowd)
    assert [here.find(1, "a"), here.find(3, "c"), here.find(4, "d")] == [None, None, crowd]


def test_nothing_is_found_under_another_mark_or_after_its_time(monkeypatch):
    here, one = Shelf(), laid(1)
    here.put(1, "a", one)

    assert (here.find(1, "b"), here.find(2, "a"), here.find(1, "a")) == (None, None, one)
    monkeypatch.setattr(boards, "KEPT_SECONDS", -1)
    assert here.find(1, "a") is None
    monkeypatch.setattr(boards, "KEPT_SECONDS", 100)
    assert here.find(1, "a") is None
