"""Deciding in a thread: opening it, answering, changing it, working objections through, and its outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.conversations import decision_errors as errors
from coppice.conversations import decision_notices as notices
from coppice.conversations.actions.remarks import see_to_answer, tell_of_objection
from coppice.conversations.circle import IN, circle_of
from coppice.conversations.decision_models import MOST_OPTIONS, Ballot, Choice, Decision, Option
from coppice.conversations.errors import TalkIsOver
from coppice.conversations.models import Thread
from coppice.conversations.moderation_queue import must_wait
from coppice.history.actions import record
from coppice.lib.jobs import after_commit
from coppice.lib.lines import one_line

LONGEST_TIME = timedelta(days=366)


@dataclass(frozen=True)
class OptionWords:
    """An option as somebody words it; `option_id` is None for a new one."""

    label: str
    meaning: str = ""
    option_id: int | None = None


@dataclass(frozen=True)
class Said:
    """What one member says.

    `weights` are dots or places by the id of each chosen option, 1 where an option is only chosen. `stance`
    is one of Ballot.Stance where consent is asked. `words` is the reason; `mail_id` the kept original of an
    answer by mail.
    """

    weights: Mapping[int, int] = field(default_factory=dict)
    stance: str = ""
    words: str = ""
    proposal: str = ""
    mail_id: int | None = None


@transaction.atomic
def open_decision(
    thread: Thread,
    *,
    by: Any,
    kind: str,
    question: str,
    closes_at: datetime,
    time_zone: str,
    options: Sequence[OptionWords] = (),
    background: str = "",
    is_secret: bool = False,
    dots: int = 0,
) -> Decision:
    """Ask the members of a thread's community; they are told by a job after the commit.

    `closes_at` is aware, `time_zone` the IANA name of the organizer's zone. Consent has no options, and is
    never without names, because an objection is talked over with whoever has it. Raises TalkIsOver,
    WriteFirst for somebody whose first post would wait, DecisionUnderWay, NoQuestion, ClosesTooSoon,
    TooFewOptions, TooManyOptions.
    """
    _hold(thread.community)
    if must_wait(thread.community, by):
        raise errors.WriteFirst
    if thread.decisions.undecided().exists():
        raise errors.DecisionUnderWay
    is_consent = kind == Decision.Kind.CONSENT
    decision = Decision.objects.create(
        thread=thread,
        kind=Decision.Kind(kind),
        question=_question(question),
        background=background.strip(),
        is_secret=is_secret and not is_consent,
        dots=dots if kind == Decision.Kind.DOTS else 0,
        time_zone=time_zone,
        closes_at=_in_time(closes_at),
        opened_by=by,
    )
    if not is_consent:
        for place, each in enumerate(_worded(options)):
            Option.objects.create(decision=decision, label=each.label, meaning=each.meaning, position=place)
    note("decision.opened", decision, by=by, kind=decision.kind)
    after_commit("coppice.conversations.tasks.see_to_decision", decision_id=decision.pk)
    return decision


@transaction.atomic
def answer(decision: Decision, *, membership: Membership, said: Said, by: Any) -> Ballot:
    """Keep what a member says; they may say otherwise until it closes, and the same again changes nothing.

    An objection is mailed to who leads and who opened it; a changed one is worked through anew. Without names
    nobody enters anything over what a member said themself. Raises DecisionIsClosed, QuestionIsHidden,
    NotAskedThere, AnsweredThemself, and for what cannot be kept NothingChosen, OnlyOne, NotAnOption,
    TooManyDots, NoReasonGiven.
    """
    decision = _open(decision)
    if decision.question_hidden_at is not None:
        raise errors.QuestionIsHidden
    if membership.state not in IN or membership.community_id != decision.thread.community_id:
        raise errors.NotAskedThere
    circle, is_locked = circle_of(decision.thread.community), decision.thread.locked_at is not None
    if not circle.writes(membership.person_id, is_locked=is_locked):
        raise errors.NotAskedThere
    mail_id, said = said.mail_id, _checked(decision, said)
    ballot = Ballot.objects.filter(decision=decision, membership=membership).first()
    is_own = by.pk == membership.person_id
    if ballot and decision.is_secret and not is_own and ballot.entered_by_id is None:
        raise errors.AnsweredThemself
    # Without names, whoever enters it for somebody must not learn from the record that it was the same.
    if ballot and _says(ballot) == said and (is_own or decision.has_names):
        return ballot
    ballot = ballot or Ballot(decision=decision, membership=membership)
    ballot.stance, ballot.words, ballot.proposal = said.stance, said.words, said.proposal
    ballot.way, ballot.reply, ballot.is_resolved, ballot.replied_by = "", "", None, None
    ballot.mail_id = mail_id
    ballot.entered_by = None if is_own else by
    ballot.at = timezone.now()
    ballot.save()
    ballot.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(ballot=ballot, option_id=option_id, weight=weight)
        for option_id, weight in said.weights.items()
    )
    note("decision.answered", decision, by=by, about=membership.person)
    if see_to_answer(ballot, by=by) and ballot.objects_to_it:
        tell_of_objection(ballot)
    return ballot


@dataclass(frozen=True)
class Effects:
    """What changing a decision does to answers: of `put_back` ballots nothing stays, `kept` stand."""

    put_back: Sequence[Ballot]
    kept: int


def effects_of(
    decision: Decision, *, question: str, background: str, options: Sequence[OptionWords]
) -> Effects:
    """Return what `edit` would do to the answers that are there.

    Whoever answered another question, or chose an option that is gone or says something else, has not
    answered this one. Without names that is everybody: else it would show who had chosen the option. Asks
    three queries.
    """
    ballots = list(decision.ballots.select_related("membership").prefetch_related("choices"))
    is_other = one_line(question) != decision.question or (
        decision.is_consent and background.strip() != decision.background
    )
    told = {each.option_id: (one_line(each.label), one_line(each.meaning)) for each in options}
    gone = {each.pk for each in decision.options.all() if told.get(each.pk) != (each.label, each.meaning)}
    is_all = is_other or (decision.is_secret and bool(gone))
    put_back = [
        each for each in ballots if is_all or any(choice.option_id in gone for choice in each.choices.all())
    ]
    return Effects(put_back=put_back, kept=len(ballots) - len(put_back))


@transaction.atomic
def edit(
    decision: Decision,
    *,
    by: Any,
    question: str,
    background: str,
    closes_at: datetime,
    time_zone: str,
    options: Sequence[OptionWords] = (),
) -> Decision:
    """Let a decision that is open ask something else, or longer; `effects_of` says what that does to answers.

    Those whose answer is put back are asked again by mail. Raises DecisionIsClosed, NoQuestion,
    ClosesTooSoon, TooFewOptions, TooManyOptions, and CountsAreShown where one more answer without names
    would show in the counts whose it is.
    """
    decision = _current(decision)
    if decision.is_decided:
        raise errors.DecisionIsClosed
    if decision.shows_counts(decision.ballots.count()):
        raise errors.CountsAreShown
    question, closes_at = _question(question), _in_time(closes_at)
    worded = [] if decision.is_consent else _worded(options)
    if _asks_otherwise(decision, question=question, background=background.strip(), worded=worded):
        decision.edited_at = timezone.now()
    effects = effects_of(decision, question=question, background=background, options=worded)
    asked_again = [each.membership_id for each in effects.put_back]
    Ballot.objects.filter(pk__in=[each.pk for each in effects.put_back]).delete()
    if closes_at != decision.closes_at:
        decision.reminded_at, decision.wanted = None, 0
    decision.question, decision.background = question, background.strip()
    decision.closes_at, decision.time_zone = closes_at, time_zone
    decision.save()
    if not decision.is_consent:
        _reword(decision, worded)
    note("decision.changed", decision, by=by, put_back=len(asked_again))
    if asked_again:
        after_commit(
            "coppice.conversations.tasks.ask_again", decision_id=decision.pk, membership_ids=asked_again
        )
    return decision


@transaction.atomic
def work_through(ballot: Ballot, *, way: str, reply: str, by: Any) -> Ballot:
    """Answer an objection with a change or a reason, and ask its writer by mail whether it is resolved.

    Another answer is asked about anew. Raises DecisionIsClosed, NothingChosen, and WriteFirst for somebody
    whose first post would wait.
    """
    ballot = _objection(ballot)
    if not reply.strip():
        raise errors.NothingChosen
    if must_wait(ballot.decision.thread.community, by):
        raise errors.WriteFirst
    if (ballot.way, ballot.reply) != (way, reply):
        ballot.way, ballot.reply, ballot.is_resolved, ballot.replied_by = way, reply, None, by
        ballot.reply_hidden_at = None
        ballot.save(update_fields=["way", "reply", "is_resolved", "replied_by", "reply_hidden_at"])
        note("decision.objection_answered", ballot.decision, by=by, about=ballot.membership.person)
        notices.objection_answered(ballot)
    return ballot


@transaction.atomic
def resolve(ballot: Ballot, *, is_resolved: bool, by: Any) -> Ballot:
    """Keep what the writer of an objection says about its answer. Raises DecisionIsClosed."""
    ballot = _objection(ballot)
    if ballot.is_resolved != is_resolved:
        ballot.is_resolved = is_resolved
        ballot.save(update_fields=["is_resolved"])
        verb = "decision.objection_resolved" if is_resolved else "decision.objection_stands"
        note(verb, ballot.decision, by=by, about=ballot.membership.person)
    return ballot


@transaction.atomic
def decide(decision: Decision, *, outcome: str, by: Any) -> Decision:
    """Write what was decided, which ends the time to answer; members are told by a job after the commit.

    Raises DecisionIsClosed when it is decided already, NoOutcome.
    """
    decision = _current(decision)
    if decision.is_decided:
        raise errors.DecisionIsClosed
    if not outcome.strip():
        raise errors.NoOutcome
    decision.outcome, decision.outcome_by, decision.outcome_at = outcome.strip(), by, timezone.now()
    decision.save(update_fields=["outcome", "outcome_by", "outcome_at"])
    note("decision.decided", decision, by=by, answered=decision.ballots.count())
    after_commit("coppice.conversations.tasks.see_to_decision", decision_id=decision.pk)
    return decision


def note(verb: str, decision: Decision, *, by: Any, about: Any = None, **detail: Any) -> None:
    """Write an entry; it calls the decision by its kind, because its question is somebody's words."""
    record(
        verb,
        scope=decision.thread.community.program.scope,
        by=by,
        subject=decision.thread,
        called=str(decision.get_kind_display()),
        about=about,
        detail={"community": decision.thread.community_id, "decision": decision.pk, **detail},
    )


def _checked(decision: Decision, said: Said) -> Said:
    """Return what is kept of it. Raises the errors of `answer`."""
    words, kinds = said.words.strip(), Decision.Kind
    if decision.kind == kinds.CONSENT:
        stance = said.stance
        if stance not in Ballot.Stance:
            raise errors.NothingChosen
        if stance == Ballot.Stance.OBJECT and not words:
            raise errors.NoReasonGiven
        proposal = said.proposal.strip() if stance == Ballot.Stance.OBJECT else ""
        return Said(stance=stance, words=words, proposal=proposal)
    weights = {option: weight for option, weight in said.weights.items() if weight > 0}
    if not weights:
        raise errors.NothingChosen
    if decision.kind == kinds.ONE and len(weights) > 1:
        raise errors.OnlyOne
    if not set(weights) <= set(decision.options.values_list("pk", flat=True)):
        raise errors.NotAnOption
    if decision.kind == kinds.DOTS and sum(weights.values()) > decision.dots:
        raise errors.TooManyDots
    if decision.kind in {kinds.ONE, kinds.SEVERAL}:
        weights = dict.fromkeys(weights, 1)
    return Said(weights=weights, words=words)


def _says(ballot: Ballot) -> Said:
    return Said(
        weights={each.option_id: each.weight for each in ballot.choices.all()},
        stance=ballot.stance,
        words=ballot.words,
        proposal=ballot.proposal,
    )


def _question(question: str) -> str:
    question = one_line(question)
    if not question:
        raise errors.NoQuestion
    return question


def _in_time(closes_at: datetime) -> datetime:
    now = timezone.now()
    if not now < closes_at < now + LONGEST_TIME:
        raise errors.ClosesTooSoon
    return closes_at


def _worded(options: Sequence[OptionWords]) -> list[OptionWords]:
    worded = [
        OptionWords(one_line(each.label), one_line(each.meaning), each.option_id)
        for each in options
        if one_line(each.label)
    ]
    if len(worded) < 2 or len({each.label.casefold() for each in worded}) < len(worded):
        raise errors.TooFewOptions
    if len(worded) > MOST_OPTIONS:
        raise errors.TooManyOptions
    return worded


def _asks_otherwise(
    decision: Decision, *, question: str, background: str, worded: Sequence[OptionWords]
) -> bool:
    """Say whether an answer to the mail that asked would be to other words, or to other numbers."""
    if question != decision.question or (decision.is_consent and background != decision.background):
        return True
    told = [(each.option_id, each.label, each.meaning) for each in worded]
    return told != [(each.pk, each.label, each.meaning) for each in decision.options.all()]


def _reword(decision: Decision, worded: Sequence[OptionWords]) -> None:
    """Write the options anew, each that was there keeping its row; labels that change places meet nowhere."""
    known = {each.pk: each for each in decision.options.all()}
    kept = {each.option_id for each in worded if each.option_id in known}
    decision.options.exclude(pk__in=kept).delete()
    for row in (known[pk] for pk in kept if pk is not None):
        Option.objects.filter(pk=row.pk).update(label=f"\x1f{row.pk}")
    for place, each in enumerate(worded):
        option = known[each.option_id] if each.option_id in kept and each.option_id else None
        option = option or Option(decision=decision)
        option.label, option.meaning, option.position = each.label, each.meaning, place
        option.save()


def _open(decision: Decision) -> Decision:
    decision = _current(decision)
    if not decision.is_open:
        raise errors.DecisionIsClosed
    return decision


def _objection(ballot: Ballot) -> Ballot:
    rows = Ballot.objects.select_for_update(of=("self",)).select_related(
        "membership__person", "membership__enrollment", "membership__community__program__provider"
    )
    ballot = rows.get(pk=ballot.pk, stance=Ballot.Stance.OBJECT)
    ballot.decision = _current(ballot.decision)
    if ballot.decision.is_decided:
        raise errors.DecisionIsClosed
    return ballot


def _current(decision: Decision) -> Decision:
    """Return a decision as it is now, which nobody else changes until the transaction ends."""
    rows = Decision.objects.select_for_update(of=("self",)).select_related(
        "thread__community__program__provider", "opened_by"
    )
    decision = rows.get(pk=decision.pk)
    if decision.thread.community.ended_at is not None:
        raise TalkIsOver
    return decision


def _hold(community: Community) -> None:
    """Let nobody else open a decision here until the transaction ends. Raises TalkIsOver."""
    now = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if now.ended_at is not None:
        raise TalkIsOver
