"""Which language somebody reads in, out of what they and rosters ask for."""

import pytest
from django.http import HttpResponse
from django.utils import translation

from coppice.lib.languages import answer_in, first_spoken


@pytest.mark.parametrize(
    ("wishes", "spoken"),
    [
        (("es", "en"), "es"),
        (("", None, "es-MX"), "es"),
        (("fr", "ES"), "es"),  # Django speaks French, Coppice does not
        (("", "nonsense!", "x" * 600), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_coppice_speaks(wishes, spoken):
    assert first_spoken(*wishes) == spoken


def test_an_answer_says_its_language_and_leaves_the_others_alone():
    response = answer_in("es", lambda word: HttpResponse(translation.gettext(word)), "Sign in")

    assert (response.text, response.headers["Content-Language"]) == ("Iniciar sesión", "es")
    assert translation.get_language() == "en"
