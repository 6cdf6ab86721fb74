"""A needs assessment from the asking to the gaps, by the pages and by the link in the mail."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from coppice.history.models import Entry
from coppice.notifications.models import Message
from coppice.profiles import actions
from coppice.profiles.errors import NoTopics, TooManyTopics
from coppice.profiles.models import NeedsAssessment
from coppice.profiles.pictures import largest_of, picture_of
from coppice.profiles.queries import results_of
from coppice.programs.models import Enrollment, Organization, Topic
from coppice.surveys import actions as surveys
from coppice.surveys import tasks
from coppice.surveys.tests.factories import administrator_of, end, enroll, make_program
from engines.scoring import Gap

pytestmark = pytest.mark.django_db
TOPICS = ("Grants", "Boards", "Volunteers")


@pytest.fixture
def program():
    made = make_program(people=8)
    for position, name in enumerate(TOPICS):
        Topic.objects.create(program=made, name=name, position=position)
    return made


def begin(program, **fields):
    return actions.begin_assessment(
        program,
        name="Spring needs",
        closes_on=timezone.localdate() + timedelta(days=10),
        by=administrator_of(program),
        **fields,
    )


def say(participant, *pairs):
    """Somebody says how important, and how confident, for each topic in order (None: not said)."""
    document = participant.wave.instrument.document
    questions = list(document.questions)
    keys = [choice.key for choice in questions[0].choices]
    answers = {
        question.key: {
            key: pair[place] for key, pair in zip(keys, pairs, strict=True) if pair[place] is not None
        }
        for place, question in enumerate(questions)
    }
    surveys.save_answers(participant, questions=questions, answers=answers)
    surveys.send(participant)


def test_from_the_asking_to_the_gaps(program):
    staff = Client()
    staff.force_login(administrator_of(program))
    until = (timezone.localdate() + timedelta(days=10)).isoformat()

    page = staff.get(reverse("profiles:needs", args=[program.pk])).text
    begun = staff.post(reverse("profiles:needs", args=[program.pk]), {"name": "Spring", "closes_on": until})
    tasks.write_mail.call()
    assessment = NeedsAssessment.objects.get()
    rows = [choice.key for choice in next(assessment.wave.instrument.document.questions).choices]
    for number, mail in enumerate(Message.objects.order_by("pk")[:6]):
        (link,) = re.findall(r"http://[^/\s]+(/surveys/\S+)", mail.text)
        somebody = Client()
        for screen, points in ((1, (5, 2, 3)), (2, (1 + number % 2, 3, 3))):
            typed = {
                f"{('importance', 'confidence')[screen - 1]}.{key}": p
                for key, p in zip(rows, points, strict=True)
            }
            somebody.post(f"{link}screens/{screen}/", typed)
    waiting = staff.get(assessment.get_absolute_url()).text
    end(assessment.wave)
    shown = staff.get(assessment.get_absolute_url()).text
    table = staff.get(reverse("profiles:gaps_file", args=[assessment.pk])).content.decode("utf-8-sig")

    assert "Grants, Boards, Volunteers" in page
    assert begun.headers["Location"] == assessment.get_absolute_url()
    assert "6 of 8 people have answered" in waiting
    assert "Importance" not in waiting
    assert "The largest gap is in Grants: importance 5.00, confidence 1.50." in shown
    assert "By organization" in shown  # all are of one house, whose gaps are those of all
    assert list(csv.reader(io.StringIO(table)))[1:4] == [
        ["", "Grants", "6", "5.0000", "1.5000", "3.5000", "2.9252", "4.0748", "1", "1"],
        ["", "Volunteers", "6", "3.0000", "3.0000", "0.0000", "", "", "2", "3"],
        ["", "Boards", "6", "2.0000", "3.0000", "-1.0000", "", "", "2", "3"],
    ]
    assert "Spring" in staff.get(reverse("profiles:needs", args=[program.pk])).text
    assert Entry.objects.filter(verb="needs.asked").count() == 1


def test_a_program_without_topics_is_shown_how_to_add_them(program):
    program.topics.all().delete()
    staff = Client()
    staff.force_login(administrator_of(program))
    address = reverse("profiles:needs", args=[program.pk])

    page = staff.get(address).text
    refused = staff.post(address, {"name": "Spring", "closes_on": timezone.localdate() + timedelta(days=9)})

    assert "Add topics" in page
    assert (refused.status_code, NeedsAssessment.objects.count()) == (422, 0)
    with pytest.raises(NoTopics):
        begin(program)


def test_nobody_is_asked_about_more_topics_than_they_would_read(program):
    Topic.objects.bulk_create(Topic(program=program, name=f"Topic {number}") for number in range(58))

    with pytest.raises(TooManyTopics):
        begin(program)


def test_it_is_asked_in_every_language_with_the_programs_words_for_topics(program):
    document = begin(program).wave.instrument.document

    assert document.languages == ["en", "es"]
    assert document.say(document.title, "es") != document.say(document.title, "en")
    rows = next(document.questions).choices
    assert [document.say(row.text, "es") for row in rows] == list(TOPICS)


def test_nothing_shows_of_four_or_while_it_is_open(program):
    assessment = begin(program)
    people = list(assessment.wave.participants.order_by("pk"))
    for participant in people[:4]:
        say(participant, (5, 1), (4, 2), (3, 3))
    four = results_of(assessment, language="en")
    say(people[4], (5, 1), (4, 2), (3, 3))
    is_open = results_of(assessment, language="en")
    end(assessment.wave)
    over = results_of(assessment, language="en")

    assert (four.answered, is_open.answered, over.answered) == (0, 0, 5)
    assert [gap.topic for gap in over.gaps] == list(TOPICS)


def test_a_topic_counts_only_those_who_said_both(program):
    assessment = begin(program)
    for number, participant in enumerate(assessment.wave.participants.order_by("pk")[:6]):
        say(participant, (5, 1 + number % 3), (4, None if number < 2 else 2), (None, 3))
    end(assessment.wave)

    results = results_of(assessment, language="en")

    assert [(gap.topic, gap.people) for gap in results.gaps] == [("Grants", 6)]


def test_organizations_show_only_where_neither_they_nor_the_rest_are_few():
    program = make_program(people=6)
    Topic.objects.create(program=program, name="Grants")
    ash = Organization.objects.create(program=program, name="Ash House")
    for number in range(5):
        enroll(program, f"Ash {number}", organization=ash)
    loner = enroll(program, "Loner")
    first, second = begin(program), begin(program)
    for assessment in (first, second):
        for number, participant in enumerate(assessment.wave.participants.order_by("pk")):
            if assessment is first or participant.enrollment_id != loner.pk:
                say(participant, (5, 1 + number % 2))
        end(assessment.wave)

    beside_one = results_of(first, language="en")
    beside_none = results_of(second, language="en")

    # Beside one person of no house, the smaller house is hidden too: the total would tell of that person.
    assert [(each.organization.name, each.people) for each in beside_one.organizations] == [("Oak House", 6)]
    assert [(each.organization.name, each.people) for each in beside_none.organizations] == [
        ("Ash House", 5),
        ("Oak House", 6),
    ]
    page = Client()
    page.force_login(administrator_of(program))
    assert "Ash House" in page.get(second.get_absolute_url()).text
    table = page.get(reverse("profiles:gaps_file", args=[second.pk])).content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(table))][1:] == ["", "Ash House", "Oak House"]


def test_two_rounds_never_mix(program):
    first, second = begin(program), begin(program)
    for assessment, pair in ((first, (5, 1)), (second, (2, 4))):
        for number, participant in enumerate(assessment.wave.participants.order_by("pk")[:5]):
            say(participant, pair, (3, 1 + number % 2), (3, 3))
        end(assessment.wave)

    [grants, *_rest] = results_of(first, language="en").gaps
    again = {gap.topic: gap.gap for gap in results_of(second, language="en").gaps}

    assert (grants.topic, grants.gap, again["Grants"]) == ("Grants", 4, -2)


def test_topics_stay_as_they_were_asked(program):
    assessment = begin(program)
    for participant in assessment.wave.participants.order_by("pk")[:5]:
        say(participant, (5, 1), (4, 2), (3, 3))
    end(assessment.wave)
    program.topics.all().delete()

    assert [gap.topic for gap in results_of(assessment, language="en").gaps] == list(TOPICS)


def test_the_picture_says_what_it_shows(program):
    assessment = begin(program)
    people = list(assessment.wave.participants.order_by("pk"))
    for number, participant in enumerate(people):
        say(participant, (3, 5), (2, 4 + number % 2), (1, 5))
    end(assessment.wave)

    results = results_of(assessment, language="en")
    picture = picture_of(results.gaps)

    assert picture_of(()) is None
    assert picture.finding == "People are at least as confident as they need to be, in every topic."
    assert [bar.is_behind for bar in picture.bars] == [False] * 3
    assert (picture.bars[0].importance, picture.bars[0].confidence) == ("200.0", "388.0")


def test_the_picture_does_not_claim_more_than_is_sure(program):
    assessment = begin(program)
    for number, participant in enumerate(assessment.wave.participants.order_by("pk")):
        say(participant, (5, 1 + number % 3), (5, 1 + (number + 1) % 4), (1, 5 - number % 2))
    end(assessment.wave)

    picture = picture_of(results_of(assessment, language="en").gaps)

    assert picture.finding.endswith("Other topics may be as wide apart.")


def test_a_gap_is_the_difference_of_the_two_means_as_they_are_read():
    gap = Gap("Grants", 7, importance=4.2857, confidence=2.1351, gap=2.1506, interval=None, first=1, last=1)

    picture = picture_of([gap])

    [row] = picture.rows
    assert (row.importance, row.confidence, row.gap) == ("4.29", "2.14", "2.15")
    assert largest_of([gap]) == "Grants 2.15 (all the same)"


def test_figures_are_written_as_the_reader_writes_them(program):
    assessment = begin(program)
    for participant in assessment.wave.participants.order_by("pk")[:5]:
        say(participant, (5, 1), (4, 2), (3, 3))
    end(assessment.wave)
    Enrollment.objects.update(language="es")

    with translation.override("es-es"):
        assert "5,00" in picture_of(results_of(assessment, language="es").gaps).finding
