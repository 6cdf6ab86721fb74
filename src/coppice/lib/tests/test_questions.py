"""A question is written once and filled anew at each asking."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Length
from django.http import Http404
from django.utils import timezone

from coppice.lib.questions import Given, Question, the_one

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


def test_rows_of_a_model_come_as_its_objects_with_moments_and_in_parts():
    ends = timezone.make_aware(datetime(2027, 1, 1))
    for key in ("a", "b", "c"):
        Session.objects.create(session_key=key, session_data="x", expire_date=ends)
    asked = Session.objects.filter(pk__gte=Given("key", CharField())).order_by("pk")
    later = ExpressionWrapper(F("expire_date") + timedelta(days=1), output_field=DateTimeField())
    question = Question(lambda: asked.annotate(said=Length("session_data"), later=later))

    first, *others = question.ask_for(Session, key="a")

    assert (first.pk, first.expire_date, first.said) == ("a", ends, 1)
    assert first.later == ends + timedelta(days=1)
    assert [each.pk for each in others] == ["b", "c"]
    assert [each.pk for each in question.ask_for(Session, key="a", most=1, skip=1)] == ["b"]
    assert question.ask_for(Session, key="d") == []


def test_what_is_related_comes_with_a_row(django_assert_num_queries):
    model = ContentType.objects.get_for_model(Session)
    Permission.objects.create(content_type=model, codename="dance", name="May dance")
    question = Question(
        lambda: Permission.objects.select_related("content_type").filter(
            codename=Given("codename", CharField())
        )
    )

    with django_assert_num_queries(1):
        permission = the_one(question.ask_for(Permission, codename="dance"))
        assert permission.content_type == model

    with pytest.raises(Http404):
        the_one(question.ask_for(Permission, codename="sing"))
