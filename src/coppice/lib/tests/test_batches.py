"""Rows by batches: all of them once, while others write and so does whoever goes through them."""

import pytest

from coppice.accounts.models import Person
from coppice.lib.batches import in_batches
from tests.threads import at_once


def test_every_row_comes_once_in_order_and_both_write_between_batches(transactional_db: None) -> None:
    for number in range(5):
        Person.objects.create(email=f"p{number}@example.org", name=f"P{number}")
    came: list[list[str]] = []

    for some in in_batches(Person.objects.all(), 2):
        at_once(lambda: Person.objects.filter(name="P0").update(phone="1"))
        came.append([each.name for each in some])
        Person.objects.filter(pk__in=[each.pk for each in some]).update(language="es")

    assert came == [["P0", "P1"], ["P2", "P3"], ["P4"]]
    assert list(Person.objects.values_list("language", flat=True).distinct()) == ["es"]


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "questions"), [(0, 1), (1, 1), (2, 2), (3, 2)])
def test_a_batch_that_is_not_full_is_the_last(django_assert_num_queries, rows: int, questions: int) -> None:
    Person.objects.bulk_create(Person(email=f"p{number}@example.org") for number in range(rows))

    with django_assert_num_queries(questions):
        assert sum(len(some) for some in in_batches(Person.objects.all(), 2)) == rows
