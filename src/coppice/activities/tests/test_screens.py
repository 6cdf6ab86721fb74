"""Every screen of every kind asks as often for many people as for few, and at most twelve times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coppice.activities.actions import market as trading
from coppice.activities.actions import points, write_ups
from coppice.activities.tests.factories import (
    alone,
    chosen,
    dots,
    gathered,
    interviews,
    market,
    pairs,
    themes,
)
from coppice.communities.tests.factories import make_program, make_staff
from coppice.live import links
from coppice.live.actions import answers
from coppice.live.models import Room, Step
from coppice.live.tests.factories import make_room, opened

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def full_room(people: int, kind: int) -> Room:
    """A room in which so many people came as far as one of its steps, and wrote whatever can be written."""
    steps = [pairs(), interviews(), themes(), alone(), chosen("two", "Two"), chosen("four", "Four"), dots()]
    steps += market()
    room = make_room(make_program(), steps=steps)
    everybody = gathered(room, *(f"Number {number}" for number in range(people)))
    for number in range(kind + 1):
        _write(opened(room, number), everybody)
    return room


def _write(step: Step, everybody: list) -> None:
    for number, each in enumerate(everybody):
        if step.kind == "interviews":
            about = everybody[number - 1]
            story = write_ups.write(step, by=each, about_id=about.pk, round=1, words="Story")
            write_ups.share(step.room, owner=about, write_up_id=story.pk, words="Story")
        if step.kind in {"themes", "alone", "two", "four"}:
            has_tables = step.kind != "alone"
            points.add(step, participant=each, round=1, words=f"Line {number}", has_tables=has_tables)
        if step.kind == "dots":
            answers.give(step, participant=each, round=1, picks=[step.points.first().pk])
        if step.kind == "market_notes":
            told = {"kind": "need", "words": f"Need {number}", "topic_id": 0, "how": "now"}
            slip = trading.write(step, participant=each, round=1, **told)
            if each != everybody[0]:
                trading.find(step, participant=everybody[0], round=1, slip_id=slip.pk)


@pytest.mark.parametrize("kind", range(10))
def test_no_screen_asks_more_for_more_people_nor_more_than_twelve_times(client, kind):
    counts = []
    for people in (4, 17):
        room = full_room(people, kind)
        client.force_login(make_staff(room.program))
        phone = links.phone_path(room.participants.first())
        told = {}
        for name, address in (
            ("phone", phone),
            ("own", f"{phone}own/"),
            ("wall", links.projector_path(room)),
            ("host", room.get_absolute_url()),
        ):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            told[name] = len(asked)
        counts.append(told)

    few, many = counts
    assert few == many
    assert {name: count for name, count in many.items() if count > MOST_QUERIES} == {}


def test_what_came_of_a_room_with_all_of_them_is_read_in_as_few(client):
    counts = []
    for people in (4, 17):
        room = full_room(people, 9)
        client.force_login(make_staff(room.program))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("live:results", args=[room.pk])).status_code == 200
        counts.append(len(asked))

    assert counts == [MOST_QUERIES, MOST_QUERIES]
