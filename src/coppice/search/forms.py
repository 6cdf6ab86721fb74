"""What may be asked for in an address of search."""

from datetime import datetime, timedelta

from django.http import QueryDict

from coppice.search.queries import Wish
from coppice.search.sources import source_of

LONGEST_ASKED = 200
PERIODS = {"week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=366)}


def wish_from(asked: QueryDict, *, now: datetime) -> Wish:
    """Read a wish from an address; what is no filter of ours counts as none."""
    kind, community, period = (asked.get(name, "") for name in ("kind", "community", "since"))
    is_number = community.isascii() and community.isdigit() and len(community) < 18
    return Wish(
        text=" ".join(asked.get("q", "").replace("\0", " ").split())[:LONGEST_ASKED],
        kind=kind if source_of(kind) else "",
        community_id=int(community) if is_number else None,
        since=now - PERIODS[period] if period in PERIODS else None,
    )
