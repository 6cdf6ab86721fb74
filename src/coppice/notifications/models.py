"""The outbox, the lines that wait for a digest, and how often a person wants to hear from a list."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.lib.questions import Given

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime | None = None) -> "MessageQuerySet":
        """Messages whose turn has come: waiting, or claimed by a worker that died."""
        return self.filter(
            state__in=[Message.State.WAITING, Message.State.SENDING],
            next_attempt_at__lte=at or timezone.now(),
        )

    def failed(self) -> "MessageQuerySet":
        return self.filter(state=Message.State.FAILED)

    def of(self, *scopes: str) -> "MessageQuerySet":
        """Messages of these programs and providers, such as "program:7"."""
        return self.filter(scope__in=scopes)


EMPTIED: dict[str, Any] = {
    "subject": "",
    "text": "",
    "html": "",
    "attachments": [],
    "digest_line": {},
    "last_error": "",
    "state": Case(
        When(state__in=["waiting", "sending", "failed"], then=Value("withheld")), default=F("state")
    ),
}
"""What is left of a mail that tells of somebody who was erased."""


class Message(models.Model):
    """One mail to one person.

    `occasion` names what it tells of, with its subject ("invitation:12"); `period` distinguishes repeats (a
    date), so that the same occasion is never told twice. `scope` is whose staff may see that it failed
    ("program:7"). `list_key` and `list_name` name what an unsubscribe leaves ("community:3"); empty means the
    mail is personal and cannot be unsubscribed (sign-in codes). `message_id` is settled with the row, so that
    a mail sent again after a crash is known as the same. The mails of one `thread` to one person refer to the
    first of them. `reply_to` says what a reply by mail is about ("thread:12", see `inbound.register`), and
    `returned_at` when its address refused it for good. `provider_id` is what a provider calls it that took it
    over HTTP, and `reports` what that told of it since, as digests, so that each counts once. A mail that
    tells somebody else of a person is `about` them: its words go when they are erased, and the row stays as
    a count.
    """

    class Trouble(models.TextChoices):
        """Why a mail has not left, as a sentence for the program's staff."""

        ADDRESS = "address", _("The address was refused. Correct it, then send again.")
        CONTENT = (
            "content",
            _("The mail server refused this mail for good. Read its answer."),
        )
        SERVER = "server", _("The mail server did not take this mail yet. We keep trying.")
        UNREACHABLE = "unreachable", _("The mail server could not be reached. We keep trying.")
        PASSWORD = (
            "password",
            _("The mail server refused our name or password. Check the mail settings."),
        )
        UNWRITABLE = "unwritable", _("This address cannot be written on a mail. Correct it, then send again.")
        PAUSED = (
            "paused",
            _("Mail to this address came back three times. Correct it, or try the address again."),
        )

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        WITHHELD = "withheld", _("Not wanted")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    to_address = models.EmailField()
    occasion = models.CharField(max_length=100)
    period = models.CharField(max_length=20, blank=True)
    scope = models.CharField(max_length=40, blank=True)
    list_key = models.CharField(max_length=60, blank=True)
    list_name = LineField(max_length=200, blank=True)
    sender_name = LineField(max_length=200, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    attachments: Any = models.JSONField(default=list, blank=True)
    digest_line: Any = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=255, unique=True)
    reply_to = models.CharField(max_length=60, blank=True)
    thread = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True)
    last_error = models.TextField(blank=True, help_text=_("What the mail server answered."))
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True, editable=False)
    reports: Any = models.JSONField(default=list, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    personal = (
        Personal(
            path="recipient",
            exports=("subject", "text", "created_at", "sent_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(path="about", on_erasure=Erasure.CLEAR, cleared=EMPTIED),
        Personal(path="lines__about", on_erasure=Erasure.CLEAR, cleared=EMPTIED),
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "occasion", "period"], name="one_message_per_occasion"
            )
        ]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["scope", "state"]),
            models.Index(fields=["provider_id"], name="mail_of_a_provider", condition=~Q(provider_id="")),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def advice(self) -> "StrOrPromise":
        """Why this mail has not left, and what to do now; empty when there is nothing to do."""
        if self.state == self.State.FAILED and self.trouble in WHEN_GIVEN_UP:
            return WHEN_GIVEN_UP[self.trouble]
        return self.Trouble(self.trouble).label if self.trouble else ""


# When it has failed for good, "we keep trying" is no longer so.
WHEN_GIVEN_UP: "dict[str, StrOrPromise]" = {
    Message.Trouble.CONTENT: _(
        "The mail server refused this mail for good. Its answer says why; when that is mended, send again."
    ),
    Message.Trouble.SERVER: _(
        "The mail server would not take this mail for a day and a half. Show its answer to whoever runs "
        "it, then send again."
    ),
    Message.Trouble.UNREACHABLE: _(
        "The mail server could not be reached for a day and a half. When it is back, send again."
    ),
    Message.Trouble.PASSWORD: _(
        "The mail server refused our name or password. When the mail settings are right, send again."
    ),
}


class MuteQuerySet(models.QuerySet["Mute"]):
    def current(self, at: datetime | Given | None = None) -> "MuteQuerySet":
        """Mutes that hold now; a pause that is over holds no longer."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=at or timezone.now()))


class Mute(models.Model):
    """A list that a person has unsubscribed from ("community:3"), for good or `until` a moment."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes")
    list_key = models.CharField(max_length=60)
    until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = MuteQuerySet.as_manager()

    personal = Personal(path="person", exports=("list_key", "until", "at"), on_erasure=Erasure.DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list_key"], name="one_mute_per_list")]

    def __str__(self) -> str:
        return self.list_key


class Pace(models.TextChoices):
    """How often a person hears from a list."""

    INSTANT = "instant", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NONE = "none", _("None")


class Wish(models.TextChoices):
    """What a person can choose about a list: its pace, or none for a while; less before none."""

    INSTANT = "instant", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    PAUSE = "pause", _("Pause for 30 days")
    NONE = "none", _("None")


DIGESTS = [(pace.value, pace.label) for pace in (Pace.DAILY, Pace.WEEKLY)]
"""The rhythms in which what can wait comes as a digest."""


class Rhythm(models.Model):
    """That a person wants what can wait from a list in a digest, daily or weekly.

    No row means at once. Wanting none, or none for a while, is a `Mute`, which goes before any rhythm; the
    rhythm stays, and is what the list comes back to.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rhythms")
    list_key = models.CharField(max_length=60)
    rhythm = models.CharField(max_length=10, choices=DIGESTS)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(path="person", exports=("list_key", "rhythm", "at"), on_erasure=Erasure.DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list_key"], name="one_rhythm_per_list")]

    def __str__(self) -> str:
        return f"{self.list_key} {self.rhythm}"


class LineQuerySet(models.QuerySet["Line"]):
    def waiting(self) -> "LineQuerySet":
        """Lines that no digest has told."""
        return self.filter(told_at=None)

    def due(self, at: datetime | None = None) -> "LineQuerySet":
        """Lines whose digest's morning has come."""
        return self.waiting().filter(due_at__lte=at or timezone.now())


class Line(models.Model):
    """One thing that a person's next digest tells, in place of a mail; once told it is never told again.

    `occasion` and `period` name what it tells of, as with a message. `object_key` is the thing it is about
    ("thread:12"): lines of one thing stand together, and several of one `kind` ("answer") are counted.
    `title` is the thing's name, `words` what is new, both in the reader's language; `path` where it is.
    `rhythm` is the digest that it waits for, at `due_at` ("instant": one that leaves as soon as it can,
    because the reader wants mails again); after `until` it is not worth telling any more. `language`,
    `time_zone` and `to_address` are what the program's roster knows, for a person who has not chosen.
    `message` is the digest that told it.
    """

    class Section(models.TextChoices):
        """What a digest tells first, in this order."""

        ANSWER = "answer", _("Needs your answer")
        MEETINGS = "meetings", _("Meetings")
        DECISIONS = "decisions", _("Decisions")
        PRACTICES = "practices", _("New practices")
        OTHER = "other", _("Other news")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lines")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    occasion = models.CharField(max_length=100)
    period = models.CharField(max_length=20, blank=True)
    scope = models.CharField(max_length=40, blank=True)
    list_key = models.CharField(max_length=60)
    list_name = LineField(max_length=200, blank=True)
    section = models.CharField(max_length=10, choices=Section)
    object_key = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, blank=True)
    title = LineField(max_length=300)
    words = LineField(max_length=300, blank=True)
    path = models.CharField(max_length=500)
    rhythm = models.CharField(max_length=10, choices=Pace)
    to_address = models.EmailField(blank=True)
    language = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="lines"
    )

    objects = LineQuerySet.as_manager()

    personal = (
        Personal(path="person", exports=("title", "words", "at", "told_at"), on_erasure=Erasure.DELETE),
        Personal(path="about", on_erasure=Erasure.DELETE),
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "occasion", "period"], name="one_line_per_occasion")
        ]
        indexes = [
            models.Index(
                fields=["due_at", "person", "rhythm"],
                condition=models.Q(told_at=None),
                name="digest_lines_due",
            ),
            models.Index(
                fields=["object_key"], condition=models.Q(told_at=None), name="digest_lines_of_object"
            ),
            models.Index(
                fields=["person", "list_key"], condition=models.Q(told_at=None), name="digest_lines_of_person"
            ),
        ]

    def __str__(self) -> str:
        return self.title


from coppice.notifications import inbound_models as inbound_models  # noqa: E402
from coppice.notifications import push_models as push_models  # noqa: E402
from coppice.notifications import text_models as text_models  # noqa: E402
