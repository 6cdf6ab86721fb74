"""The words that items are about: many, spelled as the program spells its topics where it has the same."""

from collections.abc import Iterable

from coppice.communities.models import Community
from coppice.lib.lines import one_line
from coppice.library.models import LONGEST_NAME, Item, ItemTopic
from coppice.programs.models import Topic
from coppice.search.actions import mark

MOST_TOPICS = 12


def words_in(typed: str) -> list[str]:
    """Return the topics that somebody typed with commas between them, each once."""
    words = [one_line(part)[:LONGEST_NAME] for part in typed.replace(";", ",").replace("\n", ",").split(",")]
    known: dict[str, str] = {}
    for word in words:
        if word:
            known.setdefault(key_of(word), word)
    return list(known.values())


def key_of(word: str) -> str:
    """Return what is the same for every way to write a word large or small."""
    return one_line(word).casefold()


def set_topics(item: Item, words: Iterable[str]) -> bool:
    """Let an item be about these words and no others, and say whether that is new."""
    spelled = {key_of(name): name for name in known_names(item.community)}
    wanted = {key: spelled.get(key, word) for word in words if (key := key_of(word))}
    stands = set(item.topics.values_list("key", flat=True))
    item.topics.exclude(key__in=wanted).delete()
    ItemTopic.objects.bulk_create(
        ItemTopic(item=item, name=name, key=key) for key, name in wanted.items() if key not in stands
    )
    if stands != set(wanted):
        mark("library", item.pk)  # rows written in bulk tell search nothing
    return stands != set(wanted)


def known_names(community: Community) -> list[str]:
    """Return the topics of the community's program, as the program writes them."""
    return list(Topic.objects.filter(program=community.program_id).values_list("name", flat=True))


def used_names(community: Community) -> list[str]:
    """Return the words that are in use in this library, each once."""
    rows = ItemTopic.objects.filter(item__community=community, item__removed_at=None).order_by("key", "pk")
    known: dict[str, str] = {}
    for key, name in rows.values_list("key", "name"):
        known.setdefault(key, name)
    return list(known.values())
