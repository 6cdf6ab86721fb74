"""The code by which people check in: made of the meeting, never stored, over with it.

It tells nobody anything: it counts only for who takes part in the meeting and is known, by signing in or by
their own link.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from coppice.live.codes import FIRST, LAST, WORDS, as_code
from coppice.meetings.models import Meeting

OPENS_BEFORE = timedelta(hours=1)
OPEN_AFTER = timedelta(hours=3)


def code_of(meeting: Meeting) -> str:
    """Return the code of a meeting, such as "FERN-27"; the same for good."""
    digest = salted_hmac("coppice.meetings.check-in", str(meeting.uid), algorithm="sha256")
    number = int.from_bytes(digest.digest()[:8], "big")
    digits = FIRST + number // len(WORDS) % (LAST - FIRST + 1)
    return f"{WORDS[number % len(WORDS)]}-{digits}"


def spoken(code: str) -> str:
    """Return a code as it is said and shown."""
    return code.replace("-", " ")


def is_open(meeting: Meeting) -> bool:
    """Say whether people check in: while the meeting goes on, until its attendance is taken."""
    return goes_on(meeting) and meeting.attendance_taken_at is None


def goes_on(meeting: Meeting) -> bool:
    """Say whether it is an hour before the start, or later until three hours after the end."""
    now = timezone.now()
    return not meeting.is_cancelled and (
        meeting.starts_at - OPENS_BEFORE <= now <= meeting.ends_at + OPEN_AFTER
    )


def meeting_by_code(meetings: QuerySet[Meeting], typed: str) -> Meeting | None:
    """Return that of these meetings which goes on and has the code that somebody typed ("fern 27")."""
    now = timezone.now()
    going_on = meetings.filter(
        starts_at__lte=now + OPENS_BEFORE, ends_at__gte=now - OPEN_AFTER, cancelled_at=None
    ).select_related("community__program__provider", "series")
    code = as_code(typed)
    return next((each for each in going_on.order_by("starts_at", "pk") if code_of(each) == code), None)
