"""What search knows of practices, once they are published, and which of them digests still tell of."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coppice.communities.finding import members_of
from coppice.communities.models import Community, Membership
from coppice.lib.ids import id_in
from coppice.lib.markdown import to_words
from coppice.lib.paths import path
from coppice.library.practice_models import Practice, PracticeTopic, PracticeVoice
from coppice.notifications import tellings
from coppice.notifications.models import Line
from coppice.programs.finding import staff_of
from coppice.search import sources
from coppice.search.models import Document

State = Practice.State


def register() -> None:
    """Let practices be found, and told of in digests; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind="practice",
            label=_("Practices"),
            documents=documents,
            everything=Practice.objects.out,
            visible_to=visible_to,
            icon="leaf",
            position=44,
            follows={Practice: "pk", PracticeTopic: "practice_id"},
        )
    )
    tellings.check("practice", worth)


def visible_to(person: Any) -> QuerySet[Practice]:
    """Return what is published in communities that the person may know of."""
    return Practice.objects.out().filter(community__in=Community.objects.visible_to(person))


def documents(practice_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these practices by members and staff; nothing of what is not published."""
    rows = Practice.objects.out().filter(pk__in=practice_ids).select_related("community__program")
    for practice in rows.prefetch_related("topics"):
        answers = (practice.done, practice.came, practice.context, practice.watch_for, practice.takes)
        said = [
            ", ".join(each.name for each in practice.topics.all()),
            *map(to_words, answers),
            practice.source,
        ]
        yield Document(
            kind="practice",
            object_id=practice.pk,
            audience=[members_of(practice.community_id), staff_of(practice.community.program.provider_id)],
            title=practice.title,
            words="\n".join(filter(None, said)),
            language=practice.community.program.language,
            path=path("library:practice", practice.pk),
            at=practice.published_at or practice.changed_at,
            community_id=practice.community_id,
        )


def worth(lines: Sequence[Line]) -> Collection[int]:
    """Return the keys of lines to tell: what is out, or still waits for its reader; in three queries."""
    ids = {line.pk: id_in(line.object_key.partition(":")[2]) for line in lines}
    practices = Practice.objects.in_bulk({pk for pk in ids.values() if pk})
    people = {line.person_id for line in lines}
    members = set(
        Membership.objects.taking_part()
        .filter(person__in=people, community__in={each.community_id for each in practices.values()})
        .values_list("person_id", "community_id")
    )
    asked = set(
        PracticeVoice.objects.filter(
            practice__in=practices, membership__person__in=people, answer=PracticeVoice.Answer.ASKED
        ).values_list("membership__person", "practice")
    )
    return [
        line.pk
        for line in lines
        if (practice := practices.get(ids[line.pk] or 0)) is not None
        and (line.person_id, practice.community_id) in members
        and _is_worth(line, practice, is_asked=(line.person_id, practice.pk) in asked)
    ]


def _is_worth(line: Line, practice: Practice, *, is_asked: bool) -> bool:
    """Whether what a line of its kind says or asks is still so."""
    if line.kind == "voice":
        return is_asked
    states = {"practice": Practice.OUT, "review": (State.ASKED,), "stale": (State.STALE,)}
    return practice.state in states.get(line.kind, tuple(State))
