"""Read what calendar programs answer to an invitation: mails with a REPLY or COUNTER (RFC 5546, RFC 6047).

Outlook, Exchange, Gmail, Apple and Thunderbird agree on little but UID, ATTENDEE and PARTSTAT: Exchange
leaves ORGANIZER out, some name the method in the headers alone, and an attendee may have no address at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from coppice.notifications.inbound import reading

LARGEST = 5_000_000
LONGEST_COMMENT = 1000
METHODS = ("REPLY", "COUNTER")
CALENDARS = {"text/calendar", "application/ics", "text/x-vcalendar"}
SAID = {"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION"}


class Unread(StrEnum):
    """Why a mail is no answer that we can read."""

    TOO_LARGE = "too_large"
    AUTOMATIC = "automatic"
    NO_CALENDAR = "no_calendar"
    BROKEN = "broken"
    OTHER_METHOD = "other_method"
    INCOMPLETE = "incomplete"


class UnreadError(ValueError):
    """A mail that holds no answer; `why` is one of `Unread`."""

    def __init__(self, why: Unread) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Reply:
    """What one attendee answered.

    `senders` are the addresses that the mail is from and `attendee` the one that answers, in small letters;
    `attendee` is "" where the program told none. `said` is a PARTSTAT; `stamp` is when it was said (UTC).
    `occurrence` is the RECURRENCE-ID; `starts` and `ends` are the time that a counter proposes.
    """

    senders: frozenset[str]
    uid: str
    attendee: str
    said: str
    stamp: datetime
    sequence: int = 0
    is_counter: bool = False
    occurrence: datetime | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    comment: str = ""


def read_mail(raw: bytes) -> Reply:
    """Return the answer in one whole mail (RFC 5322); raises UnreadError, and nothing else."""
    if len(raw) > LARGEST or reading.is_too_tangled(raw):
        raise UnreadError(Unread.TOO_LARGE)
    mail = reading.parsed(raw)
    senders = frozenset(reading.addresses_in(mail, "From"))
    why = Unread.AUTOMATIC if _is_automatic(mail) else Unread.NO_CALENDAR
    for part in mail.walk():
        if not _is_calendar(part):
            continue
        try:
            return _read(part, senders)
        except UnreadError as unread:
            why = unread.why
    raise UnreadError(why)


def _is_calendar(part: Any) -> bool:
    name = str(part.get_filename() or "").lower()
    return part.get_content_type() in CALENDARS or name.endswith((".ics", ".vcs"))


def _is_automatic(mail: Any) -> bool:
    """Say whether a machine wrote it: an answer to an answer would never end (RFC 3834)."""
    said = " ".join(reading.headers(mail, "Auto-Submitted")).strip().lower()
    return (
        said.startswith("auto")
        or mail.get_content_type() == "multipart/report"
        or [each.strip() for each in reading.headers(mail, "Return-Path")] == ["<>"]
        or bool(
            {each.strip().lower() for each in reading.headers(mail, "Precedence")} & {"bulk", "junk", "list"}
        )
    )


def _read(part: Any, senders: frozenset[str]) -> Reply:
    payload = part.get_payload(decode=True)
    try:
        calendar: Any = icalendar.Calendar.from_ical(payload or b"")
        events: list[Any] = calendar.walk("VEVENT")
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadError(Unread.BROKEN) from None
    method = str(calendar.get("METHOD") or part.get_param("method") or "").strip().upper()
    if method not in METHODS:
        raise UnreadError(Unread.OTHER_METHOD)
    event: Any = next(iter(events), {})
    uid = str(event.get("UID", "")).strip()
    attendee = _attendee(event, senders)
    if not uid or attendee is None:
        raise UnreadError(Unread.INCOMPLETE)
    said = str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")).strip().upper()
    is_counter = method == "COUNTER"
    return Reply(
        senders=senders,
        uid=uid,
        attendee=_address(attendee),
        said=said if said in SAID else "NEEDS-ACTION",
        stamp=_moment(event, "DTSTAMP") or datetime.now(UTC).replace(microsecond=0),
        sequence=_number(event.get("SEQUENCE")),
        is_counter=is_counter,
        occurrence=_moment(event, "RECURRENCE-ID"),
        starts=_moment(event, "DTSTART") if is_counter else None,
        ends=_moment(event, "DTEND") if is_counter else None,
        comment=_comment(event),
    )


def _attendee(event: Any, senders: frozenset[str]) -> Any:
    """Return who answers: the only attendee, or of several the one that the mail is from, else the first."""
    told = list(_all(event, "ATTENDEE"))
    of_sender = [each for each in told if _address(each) in senders]
    return next(iter([*of_sender, *told]), None)


def _all(event: Any, name: str) -> Iterator[Any]:
    value = event.get(name, [])
    for each in value if isinstance(value, list) else [value]:
        yield each if hasattr(each, "params") else icalendar.vCalAddress(str(each))


def _address(attendee: Any) -> str:
    """Return the mail address of an attendee, or "" for one that has none."""
    value = str(attendee).strip().strip("<>")
    bare = value[7:] if value[:7].lower() == "mailto:" else value
    for told in (bare, str(attendee.params.get("EMAIL", ""))):
        address = told.strip().strip("<>").lower()
        if address.count("@") == 1 and " " not in address and "/" not in address:
            return address
    return ""


def _number(value: Any) -> int:
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return 0


def _moment(event: Any, name: str) -> datetime | None:
    """Return a moment in UTC; a day begins at midnight, and a clock that names no zone shows UTC."""
    try:
        value = event[name]
        found = value.dt
    except (KeyError, AttributeError, ValueError):
        return None
    if not isinstance(found, datetime):
        return datetime.combine(found, time(), tzinfo=UTC) if isinstance(found, date) else None
    if found.tzinfo is None:
        found = found.replace(tzinfo=_zone(str(value.params.get("TZID", ""))))
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def _zone(key: str) -> Any:
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(key, key))
    except (ValueError, OSError, LookupError):
        return UTC


def _comment(event: Any) -> str:
    value = event.get("COMMENT", "")
    words = "\n".join(str(each) for each in value) if isinstance(value, list) else str(value)
    return "".join(letter for letter in words if letter.isprintable() or letter == "\n").strip()[
        :LONGEST_COMMENT
    ]
