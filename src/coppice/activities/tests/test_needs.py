"""1-2-4-All: notes alone, pairs and fours that take over, a blind vote, and a register of needs."""

import re

import pytest
from django.urls import reverse

from coppice.activities.models import Point
from coppice.activities.tests.factories import alone, chosen, dots, gathered, seated
from coppice.communities.models import Priority
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.live import links
from coppice.live.actions import moves, people, rooms
from coppice.live.kinds import kind_of
from coppice.live.models import Answer, Participant, Room, Step
from coppice.live.tests.factories import fresh, make_room, opened

pytestmark = pytest.mark.django_db

ALONE, TWO, FOUR, DOTS = range(4)


@pytest.fixture
def room() -> Room:
    steps = [alone(), chosen("two", "In pairs"), chosen("four", "In fours"), dots()]
    return make_room(make_program(), steps=steps)


@pytest.fixture
def four(room) -> list[Participant]:
    return gathered(room, "Ana", "Bo", "Cy", "Di")


@pytest.fixture
def host(client, room):
    client.force_login(make_staff(room.program))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def act(client, step: Step, who: Participant, name: str, **fields):
    return client.post(f"{links.phone_path(who)}steps/{step.pk}/{name}/", {"round": step.round, **fields})


def vote(client, step: Step, who: Participant, **given: int):
    """Give dots to lines by their words."""
    fields = {f"dots-{step.points.get(words=words).pk}": count for words, count in given.items()}
    return act(client, step, who, "answer", **fields)


def test_notes_are_read_by_nobody_else_and_only_counted(client, host, room, four):
    step = opened(room, ALONE)
    for words in ("Money", "Rides"):
        act(client, step, four[0], "add", words=words)
    act(client, step, four[1], "add", words="Money")

    assert "Money" in own(client, four[0])
    assert "Nothing yet. Only you see" in own(client, four[2])
    for page in (room.get_absolute_url(), links.projector_path(room)):
        shown = text(host.get(page))
        assert "3 notes, written by 2 of 4 people" in shown
        assert "Money" not in shown
    act(client, step, four[0], "drop", point=Point.objects.get(words="Rides").pk)
    assert set(kind_of(step).look(step)["own"].each) == {four[0].pk, four[1].pk}
    results = text(host.get(reverse("live:results", args=[room.pk])))
    assert "2 notes were written" in results
    assert "Money" not in results


def test_one_takes_over_ones_own_notes_and_not_those_of_the_partner(client, room, four):
    step = opened(room, ALONE)
    for each in four:
        act(client, step, each, "add", words=f"Need of {each}")
    step = opened(room, TWO)
    note = Point.objects.get(words="Need of Ana")
    [at] = [table for table in seated(step) if "Ana" in table]
    partner = room.participants.get(name=(at - {"Ana"}).pop())

    assert "From the step before Need of Ana" in own(client, four[0])
    assert "Need of Ana" not in own(client, partner)
    assert act(client, step, partner, "take", point=note.pk).status_code == 422
    assert act(client, step, four[0], "take", point=note.pk).status_code == 302

    assert "From the step before" not in own(client, four[0])
    assert "The list of your table Need of Ana" in own(client, partner)


def test_fours_take_over_the_lists_of_both_pairs(client, room, four):
    opened(room, ALONE)
    step = opened(room, TWO)
    for table in seated(step):
        someone = room.participants.get(name=min(table))
        act(client, step, someone, "add", words=f"What {someone} said")
    said = list(Point.objects.values_list("words", flat=True))

    step = opened(room, FOUR)

    assert seated(step) == [{"Ana", "Bo", "Cy", "Di"}]
    for words in said:
        assert words in own(client, four[3])
    late = people.join(room, name="Ed", language="en")
    assert said[0] in own(client, late)


def test_somebody_without_a_seat_can_take_nothing(client, room, four):
    opened(room, ALONE)
    step = opened(room, TWO)
    late = Participant.objects.create(room=room, name="Late")

    assert act(client, step, late, "take", point=1).status_code == 422


@pytest.fixture
def voting(client, room, four) -> Step:
    """A vote on two lines that a table wrote."""
    step = opened(room, FOUR)
    for words in ("Money", "Rides"):
        act(client, step, four[0], "add", words=words)
    return opened(room, DOTS)


def test_dots_are_blind_until_the_host_closes(client, host, room, four, voting):
    assert vote(client, voting, four[0], Money=3, Rides=2).status_code == 302
    assert vote(client, voting, four[1], Rides=5).status_code == 302

    for page in (room.get_absolute_url(), links.projector_path(room), links.phone_path(four[2])):
        assert "of 10 dots" not in text(host.get(page))
    assert "2 of 4 have answered" in text(host.get(links.projector_path(room)))
    moves.close_step(voting, by=None)

    wall = text(host.get(links.projector_path(room)))
    assert "Rides comes first, with 7 of 10 dots" in wall
    assert "Need Dots Rides 7 Money 3" in wall


def test_the_latest_dots_count_and_are_on_the_form_again(client, room, four, voting):
    vote(client, voting, four[0], Money=3)
    vote(client, voting, four[0], Rides=1)

    page = client.get(links.phone_path(four[0])).content.decode()

    assert Answer.objects.get().picks == [voting.points.get(words="Rides").pk]
    assert page.count(" selected") == 1
    assert kind_of(voting).mine(voting, four[1]) is None


def test_nobody_gives_more_dots_than_they_have(client, room, four, voting):
    assert "more dots than you have" in text(vote(client, voting, four[0], Money=5, Rides=1))
    assert "at least one dot" in text(vote(client, voting, four[0]))
    Step.objects.filter(pk=voting.pk).update(settings={"dots": 2, "several": False})
    assert "One dot for a line" in text(vote(client, fresh(voting), four[0], Money=2))

    assert not Answer.objects.exists()


def test_lines_follow_their_tables_until_somebody_has_voted(client, room, four, voting):
    ids = list(voting.points.values_list("pk", flat=True))
    people.join(room, name="Ed", language="en")
    assert list(voting.points.values_list("pk", flat=True)) == ids
    source = fresh(room.steps.get(kind="four"))
    act(client, source, four[0], "add", words="Volunteers")
    voting = opened(room, DOTS)
    moves.close_step(voting, by=None)
    voting = opened(room, DOTS)
    assert sorted(voting.points.values_list("words", flat=True)) == ["Money", "Rides", "Volunteers"]

    vote(client, voting, four[0], Money=1)
    act(client, source, four[0], "add", words="Time")
    moves.close_step(voting, by=None)
    voting = opened(room, DOTS)

    assert "Time" not in voting.points.values_list("words", flat=True)
    moves.repeat(voting, by=None)
    assert "Time" in fresh(voting).points.filter(round=2).values_list("words", flat=True)


def test_the_register_says_for_each_need_how_the_group_could_act(client, host, room, four, voting):
    vote(client, voting, four[0], Money=1, Rides=4)
    moves.close_step(voting, by=None)
    rides = voting.points.get(words="Rides")
    how = reverse("live:host_act", args=[voting.pk, "how"])

    host.post(how, {"point": rides.pk, f"how-{rides.pk}": "Share a van on Tuesdays"})
    host.post(how, {"point": 0, "how-0": "Nothing"})

    assert "Share a van on Tuesdays" in text(host.get(links.projector_path(room)))
    assert "Share a van on Tuesdays" in text(host.get(reverse("live:results", args=[room.pk])))
    file = host.get(reverse("live:results_file", args=[room.pk])).content.decode("utf-8-sig")
    told = [line for line in file.splitlines() if ",Dot vote" in line]
    assert told == [
        "Where do you put your dots?,Dot vote on the lists,1,Rides,4,,Share a van on Tuesdays",
        "Where do you put your dots?,Dot vote on the lists,1,Money,1,,",
    ]


def test_where_two_have_as_many_dots_nothing_comes_first(client, room, four, voting):
    vote(client, voting, four[0], Money=2, Rides=2)

    assert kind_of(voting).result(fresh(voting)).finding == "No one line comes first, of 4 dots"


def test_a_vote_on_nothing_says_so(client, host, room, four):
    step = opened(room, DOTS)
    said = text(client.get(links.phone_path(four[0])))
    assert ("nothing to vote on" in said, "Send my answer" in said) == (True, False)
    moves.close_step(step, by=None)

    assert "Nobody gave dots" in text(client.get(links.projector_path(room)))
    assert kind_of(step).result(step) is None
    assert list(kind_of(step).rows(step)) == []


def test_who_missed_the_vote_adds_it_from_their_own_link(client, room, four, voting):
    rooms.end(room, by=None, late_until=voting.room.created_at.replace(year=2999))

    assert "You missed this." in text(client.get(links.phone_path(four[0])))
    assert vote(client, fresh(voting), four[0], Money=1).status_code == 302
    assert Answer.objects.get().is_late


def test_the_ready_agenda_and_the_settings_of_a_vote(host, room):
    sent = {"title": "Needs", "agenda": "one_two_four_all", "language": "en"}
    host.post(reverse("live:create", args=[room.program.pk]), sent)
    made = Room.objects.get(title="Needs")

    page = text(host.get(reverse("live:step", args=[made.steps.get(kind="dots").pk])))

    assert [each.kind for each in made.steps.all()] == ["alone", "two", "four", "dots"]
    assert "Several dots may go to one line" in page


def test_results_lead_to_the_canvas_that_keeps_the_register(client, four, room):
    community = make_community(room.program)
    Room.objects.update(community=community)
    step = opened(room, ALONE)
    for words in ("Money", "Rides"):
        act(client, step, four[0], "add", words=words)
    point = step.points.get(words="Rides")
    point.pk, point.step, point.participant = None, opened(room, DOTS), None
    point.save()
    vote(client, fresh(point.step), four[0], Rides=2)
    rooms.end(room, by=None)
    member = add_member(community, enrollment=enroll(room.program, "Rosa Medina"))
    canvas = reverse("communities:priorities", args=[community.pk])

    def links_of(person) -> bool:
        client.force_login(person)
        page = client.get(reverse("live:results", args=[room.pk])).text
        assert "Rides comes first" in page
        return f'href="{canvas}">See it on the priority canvas' in page

    staff = make_staff(room.program)
    assert not links_of(staff), "nothing was kept yet"
    client.post(reverse("communities:priorities_from", args=[community.pk, f"dots-{point.step_id}"]))
    assert Priority.objects.get().need == "Rides"
    assert (links_of(staff), links_of(member.person)) == (True, True)
    assert client.get(canvas).status_code == 200
    assert canvas not in client.get(links.phone_path(four[0])).text, "a guest may not see it"
    client.force_login(staff)
    client.post(reverse("communities:priority_removal", args=[Priority.objects.get().pk]))
    assert not links_of(staff)
