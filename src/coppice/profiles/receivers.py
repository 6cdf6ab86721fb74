"""What profiles do when somebody is taken off a roster, or has themself erased."""

from typing import Any

from coppice.accounts.signals import person_erased
from coppice.profiles import actions
from coppice.programs.models import Enrollment
from coppice.programs.signals import enrollment_ended


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    enrollment_ended.connect(end_introductions, dispatch_uid="profiles.end_introductions")
    person_erased.connect(end_all_introductions, dispatch_uid="profiles.end_all_introductions")


def end_introductions(*, enrollment: Enrollment, **_sent: Any) -> None:
    """End the introductions of somebody off the roster that wait for a yes; what was made, stays."""
    actions.end_waiting(whose=enrollment)


def end_all_introductions(*, person: Any, **_sent: Any) -> None:
    """End those of every program in which somebody is who has themself erased."""
    for enrollment in Enrollment.objects.filter(person=person):
        actions.end_waiting(whose=enrollment)
