"""What the pages of the studio read of a proposal, once for all their parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.proposing import Standing, standing
from coppice.formation.queries import communities_of, names_of
from coppice.formation.rules import RosterRow
from coppice.programs.wording import words_for


@dataclass(frozen=True)
class Sight:
    """What is read of a proposal: its communities, and how it stands when somebody may be moved."""

    formation: Formation
    communities: list[ProposedCommunity]
    chosen: Place | None = None
    stands: Standing | None = None

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Return people by enrollment id (text)."""
        if self.stands is None:
            return names_of(self.formation, ids)
        known = {each for each in ids if each in self.stands.roster}
        return {each: self.stands.roster[each].name for each in known}

    @property
    def roster(self) -> Mapping[str, RosterRow] | None:
        """Whoever has a place by enrollment id (text), where that was read."""
        return self.stands.roster if self.stands else None

    @property
    def groups(self) -> dict[str, str]:
        """The communities' names by id (text)."""
        return {str(each.pk): each.name for each in self.communities}


def sight_of(
    formation: Formation, *, chosen: Place | None, stands: Standing | None = None, is_part: bool = False
) -> Sight:
    """Return a formation's proposal as a page reads it; with somebody chosen, also as the engine does.

    `stands` is given where a change has read that already; a panel alone `is_part` of a page, and no people
    moved or locked are counted for it.
    """
    communities = communities_of(formation, is_counted=not is_part)
    if stands is None and chosen is not None and formation.can_change:
        stands = standing(formation, communities=communities)
    return Sight(formation, communities, chosen, stands)


def base_of(formation: Formation) -> dict[str, Any]:
    """Return what every page of a formation is given."""
    return {"formation": formation, "program": formation.program, "words": words_for(formation.program)}
