"""How forms are drawn and what they say."""

import pytest
from django import forms
from django.utils.html import escape

from coppice.ui import widgets
from coppice.ui.controls import is_optional
from coppice.ui.forms import TypedConfirmation, part_of_a_row
from coppice.ui.wording import KIND_WORDS


class Program(forms.Form):
    name = forms.CharField(help_text="People see this.")
    purpose = forms.CharField(required=False, widget=forms.Textarea)
    reason = forms.ChoiceField(
        choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect, help_text="Choose."
    )
    agrees = forms.BooleanField(label="I agree")
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Two programs cannot share a name.")


def draw(form: forms.BaseForm) -> str:
    return " ".join(str(form).split())


def test_fields_have_label_above_and_help_that_the_input_points_to():
    html = draw(Program())

    assert (
        '<label for="id_name">Name</label> <input type="text" name="name" required aria-describedby=' in html
    )
    assert 'aria-describedby="id_name_helptext" id="id_name"' in html
    assert '<div class="field-help" id="id_name_helptext">People see this.</div>' in html


def test_only_what_may_stay_empty_is_marked():
    assert draw(Program()).count("(optional)") == 1


def test_a_choice_that_is_made_and_a_part_of_a_row_are_not_called_optional():
    class Several(forms.Form):
        made = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], initial="a", required=False)
        open = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, required=False)
        empty = forms.ChoiceField(choices=[("", "None"), ("a", "A")], initial="a", required=False)
        many = forms.MultipleChoiceField(choices=[("a", "A")], initial=["a"], required=False)
        part = forms.CharField(required=False)

    form = Several()
    part_of_a_row(form.fields["part"])

    assert [each.name for each in form if is_optional(each)] == ["open", "empty", "many"]


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = draw(Program())

    assert '<fieldset aria-describedby="id_reason_helptext"> <legend>Reason</legend>' in html


def test_a_single_tick_has_its_label_beside_it():
    html = draw(Program())

    assert '<label for="id_agrees"><input type="checkbox" name="agrees" required id="id_agrees">' in html


def test_an_unbound_form_has_no_summary():
    assert 'class="errors"' not in draw(Program())


def test_wrong_answers_are_marked_beside_the_field():
    html = draw(Program({"secret": "x"}))

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div class="field-error" id="id_name_error">' in html


def test_wrong_answers_are_summed_up_with_links_that_reach_a_control():
    html = draw(Program({"secret": "x"}))

    assert "3 answers need another look" in html
    assert '<a href="#id_name"><strong>Name</strong> Fill this in.</a>' in html
    assert '<a href="#id_reason_0"><strong>Reason</strong> Choose one.</a>' in html
    assert 'id="id_reason_0"' in html
    assert '<a href="#id_agrees"><strong>I agree</strong> Tick this to go on.</a>' in html


def test_errors_of_the_whole_form_and_of_hidden_fields_stand_on_top():
    html = draw(Program({"name": "x", "reason": "a", "agrees": "on"}))

    assert "<li>Two programs cannot share a name.</li><li>Fill this in.</li>" in html
    assert "This could not be saved yet" in html


@pytest.mark.parametrize("field", list(KIND_WORDS))
def test_every_kind_word_reaches_its_field(field):
    arguments = {"queryset": None} if issubclass(field, forms.ModelChoiceField) else {}

    messages = field(**arguments).error_messages

    assert {code: messages[code] for code in KIND_WORDS[field]} == KIND_WORDS[field]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("1", "Give 3 or more."), ("41", "Give 40 or less."), ("x", "Give a whole number, such as 12.")],
)
def test_limits_say_what_to_give(typed, sentence):
    with pytest.raises(forms.ValidationError, match=sentence):
        forms.IntegerField(min_value=3, max_value=40).clean(typed)


def test_too_long_an_answer_says_by_how_much():
    with pytest.raises(forms.ValidationError, match=r"Use at most 3 letters; this has 4."):
        forms.CharField(max_length=3).clean("four")


def test_a_fields_own_words_come_first():
    assert forms.CharField(error_messages={"required": "Name it."}).error_messages["required"] == "Name it."


@pytest.mark.parametrize(
    ("widget", "value", "written"),
    [
        (widgets.DateInput, "2026-12-01", 'type="date" name="n" value="2026-12-01"'),
        (widgets.TimeInput, "14:00", 'type="time" name="n" value="14:00"'),
        (
            widgets.DateTimeInput,
            "2026-12-01T14:00",
            'type="datetime-local" name="n" value="2026-12-01T14:00"',
        ),
    ],
)
def test_pickers_get_the_form_that_browsers_read(widget, value, written):
    assert written in widget().render("n", value)


@pytest.mark.parametrize("typed", ["Rural transport", " rural TRANSPORT "])
def test_the_typed_word_confirms(typed):
    assert TypedConfirmation({"typed": typed}, word="Rural transport").is_valid()


@pytest.mark.parametrize(("typed", "code"), [("Rural", "no_match"), ("", "required")])
def test_another_word_does_not_confirm(typed, code):
    form = TypedConfirmation({"typed": typed}, word="Rural transport")

    assert [error.code for error in form.errors.as_data()["typed"]] == [code]


def test_the_word_is_escaped_in_the_page():
    word = '"><script>'

    html = draw(TypedConfirmation(word=word))

    assert (word in html, escape(word) in html) == (False, True)


def test_a_formset_is_drawn_with_its_management_form():
    rows = forms.formset_factory(Program, extra=2)()

    html = draw(rows)

    assert ('name="form-TOTAL_FORMS" value="2"' in html, html.count("form-1-name")) == (
        True,
        html.count("form-0-name"),
    )
