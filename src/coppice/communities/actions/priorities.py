"""A community's priority canvas: needs put on it, weighed by four questions, taken off it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.communities.canvas import MOST, Source
from coppice.communities.errors import CanvasIsFull, NothingSaid
from coppice.communities.models import Community, Priority
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.programs.models import Topic


@transaction.atomic
def put_on_canvas(community: Community, *, need: str = "", topic: Topic | None = None, by: Any) -> Priority:
    """Put a need on the canvas: a topic of the program, in own words, or both.

    A topic that is there already stays as it is. Raises NothingSaid, CanvasIsFull.
    """
    _hold(community)
    if topic is not None:
        known = community.priorities.on_the_canvas().filter(topic=topic).first()
        if known is not None:
            return known
    words = one_line(need) or (topic.name if topic is not None else "")
    if not words:
        raise NothingSaid
    _check_room(community, 1)
    made = Priority.objects.create(community=community, topic=topic, need=words)
    _note("priority.put_up", made, by=by)
    return made


@transaction.atomic
def take_over(community: Community, *, source: Source, by: Any) -> int:
    """Put the needs of a list on the canvas with their dots; says how many are new.

    What came from there before stays as it is, also when it was taken off. Raises CanvasIsFull.
    """
    _hold(community)
    known = set(community.priorities.exclude(source_key="").values_list("source_key", flat=True))
    news = [each for each in source.needs if each.key not in known]
    _check_room(community, len(news))
    for each in news:
        made = Priority.objects.create(
            community=community, need=each.need, dots=each.dots, how=each.how, source_key=each.key
        )
        _note("priority.put_up", made, by=by)
    return len(news)


@transaction.atomic
def weigh(priority: Priority, *, by: Any, **answers: Any) -> Priority:
    """Change a need's words or its answers to the four questions; the same again changes nothing.

    `answers` are fields of Priority by name.
    """
    now = Priority.objects.select_for_update(of=("self",)).get(pk=priority.pk)
    changed = [name for name, value in answers.items() if getattr(now, name) != value]
    if changed:
        for name in changed:
            setattr(now, name, answers[name])
        now.save(update_fields=changed)
        _note("priority.weighed", now, by=by)
    return now


@transaction.atomic
def take_off_canvas(priority: Priority, *, by: Any) -> Priority:
    """Take a need off the canvas; it can come back. Twice changes nothing."""
    now = Priority.objects.select_for_update(of=("self",)).get(pk=priority.pk)
    if now.taken_off_at is None:
        now.taken_off_at = timezone.now()
        now.save(update_fields=["taken_off_at"])
        _note("priority.taken_off", now, by=by)
    return now


@transaction.atomic
def put_back_on_canvas(priority: Priority, *, by: Any) -> Priority:
    """Bring a need back that was taken off, with its answers. Twice changes nothing.

    Where its topic was put up anew meanwhile, that one stays and is returned. Raises CanvasIsFull.
    """
    _hold(priority.community)
    now = Priority.objects.select_for_update(of=("self",)).get(pk=priority.pk)
    if now.taken_off_at is not None:
        again = now.community.priorities.on_the_canvas().filter(topic=now.topic).exclude(topic=None).first()
        if again is not None:
            return again
        _check_room(now.community, 1)
        now.taken_off_at = None
        now.save(update_fields=["taken_off_at"])
        _note("priority.put_up", now, by=by)
    return now


def _hold(community: Community) -> None:
    """Let nobody else change this canvas until the transaction ends."""
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def _check_room(community: Community, more: int) -> None:
    if community.priorities.on_the_canvas().count() + more > MOST:
        raise CanvasIsFull


def _note(verb: str, priority: Priority, *, by: Any) -> None:
    community = priority.community
    record(verb, scope=community.program.scope, by=by, subject=community)
