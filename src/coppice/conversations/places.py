"""One person as somebody else meets them in a community."""

from dataclasses import dataclass

from coppice.communities.models import Community


@dataclass(frozen=True)
class Place:
    """A person of a community, by the name that they have there."""

    community: Community
    person_id: int
    name: str
