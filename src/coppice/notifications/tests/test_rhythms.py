"""How often somebody hears from a list: at once, in a digest, or not; for one and for many."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from coppice.notifications import actions, wishes
from coppice.notifications.lines import DigestLine, Section, compose_line
from coppice.notifications.models import Line, Message, Mute, Pace, Rhythm
from coppice.notifications.mornings import next_morning
from coppice.notifications.reach import reach
from coppice.notifications.tests.factories import make_message, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("occasion_templates")]

LIST = "community:3"
NEWS = DigestLine(
    section=Section.OTHER,
    title=gettext_lazy("None"),
    words="Ana\nanswered",
    path="/t/12/",
    object_key="thread:12",
)


def tell(recipient, **arguments) -> Message | None:
    usual = {
        "occasion": "post:1",
        "template": "occasion/planned",
        "context": {"title": "Buses"},
        "list_key": LIST,
        "list_name": "Rural transport",
        "digest": NEWS,
    }
    return actions.send(recipient=recipient, **(usual | arguments))


def told(person) -> tuple[int, int]:
    """How many mails and how many lines wait for somebody."""
    return Message.objects.filter(recipient=person).count(), Line.objects.filter(person=person).count()


@pytest.mark.parametrize(
    ("pace", "letter", "expected"),
    [
        (Pace.INSTANT, {}, (1, 0)),
        (Pace.DAILY, {}, (0, 1)),
        (Pace.WEEKLY, {}, (0, 1)),
        (Pace.NONE, {}, (0, 0)),
        (Pace.DAILY, {"digest": None}, (1, 0)),
        (Pace.DAILY, {"list_key": "community:4"}, (1, 0)),
        (Pace.DAILY, {"list_key": ""}, (1, 0)),
    ],
)
def test_news_come_at_once_in_a_digest_or_not_as_the_reader_wants_it(pace, letter, expected):
    ana = make_person()
    wishes.choose(ana, list_key=LIST, pace=pace)

    tell(ana, **letter)
    tell(ana, **letter)

    assert told(ana) == expected


def test_a_line_says_in_the_readers_language_what_is_new_and_where():
    ana = make_person(language="es", email="ana@example.org")
    wishes.choose(ana, list_key=LIST, pace=Pace.DAILY)

    tell(ana, scope="program:7", time_zone="Pacific/Auckland")

    line = Line.objects.get()
    assert (line.title, line.words, line.path) == ("Ninguno", "Ana answered", "/t/12/")
    assert (line.object_key, line.section, line.list_name) == ("thread:12", "other", "Rural transport")
    assert (line.scope, line.to_address, line.rhythm) == ("program:7", "ana@example.org", "daily")
    assert line.due_at == next_morning(line.at, zone_key="Pacific/Auckland", rhythm="daily")
    assert str(line) == "Ninguno"


def test_what_waits_in_a_line_is_not_a_mail_as_well_when_the_rhythm_changes():
    ana = make_person()
    wishes.choose(ana, list_key=LIST, pace=Pace.DAILY)
    tell(ana)
    Rhythm.objects.all().delete()

    assert tell(ana) is None
    assert told(ana) == (0, 1)


def test_for_many_people_it_is_asked_in_the_same_few_queries(django_assert_num_queries):
    people = [make_person() for _ in range(6)]
    instant, daily, weekly, left, pausing, knows = people
    for person, pace in ((daily, Pace.DAILY), (weekly, Pace.WEEKLY), (left, Pace.NONE)):
        wishes.choose(person, list_key=LIST, pace=pace)
    wishes.choose(pausing, list_key=LIST, pace=Pace.DAILY)
    actions.mute(pausing, list_key=LIST, until=timezone.now() + timedelta(days=1))
    make_message(knows, occasion="post:1")

    with django_assert_num_queries(4):
        found = reach(people, list_key=LIST, occasion="post:1")

    assert found.at_once == [instant]
    assert found.later == [(daily, Pace.DAILY), (weekly, Pace.WEEKLY)]
    assert found.not_told == [left, pausing, knows]


def test_composed_lines_are_kept_with_the_change_once():
    ana, erased = make_person(), make_person(erased_at=timezone.now())
    letter = {"list_key": LIST, "digest": NEWS, "occasion": "post:1", "rhythm": "weekly"}

    for _ in range(2):
        line = compose_line(recipient=ana, **letter)
        assert line is not None
        with transaction.atomic():
            actions.post([], [line])

    assert compose_line(recipient=erased, **letter) is None
    assert told(ana) == (0, 1)


def test_what_is_hidden_is_taken_back_from_digests_that_have_not_told_it():
    ana = make_person()
    wishes.choose(ana, list_key=LIST, pace=Pace.DAILY)
    for occasion in ("post:1", "post:2"):
        tell(ana, occasion=occasion)
    Line.objects.filter(occasion="post:1").update(told_at=timezone.now())

    actions.take_back("thread:12")

    assert list(Line.objects.values_list("occasion", flat=True)) == ["post:1"]


def test_a_slower_rhythm_counts_for_mails_and_lines_that_have_not_left():
    ana = make_person(time_zone="Pacific/Honolulu")
    tell(ana, occasion="post:1")
    tell(ana, occasion="post:2")
    tell(ana, occasion="meeting:1", digest=None)
    Message.objects.filter(occasion="post:2").update(state=Message.State.SENT)

    wishes.choose(ana, list_key=LIST, pace=Pace.DAILY)
    tell(ana, occasion="post:3")
    wishes.choose(ana, list_key=LIST, pace=Pace.WEEKLY)

    assert sorted(Message.objects.values_list("occasion", flat=True)) == ["meeting:1", "post:2"]
    lines = Line.objects.order_by("occasion")
    assert [(line.occasion, line.rhythm, line.words) for line in lines] == [
        ("post:1", "weekly", "Ana answered"),
        ("post:3", "weekly", "Ana answered"),
    ]
    monday = next_morning(timezone.now(), zone_key="Pacific/Honolulu", rhythm="weekly")
    assert {line.due_at for line in lines} == {monday}


def test_none_is_a_mute_and_the_rhythm_below_it_comes_back():
    ana = make_person()
    wishes.choose(ana, list_key=LIST, pace=Pace.WEEKLY)

    wishes.choose(ana, list_key=LIST, pace=Pace.NONE)
    mutes = Mute.objects.count()
    actions.unmute(ana, list_key=LIST)

    assert mutes == 1
    assert reach([ana], list_key=LIST).later == [(ana, Pace.WEEKLY)]
    assert str(Rhythm.objects.get()) == "community:3 weekly"


def test_wanting_mails_again_brings_what_waited_at_once():
    ana = make_person()
    wishes.choose(ana, list_key=LIST, pace=Pace.WEEKLY)
    tell(ana)

    wishes.choose(ana, list_key=LIST, pace=Pace.INSTANT)

    assert not Rhythm.objects.exists()
    assert [(line.rhythm, line.due_at <= timezone.now()) for line in Line.objects.due()] == [
        ("instant", True)
    ]


@pytest.mark.parametrize(
    ("after", "zone", "rhythm", "morning"),
    [
        # Auckland is ahead of London by 13 hours in its summer, Honolulu behind by 10 all year.
        ("2026-11-27T12:00", "Pacific/Auckland", "daily", "2026-11-27T18:00"),
        ("2026-11-27T18:00", "Pacific/Auckland", "daily", "2026-11-28T18:00"),
        ("2026-11-27T12:00", "Pacific/Honolulu", "daily", "2026-11-27T17:00"),
        ("2026-11-27T12:00", "Pacific/Auckland", "weekly", "2026-11-29T18:00"),
        ("2026-11-29T18:00", "Pacific/Auckland", "weekly", "2026-12-06T18:00"),
        ("2026-11-30T16:59", "Pacific/Honolulu", "weekly", "2026-11-30T17:00"),
        # The night in which New York's clocks go back is an hour longer; the one in spring an hour shorter.
        ("2026-10-31T11:00", "America/New_York", "daily", "2026-11-01T12:00"),
        ("2027-03-13T12:00", "America/New_York", "daily", "2027-03-14T11:00"),
        # London's clocks go back within the week.
        ("2026-10-19T06:00", "Europe/London", "weekly", "2026-10-26T07:00"),
        ("2026-11-27T12:00", "Nowhere/Land", "daily", "2026-11-28T07:00"),
        ("2026-11-27T12:00", "", "daily", "2026-11-28T07:00"),
    ],
)
def test_the_morning_is_the_readers_own_and_keeps_to_it_when_clocks_change(after, zone, rhythm, morning):
    found = next_morning(datetime.fromisoformat(after).replace(tzinfo=UTC), zone_key=zone, rhythm=rhythm)

    assert found == datetime.fromisoformat(morning).replace(tzinfo=UTC)
