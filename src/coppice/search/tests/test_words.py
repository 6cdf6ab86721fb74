"""Words as they are searched, which may have been meant, in which order results stand, and what is shown."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coppice.search import highlighting, spelling
from coppice.search.indexes import Found
from coppice.search.ranking import Term, ordered
from coppice.search.tokens import fold, root_of, tokens_of, words_of

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Reunión de EDUCACIÓN", ["reunion", "de", "educacion"]),
        ("L'État, c'est moi", ["l", "etat", "c", "est", "moi"]),
        ("Straße Łódź Ærø", ["strasse", "lodz", "aero"]),
        ("مُحَمَّد", ["محمد"]),
        ("Ελλάδα Москва", ["ελλαδα", "москва"]),
        ("हिन्दी", ["हिनदी"]),
        ("教育局 x", ["教育", "育局", "x"]),
        ("follow-up 2026/11", ["follow", "up", "2026", "11"]),
        ("?!", []),
    ],
)
def test_words_are_folded(written: str, searched: list[str]) -> None:
    assert words_of(written) == searched


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_every_word_is_found_by_itself_and_stands_where_it_is_said_to(text: str) -> None:
    for token in tokens_of(text):
        assert token.text in words_of(text[token.start : token.end])
        assert fold(token.text) == token.text


@pytest.mark.parametrize(
    "forms", [("meeting", "meetings", "meets"), ("comunidad", "comunidades"), ("policy", "policies")]
)
def test_forms_share_a_root(forms: tuple[str, ...]) -> None:
    assert len({root_of(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("ab", "ab", 0),
        ("community", "comunity", 1),
        ("form", "from", 1),
        ("cat", "dog", 3),
        ("a", "abcdef", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, count: int) -> None:
    assert spelling.slips(one, other, most=2) == spelling.slips(other, one, most=2) == count


@given(st.text("abcdefgh", min_size=5, max_size=9), st.integers(0, 8), st.sampled_from("abcdefgh"))
def test_words_one_slip_apart_share_a_form(word: str, place: int, letter: str) -> None:
    place = min(place, len(word) - 1)
    slipped = [
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    ]

    for other in slipped:
        assert (spelling.forms_of(word) | {word}) & (spelling.forms_of(other) | {other})


def row(pk: int, title: str, *, days: int = 0, exact: bool = True, close: float = 0.5) -> Found:
    return Found(pk, title, NOW - timedelta(days=days), "meeting", None, close, exact)


def test_title_stands_above_words_exact_above_near_and_newer_above_older() -> None:
    terms = [Term("garden", forms=("gardens",), prefix="garden", near=("garten",))]
    rows = [
        row(1, "Nothing here", exact=False, close=1.0),
        row(2, "Garten", exact=False),
        row(3, "Nothing here", days=900),
        row(4, "Nothing here"),
        row(5, "Gardening for all", exact=False),
        row(6, "A garden for all", days=900),
        row(7, "A garden for all"),
        row(8, "Garden", days=900),
    ]

    assert [each.pk for each in ordered(rows, terms, now=NOW)] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_excerpt_shows_where_the_words_stand_together() -> None:
    text = f"alone garden. {'filler ' * 80}Here the <garden> meets a plan. {'filler ' * 80}"
    shown = highlighting.excerpt(text, [Term("garden"), Term("plan")])

    assert "<mark>plan</mark>" in shown
    assert "&lt;<mark>garden</mark>&gt;" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 2 * highlighting.EXCERPT


@given(st.text(max_size=400), st.text(min_size=1, max_size=5))
def test_marked_text_without_its_marks_is_the_text_escaped(text: str, word: str) -> None:
    from django.utils.html import escape

    shown = highlighting.marked(text, [Term(fold(word), prefix=fold(word))])

    assert shown.replace("<mark>", "").replace("</mark>", "") == escape(text)


def test_a_long_text_full_of_what_was_asked_is_shown_at_once():
    words = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    terms = [Term(word=word) for word in words]
    begun = process_time()

    shown = highlighting.excerpt("x " * 500 + " ".join(words * 5000), terms)

    assert shown.count("<mark>") > len(words)
    assert process_time() - begun < 2
