"""Made-up people take part in a room of a server that runs, and only where they are meant to."""

import json
import random
from pathlib import Path

import pytest

from bench.installation import installation
from coppice.demo.crowd import Form, Page, filled

MAKE_A_ROOM = """
import django; django.setup()
import json
from coppice.communities.tests.factories import make_program
from coppice.live.actions import moves
from coppice.live.tests.factories import make_room, plan
room = make_room(make_program(), steps=[plan()])
moves.open_step(room.steps.get(), by=None)
print(json.dumps(room.code))
"""
COUNT = """
import django; django.setup()
import json
from coppice.live.models import Answer, Participant
names = list(Participant.objects.order_by("name").values_list("name", flat=True))
print(json.dumps([names, Answer.objects.count()]))
"""
PAGE = """
<html lang="es-mx"><main data-stream="/live/events/x/">
<div data-part="task" data-step="3" data-round="2" data-own="1">
  <form action="/press/"><input type="hidden" name="round" value="2"><button>Leave</button></form>
  <form action="/answer/"><input type="hidden" name="round" value="2">
    <input type="radio" name="number" value="1"><input type="radio" name="number" value="2">
    <input type="checkbox" name="pick" value="0"><input type="checkbox" name="pick" value="1">
    <select name="place-0"><option value="">–</option>
      <option value="1">1</option><option value="2">2</option></select>
    <select name="place-1"><option value="">–</option>
      <option value="1">1</option><option value="2">2</option></select>
    <input type="text" name="words" maxlength="9"><textarea name="note"></textarea>
  </form></div></main></html>
"""


def test_a_page_is_read_as_a_person_would() -> None:
    page = Page(PAGE)

    assert (page.stream, page.place, page.language, page.has_own) == ("/live/events/x/", "3.2", "es", True)
    assert page.forms == [
        Form("/press/", hidden={"round": "2"}),
        Form(
            "/answer/",
            hidden={"round": "2"},
            choices={"number": ["1", "2"], "pick": ["0", "1"]},
            several={"pick"},
            places={"place-0": ["1", "2"], "place-1": ["1", "2"]},
            texts={"words": 9, "note": 120},
        ),
    ]
    assert [form.asks for form in page.forms] == [False, True]


def test_the_same_seed_says_the_same_and_each_answer_is_whole() -> None:
    form = Page(PAGE).forms[1]

    def answer(seed: int) -> list[tuple[str, str]]:
        return filled(form, chance=random.Random(seed), taste=random.Random(9), language="es")

    answers = [answer(seed) for seed in range(20)]

    assert answers == [answer(seed) for seed in range(20)]
    assert len({str(each) for each in answers}) > 10
    for each in answers:
        said = dict(each)
        assert {said["place-0"], said["place-1"]} == {"1", "2"}
        assert said["number"] in {"1", "2"}
        assert 0 < len(said["words"]) <= 9


def test_people_join_and_answer_through_the_doors_of_everybody_and_never_unasked_among_real_ones(
    tables: Path,
) -> None:
    with installation(tables=tables) as place:
        place.start()
        code = json.loads(place.python("-c", MAKE_A_ROOM).stdout)
        words = ["play-room", code, "--people", "6", "--seconds", "12", "--seed", "4"]

        refused = place.coppice(*words)
        nowhere = place.coppice(*words, "--at", "http://127.0.0.1:9")
        no_room = place.coppice("play-room", "FERN-00", "--among-real-people")
        played = place.coppice(*words, "--among-real-people")
        names, answers = json.loads(place.python("-c", COUNT).stdout)

    assert (refused.returncode, "This is no demo" in refused.stderr) == (1, True)
    assert (nowhere.returncode, "No Coppice answers there" in nowhere.stderr) == (1, True)
    assert (no_room.returncode, "No room that goes on" in no_room.stderr) == (1, True)
    assert (played.returncode, played.stderr) == (0, "")
    assert len(names) == 6
    assert 0 < answers <= 6


@pytest.mark.parametrize(
    "values", [["0", "1", "2"], ["1", "2", "3", "4", "5"]], ids=["of a choice", "of a scale"]
)
def test_every_answer_can_come(values: list[str]) -> None:
    form = Form("/answer/", choices={"pick": values})

    said = {
        filled(form, chance=random.Random(seed), taste=random.Random(1), language="fr")[0][1]
        for seed in range(200)
    }

    assert said == set(values)
