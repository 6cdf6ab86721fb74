"""Taking everything along, and being erased."""

import csv
import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coppice.accounts import actions, portrait
from coppice.accounts.links import make_sign_in_token, make_token
from coppice.accounts.models import Person
from coppice.accounts.signals import person_erased
from coppice.accounts.tests.factories import make_person
from coppice.history.actions import record
from coppice.history.models import Entry, Receipt
from coppice.notifications.models import Message, Mute
from coppice.notifications.tests.factories import make_message

pytestmark = pytest.mark.django_db


def unpack(answer) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_everything_about_me_is_there_as_json_and_csv_and_explained(client):
    ana = make_person(name="=HYPERLINK()", phone="+51 1", email="ana@example.org")
    make_message(ana, subject="First meeting\nof ñandúes", text="Say whether you come.")
    make_message(make_person(name="Ben"), subject="Not mine")
    client.force_login(ana)

    answer = client.get("/me/privacy/download/")

    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="coppice-')
    files = unpack(answer)
    [person] = json.loads(files["accounts-person.json"])
    assert (person["name"], person["email"], person["phone"]) == ("=HYPERLINK()", "ana@example.org", "+51 1")
    [message] = json.loads(files["notifications-message-recipient.json"])
    assert (message["subject"], message["text"]) == ("First meeting\nof ñandúes", "Say whether you come.")
    [row] = csv.DictReader(io.StringIO(files["accounts-person.csv"]))
    assert (row["name"], row["phone"], row["last_login"]) == ("'=HYPERLINK()", "+51 1", row["last_login"])
    assert "Not mine" not in "".join(files.values())
    readme = files["README.txt"]
    for name in files.keys() - {"README.txt"}:
        assert name in readme
    assert "- email: email address" in readme
    assert {name.partition(".")[0] for name in files} >= {"history-entry-actor", "history-entry-about"}


def test_no_cell_is_a_formula():
    cells = [None, "plain", "+51 1", "-3", "-1+1|cmd", "+1-800-555", "=1", "@sum", "\tx", {"a": ["ñ"]}, 5]

    written = portrait.as_csv(["said"], [{"said": cell} for cell in cells])

    assert [row["said"] for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig")))] == [
        "",
        "plain",
        "+51 1",
        "-3",
        "'-1+1|cmd",
        "'+1-800-555",
        "'=1",
        "'@sum",
        "'\tx",
        '{"a": ["ñ"]}',
        "5",
    ]


def test_my_own_download_names_nobody_else(client):
    rosa = make_person(name="Rosa")
    with transaction.atomic():
        record(
            "membership.made_leader",
            scope="program:1",
            by=rosa,
            subject=make_person(name="Amara Obi"),
            about=make_person(name="Amara Obi"),
        )
    client.force_login(rosa)

    files = unpack(client.get("/me/privacy/download/"))

    assert Entry.objects.get().subject_name == "Amara Obi"
    assert [entry["verb"] for entry in json.loads(files["history-entry-actor.json"])] == [
        "membership.made_leader"
    ]
    assert "Amara" not in "".join(files.values())


def test_fields_are_named_in_words():
    assert portrait.describe(Message, "recipient__email") == "recipient: email address"
    assert portrait.describe(Message, "last_error").startswith("last error (")
    with pytest.raises(FieldDoesNotExist):
        portrait.describe(Message, "recipient__shoe_size")
    with pytest.raises(FieldDoesNotExist):
        portrait.describe(Person, "messages")


def test_a_download_of_many_rows_asks_as_often_as_one_of_few(client):
    ana = make_person()
    client.force_login(ana)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/me/privacy/download/")
        return len(queries)

    make_message(ana)
    asked()  # the first download of a process reads more
    few = asked()
    for _ in range(50):
        make_message(ana)

    assert asked() == few


def test_erasing_asks_for_the_word_and_is_final():
    ana = make_person(name="Ana", email="ana@example.org", password="a long enough phrase")
    ben = make_person(name="Ben")
    token = make_token("reply", person=ana, subject_id=1)
    phone = Client()
    phone.post(f"/sign-in/{make_sign_in_token(ana)}/")
    desk = Client()
    desk.post(f"/sign-in/{make_sign_in_token(Person.objects.get(pk=ana.pk))}/")
    EmailAddress.objects.create(user=ana, email=ana.email, primary=True, verified=True)
    Authenticator.objects.create(user=ana, type="recovery_codes", data={"seed": "x"})
    make_message(ana)
    kept = make_message(ben)
    Mute.objects.create(person=ana, list_key="community:3")
    heard: list[str] = []

    def hear(sender, person, **_):
        heard.append(person.name)

    person_erased.connect(hear)
    try:
        unsure = phone.post("/me/privacy/erasure/", {"typed": "maybe", "once": "1"})
        done = phone.post("/me/privacy/erasure/", {"typed": "Erase me", "once": "2"}, follow=True)
    finally:
        person_erased.disconnect(hear)

    assert unsure.status_code == 422
    assert "You are erased here" in done.text
    assert heard == ["Ana"]
    row = Person.objects.values().get(pk=ana.pk)
    assert row | {"erased_at": None, "link_secret": "", "joined_at": None} == {
        "id": ana.pk,
        "password": "!",
        "last_login": None,
        "email": None,
        "name": "",
        "phone": "",
        "language": "",
        "time_zone": "",
        "is_active": False,
        "is_instance_admin": False,
        "link_secret": "",
        "joined_at": None,
        "erased_at": None,
    }
    assert row["erased_at"] is not None
    assert row["link_secret"] != ana.link_secret
    for model in (UserSession, Session, EmailAddress, Authenticator, Mute):
        assert model.objects.count() == 0
    assert list(Message.objects.all()) == [kept]
    assert not Receipt.objects.filter(person=ana, status=422).exists()
    assert desk.get("/me/").status_code == 302
    assert str(Person.objects.get(pk=ana.pk)) == "Somebody"
    assert Client().get(f"/sign-in/{token}/").status_code == 410
    assert set(Entry.objects.filter(about=ana).values_list("subject_name", flat=True)) <= {"", "Somebody"}
    assert Entry.objects.filter(about=ana, verb="person.erased", actor=ana).count() == 1


def test_what_others_did_about_me_stays_without_my_name():
    ana, ben = make_person(name="Ana"), make_person(name="Ben")
    actions.change_person(ana, name="Anita", language="", time_zone="", phone="", by=ben)
    other = record("person.changed", scope="program:7", by=ana, subject=ben, about=ben)

    actions.erase(ana, by=ana)

    first = Entry.objects.get(verb="person.changed", about=ana)
    assert (first.actor, first.subject_name, first.detail) == (ben, "", {})
    other.refresh_from_db()
    assert (other.actor, other.subject_name) == (ana, "Ben")


def test_an_erasure_that_fails_erases_nothing(monkeypatch):
    ana = make_person(name="Ana")
    make_message(ana)

    def fail(sender, person, **_):
        raise RuntimeError("no")

    person_erased.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.erase(ana, by=ana)
    finally:
        person_erased.disconnect(fail)

    ana.refresh_from_db()
    assert (ana.name, ana.erased_at, Message.objects.count()) == ("Ana", None, 1)


def test_erased_page_and_erasure_page_open(client):
    assert client.get("/erased/").status_code == 200
    client.force_login(make_person())
    assert "This cannot be undone" in client.get("/me/privacy/erasure/").text
