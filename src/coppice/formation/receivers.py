"""What formation does when somebody is taken off a roster, or has themself erased."""

from typing import Any

from coppice.accounts.signals import person_erased
from coppice.formation import actions
from coppice.formation.models import OfferedTopic
from coppice.programs.models import Enrollment
from coppice.programs.signals import enrollment_ended


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    enrollment_ended.connect(end_choices, dispatch_uid="formation.end_choices")
    person_erased.connect(forget_why, dispatch_uid="formation.forget_why")


def end_choices(*, enrollment: Enrollment, by: Any, **_sent: Any) -> None:
    """Give up what they chose on open marketplaces, so that whoever waits comes in."""
    actions.let_go(enrollment, by=by)


def forget_why(*, person: Any, **_sent: Any) -> None:
    """Take away why somebody offered their topics, and that they would lead them; the topics stay."""
    OfferedTopic.objects.filter(offered_by__person=person).update(why="", offerer_leads=False)
