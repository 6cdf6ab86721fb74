"""Whatever no view answers gets a page in the reader's language."""

import pytest
from django.test import Client

from coppice.accounts.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Client:
    client = Client()
    client.force_login(Person.objects.create_user("ana@example.org", name="Ana", language="es"))
    return client


def said(response) -> tuple[int, bool, bool]:
    """The status, whether it is a page of ours, and whether it is in Spanish."""
    text = response.content.decode()
    return response.status_code, 'class="brand"' in text, '<html lang="es"' in text


def test_the_wrong_method_gets_a_page_that_names_the_right_one(page):
    refused = page.get("/me/privacy/links/end/")

    assert (*said(refused), refused.headers["Allow"]) == (405, True, True, "POST")
    assert "Esta dirección no se puede abrir así" in refused.content.decode()


def test_a_signed_out_reader_gets_the_language_of_their_browser(client):
    refused = client.post("/erased/", headers={"Accept-Language": "es"})

    assert said(refused) == (405, True, True)


def test_a_broken_form_gets_a_page(page):
    broken = page.post("/me/", b"--x\r\nnonsense", content_type="multipart/form-data; boundary=")

    assert said(broken) == (400, True, True)


def test_too_many_fields_get_a_page(page):
    assert said(page.post("/me/", {f"field{number}": "" for number in range(5001)})) == (413, True, True)


def test_too_long_a_form_gets_a_page(page, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert said(page.post("/me/", {"name": "a" * 999})) == (413, True, True)


def test_a_body_above_the_largest_upload_is_never_read(page, settings):
    class Unread:
        def read(self, *_):
            raise AssertionError("the body was read")

        readline = read

    answer = page.generic(
        "POST",
        "/sign-in/",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
        **{"wsgi.input": Unread()},
    )

    assert said(answer) == (413, True, True)


def test_a_length_that_is_no_number_is_none(page):
    assert page.get("/me/", CONTENT_LENGTH="many").status_code == 200


def test_another_host_gets_no_page_of_ours(page):
    refused = page.get("/", headers={"Host": "elsewhere.example"})

    assert (refused.status_code, refused.content) == (400, b"Bad request")


def test_what_was_sent_after_the_session_ended_is_said_to_be_lost(page):
    page.session.flush()

    asked = page.post("/me/", {"name": "Anita"}, follow=True, headers={"Accept-Language": "es"})

    text = asked.content.decode()
    assert asked.redirect_chain == [("/sign-in/?next=/", 302)]
    assert "No se guardó nada, porque tu sesión aquí ya terminó." in text


def test_who_only_looks_is_asked_to_sign_in_without_a_word(client):
    assert "Nothing was saved" not in client.get("/me/", follow=True).content.decode()
