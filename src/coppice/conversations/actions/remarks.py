"""Looking at words of a decision: flagged, hidden, shown again, left as they are, waiting for a yes."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.conversations import decision_finding
from coppice.conversations import decision_notices as notices
from coppice.conversations.actions.holding import tell_deciders, tell_writer
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_board import keepers
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_words import NOT_OUT, Words, decides_about
from coppice.conversations.errors import NoReason, NotTheirs, PostIsGone
from coppice.conversations.moderation_models import HeldPost, TalkRules
from coppice.conversations.moderation_notices import ANSWERED, APPROVED, HIDDEN, PUT_BACK
from coppice.conversations.moderation_queue import must_wait
from coppice.conversations.remark_models import HIDDEN_IN, Remark, RemarkFlag
from coppice.history.actions import record
from coppice.lib.jobs import after_commit

P = Remark.Part
State = HeldPost.State


@transaction.atomic
def flag(words: Words, *, by: Any, reason: str, said: str = "") -> RemarkFlag:
    """Ask whoever decides to look at words; said again, it takes the place of what was said before.

    The history keeps that they were flagged and never by whom. Raises PostIsGone.
    """
    words = _now(words)
    if words.hidden_at is not None:
        raise PostIsGone
    given = {"reason": RemarkFlag.Reason(reason), "words": said.strip()}
    flag, is_new = RemarkFlag.objects.update_or_create(
        remark=_remark(words), flagged_by=by, decided_at=None, defaults=given
    )
    if is_new:
        _note("words.flagged", words, by=None)
        tell_deciders(words.community)
    return flag


@transaction.atomic
def unflag(words: Words, *, by: Any) -> None:
    """Take back one's own flag, as long as nobody has decided about it."""
    flags = RemarkFlag.objects.filter(remark__in=_remarks(words), flagged_by=by, decided_at=None)
    if flags.delete()[0]:
        _note("words.unflagged", words, by=None)


@transaction.atomic
def hide(words: Words, *, by: Any, reason: str) -> None:
    """Hide words with a reason, which their writer gets by mail and the others read in their place.

    Words that wait are kept back with an answer that their writer alone reads. Mails and lines of digests
    that hold them and have not left yet do not leave. Raises NoReason, NotTheirs, PostIsGone.
    """
    words = _to_decide(words, by=by)
    if not reason.strip():
        raise NoReason
    remark = _remark(words)
    is_first = remark.held in NOT_OUT
    if is_first:
        remark.held = State.ANSWERED
    remark.hidden_reason, remark.hidden_by = reason.strip(), by
    remark.hidden_at = remark.hidden_at or timezone.now()
    remark.save()
    _set_hidden(words, remark.hidden_at)
    _decide_flags(remark, by=by, decision=RemarkFlag.Decision.HIDDEN)
    _untell(words)
    _note("words.answered" if is_first else "words.hidden", words, by=by)
    tell_writer(words, what=ANSWERED if is_first else HIDDEN, why=remark.hidden_reason)


@transaction.atomic
def show(words: Words, *, by: Any) -> None:
    """Show words again, or let a reason out that waited; who was not told yet is told.

    Raises NotTheirs, PostIsGone.
    """
    words = _to_decide(words, by=by)
    if words.hidden_at is None:
        return
    remark = _remark(words)
    is_first = remark.held in NOT_OUT
    if is_first:
        remark.held = State.APPROVED
    remark.hidden_at, remark.hidden_reason, remark.hidden_by = None, "", None
    remark.save()
    _set_hidden(words, None)
    _note("words.approved" if is_first else "words.put_back", words, by=by)
    tell_writer(words, what=APPROVED if is_first else PUT_BACK)
    if words.ballot is None:
        after_commit("coppice.conversations.tasks.see_to_decision", decision_id=words.decision.pk)
    elif words.part == P.ANSWER and is_first and words.ballot.objects_to_it:
        tell_of_objection(words.ballot)


@transaction.atomic
def leave(words: Words, *, by: Any) -> None:
    """Leave flagged words as they are. Raises NotTheirs, PostIsGone."""
    words = _to_decide(words, by=by)
    if _decide_flags(_remark(words), by=by, decision=RemarkFlag.Decision.LEFT):
        _note("words.left", words, by=by)


@transaction.atomic
def look_again(words: Words, *, by: Any) -> None:
    """Put words whose flags were left back into the queue. Raises NotTheirs, PostIsGone."""
    words = _to_decide(words, by=by)
    left = RemarkFlag.objects.filter(remark__in=_remarks(words), decision=RemarkFlag.Decision.LEFT)
    latest = left.order_by("-decided_at").first()
    if latest is None:
        return
    again = RemarkFlag.objects.filter(remark=latest.remark_id, decided_at=None)
    same = left.filter(decided_at=latest.decided_at).exclude(
        flagged_by__in=set(again.values_list("flagged_by", flat=True))
    )
    same.update(decided_at=None, decided_by=None, decision="")
    _note("words.look_again", words, by=by)


def see_to_answer(ballot: Ballot, *, by: Any) -> bool:
    """Say whether the words of an answer that was just given may be read at once; inside its transaction.

    Where first posts wait, so does the reason of somebody whose first post is not out. Without names each
    reason waits there, and for the program's staff alone, once reasons are shown: else it would tell that it
    is somebody's who is new. The choice counts in any case. New words are looked at anew.
    """
    decision, community = ballot.decision, ballot.decision.thread.community
    waits = False
    if ballot.words or ballot.proposal:
        if decision.is_secret:
            waits = TalkRules.objects.filter(community=community, holds_first_posts=True).exists()
        elif ballot.entered_by_id is None:
            waits = must_wait(community, by)
    ballot.words_hidden_at, ballot.reply_hidden_at = timezone.now() if waits else None, None
    ballot.save(update_fields=["words_hidden_at", "reply_hidden_at"])
    Remark.objects.filter(ballot=ballot).update(
        held="", hidden_at=None, hidden_reason="", hidden_by=None, told_at=None
    )
    if waits and not decision.is_secret:
        _hold(ballot)
    return not waits


def hold_reasons(decision: Decision) -> int:
    """Put reasons without names that wait before the staff, once all of them would be shown; how many."""
    if not decision.shows_counts(decision.ballots.count()):
        return 0
    with transaction.atomic():
        Decision.objects.select_for_update().get(pk=decision.pk)
        waiting = decision.ballots.filter(words_hidden_at__isnull=False).exclude(
            pk__in=Remark.objects.filter(decision=decision, part=P.ANSWER).exclude(held="").values("ballot")
        )
        found = list(waiting.select_related("membership"))
        for ballot in found:
            ballot.decision = decision
            _hold(ballot)
    return len(found)


def tell_of_objection(ballot: Ballot) -> None:
    """Mail an objection to who keeps the decision; not before its words may be read."""
    for keeper in keepers(ballot.decision):
        if keeper.pk != ballot.membership.person_id:
            notices.objection_raised(ballot, to=keeper)


def _hold(ballot: Ballot) -> None:
    words = Words(ballot.decision, P.ANSWER, ballot)
    remark = _remark(words)
    remark.held, remark.hidden_at, remark.told_at = State.WAITING, ballot.words_hidden_at, None
    remark.save(update_fields=["held", "hidden_at", "told_at"])
    _note("words.held", words, by=None)
    tell_deciders(words.community)


def _remarks(words: Words) -> Any:
    return Remark.objects.filter(decision=words.decision, ballot=words.ballot, part=words.part)


def _remark(words: Words) -> Remark:
    remark, _is_new = Remark.objects.get_or_create(
        decision=words.decision,
        ballot=words.ballot,
        part=words.part,
        defaults={"community": words.community, "author_id": words.author_id},
    )
    if remark.author_id != words.author_id:  # somebody else has answered the objection since
        remark.author_id = words.author_id
        remark.save(update_fields=["author"])
    return remark


def _now(words: Words) -> Words:
    """Return words as they are now, which nobody else changes until the transaction ends."""
    rows = Decision.objects.select_for_update(of=("self",)).select_related(
        "thread__community__program__provider"
    )
    decision = rows.get(pk=words.decision.pk)
    ballot = None
    if words.ballot is not None:
        ballots = decision.ballots.select_related("membership__person", "membership__enrollment")
        ballot = ballots.filter(pk=words.ballot.pk).first()
        if ballot is None:
            raise PostIsGone
        ballot.decision = decision
    words = Words(decision, words.part, ballot)
    if not words.text:
        raise PostIsGone
    return words


def _to_decide(words: Words, *, by: Any) -> Words:
    words = _now(words)
    if not decides_about(circle_of(words.community), by.pk, words):
        raise NotTheirs
    return words


def _set_hidden(words: Words, moment: Any) -> None:
    field = HIDDEN_IN[P(words.part)]
    setattr(words.owner, field, moment)
    words.owner.save(update_fields=[field])
    decision_finding.changed(words.decision)


def _untell(words: Words) -> None:
    """Let nothing leave that holds these words; who was not told is told once they are shown again."""
    gone = notices.untell(words.decision, outcome_only=words.part == P.OUTCOME, ballot=words.ballot)
    if words.ballot is not None or not gone:
        return
    decision = words.decision
    if decision.is_decided:
        decision.outcome_told_at = None
    elif words.part == P.QUESTION:
        decision.told_at = None
    decision.save(update_fields=["outcome_told_at", "told_at"])


def _decide_flags(remark: Remark, *, by: Any, decision: str) -> int:
    flags = RemarkFlag.objects.filter(remark=remark, decided_at=None)
    return flags.update(decided_at=timezone.now(), decided_by=by, decision=decision)


def _note(verb: str, words: Words, *, by: Any) -> None:
    """Write an entry without a word of it, nor whose it is: that is on the page, where it has names."""
    decision = words.decision
    record(
        verb,
        scope=words.community.program.scope,
        by=by,
        subject=decision.thread,
        called=str(decision.get_kind_display()),
        detail={"community": words.community.pk, "decision": decision.pk, "part": str(words.part)},
    )
