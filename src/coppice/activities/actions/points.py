"""Lines that tables and people write: adding, taking off, and what hosts say is the same or hide."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coppice.activities import queries
from coppice.activities.errors import ListIsFull, NoSuchPoint, NoTable, WordsMissing
from coppice.activities.models import LONGEST_HOW, LONGEST_POINT, Point
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.models import Participant, Step

MOST_POINTS = 20


@transaction.atomic
def add(step: Step, *, participant: Participant, round: int, words: str, has_tables: bool) -> Point:
    """Add a line to the list of a participant's table, or to their own; the same words stand there once.

    Raises NotBegun, NoLongerTaken, WordsMissing, NoTable, ListIsFull.
    """
    if not 1 <= round <= step.rounds_begun:
        raise NotBegun
    if not step.room.takes_answers:
        raise NoLongerTaken
    words = one_line(words)[:LONGEST_POINT]
    if not words:
        raise WordsMissing
    Step.objects.select_for_update().get(pk=step.pk)
    listed = _listed(step, participant=participant, round=round, has_tables=has_tables)
    for point in listed:
        if point.words.casefold() == words.casefold():
            return point
    if len(listed) >= MOST_POINTS:
        raise ListIsFull
    table = queries.table_in(step, participant, round=round) if has_tables else None
    point = Point.objects.create(step=step, round=round, table=table, participant=participant, words=words)
    announce(step.room_id)
    return point


@transaction.atomic
def drop(step: Step, *, participant: Participant, round: int, point_id: int, has_tables: bool) -> None:
    """Take a line off the list of a participant's table, or off their own.

    Raises NoLongerTaken, NoTable, NoSuchPoint.
    """
    if not step.room.takes_answers:
        raise NoLongerTaken
    listed = _listed(step, participant=participant, round=round, has_tables=has_tables)
    if point_id not in {point.pk for point in listed}:
        raise NoSuchPoint
    Point.objects.filter(pk=point_id).delete()
    announce(step.room_id)


def take(step: Step, *, participant: Participant, round: int, point_id: int) -> Point:
    """Put a line of the step before on the list of a participant's table. Raises NoSuchPoint and as `add`."""
    seat = queries.seat_of(step, participant)
    people = queries.people_at(seat) if seat else []
    found = {point.pk: point for point in queries.points_offered(step, participant, people)}
    if point_id not in found:
        raise NoSuchPoint
    words = found[point_id].words
    return add(step, participant=participant, round=round, words=words, has_tables=True)


@transaction.atomic
def put_to_the_vote(step: Step, *, most: int) -> None:
    """Copy what the tables of the step before wrote into a round of a vote, those of most tables first.

    Until somebody has voted the lines follow their tables; then they stay.
    """
    if step.answers.filter(round=step.round).exists():
        return
    lines = [gist.point for gist in queries.gists(queries.points_before(step))[:most]]
    standing = step.points.filter(round=step.round)
    if [point.words for point in standing] == [point.words for point in lines]:
        return
    standing.delete()
    Point.objects.bulk_create(
        Point(step=step, round=step.round, participant_id=point.participant_id, words=point.words)
        for point in lines
    )


@transaction.atomic
def note_how(step: Step, *, point_id: int, how: str, by: Any) -> None:
    """Note how the community could act on a line that was voted on; empty words take the note away."""
    noted = Point.objects.filter(step=step, pk=point_id)
    if noted.update(how=one_line(how)[:LONGEST_HOW]):
        _note("live_room.need_answered", step, by=by)


@transaction.atomic
def merge(step: Step, *, point_id: int, into_id: int, by: Any) -> None:
    """Say that a line is the same as another, whose words stand for both.

    What was merged into it comes along. Raises NoSuchPoint.
    """
    points = {point.pk: point for point in Point.objects.filter(step=step, round=step.round)}
    point, into = points.get(point_id), points.get(into_id)
    if point is None or into is None or point == into:
        raise NoSuchPoint
    root = points.get(into.merged_into_id or 0, into)
    if root == point:
        raise NoSuchPoint
    Point.objects.filter(merged_into=point).update(merged_into=root)
    Point.objects.filter(pk=point.pk).update(merged_into=root)
    _note("live_room.points_merged", step, by=by)


@transaction.atomic
def part(step: Step, *, point_id: int, by: Any) -> None:
    """Let every line that was merged into this one stand for itself again."""
    if Point.objects.filter(step=step, merged_into=point_id).update(merged_into=None):
        _note("live_room.points_parted", step, by=by)


@transaction.atomic
def set_hidden(step: Step, *, point_id: int, is_hidden: bool, by: Any) -> None:
    """Keep a line off every screen but the host's, or show it again."""
    if Point.objects.filter(step=step, pk=point_id, is_hidden=not is_hidden).update(is_hidden=is_hidden):
        verb = "live_room.words_hidden" if is_hidden else "live_room.words_brought_back"
        _note(verb, step, by=by)


def _listed(step: Step, *, participant: Participant, round: int, has_tables: bool) -> Sequence[Point]:
    points = Point.objects.filter(step=step, round=round)
    if not has_tables:
        return list(points.filter(table=None, participant=participant))
    table = queries.table_in(step, participant, round=round)
    if table is None:
        raise NoTable
    return list(points.filter(table=table))


def _note(verb: str, step: Step, *, by: Any) -> None:
    room = step.room
    record(verb, scope=room.program.scope, by=by, subject=room)
    announce(room.pk)
