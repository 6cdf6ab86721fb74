"""What the components write."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from coppice.ui import badges, dates, icons
from coppice.ui.navigation import Item
from coppice.ui.progress import Progress
from coppice.ui.toasts import UNDO


def write(source: str, **context) -> str:
    return " ".join(Template(source).render(Context(context)).split())


@pytest.mark.parametrize(
    ("stage", "word", "grown"),
    [("potential", "Potential", 1), ("maturing", "Maturing", 3), ("transformation", "Transformation", 5)],
)
def test_stage_mark_grows_up_to_the_stage_and_says_its_word(stage, word, grown):
    html = write("{% stage_mark stage %}", stage=stage)

    assert (html.count("stem-grown"), html.count("stem-coming")) == (grown, 5 - grown)
    assert f"<span>{word}</span>" in html


def test_stage_after_the_five_has_its_word_and_no_grown_stem():
    html = write("{% stage_mark stage %}", stage=SimpleNamespace(value="merged", label="Merged into another"))

    assert (html.count("stem-grown"), "Merged into another" in html) == (0, True)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Rosa Medina", "RM"),
        ("ada king (lovelace)", "AK"),
        ("Lin", "L"),
        ("  ", "?"),
        ("Ana María Ruiz", "AR"),
    ],
)
def test_initials_are_of_the_first_and_last_word(name, letters):
    assert f">{letters}</span>" in write("{% initials name %}", name=name)


def test_disc_of_a_name_keeps_its_colour():
    one, again = badges.initials("Rosa Medina"), badges.initials(" rosa medina ")

    assert re.findall("disc-[a-z]+", one) == re.findall("disc-[a-z]+", again)


def test_photo_stands_in_for_initials():
    assert '<img src="/p.jpg" alt="">' in write("{% initials 'Rosa Medina' '/p.jpg' %}")


def test_names_are_escaped():
    assert "<b>" not in write("{% initials name %}{% pill name %}", name="<b> <b>x")


@pytest.mark.parametrize(
    ("value", "of", "width", "tone", "figure"),
    [
        (8, 12, "66.7%", "leaf", "8 of 12"),
        (12, 12, "100.0%", "bluebell", "12 of 12"),
        (15, 12, "100.0%", "bluebell", "15 of 12"),
        (0, 0, "0.0%", "leaf", "0 of 0"),
    ],
)
def test_meter_says_of_what_and_never_overflows(value, of, width, tone, figure):
    html = write("{% meter value of %}", value=value, of=of)

    assert f'width="{width}"' in html
    assert f"meter-{tone}" in html
    assert figure in html
    assert "style=" not in html


def test_meter_draws_the_same_where_decimals_have_commas():
    with translation.override("es"):
        html = write("{% meter 8 12 'Coming' %}")

    assert 'width="66.7%"' in html


def test_pill_of_an_unknown_tone_is_refused():
    with pytest.raises(ValueError, match="no such tone: red"):
        badges.pill("Late", tone="red")


def test_every_icon_is_hidden_from_screen_readers():
    drawn = [icons.icon(name) for name in icons.SHAPES]

    assert [html.count('aria-hidden="true"') for html in drawn] == [1] * len(icons.SHAPES)


def test_icon_that_nobody_drew_is_an_error():
    with pytest.raises(KeyError):
        icons.icon("unicorn")


def test_once_is_a_fresh_key_each_time():
    keys = re.findall(r'name="once" value="([^"]+)"', write("{% once %}{% once %}"))

    assert [UUID(key).version for key in keys] == [4, 4]
    assert keys[0] != keys[1]


START = datetime(2020, 12, 1, 19, 0, tzinfo=UTC)


def test_local_time_is_in_the_readers_zone_and_names_it():
    html = write(
        "{% local_time start 'America/New_York' end=end %}",
        start=START,
        end=datetime(2020, 12, 1, 20, 0, tzinfo=UTC),
    )

    assert html == (
        '<span class="when"><time datetime="2020-12-01T14:00-05:00">'
        "Tuesday 1 December 2020, 14:00 to 15:00</time>, your time (New York)</span>"
    )


def test_local_time_over_midnight_names_both_days():
    html = write(
        "{% local_time start 'Europe/Madrid' end=end yours=False %}",
        start=START,
        end=datetime(2020, 12, 1, 23, 30, tzinfo=UTC),
    )

    assert "Tuesday 1 December 2020, 20:00 to Wednesday 2 December 2020, 00:30</time>, Madrid time" in html


def test_the_two_moments_of_an_hour_that_comes_twice_are_told_apart():
    moments = [datetime(2020, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]

    written = [write("{% local_time start 'America/New_York' %}", start=each) for each in moments * 2]

    assert [re.findall('datetime="([^"]*)"', each)[0] for each in written] == [
        "2020-11-01T01:30-04:00",
        "2020-11-01T01:30-05:00",
    ] * 2


def test_a_moment_is_written_in_the_language_and_zone_of_each_reader():
    written = []
    for language, zone in (("en", "Europe/Madrid"), ("es", "Europe/Madrid"), ("en", "UTC")):
        with translation.override(language):
            written.append(write("{% local_time start zone yours=False %}", start=START, zone=zone))

    assert [re.sub("<[^>]*>", "", each) for each in written] == [
        "Tuesday 1 December 2020, 20:00, Madrid time",
        "martes 1 de diciembre de 2020, 20:00, hora de Madrid",
        "Tuesday 1 December 2020, 19:00, UTC time",
    ]


def test_no_moment_is_no_words():
    assert write("{% local_time start %}", start=None) == ""


def test_day_of_this_year_needs_no_year():
    today = datetime.now(UTC)

    assert str(today.year) not in dates.day(today)


def test_pagination_keeps_the_filters():
    page = Paginator(range(100), 10).page(2)
    request = RequestFactory().get("/", {"words": "a&b", "topic": ["x", "y"], "page": "2"})

    html = write("{% pagination page %}", page=page, request=request)

    assert 'href="?topic=x&amp;topic=y&amp;words=a%26b&amp;page=3"' in html
    assert '<span aria-current="page"><span class="unseen">Page </span>2</span>' in html
    assert "11 to 20 of 100" in html


def test_one_page_needs_no_pagination():
    assert write("{% pagination page %}", page=Paginator(range(3), 10).page(1)) == ""


def test_breadcrumb_links_all_but_the_page_itself():
    html = write("{% breadcrumb 'Programs' '/programs/' name '' %}", name="A & B")

    assert '<a href="/programs/">Programs</a>' in html
    assert "<li>A &amp; B</li>" in html


def test_tabs_mark_the_current_one_and_say_the_badge():
    items = [Item("Now", "/now/", current=True), Item("Talk", "/talk/", badge=2, badge_words="2 new")]

    html = write("{% tabs items 'Parts' %}", items=items)

    assert '<a href="/now/" aria-current="page">Now</a>' in html
    assert '<span class="badge" aria-hidden="true">2</span><span class="unseen">2 new</span>' in html


def test_work_in_progress_asks_again_and_says_how_far_it_is():
    html = write(
        "{% progress job %}", job=Progress("running", "Reading rows", "/job/", done=1200, total=5000)
    )

    assert 'hx-get="/job/"' in html
    assert 'value="1200" max="5000"' in html
    assert "Reading rows" in html


def test_finished_work_asks_no_more_and_offers_the_next_step():
    job = Progress("done", "84 people added.", "/job/", next_url="/form/", next_label="Form communities")

    html = write("{% progress job %}", job=job)

    assert "hx-get" not in html
    assert '<a class="button button-main" href="/form/">Form communities</a>' in html


def test_toast_with_undo_posts_to_its_address():
    message = Message(constants.SUCCESS, "Moved.", extra_tags=UNDO + "/moves/1/undo/")

    html = write('{% include "ui/toasts.html" %}', messages=[message], csrf_token="t")

    assert '<form method="post" action="/moves/1/undo/">' in html
    assert 'name="once"' in html


def test_plain_toast_has_no_form():
    html = write(
        '{% include "ui/toasts.html" %}', messages=[Message(constants.INFO, "Saved.", extra_tags="other")]
    )

    assert ("<form" in html, "Saved." in html) == (False, True)
