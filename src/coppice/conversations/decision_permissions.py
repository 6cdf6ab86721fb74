"""Who may open a decision, answer it, enter answers for others, and write its outcome."""

from typing import Any

from coppice.communities.models import Membership
from coppice.conversations.circle import IN, STAFF, circle_of
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_words import Words, decides_about
from coppice.conversations.permissions import can_lead_talk, can_read, can_reply


def can_read_decision(person: Any, decision: Decision) -> bool:
    """Say whether this person may read a decision: who may read its conversation."""
    return can_read(person, decision.thread)


def can_answer(person: Any, decision: Decision) -> bool:
    """Say whether this person is asked: members who are in, while the community lives and it is open."""
    someone = circle_of(decision.thread.community).people.get(person.pk)
    is_member = someone is not None and someone.role != STAFF and someone.state in IN
    is_asked = decision.is_open and decision.question_hidden_at is None
    return is_member and is_asked and can_reply(person, decision.thread)


def can_keep_decision(person: Any, decision: Decision) -> bool:
    """Say whether this person may change a decision and write its outcome: who opened it, and who leads.

    While the community lives and nothing is decided.
    """
    if decision.is_decided or not can_reply(person, decision.thread):
        return False
    return decision.opened_by_id == person.pk or can_lead_talk(person, decision.thread.community)


def can_enter_for(person: Any, subject: tuple[Decision, Membership]) -> bool:
    """Say whether this person may enter what somebody said on paper: who leads, while it is open.

    Nobody enters anything for whoever could not answer themself now.
    """
    decision, membership = subject
    thread, circle = decision.thread, circle_of(decision.thread.community)
    return (
        decision.is_open
        and decision.question_hidden_at is None
        and can_reply(person, thread)
        and can_lead_talk(person, thread.community)
        and circle.writes(membership.person_id, is_locked=thread.locked_at is not None)
    )


def can_work_on(person: Any, ballot: Ballot) -> bool:
    """Say whether this person may answer an objection: who keeps the decision, once it may be read."""
    return ballot.words_hidden_at is None and can_keep_decision(person, ballot.decision)


def can_resolve(person: Any, ballot: Ballot) -> bool:
    """Say whether this person may say that an objection is resolved: who wrote it, until it is decided."""
    decision = ballot.decision
    own = ballot.membership.person_id == person.pk
    return own and not decision.is_decided and can_reply(person, decision.thread)


def can_flag_words(person: Any, words: Words) -> bool:
    """Say whether this person may ask who decides to look at words: who reads them and did not write them.

    Without names everybody may, for else it would tell whose they are.
    """
    is_own = words.author_id is not None and words.author_id == person.pk
    return not is_own and words.hidden_at is None and can_read_decision(person, words.decision)


def can_decide_words(person: Any, words: Words) -> bool:
    """Say whether this person may hide words and show them again; see `decision_words.decides_about`."""
    return decides_about(circle_of(words.community), person.pk, words)
