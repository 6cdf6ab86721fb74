"""What is new in a text beside an older one."""

from time import process_time

import pytest

from coppice.lib.differences import differences


def said(then, now):
    return [(piece.kind, piece.words) for piece in differences(then, now)]


def test_words_are_compared():
    assert said("We meet on Monday", "We meet on Friday") == [
        ("same", "We meet on "),
        ("removed", "Monday"),
        ("added", "Friday"),
    ]
    assert said("The same", "The same") == []


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("a\n" * 50_000, "b\n" + "a\n" * 49_000),
        ("a b " * 1900, "b b a " * 1200),
        ("\n" * 90_000, "\n" * 99_000),
    ],
)
def test_a_text_that_repeats_itself_without_end_is_compared_at_once(then, now):
    begun = process_time()

    pieces = said(then, now)

    assert "".join(words for kind, words in pieces if kind != "removed") == now
    assert "".join(words for kind, words in pieces if kind != "added") == then
    assert process_time() - begun < 3
