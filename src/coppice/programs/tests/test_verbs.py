"""The record in words: who did what, about whom, as one reads it."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import coppice
from coppice.history.models import Entry
from coppice.programs.models import Enrollment
from coppice.programs.tests import factories
from coppice.programs.verbs import OWN_SENTENCES, SENTENCES, lines_of, sentence_of
from coppice.programs.wording import Words

CIRCLES = Words(community="learning circle", communities="learning circles")
RECORDED = re.compile(r"""(?:\b(?:record|record_all|note|_note)\(\s*|verb=|\belse )"([a-z_]+\.[a-z_]+)\"""")


def told(verb: str, *, is_own: bool = False, name: str = "Femi") -> str:
    return sentence_of(verb, name=name, is_own=is_own, words=CIRCLES)


def test_what_staff_write_down_for_somebody_is_not_told_as_their_own_doing() -> None:
    assert [told(f"membership.{verb}") for verb in ("joined", "declined", "left", "paused", "resumed")] == [
        "recorded that Femi joins",
        "recorded that Femi declines",
        "recorded that Femi leaves",
        "recorded that Femi is pausing",
        "recorded that Femi comes back",
    ]
    assert told("membership.joined", is_own=True) == "joined"
    assert told("membership.invited", name="") == "invited somebody"


def test_the_record_uses_the_word_of_the_program() -> None:
    assert told("community.formed") == "formed this learning circle"
    assert told("formation.started") == "began to form learning circles"


def test_a_verb_without_words_is_told_as_it_is() -> None:
    assert told("something.new") == "something.new"


def test_every_verb_that_a_room_records_has_words() -> None:
    recorded = {
        verb
        for module in Path(coppice.__file__).parent.rglob("*.py")
        if "tests" not in module.parts
        for verb in RECORDED.findall(module.read_text())
    }

    assert recorded - set(SENTENCES) == set()
    assert len(recorded) > 35
    assert set(OWN_SENTENCES) <= set(SENTENCES)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sentence_can_be_filled_in(language: str) -> None:
    with translation.override(language):
        sentences = [told(verb, is_own=is_own) for verb in SENTENCES for is_own in (True, False)]

    assert [sentence for sentence in sentences if "%" in sentence or not sentence] == []


@pytest.mark.django_db
def test_a_line_calls_people_as_the_roster_does_and_names_nobody_twice() -> None:
    rosa, femi = factories.person("Rosa"), factories.person("Account of Femi")
    program = factories.program(factories.provider(administrator=rosa))
    Enrollment.objects.create(program=program, person=femi, name="Femi Roster")
    kept = {"scope": program.scope, "subject_id": "1"}
    entries = [
        Entry(
            verb="membership.joined", actor=rosa, about=femi, subject_kind="membership",
            subject_name="Rural transport", **kept,
        ),
        Entry(
            verb="membership.joined", actor=femi, about=femi, subject_kind="membership",
            subject_name="Rural transport", **kept,
        ),
        Entry(
            verb="enrollment.added", actor=rosa, about=femi, subject_kind="enrollment",
            subject_name="Femi Roster", **kept,
        ),
        Entry(verb="roster.imported", subject_kind="rosterimport", subject_name="may.csv", **kept),
    ]  # fmt: skip

    lines = lines_of(program, entries)

    assert [(line.actor, line.sentence, line.subject) for line in lines] == [
        ("Rosa", "recorded that Femi Roster joins", "Rural transport"),
        ("Femi Roster", "joined", "Rural transport"),
        ("Rosa", "put Femi Roster on the roster", ""),
        ("", "brought in a roster", "may.csv"),
    ]


@pytest.mark.django_db
def test_what_was_removed_is_told_by_its_sizes_seeds_and_scores() -> None:
    program = factories.program()
    proposals = [{"number": 1, "seed": 4, "score": 87}, {"number": 2, "seed": 5, "score": None}]
    detail = {"reason": "area", "minimum": 8, "maximum": 12, "proposals": proposals}
    removed = Entry(verb="formation.removed", subject_name="Spring round", detail=detail)
    erased = Entry(verb="formation.removed", detail={})
    other = Entry(verb="program.changed", subject_name="Healthy Start", detail={"name": ["A", "B"]})

    told = [line.detail for line in lines_of(program, [removed, erased, other])]

    assert told == [
        "8 to 12 people each. Proposal 1: seed 4, 87 of 100. Proposal 2: seed 5, no grouping.",
        "",
        "",
    ]
