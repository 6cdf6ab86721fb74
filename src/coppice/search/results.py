"""One page of results as it is shown: each with its kind, its community, its day and why it was found."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from coppice.search import highlighting
from coppice.search.models import Document
from coppice.search.ranking import Term
from coppice.search.sources import Source, source_of, sources

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """One thing that was found; `title` and `excerpt` are HTML with the words marked.

    `more` counts what else was found on the same page.
    """

    source: Source
    path: str
    title: SafeString
    excerpt: SafeString
    language: str
    at: datetime
    community: str
    more: int = 0

    @property
    def label(self) -> str | Promise:
        return self.source.label


def results(
    person: Any,
    documents: Sequence[Document],
    terms: Sequence[Term],
    *,
    names: Mapping[int, str],
    more: Mapping[int, int],
) -> list[Result]:
    """Return what a page shows of these documents, each asked of its own room once more.

    `names` are those of communities that the person may see; `more` counts what else stands on the page of
    a document.
    """
    seen = _seen(person, documents)
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
                more=more.get(document.pk, 0),
            )
        )
    return shown


def near_words(documents: Iterable[Document], terms: Sequence[Term]) -> list[str]:
    """Return the words in these documents that stand in for what was misspelt, each once."""
    texts = [text for document in documents for text in (document.title, document.words)]
    found = [word for text in texts for word in highlighting.found_words(text, terms)]
    return list({word.casefold(): word for word in reversed(found)}.values())[::-1]


def _seen(person: Any, documents: Sequence[Document]) -> dict[tuple[str, int], str]:
    """The pages of those that their rooms show to this person; in one query for all kinds."""
    by_kind: dict[str, dict[int, str]] = {}
    for document in documents:
        by_kind.setdefault(document.kind, {})[document.object_id] = document.path
    known = [(source, by_kind[source.kind]) for source in sources() if source.kind in by_kind]
    if not known:
        return {}
    asked = [_kept(person, source, list(paths)) for source, paths in known]
    rows: dict[str, list[int]] = {}
    for kind, pk in asked[0].union(*asked[1:], all=True).order_by():
        rows.setdefault(kind, []).append(pk)
    seen = {}
    for source, paths in known:
        ids = rows.get(source.kind, [])
        seen.update({(source.kind, pk): paths[pk] for pk in ids})
    return seen


def _kept(person: Any, source: Source, ids: Sequence[int]) -> QuerySet[Any, Any]:
    """Which of these things the person may see, with their kind beside them."""
    shown = source.visible_to(person).filter(pk__in=ids).order_by().distinct()
    return shown.annotate(its_kind=Value(source.kind, CharField())).values_list("its_kind", "pk")
