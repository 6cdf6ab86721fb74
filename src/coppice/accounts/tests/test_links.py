"""Signed links open one thing for one person, and nothing else."""

import pytest
from django.http import Http404
from django.utils import timezone

from coppice.accounts.links import Link, make_token, read_token
from coppice.accounts.tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_a_link_tells_its_person_and_subject():
    ana = make_person()

    assert read_token("reply", make_token("reply", person=ana, subject_id=12)) == Link(
        person=ana, subject_id=12
    )


def test_a_link_opens_nothing_else():
    ana, ben = make_person(), make_person()
    token = make_token("reply", person=ana, subject_id=12)
    subject, person, signature = f"12-{ana.pk}", ana.pk, token.rpartition(":")[2]
    assert token == f"{subject}:{signature}"

    for forged in (
        f"13-{person}:{signature}",
        f"12-{ben.pk}:{signature}",
        f"12-999999:{signature}",
        f"{'9' * 19}-{person}:{signature}",
        f"12-{'9' * 19}:{signature}",
        f"²-{person}:{signature}",
        "12",
        "",
    ):
        with pytest.raises(Http404):
            read_token("reply", forged)
    with pytest.raises(Http404):
        read_token("pulse", token)


def test_links_of_an_erased_person_open_nothing():
    ana = make_person()
    token = make_token("reply", person=ana, subject_id=12)
    ana.erased_at = timezone.now()
    ana.save()

    with pytest.raises(Http404):
        read_token("reply", token)


def test_links_of_a_suspended_person_open_nothing_until_they_are_back():
    ana = make_person(is_active=False)
    token = make_token("reply", person=ana, subject_id=12)

    with pytest.raises(Http404):
        read_token("reply", token)

    ana.is_active = True
    ana.save()
    assert read_token("reply", token).person == ana
