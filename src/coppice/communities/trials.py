"""What a person who has yet to answer an invitation is told of a community in a trial digest.

Rooms above register tellers, as with tabs. An invited person may see who is in or invited and what the
invitation says, and nothing that people say to each other: a teller gives numbers ("3 new questions"), never
titles or names that are kept to members.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Count
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.notifications.lines import Section


@dataclass(frozen=True)
class News:
    """One thing that an invited person may hear of; `words` is called in the reader's language."""

    section: Section
    words: Callable[[], str]


type Teller = Callable[[Sequence[Community], datetime], Mapping[int, Sequence[News]]]
"""Takes communities and since when; returns by their ids what is new, with queries for all at once."""

_tellers: list[Teller] = []
SECTIONS = list(Section)


def register(teller: Teller) -> None:
    """Ask `teller` what is new for people who are invited; called from the room's AppConfig.ready()."""
    if teller not in _tellers:
        _tellers.append(teller)


def news_of(communities: Sequence[Community], *, since: datetime) -> dict[int, list[News]]:
    """Return what is new in each of these communities, in the order of a digest; no key where nothing is."""
    found: dict[int, list[News]] = {}
    for teller in (_who_joined, *_tellers):
        for community_id, news in teller(communities, since).items():
            found.setdefault(community_id, []).extend(news)
    return {
        community_id: sorted(news, key=lambda each: SECTIONS.index(each.section))
        for community_id, news in found.items()
        if news
    }


def _who_joined(communities: Sequence[Community], since: datetime) -> dict[int, list[News]]:
    joined = (
        Membership.objects.active()
        .filter(community__in=communities, joined_at__gte=since)
        .order_by()
        .values_list("community")
        .annotate(number=Count("pk"))
    )
    return {
        community_id: [News(Section.OTHER, partial(_have_joined, number))] for community_id, number in joined
    }


def _have_joined(number: int) -> str:
    return ngettext("%(count)s person has joined", "%(count)s people have joined", number) % {"count": number}
