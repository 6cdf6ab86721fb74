"""What every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # coverage sees plain loops; test_compiled has the others

import pytest
from django.test import override_settings
from django.utils import translation

WALKS = [Path(__file__).parent / "tests" / folder for folder in ("everyone", "house", "journeys")]

pytest_plugins = ["tests.browser", "tests.cast"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave walks through the whole product out of coverage: passing through a line is not testing it.

    Traced, they would take twice as long.
    """
    for item in items:
        if any(item.path.is_relative_to(walk) for walk in WALKS):
            item.add_marker("no_cover")


@pytest.fixture(autouse=True, scope="session")
def files_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests upload in a folder of their own, for the whole run."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True)
def nobodys_language() -> Iterator[None]:
    """Forget the language of a test's last request: Django leaves it with the thread until the next one."""
    yield
    translation.deactivate()
