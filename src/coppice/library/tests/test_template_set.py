"""The template set: whole in each language, of one shape, and filled so that nothing is an empty hole."""

import re
from collections import Counter

import pytest

from coppice.lib.papers import Callout, Heading, Listing, Spans, Table, blocks_of
from coppice.library.template_facts import NAMES
from coppice.library.template_set import ALL_KEYS, FOLDER, LANGUAGES, language_of, original
from coppice.library.template_set.filling import PLACE, fill, places_of

SECTION_SIX = [
    *("is-it-a-cop", "sponsor-brief", "announcement", "invitation-script", "prospect-interview"),
    *("charter", "action-plan", "norms", "role-cards", "welcome-pack"),
    *("annual-calendar", "agenda", "minutes", "facilitation-tips", "leader-call"),
    *("mou-work-plan", "case-study", "promising-practice", "lesson-learned", "health-check"),
    *("evaluation-plan", "story-form", "annual-report", "renewal-workshop", "succession-note"),
    *("transition-plan", "closing-letter"),
]
USEFUL = 350
"""So many words a template has at least."""


def shape(markdown: str) -> list[object]:
    """What must be the same in each language: kinds of blocks in order, how large lists and tables are."""
    found: list[object] = []
    for block in blocks_of(markdown):
        match block:
            case Heading():
                found.append(("heading", block.level))
            case Listing():
                found.append(("list", len(block.items), len(block.ticks), block.is_numbered))
            case Table():
                found.append(("table", len(block.head), len(block.rows), len(block.rows[0])))
            case _:
                found.append(type(block).__name__)
    return found


def test_the_set_has_every_template_of_the_mission_and_no_other():
    files = {
        language: sorted(path.stem for path in (FOLDER / language).glob("*.md")) for language in LANGUAGES
    }

    assert sorted(ALL_KEYS) == sorted(SECTION_SIX)
    assert files == {language: sorted(SECTION_SIX) for language in LANGUAGES}


@pytest.mark.parametrize("key", ALL_KEYS)
def test_a_template_has_one_shape_in_every_language_and_says_enough(key):
    first, *others = [original(key, language) for language in LANGUAGES]

    for each in (first, *others):
        assert places_of(each.markdown) <= NAMES.keys()
        assert len(each.markdown.split()) >= USEFUL
        assert 5 <= each.minutes <= 120
        assert all((each.title, each.audience, each.moment, each.purpose.endswith(".")))
        assert isinstance(blocks_of(each.markdown)[0], Callout)
    for other in others:
        assert shape(other.markdown) == shape(first.markdown)
        assert Counter(PLACE.findall(other.markdown)) == Counter(PLACE.findall(first.markdown))
        assert other.minutes == first.minutes
        assert other.title != first.title


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_lines_to_write_on_are_no_marks(key, language):
    """A run of underscores could make a rule across the page, or words that stand out."""
    template = original(key, language)

    said = [str(each) for each in _all_words(template.markdown)]

    assert sum(each.count("______") for each in said) == template.markdown.count("______")
    assert not [each for each in said if re.search(r"\*\*|\{\{(?! [a-z_]+ \}\})", each)]


def _all_words(markdown):
    for block in blocks_of(markdown):
        match block:
            case Listing():
                yield from block.items
            case Table():
                yield from block.head
                yield from (cell for row in block.rows for cell in row)
            case Callout():
                yield from (block.title, block.words)
            case _:
                yield block.words


def test_a_place_alone_is_a_list_or_paragraphs_and_one_within_a_sentence_is_one_line():
    names = {"goals": "our goals", "mission": "our mission", "ends_on": "last day"}
    facts = {"goals": ["Sixty helpers", "No *empty* shift"], "mission": "First.\nSecond."}

    text = fill(
        "{{ goals }}\n\n> {{goals}}\n\nSo: {{ goals }} | {{ mission }}\n\n{{ mission }}", facts, names
    )

    assert text == (
        "- Sixty helpers\n- No \\*empty\\* shift\n\n> - Sixty helpers\n> - No \\*empty\\* shift\n\n"
        "So: Sixty helpers; No \\*empty\\* shift | First. Second.\n\nFirst.\nSecond."
    )


def test_what_is_not_known_is_a_line_with_its_name_and_what_is_no_place_stays():
    names = {"mission": "our mission", "ends_on": "last day"}

    text = fill("{{ mission }}\n\nUntil {{ ends_on }}, {{ weather }}", {"ends_on": " ", "mission": []}, names)

    assert text == "______________ (our mission)\n\nUntil ______________ (last day), {{ weather }}"


def test_facts_are_words_and_never_marks():
    hostile = "# <b>a_b_</b> | [x](y) `z`\n=== \n{{ community }}"

    (said,) = blocks_of(fill("{{ purpose }}", {"purpose": hostile}, {"purpose": "purpose", "community": "x"}))
    (table,) = blocks_of(fill("| a | b |\n| - | - |\n| {{ c }} | y |", {"c": "1 | 2"}, {"c": "c"}))

    assert str(said.words) == hostile.replace(" \n", "\n")
    assert table.rows == [["1 | 2", "y"]]


def test_a_language_of_the_set_is_found_by_its_region_and_others_get_the_first():
    assert [language_of("es-MX"), language_of("", "es"), language_of("fr"), language_of()] == [
        *("es", "es", "en", "en"),
    ]


def test_a_filled_template_has_no_place_left():
    for key in ALL_KEYS:
        for language in LANGUAGES:
            filled = fill(original(key, language).markdown, {}, {place: place for place in NAMES})
            assert "{{" not in filled


def test_words_that_stand_out_are_kept():
    blocks = blocks_of(original("role-cards", "en").markdown)

    assert any(
        isinstance(words := getattr(block, "words", ""), Spans) and words.parts[0].is_strong
        for block in blocks
    )
