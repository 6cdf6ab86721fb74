"""What every test may use."""

from collections.abc import Iterator

import pytest
from django.utils import translation

pytest_plugins = ["tests.browser", "tests.cast"]


@pytest.fixture(autouse=True)
def nobodys_language() -> Iterator[None]:
    """Forget the language of a test's last request: Django leaves it with the thread until the next one."""
    yield
    translation.deactivate()
