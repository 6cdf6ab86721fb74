"""When two records are one person: by email address, else by ID, else by phone or organization and name."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from coppice.programs.rosters.headers import fold

type Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a person apart; several values where a record knows an earlier and a later one."""

    emails: Values = ()
    external_ids: Values = ()
    phones: Values = ()
    names: Values = ()
    organizations: Values = ()

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
            (email.lower(),) if email else (),
            (" ".join(external_id.casefold().split()),) if external_id else (),
            (phone,) if phone else (),
            (fold(name),) if name else (),
            tuple(fold(organization) for organization in organizations),
        )

    def __or__(self, other: "Identity") -> "Identity":
        if self == other:
            return self
        return Identity(
            _both(self.emails, other.emails),
            _both(self.external_ids, other.external_ids),
            _both(self.phones, other.phones),
            _both(self.names, other.names),
            _both(self.organizations, other.organizations),
        )

    def signs(self) -> Iterator[str]:
        """Yield the signs by which this person may be found, the strongest first."""
        for email in self.emails:
            yield f"email:{email}"
        for external_id in self.external_ids:
            yield f"id:{external_id}"
        for phone in self.phones:
            for name in self.names or ("",):
                yield f"phone:{phone}|{name}"
        for name in self.names:
            for organization in self.organizations or ("",):
                yield f"name:{name}|{organization}"

    def is_alike(self, other: "Identity") -> bool:
        """Whether a namesake has the same phone or organization, or one of the two tells no organization."""
        return not _clash(self.organizations, other.organizations) or bool(
            set(self.phones) & set(other.phones)
        )

    def may_be(self, other: "Identity", *, by: str) -> bool:
        """Whether a record found by the sign `by` may be this person: nothing stronger speaks against it.

        An ID outweighs a changed email address only when the names agree, for some files merely number their
        rows.
        """
        if by.startswith("email:"):
            return True
        if by.startswith("id:"):
            return not _clash(self.emails, other.emails) or bool(set(self.names) & set(other.names))
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


def _both(some: Values, others: Values) -> Values:
    return some if some == others else tuple(dict.fromkeys(some + others))


def _clash(some: Values, others: Values) -> bool:
    return bool(some and others) and not set(some) & set(others)
