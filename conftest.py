"""What every test may use."""

import os
from collections.abc import Iterator

os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # coverage sees plain loops; test_compiled has the others

import pytest
from django.test import override_settings
from django.utils import translation

pytest_plugins = ["tests.browser", "tests.cast"]


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
