"""What the screens show of a round of pairs, and what is left of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.activities.models import Absence
from coppice.activities.pairs import Paired, speaking
from coppice.activities.tests.factories import gathered, pairs, seated
from coppice.communities.tests.factories import make_program, make_staff
from coppice.live import links
from coppice.live.actions import moves, people, rooms
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_room, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=[pairs("First"), pairs("Second", where="online")])


@pytest.fixture
def host(client, room):
    client.force_login(make_staff(room.program))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def act(client, step: Step, who: Participant, name: str, **fields):
    address = f"{links.phone_path(who)}steps/{step.pk}/{name}/"
    return client.post(address, {"round": step.round, **fields})


def test_each_phone_says_whom_its_owner_meets_where_and_whose_turn_it_is(client, room):
    ana, bo = gathered(room, "Ana", "Bo")
    step = opened(room)

    first, second = own(client, ana), own(client, bo)

    assert "You meet Bo Table 1" in first
    assert "You meet Ana Table 1" in second
    assert first.index("Your turn: you speak") < first.index("Bo speaks, you listen")
    assert second.index("Ana speaks, you listen") < second.index("Your turn: you speak")
    assert "You meet Bo" in text(client.get(links.phone_path(ana)))
    step.refresh_from_db()
    change = timezone.localtime(step.ends_at - timedelta(minutes=2), room.zone)
    assert "Change when 02:00 is left" in first
    assert f"{change.minute:02d}" in first
    assert change.tzname() in first


def test_online_and_standing_people_are_told_where(client, room):
    ana, _bo = gathered(room, "Ana", "Bo")
    step = opened(room, 1)
    assert "Breakout room 1" in own(client, ana)

    Step.objects.filter(pk=step.pk).update(settings={"where": "standing"})

    assert "room 1" not in own(client, ana)
    assert "Your turn" not in own(client, ana)
    assert "Table" not in own(client, ana)


def test_whose_turn_it_is_follows_the_time_that_is_left():
    step = Step(minutes=4, settings={"switch": True})
    told = []
    for left in (None, 300, 240, 121, 119, 81, 79, 0):
        step.set_clock(left, runs=False)
        told.append((speaking(step, 2), speaking(step, 3)))

    assert told == [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 2), (1, 2)]


def test_the_wall_names_all_pairs_and_of_many_only_who_is_on_paper(client, room, monkeypatch):
    gathered(room, "Ana", "Bo", "Cy", "Di")
    people.write_in(room, names=["Pa", "Pe"], by=make_staff(room.program))
    opened(room)
    wall = links.projector_path(room)
    for name in ("Ana", "Bo", "Cy", "Di", "Pa", "Pe"):
        assert name in text(client.get(wall))
    assert "The first of each pair speaks." in text(client.get(wall))

    monkeypatch.setattr("coppice.activities.pairs.MOST_ON_THE_WALL", 2)

    crowded = text(client.get(wall))
    assert "6 people meet in 3 groups. Your phone says with whom" in crowded
    assert "Pa" in crowded
    alone_on_phones = [table for table in seated(fresh(room.steps.first())) if not table & {"Pa", "Pe"}]
    for name in set().union(*alone_on_phones):
        assert not re.search(rf"\b{name}\b", crowded)


def test_the_own_part_is_asked_for_again_when_the_own_table_changed_and_only_then(client, room):
    ana, _bo, _cy, _di = gathered(room, "Ana", "Bo", "Cy", "Di")
    step = opened(room)
    kind = kind_of(step)
    before = kind.look(step)["own"]

    people.join(room, name="Ed", language="en")

    after = kind.look(step)["own"]
    [trio] = [table for table in seated(step) if len(table) == 3]
    ids = set(room.participants.filter(name__in=trio).values_list("pk", flat=True))
    assert (before.base, before.listed) == (after.base, "")
    assert set(after.each) == ids
    assert f'data-own-each="{after.listed}"' in client.get(links.phone_path(ana)).content.decode()


def test_a_phone_says_that_a_partner_is_not_there_and_comes_back(client, room):
    ana, _bo, _cy, _di = gathered(room, "Ana", "Bo", "Cy", "Di")
    step = opened(room)
    [at] = [table for table in seated(step) if "Ana" in table]
    missing = room.participants.get(name=next(iter(at - {"Ana"})))

    assert act(client, step, ana, "missing", participant=missing.pk).status_code == 302
    assert "You are left out" in own(client, missing)
    assert act(client, step, ana, "missing", participant=missing.pk).status_code == 422
    assert act(client, step, missing, "here").status_code == 302
    assert "You meet" in own(client, missing)
    act(client, step, missing, "leaving")

    assert Absence.objects.get().participant == missing


def test_one_who_is_alone_is_told_so_and_a_step_that_never_drew_too(client, room):
    [ana] = gathered(room, "Ana")
    assert "You are in" in text(client.get(links.phone_path(ana)))
    step = opened(room)
    assert "Nobody else is here yet" in own(client, ana)

    step.draws.all().delete()

    assert "You have no partner yet" in own(client, ana)
    assert kind_of(step).look(step)["own"].base == "none"


def test_the_host_sees_counts_who_waits_and_who_is_left_out(host, room):
    _ana, bo, cy = gathered(room, "Ana", "Bo", "Cy")
    step = opened(room)
    page = text(host.get(room.get_absolute_url()))
    assert "3 people meet in 1 group" in page

    gone = {"participant": bo.pk}
    host.post(reverse("live:host_act", args=[step.pk, "missing"]), gone)
    host.post(reverse("live:host_act", args=[step.pk, "missing"]), {"participant": cy.pk})

    page = text(host.get(room.get_absolute_url()))
    assert "Nobody is paired yet" in page
    assert "Waiting for somebody: Ana" in page
    assert "2 people are left out" in page
    host.post(reverse("live:host_act", args=[step.pk, "here"]), gone)
    assert seated(step) == [{"Ana", "Bo"}]


def test_the_host_draws_again_for_whoever_waits_in_an_open_step(host, room):
    gathered(room, "Ana", "Bo")
    step = opened(room)
    step.draws.all().delete()
    places = reverse("live:host_act", args=[step.pk, "places"])

    host.post(places)

    assert seated(step) == [{"Ana", "Bo"}]
    moves.close_step(step, by=None)
    assert "This step is not open" in text(host.post(places, follow=True))
    assert host.post(reverse("live:host_act", args=[step.pk, "nonsense"])).status_code == 404


def test_the_host_and_the_wall_say_that_nobody_is_left_to_meet(host, room):
    gathered(room, "Ana", "Bo")
    opened(room)
    first = text(host.get(room.get_absolute_url()))
    opened(room, 1)

    again = text(host.get(room.get_absolute_url()))
    wall = text(host.get(links.projector_path(room)))

    assert "The same people sit together" not in first
    assert "The same people sit together as before" in again
    assert "The same people as before" in wall


def test_results_and_the_file_count_pairs_and_name_nobody(host, room):
    gathered(room, "Ana", "Bo", "Cy", "Di", "Ed")
    step = opened(room)
    moves.repeat(step, by=None)
    moves.undo(room, move_id=room.moves.first().pk, by=None)

    page = text(host.get(reverse("live:results", args=[room.pk])))
    file = host.get(reverse("live:results_file", args=[room.pk])).content.decode("utf-8-sig")

    assert "5 people met in 2 groups" in page
    assert "Ana" not in page
    assert [line.split(",") for line in file.splitlines()[1:]] == [
        ["First", "Pairs", "1", "Pair", "2", "", ""],
        ["First", "Pairs", "1", "Three together", "3", "", ""],
    ]


def test_hosts_take_away_who_was_here_and_whom_they_met(host, room):
    gathered(room, "Ana", "Bo", "Cy")
    opened(room)
    rooms.end(room, by=None)

    address = reverse("live:people_file", args=[room.pk])
    rows = [line.split(",") for line in host.get(address).content.decode("utf-8-sig").splitlines()]

    assert rows[0] == ["Name", "Came in", "Guest", "Joined at", "First"]
    assert [(name, source, guest, met) for name, source, guest, _at, met in rows[1:]] == [
        ("Ana", "By phone", "yes", "Bo; Cy"),
        ("Bo", "By phone", "yes", "Ana; Cy"),
        ("Cy", "By phone", "yes", "Ana; Bo"),
    ]


def test_afterwards_everybody_reads_on_their_own_page_whom_they_met(client, room):
    ana, _bo, _cy = gathered(room, "Ana", "Bo", "Cy")
    opened(room)
    late = Participant.objects.create(room=room, name="Late")
    rooms.end(room, by=None)

    assert "You met: Bo Cy" in text(client.get(links.phone_path(ana)))
    assert "You met" not in text(client.get(links.phone_path(late)))


def test_a_group_of_five_is_called_by_its_number_and_a_step_that_drew_nothing_has_no_result(room):
    from coppice.activities.pairs import size_called

    step = opened(room)

    assert size_called(5) == "5 together"
    assert Paired().result(step) is None


def test_the_ready_agenda_has_three_rounds_that_people_can_change(host, room):
    sent = {"title": "Evening", "agenda": "impromptu_networking", "language": "en"}
    host.post(reverse("live:create", args=[room.program.pk]), sent)
    made = Room.objects.get(title="Evening")
    step = made.steps.filter(kind="pairs").first()

    page = host.get(reverse("live:step", args=[step.pk]))
    sheet = text(host.get(reverse("live:run_sheet", args=[made.pk])))

    assert [each.kind for each in made.steps.all()] == ["talk", "pairs", "pairs", "pairs", "words"]
    assert "Where people meet" in text(page)
    assert "2. What brings you here?" in sheet
    assert "4 minutes, from minute 4" in sheet
    assert "At half time all screens say to change." in sheet
