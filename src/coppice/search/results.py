"""One page of results as it is shown: each with its kind, its community, its day and why it was found."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from coppice.search import highlighting, readers
from coppice.search.models import Document
from coppice.search.ranking import Term
from coppice.search.sources import Source, source_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """One thing that was found; `title` and `excerpt` are HTML with the words marked."""

    source: Source
    path: str
    title: SafeString
    excerpt: SafeString
    language: str
    at: datetime
    community: str

    @property
    def label(self) -> str | Promise:
        return self.source.label


def results(person: Any, documents: Sequence[Document], terms: Sequence[Term]) -> list[Result]:
    """Return what a page shows of these documents, each asked of its own room once more."""
    seen = _seen(person, documents)
    names = readers.names_of(
        person, [pk for pk in {document.community_id for document in documents} if pk is not None]
    )
    shown = []
    for document in documents:
        source = source_of(document.kind)
        path = seen.get((document.kind, document.object_id))
        if source is None or path is None:
            logger.warning(
                "Search found %s %s for somebody who may not see it", document.kind, document.object_id
            )
            continue
        shown.append(
            Result(
                source=source,
                path=path,
                title=highlighting.marked(document.title, terms),
                excerpt=highlighting.excerpt(document.words, terms),
                language=document.language,
                at=document.at,
                community=names.get(document.community_id or 0, ""),
            )
        )
    return shown


def near_words(documents: Iterable[Document], terms: Sequence[Term]) -> list[str]:
    """Return the words in these documents that stand in for what was misspelt, each once."""
    texts = [text for document in documents for text in (document.title, document.words)]
    found = [word for text in texts for word in highlighting.found_words(text, terms)]
    return list({word.casefold(): word for word in reversed(found)}.values())[::-1]


def _seen(person: Any, documents: Sequence[Document]) -> dict[tuple[str, int], str]:
    """The pages of those that their rooms show to this person, one query for each kind."""
    by_kind: dict[str, dict[int, str]] = {}
    for document in documents:
        by_kind.setdefault(document.kind, {})[document.object_id] = document.path
    seen: dict[tuple[str, int], str] = {}
    for kind, paths in by_kind.items():
        source = source_of(kind)
        if source is None:
            continue
        ids = list(source.visible_to(person).filter(pk__in=paths).values_list("pk", flat=True))
        own = source.paths(person, ids) if source.paths else paths
        seen |= {(kind, pk): own[pk] for pk in ids if pk in own}
    return seen
