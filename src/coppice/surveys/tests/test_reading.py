"""An instrument as a file: read, written, refused."""

import copy
import json
from pathlib import Path

import pytest

from coppice import surveys
from coppice.surveys.errors import InstrumentRefused
from coppice.surveys.instruments import Choice, Condition, Kind, written
from coppice.surveys.reading import read_instrument
from coppice.surveys.tests.factories import EVERY_KIND

READ = read_instrument(json.dumps(EVERY_KIND))


def test_every_kind_is_read():
    assert {question.kind for question in READ.questions} == set(Kind)
    role, reached, years, opened, *_rest = READ.questions
    assert (role.is_required, reached.is_required) == (True, False)
    assert role.choices == (Choice("people", {"en": "People"}), Choice("office", {"en": "Office"}))
    assert (years.lowest, years.highest, list(years.points)) == (0, 70, [])
    assert READ.groups[1].condition == Condition("role", ("office",))
    assert opened.condition is None
    assert READ.languages == ["en", "es"]


def test_what_is_written_is_read_as_the_same():
    again = read_instrument(written(READ))

    assert again == READ
    assert written(again) == written(READ)


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Una de cada"), ("es-MX", "Una de cada"), ("fr", "One of each")]
)
def test_words_come_in_the_language_of_the_reader_else_in_the_instruments_own(language, said):
    assert READ.say(READ.title, language) == said


def changed(path: str, value: object) -> str:
    """The instrument as text, with one thing in it changed; `path` is like "groups.0.title"."""
    document = copy.deepcopy(EVERY_KIND)
    *steps, last = path.split(".")
    place = document
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return json.dumps(document)


ROLE = "groups.0.questions.0"
LOAD = "groups.2.questions.0"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("format", "other/1", "coppice-instrument/1"),
        ("language", 7, "name a language"),
        ("language", "x", "name a language"),
        ("title", "", "words are missing"),
        ("title", {"es": "Una"}, "words are missing"),
        ("introduction", {"es": "Nueve"}, "words are missing"),
        ("title", 7, "give words"),
        ("title", {"en": 7}, "give words"),
        ("title", "x" * 2001, "too long"),
        ("groups", [], "a list of one or more"),
        ("groups", {}, "a list of one or more"),
        ("groups.0", "x", "names and values"),
        ("groups.0.colour", "red", "colour is not known"),
        ("groups.0.questions", [], "a list of one or more"),
        ("groups.0.shown_if", {"question": "role", "any_of": ["people"]}, "an earlier group"),
        ("groups.1.shown_if", {"question": ["role"], "any_of": ["people"]}, "an earlier group"),
        ("groups.1.shown_if", {"question": "years", "any_of": ["3"]}, "an earlier group"),
        ("groups.1.shown_if", {"question": "role", "any_of": ["sky"]}, "answers that this question has"),
        ("groups.1.shown_if", {"question": "role", "any_of": []}, "a list of one or more"),
        (f"{ROLE}.key", "Role!", "small letters"),
        (f"{ROLE}.key", 7, "small letters"),
        ("groups.0.questions.1.key", "role", "role is taken"),
        (f"{ROLE}.kind", "essay", "its kind is one of"),
        (f"{ROLE}.kind", ["choice"], "its kind is one of"),
        (f"{ROLE}.required", "yes", "true or false"),
        (f"{ROLE}.choices", [{"key": "a", "text": "A"}, {"key": "a", "text": "B"}], "a is taken"),
        (f"{ROLE}.choices", [{"key": f"k{n}", "text": "A"} for n in range(61)], "too many choices"),
        (f"{ROLE}.lowest", 1, "no lowest"),
        ("groups.0.questions.2.choices", [{"key": "a", "text": "A"}], "no choices"),
        ("groups.0.questions.2.lowest", 71, "above"),
        ("groups.0.questions.2.lowest", 1.5, "whole numbers"),
        ("groups.0.questions.2.lowest", True, "whole numbers"),
        (f"{LOAD}.lowest", None, "2 to 11 points"),
        (f"{LOAD}.highest", 12, "2 to 11 points"),
        (f"{LOAD}.highest", 1, "2 to 11 points"),
    ],
)
def test_what_is_no_instrument_is_refused_with_the_place_to_mend(path, value, says):
    with pytest.raises(InstrumentRefused) as refused:
        read_instrument(changed(path, value))

    assert says in str(refused.value.sentence)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(InstrumentRefused, match="instrument_refused"):
        read_instrument(text)


def test_too_many_questions_are_refused():
    question = {"kind": "text", "text": "Why?"}
    many = [{**question, "key": f"q{number}"} for number in range(201)]

    with pytest.raises(InstrumentRefused) as refused:
        read_instrument(changed("groups.0.questions", many))

    assert "too many questions" in str(refused.value.sentence)


def test_conditions_may_name_points_of_a_scale():
    document = copy.deepcopy(EVERY_KIND)
    document["groups"].append(
        {
            "shown_if": {"question": "friend", "any_of": [0, 1, "2"]},
            "questions": [{"key": "why", "kind": "text", "text": "Why?"}],
        }
    )

    assert read_instrument(json.dumps(document)).groups[-1].condition == Condition("friend", ("0", "1", "2"))


def test_the_example_to_download_is_an_instrument_with_every_kind():
    example = Path(surveys.__file__).parent / "static" / "surveys" / "example.json"

    assert {question.kind for question in read_instrument(example.read_text()).questions} == set(Kind)
