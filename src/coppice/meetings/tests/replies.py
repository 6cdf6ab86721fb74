"""Answers to an invitation as calendar programs mail them."""

import base64
from datetime import UTC, datetime

STAMP = datetime(2026, 11, 20, 9, tzinfo=UTC)

OUTLOOK = """\
From: {name} <{sender}>
To: Hedgerow <coppice@example.org>
Subject: Accepted: First meeting
Message-ID: <SN6PR01@example.prod.outlook.com>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="_000_SN6"

--_000_SN6
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable


--_000_SN6
Content-Type: text/html; charset="us-ascii"

<html><body></body></html>
--_000_SN6
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64

{calendar}
--_000_SN6--
"""
OUTLOOK_CALENDAR = """\
BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
{organizer}ATTENDEE;PARTSTAT={said};CN={name}:mailto:{attendee}
COMMENT;LANGUAGE=en-US:{comment}
UID:{uid}
SUMMARY;LANGUAGE=en-US:Accepted: First meeting
DTSTART;TZID=Eastern Standard Time:20261208T100000
DTEND;TZID=Eastern Standard Time:20261208T110000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=en-US:
X-MICROSOFT-CDO-APPT-SEQUENCE:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR
"""
GMAIL = """\
From: {name} <{sender}>
To: coppice@example.org
Subject: Accepted: First meeting @ Tue Dec 8, 2026 10am - 11am (EST)
Message-ID: <calendar-1@google.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="0000mixed"

--0000mixed
Content-Type: multipart/alternative; boundary="0000alt"

--0000alt
Content-Type: text/plain; charset="UTF-8"

{name} has accepted this invitation.
--0000alt
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20261208T150000Z
DTEND:20261208T160000Z
DTSTAMP:{stamp}
ORGANIZER;CN=Hedgerow:mailto:coppice@example.org
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said};CN={name}
 ;X-NUM-GUESTS=0:mailto:{attendee}
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:First meeting
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR

--0000alt--

--0000mixed
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

QkVHSU46VkNBTEVOREFSCkVORDpWQ0FMRU5EQVIK
--0000mixed--
"""
APPLE = """\
From: {name} <{sender}>
To: "Hedgerow" <coppice@example.org>
Subject: {name} replied
Mime-Version: 1.0
Content-Type: multipart/mixed; boundary="Apple-Mail=1"

--Apple-Mail=1
Content-Type: text/calendar;
 method=REPLY;
 name=iCal-20261120-090000.ics;
 charset=utf-8
Content-Transfer-Encoding: quoted-printable
Content-Disposition: attachment; filename=iCal-20261120-090000.ics

BEGIN:VCALENDAR
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 15.1//EN
BEGIN:VEVENT
UID:{uid}
DTSTART:20261208T150000Z
DTEND:20261208T160000Z
SUMMARY:First meeting
ATTENDEE;CN=3D{name};EMAIL=3D{attendee};PARTSTAT=3D{said}:/principals/=
__uids__/8C5F/
ORGANIZER;CN=3DHedgerow:mailto:coppice@example.org
SEQUENCE:{sequence}
DTSTAMP:{stamp}
END:VEVENT
END:VCALENDAR

--Apple-Mail=1--
"""
THUNDERBIRD = """\
From: {name} <{sender}>
To: Hedgerow <coppice@example.org>
Subject: Invitation Reply (Accepted): First meeting
MIME-Version: 1.0
Content-type: text/calendar; method=REPLY; charset=UTF-8
Content-transfer-encoding: 8BIT

BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
CREATED:20261120T085959Z
DTSTAMP:{stamp}
UID:{uid}
SUMMARY:First meeting
ORGANIZER;CN=Hedgerow;SCHEDULE-AGENT=CLIENT:mailto:coppice@example.org
ATTENDEE;PARTSTAT={said};CN={name};ROLE=REQ-PARTICIPANT:MAILTO:{attendee}
DTSTART;TZID=America/New_York:20261208T100000
SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""
ORGANIZER = "ORGANIZER;CN=Hedgerow:mailto:coppice@example.org\n"


def mail(program: str, meeting, member, *, said: str = "ACCEPTED", **more) -> bytes:
    """One whole mail: of `outlook`, `exchange` (without ORGANIZER), `gmail`, `apple` or `thunderbird`.

    `more` may hold `stamp`, `sequence`, `attendee`, `sender`, `comment` and `method`.
    """
    words = {
        "name": member.enrollment.name,
        "sender": member.mail_address,
        "attendee": member.mail_address,
        "uid": f"{meeting.uid}@coppice",
        "sequence": meeting.sequence,
        "said": said,
        "comment": "",
        "organizer": "" if program == "exchange" else ORGANIZER,
        **more,
        "stamp": f"{more.get('stamp', STAMP):%Y%m%dT%H%M%SZ}",
    }
    return mail_of(program, words, method=more.get("method", "REPLY"))


def mail_of(program: str, words: dict[str, object], *, method: str = "REPLY") -> bytes:
    form = {"gmail": GMAIL, "apple": APPLE, "thunderbird": THUNDERBIRD}.get(program, OUTLOOK)
    calendar = OUTLOOK_CALENDAR.format(**words).replace("METHOD:REPLY", f"METHOD:{method}")
    encoded = base64.encodebytes(calendar.replace("\n", "\r\n").encode()).decode()
    written = form.format(**{"calendar": encoded, **words}).replace("method=REPLY", f"method={method}")
    return written.replace("\n", "\r\n").encode()
