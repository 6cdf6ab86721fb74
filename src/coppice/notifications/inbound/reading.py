"""What stands in a mail as it came in: its words, its files, and what tells it from any other mail."""

import email
import email.parser
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from itertools import islice
from typing import Any

from coppice.lib.lines import one_line
from coppice.notifications.inbound_models import LONGEST_ADDRESS, LONGEST_ID

MOST_FILES = 10
UNNAMED = "attachment"
SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
# Python knows others by names of its own; these are written by mail programs that mean them.
CHARSETS = {"cp-850": "cp850", "x-unknown": "utf-8", "unknown-8bit": "utf-8", "iso-8859-8-i": "iso-8859-8"}
# Python decodes these, too, and no mail is written in them; one takes the square of a text's length.
NO_CHARSETS = {"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape"}
LONGEST_HEADER = 10_000
"""So many letters of a header are read: Python's reading of addresses takes the square of their number."""
MOST_OF_ONE_NAME = 100
"""So many headers of one name are read."""
MOST_LINES = 1_000_000
MOST_HOLDERS = 300
MOST_WORK = 20_000_000
"""Each part that holds others looks at each line for its end: so many take half a minute."""
BROKEN = (ValueError, IndexError, AttributeError, TypeError, LookupError, RecursionError)


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
        return addresses_in(self.mail, *names)


class _Lenient(email.policy.EmailPolicy):
    """Reads every header: what Python's own reading cannot take, or not in time, is read as it stands."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        if not isinstance(value, str) or len(value) <= LONGEST_HEADER:
            try:
                return super().header_fetch_parse(name, value)
            except BROKEN:
                pass
        words = well_formed(" ".join(str(value)[:LONGEST_HEADER].splitlines()))
        # Its parameters are what cannot be read, and Python would try again.
        return words.partition(";")[0] if name.lower().startswith("content-") else words


POLICY: Any = _Lenient()


def is_too_tangled(raw: bytes) -> bool:
    """Say whether a mail is built so that reading it would take minutes or hours; no mail program does."""
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    holders = sum(1 for _found in HOLDERS.finditer(raw))
    return lines > MOST_LINES or holders > MOST_HOLDERS or lines * (1 + holders) > MOST_WORK


HOLDERS = re.compile(rb"boundary\s{0,9}[=*]|content-type:\s{0,9}message/", re.IGNORECASE)


def well_formed(words: str) -> str:
    """Return words that every database keeps: no halves of letters, and no letter of number zero."""
    return words.encode(errors="replace").decode().replace("\0", "")


def read(raw: bytes) -> ReadMail:
    """Read a whole mail (RFC 5322); raises nothing, whatever it is given that is not too tangled."""
    mail: Any = parsed(raw)
    texts, htmls, files = _parts(mail)
    return ReadMail(
        mail=mail,
        from_address=next(iter(addresses_in(mail, "From")), "")[:LONGEST_ADDRESS],
        subject=one_line(next(iter(headers(mail, "Subject")), ""))[:300],
        message_id=next(iter(headers(mail, "Message-ID")), "").strip()[:LONGEST_ID],
        text="\n\n".join(texts),
        html="\n".join(htmls),
        files=tuple(files),
    )


def parsed(raw: bytes) -> EmailMessage:
    """Return a mail cut into its parts; of one that holds too many within one another, its headers alone."""
    try:
        mail: Any = email.message_from_bytes(raw, policy=POLICY)
    except RecursionError:
        mail = email.parser.BytesHeaderParser(policy=POLICY).parsebytes(raw)
    return mail


def headers(mail: EmailMessage, name: str) -> list[str]:
    """Return a header's values; what Python's own reading of a header cannot take is read as it stands."""
    values = (value for key, value in mail.raw_items() if key.lower() == name.lower())
    return [
        well_formed(str(POLICY.header_fetch_parse(name, value))) for value in islice(values, MOST_OF_ONE_NAME)
    ]


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
    try:
        if part.get_content_maintype() == "message":
            inner = part.get_payload()
            return inner[0].as_bytes() if isinstance(inner, list) and inner else b""
        content = part.get_payload(decode=True)
    except BROKEN:
        return b""
    return content if isinstance(content, bytes) else b""


def words_of(part: Any) -> str:
    """Return the words of one text part; letters that cannot be read have a mark in their place."""
    content = content_of(part)
    charset = str(part.get_content_charset("utf-8")).strip("'\" ").lower()
    charset = "utf-8" if re.sub(r"\W", "_", charset) in NO_CHARSETS else CHARSETS.get(charset, charset)
    try:
        words = content.decode(charset, errors="replace")
    except (LookupError, ValueError):
        words = content.decode(errors="replace")
    return well_formed(words.replace("\r\n", "\n"))


def addresses_in(mail: EmailMessage, *names: str) -> list[str]:
    """Return every address in these headers, in small letters; of what cannot be read as addresses, none."""
    values = [value for name in names for value in headers(mail, name)]
    try:
        found = getaddresses(values)
    except BROKEN:
        return []
    return [address.strip().lower() for _name, address in found if "@" in address]


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
    return ReadFile(name=name or UNNAMED, content_type=well_formed(kind)[:100], content=content_of(part))
