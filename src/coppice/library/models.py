"""What a community keeps: folders, items, what each item held over time, and files that are on their way."""

from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.signals import post_delete
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.lib.files import random_name
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.photos.models import Photo

LONGEST_TITLE = 200
LONGEST_ABOUT = 500
LONGEST_PAGE = 100_000
LONGEST_ADDRESS = 2000
LONGEST_NAME = 80
SHELVES = "library"
"""The folder of files in Django's default storage; what is on its way lies beside it, in `PIECES`."""
PIECES = "library-pieces"


def shelved_name(row: models.Model, filename: str) -> str:
    """Return where a file is kept."""
    return random_name(SHELVES)


class FolderQuerySet(models.QuerySet["Folder"]):
    def visible_to(self, person: Any) -> "FolderQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))


class Folder(models.Model):
    """One of a community's few places to put things; an item lies in one of them, or in none.

    `planned_as` is what the action plan calls a folder that was made from it, whatever its name is by now.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="folders")
    name = LineField(_("name"), max_length=LONGEST_NAME)
    planned_as = LineField(max_length=LONGEST_NAME, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint("community", Lower("name"), name="a_folder_is_called_so_once"),
            models.CheckConstraint(condition=~Q(name=""), name="folders_have_names"),
        ]

    def __str__(self) -> str:
        return self.name


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, person: Any) -> "ItemQuerySet":
        """Items of communities that the person may know of, thrown away or not."""
        return self.filter(community__in=Community.objects.visible_to(person))

    def kept(self) -> "ItemQuerySet":
        """Those that nobody threw away."""
        return self.filter(removed_at=None)

    def newest_first(self) -> "ItemQuerySet":
        return self.order_by("-changed_at", "-pk")


class Item(models.Model):
    """A file, a link or a page that a community keeps, as it is now and as it was before.

    `current` is the version that people get; `changed_at` when that was added. An item that was thrown away
    has `removed_at`, and can be taken back until the sweep takes it.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("File")
        LINK = "link", _("Link")
        PAGE = "page", _("Page")

    class Licence(models.TextChoices):
        OWN = "own", _("Our own")
        CC_BY = "cc_by", _("Creative Commons: name the author (CC BY)")
        CC_BY_SA = "cc_by_sa", _("Creative Commons: name the author, share alike (CC BY-SA)")
        CC_BY_NC = "cc_by_nc", _("Creative Commons: name the author, not for money (CC BY-NC and its kin)")
        PUBLIC = "public", _("Public domain, or CC0")
        PERMISSION = "permission", _("All rights reserved, used with permission")
        UNSURE = "unsure", _("Not sure")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="library")
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, editable=False)
    folder = models.ForeignKey(
        Folder,
        verbose_name=_("folder"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="items",
    )
    title = LineField(_("title"), max_length=LONGEST_TITLE)
    about = models.TextField(_("what it is good for"), max_length=LONGEST_ABOUT, blank=True)
    licence = models.CharField(_("whose it is"), max_length=10, choices=Licence, default=Licence.UNSURE)
    source = LineField(_("who made it, or where it is from"), max_length=300, blank=True)
    added_by = models.ForeignKey(
        Membership, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    current = models.ForeignKey(
        "Version", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = ItemQuerySet.as_manager()

    personal = Personal(
        path="added_by__person",
        exports=("community__name", "kind", "title", "about", "licence", "source", "added_at"),
        because="The library belongs to its community; the membership that this points to is nameless.",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["community", "-changed_at"], condition=Q(removed_at=None), name="library_newest_first"
            )
        ]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="library_items_have_titles")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:item", args=[self.pk])


class ItemTopic(models.Model):
    """One word that an item is about; `key` is the same for every way to write it large or small."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="topics")
    name = LineField(_("topic"), max_length=LONGEST_NAME)
    key = models.CharField(max_length=LONGEST_NAME * 3)

    personal = Personal(
        path="item__added_by__person",
        exports=("item__title", "name"),
        because="A word about a thing that belongs to its community; the membership behind it is nameless.",
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["key", "item"])]
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="an_item_has_a_topic_once")]

    def __str__(self) -> str:
        return self.name


class ShelvedFileField(models.FileField):
    """A version's file; it goes when the last row that names it goes (versions may share one)."""

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **kwargs)
        post_delete.connect(self._drop, sender=cls)

    def _drop(self, *, instance: models.Model, **_sent: Any) -> None:
        file = getattr(instance, self.attname)
        if file:
            transaction.on_commit(partial(drop_file, file.storage, file.name), robust=True)


def drop_file(storage: Any, name: str) -> None:
    """Delete a file that no version and no upload names any more."""
    if not Version.objects.filter(file=name).exists() and not Upload.objects.filter(file=name).exists():
        storage.delete(name)


class Version(models.Model):
    """What an item held from a moment on: a file, an address, or a page's Markdown.

    `number` counts from 1 within the item. A file is given out only when `state` is ready; `found` is what
    the scanner called it when it was refused. `note` says what is new.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused by the virus scanner")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = ShelvedFileField(upload_to=shelved_name, blank=True, editable=False)
    name = LineField(_("file name"), max_length=255, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    content_type = models.CharField(_("type"), max_length=100, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    address = models.URLField(_("address"), max_length=LONGEST_ADDRESS, blank=True)
    markdown = models.TextField(_("text"), max_length=LONGEST_PAGE, blank=True)
    note = LineField(_("what is new in it"), max_length=LONGEST_TITLE, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.READY, editable=False)
    found = LineField(max_length=200, blank=True, editable=False)
    is_prepared = models.BooleanField(default=True, editable=False)
    added_by = models.ForeignKey(
        Membership, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    personal = Personal(
        path="added_by__person",
        exports=("item__title", "number", "name", "size", "address", "markdown", "note", "added_at"),
        files=("file",),
        files_of={"state": "ready"},  # what the scanner has not seen is given to nobody
        because="The library belongs to its community; the membership that this points to is nameless.",
    )

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["id"], condition=Q(is_prepared=False), name="library_to_prepare")]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="versions_of_an_item_are_counted"),
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(address="") | ~Q(markdown=""), name="versions_hold_something"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("library:version", args=[self.item_id, self.number])

    @property
    def community(self) -> Community:
        """Whose it is."""
        return self.item.community

    @property
    def is_ready(self) -> bool:
        """Whether people may have it."""
        return self.state == self.State.READY


class Picture(Photo):
    """What a file looks like: a picture drawn anew without its metadata, or the first page of a PDF."""

    held_by = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="picture")

    personal = Personal(
        path="held_by__added_by__person",
        because="A drawing of a file that belongs to its community; the membership behind it is nameless.",
    )


class Upload(models.Model):
    """A file on its way in, in pieces that lie beside one another until the last is here.

    `key` is random and names it in its address; `marks` is what the browser knows the file by, so that
    choosing the same one again goes on. `received` counts bytes. Once whole it has its `file`, and `item`
    once that became part of the library, so that the same form sent twice adds nothing twice.
    """

    key = models.CharField(max_length=40, unique=True)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="uploads")
    name = LineField(_("file name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    marks = models.CharField(max_length=64, blank=True)
    received = models.PositiveBigIntegerField(_("bytes that are here"), default=0)
    pieces: Any = models.JSONField(default=list)
    file = ShelvedFileField(upload_to=shelved_name, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    touched_at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="membership__person",
        exports=("name", "size", "received", "touched_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        indexes = [models.Index(fields=["touched_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="no_more_than_the_file")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        return bool(self.file)

    @property
    def percent(self) -> int:
        """How much of it is here, in whole percent."""
        return int(100 * self.received / self.size) if self.size else 0


# Django knows models once this module is imported.
from coppice.library import practice_models as practice_models  # noqa: E402
from coppice.library import template_models as template_models  # noqa: E402
