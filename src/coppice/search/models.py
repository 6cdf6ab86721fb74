"""What can be found, what is to be read anew, and the words that are known."""

from datetime import UTC, datetime
from typing import Any

from django.db import models

LONGEST_TITLE = 300
LONGEST_WORDS = 100_000
LONGEST_KNOWN = 24
"""So many letters of a word are known by their spelling; longer ones are found as they are written."""


class Document(models.Model):
    """One thing that can be found: what it is called, its words, where it is, and who may see it.

    `kind` and `object_id` say what it stands for. Whoever holds one of the keys of `audience`
    ("community:3", "provider:7", "person:12") may see all that stands here, and nobody else may know that it
    exists. `at` is when it happened or was said, `path` its page, `community_id` the community it belongs to,
    `about_id` the person whose words or name it holds: nothing of theirs stays when they are erased.
    Rows are written by the job that reads their object anew, never by hand; whatever is written in them must
    be rebuilt from there. The searched form stands beside, in a table (SQLite) or a column (PostgreSQL) of
    the database's own.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    audience: Any = models.JSONField(default=list)
    title = models.CharField(max_length=LONGEST_TITLE)
    words = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    path = models.CharField(max_length=300)
    at = models.DateTimeField()
    moment = models.BigIntegerField(editable=False)
    community_id = models.BigIntegerField(null=True, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_document_of_each")]

    def __str__(self) -> str:
        return self.title

    def settle(self) -> "Document":
        """Bring what a source said into the shape in which it is kept, so that two can be compared."""
        self.audience = sorted(set(self.audience))
        self.title = " ".join(self.title.split())[:LONGEST_TITLE].replace("\0", "")
        self.words = self.words.strip()[:LONGEST_WORDS].replace("\0", "")
        self.moment = max(0, int((self.at - EPOCH).total_seconds()))
        return self

    def says(self) -> tuple[Any, ...]:
        """Everything that the source said, to compare with what is kept."""
        said = (self.audience, self.title, self.words, self.language, self.path)
        return (*said, self.at, self.community_id, self.about_id)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Mark(models.Model):
    """That a thing changed, and is to be read anew; written in the transaction of the change."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Round(models.Model):
    """How far the sweep has come through the documents of one kind, or through all known words.

    It has looked at all ids up to `after`, in the round that began at `began_at`.
    """

    kind = models.CharField(max_length=20, unique=True)
    after = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class Word(models.Model):
    """One word that some document holds, folded as it is searched; `root` is what its forms share."""

    text = models.CharField(max_length=LONGEST_KNOWN, unique=True)
    root = models.CharField(max_length=LONGEST_KNOWN, db_index=True)

    def __str__(self) -> str:
        return self.text


class Spelling(models.Model):
    """One way in which a known word may be misspelt: without one of its letters, or its consonants alone."""

    form = models.CharField(max_length=LONGEST_KNOWN)
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="spellings")

    class Meta:
        indexes = [models.Index(fields=["form"], name="spellings_by_form")]

    def __str__(self) -> str:
        return self.form
