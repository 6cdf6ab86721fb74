"""What search knows of libraries: what things are called and about, and the words of pages and text files."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coppice.communities.finding import members_of
from coppice.lib.markdown import to_words
from coppice.lib.paths import path
from coppice.library.models import Item, ItemTopic, Version
from coppice.library.previews import words_of
from coppice.programs.finding import staff_of
from coppice.search import sources
from coppice.search.models import Document


def register() -> None:
    """Let what libraries keep be found; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind="library",
            label=_("Library"),
            documents=documents,
            everything=Item.objects.kept,
            visible_to=visible_to,
            icon="book",
            position=45,
            follows={Item: "pk", Version: "item_id", ItemTopic: "item_id"},
        )
    )


def visible_to(person: Any) -> QuerySet[Item]:
    """Return what is kept in libraries of communities that the person may know of."""
    return Item.objects.kept().visible_to(person)


def documents(item_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these items by members and staff; nothing of what was thrown away."""
    rows = Item.objects.kept().filter(pk__in=item_ids).select_related("current", "community__program")
    for item in rows.prefetch_related("topics"):
        said = [item.about, ", ".join(each.name for each in item.topics.all()), item.source]
        if item.current:
            said += [item.current.name, item.current.address]
            said += [to_words(item.current.markdown), words_of(item.current)]
        yield Document(
            kind="library",
            object_id=item.pk,
            audience=[members_of(item.community_id), staff_of(item.community.program.provider_id)],
            title=item.title,
            words="\n".join(filter(None, said)),
            language=item.community.program.language,
            path=path("library:item", item.pk),
            at=item.changed_at,
            community_id=item.community_id,
        )
