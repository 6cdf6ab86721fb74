"""Digests: at the reader's morning, in order, each thing once, and nothing when there is nothing."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.lib.jobs import alone
from coppice.notifications import actions, digests, mailing_lists, tellings, wishes
from coppice.notifications.lines import DigestLine, Section
from coppice.notifications.mailing_lists import ListKind
from coppice.notifications.models import Line, Message, Pace
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("occasion_templates")]

LIST = "community:3"
FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    """No room above says anything, but for what a test registers."""
    monkeypatch.setattr(mailing_lists, "_kinds", {})
    monkeypatch.setattr(tellings, "_counted", {"answer": "{} new answers".format})
    monkeypatch.setattr(tellings, "_checks", {})


def tell(recipient, **arguments) -> None:
    """Tell somebody something new; `line` holds what differs of its line."""
    line = {"section": Section.OTHER, "title": "Drivers", "path": "/t/12/"} | arguments.pop("line", {})
    usual = {
        "occasion": "post:1",
        "template": "occasion/planned",
        "context": {"title": "Buses"},
        "list_key": LIST,
        "list_name": "Rural transport",
        "digest": DigestLine(**line),
    }
    actions.send(recipient=recipient, **(usual | arguments))


def make_reader(pace: Pace = Pace.DAILY, *lists: str, **fields):
    person = make_person(**fields)
    for list_key in lists or (LIST,):
        wishes.choose(person, list_key=list_key, pace=pace)
    return person


def at(moment: datetime):
    """Let it be a certain moment."""
    return patch("django.utils.timezone.now", return_value=moment)


def tell_at(moment: str) -> int:
    with at(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
        return digests.tell_due()


def test_a_reader_in_auckland_and_one_in_honolulu_get_theirs_at_their_morning():
    with at(FRIDAY):
        readers = [make_reader(time_zone=f"Pacific/{city}") for city in ("Auckland", "Honolulu")]
        for reader in readers:
            tell(reader)

    told = [tell_at(moment) for moment in ("2026-11-27T16:55", "2026-11-27T17:00", "2026-11-27T18:00")]

    assert told == [0, 1, 1]
    mails = Message.objects.order_by("pk")
    assert [(mail.recipient, mail.period) for mail in mails] == [
        (readers[1], "2026-11-27"),
        (readers[0], "2026-11-28"),
    ]
    assert {line.message for line in Line.objects.all()} == set(mails)


def test_a_digest_tells_what_needs_an_answer_first_by_list_and_thing():
    with at(FRIDAY) as clock:
        ana = make_reader(Pace.DAILY, LIST, "community:9", time_zone="UTC")
        rows = [
            ("a", {"title": "A <b> & b", "section": Section.OTHER, "path": "/a/"}),
            (
                "m",
                {"title": "Monthly meeting", "section": Section.MEETINGS, "path": "/m/", "words": "Tuesday"},
            ),
            ("d1", {"title": "Drivers", "object_key": "thread:1", "kind": "answer", "words": "Ben answered"}),
            (
                "d2",
                {"title": "Drivers", "object_key": "thread:1", "kind": "answer", "words": "Cora answered"},
            ),
            ("q", {"title": "Vote", "section": Section.ANSWER, "path": "/v/", "words": "Two days left"}),
        ]
        for occasion, line in rows:
            clock.return_value += timedelta(minutes=1)
            tell(ana, occasion=occasion, line=line)
        tell(
            ana,
            occasion="z",
            line={"title": "Maps", "path": "/maps/"},
            list_key="community:9",
            list_name="Buses",
        )

    assert tell_at("2026-11-28T07:00") == 1

    mail = Message.objects.get()
    assert mail.subject == "Your communities: 1 needs your answer, 4 more new"
    order = [
        "Needs your answer",
        "Vote",
        "Two days left",
        "Meetings",
        "Tuesday",
        "Other news",
        "Buses",
        "Maps",
    ]
    order += ["Rural transport", "Drivers", "2 new answers", "/t/12/", "A <b> & b"]
    body = mail.text
    places = [
        body.index(word, body.index("Other news") if word == "Rural transport" else 0) for word in order
    ]
    assert places == sorted(places)
    assert "Ben answered" not in body
    assert "A &lt;b&gt; &amp; b</a>" in mail.html
    assert "because you want the news of Rural transport and Buses once a day" in body
    assert (mail.list_key, mail.list_name) == ("digest:daily", "Daily digest")


def test_a_line_is_told_once_also_when_the_clock_comes_twice():
    with at(FRIDAY):
        ana = make_reader(time_zone="UTC")
        tell(ana)

    told = [tell_at(f"2026-11-{moment}") for moment in ("28T07:00", "28T07:05", "29T07:00")]

    assert told == [1, 0, 0]
    tell(ana)
    assert (Message.objects.count(), Line.objects.count()) == (1, 1)


def test_a_run_that_is_killed_within_a_batch_doubles_and_loses_nothing(monkeypatch):
    with at(FRIDAY):
        for _ in range(3):
            tell(make_reader(time_zone="UTC"))
    monkeypatch.setattr(digests, "BATCH", 2)
    real, calls = digests._mark, []

    def die_in_the_second_batch(keys, **changes):
        calls.append(keys)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(keys, **changes)

    monkeypatch.setattr(digests, "_mark", die_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        tell_at("2026-11-28T07:00")
    monkeypatch.setattr(digests, "_mark", real)
    kept = Message.objects.count()

    assert (kept, tell_at("2026-11-28T07:05")) == (2, 1)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == sorted(
        Line.objects.values_list("person", flat=True)
    )


def test_a_batch_of_which_somebody_takes_a_line_back_is_read_anew(monkeypatch):
    with at(FRIDAY):
        ana = make_reader(time_zone="UTC")
        tell(ana, occasion="post:1", line={"title": "Hidden", "object_key": "thread:1"})
        tell(ana, occasion="post:2", line={"title": "Drivers", "object_key": "thread:2"})
    real, calls = digests._keep, []

    def meanwhile(batch, now):
        if not calls:
            calls.append(actions.take_back("thread:1"))
        return real(batch, now)

    monkeypatch.setattr(digests, "_keep", meanwhile)

    assert tell_at("2026-11-28T07:00") == 1
    assert "Hidden" not in Message.objects.get().text


def test_one_mail_a_rhythm_and_another_for_the_week():
    with at(FRIDAY):
        ana = make_reader(Pace.DAILY, LIST, "community:9", time_zone="UTC")
        wishes.choose(ana, list_key="community:4", pace=Pace.WEEKLY)
        for number, list_key in enumerate((LIST, "community:9", "community:4")):
            tell(ana, occasion=f"post:{number}", list_key=list_key)

    told = [tell_at(moment) for moment in ("2026-11-28T07:00", "2026-11-29T07:00", "2026-11-30T07:00")]

    assert told == [1, 0, 1]
    assert list(Message.objects.order_by("pk").values_list("list_name", flat=True)) == [
        "Daily digest",
        "Weekly digest",
    ]


def test_whose_programs_lie_in_two_zones_gets_one_digest_a_day():
    with at(FRIDAY):
        ana = make_reader(Pace.DAILY, LIST, "community:9")
        tell(ana, occasion="post:1", time_zone="Europe/Berlin")
        tell(ana, occasion="post:2", time_zone="America/Lima", list_key="community:9")

    told = [tell_at(moment) for moment in ("2026-11-28T06:00", "2026-11-28T12:00", "2026-11-29T12:00")]

    assert told == [1, 0, 0]
    assert Line.objects.waiting().count() == 0


def test_a_second_digest_of_one_day_waits_for_the_next_morning():
    with at(FRIDAY):
        ana = make_reader(time_zone="UTC")
        tell(ana)
        make_message(ana, occasion="digest:daily", period="2026-11-28")

    assert tell_at("2026-11-28T07:00") == 0
    assert [line.due_at for line in Line.objects.waiting()] == [datetime(2026, 11, 29, 7, tzinfo=UTC)]
    assert tell_at("2026-11-29T07:00") == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ana: wishes.choose(ana, list_key=LIST, pace=Pace.NONE),
        lambda ana: actions.mute(ana, list_key=LIST, until=FRIDAY + timedelta(days=9)),
        lambda ana: type(ana).objects.filter(pk=ana.pk).update(is_active=False),
        lambda ana: type(ana).objects.filter(pk=ana.pk).update(erased_at=FRIDAY),
        lambda ana: Line.objects.update(until=FRIDAY),
        lambda ana: mailing_lists.register(ListKind("community", of=lambda _: [], still_on=lambda _: [])),
        lambda ana: tellings.check("thread", lambda lines: []),
    ],
)
def test_what_is_not_wanted_not_true_or_not_theirs_any_more_is_not_told(spoil):
    with at(FRIDAY):
        ana = make_reader(time_zone="UTC")
        tell(ana, line={"object_key": "thread:1"})
    spoil(ana)

    assert tell_at("2026-11-28T07:00") == 0
    assert (Message.objects.count(), Line.objects.waiting().count()) == (0, 0)


def test_wanting_mails_again_brings_what_waited_in_a_digest_now(django_capture_on_commit_callbacks):
    ana = make_reader(Pace.WEEKLY)
    tell(ana)

    with django_capture_on_commit_callbacks() as woken:
        wishes.choose(ana, list_key=LIST, pace=Pace.INSTANT)

    assert (digests.tell_due(), len(woken)) == (1, 1)
    assert "at once; this had waited" in Message.objects.get().text


def test_of_very_many_things_it_says_how_many_more():
    with at(FRIDAY):
        ana = make_reader(time_zone="UTC")
        for number in range(52):
            tell(ana, occasion=f"post:{number}")

    tell_at("2026-11-28T07:00")

    mail = Message.objects.get()
    assert "And 2 more things." in mail.text
    assert mail.html.count("<li") == 50


def test_it_is_written_to_the_address_and_in_the_language_that_the_roster_knows():
    with at(FRIDAY):
        ana, ben = make_reader(), make_reader(email="ben@example.org")
        tell(ana, to_address="ana@work.example", language="es")
        for number in (1, 2):
            tell(ben, occasion=f"post:{number}", to_address=f"ben@{number}.example")

    tell_at("2026-11-28T07:00")

    mail = Message.objects.get(recipient=ana)
    assert (mail.to_address, mail.list_name) == ("ana@work.example", "Resumen diario")
    assert Message.objects.get(recipient=ben).to_address == "ben@example.org"


def test_a_batch_of_readers_is_read_in_the_same_few_queries(django_assert_num_queries):
    with at(FRIDAY):
        for _ in range(2):
            tell(make_reader(time_zone="UTC"))
    with django_assert_num_queries(10):
        assert tell_at("2026-11-28T07:00") == 2
    with at(FRIDAY + timedelta(days=1)):
        for _ in range(12):
            reader = make_reader(time_zone="UTC")
            for number in range(3):
                tell(reader, occasion=f"post:{number}")

    with django_assert_num_queries(10):
        assert tell_at("2026-11-29T07:00") == 12


def test_of_a_suspended_machine_the_other_run_leaves_it_alone(monkeypatch):
    tell(make_reader(time_zone="UTC"))
    with alone("digests") as mine:
        told = tell_at("2100-01-01T07:00")

    assert (mine, told) == (True, 0)
    assert timezone.now() < Line.objects.get().due_at


def test_whoever_moves_gets_it_in_the_morning_of_where_they_are_now():
    with at(FRIDAY):
        ana = make_reader(time_zone="Pacific/Honolulu")
        tell(ana)
        ana.time_zone = "Pacific/Auckland"
        ana.save()

        wishes.move_mornings(ana)

    assert Line.objects.get().due_at == datetime(2026, 11, 27, 18, tzinfo=UTC)


def test_erasing_somebody_takes_what_is_told_of_them_out_of_digests():
    with at(FRIDAY):
        ana, ben = make_reader(time_zone="UTC"), make_person()
        tell(ana, occasion="post:1", about=ben, line={"title": "Ben's buses"})
    tell_at("2026-11-28T07:00")
    with at(FRIDAY + timedelta(days=1)):
        tell(ana, occasion="post:2", about=ben)
    assert "Ben's buses" in Message.objects.get().text

    erase(ben, by=ben)

    assert (Message.objects.get().text, Message.objects.get().state) == ("", "withheld")
    assert not Line.objects.exists()
