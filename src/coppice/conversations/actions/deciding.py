"""What decisions owe by mail: asking, reminding, asking for the outcome, telling it; each may run twice."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.conversations import decision_notices as notices
from coppice.conversations.actions import remarks
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_board import asked_of, keepers
from coppice.conversations.decision_models import REMINDED_BEFORE, Decision
from coppice.notifications import actions as outbox
from coppice.notifications.actions import Letter
from coppice.notifications.lines import compose_line
from coppice.notifications.reach import reach

ASKED_AGAIN_AFTER = timedelta(days=3)
"""So long after a decision closed its outcome is asked for a second time; then no more."""

TOLD_FOR = timedelta(days=3)
"""What was decided longer ago is news no more."""


def due() -> list[int]:
    """Return the ids of decisions that may owe something now, at most 200."""
    now = timezone.now()
    asks = Q(told_at=None, outcome_at=None)
    tells = Q(outcome_told_at=None, outcome_at__gt=now - TOLD_FOR, outcome_hidden_at=None)
    reminds = Q(reminded_at=None, outcome_at=None, closes_at__gt=now) & (
        Q(closes_at__lt=now + REMINDED_BEFORE)
    )
    wants = Q(wanted=0, outcome_at=None, closes_at__lte=now) | Q(
        wanted=1, outcome_at=None, closes_at__lte=now - ASKED_AGAIN_AFTER
    )
    reads = Decision.objects.with_reasons_to_read()
    owes = (asks | tells | reminds | wants) & Q(question_hidden_at=None)
    found = Decision.objects.filter(owes | Q(pk__in=reads.values("pk")), thread__community__ended_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True)[:200])


def see_to(decision_id: int) -> int:
    """Write what a decision owes now, and return how many mails and lines of digests that is."""
    decision = _decision(decision_id)
    if decision is None:
        return 0
    if decision.is_secret:
        remarks.hold_reasons(decision)
    now = timezone.now()
    if decision.question_hidden_at is not None:
        return 0
    if decision.is_decided:
        owes = decision.outcome_told_at is None and decision.outcome_hidden_at is None
        return _tell_outcome(decision) if owes else 0
    if now >= decision.closes_at:
        return _want_outcome(decision)
    count = _ask(decision) if decision.told_at is None else 0
    if decision.reminded_at is None and now >= decision.reminds_at:
        count += _remind(decision)
    return count


def ask_again(decision_id: int, *, membership_ids: Collection[int]) -> int:
    """Ask those again whose answer was put back, and return how many."""
    decision = _decision(decision_id)
    if decision is None or not decision.is_open or decision.question_hidden_at is not None:
        return 0
    members = [each for each in _not_answered(decision) if each.pk in set(membership_ids)]
    return _write(
        decision,
        members,
        occasion=notices.again_occasion(decision),
        letter=lambda to, author: notices.asks(decision, to=to, author=author, why="again"),
        sent={},
        author_id=decision.opened_by_id,
    )


def _ask(decision: Decision) -> int:
    return _write(
        decision,
        _not_answered(decision),
        occasion=notices.asked_occasion(decision),
        letter=lambda to, author: notices.asks(decision, to=to, author=author),
        sent={"told_at": timezone.now()},
        author_id=decision.opened_by_id,
    )


def _remind(decision: Decision) -> int:
    return _write(
        decision,
        _not_answered(decision),
        occasion=notices.reminder_occasion(decision),
        letter=lambda to, author: notices.asks(decision, to=to, author=author, why="reminder"),
        sent={"reminded_at": timezone.now()},
        author_id=decision.opened_by_id,
    )


def _tell_outcome(decision: Decision) -> int:
    answered = decision.ballots.count()
    return _write(
        decision,
        [each for each in _members(decision) if each.person_id != decision.outcome_by_id],
        occasion=notices.outcome_occasion(decision),
        letter=lambda to, author: notices.outcome(decision, to=to, author=author, answered=answered),
        sent={"outcome_told_at": timezone.now()},
        author_id=decision.outcome_by_id,
    )


def _want_outcome(decision: Decision) -> int:
    """Ask whoever opened it for its outcome, who leads when they are gone: when it closes, and once more."""
    times = 1 if timezone.now() < decision.closes_at + ASKED_AGAIN_AFTER else 2
    if decision.wanted >= times:
        return 0
    with transaction.atomic():
        waits = Decision.objects.filter(pk=decision.pk, wanted=decision.wanted, outcome_at=None)
        if not waits.update(wanted=times):
            return 0
        decision.wanted = times
        everybody = {each.person_id: each for each in _members(decision)}
        people = [each.pk for each in keepers(decision) if each.pk in everybody]
        own = [pk for pk in people if pk == decision.opened_by_id] or people
        answered = decision.ballots.count()
        asked = answered + len(_not_answered(decision))
        for pk in own:
            notices.outcome_wanted(decision, to=everybody[pk], answered=answered, asked=asked)
    return len(own)


def _write(
    decision: Decision,
    members: Sequence[Membership],
    *,
    occasion: str,
    letter: Callable[[Membership, str], Letter],
    sent: dict[str, Any],
    author_id: int | None,
) -> int:
    """Compose for each member by their own rhythm, then write all of it in one transaction with `sent`."""
    author = circle_of(decision.thread.community).called(author_id)
    by_person = {each.person_id: each for each in members if each.mail_address}
    how = reach(
        [each.person for each in by_person.values()],
        list_key=decision.thread.community.list_key,
        occasion=occasion,
    )
    messages = [
        outbox.compose(recipient=person, occasion=occasion, **letter(by_person[person.pk], author))
        for person in how.at_once
    ]
    lines = [
        compose_line(
            recipient=person, occasion=occasion, rhythm=rhythm, **letter(by_person[person.pk], author)
        )
        for person, rhythm in how.later
    ]
    with transaction.atomic():
        if sent:
            waits = Decision.objects.filter(pk=decision.pk, **dict.fromkeys(sent))
            if not waits.update(**sent):
                return 0
        outbox.post([each for each in messages if each], [each for each in lines if each])
    return len(messages) + len(lines)


def _decision(decision_id: int) -> Decision | None:
    return (
        Decision.objects.select_related("thread__community__program__provider", "opened_by", "outcome_by")
        .prefetch_related("options")
        .filter(pk=decision_id, thread__community__ended_at=None)
        .first()
    )


def _members(decision: Decision) -> list[Membership]:
    """Active members; each knows its community."""
    members = (
        Membership.objects.active()
        .filter(community=decision.thread.community_id)
        .select_related("person", "enrollment")
        .order_by("pk")
    )
    for each in members:
        each.community = decision.thread.community
    return list(members)


def _not_answered(decision: Decision) -> list[Membership]:
    """Who is asked and has not answered; nobody who could not."""
    said = set(decision.ballots.values_list("membership", flat=True))
    return [each for each in asked_of(decision) if each.pk not in said]
