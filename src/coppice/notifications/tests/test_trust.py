"""Whether mail will be trusted, asked of a real DNS server on the loopback."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import caches
from django.utils import timezone

from coppice.lib.dkim_signing import Signer, signer
from coppice.lib.dns_questions import Question, ask
from coppice.notifications import tasks, trust
from coppice.notifications.trust import Record, Standing
from tests.dns_server import Zone, dns_server

GOOD, MEND, UNKNOWN = Standing.GOOD, Standing.MEND, Standing.UNKNOWN
SMTP = {"default": {"BACKEND": "smtp", "OPTIONS": {"host": "relay.coppice.example"}}}


@pytest.fixture
def zone(settings) -> Iterator[Zone]:
    caches["progress"].delete(trust.KEY)
    settings.MAIL_FROM = "Coppice <post@mail.coppice.example>"
    settings.MAIL_BACKEND, settings.MAILERS = "smtp", SMTP
    settings.MAIL_INBOUND_DOMAIN, settings.DKIM_SIGNER = "", None
    settings.BASE_URL = "https://app.coppice.example"
    with dns_server() as zone:
        settings.DNS_SERVER = zone.address
        yield zone
    caches["progress"].delete(trust.KEY)


@pytest.fixture(scope="module")
def by() -> Signer:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signer(pem.decode(), selector="coppice", domain="coppice.example")


def found() -> dict[str, tuple[Standing, Record | None]]:
    tasks.look_at_mail_records.call()
    look = trust.last()
    assert look is not None
    return {each.name: (each.standing, each.record) for each in trust.findings(look.answers)}


def quoted(words: str) -> list[str]:
    """A TXT record, in pieces of at most 255 letters as DNS wants it."""
    return [" ".join(f'"{words[start : start + 200]}"' for start in range(0, len(words), 200))]


def test_where_nothing_stands_each_record_to_add_is_told(zone: Zone, settings, by) -> None:
    settings.DKIM_SIGNER, settings.MAIL_INBOUND_DOMAIN = by, "in.coppice.example"

    assert found() == {
        "SPF of mail.coppice.example": (
            MEND,
            Record("mail.coppice.example", "TXT", "v=spf1 a:relay.coppice.example ~all"),
        ),
        "SPF of in.coppice.example": (
            MEND,
            Record("in.coppice.example", "TXT", "v=spf1 a:relay.coppice.example ~all"),
        ),
        "DKIM": (MEND, Record("coppice._domainkey.coppice.example", "TXT", by.record)),
        "DMARC": (
            MEND,
            Record(
                "_dmarc.mail.coppice.example",
                "TXT",
                "v=DMARC1; p=none; rua=mailto:postmaster@mail.coppice.example",
            ),
        ),
        "Answers to in.coppice.example": (MEND, Record("in.coppice.example", "MX", "10 app.coppice.example")),
    }


def test_the_records_that_we_tell_to_add_are_found_good(zone: Zone, settings, by) -> None:
    settings.DKIM_SIGNER, settings.MAIL_INBOUND_DOMAIN = by, "in.coppice.example"
    for _standing, record in found().values():
        is_text = record.kind == "TXT"
        zone[record.name, record.kind] = quoted(record.value) if is_text else [f"{record.value}."]

    assert {standing for standing, _record in found().values()} == {GOOD}


def test_a_policy_of_the_domain_above_counts(zone: Zone) -> None:
    zone["_dmarc.coppice.example", "TXT"] = quoted("v=DMARC1; p=reject")
    zone["_dmarc.mail.coppice.example", "TXT"] = quoted("something else")

    assert found()["DMARC"] == (GOOD, None)


@pytest.mark.parametrize(
    ("records", "standing", "value"),
    [
        (["v=spf1 mx -all"], GOOD, None),
        (["v=spf1 redirect=_spf.example.org"], GOOD, None),
        (["v=spf1 mx +all"], MEND, "v=spf1 mx ~all"),
        (["v=spf1 mx ?all"], MEND, "v=spf1 mx ~all"),
        (["v=spf1 mx"], MEND, "v=spf1 mx ~all"),
        (["v=spf1 -all", "V=SPF1 mx -all"], MEND, None),
        (["v=spf10 -all", "a-word=1"], MEND, "v=spf1 a:relay.coppice.example ~all"),
    ],
)
def test_spf_is_read_as_mailboxes_do(zone: Zone, records, standing, value) -> None:
    zone["mail.coppice.example", "TXT"] = [each for record in records for each in quoted(record)]

    record = value and Record("mail.coppice.example", "TXT", value)

    assert found()["SPF of mail.coppice.example"] == (standing, record)


def test_two_policies_of_dmarc_are_none(zone: Zone) -> None:
    zone["_dmarc.mail.coppice.example", "TXT"] = [*quoted("v=DMARC1; p=none"), *quoted("v=DMARC1; p=reject")]

    assert found()["DMARC"] == (MEND, None)


def test_another_key_and_another_domain_are_told(zone: Zone, settings, by) -> None:
    settings.DKIM_SIGNER = by
    zone[by.name, "TXT"] = quoted("v=DKIM1; k=rsa; p=AAAA")
    assert found()["DKIM"] == (MEND, Record(by.name, "TXT", by.record))

    zone[by.name, "TXT"] = quoted(by.record)
    settings.MAIL_FROM = "post@elsewhere.example"
    assert found()["DKIM"] == (MEND, None)


def test_what_a_provider_signs_is_the_providers_to_tell(zone: Zone, settings) -> None:
    assert found()["DKIM"] == (UNKNOWN, None)

    settings.MAIL_BACKEND = "postmark"

    assert found()["SPF of mail.coppice.example"] == (UNKNOWN, None)
    assert found()["DKIM"] == (UNKNOWN, None)


def test_a_server_known_by_number_is_told_as_the_mail_server_of_the_domain(zone: Zone, settings) -> None:
    settings.MAILERS = {"default": {"OPTIONS": {"host": "192.0.2.7"}}}

    [_, record] = found()["SPF of mail.coppice.example"]

    assert record.value == "v=spf1 mx ~all"


def test_without_an_answer_nothing_is_claimed_and_nobody_waits_long(zone: Zone, settings, by) -> None:
    settings.DKIM_SIGNER, settings.MAIL_INBOUND_DOMAIN = by, "in.coppice.example"
    zone.is_silent = True
    began = time.monotonic()

    told = found()

    assert time.monotonic() - began < 6
    assert {standing for standing, _record in told.values()} == {UNKNOWN}
    assert len(told) == 5


def test_a_sender_of_no_domain_is_to_mend(zone: Zone, settings) -> None:
    settings.MAIL_FROM = "Coppice <coppice@localhost>"

    assert found() == {"Sender": (MEND, None)}


def test_a_look_is_under_way_until_it_has_found_or_is_lost(zone: Zone) -> None:
    assert trust.last() is None

    trust._keep(None)
    assert not trust.last().is_over

    kept = caches["progress"].get(trust.KEY)
    caches["progress"].set(trust.KEY, kept | {"at": timezone.now() - timedelta(minutes=1)})
    assert trust.last().is_over


def test_dns_is_asked_as_this_machine_does_and_odd_names_do_not_break_it(zone: Zone, monkeypatch) -> None:
    zone["a.example", "MX"] = ["20 b.example.", "10 C.example."]
    long, host = Question("a" * 70 + ".example", "TXT"), Question("a.example", "MX")

    assert ask([long, host], server=zone.address) == {long: (), host: ("c.example", "b.example")}

    monkeypatch.setattr("dns.resolver.Resolver.read_resolv_conf", lambda *_: _no_configuration())
    assert ask([host]) == {host: None}


def _no_configuration() -> None:
    import dns.resolver

    raise dns.resolver.NoResolverConfiguration


@pytest.mark.parametrize(("backend", "asked"), [("smtp", True), ("postmark", False)])
def test_spf_of_where_failures_return_to_matters_only_where_they_do(settings, backend, asked) -> None:
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    settings.MAIL_INBOUND_DOMAIN, settings.MAIL_BACKEND = "in.coppice.example", backend

    names = [finding.name for finding in trust.findings({})]

    assert ("SPF of in.coppice.example" in names, "Answers to in.coppice.example" in names) == (asked, True)
