"""Nothing that somebody wrote is lost, wherever they wrote it, and nobody waits for it."""

import time
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engines.replies import MOST, Kind, read

word = st.text("abcdefghijklmnopqrstuvwxyzäéñøžдюжהחمش日本語", min_size=1, max_size=9)
line = st.lists(word, min_size=1, max_size=9).map(" ".join)
tricky = st.sampled_from(
    (
        "On Monday Maria wrote to us:",
        "At 10:30 we begin:",
        "From: the county",
        "Subject: money",
        "Le 12 mai :",
        "Sent with love",
        "sent by the office yesterday",
        "Original message",
        "see https://example.org/a?b=c",
        "* one",
        "| a | b |",
        "Regards,",
        "one\n-----\ntwo",
        "2026-11-24 10:00",
    )
)
paragraphs = st.lists(st.lists(line | tricky, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=3)
answer = paragraphs.map("\n\n".join)

ATTRIBUTIONS = (
    "On Tue, Nov 24, 2026 at 9:12 AM Maria via Coppice <\ntalk@coppice.example> wrote:",
    "Am Di., 24. Nov. 2026 um 09:12 Uhr schrieb Maria <talk@coppice.example>:",
    "2026年11月24日(火) 9:12 Maria <talk@coppice.example>:",
    "Maria <talk@coppice.example> ezt írta (időpont: 2026. nov. 24.,\nK, 9:12):",
)
HEADERS = "\n".join(
    (
        "De: Maria <talk@coppice.example>",
        "Enviado: 24/11/2026 9:12",
        "Para: Luis",
        "Asunto: Hoy",
        "",
        "QUOTED",
    )
)
SOME = 120_000
QUOTE = "> QUOTED lines\n>\n> QUOTED again\n"
attribution = st.sampled_from(ATTRIBUTIONS)


@given(answer, attribution)
def test_above_a_quote(words, said):
    reading = read(f"{words}\n\n{said}\n\n{QUOTE}")

    assert reading.words.split() == words.split()
    assert reading.kind is Kind.TOP


@given(answer)
def test_above_headers(words):
    reading = read(f"{words}\n\n{HEADERS}")

    assert reading.words.split() == words.split()


@given(answer, attribution)
def test_below_a_quote(words, said):
    reading = read(f"{said}\n\n{QUOTE}\n{words}\n")

    assert reading.words.split() == words.split()
    assert reading.kind is Kind.BOTTOM


@given(answer, answer, attribution)
def test_between_quotes(first, second, said):
    reading = read(f"{said}\n{QUOTE}\n{first}\n\n{QUOTE}\n{second}\n\n{QUOTE}")

    kept = [each for each in reading.words.splitlines() if not each.startswith(">")]
    assert " ".join(kept).split() == f"{first} {second}".split()
    assert reading.kind is Kind.INTERLEAVED


@given(answer)
@example("> 80 % came\n> 20 % wrote")
@example("--\nMaria")
def test_alone(words):
    assert read(words).words.split() == words.split()


@given(answer, st.sampled_from(("gmail_quote", "protonmail_quote", "")))
def test_in_a_page(words, name):
    shown = "".join(f"<div>{escape(each) or '<br>'}</div>" for each in words.splitlines())
    said = escape(ATTRIBUTIONS[0].replace("\n", " "))
    page = f'{shown}<br><div>{said}</div><blockquote type="cite" class="{name}"><p>QUOTED</p></blockquote>'

    assert read("", page).words.split() == words.split()


@given(st.text(max_size=300), st.text("<>/!-abp\"'= &#x9;\n", max_size=300))
def test_anything_is_read(text, page):
    reading = read(text, page)

    assert read(reading.words).is_cut is False


TEXTS = (
    *(
        ">",
        "> ",
        ">\n",
        "> > >\n",
        ":\n",
        "On On On ",
        "On\n",
        "On 1 a@b.c:\n",
        "From:\n",
        "--\n",
        "- ",
        "-",
        "____\n",
    ),
    *(
        "[[@",
        "wrote:\n",
        "(" * 500 + ":\n",
        "Sent from my iPhone\n\n",
        "_" * 40 + "\nhttp://a.b\n",
        "A> \n",
        "```\n",
    ),
    *("\n", "Subject: a\nFrom: ", "> On 1 May 2026 10:00 <a@b.c> wrote:\n", "a\n> b\n"),
    "This message is confidential for its recipient " * 2 + "\n\n",
)
PAGES = (
    *(
        "<",
        "<a",
        "<!--",
        "<blockquote>",
        "</b><i>",
        '<a href="',
        "<style>",
        "&#9",
        "<div class='gmail_signature'>",
    ),
    *("<li><ul>", "<p>a", '<a ">'),
)


@pytest.mark.parametrize("piece", TEXTS)
def test_twice_of_anything_takes_hardly_more_than_twice_as_long(piece):
    assert _seconds(piece * (SOME // len(piece))) < 4 * _seconds(piece * (SOME // 2 // len(piece))) + 0.5


@pytest.mark.parametrize("piece", PAGES)
def test_twice_of_any_page_takes_hardly_more_than_twice_as_long(piece):
    assert (
        _seconds("", piece * (SOME // len(piece))) < 4 * _seconds("", piece * (SOME // 2 // len(piece))) + 0.5
    )


def test_what_is_longer_than_anybody_writes_is_cut_and_says_so():
    assert read("a" * (MOST + 1)).is_cut
    assert not read("a" * MOST).is_cut


def _seconds(text, page=""):
    began = time.process_time()
    read(text, page)
    return time.process_time() - began
