"""A person's own page and where they are signed in."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.utils import timezone

from coppice.accounts import actions, permissions, tasks
from coppice.accounts.links import make_sign_in_token, make_token, read_token
from coppice.accounts.models import Person
from coppice.accounts.signals import person_renamed
from coppice.accounts.tests.factories import make_person
from coppice.accounts.zones import ZoneField, zone_choices
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db
ANSWERS = {"name": "Ana Ruiz", "language": "es", "time_zone": "America/Lima", "phone": "+51 1"}


@pytest.fixture
def renamed():
    heard: list[str] = []

    def hear(sender, person, **_):
        heard.append(person.name)

    person_renamed.connect(hear)
    yield heard
    person_renamed.disconnect(hear)


def sign_in(person: Person) -> Client:
    """A browser that signed in the way people do, so that its session is noted."""
    browser = Client(headers={"user-agent": "Firefox on a phone"})
    browser.post(f"/sign-in/{make_sign_in_token(Person.objects.get(pk=person.pk))}/")
    assert browser.session[SESSION_KEY] == str(person.pk)
    return browser


def test_what_a_person_says_of_themself_is_kept_recorded_and_announced(client, renamed):
    ana = make_person(name="Ana")
    client.force_login(ana)

    answer = client.post("/me/", ANSWERS | {"once": "1"})
    client.post("/me/", ANSWERS | {"once": "2"})

    ana.refresh_from_db()
    assert answer.headers["Location"] == "/me/"
    assert {name: getattr(ana, name) for name in ANSWERS} == ANSWERS
    assert renamed == ["Ana Ruiz"]
    assert list(Entry.objects.values_list("scope", "verb", "actor", "about", "detail")) == [
        (
            f"person:{ana.pk}",
            "person.changed",
            ana.pk,
            ana.pk,
            {"fields": ["name", "language", "time_zone", "phone"]},
        )
    ]


def test_another_phone_is_no_new_name(client, renamed):
    ana = make_person(**ANSWERS)
    actions.change_person(ana, **(ANSWERS | {"phone": "2"}), by=ana)

    assert (ana.phone, renamed) == ("2", [])


@pytest.mark.parametrize("wrong", [{"name": ""}, {"language": "xx"}, {"time_zone": "Moon/Sea"}])
def test_a_wrong_answer_is_shown_beside_its_field_and_changes_nothing(client, wrong: dict):
    ana = make_person(name="Ana")
    client.force_login(ana)

    page = client.post("/me/", ANSWERS | wrong | {"once": "1"})

    ana.refresh_from_db()
    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)
    assert (ana.name, Entry.objects.count()) == ("Ana", 0)


def test_pages_speak_the_persons_language_and_keep_their_time(client):
    ana = make_person(name="Ana", language="es", time_zone="America/Lima")
    client.force_login(ana)

    assert '<html lang="es"' in client.get("/me/").text


def test_zones_are_found_by_city_and_grouped_by_part_of_the_world():
    choices = dict(zone_choices())

    assert next(iter(choices)) == "UTC"
    groups = {str(label): dict(zones) for label, zones in list(choices.items())[1:]}
    assert groups["Americas"]["America/Argentina/Buenos_Aires"] == "Buenos Aires, Argentina (UTC−3)"
    assert groups["Americas"]["America/New_York"] == "New York (Eastern Time)"
    assert groups["Americas"]["America/Chicago"] == "Chicago (Central Time)"
    assert groups["Americas"]["America/St_Johns"] == "St Johns (Newfoundland Time)"
    assert groups["Americas"]["America/Havana"] == "Havana (UTC−5)"
    assert groups["Pacific"]["Pacific/Honolulu"] == "Honolulu (Hawaii Time)"
    assert groups["Asia"]["Asia/Kolkata"] == "Kolkata (UTC+5:30)"
    assert groups["Europe"]["Europe/Dublin"] == "Dublin (UTC+0)"
    assert groups["Europe"]["Europe/Madrid"] == "Madrid (UTC+1)"
    cities = [words.partition(",")[0] for words in groups["Americas"].values()]
    assert cities.count("Buenos Aires") == 1
    everywhere = [words.partition(" (")[0] for group in groups.values() for words in group.values()]
    assert len(everywhere) == len(set(everywhere))
    assert not {"North", "West"} & set(everywhere)


def test_a_zone_kept_under_another_name_is_shown_and_stays_choosable():
    field = ZoneField()

    assert field.prepare_value("America/Buenos_Aires") == "America/Argentina/Buenos_Aires"
    assert field.prepare_value("US/Eastern") == "US/Eastern"
    assert list(field.choices)[-1] == ("US/Eastern", "US/Eastern")
    assert field.clean("America/Buenos_Aires") == "America/Buenos_Aires"
    with pytest.raises(ValidationError):
        field.clean("Mars/Olympus")
    assert next(iter(ZoneField(unchosen="Not known").choices)) == ("", "Not known")


def test_a_person_sees_their_own_sessions_and_ends_one(django_assert_max_num_queries):
    ana = make_person()
    sign_in(make_person())
    phone, laptop = sign_in(ana), sign_in(ana)
    session = UserSession.objects.get(session_key=phone.session.session_key)

    with django_assert_max_num_queries(12):
        page = laptop.get("/me/security/sessions/")
    ended = laptop.post(f"/me/security/sessions/{session.pk}/end/", {"once": "1"})

    assert page.text.count("Firefox on a phone") >= 2
    assert [session.user for session in page.context["sessions"]] == [ana, ana]
    assert ended.headers["Location"] == "/me/security/sessions/"
    assert phone.get("/me/").headers["Location"] == "/sign-in/?next=/me/"
    assert laptop.get("/me/").status_code == 200
    assert Entry.objects.values_list("verb", "detail").get() == ("person.sessions_ended", {"count": 1})


def test_ending_this_device_signs_out_here():
    ana = make_person()
    phone = sign_in(ana)
    session = UserSession.objects.get()

    answer = phone.post(f"/me/security/sessions/{session.pk}/end/", {"once": "1"})

    assert answer.headers["Location"] == "/sign-in/"
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


def test_everywhere_else_leaves_this_device(client):
    ana = make_person()
    phone, laptop, desk = (sign_in(ana) for _ in range(3))
    other = sign_in(make_person())

    laptop.post("/me/security/sessions/others/end/", {"once": "1"})
    laptop.post("/me/security/sessions/others/end/", {"once": "2"})

    devices = (phone, laptop, desk, other)
    assert [device.get("/me/").status_code for device in devices] == [302, 200, 302, 200]
    assert Entry.objects.values_list("detail").get() == ({"count": 2},)


def test_nobody_ends_anothers_session():
    session = UserSession.objects.get(session_key=sign_in(make_person()).session.session_key)
    ben = make_person()

    answer = sign_in(ben).post(f"/me/security/sessions/{session.pk}/end/", {"once": "1"})

    assert answer.status_code == 404
    assert UserSession.objects.filter(pk=session.pk).exists()


def test_only_the_owner_may():
    ana, ben = make_person(), make_person()
    session = UserSession(user=ana)
    nobody = Client().get("/sign-in/").wsgi_request.user

    assert [permissions.owns_session(person, session) for person in (ana, ben, nobody)] == [
        True,
        False,
        False,
    ]


def test_stopping_links_stops_them_all(client):
    ana, ben = make_person(), make_person()
    tokens = {person: make_token("invitation", person=person, subject_id=5) for person in (ana, ben)}
    sign_in_token = make_sign_in_token(ana)
    client.force_login(ana)

    client.post("/me/privacy/links/end/", {"once": "1"})

    assert client.get(f"/sign-in/{sign_in_token}/").status_code == 302
    assert Client().get(f"/sign-in/{sign_in_token}/").status_code == 410
    with pytest.raises(Http404):
        read_token("invitation", tokens[ana])
    assert read_token("invitation", tokens[ben]).subject_id == 5
    ana.refresh_from_db()
    assert read_token("invitation", make_token("invitation", person=ana, subject_id=6)).person == ana


def test_the_clock_drops_sessions_that_are_over():
    phone, laptop = (sign_in(make_person()) for _ in range(2))
    Session.objects.filter(pk=phone.session.session_key).update(expire_date=timezone.now())

    tasks.clear_ended_sessions.call()

    assert list(UserSession.objects.values_list("session_key", flat=True)) == [laptop.session.session_key]
    assert list(Session.objects.values_list("pk", flat=True)) == [laptop.session.session_key]


@pytest.mark.parametrize(
    "path", ["/me/", "/me/privacy/", "/me/security/", "/me/security/sessions/", "/me/mail/"]
)
def test_own_pages_ask_to_sign_in(client, path: str):
    assert client.get(path).headers["Location"] == f"/sign-in/?next={path}"
    assert django_settings.LOGIN_URL == "account_login"
