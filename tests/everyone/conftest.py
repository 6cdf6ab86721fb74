"""One served Coppice with the whole cast for all of these tests: looking at pages changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.core.cache import cache
from django.core.management import call_command

from tests.browser import serving
from tests.cast import Cast, make_cast
from tests.everyone.looking import Window, window


@pytest.fixture(scope="package")
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database, open for all tests of this folder and emptied after them, where others roll back."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="package")
def site(db: None) -> Iterator[str]:
    """The address of Coppice, served once for this folder."""
    with serving() as address:
        yield address


@pytest.fixture(scope="package")
def cast(db: None) -> Cast:
    """Both houses, made once for this folder."""
    return make_cast()


@pytest.fixture(scope="package")
def window_of(browser, site: str, cast: Cast) -> Iterator[Callable[[str], Window]]:
    """Return a function from a kind of person to their window; each has one."""
    with ExitStack() as stack:
        windows: dict[str, Window] = {}

        def look(kind: str) -> Window:
            if kind not in windows:
                windows[kind] = stack.enter_context(window(browser, site, cast.people[kind]))
            return windows[kind]

        yield look


@pytest.fixture(autouse=True)
def patience(db: None) -> None:
    """Tries are counted; here they are many.

    All tests of this folder ask for its database, so that pytest-django keeps them in one row and the folder
    is emptied before others begin.
    """
    cache.clear()


@pytest.fixture
def enter(browser, site: str) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a fresh window for somebody, for one test."""
    with ExitStack() as stack:
        yield lambda person=None, **options: stack.enter_context(window(browser, site, person, **options))
