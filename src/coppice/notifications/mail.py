"""A message of the outbox as the mail that goes over the wire."""

from email.headerregistry import HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy, default
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from coppice.lib.lines import one_line
from coppice.notifications.inbound import addresses
from coppice.notifications.inbound.addresses import Use
from coppice.notifications.inbound.registry import registry
from coppice.notifications.models import Message
from coppice.notifications.subscriptions import unsubscribe_url

# Folded at 78 letters, what is too long would be written as =?utf-8?q?…?=, which nobody reads back in these
# (RFC 2047, 5: no encoded words inside of <…>). A line may have 998 letters (RFC 5322, 2.1.1).
UNFOLDED = {"list-unsubscribe", "list-post", "list-id", "message-id", "in-reply-to", "references"}


class Headers(HeaderRegistry):
    """The kinds of header, each made once: Python makes a class anew for every header of every mail."""

    def __init__(self) -> None:
        super().__init__()
        self._kind = cache(super().__getitem__)

    def __getitem__(self, name: str) -> type:
        return self._kind(name.lower())


HEADERS = Headers()


class AsWritten(EmailPolicy):
    """Writes addresses and ids in headers on one line, letter by letter."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in UNFOLDED and value.isascii():
            return f"{name}: {value}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in UNFOLDED and value.isascii():
            return self.fold(name, value).encode()
        return super().fold_binary(name, value)


class OutboxMail(EmailMultiAlternatives):
    """A mail whose links in headers arrive as links, and whose invitation is one more form of its words.

    Outlook and Gmail show their buttons for a text/calendar among the alternatives (RFC 6047 section 2.4);
    the same as a file (application/ics) is for programs that look for one there. Providers' web interfaces
    take no third alternative: they get the attachment as it is.
    """

    def message(self, *, policy: Any = default) -> EmailMessage:
        message = super().message(policy=AsWritten(linesep=policy.linesep, header_factory=HEADERS))
        if message.get_content_type() == "multipart/mixed":
            parts: Any = message.get_payload()
            parts[:] = [_as_file(part) if _is_invitation(part) else part for part in parts]
        return message

    def _add_bodies(self, msg: Any) -> Any:
        msg = super()._add_bodies(msg)  # type: ignore[misc]
        for part in self.attachments:
            if _is_invitation(part):
                parameters = {"charset": "utf-8", "method": part.get_param("method")}
                content = part.get_payload(decode=True)
                msg.add_alternative(content, "text", "calendar", cte="base64", params=parameters)
        return msg


def build(message: Message) -> OutboxMail:
    """Return the mail of one message: the same each time, so that a second copy is known as the same mail.

    Raises ValueError when an address or a header cannot be written.
    """
    try:
        validate_email(message.to_address)
    except ValidationError as wrong:
        raise ValueError(f"{message.to_address}: {wrong.message}") from wrong
    mail = OutboxMail(
        subject=message.subject,
        body=message.text,
        from_email=sender(message),
        to=[message.to_address],
        headers=_headers(message),
        reply_to=_reply_to(message),
    )
    if (returns_to := addresses.address(Use.BOUNCE, message)) and not _is_provider():
        # Django's SMTP takes the envelope's sender from here, and the mail's own from the header.
        mail.from_email, mail.extra_headers["From"] = returns_to, sender(message)
    mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments:
        mail.attach(_part(**attachment))
    return mail


def _is_invitation(part: Any) -> bool:
    is_calendar = isinstance(part, MIMEPart) and part.get_content_type() == "text/calendar"
    return is_calendar and part.get_param("method") is not None


def _as_file(part: Any) -> MIMEPart:
    """Return a calendar as a file that no program takes for a second invitation."""
    file = MIMEPart()
    content, name = part.get_payload(decode=True), part.get_filename()
    file.set_content(content, "application", "ics", disposition="attachment", filename=name)
    return file


def sender(message: Message) -> str:
    """Return who the mail is from: the installation's address under the name that the message gives."""
    name, address = parseaddr(settings.MAIL_FROM)
    return formataddr((one_line(message.sender_name) or name, address))


def _reply_to(message: Message) -> list[str]:
    """Return where a reply goes, under the name that the mail bears; nowhere else than to the sender when no
    reply is awaited."""
    address = addresses.address(Use.REPLY, message) if message.reply_to else ""
    return [formataddr((one_line(message.sender_name), address))] if address else []


def _is_provider() -> bool:
    """Say whether mail leaves through a provider's web interface, which has return paths of its own."""
    return str(settings.MAILERS["default"]["BACKEND"]).startswith("anymail.")


def _headers(message: Message) -> dict[str, str]:
    headers = {
        "Message-ID": message.message_id,
        "Date": format_datetime(message.created_at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.list_key:
        headers |= _list_headers(message)
    root = _root_of_thread(message)
    if root:
        headers |= {"In-Reply-To": root, "References": root}
    return headers


def _list_headers(message: Message) -> dict[str, str]:
    host = urlsplit(settings.BASE_URL).hostname
    name = "".join(letter for letter in message.list_name if letter not in '"<>\\' and letter.isprintable())
    list_id = f"<{message.list_key.replace(':', '-')}.{host}>"
    leave = f"<{unsubscribe_url(message.recipient_id, message.list_key)}>"
    by_mail = addresses.address(Use.LEAVE, message)
    headers = {
        "List-Id": f'"{name}" {list_id}' if name.isascii() and name else list_id,
        "List-Unsubscribe": f"{leave}, <mailto:{by_mail}>" if by_mail else leave,
    }
    if post_address := _post_address(message.list_key):
        headers["List-Post"] = f"<mailto:{post_address}>"
    if settings.BASE_URL.startswith("https://"):  # RFC 8058, 3.1: the claim needs an https address
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _post_address(list_key: str) -> str:
    """Return the address by which anybody in a list writes to it; "" where there is none."""
    kind, _, number = list_key.partition(":")
    address = registry.addresses.get(kind)
    if address is None or not settings.MAIL_INBOUND_DOMAIN or not number.isdecimal():
        return ""
    local_part = address.local_part(int(number))
    return f"{local_part}@{settings.MAIL_INBOUND_DOMAIN}" if local_part else ""


def _root_of_thread(message: Message) -> str:
    if not message.thread:
        return ""
    first = (
        Message.objects.filter(recipient=message.recipient_id, thread=message.thread, pk__lt=message.pk)
        .order_by("pk")
        .values_list("message_id", flat=True)
        .first()
    )
    return first or ""


def _part(*, filename: str, content_type: str, text: str) -> MIMEPart:
    """Return a text attachment with the parameters of its type, such as `method=REQUEST` for calendars."""
    kind, _, parameters = content_type.partition(";")
    pairs = [parameter.strip().partition("=") for parameter in parameters.split(";") if "=" in parameter]
    part = MIMEPart()
    part.set_content(
        text.encode(),
        maintype="text",
        subtype=kind.strip().removeprefix("text/"),
        cte="base64",
        disposition="attachment",
        filename=filename,
        params={"charset": "utf-8"}
        | {name: value.strip('"') for name, _, value in pairs if name != "charset"},
    )
    return part
