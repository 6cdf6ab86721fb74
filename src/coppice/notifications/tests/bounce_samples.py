"""What mail servers write about mail that they could not deliver: their own ways, with our ids put in."""

ORIGINAL = """\
Content-Type: message/rfc822

From: Coppice <post@coppice.example>
To: ana@example.org
Subject: First meeting
Message-ID: {message_id}

Say whether you come.
"""


def standard(status: str, action: str = "failed", said: str = "", body: str = "It did not work.") -> str:
    """A delivery status as Postfix, Sendmail, Exim and Exchange Online write it (RFC 3464)."""
    return f"""\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {{to}}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <dsn1@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

{body}
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Fri, 27 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; ana@example.org
Original-Recipient: rfc822;ana@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; {said}

--b1
{ORIGINAL}
--b1--
"""


QMAIL = """\
From: MAILER-DAEMON@qmail.example.org
To: {to}
Subject: failure notice
Message-ID: <dsn2@qmail.example.org>

Hi. This is the qmail-send program at qmail.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ana@example.org>:
192.0.2.7 does not like recipient.
Remote host said: 550 sorry, no mailbox here by that name. (#5.1.1)
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <post@coppice.example>
Message-ID: {message_id}
Subject: First meeting
"""

QMAIL_SOFT = QMAIL.replace(
    "550 sorry, no mailbox here by that name. (#5.1.1)", "452 try again later (#4.2.1)"
).replace("This is a permanent error; I've given up. Sorry it didn't work out.", "I am still trying.")

EXCHANGE = """\
From: Microsoft Exchange <postmaster@clinic.example>
To: {to}
Subject: Undeliverable: First meeting
In-Reply-To: {message_id}
Message-ID: <dsn3@clinic.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body><p><b>Delivery has failed to these recipients or groups:</b></p>
<p>ana@example.org<br>The email address you entered couldn't be found. Please check the recipient's email
address and try to resend the message.</p><p>Diagnostic information for administrators:</p>
<p>#550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup ##</p></body></html>
"""

GMAIL = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {to}
X-Failed-Recipients: ana@example.org
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
Message-ID: <dsn4@mx.google.com>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

** Address not found **

Your message wasn't delivered to ana@example.org because the address couldn't be found, or is unable to
receive mail.
"""

GERMAN = """\
From: Mail Delivery System <Mailer-Daemon@post.example.org>
To: {to}
Subject: =?utf-8?q?Unzustellbar=3A_First_meeting?=
Message-ID: <dsn5@post.example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Ihre Nachricht konnte nicht zugestellt werden.

ana@example.org: Der Empfänger existiert nicht.

----- Original message -----
Message-ID: {message_id}
"""

SPANISH = """\
From: postmaster@correo.example.org
To: {to}
Subject: Correo no entregado
Message-ID: <dsn6@correo.example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

No se pudo entregar el mensaje a ana@example.org: usuario desconocido.

Message-ID: {message_id}
"""

FULL = """\
From: postmaster@mail.example.org
To: {to}
Subject: Returned mail
Message-ID: <dsn7@mail.example.org>

The mailbox of ana@example.org is over quota.
552 5.2.2 Mailbox full
Message-ID: {message_id}
"""

SENDMAIL_LATE = standard("4.4.1", action="delayed", said="", body="THIS IS A WARNING MESSAGE ONLY")
DELIVERED = standard("2.0.0", action="delivered", said="250 OK")
BY_POLICY = standard("5.7.1", said="550 5.7.1 Message rejected as spam by content filtering")
NO_STATUS = standard("", said="550 No such user here")

VACATION = """\
From: ana@example.org
To: {to}
Subject: Out of the office: First meeting
Auto-Submitted: auto-replied
In-Reply-To: {message_id}
Message-ID: <away@example.org>

I am away until 5.5.2027. My old address does not exist any more: 550 people have it.
"""

READ = """\
From: ana@example.org
To: {to}
Subject: Read: First meeting
Message-ID: <read@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b2"

--b2
Content-Type: text/plain

Your message was read.
--b2
Content-Type: message/disposition-notification

Final-Recipient: rfc822; ana@example.org
Disposition: manual-action/MDN-sent-manually; displayed
--b2--
"""


def complaint(kind: str = "abuse") -> str:
    """A feedback report as mailbox providers write it (RFC 5965)."""
    return f"""\
From: <feedback@mailbox.example>
To: {{to}}
Subject: FW: First meeting
Message-ID: <arf@mailbox.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b3"

--b3
Content-Type: text/plain; charset=US-ASCII

This is an email abuse report.
--b3
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <ana@example.org>

--b3
{ORIGINAL}
--b3--
"""
