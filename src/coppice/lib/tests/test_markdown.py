"""Markdown that people write."""

import re
from html.parser import HTMLParser
from time import process_time

import pytest

from coppice.lib.markdown import to_html, to_words


def test_a_plain_box_reads_as_it_was_typed() -> None:
    assert to_html("Dear all,\nwho comes?\n\n- Ana\n- Ben") == (
        "<p>Dear all,<br>\nwho comes?</p>\n<ul>\n<li>Ana</li>\n<li>Ben</li>\n</ul>\n"
    )


def test_marks_headings_and_tables() -> None:
    html = to_html("# Plan\n\n**now** ~~later~~\n\n| a | b |\n|---|---|\n| 1 | 2 |", headings=2)

    assert "<h2>Plan</h2>" in html
    assert "<strong>now</strong> <s>later</s>" in html
    assert "<td>1</td>" in html


def test_boxes_to_tick_and_tables_without_heads() -> None:
    html = to_html("- [ ] **Ana** [x]\n- [X] Ben\n- [link]\n\n| | |\n|-|-|\n| a | [ ] b |")

    assert html == (
        '<ul>\n<li class="box">☐ <strong>Ana</strong> [x]</li>\n<li class="box">☑ Ben</li>\n<li>[link]</li>\n'
        '</ul>\n<div class="table-frame" role="group" tabindex="0" aria-label="Table">\n'
        "<table>\n<tbody>\n<tr>\n<td>a</td>\n<td>[ ] b</td>\n</tr>\n</tbody>\n</table>\n</div>\n"
    )


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[go](javascript:alert(1))",
        "[go](JaVaScRiPt:alert(1))",
        "[go](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/pixel.gif)",
        "![x](//tracker.example/pixel.gif)",
        "![x](/\\tracker.example/pixel.gif)",
        '[a](https://ok.example "x\\" onclick=\\"alert(1)")',
        '<a href="https://ok.example" onclick="alert(1)">x</a>',
        "```<script>\nalert(1)\n```",
    ],
)
def test_nothing_runs_and_no_picture_comes_from_elsewhere(attack: str) -> None:
    parts = Parts()

    parts.feed(to_html(attack, marked=["alert"]))

    assert {tag for tag, _attributes in parts.found} <= {"p", "a", "strong", "pre", "code", "img"}
    for tag, attributes in parts.found:
        assert set(attributes) <= {"a": {"href", "rel", "title"}, "img": {"src", "alt"}}.get(tag, set())
        assert re.match(r"https?:|//tracker", attributes.get("href", "https:"))
        assert re.match(r"/%5C", attributes.get("src", "/%5C"))


class Parts(HTMLParser):
    """The tags of a page with their attributes, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def test_a_picture_from_elsewhere_is_a_link() -> None:
    assert to_html("![A graph](https://pictures.example/7.png)") == (
        '<p><a href="https://pictures.example/7.png" rel="nofollow noopener noreferrer">A graph</a>'
        " (pictures.example)</p>\n"
    )


def test_a_picture_of_ours_is_shown() -> None:
    assert to_html("![A graph](/library/7.png)") == '<p><img src="/library/7.png" alt="A graph"></p>\n'


def test_addresses_are_links_and_links_say_where_they_lead() -> None:
    rel = 'rel="nofollow noopener noreferrer"'

    assert to_html("See https://a.example/x_(y), ok.") == (
        f'<p>See <a href="https://a.example/x_(y)" {rel}>https://a.example/x_(y)</a>, ok.</p>\n'
    )
    assert to_html("[my bank](https://www.evil.example/)") == (
        f'<p><a href="https://www.evil.example/" {rel}>my bank</a> (evil.example)</p>\n'
    )
    assert to_html("`https://a.example` http://[broken") == (
        "<p><code>https://a.example</code> http://[broken</p>\n"
    )


def test_our_own_links_are_whole_in_a_mail() -> None:
    html = to_html("[minutes](/meetings/3/)", base_url="https://coppice.example")

    assert 'href="https://coppice.example/meetings/3/"' in html


def test_marked_words_stand_out_outside_of_links_and_code() -> None:
    html = to_html("@ana ruiz and `@Ana Ruiz`, <b>", marked=["@Ana Ruiz", "@Ana"])

    assert html == "<p><strong>@ana ruiz</strong> and <code>@Ana Ruiz</code>, &lt;b&gt;</p>\n"


def test_words_without_marks() -> None:
    assert to_words("# Plan\n\n**now** [or](https://a.example) `later`\nsoon \ud800") == (
        "Plan now or (a.example) later soon ?"
    )


def test_an_address_behind_which_brackets_close_without_end_is_read_at_once():
    begun = process_time()

    html = to_html(f"(See https://a.example/(b).) https://a.example/{')' * 100_000}")

    assert '<a href="https://a.example/(b)"' in html
    assert process_time() - begun < 1.5
