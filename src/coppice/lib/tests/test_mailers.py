"""Which way mail leaves, by the settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from coppice.lib.mailers import PROVIDERS, mailer

SMTP = {"host": "mail.example.org", "port": 587}


def made(backend: str, **keys: str) -> dict:
    return mailer(backend, smtp=SMTP, **keys)


def test_mail_is_kept_or_goes_to_a_server() -> None:
    assert made("keep") == {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    assert made("smtp") == {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "mail.example.org", "port": 587, "timeout": 20},
    }
    assert made("house.mail.Backend") == {"BACKEND": "house.mail.Backend"}


def test_a_provider_gets_its_key_by_the_name_that_it_has_for_it() -> None:
    assert made("postmark", key="k") == {
        "BACKEND": "anymail.backends.postmark.EmailBackend",
        "OPTIONS": {"server_token": "k", "timeout": 20},
    }
    assert made("mailjet", key="k", secret="s", api_url="https://eu.example")["OPTIONS"] == {
        "api_key": "k",
        "secret_key": "s",
        "api_url": "https://eu.example",
        "timeout": 20,
    }


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        ("postmark", "COPPICE_MAIL_BACKEND=postmark needs COPPICE_MAIL_KEY too."),
        ("mailjet", "COPPICE_MAIL_BACKEND=mailjet needs COPPICE_MAIL_KEY and COPPICE_MAIL_SECRET too."),
    ],
)
def test_a_missing_key_is_asked_for(backend: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        made(backend)

    assert str(refused.value) == sentence


def test_an_unknown_provider_is_answered_with_those_that_are_known() -> None:
    with pytest.raises(ImproperlyConfigured, match=f"Choose one of keep, smtp, {', '.join(PROVIDERS)}"):
        made("pigeon")
