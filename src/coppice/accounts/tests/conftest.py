"""What tests of accounts share."""

import pytest
from django.core.cache import cache

from tests.threads import file_database  # noqa: F401


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Let no test spend another's tries."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hash passwords quickly: how slowly it is done is not what these tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
