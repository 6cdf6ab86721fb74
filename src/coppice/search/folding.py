"""Many results of one page, such as the posts of a conversation, shown as one."""

from collections.abc import Iterable
from dataclasses import dataclass

from coppice.search.indexes.asked import Found


@dataclass(frozen=True)
class Fold:
    """The best result of a page, and how many more of the same kind were found there."""

    document_id: int
    more: int


def folded(rows: Iterable[Found]) -> list[Fold]:
    """Return results page by page, each in the place of its best.

    Only results that are given are counted: those that the person may see.
    """
    pages: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        pages.setdefault((row.kind, row.path.partition("?")[0]), []).append(row.pk)
    return [Fold(ids[0], len(ids) - 1) for ids in pages.values()]
