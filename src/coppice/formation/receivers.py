"""What formation does when somebody leaves a roster or is erased, or a guest becomes known, and back."""

from typing import Any

from django.db.models import Q

from coppice.accounts.signals import person_erased
from coppice.formation import actions
from coppice.formation.models import OfferedTopic
from coppice.live.models import Participant
from coppice.live.signals import place_claimed, place_merging, place_parted
from coppice.programs.models import Enrollment
from coppice.programs.signals import enrollment_ended


def connect() -> None:
    """Listen; called from AppConfig.ready()."""
    enrollment_ended.connect(end_choices, dispatch_uid="formation.end_choices")
    person_erased.connect(forget_why, dispatch_uid="formation.forget_why")
    place_claimed.connect(give_place, dispatch_uid="formation.give_place")
    place_merging.connect(join_places, dispatch_uid="formation.join_places")
    place_parted.connect(take_place, dispatch_uid="formation.take_place")


def end_choices(*, enrollment: Enrollment, by: Any, **_sent: Any) -> None:
    """Give up what they chose on open marketplaces, so that whoever waits comes in."""
    actions.let_go(enrollment, by=by)


def forget_why(*, person: Any, **_sent: Any) -> None:
    """Take away why somebody offered their topics, and that they would lead them; the topics stay."""
    theirs = Q(offered_by__person=person) | Q(guest__person=person)
    OfferedTopic.objects.filter(theirs).update(why="", offerer_leads=False)


def give_place(*, participant: Participant, **_sent: Any) -> None:
    """Make what a guest said and chose in a live room the word and place of the person that they are."""
    actions.grant_interests(participant)
    actions.grant_wish(participant)


def join_places(*, guest: Participant, into: Participant, **_sent: Any) -> None:
    """Make one badge, one choice and one set of meetings of what a guest's place and a person's have."""
    actions.join_places(guest, into=into)


def take_place(*, participant: Participant, person: Any, **_sent: Any) -> None:
    """Make what a guest said and chose in a live room theirs again, where the person has it by that."""
    actions.take_interests_back(participant, person=person)
    actions.take_wish_back(participant, person=person)
