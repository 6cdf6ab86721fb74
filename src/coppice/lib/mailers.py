"""Which way mail leaves, as MAILERS wants it: kept, by SMTP, or through a provider's web interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SECONDS = 20


@dataclass(frozen=True)
class Provider:
    """A provider of mail that anymail speaks to: its name in words, and what anymail calls its keys."""

    name: str
    key: str = "api_key"
    secret: str = ""


PROVIDERS: Mapping[str, Provider] = {
    "brevo": Provider("Brevo"),
    "mailersend": Provider("MailerSend", key="api_token"),
    "mailgun": Provider("Mailgun"),
    "mailjet": Provider("Mailjet", secret="secret_key"),  # noqa: S106 - the name of an option
    "mandrill": Provider("Mandrill"),
    "postmark": Provider("Postmark", key="server_token"),
    "resend": Provider("Resend"),
    "sparkpost": Provider("SparkPost"),
}


def mailer(
    backend: str, *, smtp: Mapping[str, Any], key: str = "", secret: str = "", api_url: str = ""
) -> dict[str, Any]:
    """Return the entry of MAILERS for "keep", "smtp", the name of a provider or the path of a mail backend.

    `smtp` holds the options of an SMTP server, the rest is for a provider. Raises ImproperlyConfigured, with
    a sentence that names the setting to mend.
    """
    if backend == "keep":
        return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if backend == "smtp":
        options = {**smtp, "timeout": SECONDS}
        return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    if backend in PROVIDERS:
        options = _keys(backend, key=key, secret=secret) | ({"api_url": api_url} if api_url else {})
        path = f"anymail.backends.{backend}.EmailBackend"
        return {"BACKEND": path, "OPTIONS": {**options, "timeout": SECONDS}}
    if "." in backend:
        return {"BACKEND": backend}
    known = ", ".join(["keep", "smtp", *PROVIDERS])
    raise ImproperlyConfigured(f"COPPICE_MAIL_BACKEND={backend} is unknown. Choose one of {known}.")


def _keys(backend: str, *, key: str, secret: str) -> dict[str, str]:
    provider = PROVIDERS[backend]
    wanted = [(provider.key, key, "COPPICE_MAIL_KEY"), (provider.secret, secret, "COPPICE_MAIL_SECRET")]
    missing = [setting for name, value, setting in wanted if name and not value]
    if missing:
        raise ImproperlyConfigured(f"COPPICE_MAIL_BACKEND={backend} needs {' and '.join(missing)} too.")
    return {name: value for name, value, _ in wanted if name}
