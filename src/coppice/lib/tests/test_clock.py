"""What the clock calls, and how often."""

import pytest
from django.tasks import task

from coppice.lib.clock import Beat, beats, every
from coppice.lib.runner import heartbeat


@task()
def look_around() -> None:
    """Nothing to do: only its registration matters here."""


def test_the_tasks_of_the_rooms_are_found() -> None:
    assert Beat(task=heartbeat, minutes=1) in beats()


def test_a_registered_task_is_called_as_often_as_it_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coppice.lib.clock._beats", {})

    registered = every(minutes=15)(look_around)

    assert registered is look_around
    assert Beat(task=look_around, minutes=15) in beats()


@pytest.mark.parametrize("minutes", [0, -5, 7, 90])
def test_minutes_that_do_not_divide_an_hour_are_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match=f"{minutes} minutes do not divide an hour"):
        every(minutes=minutes)
