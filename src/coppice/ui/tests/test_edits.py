"""What a form that edits carries, and what it says of changes by others."""

from datetime import date, time

import pytest
from django import forms

from coppice.ui.edits import EditForm, changed_since, in_words, mark


class TitleForm(EditForm, forms.Form):
    title = forms.CharField(required=False)
    day = forms.DateField(required=False)

    is_edit = True


def opened(**stands: object) -> str:
    return mark({"title": stands.get("title"), "day": stands.get("day")})


def sent(typed: dict[str, str], *, carried: str, **stands: object) -> TitleForm:
    return TitleForm({**typed, "opened_with": carried}, initial=stands)


def test_a_mark_tells_which_values_are_others_by_now():
    carried = mark({"title": "Hedges", "day": None, "lines": "a\r\nb"})

    assert changed_since(carried, {"title": "Hedges", "day": "", "lines": "a\nb"}) == set()
    assert changed_since(carried, {"title": "Walls", "day": None, "lines": "b", "new": 1}) == {
        "title",
        "lines",
        "new",
    }
    assert changed_since(mark({}), {"title": "Hedges"}) == {"title"}
    assert changed_since("", {"title": "Walls"}) == set()
    assert changed_since("nonsense", {"title": "Walls"}) == {"title"}


def test_a_value_that_somebody_changed_is_not_overwritten_unseen():
    form = sent({"title": "Mine"}, carried=opened(title="Hedges"), title="Theirs")

    assert not form.is_valid()
    assert [(each.label, each.now) for each in form.changed_meanwhile] == [("Title", "Theirs")]
    assert 'value="Mine"' in str(form)
    assert "This was changed after you opened the form" in str(form)


def test_a_value_that_nobody_touched_here_is_not_moved_back():
    form = sent({"title": "Hedges"}, carried=opened(title="Hedges"), title="Theirs")

    assert not form.is_valid()


def test_the_same_change_made_twice_is_no_quarrel():
    form = sent({"title": "Theirs", "day": ""}, carried=opened(title="Hedges"), title="Theirs")

    assert form.is_valid()
    assert form.cleaned_data == {"title": "Theirs", "day": None}


def test_the_form_shown_again_saves_over_it_knowingly():
    first = sent({"title": "Mine"}, carried=opened(title="Hedges"), title="Theirs")
    first.is_valid()
    carried = str(first.opened_with).split('value="')[1].split('"')[0]

    assert sent({"title": "Mine"}, carried=carried, title="Theirs").is_valid()
    assert not sent({"title": "Mine"}, carried=carried, title="Changed once more").is_valid()


def test_a_form_of_something_new_carries_nothing():
    class NewForm(EditForm, forms.Form):
        title = forms.CharField()

    assert "opened_with" not in str(NewForm())
    assert NewForm({"title": "Mine"}).is_valid()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.CharField(), "Hedges", "Hedges"),
        (forms.CharField(), "", "(empty)"),
        (forms.BooleanField(), True, "Yes"),
        (forms.BooleanField(), False, "No"),
        (forms.ChoiceField(choices=[("a", "<One>"), ("More", [("b", "Two")])]), "b", "Two"),
        (forms.ChoiceField(choices=[("a", "<One>")]), "a", "&lt;One&gt;"),
        (forms.ChoiceField(choices=[("a", "One")]), "gone", "gone"),
        (forms.MultipleChoiceField(choices=[(1, "One"), (2, "Two")]), [1, 2], "One, Two"),
        (forms.DateField(), date(2031, 5, 3), "3 May 2031"),
        (forms.TimeField(), time(16, 30), "16:30"),
    ],
)
def test_a_value_is_told_as_people_read_it(field, value, words):
    assert in_words(field, value) == words
