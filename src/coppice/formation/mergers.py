"""A topic that was made part of another, and how it can be undone; a model that `models` gives out."""

from typing import Any

from django.conf import settings
from django.db import models

from coppice.formation.marketplaces import Marketplace, OfferedTopic
from coppice.lib.personal import Personal


class TopicMerger(models.Model):
    """A topic that was made part of another, and how everybody whom that moved stood before and after.

    `before` and `after` have what each of them chose on the marketplace, as lists of a choice's fields;
    `carried` the ids of the criteria and guests' choices that went along, and of the mails that tell of it.
    """

    topic = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="mergers")
    into = models.ForeignKey(OfferedTopic, on_delete=models.CASCADE, related_name="taken_in")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    before: Any = models.JSONField(default=list)
    after: Any = models.JSONField(default=list)
    carried: Any = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        path="by",
        exports=("topic__name", "into__name", "at"),
        because="What became of a topic stays; whoever merged it has lost name and address.",
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.topic} → {self.into}"


def mergers_in(marketplace: Marketplace) -> models.QuerySet[TopicMerger]:
    """Return what was put together on a board and stands so, the latest first."""
    rows = TopicMerger.objects.filter(topic__marketplace=marketplace, undone_at=None)
    return rows.select_related("topic", "into")
