"""What is written to members about a whole series: one mail each, with a calendar file for each strand."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.communities.notices import write_to
from coppice.meetings import links
from coppice.meetings.models import Meeting, MeetingSeries
from coppice.meetings.recurrence_wording import sentences_of
from coppice.meetings.series_files import SeriesFile, series_files
from coppice.notifications.actions import Attachment
from coppice.notifications.models import Message

SHOWN = 12
BY_REPLY = _("You can also reply to this mail: write “yes” or “no” as the first word, for all of them.")


def planned(series: MeetingSeries, *, to: Membership) -> Message | None:
    """Invite a member to all meetings of a series by one mail."""
    return _write(series, to, occasion="planned", files=_files(series, to), is_asking=True)


def changed(series: MeetingSeries, *, previous: MeetingSeries | None, to: Membership) -> Message | None:
    """Tell a member how a series goes on; `previous` is what it was cut off from, which calendars shorten."""
    files = [*(_files(previous, to) if previous else []), *_files(series, to)]
    return _write(series, to, occasion="changed", period=str(series.sequence), files=files, is_asking=True)


def ended(series: MeetingSeries, *, since: Meeting, to: Membership) -> Message | None:
    """Tell a member that from one date on the series is over; their calendar drops what is left of it."""
    return _write(
        series,
        to,
        occasion="ended",
        period=str(series.sequence),
        files=_files(series, to),
        since=since.starts_at,
        do_path=series.get_absolute_url(),
        do_label=_("See the series"),
    )


def _write(
    series: MeetingSeries,
    membership: Membership,
    *,
    occasion: str,
    files: list[SeriesFile],
    period: str = "",
    since: datetime | None = None,
    is_asking: bool = False,
    **context: Any,
) -> Message | None:
    upcoming = list(
        series.meetings.filter(ends_at__gte=timezone.now(), cancelled_at=None).order_by("starts_at")
    )
    return write_to(
        membership,
        occasion=f"series-{occasion}:{series.pk}",
        period=period,
        template=f"meetings/email/series_{occasion}",
        context={
            "meeting": series,
            "series": series,
            "sentences": partial(sentences_of, series),
            "meetings": upcoming[:SHOWN],
            "more": len(upcoming[SHOWN:]),
            "since": since,
            "zone": membership.zone,
            "other_zone": series.zone if _differs(series, membership, upcoming) else None,
            "do_path": links.series_path(series, membership),
            "do_label": _("Say whether I come"),
            "reply_hint": BY_REPLY if is_asking else "",
            **context,
        },
        thread=f"series-{series.pk}",
        reply_to=f"series:{series.pk}" if is_asking else "",
        attachments=tuple(
            Attachment(
                filename="meetings.ics" if place == 1 else f"meetings-{place}.ics",
                content_type=f"text/calendar; method={file.method}",
                text=file.text,
            )
            for place, file in enumerate(files, start=1)
        ),
    )


def _files(series: MeetingSeries, to: Membership) -> list[SeriesFile]:
    return series_files(series, to=to) if to.mail_address else []


def _differs(series: MeetingSeries, membership: Membership, meetings: list[Meeting]) -> bool:
    """Say whether a member's clocks ever show another time than the organizer's."""
    zone = membership.zone
    return any(
        each.starts_at.astimezone(zone).utcoffset() != each.starts_at.astimezone(series.zone).utcoffset()
        for each in meetings
    )
