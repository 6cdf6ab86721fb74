"""Who the writers of an archive are here: by their address on the roster, or by name as a suggestion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.crypto import salted_hmac

from coppice.communities.models import Community, Membership
from coppice.conversations.circle import circle_of
from coppice.conversations.import_models import Archive, Writer
from coppice.conversations.importing.subjects import folded
from coppice.programs.models import Staff

SALT = "coppice.conversations.writer"


def digest_of(address: str, name: str = "") -> str:
    """Return what tells a writer from others without telling their address."""
    said = address.strip().casefold() or f"name {folded(name)}"
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()


def people_by_digest(community: Community) -> dict[str, int]:
    """Return the people of a community and its staff by the digests of their addresses."""
    members = Membership.objects.filter(community=community).order_by("pk")
    staff = Staff.objects.active().filter(provider=community.program.provider_id).order_by("pk")
    rows = [
        *members.values_list("person_id", "enrollment__email", "person__email"),
        *staff.values_list("person_id", "email", "person__email"),
    ]
    found: dict[str, int] = {}
    for person_id, *addresses in rows:
        for address in filter(None, addresses):
            found.setdefault(digest_of(address), person_id)
    return found


@dataclass(frozen=True)
class WriterLine:
    """A writer of an archive as its preview shows them.

    `called` is who they are here, "" for nobody; `maybe` are id and name of somebody who is called the same.
    """

    writer: Any
    posts: int
    called: str
    maybe: tuple[int, str] | None


def writers_of(archive: Archive) -> list[WriterLine]:
    """Return whose words an archive still brings, those who wrote most first."""
    circle = circle_of(archive.community)
    by_name: dict[str, list[int]] = {}
    for someone in circle.people.values():
        by_name.setdefault(folded(someone.name), []).append(someone.person_id)
    writers = (
        Writer.objects.filter(lines__archive=archive)
        .annotate(posts=Count("lines"))
        .order_by("-posts", "name", "pk")
    )
    return [
        WriterLine(
            writer=writer,
            posts=writer.posts,
            called=circle.called(writer.person_id) if writer.person_id else "",
            maybe=_maybe(writer, by_name.get(folded(writer.name), ()), circle),
        )
        for writer in writers
    ]


def _maybe(writer: Writer, people: Sequence[int], circle: Any) -> tuple[int, str] | None:
    if writer.person_id or writer.declined_at or len(people) != 1 or not writer.name:
        return None
    return people[0], circle.called(people[0])


def suggested(lines: Iterable[WriterLine]) -> dict[int, int]:
    """Return by the ids of writers who they may be, as the preview offers it."""
    return {line.writer.pk: line.maybe[0] for line in lines if line.maybe}
