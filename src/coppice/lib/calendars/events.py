"""The plain values of which a calendar is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from coppice.lib.calendars.recurring import Recurrence


class Status(StrEnum):
    """Whether the event stands, by the words of RFC 5545 section 3.8.1.11."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Participation(StrEnum):
    """What an attendee answered, by the words of RFC 5545 section 3.2.12."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class Method(StrEnum):
    """What a calendar sent by mail or downloaded asks of its reader (RFC 5546); a feed has none."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Organizer:
    """Who calls the event; calendar programs send replies to `email`."""

    name: str
    email: str


@dataclass(frozen=True)
class Attendee:
    """Whom one copy of the event is for, and what they answered so far."""

    name: str
    email: str
    participation: Participation = Participation.NEEDS_ACTION


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One event at one time.

    `uid` never changes during the life of the event; `sequence` grows with each change of time, place or
    status. `stamp` (when this copy was made), `starts` and `last_modified` are aware datetimes; `time_zone`
    is the IANA name of the zone in whose clock time the event is kept ("Pacific/Auckland"), whatever zone
    `starts` came in. `description` is plain text; an event that `leaves_free` blocks nobody's time. With
    `recurs` it comes again, and that says when it is first; with `recurrence_id`, a naive time by the clock
    of its zone, it stands for one of those. Raises ValueError for a time without a zone or a duration
    that is not positive.
    """

    uid: str
    stamp: datetime
    starts: datetime
    duration: timedelta
    time_zone: str
    summary: str
    sequence: int = 0
    description: str = ""
    location: str = ""
    url: str = ""
    organizer: Organizer | None = None
    attendee: Attendee | None = None
    status: Status = Status.CONFIRMED
    categories: tuple[str, ...] = ()
    last_modified: datetime | None = None
    leaves_free: bool = False
    recurs: Recurrence | None = None
    recurrence_id: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.stamp, self.starts, self.last_modified):
            if moment is not None and moment.utcoffset() is None:
                raise ValueError(f"{self.uid}: {moment} has no time zone")
        if self.duration <= timedelta():
            raise ValueError(f"{self.uid}: an event lasts longer than {self.duration}")
