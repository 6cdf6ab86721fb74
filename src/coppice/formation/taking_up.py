"""What came of a room's earlier steps that its board does not have yet, such as themes of posters."""

from collections.abc import Iterable
from typing import Any

from coppice.formation.models import OfferedTopic
from coppice.live.kinds import Kind, Proposed, kind_of, with_what_is_kept
from coppice.live.models import Step
from coppice.programs.rosters.headers import fold


def proposed_for(step: Step, topics: Iterable[OfferedTopic]) -> list[Proposed]:
    """Return what steps before this one propose and a board with these topics does not have, each once.

    What was put up is known by its origin, also when it was renamed, hidden or put together since; and so is
    a topic of the same name.
    """
    before = [
        each
        for each in step.room.steps.all()
        if each.was_begun
        and (each.position, each.pk) < (step.position, step.pk)
        and type(kind_of(each)).topics is not Kind.topics
    ]
    there = list(topics)
    known = {topic.origin for topic in there}
    names = {fold(topic.name) for topic in there if topic.merged_into_id is None}
    found = []
    for proposed in (each for kept in with_what_is_kept(before) for each in kind_of(kept).topics(kept)):
        if proposed.key not in known and fold(proposed.name) not in names:
            found.append(proposed)
            known.add(proposed.key)
            names.add(fold(proposed.name))
    return found


def untouched_of(topics: Iterable[Any]) -> list[OfferedTopic]:
    """Return of `counted_topics` those that came of steps, that stand, and that nobody has chosen."""
    return [
        each
        for each in topics
        if each.origin
        and each.is_standing
        and not (each.people_count or each.waiting_count or each.guest_count)
    ]
