"""What mail servers say of mail of ours that they could not deliver, and people's complaints about it.

Most write a report (RFC 3464; RFC 5965 for complaints); qmail (its QSBMF), Exchange and many others write
sentences of their own, in any language, with codes in them (RFC 3463, RFC 5321 4.2).
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from itertools import islice
from typing import Any

from coppice.notifications.inbound.reading import POLICY, content_of, headers, well_formed, words_of
from coppice.notifications.models import Message

LONGEST_READ = 20_000
LONGEST_LINE = 2_000
MOST_GROUPS = 100
"""A report tells of so many recipients at most, and names so many mails."""


class Kind(StrEnum):
    """What a report means: refused for good, for now, or unwanted by its reader."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Report:
    """What became of a mail of ours.

    `said` is what the mail server answered, `recipient` the address that it named ("" for none), and
    `message_ids` the Message-IDs in it, of which one may be ours.
    """

    kind: Kind
    said: str
    recipient: str
    message_ids: tuple[str, ...]


def read(mail: EmailMessage, *, expected: bool = False) -> Report | None:
    """Return what a mail reports of one of ours; None when it is no such report, or says nothing bad.

    Where only servers write, as to the envelope's sender of a mail of ours, the report is `expected`: then
    sentences are read, too, that would elsewhere be anybody's. A note that somebody is away, or that a mail
    was delivered or read, is none.
    """
    kinds = {part.get_content_type() for part in _own_parts(mail)}
    if "message/feedback-report" in kinds or _parameter(mail, "report-type") == "feedback-report":
        return _complaint(mail)
    if "message/delivery-status" in kinds or "message/global-delivery-status" in kinds:
        return _standard(mail)
    if not (expected or _is_of_a_mail_system(mail)) or _is_note(mail):
        return None
    return _in_sentences(mail)


def message_of(report: Report) -> Message | None:
    """Return the mail of ours that a report is of, by its Message-ID."""
    found = Message.objects.filter(message_id__in=report.message_ids).select_related("recipient").first()
    if found is None or not report.recipient:
        return found
    # Whoever knows an id could mark the address of its reader: a report names the address, too.
    return found if report.kind is Kind.COMPLAINT or found.to_address.lower() == report.recipient else None


def _standard(mail: EmailMessage) -> Report | None:
    """Read a delivery status: per recipient Action, Status and Diagnostic-Code (RFC 3464, 2.3)."""
    worst: Report | None = None
    message_ids = _message_ids(mail)
    for fields in islice(_statuses(mail), MOST_GROUPS):
        action = fields.get("action", "").lower()
        if action not in {"failed", "delayed"}:
            continue
        status = _status_in(fields.get("status", "")) or _status_in(fields.get("diagnostic-code", ""))
        said = " ".join(fields.get("diagnostic-code", "").partition(";")[2].split()) or status
        is_soft = action == "delayed" or _is_soft(status, said)
        report = Report(
            kind=Kind.SOFT if is_soft else Kind.HARD,
            said=said,
            recipient=_recipient(fields),
            message_ids=message_ids,
        )
        if report.kind is Kind.HARD:
            return report
        worst = report
    return worst


def _statuses(mail: EmailMessage) -> Iterator[dict[str, str]]:
    for part in _own_parts(mail):
        if part.get_content_type() not in {"message/delivery-status", "message/global-delivery-status"}:
            continue
        payload: Any = part.get_payload()
        groups = payload if isinstance(payload, list) else []
        if not groups:
            blocks = words_of(part)[:LONGEST_READ].split("\n\n")
            groups = [email.message_from_string(block, policy=POLICY) for block in blocks]
        for group in groups:
            fields = _fields(group)
            # Some write the fields of the message and of its only recipient as one group.
            if "final-recipient" in fields or "action" in fields or "original-recipient" in fields:
                yield fields


def _fields(group: Any) -> dict[str, str]:
    """Return the fields of one group, with letters that every database keeps."""
    return {name.lower(): well_formed(str(value))[:LONGEST_LINE] for name, value in group.raw_items()}


def _own_parts(mail: Any) -> Iterator[Any]:
    """Return the parts of a mail, without those of a mail that hangs on it: that is what it tells of."""
    yield mail
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in mail.get_payload():
            yield from _own_parts(part)


def _recipient(fields: dict[str, str]) -> str:
    told = fields.get("original-recipient") or fields.get("final-recipient", "")
    return told.rpartition(";")[2].strip().strip("<>").lower()


STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.#])([45])([0-5]\d)(?=[ \-])")
# Full, too large, refused by policy or as spam: the person is there, and another mail may come through
# (RFC 3463: X.1.7 and X.1.8 are about us, X.2.2, X.3.x, X.4.x, X.5.3, X.7.x).
NOT_THE_ADDRESS = re.compile(r"5\.(?:1\.[78]|2\.[23]|3\.\d+|4\.[1-35-7]|5\.3|7\.\d+)(?!\d)")
GONE = re.compile(
    r"user unknown|recipient address rejected|unknown (?:user|recipient|address|mailbox)|no such (?:user"
    r"|person|recipient|mailbox|address)|does(?:n't| not) exist"
    r"|mailbox (?:not found|unavailable|disabled)|(?:account|address|mailbox|user|recipient) (?:has been "
    r"|is |was )?"
    r"(?:disabled|deactivated|inactive|suspended|unknown|closed|not found|invalid)|invalid (?:recipient"
    r"|mailbox|address)"
    r"|address (?:couldn't|could not) be found|no mailbox here|wasn't found at|not (?:a )?(?:valid"
    r"|known) (?:user|recipient)"
    r"|(?:utilisateur|destinataire|adresse) (?:inconnue?|introuvable)|n['’]existe pas"
    r"|(?:empf[äa]nger|benutzer|adresse|postfach) (?:ist )?(?:unbekannt|nicht (?:gefunden|vorhanden)"
    r"|existiert nicht)|wurde (?:bei \S+ )?nicht gefunden"
    r"|no (?:existe|se (?:ha )?(?:encontr\w+|pudo encontrar))|usuario (?:desconocido|inexistente)"
    r"|destinatario desconocido"
    r"|não (?:existe|foi encontrad\w)|usu[áa]rio (?:desconhecido|inexistente)|non esiste|utente sconosciuto"
    r"|bestaat niet|onbekende? (?:gebruiker|ontvanger)|не (?:найден|существует)"
    r"|неизвестн\w+ (?:пользовател|получател)\w*"
    r"|不存在|存在しません|見つかりません",
    re.IGNORECASE,
)
FULL = re.compile(
    r"mailbox (?:is )?full|over (?:the )?quota|quota exceeded|insufficient (?:system )?storage"
    r"|storage (?:is )?full|buz[óo]n (?:est[áa] )?llen[oa]|cuota"
    r"|postfach (?:ist )?voll|bo[îi]te (?:aux lettres |de r[ée]ception )?(?:est )?pleine"
    r"|caixa (?:de correio )?(?:est[áa] )?cheia|casella piena"
    r"|postvak (?:is )?vol|ящик переполнен|переполнен",
    re.IGNORECASE,
)
LATE = re.compile(
    r"\b(?:will (?:continue|keep|retry|be retried)|no need to (?:resend|retry)|delayed"
    r"|warning message only|temporar\w+"
    r"|wird weiter|se seguir[áa]|reintent|continuer|verz[öo]ger|retras|retard)",
    re.IGNORECASE,
)


def is_for_now(said: str) -> bool:
    """Say whether a mail server's answer, such as "550 5.1.1 no such user", says nothing against it."""
    return _is_soft(_status_in(said), said)


def _is_soft(status: str, said: str) -> bool:
    if status.startswith("5") or re.match(r"5\d\d[ \-]", said):
        return bool(NOT_THE_ADDRESS.match(status) and not GONE.search(said))
    return bool(status) or not GONE.search(said)


def _status_in(words: str) -> str:
    found = STATUS.search(words)
    return found[0] if found else ""


def _complaint(mail: EmailMessage) -> Report | None:
    """Read a feedback report: only "abuse" and its like are complaints (RFC 5965, 3.1)."""
    fields: dict[str, str] = {}
    for part in _own_parts(mail):
        if part.get_content_type() == "message/feedback-report":
            inner: Any = part.get_payload()
            groups = (
                inner if isinstance(inner, list) and inner else [email.message_from_bytes(content_of(part))]
            )
            for group in groups:
                fields |= _fields(group)
                body = group.get_payload()
                if isinstance(body, str) and not fields:
                    fields |= _fields(email.message_from_string(body.lstrip()))
    if fields.get("feedback-type", "abuse").strip().lower() in {"not-spam", "auth-failure", "dmarc"}:
        return None
    recipient = fields.get("original-rcpt-to", "").strip().strip("<>").lower()
    said = fields.get("feedback-type", "abuse").strip()
    return Report(kind=Kind.COMPLAINT, said=said, recipient=recipient, message_ids=_message_ids(mail))


def _in_sentences(mail: EmailMessage) -> Report | None:
    """Read a report without a report part: by codes in it where there are some, else by its words."""
    words = _ours_cut_off("\n".join(islice(_texts(mail), MOST_GROUPS))[:LONGEST_READ])
    status = _status_in(words)
    code = REPLY_CODE.search(words)
    is_gone, is_full = bool(GONE.search(words)), bool(FULL.search(words))
    if not (status or code or is_gone or is_full) or status.startswith("2"):
        return None
    said = (
        _line_of(words, status or (code[0] if code else ""))
        or _line_with(words, GONE)
        or _line_with(words, FULL)
    )
    class_of_code = status[:1] or (code[1] if code else "")
    if class_of_code == "5":
        is_soft = (bool(NOT_THE_ADDRESS.match(status)) or is_full) and not is_gone
    elif class_of_code == "4":
        # "We tried for five days": what failed for now has failed for good only as far as this mail goes.
        is_soft = True
    else:
        is_soft = not is_gone or bool(LATE.search(words))
    return Report(
        kind=Kind.SOFT if is_soft else Kind.HARD,
        said=said,
        recipient=_named_recipient(mail, words),
        message_ids=_message_ids(mail),
    )


SYSTEMS = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|mailsystem|mdaemon|maildelivery\S*"
    r"|microsoftexchange\w*|complaints?|bounce\S*)@",
    re.IGNORECASE,
)
AWAY_OR_READ = re.compile(
    r"(?:read|gelesen|le[íi]do|lu|recall|delivered|zugestellt|entregado|disposition notification)\s*:",
    re.IGNORECASE,
)


def _is_of_a_mail_system(mail: EmailMessage) -> bool:
    said = " ".join([*headers(mail, "From"), *headers(mail, "Sender")])[:LONGEST_LINE]
    return bool(SYSTEMS.search(said)) or bool(headers(mail, "X-Failed-Recipients"))


def _is_note(mail: EmailMessage) -> bool:
    """Say whether it tells that somebody is away, or that a mail was read: the address is well."""
    submitted = " ".join(headers(mail, "Auto-Submitted")).lower()
    is_reply = submitted.startswith("auto-replied") and not _is_of_a_mail_system(mail)
    is_vacation = any(headers(mail, name) for name in ("X-Autoreply", "X-Autorespond")) or any(
        value.lower().strip() == "auto_reply" for value in headers(mail, "Precedence")
    )
    is_read = _parameter(mail, "report-type") == "disposition-notification" or bool(
        AWAY_OR_READ.match(" ".join(headers(mail, "Subject")))
    )
    return is_reply or is_vacation or is_read


def _texts(mail: EmailMessage) -> Iterator[str]:
    """Return the plain words of a report, and of its HTML where it has no other."""
    parts = [part for part in _before_the_original(mail) if part.get_content_maintype() == "text"]
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    for part in plain or parts:
        words = words_of(part)[:LONGEST_READ]
        yield re.sub(r"<[^<>@]*>|&nbsp;", " ", words) if part.get_content_type() == "text/html" else words


def _before_the_original(mail: Any) -> Iterator[Any]:
    """Return the parts of a report, without those of the mail that it brings back."""
    if mail.get_content_maintype() == "message":
        return
    if mail.is_multipart():
        for part in mail.get_payload():
            yield from _before_the_original(part)
    elif mail.get_content_type() != "text/rfc822-headers":
        yield mail


ORIGINAL = re.compile(
    r"^(?:-+ ?(?:below this line|original message|this is a copy|begin message|the header)\b.*"
    r"|-{3,}+.*\b(?:copy|headers?|message)\b.*-*|"
    r"Received: from .*|Return-Path: .*)$",
    re.IGNORECASE | re.MULTILINE,
)


def _ours_cut_off(words: str) -> str:
    found = ORIGINAL.search(words)
    return words[: found.start()] if found else words


def _line_of(words: str, code: str) -> str:
    lines = [" ".join(line.split()) for line in words.splitlines()] if code else []
    return next((line[:500] for line in lines if code.strip() in line), "")


def _line_with(words: str, pattern: re.Pattern[str]) -> str:
    lines = [" ".join(line.split()) for line in words.splitlines()]
    return next((line[:500] for line in lines if pattern.search(line)), "")


ADDRESS = re.compile(r"[\w.+\-']+@[\w\-]+(?:\.[\w\-]+)+")


def _named_recipient(mail: EmailMessage, words: str) -> str:
    """Return the address that a report of sentences names: in a header, else alone in its words."""
    told = " ".join(headers(mail, "X-Failed-Recipients")) or " ".join(
        line for line in words.splitlines() if "@" in line and ADDRESS.search(line[:LONGEST_LINE])
    )
    found = {each.lower().strip("'") for each in ADDRESS.findall(told[:LONGEST_LINE])}
    return found.pop() if len(found) == 1 else ""


MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")


def _message_ids(mail: EmailMessage) -> tuple[str, ...]:
    """Return every Message-ID that a report names: in the original and in its headers."""
    found: list[str] = []
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        found += MESSAGE_ID.findall(" ".join(headers(mail, name)))
    for part in mail.walk():
        kind = part.get_content_type()
        if part is not mail and headers(part, "Message-ID"):
            found += MESSAGE_ID.findall(" ".join(headers(part, "Message-ID")))
        if (
            kind in {"text/rfc822-headers", "text/plain", "message/delivery-status"}
            and not part.is_multipart()
        ):
            told = re.findall(
                r"^>?[ \t]{0,9}(?:X-)?(?:Original-)?Message-ID:\s{0,9}(<\S{1,250}>)",
                words_of(part),
                re.I | re.M,
            )
            found += told
    return tuple(dict.fromkeys(found))[:MOST_GROUPS]


def _parameter(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get_param(name) or "").lower()
    except (ValueError, IndexError, AttributeError):
        return ""
