"""The pages of surveys: behind the mail link, and for those who run the program."""

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment
from coppice.surveys.links import answering_path, token_of
from coppice.surveys.models import Answer, Instrument, Participant, Response, Wave
from coppice.surveys.tests.factories import (
    EVERY_KIND,
    administrator_of,
    answer,
    end,
    make_instrument,
    make_program,
    open_wave,
)

pytestmark = pytest.mark.django_db
Anonymity = Wave.Anonymity


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def staff(program):
    client = Client()
    client.force_login(administrator_of(program))
    return client


def screen(participant: Participant, number: int) -> str:
    return reverse("surveys:screen", args=[token_of(participant), number])


def rows_in(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_way_from_the_mail_to_thanks(program):
    wave = open_wave(program)
    participant = wave.participants.first()
    mail = Message.objects.get(recipient=participant.enrollment.person)
    (link,) = re.findall(r"http://[^/\s]+(/surveys/\S+)", mail.text)
    client = Client()

    start = client.get(link).text
    first = client.post(screen(participant, 1), {"role": "office", "reached": ["web"], "years": "3"})
    second = client.get(screen(participant, 2)).text
    later = client.post(screen(participant, 2), {"way": "later", "web_words": "Our page"}, follow=True).text
    back = client.post(screen(participant, 3), {"way": "back", "load": "2"})
    wanting = client.post(screen(participant, 3), {"skills.listen": "4"})
    done = client.post(
        screen(participant, 3),
        {"skills.listen": "4", "skills.write": "2", "order.peers": "2", "order.books": "1", "friend": "10"},
        follow=True,
    ).text

    assert "One of each" in start
    assert "2 screens" in start  # of three: who has not said what they do is not asked about an office
    assert first.headers["Location"] == screen(participant, 2)
    assert "Where on the web?" in second
    assert "Screen 2 of 3" in second
    assert "Go on where I was" in later
    assert back.headers["Location"] == screen(participant, 2)
    assert (wanting.status_code, "Choose one." in wanting.text) == (422, True)
    assert "Thank you. Your answers count." in done
    assert "Change my answers" in done
    kept = Answer.objects.order_by("question", "item").values_list("question", "item", "number", "text")
    assert list(kept) == [
        ("friend", "", 10, ""),
        ("order", "books", 1, ""),
        ("order", "peers", 2, ""),
        ("reached", "web", None, ""),
        ("role", "office", None, ""),
        ("skills", "listen", 4, ""),
        ("skills", "write", 2, ""),
        ("web_words", "", None, "Our page"),
        ("years", "", 3, ""),
    ]


def test_screens_that_skip_rules_leave_out_are_not_there(program):
    participant = open_wave(program).participants.first()

    onward = Client().post(screen(participant, 1), {"role": "people"})

    assert onward.headers["Location"] == screen(participant, 3)
    assert Client().get(screen(participant, 2)).status_code == 404
    assert Client().get(screen(participant, 9)).status_code == 404
    assert "Screen 2 of 2" in Client().get(screen(participant, 3)).text


def test_a_screen_shows_what_was_answered(program):
    participant = open_wave(program).participants.first()
    answer(participant, load=5, order=["books", "peers"], friend=0, words="Hello <b>", reached=["phone"])

    first = Client().get(screen(participant, 1)).text
    last = Client().get(screen(participant, 3)).text

    checked = re.findall(r'name="([\w.]+)" value="(\w+)"[^>]* checked', first + last)
    assert set(checked) == {
        ("role", "people"),
        ("reached", "phone"),
        ("load", "5"),
        ("skills.listen", "4"),
        ("skills.write", "2"),
        ("friend", "0"),
    }
    assert "Hello &lt;b&gt;" in last
    assert last.count("selected") == 2
    assert "Almost done." in last
    assert "1 is not at all." in last
    assert "1: light, 5: heavy" in last


def test_answers_of_no_such_kind_are_asked_again(program):
    participant = open_wave(program).participants.first()
    answer(participant, role="office")

    wrong = [
        Client().post(screen(participant, 1), {"role": "sky"}),
        Client().post(screen(participant, 1), {"role": "people", "years": "71"}),
        Client().post(screen(participant, 2), {"opened": "soon"}),
        Client().post(
            screen(participant, 3),
            {"skills.listen": "1", "skills.write": "1", "order.peers": "1", "order.books": "1"},
        ),
    ]

    assert [each.status_code for each in wrong] == [422] * 4
    assert "Two have the same place" in wrong[-1].text


def test_sending_before_all_is_answered_leads_to_what_is_missing(program):
    participant = open_wave(program).participants.first()
    whole = {"skills.listen": "4", "skills.write": "2"}

    sent = Client().post(screen(participant, 3), whole)
    page = Client().post(screen(participant, 1), {"role": "people", "way": "later"}, follow=True).text
    done = Client().post(reverse("surveys:sending", args=[token_of(participant)]), follow=True).text

    assert sent.headers["Location"] == screen(participant, 1)
    assert "it is not sent yet" in page
    assert "Thank you" in done


def test_back_on_the_first_screen_leads_to_the_start(program):
    participant = open_wave(program).participants.first()

    back = Client().post(screen(participant, 1), {"way": "back", "role": "people"})

    assert back.headers["Location"] == answering_path(participant)


def test_after_the_end_nothing_is_kept(program):
    wave = open_wave(program)
    participant, other = wave.participants.order_by("pk")[:2]
    answer(participant)
    end(wave)

    refused = Client().post(screen(participant, 1), {"role": "office"})
    sent = Client().post(reverse("surveys:sending", args=[token_of(other)]), follow=True).text

    assert refused.status_code == 422
    assert "nothing more was saved" in refused.text
    assert "Send my answers" not in refused.text
    assert "There is nothing more for you to do" in sent
    assert "Change my answers" not in Client().get(answering_path(participant)).text


def test_an_anonymous_answer_says_that_it_cannot_be_changed(program):
    participant = open_wave(program, anonymity=Anonymity.ANONYMOUS).participants.first()
    asked = Client().get(answering_path(participant)).text
    answer(participant)

    page = Client().get(answering_path(participant)).text
    again = Client().post(screen(participant, 1), {"role": "office"})

    assert "nothing in your answers says that they are yours" in asked
    assert "they cannot be changed" in page
    assert again.status_code == 422


def test_a_link_ends_with_the_place_on_the_roster(program):
    participant = open_wave(program).participants.first()
    Enrollment.objects.filter(pk=participant.enrollment_id).update(ended_at=timezone.now())

    assert Client().get(answering_path(participant)).status_code == 404


def test_an_instrument_speaks_the_language_of_its_reader(program):
    participant = open_wave(program).participants.first()
    Enrollment.objects.filter(pk=participant.enrollment_id).update(language="es-MX")

    page = Client().get(screen(participant, 1)).text

    assert "¿Qué haces?" in page
    assert 'lang="es"' in page


def test_an_instrument_comes_in_as_a_file_and_goes_out_again(staff, program):
    listed = reverse("surveys:surveys", args=[program.pk])
    good = SimpleUploadedFile("one.json", json.dumps(EVERY_KIND).encode())

    brought = staff.post(listed, {"file": good})
    page = staff.get(brought.headers["Location"]).text
    taken = staff.get(reverse("surveys:instrument_file", args=[Instrument.objects.get().pk]))

    assert "What do you do?" in page
    assert "Languages: <code>en, es</code>" in page
    assert taken.headers["Content-Disposition"] == 'attachment; filename="one-of-each.json"'
    assert json.loads(taken.content)["title"] == EVERY_KIND["title"]
    assert "One of each" in staff.get(listed).text


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xff\xfe\x00", "UTF-8"), (b"{}", "it must say"), (b" " * 500_001, "too large"), (b"", "empty")],
)
def test_what_is_no_instrument_is_refused_with_the_reason(staff, program, content, says):
    listed = reverse("surveys:surveys", args=[program.pk])

    refused = staff.post(listed, {"file": SimpleUploadedFile("one.json", content)})

    assert (refused.status_code, says in refused.text, Instrument.objects.count()) == (422, True, 0)


def test_a_wave_is_opened_reminded_and_ended_by_the_pages(staff, program):
    instrument = make_instrument(program)
    until = timezone.localdate() + timedelta(days=20)
    typed = {"name": "Spring", "closes_on": until.isoformat(), "anonymity": "counted"}

    early = staff.post(instrument.get_absolute_url(), {**typed, "closes_on": date(2020, 1, 1)})
    opened = staff.post(instrument.get_absolute_url(), typed)
    wave = Wave.objects.get()
    too_soon = staff.post(reverse("surveys:reminders", args=[wave.pk]), follow=True).text
    Participant.objects.update(mails=1, asked_at=timezone.now() - timedelta(days=3))
    page = staff.get(wave.get_absolute_url()).text
    reminded = staff.post(reverse("surveys:reminders", args=[wave.pk]), follow=True).text
    asked = staff.post(reverse("surveys:end", args=[wave.pk]), {"typed": "no"})
    ended = staff.post(reverse("surveys:end", args=[wave.pk]), {"typed": "end"}, follow=True).text
    again = staff.post(reverse("surveys:end", args=[wave.pk]), {"typed": "end"})

    assert (early.status_code, opened.headers["Location"]) == (422, wave.get_absolute_url())
    assert "Nobody is to be reminded now" in too_soon
    assert "0 of 6 people have answered" in page
    assert "Remind 6 who have not answered" in page
    assert "6 reminders are on their way" in reminded
    assert (asked.status_code, again.status_code) == (422, 422)
    assert "The time to answer is over." in ended
    assert "Spring" in staff.get(reverse("surveys:surveys", args=[program.pk])).text


@pytest.mark.parametrize("anonymity", [Anonymity.COUNTED, Anonymity.ANONYMOUS])
def test_without_names_nothing_shows_before_the_end_nor_of_four(staff, program, anonymity):
    wave = open_wave(program, anonymity=anonymity)
    people = list(wave.participants.order_by("pk"))
    for participant in people[:4]:
        answer(participant, words="Secret words")
    table = reverse("surveys:responses_file", args=[wave.pk])

    open_page, open_table = staff.get(wave.get_absolute_url()).text, rows_in(staff.get(table))
    end(wave)
    four_page, four_table = staff.get(wave.get_absolute_url()).text, rows_in(staff.get(table))

    assert "Secret words" not in open_page + four_page
    assert "What people answer shows when the time is over" in open_page
    assert "at least 5 have" in four_page
    assert (len(open_table), len(four_table)) == (1, 1)


def test_without_names_five_show_together_less_what_fewer_answered(staff, program):
    wave = open_wave(program)
    for number, participant in enumerate(wave.participants.order_by("pk")[:5]):
        answer(participant, load=number + 1, **({"words": "Few of us"} if number else {}))
    end(wave)

    page = staff.get(wave.get_absolute_url()).text
    header, *rows = rows_in(staff.get(reverse("surveys:responses_file", args=[wave.pk])))

    assert "How heavy?" in page
    assert "Few of us" not in page
    assert "Person 0" not in page
    assert header[:3] == ["answer", "language", "role"]
    assert sorted(row[0] for row in rows) == ["1", "2", "3", "4", "5"]
    assert sorted(row[header.index("load")] for row in rows) == ["1", "2", "3", "4", "5"]
    assert {row[1] for row in rows} == {""}
    assert {row[header.index("words")] for row in rows} == {""}


def test_with_names_everything_shows_at_once_and_no_formula_runs(staff, program):
    wave = open_wave(program, anonymity=Anonymity.NAMED)
    answer(
        wave.participants.order_by("pk").first(),
        role="office",
        reached=["web"],
        years=2.0,
        opened=date(2020, 2, 3),
        load=4,
        order=["books", "peers"],
        friend=7,
        words="=1+1",
    )

    page = staff.get(wave.get_absolute_url()).text
    header, row = rows_in(staff.get(reverse("surveys:responses_file", args=[wave.pk])))

    assert "=1+1" in page
    assert dict(zip(header, row, strict=True)) == {
        "name": "Person 0",
        "language": "en",
        "role": "office",
        "reached.phone": "0",
        "reached.web": "1",
        "years": "2",
        "opened": "2020-02-03",
        "web_words": "",
        "load": "4",
        "skills.listen": "4",
        "skills.write": "2",
        "order.peers": "2",
        "order.books": "1",
        "friend": "7",
        "words": "'=1+1",
    }
    assert "4.0" in page  # the mean of a grid's row


def test_people_who_were_erased_leave_their_counts(staff, program):
    wave = open_wave(program, anonymity=Anonymity.NAMED)
    participant = wave.participants.order_by("pk").first()
    answer(participant, words="My own words")
    person = participant.enrollment.person

    accounts.erase(person, by=person)

    page = staff.get(wave.get_absolute_url()).text
    assert "1 of 6 people have answered" in page
    assert "My own words" not in page
    assert "What else?" not in page
    assert Response.objects.count() == 1
