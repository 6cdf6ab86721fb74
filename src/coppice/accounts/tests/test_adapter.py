"""Nobody signs up uninvited, and nobody without an account is written to."""

import pytest

from coppice.accounts.adapter import CHANGES, AccountAdapter
from coppice.accounts.tests.factories import make_person
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


def test_sign_up_is_closed(rf):
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False


def test_no_mail_to_an_address_without_an_account():
    AccountAdapter().send_mail("account/email/login_code", "nobody@example.org", {"code": "1"})

    assert Message.objects.count() == 0


@pytest.mark.parametrize("template_prefix", CHANGES)
def test_each_change_of_security_is_told_in_words(template_prefix: str):
    ana = make_person()
    origin = {"ip": "10.0.0.1", "user_agent": "Firefox <3", "timestamp": ana.joined_at}

    AccountAdapter().send_mail(template_prefix, ana.email, origin)

    message = Message.objects.get()
    assert message.subject == CHANGES[template_prefix]
    assert "10.0.0.1 · Firefox <3" in message.text
    assert "Firefox &lt;3" in message.html
    assert message.text.startswith("Was this you? Then there is nothing to do.")


def test_people_are_found_by_address_whatever_its_capitals():
    ana = make_person(email="Ana@Example.org ")

    assert ana.email == "ana@example.org"
    assert type(ana).objects.get_by_natural_key("ANA@example.ORG") == ana
    assert (ana.has_perm("x"), ana.has_module_perms("x")) == (False, False)
