"""Every page, opened by whoever may, and every refused form is right for everyone, in every layout."""

import pytest

from tests.everyone.looking import WHOLE
from tests.everyone.visits import Visit, openings, sendings

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", openings(), ids=str)
def test_every_page_is_for_everyone(window_of, cast, visit: Visit):
    seen = window_of(visit.kind)

    answer = seen.open(visit.door.address(cast.ours))

    if answer is None or not seen.shows_a_page():
        return
    assert answer.status == 200
    seen.assert_right()


@pytest.mark.parametrize("visit", sendings(), ids=str)
def test_every_refused_form_is_for_everyone(window_of, cast, visit: Visit):
    """In two layouts: the colours of errors, and how they turn, `ui` tests with its components."""
    seen = window_of(visit.kind)

    answer = seen.send(visit.door.address(cast.ours))

    assert seen.shows_a_page()
    if answer.status == 422 or seen.page.locator("[aria-invalid=true]").count():
        seen.assert_refusal_helps()
    seen.assert_right(WHOLE)
