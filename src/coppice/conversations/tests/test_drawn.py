"""What a post says as HTML is made once, kept with it, and never shown for other words."""

from unittest import mock

import pytest
from django.urls import reverse

from coppice.accounts.actions import erase
from coppice.conversations import drawn, tasks
from coppice.conversations.actions import posts
from coppice.conversations.models import Post
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.lib import markdown
from coppice.ui.addresses import Addresses

pytestmark = pytest.mark.django_db
NOTHING = ("", "", "")


def kept(post: Post) -> tuple[str, ...]:
    return Post.objects.values_list("html", "first_words", "drawn_as").get(pk=post.pk)


def test_pages_show_what_was_drawn_when_the_post_was_written(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana, markdown="We need **two** people.")
    posts.change(say(thread, ben, "I *can*."), by=ben.person, markdown="I **do**.")
    client.force_login(ana.person)

    with mock.patch("coppice.lib.markdown._markdown", side_effect=AssertionError("drawn anew")):
        page = client.get(thread.get_absolute_url()).text
        talk = client.get(reverse("conversations:threads", args=[ana.community_id])).text

    assert "<p>We need <strong>two</strong> people.</p>" in page
    assert "<p>I <strong>do</strong>.</p>" in page
    assert "Ben Ode: I do." in talk


def test_what_depends_on_the_reader_is_drawn_for_each(client):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    thread = begin(ana, markdown=f"@Ben Ode\n\n{table}")
    ana.person.language = "es"
    ana.person.save()
    client.force_login(ana.person)

    page = client.get(thread.get_absolute_url()).text

    assert thread.posts.get().html == ""
    assert "<strong>@Ben Ode</strong>" in page
    assert 'aria-label="Tabla"' in page


def test_other_words_are_never_shown_as_the_old_ones(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana, markdown="Old words")
    Post.objects.update(markdown="New words")
    client.force_login(ben.person)

    page = client.get(thread.get_absolute_url()).text
    talk = client.get(reverse("conversations:threads", args=[ana.community_id])).text

    assert ("Old words" in page, "New words" in page) == (False, True)
    assert ("Old words" in talk, "New words" in talk) == (False, True)


def test_nothing_is_kept_of_what_is_taken_back_or_erased():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    post = begin(ana).posts.get()
    answer = say(post.thread, ben)
    assert all(kept(each) != NOTHING for each in (post, answer))

    posts.take_back(answer, by=ben.person)
    erase(ana.person, by=ana.person)

    assert [kept(each) for each in (post, answer)] == [NOTHING, NOTHING]


def test_the_clock_draws_what_nobody_has_or_an_older_renderer_drew(monkeypatch):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana, markdown="**One**")
    answer, gone = say(thread, ben, "**Two**"), say(thread, ben, "Three")
    posts.take_back(gone, by=ben.person)
    Post.objects.filter(pk=answer.pk).update(**drawn.NOTHING)

    tasks.draw_posts.func()
    first, second = kept(thread.posts.order_by("pk")[0]), kept(answer)
    monkeypatch.setattr(drawn, "WRITTEN_BY", "ffffffff")
    tasks.draw_posts.func()

    assert second[:2] == ("<p><strong>Two</strong></p>\n", "Two")
    assert kept(thread.posts.order_by("pk")[0])[2] == "ffffffff" + first[2][8:]
    assert (drawn.draw_the_rest(most=10), kept(gone)) == (0, NOTHING)


def test_words_that_changed_meanwhile_are_left_for_the_next_time():
    (ana,) = make_circle("Ana Ruiz")
    post = begin(ana, markdown="Old").posts.get()
    Post.objects.update(markdown="New", **drawn.NOTHING)

    drawn._draw([post])

    assert kept(post) == NOTHING


def test_the_first_words_are_cut_as_in_every_language():
    long, accents = "word " * 60, "é" * 141

    shown = [
        drawn.in_short(text, first_words=known["first_words"], drawn_as=known["drawn_as"])
        for text in (long, accents, "short", "")
        for known in (drawn.drawn(text), drawn.NOTHING)
    ]

    assert shown == [
        *["word " * 27 + "word…"] * 2,
        *["é" * 139 + "…"] * 2,
        *["short"] * 2,
        *[""] * 2,
    ]


def test_who_writes_html_is_known_by_eight_letters():
    assert len(markdown.WRITTEN_BY) == 8
    assert set(markdown.WRITTEN_BY) <= set("0123456789abcdef")


def test_an_address_of_many_is_that_of_each():
    flagging, person = Addresses("conversations:flagging"), Addresses("conversations:person", 7)

    assert flagging.of(5) == reverse("conversations:flagging", args=[5])
    assert person.of(12) == reverse("conversations:person", args=[7, 12])
