"""Unsubscribing by one click, choosing what we send, and the outbox."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.notifications import mailing_lists, queries, wishes
from coppice.notifications.mailing_lists import ListKind
from coppice.notifications.models import Message, Mute, Pace, Rhythm, Wish
from coppice.notifications.queries import MailList
from coppice.notifications.standings import standing
from coppice.notifications.subscriptions import make_token
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def communities(monkeypatch):
    """News of communities can wait; everybody is in one that has written to nobody yet."""
    kind = ListKind("community", of=lambda _: [("community:5", "Where I am")], still_on=lambda places: places)
    monkeypatch.setattr(mailing_lists, "_kinds", {"community": kind})


@pytest.fixture
def ana():
    person = make_person(email="ana@example.org")
    make_message(person, list_key="community:3", list_name="Rural transport")
    return person


def unsubscribe_path(person) -> str:
    return reverse("notifications:unsubscribe", args=[make_token(person.pk, "community:3")])


def mutes() -> list[tuple]:
    return list(Mute.objects.values_list("person", "list_key"))


def test_one_click_needs_no_cookie_and_answers_without_one_each_time(ana):
    program = Client(enforce_csrf_checks=True)

    answers = [program.post(unsubscribe_path(ana), ONE_CLICK) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [dict(answer.cookies) for answer in answers] == [{}, {}]
    assert mutes() == [(ana.pk, "community:3")]
    assert Mute.objects.get().until is None


def test_opening_the_link_changes_nothing_and_offers_less_before_none(client, ana):
    page = client.get(unsubscribe_path(ana))

    assert page.status_code == 200
    text = page.text
    assert text.index("Pause for 30 days") < text.index("Stop these mails")
    assert "Rural transport" in text
    assert mutes() == []


def test_a_pause_ends_by_itself_and_can_be_undone(client, ana):
    page = client.post(unsubscribe_path(ana), {"wish": "pause"})

    until = Mute.objects.get().until
    assert timedelta(days=29) < until - timezone.now() <= timedelta(days=30)
    assert "No mail from Rural transport until" in page.text
    undone = client.post(reverse("notifications:subscription", args=[make_token(ana.pk, "community:3")]))
    assert "You get mail from Rural transport again" in undone.text
    assert mutes() == []


def test_stopping_for_good_says_so(client, ana):
    page = client.post(unsubscribe_path(ana), {"wish": "off"})

    assert "No more mail from Rural transport" in page.text
    assert Mute.objects.get().until is None


@pytest.mark.parametrize("token", ["x", "MSBjb21tdW5pdHk6Mw:forged", "é:é", ""])
def test_a_forged_link_does_not_exist(client, token: str):
    assert client.get(f"/mail/unsubscribe/{token}/").status_code == 404


def test_the_link_of_an_erased_person_does_not_exist(client, ana):
    ana.erased_at = timezone.now()
    ana.save()

    assert client.post(unsubscribe_path(ana), ONE_CLICK).status_code == 404


def test_a_list_that_never_wrote_is_called_by_its_key(client):
    ben = make_person()

    assert "community:3" in client.get(unsubscribe_path(ben)).text


def test_preferences_list_what_wrote_to_me_and_nothing_of_others(client, ana, django_assert_max_num_queries):
    make_message(ana, list_key="community:3", list_name="Rural transport (new name)")
    make_message(ana, list_key="community:9", list_name="Buses")
    make_message(make_person(), list_key="community:8", list_name="Somebody else's")
    Mute.objects.create(person=ana, list_key="community:4")
    until = timezone.now() + timedelta(days=3)
    Mute.objects.create(person=ana, list_key="community:9", until=until)
    Mute.objects.create(person=ana, list_key="community:3", until=timezone.now() - timedelta(days=3))
    Rhythm.objects.create(person=ana, list_key="community:3", rhythm="weekly")
    Rhythm.objects.create(person=ana, list_key="community:9", rhythm="daily")
    make_message(ana, list_key="digest:daily", list_name="Daily digest")
    make_message(ana, list_key="program:7:staff", list_name="Program")
    client.force_login(ana)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("notifications:preferences"))

    assert queries.lists_of(ana) == [
        MailList(key="community:9", name="Buses", pace=Pace.DAILY, until=until, can_wait=True),
        MailList(key="community:4", name="community:4", pace=Pace.NONE, until=None, can_wait=True),
        MailList(key="program:7:staff", name="Program", pace=Pace.INSTANT, until=None, can_wait=False),
        MailList(
            key="community:3", name="Rural transport (new name)", pace=Pace.WEEKLY, until=None, can_wait=True
        ),
        MailList(key="community:5", name="Where I am", pace=Pace.INSTANT, until=None, can_wait=True),
    ]
    assert page.status_code == 200
    assert "Somebody else" not in page.text


def test_preferences_without_mail_explain_themselves(client, monkeypatch):
    monkeypatch.setattr(mailing_lists, "_kinds", {})
    client.force_login(make_person())

    assert "No mail yet" in client.get(reverse("notifications:preferences")).text


@pytest.mark.parametrize(
    ("wish", "pace", "sentence"),
    [
        ("none", Pace.NONE, "Saved: no more mail from Rural transport."),
        ("pause", Pace.DAILY, "Saved: no mail from Rural transport for 30 days."),
        ("instant", Pace.INSTANT, "Saved: news from Rural transport comes at once."),
        ("weekly", Pace.WEEKLY, "Saved: news from Rural transport comes once a week, on Monday at 7"),
        ("daily", Pace.DAILY, "Saved: news from Rural transport comes once a day, at 7 in your morning."),
        ("nonsense", Pace.DAILY, "Choose how often, then save."),
    ],
)
def test_a_choice_is_saved_and_confirmed(client, ana, wish: str, pace: Pace, sentence: str):
    wishes.choose(ana, list_key="community:3", pace=Pace.DAILY)
    client.force_login(ana)

    page = client.post(reverse("notifications:preference", args=["community:3"]), {"wish": wish}, follow=True)

    assert page.redirect_chain == [("/me/mail/", 302)]
    assert sentence in page.text
    chosen = queries.list_of(ana, list_key="community:3")
    assert (chosen.pace, chosen.until is not None) == (pace, wish == "pause")


def test_a_list_whose_mail_cannot_wait_offers_no_digest(client, ana):
    make_message(ana, list_key="survey:7", list_name="Program")
    client.force_login(ana)

    answer = client.post(
        reverse("notifications:preference", args=["survey:7"]), {"wish": "daily"}, follow=True
    )

    assert "Choose how often, then save." in answer.text
    assert queries.list_of(ana, list_key="survey:7").wishes == [Wish.INSTANT, Wish.PAUSE, Wish.NONE]


def test_a_mail_offers_a_digest_before_a_pause_and_a_pause_before_none(client, ana):
    page = client.get(unsubscribe_path(ana)).text
    offered = ["Once a day", "Once a week", "Pause for 30 days", "Stop these mails"]
    assert [page.index(words) for words in offered] == sorted(page.index(words) for words in offered)

    done = client.post(unsubscribe_path(ana), {"wish": "weekly"})

    assert "News from Rural transport comes once a week" in done.text
    assert queries.list_of(ana, list_key="community:3").pace == Pace.WEEKLY
    client.post(
        done.context["undo"] and reverse("notifications:subscription", args=[done.context["undo"]]),
        {"pace": "instant"},
    )
    assert queries.list_of(ana, list_key="community:3").pace == Pace.INSTANT


@pytest.fixture
def reader(ana):
    """Ana, whom two groups reach once a day, one once a week, and one at once."""
    make_message(ana, list_key="community:4", list_name="Buses")
    for number, pace in ((3, Pace.DAILY), (4, Pace.DAILY), (6, Pace.WEEKLY)):
        wishes.choose(ana, list_key=f"community:{number}", pace=pace)
    return ana


def test_one_click_on_a_digest_leaves_every_list_that_comes_in_it_and_no_other(client, reader):
    path = reverse("notifications:unsubscribe", args=[make_token(reader.pk, "digest:daily")])
    page = client.get(path)
    assert "What you choose here counts for Buses and Rural transport. Stopping also stops" in page.text
    assert "Once a day" not in page.text

    answers = [client.post(path, ONE_CLICK).status_code for _ in range(2)]

    assert answers == [200, 200]
    paces = {each.key: each.pace for each in queries.lists_of(reader)}
    assert paces == {
        "community:3": Pace.NONE,
        "community:4": Pace.NONE,
        "community:5": Pace.INSTANT,
        "community:6": Pace.WEEKLY,
    }
    assert "Nothing comes in this digest any more." in client.get(path).text


def test_leaving_a_digest_can_be_undone_for_just_the_lists_that_it_was_about(client, reader):
    wishes.choose(reader, list_key="community:5", pace=Pace.NONE)
    path = reverse("notifications:unsubscribe", args=[make_token(reader.pk, "digest:daily")])

    done = client.post(path, {"wish": "none"})
    client.post(reverse("notifications:subscription", args=[done.context["undo"]]), {"pace": "daily"})

    paces = {each.key: each.pace for each in queries.lists_of(reader)}
    assert [paces[f"community:{number}"] for number in (3, 4, 5)] == [Pace.DAILY, Pace.DAILY, Pace.NONE]


def test_nobody_chooses_about_a_list_that_never_wrote_to_them(client, ana):
    client.force_login(ana)

    assert (
        client.post(reverse("notifications:preference", args=["community:8"]), {"wish": "off"}).status_code
        == 404
    )
    assert mutes() == []


def test_the_outbox_is_for_the_demo_only(client, ana, settings):
    settings.DEMO = settings.DEBUG = False
    message = Message.objects.get()

    paths = ["/outbox/", f"/outbox/{message.pk}/", f"/outbox/{message.pk}/html/"]

    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    settings.DEMO = True
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]


def test_the_outbox_shows_the_newest_first_in_pages_and_finds_a_reader(
    client, ana, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    for number in range(30):
        make_message(subject=f"Mail {number}")

    with django_assert_max_num_queries(12):
        first = client.get("/outbox/")
    second = client.get("/outbox/?page=2")
    found = client.get("/outbox/?to=ANA@")

    assert [message.subject for message in first.context["page"]][:2] == ["Mail 29", "Mail 28"]
    assert len(second.context["page"]) == 6
    assert [message.to_address for message in found.context["page"]] == ["ana@example.org"]
    assert "No mail to “nobody” yet." in client.get("/outbox/?to=nobody").text


def test_an_empty_outbox_explains_itself(client, settings):
    settings.DEMO = True

    assert "Whatever Coppice sends will be kept here." in client.get("/outbox/").text


def test_kept_html_is_shown_in_a_sandbox_and_its_links_work(client, ana, settings):
    settings.DEBUG = True
    message = make_message(
        ana,
        html='<html><head></head><body><a href="/sign-in/">In</a><script>alert(1)</script></body></html>',
    )

    answer = client.get(f"/outbox/{message.pk}/html/")

    assert answer.text.startswith('<html><head><base target="_top"></head>')
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "script-src" not in policy


def test_failed_mail_is_shown_to_the_staff_of_its_scope_only():
    mine = make_message(scope="program:7", state=Message.State.FAILED)
    make_message(scope="program:8", state=Message.State.FAILED)
    make_message(scope="program:7")

    assert list(queries.failed("program:7")) == [mine]


def test_a_list_of_which_nobody_tells_promises_nothing():
    assert [standing(1, key) for key in ("program:7:staff", "community:", "sign-in")] == [""] * 3
