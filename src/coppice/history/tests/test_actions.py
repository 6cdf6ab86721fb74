"""The record is written with the change, and read by scope."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from coppice.history import actions, queries, tasks
from coppice.history.models import Entry, Receipt

pytestmark = pytest.mark.django_db


def make_entry(*, scope: str = "program:7", by=None, about=None, **arguments) -> Entry:
    return actions.record(
        "meeting.planned", scope=scope, by=by, subject=Receipt(pk=5, key="x" * 300), about=about, **arguments
    )


def test_an_entry_tells_who_did_what_to_whom():
    ana, ben = (get_user_model().objects.create_user(f"{name}@example.org") for name in ("ana", "ben"))

    entry = make_entry(by=ana, about=ben, detail={"fields": ["title"]})

    assert Entry.objects.values().get() == {
        "id": entry.pk,
        "scope": "program:7",
        "verb": "meeting.planned",
        "actor_id": ana.pk,
        "about_id": ben.pk,
        "subject_kind": "receipt",
        "subject_id": "5",
        "subject_name": "x" * 200,
        "detail": {"fields": ["title"]},
        "at": entry.at,
    }
    assert str(entry) == "meeting.planned receipt:5"


def test_many_entries_are_written_as_one_would_be(django_assert_num_queries):
    ana, ben = (get_user_model().objects.create_user(f"{name}@example.org") for name in ("ana", "ben"))
    one = make_entry(by=ana, about=ben, detail={"fields": ["title"]})
    happening = actions.Happening(Receipt(pk=5, key="x" * 300), about=ben, detail={"fields": ["title"]})

    with django_assert_num_queries(1):
        actions.record_all("meeting.planned", [happening] * 3, scope="program:7", by=ana)

    told = ("scope", "verb", "actor_id", "about_id", "subject_kind", "subject_id", "subject_name", "detail")
    assert (
        list(Entry.objects.exclude(pk=one.pk).values(*told))
        == [{name: getattr(one, name) for name in told}] * 3
    )


@pytest.mark.parametrize("by", [None, AnonymousUser()])
def test_the_clock_and_signed_out_people_are_nobody(by):
    entry = make_entry(by=by)

    assert (entry.actor, entry.about, entry.detail) == (None, None, {})


@pytest.mark.django_db(transaction=True)
def test_no_entry_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        make_entry()
    with pytest.raises(RuntimeError, match="inside the transaction"):
        actions.record_all("meeting.planned", [], scope="program:7", by=None)


def test_the_record_of_a_scope_newest_first_in_constant_queries(django_assert_num_queries):
    ana = get_user_model().objects.create_user("ana@example.org")
    entries = [make_entry(by=ana, about=ana) for _ in range(queries.PAGE + 1)]
    make_entry(scope="program:70", by=ana)

    with django_assert_num_queries(1):
        names = [(entry.actor.email, entry.about.email) for entry in queries.entries("program:7")]

    assert names == [("ana@example.org", "ana@example.org")] * len(entries)
    assert list(queries.page_of_entries("program:7", None)) == entries[:0:-1]
    assert list(queries.page_of_entries("program:7", "99")) == entries[:1]


def test_old_receipts_are_forgotten():
    old, young = (Receipt.objects.create(key=key, status=200) for key in ("old", "young"))
    Receipt.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))

    tasks.forget_old_receipts.call()
    assert list(Receipt.objects.all()) == [young]
