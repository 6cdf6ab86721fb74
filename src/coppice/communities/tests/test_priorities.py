"""The priority canvas: needs in order, the four questions, lists of live rooms, and who may do what."""

import csv
import io
import re

import pytest
from django.urls import reverse

from coppice.activities.actions import points
from coppice.activities.models import Point
from coppice.activities.tests.factories import dots
from coppice.communities import actions, canvas
from coppice.communities.canvas import Source, Suggested, canvas_of, sources_of
from coppice.communities.errors import CanvasIsFull, NothingSaid
from coppice.communities.models import Priority
from coppice.communities.tests.factories import add_member, make_community
from coppice.history.models import Entry
from coppice.live.actions import answers, moves
from coppice.live.tests.factories import make_participant, make_room, opened
from coppice.profiles.tests.factories import make_topic, need

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader").person


def at(name, community):
    return reverse(f"communities:{name}", args=[community.pk])


def page_of(client, community, person):
    client.force_login(person)
    return client.get(at("priorities", community))


def register(words: str = "A second grant") -> Source:
    return Source(
        "dots-1",
        "What we need",
        [Suggested("point:1", words, 5, "Ask twice"), Suggested("point:2", "Rides", 2)],
    )


def put_up(community, words, **answered):
    return actions.weigh(actions.put_on_canvas(community, need=words, by=None), by=None, **answered)


def test_a_leader_puts_up_a_topic_and_answers_the_four_questions(client, community, leader):
    topic = make_topic(community.program, "Grants")
    need(add_member(community, "Tom").enrollment)
    offered = page_of(client, community, leader).text

    put = client.post(at("new_priority", community), {"topic": topic.pk, "need": ""})
    priority = Priority.objects.get()
    asked = client.get(put.url).text
    sent = client.post(
        put.url,
        {
            "need": "A second grant", "together": "4", "assets": "Amara won one", "result": "One letter sent",
            "work": "learn", "how": "Read each other's drafts",
        },
        follow=True,
    )  # fmt: skip

    assert "Grants: 1 person here needs it" in offered
    assert put.url == reverse("communities:priority_answers", args=[priority.pk])
    assert "Are we stronger together?" in asked
    [row] = canvas_of(community)
    assert (row.priority.need, row.priority.answered, row.wanted, row.score) == ("A second grant", 4, 1, 100)
    for words in ("A second grant", "Amara won one", "Satisfied when: One letter sent", "Learn together"):
        assert words in sent.text
    assert list(Entry.objects.values_list("verb", flat=True))[:2] == ["priority.weighed", "priority.put_up"]


def test_the_highest_score_comes_first_and_what_is_not_weighed_last(community):
    for words, together in (("Alone", 1), ("Open", None), ("Only", 4), ("Much", 3)):
        put_up(community, words, together=together)

    told = [(row.priority.need, row.score) for row in canvas_of(community)]

    assert told == [("Only", 100), ("Much", 67), ("Alone", 0), ("Open", None)]


def test_needs_and_dots_count_beside_the_most_on_the_canvas(community):
    people = [add_member(community, name) for name in ("Tom", "Ana")]
    for each in people:
        need(each.enrollment)
    need(people[0].enrollment, "Boards")
    for name in ("Grants", "Boards"):
        topic = community.program.topics.get(name=name)
        actions.weigh(actions.put_on_canvas(community, topic=topic, by=None), by=None, together=4)
    actions.take_over(community, source=register(), by=None)
    Priority.objects.exclude(source_key="").update(together=4)

    told = {row.priority.need: (row.wanted, row.priority.dots, row.score) for row in canvas_of(community)}

    assert told == {
        "Grants": (2, 0, 100),
        "Boards": (1, 0, 75),
        "A second grant": (0, 5, 100),
        "Rides": (0, 2, 70),
    }


def test_members_read_what_leaders_write_and_take_it_away_as_a_table(client, community, leader):
    put_up(community, "Rides", together=2, work="solve")
    member = add_member(community, "Tom").person

    shown = page_of(client, community, member)
    rows = list(
        csv.reader(io.StringIO(client.get(at("priorities_file", community)).content.decode("utf-8-sig")))
    )

    assert "Rides" in shown.text
    assert "Put it up" not in shown.text
    assert client.post(at("new_priority", community), {"need": "Mine"}).status_code == 403
    assert rows[1][:5] == ["Rides", "", "33", "Together it is a little easier", "0"]
    assert "Put it up" in page_of(client, community, leader).text


def test_nothing_said_and_a_full_canvas_are_refused_in_the_form(client, community, leader, monkeypatch):
    client.force_login(leader)
    empty = client.post(at("new_priority", community), {"need": " "})
    monkeypatch.setattr("coppice.communities.actions.priorities.MOST", 0)
    full = client.post(at("new_priority", community), {"need": "Rides"})

    assert (empty.status_code, full.status_code) == (422, 422)
    assert "Write something first" in empty.text
    assert empty.text.count("data-errors") == 1
    assert "There is no more room on the canvas" in full.text
    assert "Rides" in full.text
    with pytest.raises(NothingSaid):
        actions.put_on_canvas(community, need="  ", by=None)
    with pytest.raises(CanvasIsFull):
        actions.take_over(community, source=register(), by=None)


def test_a_topic_is_on_the_canvas_once_and_the_same_answers_change_nothing(community):
    topic = make_topic(community.program, "Grants")

    first, again = (
        actions.put_on_canvas(community, topic=topic, need="Grants", by=None) for _twice in range(2)
    )
    actions.weigh(first, together=3, by=None)
    actions.weigh(first, together=3, by=None)

    assert first == again
    assert Entry.objects.filter(verb="priority.weighed").count() == 1


def test_what_is_taken_off_comes_back_by_undo_as_long_as_there_is_room(
    client, community, leader, monkeypatch
):
    priority = put_up(community, "Rides", together=2)
    client.force_login(leader)
    off, back = (reverse(f"communities:priority_{act}", args=[priority.pk]) for act in ("removal", "return"))

    told = [client.post(off, follow=True).text for _twice in range(2)]
    gone = canvas_of(community)
    monkeypatch.setattr("coppice.communities.actions.priorities.MOST", 0)
    full = client.post(back, follow=True).text
    monkeypatch.undo()
    for _twice in range(2):
        client.post(back)

    assert "Taken off the canvas." in told[0]
    assert gone == []
    assert "There is no more room on the canvas" in full
    assert [row.priority.together for row in canvas_of(community)] == [2]


def test_a_topic_that_was_put_up_anew_stays_alone_and_what_is_off_is_not_answered(client, community, leader):
    topic = make_topic(community.program, "Grants")
    first = actions.put_on_canvas(community, topic=topic, by=None)
    actions.take_off_canvas(first, by=None)
    second = actions.put_on_canvas(community, topic=topic, by=None)
    client.force_login(leader)

    kept = actions.put_back_on_canvas(first, by=None)
    told = client.post(reverse("communities:priority_answers", args=[first.pk]), {"need": "X"}, follow=True)

    assert kept == second
    assert [row.priority for row in canvas_of(community)] == [second]
    assert "This need was taken off the canvas" in told.text


def test_an_older_form_saves_over_nobodys_answers_unseen(client, community, leader):
    priority = put_up(community, "Rides", result="Old")
    client.force_login(leader)
    path = reverse("communities:priority_answers", args=[priority.pk])
    shown = client.get(path).context["form"]
    sent = {name: shown[name].value() or "" for name in shown.fields}
    mark = re.search(r'name="opened_with" value="([^"]+)"', str(shown.opened_with)).group(1)
    actions.weigh(priority, result="New", by=None)

    answer = client.post(path, {**sent, "result": "Mine", "opened_with": mark})

    assert answer.status_code == 422
    assert "New" in answer.text
    assert Priority.objects.get().result == "New"


def test_the_ranked_needs_of_a_live_room_are_taken_over_once(client, community, leader):
    room = make_room(community.program, community=community, steps=[dots()])
    step = opened(room)
    for words in ("A second grant", "Rides", "Nobody's"):
        Point.objects.create(step=step, round=1, words=words)
    grant, rides = Point.objects.filter(words__in=("A second grant", "Rides"))
    answers.give(step, participant=make_participant(room), round=1, picks=[grant.pk, grant.pk, rides.pk])
    points.note_how(step, point_id=grant.pk, how="Read drafts", by=leader)
    open_vote = page_of(client, community, leader).text
    moves.close_step(step, by=leader)

    offered = page_of(client, community, leader).text
    path = reverse("communities:priorities_from", args=[community.pk, f"dots-{step.pk}"])
    taken = client.post(path, follow=True)
    again = client.post(path)

    assert "Take them over" not in open_vote
    assert "2 needs were ranked there" in offered
    assert "2 needs are on the canvas." in taken.text
    assert again.status_code == 404
    told = [(row.priority.need, row.priority.dots, row.priority.how) for row in canvas_of(community)]
    assert told == [("A second grant", 2, "Read drafts"), ("Rides", 1, "")]


def test_what_was_taken_off_is_not_taken_over_again_and_a_full_canvas_says_so(
    client, community, leader, monkeypatch
):
    actions.take_over(community, source=register(), by=None)
    actions.take_off_canvas(community.priorities.get(need="Rides"), by=None)
    monkeypatch.setattr(canvas, "_sources", [lambda _community: [register()]])

    assert sources_of(community) == []
    assert actions.take_over(community, source=register(), by=None) == 0

    more = Source("dots-2", "More", [Suggested("point:9", "Boards", 1)])
    monkeypatch.setattr(canvas, "_sources", [lambda _community: [more]])
    monkeypatch.setattr("coppice.communities.actions.priorities.MOST", 1)
    client.force_login(leader)
    path = reverse("communities:priorities_from", args=[community.pk, "dots-2"])
    assert "There is no more room on the canvas" in client.post(path, follow=True).text
