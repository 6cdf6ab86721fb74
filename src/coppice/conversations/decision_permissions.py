"""Who may open a decision, answer it, enter answers for others, and write its outcome."""

from typing import Any

from coppice.communities.models import Membership
from coppice.conversations.circle import IN, STAFF, circle_of
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.permissions import can_lead_talk, can_read, can_reply


def can_read_decision(person: Any, decision: Decision) -> bool:
    """Say whether this person may read a decision: who may read its conversation."""
    return can_read(person, decision.thread)


def can_answer(person: Any, decision: Decision) -> bool:
    """Say whether this person is asked: members who are in, while the community lives and it is open."""
    someone = circle_of(decision.thread.community).people.get(person.pk)
    is_member = someone is not None and someone.role != STAFF and someone.state in IN
    return is_member and decision.is_open and can_reply(person, decision.thread)


def can_keep_decision(person: Any, decision: Decision) -> bool:
    """Say whether this person may change a decision and write its outcome: who opened it, and who leads.

    While the community lives and nothing is decided.
    """
    if decision.is_decided or not can_reply(person, decision.thread):
        return False
    return decision.opened_by_id == person.pk or can_lead_talk(person, decision.thread.community)


def can_enter_for(person: Any, subject: tuple[Decision, Membership]) -> bool:
    """Say whether this person may enter what somebody said on paper: who leads, while it is open."""
    decision, _membership = subject
    return (
        decision.is_open
        and can_reply(person, decision.thread)
        and can_lead_talk(person, decision.thread.community)
    )


def can_work_on(person: Any, ballot: Ballot) -> bool:
    """Say whether this person may answer an objection: who keeps the decision."""
    return can_keep_decision(person, ballot.decision)


def can_resolve(person: Any, ballot: Ballot) -> bool:
    """Say whether this person may say that an objection is resolved: who wrote it, until it is decided."""
    decision = ballot.decision
    own = ballot.membership.person_id == person.pk
    return own and not decision.is_decided and can_reply(person, decision.thread)
