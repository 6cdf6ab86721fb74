"""What is written down while a meeting goes on: notes by several hands, what was decided, what was learned.

What people commit to and need is kept where it belongs (`communities.Commitment`, `profiles.Need`), by the
`source_key` that `key_of` writes.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.lib.personal import Erasure, Personal
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.models import Meeting
from coppice.profiles.models import Need

LONGEST_NOTE = 4000
LONGEST_WRITTEN = 500


def keys_of(meeting: Meeting) -> str:
    """Return how the `source_key` of each commitment and need of a meeting begins."""
    return f"meeting:{meeting.pk}:"


def key_of(meeting: Meeting, item: AgendaItem | None) -> str:
    """Return a new `source_key` of a commitment or a need: "meeting:12:34:9f…", with 0 for no item."""
    return f"{keys_of(meeting)}{item.pk if item else 0}:{secrets.token_hex(8)}"


def item_in(source_key: str) -> int:
    """Return the id of the item under which a commitment or a need was written; 0 is none."""
    parts = source_key.split(":")
    return int(parts[2]) if len(parts) > 3 and parts[2].isdecimal() else 0


def commitments_of(meeting: Meeting) -> models.QuerySet[Commitment]:
    """Return what people committed to at a meeting, in order of writing; not what they call not theirs."""
    rows = Commitment.objects.theirs().filter(community=meeting.community_id)
    return rows.filter(source_key__startswith=keys_of(meeting)).order_by("pk")


def needs_of(meeting: Meeting) -> models.QuerySet[Need]:
    """Return what people said at a meeting that they need, in the order of writing; `said` is the words."""
    members = Membership.objects.filter(community=meeting.community_id)
    rows = Need.objects.filter(enrollment__in=members.values("enrollment"))
    words = Case(When(text="", then=F("topic_said")), default=F("text"), output_field=models.TextField())
    return rows.filter(source_key__startswith=keys_of(meeting)).annotate(said=words).order_by("pk")


class TypedQuerySet[Row: "Typed"](models.QuerySet[Row]):
    """What decisions and lessons are asked for alike."""

    def standing(self) -> "TypedQuerySet[Row]":
        """What nobody took back, in the order in which it was written."""
        return self.filter(taken_back_at=None).order_by("pk")


class Written(models.Model):
    """What notes, decisions and lessons have in common: at which meeting, under which item, by whose hand.

    `item` is empty for what belongs to no item, `entered_by` who was signed in.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="%(class)ss")
    item = models.ForeignKey(
        AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="%(class)ss"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["pk"]


class Note(Written):
    """What one person writes down; `author` is empty where program staff wrote, who have no membership."""

    author = models.ForeignKey(
        Membership, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("your notes"), max_length=LONGEST_NOTE)
    changed_at = models.DateTimeField(auto_now=True)

    personal = (
        Personal(
            path="author__person",
            exports=("meeting__title", "text", "created_at", "changed_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(path="entered_by", exports=(), because="Who entered a note has lost name and address."),
    )

    class Meta(Written.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="notes_have_words")]

    def __str__(self) -> str:
        return self.text


class Typed(Written):
    """What came of a meeting and belongs to its community: whose hand wrote it matters to nobody later."""

    membership = models.ForeignKey(
        Membership, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, editable=False)

    class Meta(Written.Meta):
        abstract = True


class Decision(Typed):
    """What was decided, and why; `membership` is who wrote it down."""

    text = models.CharField(_("what was decided"), max_length=LONGEST_WRITTEN)
    reason = models.CharField(_("why"), max_length=LONGEST_WRITTEN, blank=True)

    objects = TypedQuerySet["Decision"].as_manager()

    personal = (
        Personal(
            path="membership__person",
            exports=("meeting__title", "text", "reason", "created_at"),
            because="A decision belongs to its community; the membership it points to is nameless.",
        ),
        Personal(path="entered_by", exports=(), because="Who wrote it down has lost name and address."),
    )

    class Meta(Typed.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="decisions_have_words")]

    def __str__(self) -> str:
        return self.text


class Lesson(Typed):
    """What was learned; `membership` is who wrote it down."""

    text = models.CharField(_("what was learned"), max_length=LONGEST_WRITTEN)

    objects = TypedQuerySet["Lesson"].as_manager()

    personal = (
        Personal(
            path="membership__person",
            exports=("meeting__title", "text", "created_at"),
            because="A lesson belongs to its community; the membership it points to is nameless.",
        ),
        Personal(path="entered_by", exports=(), because="Who wrote it down has lost name and address."),
    )

    class Meta(Typed.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="lessons_have_words")]

    def __str__(self) -> str:
        return self.text
