"""The engine's own tests let it search as long as it does for people."""

import pytest


@pytest.fixture(autouse=True)
def as_for_people(usual_searches: None) -> None:
    """Nothing is cut short here."""
