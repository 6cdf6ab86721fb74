"""What a meeting wrote down, in the order of its agenda: for who writes, and for whoever reads it later."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.lib.tables import write_csv
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import KINDS, Hand
from coppice.meetings.minutes_models import Decision, Lesson, Note, item_in, keys_of
from coppice.meetings.models import Attendance, Meeting
from coppice.meetings.timetable import Slot, timetable_of
from coppice.profiles.models import Audience, Need


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
    """The whole of a meeting as it stands: `slots` are its agenda, `parts` what was written, in its order.

    `here_ids` are the memberships of those who are there.
    """

    meeting: Meeting
    slots: list[Slot]
    parts: list[Part]
    here_ids: frozenset[int] = frozenset()

    @property
    def in_hand(self) -> AgendaItem | None:
        """The item that the meeting is at."""
        return next((each.item for each in self.slots if each.item.pk == self.meeting.current_item_id), None)

    @property
    def number(self) -> int:
        """The place of the item in hand, counted from one; 0 without one."""
        return next(
            (n for n, each in enumerate(self.slots, 1) if each.item.pk == self.meeting.current_item_id), 0
        )

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
        here = next((n for n, each in enumerate(order) if each.pk == self.meeting.current_item_id), None)
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
            sorted(self.here_ids),
            [(each.item.pk, each.item.title, each.item.minutes) for each in self.slots],
            [(part.item and part.item.pk, part.notes, part.rows) for part in self.parts],
        ]
        return hashlib.blake2b(repr(shown).encode(), digest_size=9).hexdigest()


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
    """Return a meeting and what was written at it, as one reader sees it, in five queries.

    A need that its person now shows to nobody in their communities is left out, save for themself.
    """
    meeting = hand.meeting
    items = {
        each.pk: each
        for each in meeting.agenda.select_related("owner__enrollment").order_by("position", "pk")
    }
    agenda = timetable_of(meeting, [e for e in items.values() if e.state == AgendaItem.State.PLANNED])
    members = _members(meeting)
    written: dict[int, list[Row]] = {}
    for item_id, row in [*_own_tables(hand, members), *_commitments(hand, members), *_needs(hand, members)]:
        written.setdefault(item_id if item_id in items else 0, []).append(row)
    parts = [
        _part(
            slot.item, written, starts_at=slot.starts_at, is_in_hand=slot.item.pk == meeting.current_item_id
        )
        for slot in agenda.slots
    ]
    taken_off = [each for each in items.values() if each.state != AgendaItem.State.PLANNED]
    parts += [_part(each, written) for each in taken_off if each.pk in written]
    if 0 in written:
        parts.append(_part(None, written))
    here = frozenset(pk for pk, each in members.items() if each.is_here)
    return Board(meeting=meeting, slots=agenda.slots, parts=parts, here_ids=here)


@dataclass(frozen=True)
class Member:
    """One member of the community by name, and whether they are at the meeting."""

    enrollment_id: int
    name: str
    is_here: bool


def _members(meeting: Meeting) -> dict[int, Member]:
    here = Attendance.objects.filter(meeting=meeting, membership=OuterRef("pk"), was_present=True)
    rows = Membership.objects.filter(community=meeting.community_id).annotate(present=Exists(here))
    return {
        pk: Member(enrollment_id, name, is_here)
        for pk, enrollment_id, name, is_here in rows.values_list(
            "pk", "enrollment_id", "enrollment__name", "present"
        )
    }


def _part(item: AgendaItem | None, written: dict[int, list[Row]], **facts: Any) -> Part:
    rows = written.get(item.pk if item else 0, [])
    return Part(
        item=item,
        notes=[row for row in rows if row.kind == "note"],
        rows=sorted((row for row in rows if row.kind != "note"), key=lambda row: KINDS.index(row.kind)),
        **facts,
    )


def _own_tables(hand: Hand, members: dict[int, Member]) -> Iterable[tuple[int, Row]]:
    """Notes, decisions and lessons, in one query."""
    meeting, nothing = hand.meeting, Value("", output_field=CharField())
    notes = Note.objects.filter(meeting=meeting).order_by()
    decisions = Decision.objects.filter(meeting=meeting, taken_back_at=None).order_by()
    lessons = Lesson.objects.filter(meeting=meeting, taken_back_at=None).order_by()
    names = ("kind", "pk", "item_id", "who", "text", "detail")
    rows = notes.annotate(kind=Value("note"), who=F("author"), detail=nothing).values_list(*names)
    others = (
        decisions.annotate(kind=Value("decision"), who=F("membership"), detail=F("reason")).values_list(
            *names
        ),
        lessons.annotate(kind=Value("lesson"), who=F("membership"), detail=nothing).values_list(*names),
    )
    for kind, pk, item_id, who, text, detail in rows.union(*others, all=True).order_by("pk"):
        name = members[who].name if who in members else ""
        is_theirs = hand.leads or (hand.membership is not None and who == hand.membership.pk)
        removal = _removal(hand, kind, pk) if is_theirs and kind != "note" else ""
        yield item_id or 0, Row(kind, pk, text, detail=detail, name=name, removal_url=removal)


def _commitments(hand: Hand, members: dict[int, Member]) -> Iterable[tuple[int, Row]]:
    rows = Commitment.objects.filter(
        community=hand.meeting.community_id, source_key__startswith=keys_of(hand.meeting)
    ).order_by("pk")
    for each in rows:
        is_theirs = hand.leads or (hand.membership is not None and each.membership_id == hand.membership.pk)
        due = formats.date_format(each.due_on, "DATE_FORMAT") if each.due_on else ""
        yield (
            item_in(each.source_key),
            Row(
                "commitment",
                each.pk,
                each.what,
                detail=_("by %(day)s") % {"day": due} if due else _("no day yet"),
                name=members[each.membership_id].name if each.membership_id in members else "",
                due_on=each.due_on,
                removal_url=_removal(hand, "commitment", each.pk) if is_theirs else "",
                is_for_good=True,
            ),
        )


def _needs(hand: Hand, members: dict[int, Member]) -> Iterable[tuple[int, Row]]:
    names = {each.enrollment_id: each.name for each in members.values()}
    own = hand.membership.enrollment_id if hand.membership else None
    rows = Need.objects.filter(
        enrollment__memberships__community=hand.meeting.community_id,
        source_key__startswith=keys_of(hand.meeting),
    ).order_by("pk")
    for each in rows:
        if each.audience == Audience.STAFF and each.enrollment_id != own:
            continue
        is_theirs = hand.leads or each.enrollment_id == own
        yield (
            item_in(each.source_key),
            Row(
                "need",
                each.pk,
                each.words,
                name=names.get(each.enrollment_id, ""),
                removal_url=_removal(hand, "need", each.pk) if is_theirs else "",
                is_for_good=True,
            ),
        )


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
