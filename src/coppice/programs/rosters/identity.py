"""When two records are one person: by email address, else by ID, else by phone or organization and name."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from coppice.programs.rosters.headers import fold


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a person apart; several values where a record knows an earlier and a later one."""

    emails: frozenset[str] = frozenset()
    external_ids: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        email: str = "",
        external_id: str = "",
        phone: str = "",
        name: str = "",
        organizations: Iterable[str] = (),
    ) -> "Identity":
        """Return the identity of one record; `name` is empty when it was made up."""
        return cls(
            _only(email.lower()),
            _only(" ".join(external_id.casefold().split())),
            _only(phone),
            _only(fold(name)),
            frozenset(fold(organization) for organization in organizations),
        )

    def __or__(self, other: "Identity") -> "Identity":
        return Identity(
            self.emails | other.emails,
            self.external_ids | other.external_ids,
            self.phones | other.phones,
            self.names | other.names,
            self.organizations | other.organizations,
        )

    def signs(self) -> Iterator[str]:
        """Yield the signs by which this person may be found, the strongest first."""
        yield from (f"email:{email}" for email in sorted(self.emails))
        yield from (f"id:{external_id}" for external_id in sorted(self.external_ids))
        names = sorted(self.names)
        yield from (f"phone:{phone}|{name}" for phone in sorted(self.phones) for name in names or [""])
        yield from (f"name:{name}|{place}" for name in names for place in sorted(self.organizations) or [""])

    def may_be(self, other: "Identity", *, by: str) -> bool:
        """Whether a record found by the sign `by` may be this person: nothing stronger speaks against it.

        An ID outweighs a changed email address only when the names agree, for some files merely number their
        rows.
        """
        if by.startswith("email:"):
            return True
        if by.startswith("id:"):
            return not _clash(self.emails, other.emails) or bool(self.names & other.names)
        clashes = _clash(self.emails, other.emails) or _clash(self.external_ids, other.external_ids)
        return not clashes and (by.startswith("phone:") or not _clash(self.phones, other.phones))


def find[T](
    identity: Identity,
    known: Mapping[str, T],
    identities: Mapping[T, Identity],
    *,
    by: str = "",
    without: Container[T] = (),
) -> T | None:
    """Return who is found by the strongest sign that fits.

    Only signs that start with `by` are tried, and nobody is found who is in `without`.
    """
    for sign in identity.signs():
        candidate = known.get(sign) if sign.startswith(by) else None
        if candidate is None or candidate in without:
            continue
        if identity.may_be(identities[candidate], by=sign):
            return candidate
    return None


def _only(value: str) -> frozenset[str]:
    return frozenset([value]) if value else frozenset()


def _clash(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others) and not some & others
