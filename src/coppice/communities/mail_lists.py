"""The mailing list of each community: who is on it, for choosing a rhythm and before a digest tells."""

from collections.abc import Collection
from typing import Any

from coppice.communities.models import KNOWN_TO_MEMBERS, Community, Membership
from coppice.notifications.mailing_lists import ListKind
from coppice.programs.models import Staff

KIND = "community"


def lists_of(person: Any) -> list[tuple[str, str]]:
    """Return the lists of the communities in which a person takes part, as pairs of key and name."""
    theirs = Membership.objects.taking_part().filter(person=person).values("community")
    return [(each.list_key, each.name) for each in Community.objects.living().filter(pk__in=theirs)]


def still_on(places: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which people are on which lists still: who is invited or in, and staff of the program.

    In two queries, for however many of them.
    """
    people = {person for person, _key in places}
    keys = {int(key.partition(":")[2]): key for _person, key in places}
    here = Membership.objects.filter(
        person__in=people, community__in=keys, state__in=KNOWN_TO_MEMBERS, community__ended_at=None
    ).values_list("person_id", "community_id")
    staff = Staff.objects.filter(
        person__in=people, is_active=True, provider__programs__communities__in=keys
    ).values_list("person_id", "provider__programs__communities")
    return {(person, keys[community]) for person, community in [*here, *staff] if community in keys} & {
        *places
    }


LISTS = ListKind(KIND, of=lists_of, still_on=still_on)
