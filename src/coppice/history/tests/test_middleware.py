"""Receipts: a form sent twice, or twice at once, counts once."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from coppice.history.models import Entry, Receipt
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.urls("coppice.history.tests.doors")]
KEY = {"once": "3f1c"}


def test_a_redirect_is_given_again(client):
    first, second = client.post("/moved/", KEY), client.post("/moved/", KEY)

    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert second.headers["HX-Trigger"] == "noted"
    assert "X-Other" not in second.headers
    assert (list(first.cookies), list(second.cookies)) == (["crumb"], [])
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("door", ["page", "template", "binary", "streamed"])
def test_a_page_or_file_is_not_kept_and_the_second_click_reads_that_it_counted_once(client, door: str):
    client.post(f"/{door}/", KEY)

    again = client.post(f"/{door}/", KEY)

    assert (again.status_code, "It counted once." in again.text) == (200, True)
    assert Entry.objects.count() == 1
    assert list(Receipt.objects.values_list("status", "headers", "had_body")) == [(200, {}, True)]


def test_htmx_loads_its_page_anew_in_place_of_what_was_not_kept(client):
    client.post("/page/", KEY)

    again = client.post("/page/", KEY, headers={"HX-Request": "true"})

    assert (again.status_code, again.content, again.headers["HX-Refresh"]) == (200, b"", "true")
    assert Entry.objects.count() == 1


def test_other_answers_from_the_same_page_are_another_act(client):
    for said in ("one", "two", "two"):
        client.post("/page/", KEY | {"said": said})

    assert [entry.detail["said"] for entry in Entry.objects.order_by("pk")] == ["one", "two"]


def test_going_back_to_the_first_answers_after_others_is_done_again(client):
    answers = [client.post("/page/", KEY | {"said": said}) for said in ("one", "two", "two", "one", "one")]

    assert [entry.detail["said"] for entry in Entry.objects.order_by("pk")] == ["one", "two", "one"]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert Receipt.objects.count() == 1


def test_the_same_form_sent_to_another_address_in_between_is_done_again(client):
    for door in ("/page/", "/moved/", "/page/", "/page/"):
        client.post(door, KEY)

    assert Entry.objects.count() == 3


def test_a_refused_act_in_between_leaves_the_receipt_of_the_first(client):
    first = client.post("/moved/", KEY)
    client.post("/refused/", KEY)

    assert client.post("/moved/", KEY).headers["Location"] == first.headers["Location"]
    assert Entry.objects.count() == 1


def test_a_page_takes_the_place_of_a_former_redirect_and_keeps_none_of_it(client):
    client.post("/moved/", KEY)
    client.post("/page/", KEY)

    assert list(Receipt.objects.values_list("status", "headers", "had_body")) == [(200, {}, True)]
    assert "It counted once." in client.post("/page/", KEY).text


def test_a_new_session_does_not_make_it_another_act(client):
    client.post("/page/", KEY | {"csrfmiddlewaretoken": "before"})
    client.post("/page/", KEY | {"csrfmiddlewaretoken": "after"})

    assert Entry.objects.count() == 1


def test_other_people_paths_and_keys_are_other_acts(client):
    ana, ben = (get_user_model().objects.create_user(f"{name}@example.org") for name in ("ana", "ben"))

    for person in (ana, ben):
        client.force_login(person)
        client.post("/page/", KEY)
    client.post("/page/?from=mail", KEY)
    client.post("/moved/", KEY)
    client.post("/page/", {"once": "other"})

    assert Entry.objects.count() == 5
    assert list(Receipt.objects.order_by("pk").values_list("person", flat=True)) == [ana.pk, ben.pk, ben.pk]


def test_uploads_are_compared_by_content_and_still_read_by_the_view(client):
    answers = [
        client.post("/upload/", KEY | {"file": SimpleUploadedFile("roster.csv", content)}).text
        for content in (b"ana", b"ana", b"ben")
    ]

    assert (answers[0], "It counted once." in answers[1], answers[2]) == ("ana", True, "ben")
    assert Entry.objects.count() == 2


def test_a_form_shown_again_changes_nothing_and_may_be_sent_again(client):
    answers = [client.post("/refused/", KEY) for _ in range(2)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(422, "look again")] * 2
    assert (Entry.objects.count(), Receipt.objects.count()) == (0, 0)


def test_an_exception_undoes_the_change(client):
    assert client.post("/forbidden/", KEY).status_code == 403
    assert (Entry.objects.count(), Receipt.objects.count()) == (0, 0)


def test_a_constraint_broken_by_the_view_is_not_taken_for_a_second_click(client):
    with pytest.raises(IntegrityError, match="the view's own"):
        client.post("/broken/", KEY)

    assert (Entry.objects.count(), Receipt.objects.count()) == (0, 0)


@pytest.mark.parametrize("answers", [{}, {"once": ""}, {"once": "x" * 65}])
def test_without_a_key_every_post_counts(client, answers: dict):
    for _ in range(2):
        client.post("/page/", answers)

    assert (Entry.objects.count(), Receipt.objects.count()) == (2, 0)


def test_a_view_may_keep_no_receipt(client):
    for _ in range(2):
        client.post("/unkept/", KEY)

    assert (Entry.objects.count(), Receipt.objects.count()) == (2, 0)


def test_a_get_keeps_no_receipt(client):
    client.get("/page/", KEY)

    assert Receipt.objects.count() == 0


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_count_once():
    answers = []

    at_once(*[lambda: answers.append(Client().post("/moved/", KEY).headers["Location"])] * 4)

    assert answers == [answers[0]] * 4
    assert Entry.objects.count() == 1
    assert list(Receipt.objects.values_list("status", "person")) == [(302, None)]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.django_db(transaction=True)
def test_going_back_to_the_first_answers_by_a_double_click_is_done_once_more():
    for said in ("one", "two"):
        Client().post("/page/", KEY | {"said": said})

    at_once(*[lambda: Client().post("/page/", KEY | {"said": "one"})] * 4)

    assert [entry.detail["said"] for entry in Entry.objects.order_by("pk")] == ["one", "two", "one"]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_the_second_may_succeed_after_a_refusal():
    answers = []

    at_once(*[lambda: answers.append(Client().post("/refused/", KEY).status_code)] * 3)

    assert answers == [422] * 3
    assert (Entry.objects.count(), Receipt.objects.count()) == (0, 0)


def test_a_receipt_is_called_by_its_key(client):
    client.post("/moved/", KEY)

    receipt = Receipt.objects.get()
    assert str(receipt) == receipt.key
    assert set(receipt.headers) == {"HX-Trigger", "Content-Type", "Location"}
