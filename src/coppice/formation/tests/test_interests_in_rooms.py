"""How much topics interest people as a step of a live room: phones, paper, guests, the wall, what is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import make_community, make_staff
from coppice.formation import actions
from coppice.formation.agendas import interest_poll
from coppice.formation.interest_board import levels_of, who_said
from coppice.formation.models import GuestInterest, Interest, Marketplace, OfferedTopic
from coppice.formation.room_board import chooser_in
from coppice.formation.tests.evenings import act, board_of, everybody_in, make_program_of, own, page, text
from coppice.live import links
from coppice.live.actions import claims, moves, people, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.kinds import kind_called, kind_of, with_what_is_kept
from coppice.live.models import Participant, Room
from coppice.live.tests.factories import fresh, make_participant, make_room, opened

pytestmark = pytest.mark.django_db

NO, PERHAPS, MUCH = Interest.Level.values
ASKING, CHOOSING = range(2)


@pytest.fixture
def program():
    return make_program_of(6)


@pytest.fixture
def staff(program):
    return make_staff(program)


@pytest.fixture
def room(program, staff) -> Room:
    plans = [
        Plan(kind="market_interests", title="How much?"),
        Plan(
            kind="market_choice", title="Choose", settings={"minimum": 2, "maximum": 3, "waits": 1, "days": 2}
        ),
    ]
    return make_room(program, title="Launch", by=staff, steps=plans)


@pytest.fixture
def known(room) -> list[Participant]:
    return everybody_in(room)


@pytest.fixture
def asking(room, known):
    """The step, open, with three topics on its board."""
    step = opened(room, ASKING)
    for name in ("Streets", "Money", "Boards"):
        actions.put_up(board_of(room), name=name, why="", by=None)
    return fresh(step)


def say(client, step, who: Participant, *levels: int | None) -> str:
    """Say it of the topics in their order; None leaves one open."""
    said = zip(OfferedTopic.objects.order_by("pk"), levels, strict=False)
    fields = {f"topic-{topic.pk}": level for topic, level in said if level is not None}
    return act(client, step, who, "say", **fields)


def said_by(participant: Participant) -> list[int]:
    rows = Interest.objects.filter(enrollment__person=participant.person_id)
    return list(rows.order_by("topic").values_list("level", flat=True))


def wall(client, room: Room) -> str:
    return text(client.get(links.projector_path(room)))


def figures(step) -> list[tuple[str, str, str]]:
    result = kind_of(step).result(with_what_is_kept([fresh(step)])[0])
    return [(line.label, line.figure, line.note) for line in result.lines]


def test_what_is_said_on_a_phone_is_the_poll_by_mail_and_the_other_way_round(client, room, asking, known):
    one = known[0]
    chooser = chooser_in(board_of(room), one)
    streets, money, boards = OfferedTopic.objects.order_by("pk")
    assert not say(client, asking, one, MUCH, NO)
    assert levels_of(chooser) == {streets.pk: MUCH, money.pk: NO}
    assert "Of 1 topic you have said nothing yet." in own(client, one)

    actions.say_interests(chooser, levels={boards.pk: PERHAPS})

    assert kind_of(asking).mine(asking, one)["say"] == {
        f"topic-{streets.pk}": ["2"],
        f"topic-{money.pk}": ["0"],
        f"topic-{boards.pk}": ["1"],
        "said": [f"{streets.pk}-2", f"{money.pk}-0", f"{boards.pk}-1"],
    }
    assert "Much: Streets Perhaps: Boards No: Money" in own(client, one)
    assert b"checked" in client.get(links.phone_path(one)).content
    assert "checked" not in client.get(links.phone_path(known[1])).content.decode()


def test_an_answer_without_any_level_is_refused_and_so_is_one_before_the_step(client, room, known):
    step = room.steps.get(kind="market_interests")
    assert "has not begun" in act(client, step, known[0], "say")
    step = opened(room, ASKING)
    actions.put_up(board_of(room), name="Streets", why="", by=None)
    [topic] = OfferedTopic.objects.all()
    assert "Choose from the list" in act(client, step, known[0], "say")
    assert "Choose from the list" in act(client, step, known[0], "say", **{f"topic-{topic.pk}": 7})
    assert not Interest.objects.exists()


def test_the_wall_shows_nothing_while_people_answer_then_counts_from_five_on_and_nobody(
    client, room, staff, asking, known
):
    for place, each in enumerate(known[:5]):
        assert not say(client, asking, each, MUCH if place else NO, *([PERHAPS] if place < 4 else []))
    shown = wall(client, room)
    assert "Streets" in shown
    assert "comes first" not in shown

    moves.close_step(fresh(asking), by=staff)

    shown = wall(client, room)
    assert "Streets comes first: it interests 4 of 5 people much" in shown
    assert "Perhaps 0, no 1" in shown
    assert "Money Hidden: fewer than 5 people" in shown
    assert known[0].name not in shown
    rows = [(row.answer, row.value, row.note) for row in kind_of(asking).rows(fresh(asking))]
    assert rows == [
        ("Streets: Much", 4, ""),
        ("Streets: Perhaps", 0, ""),
        ("Streets: No", 1, ""),
        ("Money", None, "Hidden: fewer than 5 people"),
        ("Boards", None, "Hidden: fewer than 5 people"),
    ]


def test_of_fewer_than_five_no_count_is_shown_and_of_nobody_no_result(client, room, staff, asking, known):
    moves.close_step(asking, by=staff)
    assert kind_of(asking).result(fresh(asking)) is None
    assert "Nobody said anything." in wall(client, room)
    say(client, fresh(asking), known[0], MUCH)
    assert "so no count is shown" in wall(client, room)


def test_the_host_sees_how_many_have_answered_and_no_counts_before_closing(
    client, room, staff, asking, known
):
    for each in known[:5]:
        say(client, asking, each, MUCH)
    say(client, asking, make_participant(room, name="Bea"), MUCH)
    client.force_login(staff)
    shown = text(client.get(room.get_absolute_url()))
    assert "6 of 7 have answered" in shown
    assert "Counts show when you close the step" in shown
    assert "comes first" not in shown


def test_somebody_on_paper_is_entered_by_the_host_on_their_page(client, room, staff, asking, known):
    participant = known[5]
    Participant.objects.filter(pk=participant.pk).delete()
    [paper] = people.write_in(room, names=[participant.name], by=staff)
    client.force_login(staff)
    assert links.phone_path(paper) in client.get(reverse("live:people", args=[room.pk])).content.decode()
    assert "Send my answer" in page(client, paper)
    assert not say(client, asking, paper, PERHAPS)
    assert said_by(paper) == [PERHAPS]


def test_what_a_guest_said_counts_is_theirs_when_they_are_known_and_a_guests_again(
    client, program, room, staff, asking, known
):
    for each in known[:4]:
        say(client, asking, each, MUCH)
    guest = make_participant(room, name="Bea")
    assert not say(client, asking, guest, NO, MUCH)
    assert not say(client, asking, guest, PERHAPS)
    assert "Perhaps: Streets" in own(client, guest)
    assert "Who is here" not in own(client, guest)
    assert who_said(board_of(room)) == (4, 1)
    moves.close_step(asking, by=staff)
    assert figures(asking)[0] == ("Streets", "4 of 5", "Perhaps 1, no 0")
    client.force_login(staff)
    listed = reverse("formation:market_interests", args=[board_of(room).pk])
    assert "So has 1 guest of a live room." in text(client.get(listed))

    person = known[5].person
    known[5].delete()
    place = claims.claim(guest, person=person, by=staff)
    assert said_by(place) == [PERHAPS, MUCH]
    assert not GuestInterest.objects.exists()
    assert "Who is here" not in own(client, place), "a host's word opens nothing that is the person's own"

    claims.part(place, by=staff)
    assert not Interest.objects.filter(enrollment__person=person).exists()
    assert list(GuestInterest.objects.order_by("topic").values_list("level", flat=True)) == [PERHAPS, MUCH]


def test_a_guests_word_takes_the_place_of_none_that_the_person_gave(client, room, staff, asking, known):
    say(client, asking, known[0], NO)
    guest = make_participant(room, name="Bea")
    say(client, asking, guest, MUCH, MUCH)
    merged = claims.claim(guest, person=known[0].person, by=staff)
    assert said_by(merged) == [NO, MUCH]


def test_whoever_missed_it_says_it_afterwards_and_the_evening_stays_as_it_was(
    client, room, staff, asking, known
):
    for each in known[:5]:
        say(client, asking, each, MUCH)
    rooms.end(room, by=staff, late_until=timezone.now() + timedelta(hours=2))
    asking = fresh(asking)
    assert "You missed this." in page(client, known[5])
    assert not say(client, asking, known[5], MUCH)
    assert "You missed this." not in page(client, known[5])
    OfferedTopic.objects.filter(name="Streets").update(name="Roads")

    assert figures(asking)[0] == ("Streets", "5 of 5", "Perhaps 0, no 0")
    client.force_login(staff)
    results = text(client.get(reverse("live:results", args=[room.pk])))
    assert "As it was when the room ended." in results
    assert "What interests people today" in results
    Marketplace.objects.update(closes_on="2020-01-01")
    assert "time to choose is over" in say(client, asking, known[0], NO)


def test_beginning_again_loses_nothing_and_a_merged_topic_counts_for_the_other(
    client, room, staff, asking, known
):
    for each in known[:5]:
        say(client, asking, each, MUCH, PERHAPS)
    moves.repeat(asking, by=staff)
    streets, money, _boards = OfferedTopic.objects.order_by("pk")
    actions.merge(streets, into=money, by=staff)
    assert figures(asking)[0] == ("Money", "5 of 5", "Perhaps 0, no 0")
    assert kind_of(asking).mine(fresh(asking), known[0])["say"]["said"] == [f"{money.pk}-2"]


def test_marks_change_for_whoever_said_something_and_nobody_else(client, room, asking, known):
    say(client, asking, known[0], MUCH)
    before = dict(kind_of(asking).look(asking)["own"].each)
    assert list(before) == [known[0].pk]
    say(client, asking, known[1], MUCH)
    after = dict(kind_of(asking).look(asking)["own"].each)
    assert (after[known[0].pk], set(after)) == (before[known[0].pk], {known[0].pk, known[1].pk})


def test_a_room_of_one_community_has_no_board_and_says_so(client, program, staff):
    community = make_community(program=program)
    room = make_room(
        program,
        community=community,
        title="Ours",
        by=staff,
        steps=[Plan(kind="market_interests", title="How much?")],
    )
    one = make_participant(room, name="Ana")
    step = opened(room, 0)
    assert "This room has no marketplace" in page(client, one)
    assert kind_of(step).result(step) is None
    assert kind_of(step).mine(step, one) is None
    assert list(kind_of(step).rows(step)) == []
    rooms.end(room, by=staff)


def test_the_ready_agenda_has_kinds_that_are_there():
    plans = interest_poll()
    assert [plan.kind for plan in plans if kind_called(plan.kind) is None] == []
    assert sum(plan.minutes for plan in plans) == 55
