"""The layouts: landmarks, the pages for errors, mail, and who may see the page of components."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from coppice.ui import samples
from coppice.ui.toasts import offer_undo, undo_url

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).parents[1] / "templates"


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = "coppice.ui.tests.addresses"
    settings.DEMO = True


def test_components_are_shown_in_the_demo(client):
    response = client.get("/ui/components/")

    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"].count("unsafe") == 0


@pytest.mark.parametrize("path", ["/ui/components/", "/ui/components/bare/", "/ui/components/progress/"])
def test_components_do_not_exist_in_production(client, settings, path):
    settings.DEMO = False

    assert client.get(path).status_code == 404


def test_direction_follows_the_request_and_the_language(client):
    pages = [client.get(path).content.decode() for path in ("/ui/components/?dir=rtl", "/ui/components/")]

    assert [re.findall(r'<html lang="en"\s+dir="(\w+)">', page) for page in pages] == [["rtl"], ["ltr"]]


def test_a_language_written_from_right_to_left_turns_the_page(client, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]

    page = client.get("/ui/components/", headers={"Accept-Language": "ar"}).content.decode()

    assert re.findall(r'<html lang="(\w+)"\s+dir="(\w+)">', page) == [("ar", "rtl")]


def test_a_page_has_one_main_one_heading_and_a_way_past_the_rail(client):
    page = client.get("/ui/components/").content.decode()

    assert (page.count("<main"), page.count("<h1")) == (1, 1)
    assert '<a class="skip" href="#main">' in page


def test_the_phone_bar_has_five_places(client):
    page = client.get("/ui/components/").content.decode()
    bar = page[page.index('<nav class="bar"') :]

    assert (bar.count("<a href"), bar.count('popovertarget="rail"')) == (4, 1)


def test_every_posting_form_carries_its_keys(client):
    page = client.get("/ui/components/").content.decode()

    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, flags=re.DOTALL)

    assert len(forms) == 4
    assert [("csrfmiddlewaretoken" in form, 'name="once"' in form) for form in forms] == [(True, True)] * 4


def test_no_page_holds_inline_style_or_script(client):
    pages = [client.get(path).content.decode() for path in ("/ui/components/", "/ui/components/bare/")]

    found = [re.findall(r'\sstyle=|<style|\son\w+="|<script(?![^>]* src=)', page) for page in pages]

    assert found == [[], []]


def test_a_missing_page_says_what_to_do(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is nothing for you at this address" in response.content.decode()


def test_a_broken_page_says_that_nothing_is_lost(client):
    client.raise_request_exception = False

    response = client.get("/breaks/")

    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_a_form_from_elsewhere_is_refused_kindly():
    response = Client(enforce_csrf_checks=True).post("/ui/components/")

    assert response.status_code == 403
    assert "This page waited too long" in response.content.decode()


def test_a_forbidden_change_names_who_can_do_it():
    page = render_to_string("403.html")

    assert "program's staff can do it" in page.replace("&#x27;", "'").replace("&#39;", "'")


def test_mail_begins_with_the_thing_to_do_in_both_twins():
    context = {
        "first": "Tell Rosa whether you come on Tuesday.",
        "do_url": "https://coppice.example/r/1",
        "do_label": "Say whether you come",
        "reason": "You are in Volunteer retention.",
        "unsubscribe_url": "https://coppice.example/u/1",
        "preferences_url": "https://coppice.example/p",
    }

    html = render_to_string("email/base.html", dict(context))
    text = render_to_string("email/base.txt", dict(context))

    assert re.sub(r"<[^>]+>|\s+", " ", html[html.index("<body") :]).strip().startswith(context["first"])
    assert text.startswith(context["first"] + "\n")
    assert [words for words in context.values() if words not in html or words not in text] == []
    assert "<img" not in html


def test_the_text_twin_escapes_nothing():
    assert render_to_string("email/base.txt", {"first": "Q&A with Ana's group"}).startswith(
        "Q&A with Ana's group"
    )


def test_undo_travels_with_the_message():
    request = RequestFactory().get("/")
    request.session, request.user = {}, AnonymousUser()
    request._messages = FallbackStorage(request)

    offer_undo(request, "Moved.", url="/moves/1/undo/")

    assert [(str(each), undo_url(each)) for each in get_messages(request)] == [("Moved.", "/moves/1/undo/")]


def test_the_sample_rail_knows_its_current_place():
    rail = samples.navigation("/")

    assert [item.label for section in rail.programs for item in section.items if item.current] == [
        "Program board"
    ]


def test_every_template_word_is_translatable():
    plain = re.compile(r">\s*([A-Z][a-z]+ [a-z]+[^<{]*)<")

    found = {
        str(path.relative_to(TEMPLATES)): plain.findall(path.read_text(encoding="utf-8"))
        for path in TEMPLATES.rglob("*.html")
    }

    assert {name: words for name, words in found.items() if words} == {}
