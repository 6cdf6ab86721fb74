"""Threads, the posts in them, and what belongs to a post: earlier versions, mentions, reactions, files."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.communities.models import Community
from coppice.lib.files import random_name
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.photos.models import Photo, PhotoFileField
from coppice.programs.models import Enrollment, Staff, Topic

LONGEST_TITLE = 160
LONGEST_POST = 20_000
LONGEST_QUOTE = 1_000
FOLDER = "talk"


def untold_of(thread: str) -> Callable[[Any], Q]:
    """Return which rows lead to a conversation of which nothing can be read, begun by somebody else.

    Its title waits for a yes or is hidden, as in lists. `thread` is the lookup from the row.
    """
    return lambda person: Q(**{f"{thread}__post_count": 0}) & ~Q(**{f"{thread}__started_by": person.pk})


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, person: Any) -> "ThreadQuerySet":
        """Threads of communities that a person may know of; who may read them is `can_read`."""
        return self.filter(community__in=Community.objects.visible_to(person))

    def newest_first(self) -> "ThreadQuerySet":
        return self.order_by("-last_post_at", "-pk")


class Thread(models.Model):
    """One conversation in a community; its first post opens it.

    `last_post_at` and `post_count` are kept by the actions; posts taken back or hidden do not count. So is
    `news_at`, when the last of them was written that was written here: what an archive brought is new to
    nobody, and a thread that holds nothing else has none.
    `settled_at` says since when a question is answered or an ask helped. `source` is where it came from
    ("slack:C024/1503435956"), once per community, empty for one that was begun here; `starter_name` is what
    that calls whoever began it, if they have no account here.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", pgettext_lazy("kind of a thread", "Question")
        ASK = "ask", pgettext_lazy("kind of a thread", "Ask for help")
        OFFER = "offer", pgettext_lazy("kind of a thread", "Offer")
        RESOURCE = "resource", pgettext_lazy("kind of a thread", "Resource")
        DECISION = "decision", pgettext_lazy("kind of a thread", "Decision")
        UPDATE = "update", pgettext_lazy("kind of a thread", "Update")
        STORY = "story", pgettext_lazy("kind of a thread", "Story")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="threads")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind, default=Kind.UPDATE)
    title = LineField(_("title"), max_length=LONGEST_TITLE)
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    starter_name = LineField(max_length=200, blank=True, editable=False)
    started_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    news_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    post_count = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    source = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True, editable=False)
    pinned_at = models.DateTimeField(null=True, editable=False)

    objects = ThreadQuerySet.as_manager()

    is_held = False
    """Whether its first post waits for a yes; `queries.thread_of` says so."""

    personal = (
        Personal(
            path="started_by",
            exports=("community__name", "kind", "title", "started_at", "settled_at"),
            on_erasure=Erasure.CLEAR,
            cleared={"title": "", "starter_name": ""},
        ),
        Personal(
            path="settled_by",
            exports=("community__name", "settled_at"),
            because="Whoever said that it is answered has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["-last_post_at", "-id"]
        indexes = [
            models.Index(fields=["community", "-last_post_at", "-id"], name="threads_newest_first"),
            models.Index(fields=["community", "kind", "-last_post_at", "-id"], name="threads_of_a_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "source"], condition=~Q(source=""), name="a_source_is_a_thread_once"
            )
        ]

    def __str__(self) -> str:
        return self.title or str(_("A conversation of somebody who had themself erased"))

    def get_absolute_url(self) -> str:
        return reverse("conversations:thread", args=[self.pk])

    @property
    def can_be_settled(self) -> bool:
        """Whether it is one that somebody can answer or help with."""
        return self.kind in SETTLED_KINDS

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def reply_count(self) -> int:
        return max(0, self.post_count - 1)


SETTLED_KINDS = (Thread.Kind.QUESTION, Thread.Kind.ASK)


def called_by(program: str, person: str, *, written: str = "") -> Coalesce:
    """Return as a column what a program calls a person: by its roster, by its staff list, else `written`.

    `program` and `person` are lookups from the row ("thread__community__program", "author").
    """
    roster = Enrollment.objects.filter(program=OuterRef(program), person=OuterRef(person)).order_by("pk")
    staff = (
        Staff.objects.filter(provider=OuterRef(f"{program}__provider"), person=OuterRef(person))
        .annotate(call=Case(When(name="", then="email"), default="name", output_field=CharField()))
        .values("call")
    )
    names: list[Any] = [Subquery(roster.values("name")[:1]), Subquery(staff[:1])]
    if written:
        names.insert(0, NullIf(written, Value("")))
    return Coalesce(*names, Value(""), output_field=CharField())


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: Any) -> "PostQuerySet":
        return self.filter(community__in=Community.objects.visible_to(person))

    def visible(self) -> "PostQuerySet":
        """Posts whose words can be read: not hidden, not taken back."""
        return self.filter(hidden_at=None, taken_back_at=None)

    def written_here(self) -> "PostQuerySet":
        """Posts that can be new to somebody: none that an archive brought."""
        return self.exclude(via=Post.Via.ARCHIVE)

    def named(self) -> "PostQuerySet":
        """Each with `called`: the name of its author in this program, "" for who had themself erased."""
        return self.annotate(called=called_by("community__program", "author", written="author_name"))

    def in_order(self) -> "PostQuerySet":
        return self.order_by("written_at", "pk")


class Post(models.Model):
    """What somebody wrote in a thread, as Markdown.

    `author` is None for people without an account here, of whom only `author_name` is known. `quoted_text` is
    the part of another post that this one answers. `written_at` is when it was written, `created_at` when it
    came here: they differ in what was brought in from elsewhere, which `source_key` names, once per
    community. `mail_id` is the kept original of a reply by mail. `told_at` is when its mails were written.
    `html`, `first_words` and `drawn_as` keep what its text is drawn as (`drawn.py`).
    """

    class Via(models.TextChoices):
        PAGE = "page", pgettext_lazy("how a post came", "On the page")
        MAIL = "mail", pgettext_lazy("how a post came", "By mail")
        ARCHIVE = "archive", pgettext_lazy("how a post came", "From an archive")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="posts"
    )
    author_name = LineField(max_length=200, blank=True)
    markdown = models.TextField(_("what you want to say"), max_length=LONGEST_POST, blank=True)
    quoted = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    quoted_text = models.TextField(max_length=LONGEST_QUOTE, blank=True)
    via = models.CharField(max_length=8, choices=Via, default=Via.PAGE)
    mail_id = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    written_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, editable=False)
    taken_back_at = models.DateTimeField(null=True, editable=False)
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_reason = models.TextField(blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    told_at = models.DateTimeField(null=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    first_words = models.TextField(blank=True, editable=False)
    drawn_as = models.CharField(max_length=40, blank=True, editable=False)

    objects = PostQuerySet.as_manager()

    personal = (
        Personal(
            path="author",
            exports=("thread__title", "markdown", "quoted_text", "via", "written_at", "edited_at"),
            untold={
                "thread__title": untold_of("thread"),
                "quoted_text": lambda person: (
                    Q(quoted__hidden_at__isnull=False) & ~Q(quoted__author=person.pk)
                ),
            },
            on_erasure=Erasure.CLEAR,
            cleared={
                **dict.fromkeys(("markdown", "quoted_text", "author_name", "hidden_reason"), ""),
                **dict.fromkeys(("html", "first_words", "drawn_as"), ""),
            },
        ),
        Personal(path="quoted__author", on_erasure=Erasure.CLEAR, cleared={"quoted_text": ""}),
        Personal(
            path="hidden_by",
            exports=("thread__title", "hidden_reason", "hidden_at"),
            untold={"thread__title": untold_of("thread")},
            because="Whoever hid it has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [
            models.Index(fields=["thread", "written_at", "id"], name="posts_in_order"),
            models.Index(fields=["id"], name="posts_untold", condition=Q(told_at=None)),
            models.Index(fields=["drawn_as"], name="posts_by_how_drawn"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "source_key"],
                condition=~Q(source_key=""),
                name="a_source_is_a_post_once",
            )
        ]

    def __str__(self) -> str:
        return Truncator(self.markdown).chars(60) if self.can_be_read else str(_("A post"))

    def get_absolute_url(self) -> str:
        return f"{reverse('conversations:thread', args=[self.thread_id])}{self.anchor}"

    @property
    def anchor(self) -> str:
        """Where it stands, from the address of its thread on."""
        return f"?post={self.pk}#post-{self.pk}"

    @property
    def can_be_read(self) -> bool:
        """Whether its words are shown: nobody hid it, took it back, or had themself erased."""
        return self.hidden_at is None and self.has_words

    @property
    def may_quote_gone(self) -> bool:
        """Whether something before it in its conversation can be read no more; in one query.

        The whole of a mail quotes what it answers: who took their words back took them back there as well.
        """
        return Post.objects.filter(GONE, thread=self.thread_id, written_at__lt=self.written_at).exists()

    @property
    def has_words(self) -> bool:
        """Whether its words are still there, though somebody may have hidden them."""
        return self.taken_back_at is None and bool(self.markdown)


GONE = Q(hidden_at__isnull=False) | Q(taken_back_at__isnull=False) | Q(markdown="")
"""Posts whose words can be read no more, or not by everybody."""


class PostVersion(models.Model):
    """What a post said before it was changed; whoever sees the post may read it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    markdown = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    personal = Personal(path="post__author", exports=("markdown", "replaced_at"), on_erasure=Erasure.DELETE)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.replaced_at:%Y-%m-%d %H:%M}"


class Mention(models.Model):
    """That a post is meant for somebody in particular, who is told of it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    personal = Personal(
        path="person",
        exports=("post__thread__title", "post__written_at"),
        untold={
            "post__thread__title": untold_of("post__thread"),
            "post__written_at": lambda _person: Q(post__hidden_at__isnull=False),
        },
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="one_mention_each")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.person_id}"


class Reaction(models.Model):
    """What somebody says to a post without writing one."""

    class Kind(models.TextChoices):
        THANKS = "thanks", pgettext_lazy("reaction to a post", "Thank you")
        HELPFUL = "helpful", pgettext_lazy("reaction to a post", "This helps me")
        SAME = "same", pgettext_lazy("reaction to a post", "Same here")
        TRY = "try", pgettext_lazy("reaction to a post", "I will try this")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(default=timezone.now)

    personal = Personal(
        path="person",
        exports=("post__thread__title", "kind", "at"),
        untold={"post__thread__title": untold_of("post__thread")},
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person", "kind"], name="one_reaction_each")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Help(models.Model):
    """That somebody answered a question or helped with an ask, as whoever asked says.

    `post` is where it was done, None where it was done elsewhere. The network and the evidence read these.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="helps")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="helps")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="helps")
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    personal = (
        Personal(
            path="asker",
            exports=("thread__title", "at"),
            untold={"thread__title": untold_of("thread")},
            because="That somebody was helped still counts; who it was has lost name and address.",
        ),
        Personal(
            path="helper",
            exports=("thread__title", "at"),
            untold={"thread__title": untold_of("thread")},
            because="That somebody helped still counts; who it was has lost name and address.",
        ),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "helper"], name="one_help_each")]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.helper_id}"


def stored_name(attachment: models.Model, filename: str) -> str:
    """Return a new random name; that of the file that was sent is kept in the row."""
    return random_name(FOLDER)


class Attachment(models.Model):
    """A file that came with a post; a picture has its renditions in `picture`, and then no `file`.

    `alt` is what a picture shows. Whoever reads the post may have it, behind its door.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    name = LineField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    file = PhotoFileField(upload_to=stored_name, blank=True, editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="post__author",
        exports=("name", "content_type", "size", "added_at"),
        files=("file",),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class AttachedPicture(Photo):
    """A picture that came with a post, drawn anew without where and when it was taken."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="picture")

    personal = Personal(
        path="attachment__post__author",
        exports=("id", "alt", "added_at"),
        files=("large",),
        on_erasure=Erasure.DELETE,
    )
