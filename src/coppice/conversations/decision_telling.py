"""Which lines of a digest about decisions are still worth telling, and what they ask by now."""

from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from coppice.communities.models import Membership
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.peace_models import TalkStop
from coppice.lib.ids import id_in
from coppice.notifications import tellings
from coppice.notifications.models import Line


def register() -> None:
    """Let digests ask; called from AppConfig.ready()."""
    tellings.check("decision", worth)
    tellings.say_anew("decision", reworded)


def reworded(lines: Sequence[Line]) -> Mapping[int, tellings.Rewording]:
    """Return lines under the question as it is asked now; in one query."""
    by_decision = {line.pk: id_in(line.object_key.partition(":")[2]) for line in lines}
    decisions = Decision.objects.in_bulk(set(by_decision.values()))
    return {
        line.pk: tellings.Rewording(title=str(decisions[pk]), words=line.words)
        for line in lines
        if (pk := by_decision[line.pk]) in decisions
    }


def worth(lines: Sequence[Line]) -> Collection[int]:
    """Return the keys of lines whose reader is still asked, or reads what was decided; in four queries."""
    by_decision = {line.pk: id_in(line.object_key.partition(":")[2]) for line in lines}
    decisions = Decision.objects.select_related("thread").in_bulk(set(by_decision.values()))
    people = {line.person_id for line in lines}
    answered = set(
        Ballot.objects.filter(decision__in=decisions, membership__person__in=people).values_list(
            "membership__person", "decision"
        )
    )
    members = set(
        Membership.objects.taking_part()
        .filter(person__in=people, community__in={each.thread.community_id for each in decisions.values()})
        .values_list("person_id", "community_id")
    )
    now = timezone.now()
    stopped = set(
        TalkStop.objects.current(now).filter(person__in=people).values_list("person_id", "community_id")
    )
    kept = []
    for line in lines:
        decision = decisions.get(by_decision[line.pk])
        if (
            decision is None
            or decision.question_hidden_at is not None
            or (line.person_id, decision.thread.community_id) not in members
        ):
            continue
        is_stopped = (line.person_id, decision.thread.community_id) in stopped
        waits = (line.person_id, decision.pk) not in answered and now < decision.closes_at and not is_stopped
        is_asked = line.section == Line.Section.ANSWER
        is_told = decision.is_decided and decision.outcome_hidden_at is None
        if (waits and not decision.is_decided) if is_asked else is_told:
            kept.append(line.pk)
    return kept
