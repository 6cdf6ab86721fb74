"""Words of a decision behind their address, and in the queue of whoever decides about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, Prefetch, Q, When
from django.http import Http404

from coppice.communities.models import Community
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_board import decision_of
from coppice.conversations.decision_words import GONE_AT, NOT_OUT, Words, decides_about, shows_reasons
from coppice.conversations.moderation_models import HeldPost
from coppice.conversations.moderation_queue import DECIDED_SHOWN, MOST, Flagged, with_somebody_gone
from coppice.conversations.remark_models import REMARK_WAITS, Remark, RemarkFlag

P = Remark.Part
OF_DECISION = (P.QUESTION, P.OUTCOME)


def words_of(person: Any, *, decision_id: int, words_key: str) -> Words:
    """Return words of a decision that the person may know of, as `Words.key` names them; raises Http404 else.

    A reason without names is there once reasons are shown.
    """
    decision = decision_of(person, decision_id=decision_id)
    part = words_key.partition("-")[0]
    if part not in P:
        raise Http404
    if part in OF_DECISION:
        words = Words(decision, part)
    else:
        rows = list(decision.ballots.select_related("membership").annotate(gone_at=GONE_AT))
        if part == P.ANSWER and decision.is_secret and not shows_reasons(decision, rows):
            raise Http404
        named = (each for ballot in rows if (each := Words(decision, part, ballot)).key == words_key)
        found = next(named, None)
        if found is None:
            raise Http404
        words = found
    if words.key != words_key or not words.text:
        raise Http404
    return words


@dataclass(frozen=True)
class RemarkItem:
    """Words in the queue of whoever decides: who wrote what, and why they are here."""

    remark: Any
    words: Words
    name: str
    text: str
    flags: Sequence[Flagged]

    @property
    def is_first(self) -> bool:
        return self.remark.held in NOT_OUT

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has read them yet."""
        return self.remark.held == HeldPost.State.WAITING

    @property
    def is_hidden(self) -> bool:
        return self.remark.hidden_at is not None


@dataclass(frozen=True)
class RemarkQueue:
    """Words about which a person has to decide, the oldest first; and `decided` ones, the latest first."""

    waiting: Sequence[RemarkItem]
    decided: Sequence[RemarkItem]


def remark_queue(community: Community, person: Any) -> RemarkQueue:
    """Return what waits for a person who decides about words, and what they may undo; in three queries."""
    left = RemarkFlag.objects.filter(decision=RemarkFlag.Decision.LEFT, remark__community=community)
    rows = (
        Remark.objects.filter(REMARK_WAITS | Q(hidden_at__isnull=False) | Q(pk__in=left.values("remark")))
        .annotate(waits=Case(When(REMARK_WAITS, then=True), default=False))
        .order_by("-waits", "-hidden_at", "-pk")
    )
    items = _items(community, person, rows, most=MOST + DECIDED_SHOWN)
    return RemarkQueue(
        waiting=sorted((each for each in items if each.remark.waits), key=lambda each: each.remark.pk)[:MOST],
        decided=[each for each in items if not each.remark.waits][:DECIDED_SHOWN],
    )


def _items(community: Community, person: Any, rows: Any, *, most: int) -> list[RemarkItem]:
    circle = circle_of(community)
    nameless = Q(part=P.ANSWER, decision__is_secret=True)
    found = (
        rows.filter(~nameless | ~Q(Exists(with_somebody_gone(""))), community=community)
        .select_related("decision__thread", "ballot__membership")
        .prefetch_related(
            "decision__options",
            Prefetch("flags", RemarkFlag.objects.filter(decided_at=None), to_attr="open_flags"),
        )
    )[:most]
    items = []
    for remark in found:
        remark.decision.thread.community = community
        words = Words(remark.decision, remark.part, remark.ballot)
        if not remark.words or not decides_about(circle, person.pk, words):
            continue
        flags = [
            Flagged(str(each.get_reason_display()), each.words, circle.called(each.flagged_by_id), each.at)
            for each in remark.open_flags
        ]
        name = "" if words.is_nameless else circle.called(words.author_id)
        items.append(RemarkItem(remark, words, name, remark.words, flags))
    return items
