"""The commitments of a community as its pages read them: what waits, what came of the rest, and how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community

State = Commitment.State
SHOWN = 100


@dataclass(frozen=True)
class FollowThrough:
    """Follow-through = done / due commitments (mission.md, section 4), of the whole community, nobody ranked.

    Due is what has reached its day, whatever became of it, and what was done before.
    """

    done: int
    due: int

    @property
    def percent(self) -> int | None:
        """The rate in whole percent, None when nothing is due yet."""
        return round(100 * self.done / self.due) if self.due else None


@dataclass(frozen=True)
class Board:
    """Commitments that wait, those of the earliest day first, and what came of others, the latest first.

    `refused` are those that their people call not theirs, for who leads alone.
    """

    waiting: Sequence[Commitment]
    settled: Sequence[Commitment]
    refused: Sequence[Commitment]
    rate: FollowThrough
    today: date


def board_of(community: Community, *, leads: bool, on: date | None = None) -> Board:
    """Return the commitments of a community's people, at most a hundred of each kind; in three queries.

    For who `leads` in four, with what was refused.
    """
    today = on or timezone.localdate(timezone=community.zone)
    rows = community.commitments.of_people_here().select_related("membership__enrollment")
    refused = rows.filter(word=Commitment.Word.NOT_MINE).order_by(*BY_DAY)
    return Board(
        waiting=list(rows.open().order_by(*BY_DAY)[:SHOWN]),
        settled=list(rows.theirs().exclude(settled_at=None).order_by("-settled_at", "-pk")[:SHOWN]),
        refused=list(refused[:SHOWN]) if leads else [],
        rate=follow_through(community, on=today),
        today=today,
    )


def follow_through(community: Community, *, on: date) -> FollowThrough:
    """Return how many of a community's due commitments are done, in one query."""
    counted = community.commitments.due(on).aggregate(
        due=Count("pk"), done=Count("pk", filter=Q(state=State.DONE))
    )
    return FollowThrough(done=counted["done"], due=counted["due"])


BY_DAY = ("due_on", "pk")
