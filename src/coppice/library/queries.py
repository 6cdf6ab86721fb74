"""Reads of a library that several doors use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.plan_models import PlanFrame
from coppice.lib.lines import one_line
from coppice.library.models import Folder, Item, ItemQuerySet, ItemTopic, Upload, Version
from coppice.library.permissions import can_edit_item
from coppice.library.topics import key_of

A_PAGE = 25
TOPICS_SHOWN = 20
A_MONTH = timedelta(days=365.25 / 12)


def library_of(person: Any, *, community_id: int) -> Community:
    """Return a community that the person may know of, with the rules of its plan, else raise Http404."""
    rows = Community.objects.visible_to(person).select_related("program__provider", "plan_frame")
    return get_object_or_404(rows, pk=community_id)


def item_of(person: Any, *, item_id: int) -> Item:
    """Return an item that the person may know of; one that was thrown away is for who may take it back.

    Raises Http404 otherwise.
    """
    item = get_object_or_404(_items().visible_to(person), pk=item_id)
    if item.removed_at is not None and not can_edit_item(person, item):
        raise Http404
    return item


def version_of(person: Any, *, item_id: int, number: int) -> Version:
    """Return a version of an item that the person may know of; raises Http404 otherwise."""
    item = item_of(person, item_id=item_id)
    version = get_object_or_404(
        item.versions.select_related("added_by__enrollment", "picture"), number=number
    )
    version.item = item
    return version


def file_of(person: Any, *, version_id: int) -> Version:
    """Return a version whose file the person may have, once it is ready; raises Http404 otherwise."""
    rows = Version.objects.exclude(file="").filter(state=Version.State.READY)
    version = get_object_or_404(rows.select_related("picture"), pk=version_id)
    version.item = item_of(person, item_id=version.item_id)
    return version


def folder_of(person: Any, *, folder_id: int) -> Folder:
    """Return a folder of a community that the person may know of; raises Http404 otherwise."""
    rows = Folder.objects.visible_to(person).select_related("community__program__provider")
    return get_object_or_404(rows, pk=folder_id)


def upload_of(person: Any, *, upload_key: str) -> Upload:
    """Return a file on its way that is this person's; raises Http404 otherwise."""
    rows = Upload.objects.filter(membership__person=person, membership__state=Membership.State.ACTIVE)
    return get_object_or_404(rows.select_related("membership__community__program__provider"), key=upload_key)


@dataclass(frozen=True)
class Wanted:
    """What of a library somebody looks for, as it stands in the address."""

    words: str = ""
    kind: str = ""
    folder: str = ""
    topic: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "Wanted":
        """Read it from a query string; what makes no sense there is left out."""
        kind, folder = query.get("kind", ""), query.get("folder", "")
        return cls(
            words=one_line(query.get("q", ""))[:200],
            kind=kind if kind in Item.Kind.values else "",
            folder=folder if folder == "none" or (folder.isdecimal() and len(folder) < 18) else "",
            topic=key_of(query.get("topic", "")[:200]),
        )

    def among(self, items: ItemQuerySet) -> ItemQuerySet:
        """Return those of the items that are looked for."""
        return items.filter(self.condition)

    @property
    def condition(self) -> Q:
        """What an item that is looked for fulfils; every item where nothing is."""
        wanted = Q(pk__isnull=False)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.folder:
            wanted &= Q(folder=None if self.folder == "none" else int(self.folder))
        if self.topic:
            wanted &= Q(pk__in=ItemTopic.objects.filter(key=self.topic).values("item"))
        for word in self.words.split()[:8]:
            topics = ItemTopic.objects.filter(key__contains=key_of(word)).values("item")
            wanted &= Q(title__icontains=word) | Q(about__icontains=word) | Q(pk__in=topics)
        return wanted

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.kind or self.folder or self.topic)


@dataclass(frozen=True)
class Line:
    """One item of a list with its topics, and whether it is older than the community keeps things."""

    item: Item
    topics: Sequence[str]
    is_old: bool


@dataclass(frozen=True)
class Shelf:
    """A library as its page shows it: folders and topics with how much is in them, and one page of items."""

    folders: Sequence[tuple[Folder, int]]
    loose: int
    topics: Sequence[tuple[str, str, int]]
    page: Page
    lines: Sequence[Line]
    in_all: int


class _Counted(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: Any, *, count: int) -> None:
        super().__init__(rows, A_PAGE)
        self.__dict__["count"] = count


def shelf_of(community: Community, wanted: Wanted, frame: PlanFrame, *, page: str) -> Shelf:
    """Return what of a community's library is looked for, the newest first, in four queries."""
    kept = Item.objects.filter(community=community).kept()
    counts = kept.order_by().aggregate(
        all=Count("pk"),
        loose=Count("pk", filter=Q(folder=None)),
        found=Count("pk", filter=wanted.condition),
    )
    folders = community.folders.annotate(things=Count("items", filter=Q(items__removed_at=None)))
    topics: dict[str, list[Any]] = {}
    of_items: dict[int, list[str]] = {}
    words = ItemTopic.objects.filter(item__community=community, item__removed_at=None).order_by("pk")
    for item_id, key, name in words.values_list("item", "key", "name"):
        topics.setdefault(key, [name, 0])[1] += 1
        of_items.setdefault(item_id, []).append(name)
    most = sorted(topics.items(), key=lambda pair: (-pair[1][1], pair[0]))[:TOPICS_SHOWN]
    rows = wanted.among(_items().filter(community=community).kept().newest_first())
    shown = _Counted(rows, count=counts["found"]).get_page(page)
    before = oldest_kept(frame)
    return Shelf(
        folders=[(each, each.things) for each in folders.order_by("pk")],
        loose=counts["loose"],
        topics=[(key, name, count) for key, (name, count) in most],
        page=shown,
        lines=[
            Line(each, of_items.get(each.pk, []), before is not None and each.changed_at < before)
            for each in shown
        ],
        in_all=counts["all"],
    )


def items_in(community: Community) -> ItemQuerySet:
    """Return what a community keeps, the newest first, with all that a line of a list says."""
    return _items().filter(community=community).kept().newest_first().prefetch_related("topics")


def new_for(person: Any) -> ItemQuerySet:
    """Return what is kept in the libraries of all communities that somebody takes part in, newest first."""
    own = Membership.objects.taking_part().filter(person=person, community__ended_at=None)
    rows = _items().filter(community__in=own.values("community")).kept()
    return rows.newest_first().prefetch_related("topics")


def oldest_kept(frame: PlanFrame, *, now: datetime | None = None) -> datetime | None:
    """Return from when on things are kept by the rules; None for as long as the group lasts."""
    if not frame.library_months:
        return None
    return (now or timezone.now()) - frame.library_months * A_MONTH


def open_uploads(membership: Membership) -> list[Upload]:
    """Return the files that somebody began to send and that are no part of the library yet."""
    return list(membership.uploads.filter(item=None).order_by("pk"))


def _items() -> ItemQuerySet:
    return Item.objects.select_related(
        "community__program__provider", "current", "folder", "added_by__enrollment"
    )
