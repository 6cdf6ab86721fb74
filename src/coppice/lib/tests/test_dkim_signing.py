"""Signing mail: whoever checks the signature with the record that we tell finds it good."""

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from django.core.exceptions import ImproperlyConfigured

from coppice.lib.dkim_signing import SigningBackend, signer, signing
from coppice.lib.mailers import mailer

MAIL = (
    b"From: Coppice <post@coppice.example>\r\nTo: ana@example.org\r\nSubject: A =?utf-8?q?f=C3=BCr_B?=\r\n"
    b"List-Unsubscribe: <https://coppice.example/mail/unsubscribe/a/>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n.\r\nthere \r\n\r\n"
)


def pem(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture(scope="module")
def key() -> str:
    return pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def is_signed(mail: bytes, by) -> bool:
    """Check as a mailbox does, with the one record that we told to add."""
    records = {f"{by.name}.".encode(): by.record.encode()}
    return dkim.verify(mail, dnsfunc=lambda name, timeout=5: records.get(name))


def test_a_signed_mail_is_known_and_a_changed_one_is_not(key: str) -> None:
    by = signer(key, selector="coppice", domain="coppice.example")

    signed = by.sign(MAIL)

    assert by.name == "coppice._domainkey.coppice.example"
    assert is_signed(signed, by)
    for before, after in (
        (b"Hello", b"Hallo"),
        (b"unsubscribe/a/", b"unsubscribe/b/"),
        (b"One-Click", b"Two-Clicks"),
        (b"To: ana", b"From: eve@example.org\r\nTo: ana"),
    ):
        assert not is_signed(signed.replace(before, after, 1), by)
    unfolded = signed.split(b"From:")[0].replace(b"\r\n ", b"").decode()
    assert "list-unsubscribe : list-unsubscribe-post : from" in unfolded


def test_a_key_is_given_as_a_file_or_as_itself_on_one_line(key: str, tmp_path) -> None:
    file = tmp_path / "dkim.pem"
    file.write_text(key)

    by_file = signer(str(file), selector="s", domain="Coppice.example")
    by_words = signer(key.replace("\n", "\\n"), selector="s", domain="coppice.example")

    assert by_file == by_words
    assert key not in repr(by_file)
    assert signer("", selector="s", domain="coppice.example") is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"key": "/nowhere/dkim.pem"}, "COPPICE_DKIM_KEY=/nowhere/dkim.pem cannot be read"),
        ({"key": "-----BEGIN nothing"}, "COPPICE_DKIM_KEY holds no private RSA key"),
        ({"key": pem(ed25519.Ed25519PrivateKey.generate())}, "COPPICE_DKIM_KEY holds no private RSA key"),
        (
            {"key": pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))},
            "fewer than 2048 bits",
        ),
        ({"selector": "a b"}, "COPPICE_DKIM_SELECTOR=a b is no name of DNS."),
        ({"domain": ""}, "COPPICE_DKIM_DOMAIN= is no name of DNS."),
    ],
)
def test_what_cannot_sign_says_which_setting_to_mend(key: str, given: dict, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        signer(
            given.get("key", key),
            selector=given.get("selector", "s"),
            domain=given.get("domain", "a.example"),
        )


def test_only_smtp_is_signed_here(key: str) -> None:
    by = signer(key, selector="s", domain="a.example")
    smtp = mailer("smtp", smtp={"host": "mail.example.org"})
    provider = mailer("postmark", smtp={}, key="k")

    signed = signing(smtp, by=by)

    assert (signed["BACKEND"], signed["OPTIONS"]["signer"]) == (
        f"{SigningBackend.__module__}.{SigningBackend.__name__}",
        by,
    )
    assert signing(smtp, by=None) == smtp
    assert signing(provider, by=by) == provider
