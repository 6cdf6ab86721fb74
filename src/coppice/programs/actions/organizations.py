"""Which organization of a program a name means, whatever its capitals, accents or spacing."""

from collections.abc import Iterable

from coppice.lib.lines import one_line
from coppice.programs.models import Organization, Program
from coppice.programs.rosters.headers import fold


class Organizations:
    """A program's organizations by name; the exact name goes before one that only folds alike."""

    def __init__(self, program: Program, organizations: Iterable[Organization]) -> None:
        self.program = program
        self._exact: dict[str, Organization] = {}
        self._folded: dict[str, Organization] = {}
        for organization in organizations:
            self._keep(organization)

    @classmethod
    def of(cls, program: Program) -> "Organizations":
        """Read those that the program has, in one query."""
        return cls(program, program.organizations.order_by("pk"))

    def named(self, name: str) -> Organization:
        """Return the organization that a name means: a new one, not saved yet, when there is none."""
        name = one_line(name)
        found = self._exact.get(name) or self._folded.get(_folded(name))
        return found or self._keep(Organization(program=self.program, name=name))

    def _keep(self, organization: Organization) -> Organization:
        self._exact.setdefault(organization.name, organization)
        self._folded.setdefault(_folded(organization.name), organization)
        return organization


def _folded(name: str) -> str:
    """A name of nothing but marks folds to nothing: then it stands for itself."""
    return fold(name) or name
