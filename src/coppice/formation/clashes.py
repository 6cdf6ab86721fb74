"""Who is in a clash: the people and organizations for whom sizes and rules cannot hold, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from coppice.formation.models import Formation
from coppice.formation.wording import clashes_in_words
from coppice.programs.models import Enrollment

MOST_NAMED = 6


@dataclass(frozen=True)
class Kind:
    """People of one kind in a clash (`value`, "" where there are no kinds): some by name, how many more."""

    value: str
    names: Sequence[str]
    more: int


@dataclass(frozen=True)
class ToldClash:
    """Why no proposal can exist, in a sentence, and for whom."""

    sentence: str
    kinds: Sequence[Kind]


def told_clashes(formation: Formation, clashes: Sequence[Mapping[str, Any]]) -> list[ToldClash]:
    """Return why a proposal cannot exist and who is in the way of it, in two queries.

    Whoever left the roster since, and whoever has no name any more, is not named.
    """
    told = clashes_in_words(formation, clashes)
    ids = {person for _sentence, here in told for each in here for person in _people(each)}
    named = _named(formation, ids)
    return [
        ToldClash(sentence, [kind for each in here if (kind := _kind(each, named)) is not None])
        for sentence, here in told
    ]


def _people(clash: Mapping[str, Any]) -> Sequence[str]:
    people = clash.get("people", ())
    return people if isinstance(people, list) else ()


def _kind(clash: Mapping[str, Any], named: Mapping[str, str]) -> Kind | None:
    names = [named[person] for person in _people(clash) if person in named]
    if not names:
        return None
    return Kind(clash.get("value", "") or "", names[:MOST_NAMED], max(0, len(names) - MOST_NAMED))


def _named(formation: Formation, ids: set[str]) -> dict[str, str]:
    """People with their organizations by enrollment id (text)."""
    people = Enrollment.objects.current().filter(
        program=formation.program_id, pk__in=[int(each) for each in ids]
    )
    found = {}
    for each in people.exclude(name="").prefetch_related("organizations"):
        houses = ", ".join(house.name for house in each.organizations.all())
        told = {"name": each.name, "organization": houses}
        found[str(each.pk)] = _("%(name)s (%(organization)s)") % told if houses else each.name
    return found
