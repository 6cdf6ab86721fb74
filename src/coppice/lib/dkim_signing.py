"""Signing what leaves by SMTP, so that mailboxes can tell that it is from our domain (DKIM, RFC 6376)."""

import base64
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend

SMALLEST_KEY = 2048
"""Bits that a signer should have at least (RFC 8301, 3.2)."""

SIGNED = (
    *(
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "reply-to",
        "in-reply-to",
        "references",
        "auto-submitted",
    ),
    *("mime-version", "content-type", "content-transfer-encoding", "list-id"),
    *("list-unsubscribe", "list-unsubscribe-post"),  # the button is shown for signed ones alone (RFC 8058, 4)
)
"""Headers that are signed where a mail has them; From once more, so that nobody can put in a second one."""


@dataclass(frozen=True)
class Signer:
    """A key, and where its public half is found: `selector`._domainkey.`domain`."""

    key: bytes = field(repr=False)
    selector: str
    domain: str

    @property
    def name(self) -> str:
        """The name of the DNS record that tells the public key."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The words of that record, of type TXT."""
        public = _private(self.key).public_key()
        told = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(told).decode()}"

    def sign(self, mail: bytes) -> bytes:
        """Return a mail, whole as it goes over the wire with CRLF, under the header that signs it."""
        present = {name.strip().lower() for name, _ in dkim.rfc822_parse(mail)[0]}
        names = [name.encode() for name in SIGNED if name.encode() in present]
        signature = dkim.sign(
            mail,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*names, b"from"],
        )
        return signature + mail


class SigningBackend(EmailBackend):
    """Django's SMTP, each mail signed last of all: nothing is changed after it."""

    def __init__(self, *, signer: Signer, **options: Any) -> None:
        super().__init__(**options)
        self.signer = signer

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        """What connects: Django only calls it."""
        return partial(_SigningSMTP, self.signer)


class _SigningSMTP(smtplib.SMTP):
    def __init__(self, signer: Signer, *args: Any, **options: Any) -> None:
        self._signer = signer
        super().__init__(*args, **options)

    def sendmail(self, from_addr: Any, to_addrs: Any, msg: Any, *args: Any, **options: Any) -> Any:
        return super().sendmail(from_addr, to_addrs, self._signer.sign(msg), *args, **options)


def signer(key: str, *, selector: str, domain: str) -> Signer | None:
    """Return who signs with a key, the path of one or its PEM; None without a key.

    Raises ImproperlyConfigured, with a sentence that names the setting, when it is no RSA key of 2048 bits or
    more, cannot be read, or the selector or domain cannot stand in a record's name.
    """
    if not key:
        return None
    pem = _read(key)
    try:
        private = _private(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise ImproperlyConfigured(f"COPPICE_DKIM_KEY holds no private RSA key in PEM: {wrong}") from wrong
    if private.key_size < SMALLEST_KEY:
        raise ImproperlyConfigured(f"The key of COPPICE_DKIM_KEY has fewer than {SMALLEST_KEY} bits.")
    for setting, value in (("COPPICE_DKIM_SELECTOR", selector), ("COPPICE_DKIM_DOMAIN", domain)):
        if not value.isascii() or not all(part.replace("-", "a").isalnum() for part in value.split(".")):
            raise ImproperlyConfigured(f"{setting}={value} is no name of DNS.")
    return Signer(pem, selector, domain.lower())


def signing(mailer: dict[str, Any], by: Signer | None) -> dict[str, Any]:
    """Return an entry of MAILERS that signs too, where it is SMTP; providers sign by themselves."""
    if by is None or mailer["BACKEND"] != "django.core.mail.backends.smtp.EmailBackend":
        return mailer
    options: Mapping[str, Any] = mailer["OPTIONS"]
    return {"BACKEND": "coppice.lib.dkim_signing.SigningBackend", "OPTIONS": {**options, "signer": by}}


def _read(key: str) -> bytes:
    if "-----BEGIN" in key:
        return key.replace("\\n", "\n").encode()
    try:
        return Path(key).read_bytes()
    except OSError as failure:
        raise ImproperlyConfigured(f"COPPICE_DKIM_KEY={key} cannot be read: {failure.strerror}.") from failure


def _private(pem: bytes) -> RSAPrivateKey:
    private = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(private, RSAPrivateKey):
        raise ValueError("it is of another kind")
    return private
