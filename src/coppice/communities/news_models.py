"""Feeds of what is new in communities."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.accounts.feeds import SecretFeed, SecretFeedQuerySet
from coppice.communities.models import Community
from coppice.lib.personal import Erasure, Personal


class NewsFeed(SecretFeed):
    """One secret address by which a person's feed reader reads what is new, until it is revoked.

    It tells of one community, or (without) of all in which the person takes part. `stream` names one of
    `news.streams()`, "" for everything. What the person may not see any more is not in it.
    """

    PURPOSE, URL_NAME, VERB = "news-feed", "communities:news_feed", "news_feed"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="news_feeds")
    community = models.ForeignKey(Community, null=True, on_delete=models.CASCADE, related_name="+")
    stream = models.CharField(max_length=20, blank=True)

    objects = SecretFeedQuerySet["NewsFeed"].as_manager()

    personal = Personal(
        path="person",
        exports=("community__name", "stream", "made_at", "used_at"),
        on_erasure=Erasure.DELETE,
    )

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "stream"], condition=Q(community=None), name="one_news_feed_of_all_each"
            ),
            models.UniqueConstraint(
                fields=["person", "community", "stream"], name="one_news_feed_of_a_community_each"
            ),
        ]

    def __str__(self) -> str:
        return str(self.community or _("All my groups"))

    @property
    def wanted(self) -> dict[str, Any]:
        return {"community": self.community, "stream": self.stream}

    @property
    def scope(self) -> str:
        """The program's record; of a feed of all groups, one's own."""
        return self.community.program.scope if self.community else f"person:{self.person_id}"

    @property
    def detail(self) -> dict[str, Any]:
        return {"stream": self.stream}
