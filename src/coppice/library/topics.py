"""The words that items are about: many, spelled as the program spells its topics where it has the same."""

from collections.abc import Iterable

from coppice.communities.models import Community
from coppice.lib.lines import one_line
from coppice.library.models import LONGEST_NAME, Item, ItemTopic
from coppice.library.practice_models import Practice, PracticeTopic
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


def set_topics(item: Item | Practice, words: Iterable[str]) -> bool:
    """Let an item or a practice be about these words and no others, and say whether that is new."""
    spelled = {key_of(name): name for name in known_names(item.community)}
    wanted = {key: spelled.get(key, word) for word in words if (key := key_of(word))}
    stands = set(item.topics.values_list("key", flat=True))
    item.topics.exclude(key__in=wanted).delete()
    new = {key: name for key, name in wanted.items() if key not in stands}
    if isinstance(item, Item):
        ItemTopic.objects.bulk_create(ItemTopic(item=item, name=new[key], key=key) for key in new)
    else:
        PracticeTopic.objects.bulk_create(PracticeTopic(practice=item, name=new[key], key=key) for key in new)
    if stands != set(wanted):
        mark("library" if isinstance(item, Item) else "practice", item.pk)  # in bulk, nothing tells search
    return stands != set(wanted)


def known_names(community: Community) -> list[str]:
    """Return the topics of the community's program, as the program writes them."""
    return list(Topic.objects.filter(program=community.program_id).values_list("name", flat=True))


def used_names(community: Community) -> list[str]:
    """Return the words that are in use in this library and its published practices, each once."""
    items = ItemTopic.objects.filter(item__community=community, item__removed_at=None)
    practices = PracticeTopic.objects.filter(practice__community=community, practice__state__in=Practice.OUT)
    rows = items.order_by().values_list("key", "pk", "name")
    known: dict[str, str] = {}
    for key, _pk, name in sorted(rows.union(practices.order_by().values_list("key", "pk", "name"), all=True)):
        known.setdefault(key, name)
    return list(known.values())
