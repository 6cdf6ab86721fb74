"""What tests of accounts share."""

import pytest
from django.core.cache import cache

from tests.threads import file_database  # noqa: F401


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Let no test spend another's tries."""
    cache.clear()
