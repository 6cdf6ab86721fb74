"""What tests of history share."""

from tests.threads import file_database  # noqa: F401
