"""The search for garbage rests while anybody wants it to, and goes on afterwards."""

import gc

import pytest

from coppice.lib.collecting import paused_collecting


def test_collecting_goes_on_after_the_last_pause() -> None:
    with paused_collecting():
        with paused_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_collecting_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="broken"), paused_collecting():
        raise ValueError("broken")

    assert gc.isenabled()
