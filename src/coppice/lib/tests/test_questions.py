"""A question is written once and filled anew at each asking."""

from datetime import datetime

import pytest
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.db.models.functions import Length
from django.utils import timezone

from coppice.lib.questions import Given, Question

pytestmark = pytest.mark.django_db


def test_a_question_is_written_once_and_each_asking_fills_its_gaps(django_assert_num_queries):
    for key, year in (("a", 2025), ("b", 2027)):
        Session.objects.create(session_key=key, expire_date=timezone.make_aware(datetime(year, 1, 1)))
    written = []

    def later():
        written.append(1)
        moment, key = Given("moment", DateTimeField()), Given("key", CharField())
        return Session.objects.filter(expire_date__gt=moment).exclude(pk=key).values_list("pk")

    question = Question(later)
    beginning, middle = (timezone.make_aware(datetime(year, 1, 1)) for year in (2000, 2026))

    with django_assert_num_queries(3):
        answers = [
            question.ask(moment=moment, key=key)
            for moment, key in ((beginning, "none"), (beginning, "a"), (middle, "none"))
        ]

    assert [sorted(answer) for answer in answers] == [[("a",), ("b",)], [("b",)], [("b",)]]
    assert written == [1]


def test_a_gap_that_nobody_fills_is_an_error():
    question = Question(lambda: Session.objects.filter(pk=Given("key", CharField())).values_list("pk"))

    with pytest.raises(KeyError, match="key"):
        question.ask()


def test_rows_of_a_model_come_as_its_objects_with_moments():
    ends = timezone.make_aware(datetime(2027, 1, 1))
    Session.objects.create(session_key="a", session_data="x", expire_date=ends)
    columns = [field.attname for field in Session._meta.concrete_fields]
    asked = Session.objects.filter(pk=Given("key", CharField())).annotate(said=Length("session_data"))
    question = Question(lambda: asked.values_list(*columns, "said"))

    [session] = question.ask_for(Session, key="a")

    assert (session.pk, session.expire_date, session.said) == ("a", ends, 1)
    assert question.ask_for(Session, key="b") == []
