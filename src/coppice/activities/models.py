"""Who sits with whom in a round of a step, who is left out, and what people write down together."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coppice.activities.poster_models import Bundle as Bundle
from coppice.activities.poster_models import Poster as Poster
from coppice.activities.poster_models import PosterPhoto as PosterPhoto
from coppice.activities.poster_models import Theme as Theme
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal
from coppice.live.models import Participant, Step
from coppice.photos.models import FILES, Photo
from coppice.profiles.models import Expertise, Need
from coppice.programs.models import Topic

LONGEST_WRITE_UP = 1500
LONGEST_POINT = 140
LONGEST_HOW = 240
LONGEST_STORY = 1000
LONGEST_NEED = 160


class DrawQuerySet(models.QuerySet["Draw"]):
    def that_were_held(self) -> "DrawQuerySet":
        """Draws by which people met: not those of a round whose beginning was taken back."""
        return self.filter(round__lte=F("step__round")).exclude(step__state=Step.State.PLANNED)


class Draw(models.Model):
    """Who sits with whom in one round of a step; `changes` counts how often tables were changed since.

    `sizes` says of how many people each group was that met: it stays when somebody is taken out later.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="draws")
    round = models.PositiveSmallIntegerField()
    changes = models.PositiveIntegerField(default=0)
    sizes: Any = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["step", "round"], name="one_draw_a_round")]

    def __str__(self) -> str:
        return f"{self.step}, {self.round}"


class Seat(models.Model):
    """One participant's place in a draw: at which table, and whose turn it is when (0 begins).

    Whoever is alone at a table waits for somebody. `changed` is the count of the draw's changes that set it.
    """

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="seats")
    table = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField(default=0)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")
    changed = models.PositiveIntegerField(default=0)

    personal = Personal(
        path="participant__person",
        exports=("draw__step__room__title", "draw__step__title", "draw__round", "table"),
        because="That two people met stays as a count; the place in the room that it points to is nameless.",
    )

    class Meta:
        ordering = ["table", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "participant"], name="one_seat_in_a_draw_each"),
            models.UniqueConstraint(fields=["draw", "table", "turn"], name="one_turn_at_a_table_each"),
            models.CheckConstraint(condition=Q(table__gte=1), name="tables_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.table}"


class Absence(models.Model):
    """That somebody is left out of draws until they say, or a host says, that they are here again."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="absence")
    since = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("participant__room__title", "since"),
        on_erasure=Erasure.DELETE,
    )

    def __str__(self) -> str:
        return str(self.participant)


class WriteUp(models.Model):
    """What one participant heard from another in an interview, and what of it its owner shares.

    `words` are as `by` wrote them; nobody but `about`, their owner, reads them until she shares them. What is
    shared is `shared_words`, as she left them. `changes` counts what either did, for her phone to ask anew.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not decided yet")
        SHARED = "shared", _("shared by its owner")
        KEPT = "kept", _("kept by its owner")

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="write_ups")
    round = models.PositiveSmallIntegerField()
    about = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="told_write_ups")
    by = models.ForeignKey(
        Participant, null=True, on_delete=models.SET_NULL, related_name="written_write_ups"
    )
    words = models.TextField(max_length=LONGEST_WRITE_UP)
    shared_words = models.TextField(max_length=LONGEST_WRITE_UP, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    changes = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now=True)

    personal = (
        Personal(
            path="about__person",
            exports=("step__room__title", "step__title", "words", "shared_words", "state", "at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="by__person",
            exports=("step__room__title", "step__title", "words", "at"),
            because="What was told belongs to whom it is about; whoever wrote it has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "round", "about", "by"], name="one_write_up_each"),
            models.CheckConstraint(
                condition=~Q(state="shared") | ~Q(shared_words=""), name="shared_write_ups_have_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}, {self.get_state_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == WriteUp.State.WAITING

    @property
    def is_shared(self) -> bool:
        return self.state == WriteUp.State.SHARED


class Point(models.Model):
    """One line that a table wrote, or one person alone (no table): a theme, a need.

    Hosts say which are the same (`merged_into`), hide what does not belong on the wall, and note how the
    community could act on it (`how`).
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="points")
    round = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField(null=True, blank=True)
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="points")
    words = LineField(max_length=LONGEST_POINT)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="same"
    )
    is_hidden = models.BooleanField(default=False)
    how = LineField(max_length=LONGEST_HOW, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("step__room__title", "step__title", "words", "at"),
        on_erasure=Erasure.CLEAR,
        cleared={"words": "", "how": ""},
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words


class Card(models.Model):
    """An object that stands for what one participant knows: brought to a gallery once, and changed since.

    `changes` counts what its owner did, for her phone to ask anew. `kept_at` is when she last put it on her
    profile. Beginning the step afresh keeps it: an object is no answer. `is_second` hangs beside the one that
    she changes: she brought it from a place in the room that turned out to be hers as well.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="cards")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="cards")
    thing = LineField(_("the object"), max_length=120, blank=True)
    story = models.TextField(_("its story"), max_length=LONGEST_STORY, blank=True)
    topics = models.ManyToManyField(Topic, related_name="+", blank=True)
    is_hidden = models.BooleanField(default=False, editable=False)
    is_second = models.BooleanField(default=False, editable=False)
    changes = models.PositiveIntegerField(default=1, editable=False)
    kept_at = models.DateTimeField(null=True, blank=True, editable=False)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("step__room__title", "thing", "story", "kept_at", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "participant"],
                condition=models.Q(is_second=False),
                name="one_card_in_a_gallery_each",
            )
        ]

    def __str__(self) -> str:
        return self.thing or str(_("An object"))


class CardPhoto(Photo):
    """The photo on a card; seen in the room while it goes on, and by its hosts afterwards."""

    card = models.OneToOneField(Card, on_delete=models.CASCADE, related_name="photo")

    personal = Personal(
        path="card__participant__person",
        exports=("id", "card__thing", "alt", "added_at"),
        files=FILES,
        on_erasure=Erasure.DELETE,
    )


class Walk(models.Model):
    """Before which card a walk through the gallery stands in one round; before the whole wall without one."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="walks")
    round = models.PositiveSmallIntegerField()
    card = models.ForeignKey(Card, null=True, on_delete=models.SET_NULL, related_name="+")

    personal = Personal(
        path="card__participant__person",
        because="That the whole room looked at a card says nothing once the card is deleted.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "round"], name="one_walk_a_round")]

    def __str__(self) -> str:
        return f"{self.step}, {self.round}"


class Wish(models.Model):
    """That somebody would like to hear more from whoever brought a card, who then reads their name."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="wishes")
    round = models.PositiveSmallIntegerField()
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="wishes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="wishes")
    at = models.DateTimeField(auto_now_add=True)

    personal = (
        Personal(
            path="participant__person",
            exports=("step__room__title", "card__thing", "at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="card__participant__person",
            exports=("step__room__title", "card__thing", "at"),
            on_erasure=Erasure.DELETE,
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "round", "card", "participant"], name="one_wish_a_card_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.card}"


class Strand(models.Model):
    """A need that somebody voiced for the web of a room; hosts take it off the web and put it back."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="strands")
    round = models.PositiveSmallIntegerField()
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="strands")
    need = LineField(max_length=LONGEST_NEED)
    is_off = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("step__room__title", "step__title", "need", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]

    called = "strand"

    def __str__(self) -> str:
        return self.need


class Tie(models.Model):
    """That somebody can help with the need of a strand, and how, in their own words."""

    strand = models.ForeignKey(Strand, on_delete=models.CASCADE, related_name="ties")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="ties")
    how = LineField(max_length=LONGEST_HOW)
    is_off = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("strand__step__room__title", "strand__step__title", "how", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["strand", "participant"], name="one_tie_to_a_strand_each")
        ]

    called = "tie"

    def __str__(self) -> str:
        return self.how


class Thread(models.Model):
    """Where the thread of a web is in one round: who holds it, and which need they have voiced since."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="threads")
    round = models.PositiveSmallIntegerField()
    holder = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="threads")
    strand = models.ForeignKey(Strand, null=True, on_delete=models.SET_NULL, related_name="+")

    personal = Personal(
        path="holder__person",
        exports=("step__room__title", "step__title"),
        because="It says only where the thread was last; the place that it points to is nameless.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "round"], name="one_thread_a_round")]

    def __str__(self) -> str:
        return f"{self.step}, {self.round}"


class Slip(models.Model):
    """A need or an offer that somebody writes for the market of a room; beginning afresh keeps it.

    A need says how soon (`urgency`), an offer how much (`availability`). Hosts take what does not belong off
    the market (`is_hidden`).
    """

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        OFFER = "offer", _("Offer")

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="slips")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="slips")
    kind = models.CharField(max_length=5, choices=Kind)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="+")
    words = LineField(max_length=LONGEST_NEED)
    urgency = models.CharField(max_length=10, choices=Need.Urgency, blank=True)
    availability = models.CharField(max_length=10, choices=Expertise.Availability, blank=True)
    is_hidden = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    personal = Personal(
        path="participant__person",
        exports=("step__room__title", "kind", "words", "urgency", "availability", "at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words

    @property
    def is_need(self) -> bool:
        return self.kind == Slip.Kind.NEED

    @property
    def how(self) -> str:
        """How soon somebody needs it, or how much they would help."""
        return self.get_urgency_display() if self.is_need else self.get_availability_display()


class Match(models.Model):
    """That somebody can help with a need, or needs what is offered; and whether both want to be introduced.

    `owner_agreed_at` is when whoever wrote the slip said so, `agreed_at` when whoever found it did.
    """

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="matches")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="matches")
    at = models.DateTimeField(auto_now_add=True)
    owner_agreed_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    introduced_at = models.DateTimeField(null=True)

    personal = (
        Personal(
            path="participant__person",
            exports=("slip__step__room__title", "slip__words", "at", "agreed_at", "introduced_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(
            path="slip__participant__person",
            exports=("slip__step__room__title", "slip__words", "at", "owner_agreed_at", "introduced_at"),
            on_erasure=Erasure.DELETE,
        ),
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["slip", "participant"], name="one_match_with_a_slip_each")
        ]

    def __str__(self) -> str:
        return f"{self.participant}, {self.slip}"
