"""What a meeting wrote down, in the order of its agenda: for who writes, and for whoever reads it later."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coppice.communities.models import Membership
from coppice.lib.tables import write_csv
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import KINDS, Hand
from coppice.meetings.minutes_models import commitments_of, item_in, needs_of
from coppice.meetings.models import Attendance, Meeting
from coppice.meetings.timetable import Slot, timetable_of
from coppice.profiles.models import Audience

ENDING = timedelta(minutes=10)
ASKED_FOR = timedelta(days=7)
"""How long after a meeting its page asks what it was worth, as the mails do."""

FOR_GOOD = ("commitment", "need")
"""What is kept in other rooms, and deleted when it is taken back."""


@dataclass(frozen=True)
class Row:
    """One thing that was written: a value of KINDS, its words, what goes with them, and by or of whom.

    `removal_url` is where the reader takes it back, "" where they cannot; `is_for_good` whether that deletes.
    """

    kind: str
    pk: int
    text: str
    detail: str = ""
    name: str = ""
    due_on: date | None = None
    removal_url: str = ""
    is_for_good: bool = False
    is_own: bool = False

    @property
    def label(self) -> str:
        return label_of(self.kind)

    @property
    def tone(self) -> str:
        return {"decision": "leaf", "commitment": "bluebell", "need": "hazel", "lesson": "foxglove"}[
            self.kind
        ]


@dataclass(frozen=True)
class Part:
    """One item of the agenda and what was written under it; `item` is None for what belongs to none."""

    item: AgendaItem | None
    starts_at: datetime | None = None
    is_in_hand: bool = False
    notes: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def is_written_on(self) -> bool:
        return bool(self.notes or self.rows)


@dataclass(frozen=True)
class Board:
    """The whole of a meeting as it stands: `slots` are its agenda, `parts` what was written, in its order."""

    meeting: Meeting
    slots: list[Slot]
    parts: list[Part]

    @property
    def in_hand(self) -> AgendaItem | None:
        """The item that the meeting is at; None once it is closed."""
        return next((each.item for each in self.slots if each.item.pk == item_now(self.meeting)), None)

    @property
    def number(self) -> int:
        """The place of the item in hand, counted from one; 0 without one."""
        return next((n for n, each in enumerate(self.slots, 1) if each.item.pk == item_now(self.meeting)), 0)

    @property
    def ends_at(self) -> datetime:
        """When the item in hand is over by its minutes; without one, when the meeting is."""
        item, began = self.in_hand, self.meeting.item_began_at
        return began + timedelta(minutes=item.minutes) if item and began else self.meeting.ends_at

    @property
    def ends_in_milliseconds(self) -> int:
        """The same for the clock of a browser, which counts from 1970."""
        return int(self.ends_at.timestamp() * 1000)

    @property
    def is_ending(self) -> bool:
        """Whether it is time to ask what it was worth: at the last item, near the end, or closed.

        Long after it nobody is asked any more.
        """
        meeting = self.meeting
        if timezone.now() >= meeting.ends_at + ASKED_FOR:
            return False
        is_last = self.in_hand is not None and self.after is None
        return bool(meeting.closed_at) or is_last or timezone.now() >= meeting.ends_at - ENDING

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def before(self) -> AgendaItem | None:
        return self._beside(-1)

    @property
    def after(self) -> AgendaItem | None:
        return self._beside(1)

    def _beside(self, step: int) -> AgendaItem | None:
        order = [each.item for each in self.slots]
        here = next((n for n, each in enumerate(order) if each.pk == item_now(self.meeting)), None)
        if here is None:
            return order[0] if order and step > 0 else None
        return order[here + step] if 0 <= here + step < len(order) else None

    def of_kind(self, *kinds: str) -> list[Row]:
        """Everything of some kinds, in the order of the agenda."""
        return [row for part in self.parts for row in part.rows if row.kind in kinds]

    @property
    def decisions(self) -> list[Row]:
        return self.of_kind("decision")

    @property
    def commitments(self) -> list[Row]:
        return self.of_kind("commitment")

    def note_under(self, item: AgendaItem | None) -> str:
        """Return what the reader wrote in their own notes under an item."""
        return next(
            (note.text for part in self.parts if part.item == item for note in part.notes if note.is_own), ""
        )

    @property
    def is_written_on(self) -> bool:
        return any(part.is_written_on for part in self.parts)

    @property
    def mark(self) -> str:
        """What tells whether anything changed since a page was drawn."""
        meeting = self.meeting
        shown = [
            meeting.opened_at,
            meeting.closed_at,
            meeting.attendance_taken_at,
            meeting.current_item_id,
            meeting.item_began_at,
            [(each.item.pk, each.item.title, each.item.minutes) for each in self.slots],
            [(part.item and part.item.pk, part.notes, part.rows) for part in self.parts],
        ]
        return hashlib.blake2b(repr(shown).encode(), digest_size=9).hexdigest()


def item_now(meeting: Meeting) -> int | None:
    """Return the id of the item that a meeting is at; one that is closed is at none."""
    return meeting.current_item_id if meeting.closed_at is None else None


def label_of(kind: str) -> str:
    """Return what a kind of row is called beside it."""
    return {
        "note": pgettext("what was written at a meeting", "Note"),
        "decision": pgettext("what was written at a meeting", "Decided"),
        "commitment": pgettext("what was written at a meeting", "Who does what"),
        "need": pgettext("what was written at a meeting", "Needed"),
        "lesson": pgettext("what was written at a meeting", "Learned"),
    }[kind]


def board_of(hand: Hand) -> Board:
    """Return a meeting and what was written at it, as one reader sees it, in two queries.

    A need that its person now shows to nobody in their communities is left out, save for themself.
    """
    meeting = hand.meeting
    rows = meeting.agenda.select_related("owner__enrollment").order_by("position", "pk")
    items = {each.pk: each for each in rows}
    agenda = timetable_of(meeting, [e for e in items.values() if e.state == AgendaItem.State.PLANNED])
    written: dict[int, list[Row]] = {}
    for item_id, row in _rows(hand):
        written.setdefault(item_id if item_id in items else 0, []).append(row)
    parts = [
        _part(slot.item, written, starts_at=slot.starts_at, is_in_hand=slot.item.pk == item_now(meeting))
        for slot in agenda.slots
    ]
    taken_off = [each for each in items.values() if each.state != AgendaItem.State.PLANNED]
    parts += [_part(each, written) for each in taken_off if each.pk in written]
    if 0 in written:
        parts.append(_part(None, written))
    return Board(meeting=meeting, slots=agenda.slots, parts=parts)


@dataclass(frozen=True)
class Member:
    """Somebody who takes part in the community, and whether they are at the meeting."""

    pk: int
    name: str
    is_here: bool


def members_of(meeting: Meeting) -> list[Member]:
    """Return who takes part, by name, in one query; who has left since counts where they were there."""
    here = Attendance.objects.filter(meeting=meeting, membership=OuterRef("pk"), was_present=True)
    rows = Membership.objects.filter(community=meeting.community_id).annotate(present=Exists(here))
    rows = rows.filter(Q(present=True) | Q(pk__in=Membership.objects.taking_part()))
    values = rows.order_by("enrollment__name", "pk").values_list("pk", "enrollment__name", "present")
    return [Member(*each) for each in values]


def _part(item: AgendaItem | None, written: dict[int, list[Row]], **facts: Any) -> Part:
    rows = written.get(item.pk if item else 0, [])
    return Part(
        item=item,
        notes=[row for row in rows if row.kind == "note"],
        rows=sorted((row for row in rows if row.kind != "note"), key=lambda row: KINDS.index(row.kind)),
        **facts,
    )


def _rows(hand: Hand) -> Iterable[tuple[int, Row]]:
    """Yield everything that was written with the id of its item (0: none), in one query over five tables."""
    meeting, own = hand.meeting, hand.membership
    nothing, no_day = Value("", output_field=CharField()), Cast(Value(None), DateField())
    columns = ("kind", "pk", "place", "who", "by", "name", "text", "detail", "due_on")

    def written(kind: str, rows: QuerySet[Any], who: str, detail: Any) -> QuerySet[Any, Any]:
        return (
            rows.order_by()
            .annotate(
                kind=Value(kind),
                place=Cast("item", CharField()),
                who=F(who),
                by=F("entered_by"),
                name=F(f"{who}__enrollment__name"),
                detail=detail,
                due_on=no_day,
            )
            .values_list(*columns)
        )

    everything = written("note", meeting.notes.all(), "author", nothing).union(
        written("decision", meeting.decisions.standing(), "membership", F("reason")),
        written("lesson", meeting.lessons.standing(), "membership", nothing),
        commitments_of(meeting)
        .order_by()
        .annotate(
            kind=Value("commitment"),
            place=F("source_key"),
            who=F("membership"),
            by=F("membership__person"),
            name=F("membership__enrollment__name"),
            text=F("what"),
            detail=nothing,
        )
        .values_list(*columns),
        needs_of(meeting)
        .order_by()
        .annotate(
            kind=Value("need"),
            place=F("source_key"),
            who=F("enrollment"),
            by=F("enrollment__person"),
            name=F("enrollment__name"),
            detail=F("audience"),
            due_on=no_day,
        )
        .values_list(*(("said" if name == "text" else name) for name in columns)),
        all=True,
    )
    for kind, pk, place, who, by, name, text, detail, due_on in everything.order_by("pk"):
        is_need = kind == "need"
        is_own = own is not None and who == (own.enrollment_id if is_need else own.pk)
        if is_need and detail == Audience.STAFF and not is_own:
            continue
        is_for_good = kind in FOR_GOOD
        yield (
            item_in(place) if is_for_good else int(place or 0),
            Row(
                kind,
                pk,
                text,
                detail="" if is_need else _by_when(due_on) if kind == "commitment" else detail,
                name=name or "",
                due_on=due_on,
                removal_url=_removal(hand, kind, pk) if kind != "note" and (is_own or hand.leads) else "",
                is_for_good=is_for_good,
                is_own=is_own or (own is None and who is None and by == hand.by.pk),
            ),
        )


def _by_when(day: date | None) -> str:
    return _("by %(day)s") % {"day": formats.date_format(day, "DATE_FORMAT")} if day else _("no day yet")


def _removal(hand: Hand, kind: str, pk: int) -> str:
    return hand.address("removal", kind, pk) if hand.can_write else ""


def as_table(board: Board) -> bytes:
    """Return the typed rows of a meeting as CSV, in the order of its agenda; notes are not among them."""
    header = [_("item"), _("what it is"), _("words"), _("reason"), _("name"), _("by when")]
    rows: list[Sequence[object]] = [
        [
            part.item.title if part.item else "",
            row.label,
            row.text,
            row.detail if row.kind == "decision" else "",
            row.name,
            row.due_on.isoformat() if row.due_on else "",
        ]
        for part in board.parts
        for row in part.rows
    ]
    return write_csv(header, rows)
