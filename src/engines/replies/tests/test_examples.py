"""Mails as people's programs send them: the public set of `../shared`, and newer ones of our own."""

from pathlib import Path

import pytest

from engines.replies import read

OURS = sorted((Path(__file__).parent / "examples").glob("*.txt"))
PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "replies"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_own_words_of_a_mail(path):
    text, _, rest = path.read_text().partition("%%%% html\n")
    html, _, words = rest.partition("%%%% words\n")

    assert folded(read(text, html).words) == folded(words)
    if text.strip() and html.strip():
        assert folded(read("", html).words) == folded(words)


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public set is not here")
def test_every_mail_of_the_public_set_is_read_exactly():
    wanted = {path.name: folded(path.read_text()) for path in (PUBLIC / "trimmed").glob("*.txt")}

    found = {name: folded(read((PUBLIC / "emails" / name).read_bytes().decode()).words) for name in wanted}

    assert len(found) == 32
    assert found == wanted


def folded(words):
    return " ".join(words.split())
