"""What the laws share: one round of knocks per kind of person, made when first asked for."""

from collections.abc import Callable

import pytest

from tests.house.doors import Round, walk_round


@pytest.fixture
def round_of(db: None) -> Callable[[str], Round]:
    """Return a function from a kind of person to what they met at every door; each is walked once."""
    return walk_round
