"""A badge kept on its owner's profile afterwards: by their own press alone, once, seen by whom they say."""

import pytest

from coppice.communities.tests.factories import make_staff
from coppice.formation import actions
from coppice.formation.badge_errors import NothingToKeep
from coppice.formation.tests.evenings import act, everybody_in, make_program_of, page
from coppice.live.actions import claims, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.models import Participant, Room
from coppice.live.tests.factories import make_participant, make_room, opened
from coppice.profiles.models import Expertise, Need
from coppice.profiles.tests.factories import make_topic, need

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    program = make_program_of(2)
    plans = [Plan(kind="badges", title="Make your badge")]
    return make_room(program, title="Launch", by=make_staff(program), steps=plans)


@pytest.fixture
def step(room):
    return opened(room)


@pytest.fixture
def ana(room, step) -> Participant:
    """Somebody of the roster with a badge, in a room that has ended."""
    participant = everybody_in(room)[0]
    actions.write_badge(participant, interests=["Trails", "budgets"], skills=["Driving a van"])
    return participant


def kept() -> list[tuple[str, str, str, str]]:
    rows = [*Need.objects.order_by("pk"), *Expertise.objects.order_by("pk")]
    return [(type(each).__name__, each.topic_name or each.text, each.audience, each.source) for each in rows]


def test_one_press_keeps_interests_as_needs_and_skills_as_offers(client, room, step, ana):
    make_topic(room.program, "Budgets")
    rooms.end(room, by=room.created_by)
    assert kept() == [], "by itself nothing is kept"
    assert "What you need: Trails; budgets What you offer: Driving a van" in page(client, ana)

    assert not act(client, step, ana, "keep", audience="program")

    assert kept() == [
        ("Need", "Trails", "program", "activity"),
        ("Need", "Budgets", "program", "activity"),
        ("Expertise", "Driving a van", "program", "activity"),
    ]
    shown = page(client, ana)
    assert "On your profile: Trails; budgets; Driving a van." in shown
    assert "Keep it on my profile" not in shown
    assert "nothing on your badge that could still be kept" in act(client, step, ana, "keep")
    assert len(kept()) == 3


def test_what_stands_there_already_stays_and_what_was_taken_off_is_not_brought_back(client, room, step, ana):
    enrollment = room.program.enrollments.get(person=ana.person)
    need(enrollment, "", text="TRAILS", audience="staff")
    rooms.end(room, by=room.created_by)
    assert not act(client, step, ana, "keep", audience="nobody knows")
    assert kept() == [
        ("Need", "TRAILS", "staff", "self"),
        ("Need", "budgets", "staff", "activity"),
        ("Expertise", "Driving a van", "staff", "activity"),
    ]
    Need.objects.filter(text="budgets").update(state=Need.State.RETIRED)
    shown = page(client, ana)
    assert "On your profile: Trails; Driving a van." in shown
    assert "Keep it on my profile" not in shown
    with pytest.raises(NothingToKeep):
        actions.keep_badge(ana, audience="program")


def test_a_guest_and_whom_a_host_named_keep_nothing_on_a_profile(client, room, step, ana):
    guest = make_participant(room, name="Bea")
    actions.write_badge(guest, interests=["Gardens"], skills=[])
    rooms.end(room, by=room.created_by)
    assert "say who you are" in page(client, guest)
    assert "nothing on your badge" in act(client, step, guest, "keep", audience="program")
    other = room.program.enrollments.exclude(person=ana.person).get()
    Participant.objects.filter(person=other.person).delete()
    place = claims.claim(guest, person=other.person, by=room.created_by)
    assert "Keep it on my profile" not in page(client, place)
    assert "nothing on your badge" in act(client, step, place, "keep", audience="program")
    assert kept() == []


def test_whoever_has_no_badge_has_nothing_to_keep(client, room, step, ana):
    other = Participant.objects.exclude(pk=ana.pk).get()
    rooms.end(room, by=room.created_by)
    assert "Keep it on my profile" not in page(client, other)
    assert "nothing on your badge" in act(client, step, other, "keep", audience="program")
