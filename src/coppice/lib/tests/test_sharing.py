"""Equal texts are one object, up to so many."""

from coppice.lib import sharing
from coppice.lib.sharing import SharedTexts


def test_short_texts_are_held_once_and_no_more_than_the_most(monkeypatch) -> None:
    monkeypatch.setattr(sharing, "MOST", 1)
    shared = SharedTexts()
    words, others, long = " ".join(["East", "side"]), " ".join(["West", "side"]), "x" * 81

    shared.of(words)

    assert shared.of(" ".join(["East", "side"])) is words
    assert shared.of(others) is others
    assert shared.of(" ".join(["West", "side"])) is not others
    assert shared.of(long) is long
