"""Moderation: posts that were flagged, first posts that wait for a yes, how a community holds its talk."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coppice.communities.models import Community
from coppice.conversations.models import Post, untold_of
from coppice.lib.personal import Erasure, Personal

LONGEST_REASON = 1_000


class TalkRules(models.Model):
    """How a community holds its talk; a community without a row holds nothing back."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="talk_rules")
    holds_first_posts = models.BooleanField(
        _("The first post of somebody new waits until whoever leads has read it"), default=False
    )

    def __str__(self) -> str:
        return str(self.community)


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> "FlagQuerySet":
        """Flags that nobody has decided about, of posts that can still be read."""
        flags = self.filter(decided_at=None, post__hidden_at=None, post__taken_back_at=None)
        return flags.exclude(post__markdown="")


class FlagOf(models.Model):
    """That somebody asks whoever decides to look at something, and why.

    `told_at` is when whoever decides got a mail of it. Whoever wrote it never learns who flagged it.
    """

    class Reason(models.TextChoices):
        HURTS = "hurts", pgettext_lazy("why a post is flagged", "It hurts or attacks somebody")
        PRIVATE = "private", pgettext_lazy("why a post is flagged", "It tells something private")
        SELLS = "sells", pgettext_lazy("why a post is flagged", "It advertises or sells")
        WRONG = "wrong", pgettext_lazy("why a post is flagged", "It is wrong, and could do harm")
        ELSEWHERE = "elsewhere", pgettext_lazy("why a post is flagged", "It does not belong here")
        OTHER = "other", pgettext_lazy("why a post is flagged", "Something else")

    class Decision(models.TextChoices):
        HIDDEN = "hidden", pgettext_lazy("what came of a flag", "The post was hidden")
        LEFT = "left", pgettext_lazy("what came of a flag", "The post was left as it is")

    flagged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("what is wrong with it"), max_length=10, choices=Reason)
    words = models.TextField(_("in your words"), max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    decision = models.CharField(max_length=6, choices=Decision, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["id"]


class Flag(FlagOf):
    """That somebody asks whoever leads to look at a post, and why."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")

    objects: Any = FlagQuerySet.as_manager()

    personal = (
        Personal(
            path="flagged_by",
            exports=("post__thread__title", "reason", "words", "at"),
            untold={"post__thread__title": untold_of("post__thread")},
            on_erasure=Erasure.CLEAR,
            cleared={"flagged_by": None, "words": ""},
        ),
        Personal(path="post__author", on_erasure=Erasure.CLEAR, cleared={"words": ""}),
        Personal(
            path="decided_by",
            exports=("post__thread__title", "decision", "decided_at"),
            untold={"post__thread__title": untold_of("post__thread")},
            because="Whoever decided has lost name and address.",
        ),
    )

    class Meta(FlagOf.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["post", "flagged_by"],
                condition=Q(decided_at=None),
                name="one_open_flag_each",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="a_flag_is_decided_or_not",
            ),
        ]
        indexes = [
            models.Index(fields=["post"], name="flags_that_wait", condition=Q(decided_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class HeldPostQuerySet(models.QuerySet["HeldPost"]):
    def waiting(self) -> "HeldPostQuerySet":
        """First posts that nobody has answered yet, and whose words are still there."""
        held = self.filter(state=HeldPost.State.WAITING, post__taken_back_at=None)
        return held.exclude(post__markdown="")


class HeldPost(models.Model):
    """That a post waited for a yes of whoever leads; until it has one, only they and its author see it.

    Such a post is hidden (`Post.hidden_at`), so that everything which leaves out hidden posts leaves it out.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a first post", "Waits")
        APPROVED = "approved", pgettext_lazy("state of a first post", "Posted")
        ANSWERED = "answered", pgettext_lazy("state of a first post", "Not posted, and answered")

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="held")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects: Any = HeldPostQuerySet.as_manager()

    personal = (
        Personal(
            path="post__author",
            exports=("state", "at", "decided_at"),
            because="That a post waited tells nothing of whoever wrote it.",
        ),
        Personal(
            path="decided_by",
            exports=("state", "decided_at"),
            because="Whoever decided has lost name and address.",
        ),
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["post"], name="first_posts_that_wait", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())


WAITS = Q(held__state=HeldPost.State.WAITING) | Q(
    pk__in=Flag.objects.filter(decided_at=None).values("post"), hidden_at=None
)
"""Posts about which somebody has to decide, unless they were taken back."""
