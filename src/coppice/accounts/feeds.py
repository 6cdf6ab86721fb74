"""Feeds: secret addresses at which a program of a person's own reads what is new, until they stop it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.http import Http404
from django.urls import reverse

from coppice.accounts.links import make_token, read_token


class SecretFeedQuerySet[Feed: "SecretFeed"](models.QuerySet[Feed]):
    def visible_to(self, person: Any) -> Self:
        """A person's own feeds: nobody else knows that they exist."""
        return self.filter(person=person) if person.is_authenticated else self.none()


class SecretFeed(models.Model):
    """One secret address of a `person`, until it is revoked; rooms above say what is read there.

    `digest` is that of the text served last, `altered_at` when that text first differed from the one before,
    `used_at` when a program last asked, kept to the hour. A room says for which `PURPOSE` its links are
    signed, the name of their address (`URL_NAME`), and the first part of its verbs in the record (`VERB`).
    """

    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    altered_at = models.DateTimeField(null=True, editable=False)

    PURPOSE: ClassVar[str]
    URL_NAME: ClassVar[str]
    VERB: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def path(self) -> str:
        """The secret path; it stops with the feed, and with all links of its person."""
        feed: Any = self
        token = make_token(self.PURPOSE, person=feed.person, subject_id=feed.pk)
        return reverse(self.URL_NAME, args=[token])

    @property
    def wanted(self) -> dict[str, Any]:
        """What it is a feed of: the fields by which another like it would be made."""
        raise NotImplementedError

    @property
    def scope(self) -> str:
        """In whose record it stands."""
        raise NotImplementedError

    @property
    def detail(self) -> dict[str, Any]:
        """What the record says of it."""
        return {}


def feed_behind[Feed: SecretFeed](rows: "models.QuerySet[Feed]", *, token: str) -> Feed:
    """Return the feed behind a secret address, whoever asks; raises Http404 when it was revoked."""
    link = read_token(rows.model.PURPOSE, token)
    feed = rows.filter(pk=link.subject_id, person=link.person).first()
    if feed is None:
        raise Http404
    feed.person = link.person  # type: ignore[attr-defined]
    return feed
