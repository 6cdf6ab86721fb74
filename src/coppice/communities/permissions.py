"""Who may do what in a community."""

from typing import Any

from django.db.models import BigAutoField, QuerySet

from coppice.communities.charter_models import Charter, Consent
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community, InvitationWord, Membership, MembershipQuerySet, Priority
from coppice.communities.plan_models import Goal
from coppice.communities.role_models import Role
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


def can_read_goal(person: Any, goal: Goal) -> bool:
    """Say whether this person may read a goal: who takes part in its community, and staff."""
    return can_take_part(person, goal.community)


def can_keep_goal(person: Any, goal: Goal) -> bool:
    """Say whether this person may change a goal and say how far it is: who leads here, and staff."""
    return can_lead(person, goal.community)


def can_set_role(person: Any, role: Role) -> bool:
    """Say whether this person may change a role and say who takes it: leaders of its community, and staff."""
    return can_lead(person, role.community)


def can_read_role(person: Any, role: Role) -> bool:
    """Say whether this person may read a role and its note: who takes part in its community, and staff."""
    return can_take_part(person, role.community)


def can_offer(person: Any, role: Role) -> bool:
    """Say whether this person may say that they would take a role: members of its community."""
    return bool(TAKING_PART.ask(person=person.pk, community=role.community_id))


def can_hand_over(person: Any, role: Role) -> bool:
    """Say whether this person may write a role's note and give it back: its holder, leaders, and staff."""
    holds = role.terms.filter(ended_on=None, holder__person=person.pk).exists()
    return (holds and can_take_part(person, role.community)) or can_lead(person, role.community)


def can_tell(person: Any, commitment: Commitment) -> bool:
    """Say whether this person may tell what came of a commitment: its own person, leaders, and staff."""
    own = commitment.membership.person_id == person.pk
    return (own and can_take_part(person, commitment.community)) or can_lead(person, commitment.community)


def can_read_charter(person: Any, charter: Charter) -> bool:
    """Say whether this person may read a version of a charter: who takes part in its community, and staff."""
    return can_take_part(person, charter.community)


def can_close_charter(person: Any, charter: Charter) -> bool:
    """Say whether this person may end the time to answer: leaders of its community, and staff."""
    return can_lead(person, charter.community)


def can_consent(person: Any, charter: Charter) -> bool:
    """Say whether this person may say what they think of a version: members of its community."""
    return bool(TAKING_PART.ask(person=person.pk, community=charter.community_id))


def can_work_through(person: Any, objection: Consent) -> bool:
    """Say whether this person may answer an objection: leaders of its community, and staff."""
    return can_lead(person, objection.charter.community)


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
