"""The made-up languages keep what a message only carries, and Django knows them."""

import string

import pytest
from django.conf import settings as the_settings
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from coppice.lib import pseudo


@pytest.fixture
def made_up(settings):
    settings.LANGUAGES = [*the_settings.LANGUAGES, *pseudo.LANGUAGES]
    pseudo.install()


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Sign in", "⟦Šîîĝñ îîñ⟧"),
        ("%(name)s of {whole}: %s, 5 %%", "⟦%(name)s ööƒ {whole}: %s, 5 %%⟧"),
        ('Go <a href="/home/">home</a> &amp; rest', '⟦Ĝöö <a href="/home/">ĥööɱéé</a> &amp; ŕééšţ⟧'),
        ("See https://example.org/a b", "⟦Šéééé https://example.org/a ƀ⟧"),
        ("\n  Two\n", "\n  ⟦Ţŵöö⟧\n"),
        (" ", " "),
        ("", ""),
    ],
)
def test_letters_change_and_the_rest_stays(message, shown):
    assert pseudo.pseudo(message) == shown


def test_every_letter_changes():
    assert set(pseudo.pseudo(string.ascii_letters)) & set(string.ascii_letters) == set()


def test_text_grows_by_about_a_third():
    sentence = "Everybody in the group gets a mail with a calendar file and answers by one click."

    assert 1.25 < len(pseudo.pseudo(sentence)) / len(sentence) < 1.45


def test_right_to_left_turns_words_and_not_places():
    assert pseudo.pseudo("Hi %(name)s", turned=True) == "⟦\u202eĤîî\u202c %(name)s⟧"


@pytest.mark.parametrize(("language", "is_bidi"), [("en-xa", False), ("ar-xb", True)])
def test_django_speaks_it(made_up, language, is_bidi):
    with translation.override(language):
        assert (translation.get_language(), translation.get_language_bidi()) == (language, is_bidi)
        assert gettext("Sign in") == pseudo.pseudo("Sign in", turned=is_bidi)
        assert (ngettext("one", "many", 1), ngettext("one", "many", 2)) == (gettext("one"), gettext("many"))
        assert pgettext("a place", "Home") == gettext("Home")
        assert npgettext("a place", "one", "many", 5) == gettext("many")
        assert pgettext("day in Django's date letters", "l j F") == "l j F"


def test_a_browser_can_ask_for_it(made_up, rf):
    request = rf.get("/", headers={"accept-language": "ar-xb"})

    assert translation.get_language_from_request(request) == "ar-xb"


def test_it_is_not_offered_by_itself(rf):
    pseudo.install()

    request = rf.get("/", headers={"accept-language": "ar-xb"})

    assert translation.get_language_from_request(request) == "en"
