"""What formation does when somebody is taken off a roster."""

from typing import Any

from coppice.formation import actions
from coppice.programs.models import Enrollment
from coppice.programs.signals import enrollment_ended


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    enrollment_ended.connect(end_choices, dispatch_uid="formation.end_choices")


def end_choices(*, enrollment: Enrollment, by: Any, **_sent: Any) -> None:
    """Give up what they chose on open marketplaces, so that whoever waits comes in."""
    actions.let_go(enrollment, by=by)
