"""What stands in a mail as it came in: its words, its files, and what tells it from any other mail."""

import email
import email.policy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from coppice.lib.lines import one_line
from coppice.notifications.inbound_models import LONGEST_ADDRESS, LONGEST_ID

MOST_FILES = 10
UNNAMED = "attachment"
SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
# Python knows others by names of its own; these are written by mail programs that mean them.
CHARSETS = {"cp-850": "cp850", "x-unknown": "utf-8", "unknown-8bit": "utf-8", "iso-8859-8-i": "iso-8859-8"}


@dataclass(frozen=True)
class ReadFile:
    """A file in a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class ReadMail:
    """A mail, read: whatever is wrong with it, what can be read is here.

    `from_address` and `message_id` are "" where the mail names none; addresses are in small letters. `text`
    is all of its plain words with quotes and signature, "" when it has only HTML.
    """

    mail: EmailMessage
    from_address: str
    subject: str
    message_id: str
    text: str
    html: str
    files: tuple[ReadFile, ...]

    def header(self, name: str) -> str:
        """Return the first value of a header on one line; "" where it is absent or cannot be read."""
        return next(iter(headers(self.mail, name)), "")

    def addresses(self, *names: str) -> list[str]:
        """Return every address in these headers, in small letters."""
        return _addresses(self.mail, *names)


def read(raw: bytes) -> ReadMail:
    """Read a whole mail (RFC 5322); raises nothing, whatever it is given."""
    mail: Any = email.message_from_bytes(raw, policy=email.policy.default)
    texts, htmls, files = _parts(mail)
    return ReadMail(
        mail=mail,
        from_address=next(iter(_addresses(mail, "From")), "")[:LONGEST_ADDRESS],
        subject=one_line(next(iter(headers(mail, "Subject")), ""))[:300],
        message_id=next(iter(headers(mail, "Message-ID")), "").strip()[:LONGEST_ID],
        text="\n\n".join(texts),
        html="\n".join(htmls),
        files=tuple(files),
    )


def headers(mail: EmailMessage, name: str) -> list[str]:
    """Return a header's values; what Python's own reading of a header cannot take is read as it stands."""
    try:
        return [str(value) for value in mail.get_all(name, [])]
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]


def digest(read_mail: ReadMail, recipient: str) -> str:
    """Return what is the same however often, and by whatever way, the same mail is brought for an address.

    What carriers write on the way, and how the parts are held together, does not count: a provider that tells
    a mail in JSON lets it be put together anew each time.
    """
    said = hashlib.sha256()
    for words in (recipient, read_mail.message_id, read_mail.from_address, read_mail.subject):
        said.update(words.encode(errors="replace") + b"\0")
    if not read_mail.message_id:
        said.update(read_mail.header("Date").encode(errors="replace") + b"\0")
    for part in _leaves(read_mail.mail):
        said.update(part.get_content_type().encode(errors="replace") + b"\0")
        said.update(hashlib.sha256(b"\n".join(content_of(part).strip().splitlines())).digest())
    return said.hexdigest()


def content_of(part: Any) -> bytes:
    """Return the bytes of one part, whatever its encoding; a mail within the mail is whole."""
    if part.get_content_maintype() == "message":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def words_of(part: Any) -> str:
    """Return the words of one text part; letters that cannot be read have a mark in their place."""
    content = content_of(part)
    charset = str(part.get_content_charset("utf-8")).strip("'\" ").lower()
    try:
        words = content.decode(CHARSETS.get(charset, charset), errors="replace")
    except LookupError:
        words = content.decode(errors="replace")
    return words.replace("\r\n", "\n").replace("\0", "")


def _addresses(mail: EmailMessage, *names: str) -> list[str]:
    values = [value for name in names for value in headers(mail, name)]
    return [address.strip().lower() for _name, address in getaddresses(values) if "@" in address]


def _leaves(mail: Any) -> Iterator[Any]:
    """Return the parts that hold no others; what hangs on a mail within the mail is its own affair."""
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in mail.get_payload():
            yield from _leaves(part)
    else:
        yield mail


def _parts(mail: Any) -> tuple[list[str], list[str], list[ReadFile]]:
    texts: list[str] = []
    htmls: list[str] = []
    files: list[ReadFile] = []
    for part in _leaves(mail):
        kind = part.get_content_type()
        is_file = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if kind == "text/plain" and not is_file:
            texts.append(words_of(part))
        elif kind == "text/html" and not is_file:
            htmls.append(words_of(part))
        elif (
            kind not in SIGNATURES
            and not (kind.startswith("message/") and not is_file)
            and len(files) < MOST_FILES
        ):
            files.append(_file(part, kind))
    return texts, htmls, [file for file in files if file.content]


def _file(part: Any, kind: str) -> ReadFile:
    name = one_line(str(part.get_filename() or ""))[-200:]
    return ReadFile(name=name or UNNAMED, content_type=kind[:100], content=content_of(part))
