"""Words of a decision one by one: where they stand, whose they are, and what of them a reader sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.crypto import salted_hmac

from coppice.communities.models import Community
from coppice.conversations.circle import Circle, circle_of
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.moderation_models import HeldPost
from coppice.conversations.remark_models import HIDDEN_IN, Remark

P = Remark.Part
NOT_OUT = (HeldPost.State.WAITING, HeldPost.State.ANSWERED)


@dataclass(frozen=True)
class Words:
    """One part of a decision that one person wrote: its question, its outcome, a reason, an answer to one."""

    decision: Decision
    part: str
    ballot: Ballot | None = None

    @property
    def key(self) -> str:
        """How an address names them: reasons by a digest, for numbers would tell in which order they came."""
        if self.ballot is None:
            return self.part
        digest = salted_hmac("conversations.words", f"{self.part}:{self.ballot.pk}", algorithm="sha256")
        return f"{self.part}-{digest.hexdigest()[:24]}"

    @property
    def owner(self) -> Any:
        """The row that keeps whether they are hidden."""
        return self.ballot or self.decision

    @property
    def hidden_at(self) -> datetime | None:
        moment: datetime | None = getattr(self.owner, HIDDEN_IN[P(self.part)])
        return moment

    @property
    def is_nameless(self) -> bool:
        return self.part == P.ANSWER and self.decision.is_secret

    @property
    def author_id(self) -> int | None:
        """Who wrote them; None where nobody may learn that, and where it is not known."""
        if self.part == P.QUESTION:
            return self.decision.opened_by_id
        if self.part == P.OUTCOME:
            return self.decision.outcome_by_id
        if self.ballot is None or self.is_nameless:
            return None
        return self.ballot.replied_by_id if self.part == P.REPLY else self.ballot.membership.person_id

    @property
    def text(self) -> str:
        """What they say, as plain text."""
        return Remark(decision=self.decision, ballot=self.ballot, part=self.part).words

    @property
    def community(self) -> Community:
        return self.decision.thread.community

    def address(self, name: str) -> str:
        return reverse(f"conversations:{name}", args=[self.decision.pk, self.key])


GONE_AT = F("membership__person__erased_at")


def lacks_reasons(decision: Decision, ballots: Iterable[Any]) -> bool:
    """Say whether somebody who answered had themself erased since reasons without names could be read."""
    gone = (each.gone_at for each in ballots if each.gone_at is not None)
    return decision.is_secret and any(at >= decision.ended_at for at in gone)


def shows_reasons(decision: Decision, ballots: Sequence[Any]) -> bool:
    """Say whether reasons without names are shown: with the counts, unless one is gone since."""
    return decision.shows_counts(len(ballots)) and not lacks_reasons(decision, ballots)


@dataclass(frozen=True)
class Shown:
    """Words as one reader sees them: `text` is "" where they are not shown, `why` what stands in their place.

    `waits` for a yes; `flag_url` is "" for who may not flag them.
    """

    text: str
    is_hidden: bool
    waits: bool
    why: str
    flag_url: str
    is_own: bool


class Reader:
    """What one reader sees of the words of a decision; in one query for all of it."""

    def __init__(self, decision: Decision, person: Any) -> None:
        self.decision, self.person = decision, person
        self.circle = circle_of(decision.thread.community)
        rows = Remark.objects.filter(decision=decision)
        self.remarks = {(each.part, each.ballot_id): each for each in rows}

    def sees(self, part: str, ballot: Ballot | None = None, text: str | None = None) -> Shown:
        """Return words as this person sees them; `text` where they are shown only in part."""
        words = Words(self.decision, part, ballot)
        is_own = words.author_id is not None and words.author_id == self.person.pk
        said = words.text if text is None else text
        is_hidden = words.hidden_at is not None
        remark = self.remarks.get((part, ballot.pk if ballot else None))
        waits = is_hidden and (remark is None or remark.held in NOT_OUT)
        may_flag = bool(said) and not is_hidden and not is_own and self.circle.has(self.person.pk)
        return Shown(
            text=said if not is_hidden or is_own else "",
            is_hidden=is_hidden and bool(said),
            waits=waits,
            why=remark.hidden_reason if remark is not None and is_hidden and (is_own or not waits) else "",
            flag_url=words.address("words_flag") if may_flag else "",
            is_own=is_own,
        )


def decides_about(circle: Circle, person_id: int | None, words: Words | Remark) -> bool:
    """Say whether a person decides about words of a decision, as about posts.

    About a reason without names decides the program's staff alone: else who may not would tell whose it is.
    """
    if words.is_nameless:
        return person_id in circle.staff
    return circle.decides(person_id, author_id=words.author_id)
