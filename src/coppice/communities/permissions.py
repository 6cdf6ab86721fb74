"""Who may do what in a community."""

from typing import Any

from django.db.models import BigAutoField, QuerySet

from coppice.communities.models import Community, InvitationWord, Membership, MembershipQuerySet, Priority
from coppice.lib.questions import Given, Question
from coppice.programs.permissions import can_run


def is_staff_for(person: Any, community: Community) -> bool:
    """Say whether this person runs the community's program."""
    return can_run(person, community.program)


def can_take_part(person: Any, community: Community) -> bool:
    """Say whether this person may read the community's pages: its members and program staff."""
    return _is_staff_or_in(person, community, TAKING_PART)


def can_lead(person: Any, community: Community) -> bool:
    """Say whether this person may plan meetings and take attendance: leaders and program staff."""
    return _is_staff_or_in(person, community, LEADING)


def can_run_community(person: Any, community: Community) -> bool:
    """Say whether this person may change the community's frame and answer invited people: program staff."""
    return is_staff_for(person, community)


def can_run_membership(person: Any, membership: Membership) -> bool:
    """Say whether this person may invite, name a leader or record an answer from paper: program staff."""
    return is_staff_for(person, membership.community)


def can_answer_word(person: Any, word: InvitationWord) -> bool:
    """Say whether this person may answer what an invited person wrote: program staff."""
    return is_staff_for(person, word.membership.community)


def can_weigh(person: Any, priority: Priority) -> bool:
    """Say whether this person may change a need on the canvas: leaders of its community, and staff."""
    return can_lead(person, priority.community)


def owns_membership(person: Any, membership: Membership) -> bool:
    """Say whether the membership is this person's own: nobody else joins, pauses or leaves for them."""
    return membership.person_id == person.pk


def _is_staff_or_in(person: Any, community: Community, memberships: Question) -> bool:
    return is_staff_for(person, community) or bool(memberships.ask(person=person.pk, community=community.pk))


def _one_of(memberships: MembershipQuerySet) -> QuerySet[Any, Any]:
    person, community = (Given(name, BigAutoField()) for name in ("person", "community"))
    return memberships.filter(person=person, community=community).values_list("pk")[:1]


TAKING_PART = Question(lambda: _one_of(Membership.objects.taking_part()))
LEADING = Question(lambda: _one_of(Membership.objects.leaders()))
