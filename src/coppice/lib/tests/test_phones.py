"""Telephone numbers as people write them."""

import pytest

from coppice.lib.phones import dial


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+1 (555) 010-0199", "tel:+15550100199"),
        (" 555.010.0199 ext. 4", "tel:5550100199"),
        ("+44 (0)20 7946 0018", "tel:+442079460018"),
        ("ask at the desk", ""),
        ("( )", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialled_as_it_was_meant(written: str, dialled: str) -> None:
    assert dial(written) == dialled
