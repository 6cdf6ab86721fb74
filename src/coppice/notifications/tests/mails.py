"""Mails as people, machines and mail servers write them."""

import itertools
from email.message import EmailMessage
from typing import Any

_numbers = itertools.count(1)


def make_mail(
    *,
    to: str,
    sender: str = "ana@example.org",
    text: str | None = "Yes, I can help.",
    html: str = "",
    files: tuple[tuple[str, str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A mail as a person's program writes it; headers are given as In_Reply_To="<…>"."""
    mail = EmailMessage()
    given = {
        "From": sender,
        "To": to,
        "Subject": "Re: First meeting",
        "Message-ID": f"<{next(_numbers)}.words@mail.example.org>",
        "Date": "Fri, 27 Nov 2026 10:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        mail[name] = value
    if text is not None:
        mail.set_content(text)
    if html and text is None:
        mail.set_content(html, subtype="html")
    elif html:
        mail.add_alternative(html, subtype="html")
    for name, content_type, content in files:
        main, _, sub = content_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


class Room:
    """A room above that receives mail, and refuses it when it is told to."""

    def __init__(self) -> None:
        self.received: list[tuple[Any, int, Any]] = []
        self.refusal: Exception | None = None

    def receive(self, person: Any, subject_id: int, incoming: Any) -> None:
        self.received.append((person, subject_id, incoming))
        if self.refusal is not None:
            raise self.refusal
