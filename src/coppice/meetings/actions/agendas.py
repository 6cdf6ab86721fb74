"""The verbs of an agenda: begin with a ready one, add, change, move, take off; ask for something."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from coppice.communities.models import Membership
from coppice.meetings import errors
from coppice.meetings.actions.rows import current, note, takes_part
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.agendas import Draft, ReadyAgenda, closings
from coppice.meetings.models import Meeting

MOST_ITEMS = 40
"""So many items an agenda and its box take together: nobody reads a longer one in ten minutes."""


@transaction.atomic
def begin_with(meeting: Meeting, ready: ReadyAgenda, *, by: Any) -> list[AgendaItem]:
    """Put the items of a ready agenda on one that is empty, as long together as the meeting.

    Raises AgendaHasItems, and MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(meeting)
    if meeting.agenda.on_the_agenda().exists():
        raise errors.AgendaHasItems
    items = _put_on(meeting, ready.drafts(max(1, int(meeting.duration.total_seconds() // 60))))
    note("agenda.begun", meeting, by=by, ready=ready.key)
    return items


@transaction.atomic
def add_item(meeting: Meeting, draft: Draft, *, by: Any, owner: Membership | None = None) -> AgendaItem:
    """Put one more item at the end, or before the closing round that a ready agenda ends with.

    Of the same `origin` there is one, which comes back if it was taken off.

    Raises AgendaIsFull, and MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(meeting)
    there = meeting.agenda.filter(origin=draft.origin).first() if draft.origin else None
    if there is not None and there.state == AgendaItem.State.PLANNED:
        return there
    if there is not None:
        return _take_up(there, meeting, by=by)
    [item] = _put_on(meeting, [draft], owner=owner)
    note("agenda.changed", meeting, by=by, added=item.pk)
    return item


@transaction.atomic
def change_item(item: AgendaItem, *, by: Any, **fields: Any) -> AgendaItem:
    """Change what an item is about, its minutes, its owner or its detail; equal values change nothing.

    Raises MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(item.meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    changed = [name for name, value in fields.items() if getattr(item, name) != value]
    if changed:
        for name in changed:
            setattr(item, name, fields[name])
        item.save(update_fields=changed)
        note("agenda.changed", meeting, by=by, changed=item.pk)
    return item


@transaction.atomic
def move_item(item: AgendaItem, *, earlier: bool, by: Any) -> None:
    """Let an item change places with the one before or after it; the first and last stay where they are.

    Raises MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(item.meeting)
    order = list(meeting.agenda.on_the_agenda())
    here = next((number for number, each in enumerate(order) if each.pk == item.pk), None)
    there = None if here is None else here + (-1 if earlier else 1)
    if here is None or there is None or not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for number, each in enumerate(order):
        each.position = number + 1
    AgendaItem.objects.bulk_update(order, ["position"])
    note("agenda.changed", meeting, by=by, moved=item.pk)


@transaction.atomic
def take_off(item: AgendaItem, *, by: Any) -> AgendaItem:
    """Take an item off the agenda, or a wish out of its box; twice is once.

    Raises MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(item.meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    if item.state != AgendaItem.State.TAKEN_OFF:
        item.state = AgendaItem.State.TAKEN_OFF
        item.save(update_fields=["state"])
        note("agenda.changed", meeting, by=by, taken_off=item.pk)
    return item


@transaction.atomic
def ask_for(meeting: Meeting, draft: Draft, *, membership: Membership, by: Any) -> AgendaItem:
    """Put what a member would like to take up into the box; whoever leads takes it up or not.

    Raises NotYourMeeting, AgendaIsFull, and MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(meeting)
    if membership.community_id != meeting.community_id or not takes_part(membership):
        raise errors.NotYourMeeting
    [item] = _put_on(meeting, [draft], owner=membership, state=AgendaItem.State.ASKED, asked_by=membership)
    note("agenda.asked", meeting, by=by, item=item.pk)
    return item


@transaction.atomic
def take_up(item: AgendaItem, *, by: Any) -> AgendaItem:
    """Put an item of the box, or one that was taken off, at the end of the agenda; twice is once.

    Raises MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(item.meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    return item if item.state == AgendaItem.State.PLANNED else _take_up(item, meeting, by=by)


@transaction.atomic
def put_back(item: AgendaItem, *, by: Any) -> AgendaItem:
    """Undo `take_off`: into the box if a member asked for it and it was not taken up, else on the agenda.

    Raises MeetingIsCancelled or MeetingIsOver.
    """
    meeting = _open(item.meeting)
    item = AgendaItem.objects.get(pk=item.pk)
    if item.state == AgendaItem.State.TAKEN_OFF:
        was_in_box = item.asked_by_id is not None and not item.position
        item.state = AgendaItem.State.ASKED if was_in_box else AgendaItem.State.PLANNED
        item.save(update_fields=["state"])
        note("agenda.changed", meeting, by=by, put_back=item.pk)
    return item


def _open(meeting: Meeting) -> Meeting:
    meeting = current(meeting)
    if meeting.is_cancelled:
        raise errors.MeetingIsCancelled
    if meeting.is_over:
        raise errors.AgendaIsOver
    return meeting


def _take_up(item: AgendaItem, meeting: Meeting, *, by: Any) -> AgendaItem:
    item.state = AgendaItem.State.PLANNED
    item.position = _next_position(meeting)
    item.save(update_fields=["state", "position"])
    note("agenda.changed", meeting, by=by, taken_up=item.pk)
    return item


def _put_on(
    meeting: Meeting,
    drafts: Sequence[Draft],
    *,
    state: str = AgendaItem.State.PLANNED,
    owner: Membership | None = None,
    asked_by: Membership | None = None,
) -> list[AgendaItem]:
    if meeting.agenda.there().count() + len(drafts) > MOST_ITEMS:
        raise errors.AgendaIsFull
    return [
        AgendaItem.objects.create(
            meeting=meeting,
            state=state,
            position=_next_position(meeting) if state == AgendaItem.State.PLANNED else 0,
            title=draft.title,
            minutes=draft.minutes,
            detail=draft.detail,
            origin=draft.origin,
            owner=owner,
            asked_by=asked_by,
        )
        for draft in drafts
    ]


def _next_position(meeting: Meeting) -> int:
    """Return where the next item goes; a closing round at the end makes room for it."""
    position = (meeting.agenda.aggregate(last=Max("position"))["last"] or 0) + 1
    last = meeting.agenda.on_the_agenda().last()
    if last is None or last.origin not in closings():
        return position
    before, last.position = last.position, position
    last.save(update_fields=["position"])
    return before
