"""Archives that come into a community's talk: a file on its way, its writers, what it brought."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.communities.models import Community
from coppice.conversations.models import LONGEST_POST, LONGEST_TITLE, Post, Thread
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def visible_to(self, person: Any) -> "ArchiveQuerySet":
        """Archives of communities that a person may know of; who may see them is `can_bring_in`."""
        return self.filter(community__in=Community.objects.visible_to(person))


class Archive(models.Model):
    """A file of what people wrote elsewhere: it arrives, is read, previewed, brought in, maybe taken back.

    `pieces` are the stored parts of the file, in order; they go as soon as it is dealt with. `key` is random
    and names the file while it comes in, `marks` is what the browser knows it by. `counts` holds what the
    preview says, and after that what was brought: posts, threads, people, known, `left_out` by reason, and
    `kept` threads when it was taken back. `said` is what somebody answered: columns, order of dates. While a
    job is at it, `asked_at` says since when. `attempts` counts how often that job broke; after
    `MOST_ATTEMPTS` of them it is `BROKEN`, with what it was doing (`broken_at`) and the `trace` of the last,
    which only whoever runs the server reads, and which goes with the archive's next step.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", pgettext_lazy("kind of an archive", "Mailing list")
        SLACK = "slack", pgettext_lazy("kind of an archive", "Slack")
        DISCOURSE = "discourse", pgettext_lazy("kind of an archive", "Discourse")
        TABLE = "table", pgettext_lazy("kind of an archive", "Table")

    class State(models.TextChoices):
        ARRIVING = "arriving", pgettext_lazy("state of an archive", "Not here yet")
        READING = "reading", pgettext_lazy("state of an archive", "Being read")
        ASKING = "asking", pgettext_lazy("state of an archive", "Columns to be matched")
        PREVIEWED = "previewed", pgettext_lazy("state of an archive", "Ready to bring in")
        BRINGING = "bringing", pgettext_lazy("state of an archive", "Being brought in")
        BROUGHT = "brought", pgettext_lazy("state of an archive", "Brought in")
        RETURNING = "returning", pgettext_lazy("state of an archive", "Being taken back")
        RETURNED = "returned", pgettext_lazy("state of an archive", "Taken back")
        REFUSED = "refused", pgettext_lazy("state of an archive", "Refused")
        DROPPED = "dropped", pgettext_lazy("state of an archive", "Thrown away")
        BROKEN = "broken", pgettext_lazy("state of an archive", "Stopped by an error of ours")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="archives")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=40, unique=True, editable=False)
    name = LineField(_("file name"), max_length=255)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    received = models.PositiveBigIntegerField(_("bytes that are here"), default=0)
    marks = models.CharField(max_length=64, blank=True)
    pieces: Any = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ARRIVING)
    counts: Any = models.JSONField(default=dict, blank=True)
    said: Any = models.JSONField(default=dict, blank=True)
    refusal: Any = models.JSONField(default=dict, blank=True)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    broken_at = models.CharField(max_length=10, choices=State, blank=True)
    trace = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    objects = ArchiveQuerySet.as_manager()

    personal = Personal(
        path="by",
        exports=("community__name", "name", "kind", "state", "created_at"),
        because="What came in belongs to the community; whoever brought it in has lost name and address.",
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "asked_at"], name="archives_at_work")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("conversations:archive", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether a job has something to do about it."""
        return self.state in AT_WORK

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody, and can be thrown away."""
        return self.state in OPEN

    @property
    def has_brought(self) -> bool:
        """Whether a job that broke had begun to make posts of it, so that some may be here."""
        return self.broken_at in (self.State.BRINGING, self.State.RETURNING)


AT_WORK = (Archive.State.READING, Archive.State.BRINGING, Archive.State.RETURNING)
OPEN = (Archive.State.ARRIVING, Archive.State.ASKING, Archive.State.PREVIEWED)
MOST_ATTEMPTS = 5


class Writer(models.Model):
    """Somebody whose words are in a community's archives, called as the archive calls them.

    `digest` is keyed and made of their address, or of their name where there is none: the address itself is
    kept nowhere. `person` is who they are here, as their address on the roster says, as somebody who leads
    said (`is_said`), or as they said themself. `declined_at` says that somebody with that address said that
    it is not them: nobody is asked again.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    name = LineField(max_length=200, blank=True)
    has_address = models.BooleanField(default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    is_said = models.BooleanField(default=False)
    declined_at = models.DateTimeField(null=True)

    personal = Personal(path="person", exports=("community__name", "name"), on_erasure=Erasure.DELETE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "digest"], name="a_writer_once_in_a_community")
        ]

    def __str__(self) -> str:
        return self.name


class ArchiveLine(models.Model):
    """A post of an archive that is still to come: gone in the moment in which it is a post.

    `thread_key` is the `source_key` of the first post of its conversation, `thread` a conversation that is
    here already: should it go meanwhile, they begin one together. `offset` and `length` say where it stands
    in a mailbox, for its files.
    """

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="lines", db_index=False)
    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="lines")
    source_key = models.CharField(max_length=120)
    thread_key = models.CharField(max_length=120, blank=True)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    title = LineField(max_length=LONGEST_TITLE, blank=True)
    markdown = models.TextField(max_length=LONGEST_POST)
    original = models.TextField(blank=True)
    written_at = models.DateTimeField()
    offset = models.PositiveBigIntegerField(default=0)
    length = models.PositiveIntegerField(default=0)
    file_count = models.PositiveSmallIntegerField(default=0)
    reactions: Any = models.JSONField(default=dict, blank=True)

    personal = Personal(path="writer__person", exports=("title", "markdown"), on_erasure=Erasure.DELETE)

    class Meta:
        ordering = ["written_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "source_key"], name="a_line_once_in_an_archive")
        ]
        indexes = [models.Index(fields=["archive", "written_at", "id"], name="lines_of_an_archive")]

    def __str__(self) -> str:
        return self.title


class Brought(models.Model):
    """That a post came from an archive, written by `writer`; `original` is all of it where it said more."""

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="brought")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="brought")
    writer = models.ForeignKey(Writer, null=True, on_delete=models.SET_NULL, related_name="brought")
    original = models.TextField(blank=True)

    personal = Personal(
        path="post__author", exports=("original",), on_erasure=Erasure.CLEAR, cleared={"original": ""}
    )

    def __str__(self) -> str:
        return f"{self.archive_id}: {self.post_id}"


class Withdrawn(models.Model):
    """That a post of an archive is gone for good because its author or who leads wanted it so.

    Where no row is left that could say so, the key alone (`source_key`) keeps the same file from bringing it
    again. It tells of nobody.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    source_key = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "source_key"], name="withdrawn_once_in_a_community")
        ]

    def __str__(self) -> str:
        return self.source_key
