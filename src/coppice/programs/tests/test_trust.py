"""The page that says whether mail is trusted: nobody looked, looking, found, lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.notifications import tasks, trust
from coppice.programs.tests import factories
from tests.dns_server import Zone, dns_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone(settings) -> Iterator[Zone]:
    caches["progress"].delete(trust.KEY)
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    with dns_server() as zone:
        settings.DNS_SERVER = zone.address
        yield zone
    caches["progress"].delete(trust.KEY)


def test_staff_look_and_read_what_to_add(client: Client, zone: Zone, monkeypatch) -> None:
    administrator = factories.person()
    program = factories.program(factories.provider(administrator=administrator))
    client.force_login(administrator)
    page, progress = (reverse(f"programs:mail_{each}", args=[program.pk]) for each in ("trust", "progress"))
    wanted = []
    monkeypatch.setattr(trust, "after_commit", wanted.append)
    zone["coppice.example", "TXT"] = ['"v=spf1 mx -all"']

    assert "Nobody has looked today." in client.get(page).content.decode()
    assert "Nobody came back" in client.get(progress).content.decode()

    response = client.post(reverse("programs:mail_lookup", args=[program.pk]), {"once": "a" * 22})

    assert (response.status_code, response["Location"]) == (302, page)
    assert wanted == ["coppice.notifications.tasks.look_at_mail_records"]
    assert zone.asked == []
    assert "Asking DNS" in client.get(page).content.decode()
    assert "Asking DNS" in client.get(progress).content.decode()

    tasks.look_at_mail_records.call()

    assert "DNS has answered." in client.get(progress).content.decode()
    told = client.get(page).content.decode()
    assert "v=spf1 mx -all" in told
    assert "<code>_dmarc.coppice.example</code>" in told

    caches["progress"].set(trust.KEY, {"at": timezone.now() - timedelta(minutes=1), "answers": None})
    assert "Nobody came back" in client.get(page).content.decode()


@pytest.mark.parametrize(("back", "name"), [("mail", "mail"), ("trust", "mail_trust"), ("/x/", None)])
def test_who_sends_a_test_mail_stays_where_they_were(client: Client, back: str, name: str | None) -> None:
    staff = factories.person()
    program = factories.program(factories.provider(administrator=staff))
    client.force_login(staff)

    sent = client.post(f"/programs/{program.pk}/mail-test/", {"back": back})

    there = reverse(f"programs:{name}", args=[program.pk]) if name else f"/programs/{program.pk}/setup/"
    assert sent.headers["Location"] == there
    shown = client.get(there).text
    assert ("say here whether it arrived" in shown) == (name is None)
