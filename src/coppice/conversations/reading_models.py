"""How far somebody has read, what they have begun to write, and what they were told of."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations.models import LONGEST_POST, LONGEST_QUOTE, LONGEST_TITLE, Post, Thread, untold_of
from coppice.lib.lines import LineField
from coppice.lib.personal import Erasure, Personal


class ThreadReading(models.Model):
    """How far one person has read one thread, and whether they want to hear no more of it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField(null=True, help_text="Posts written until then are read.")
    muted_at = models.DateTimeField(null=True)

    personal = Personal(
        path="person",
        exports=("thread__title", "read_until", "muted_at"),
        untold={"thread__title": untold_of("thread")},
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thread"], name="one_reading_each")]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.person_id}"


class TalkReading(models.Model):
    """Until when everything that a community talks about is read by one person."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField()

    personal = Personal(path="person", exports=("community__name", "read_until"), on_erasure=Erasure.DELETE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "community"], name="one_talk_reading_each")]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.person_id}"


class Draft(models.Model):
    """What somebody has begun to write: a new thread, or a reply in one (`thread`); nobody else sees it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10, choices=Thread.Kind, blank=True)
    title = LineField(max_length=LONGEST_TITLE, blank=True)
    markdown = models.TextField(max_length=LONGEST_POST, blank=True)
    quoted = models.ForeignKey(Post, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    quoted_text = models.TextField(max_length=LONGEST_QUOTE, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    personal = (
        Personal(
            path="person",
            exports=("community__name", "kind", "title", "markdown", "saved_at"),
            on_erasure=Erasure.DELETE,
        ),
        Personal(path="quoted__author", on_erasure=Erasure.CLEAR, cleared={"quoted_text": ""}),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community"], condition=Q(thread=None), name="one_new_thread_begun"
            ),
            models.UniqueConstraint(
                fields=["person", "thread"], condition=~Q(thread=None), name="one_reply_begun"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.saved_at)


class RoutingQuerySet(models.QuerySet["Routing"]):
    def since(self, moment: datetime) -> "RoutingQuerySet":
        return self.filter(at__gt=moment)


class Routing(models.Model):
    """That somebody was told of an ask because they offer what it is about (`topic_said`)."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="routings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic_said = LineField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    objects: Any = RoutingQuerySet.as_manager()

    personal = Personal(
        path="person",
        exports=("thread__title", "topic_said", "at"),
        untold={"thread__title": untold_of("thread")},
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="one_routing_each")]
        indexes = [models.Index(fields=["person", "at"], name="routings_of_a_person")]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.person_id}"
