"""Rows made ready ahead are written as objects would be, in statements of any size."""

import pytest

from coppice.accounts.models import Person
from coppice.lib import bulk
from coppice.lib.bulk import Rows

pytestmark = pytest.mark.django_db


def test_rows_come_back_as_the_objects_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_ROWS", 2)
    people = [Person(email=f"p{number}@example.org", name=f"P{number}") for number in range(5)]
    rows, told = Rows(Person), []
    for person in people:
        rows.add(person)
    rows.fill(rows.rows[4], "name", "Last")

    ids = rows.insert(tell=told.append)

    kept = Person.objects.in_bulk(ids)
    assert [kept[pk].name for pk in ids] == ["P0", "P1", "P2", "P3", "Last"]
    assert [kept[pk].link_secret for pk in ids] == [person.link_secret for person in people]
    assert (len(rows), told) == (5, [2, 4, 5])


def test_only_the_named_columns_are_replaced() -> None:
    ana, bo = (Person.objects.create_user(f"{name}@example.org", name=name) for name in ("ana", "bo"))
    rows, told = Rows(Person, with_ids=True), []
    for person in (ana, bo):
        person.name, person.phone = person.name.title(), "+1 555 010 0001"
        rows.add(person)

    rows.replace(["name"], tell=told.append)

    assert list(Person.objects.order_by("pk").values_list("name", "phone")) == [("Ana", ""), ("Bo", "")]
    assert told == [2]


def test_nothing_ready_writes_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert Rows(Person).insert() == []
