"""What has come in by mail, and how the addresses fare that we write to."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.files import RowFileField, random_name
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal

LONGEST_ADDRESS = 320
LONGEST_ID = 255
FOLDER = "received"


class ReceivedMailQuerySet(models.QuerySet["ReceivedMail"]):
    def due(self, at: datetime | None = None) -> "ReceivedMailQuerySet":
        """Mails that nothing has been done with yet, and whose turn has come."""
        return self.filter(state=ReceivedMail.State.RECEIVED, next_attempt_at__lte=at or timezone.now())


class ReceivedMail(models.Model):
    """One mail that came in for one address of ours, whole.

    It is written before the carrier is told that we have it, and `digest`, of the address, the Message-ID and
    the content, lets the same mail come in only once however often it is brought. A job then does what it
    says, in one transaction with its `state`. `purpose` and `subject_id` tell what it was about. `person` is
    who sent it, or of a bounce, whom our mail did not reach. Of a mail that was too large or too tangled only
    the headers are kept.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        HANDLED = "handled", _("Done")
        FAILED = "failed", _("Could not be read")

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken")
        REFUSED = "refused", _("Sent back with a reason")
        STRANGER = "stranger", _("From an address that we do not know")
        UNKNOWN = "unknown", _("To an address that there is not")
        AUTOMATIC = "automatic", _("Written by a machine")
        REPEATED = "repeated", _("Came twice")
        BOUNCE = "bounce", _("Our mail could not be delivered")
        COMPLAINT = "complaint", _("Somebody complained about our mail")
        LEFT = "left", _("Left a list")
        BROKEN = "broken", _("Could not be read")
        TOO_LARGE = "too_large", _("Too large")
        TOO_TANGLED = "too_tangled", _("In too many parts")

    digest = models.CharField(max_length=64, unique=True)
    envelope_from = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    envelope_to = models.CharField(max_length=LONGEST_ADDRESS)
    from_address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    message_id = models.CharField(max_length=LONGEST_ID, blank=True)
    subject = LineField(max_length=300, blank=True)
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="received_mails",
    )
    purpose = models.CharField(max_length=40, blank=True)
    subject_id = models.PositiveBigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)

    objects = ReceivedMailQuerySet.as_manager()

    personal = Personal(
        path="person",
        exports=("from_address", "envelope_to", "subject", "received_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="received_mail_turn")]

    def __str__(self) -> str:
        return self.subject or self.message_id


def stored_name(file: models.Model, filename: str) -> str:
    """Return where a file that came with a mail is kept."""
    return random_name(FOLDER)


class ReceivedFile(models.Model):
    """One file that came with a mail."""

    mail = models.ForeignKey(ReceivedMail, on_delete=models.CASCADE, related_name="files")
    name = LineField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    file = RowFileField(upload_to=stored_name, editable=False)

    personal = Personal(path="mail__person", exports=("name",), files=("file",), on_erasure=Erasure.DELETE)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class AddressStandingQuerySet(models.QuerySet["AddressStanding"]):
    def paused(self) -> "AddressStandingQuerySet":
        """Addresses that no mail goes to until somebody tries again."""
        return self.exclude(paused_at=None)


class AddressStanding(models.Model):
    """How an address of a person fares: how often mail was refused there for good (`hard`) or for now
    (`soft`), since it last was tried anew. The third hard refusal pauses it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_standings"
    )
    address = models.CharField(max_length=LONGEST_ADDRESS, db_index=True)
    hard = models.PositiveSmallIntegerField(default=0)
    soft = models.PositiveSmallIntegerField(default=0)
    last_said = models.TextField(blank=True)
    last_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = AddressStandingQuerySet.as_manager()

    personal = Personal(
        path="person",
        exports=("address", "hard", "soft", "last_at", "paused_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="one_standing_per_address")]

    def __str__(self) -> str:
        return self.address


class ReturnNote(models.Model):
    """A kind answer to a mail that we could do nothing with: one to an address and day, never more."""

    to_address = models.CharField(max_length=LONGEST_ADDRESS)
    day = models.DateField()
    message_id = models.CharField(max_length=LONGEST_ID)
    in_reply_to = models.CharField(max_length=LONGEST_ID, blank=True)
    subject = LineField(max_length=300)
    text = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to_address", "day"], name="one_return_note_a_day")]

    def __str__(self) -> str:
        return self.subject
