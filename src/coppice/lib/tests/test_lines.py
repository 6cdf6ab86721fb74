"""Names stand on one line, whatever was pasted into them."""

import pytest
from django.db import models

from coppice.lib.lines import LineField, LineFormField, one_line

PASTED = "  Hedge\r\nrow\x00\x0b\u2028\u202e  of\tall\ud800 "


def test_breaks_and_control_characters_become_one_space():
    assert one_line(PASTED) == "Hedge row of all"


def test_joiners_of_letters_and_right_to_left_names_stay():
    names = ["نیم\u200cفاصله", "👩\u200d🌾 Farmers", "קהילה"]

    assert [one_line(name) for name in names] == names


@pytest.mark.parametrize(("typed", "kept"), [(PASTED, "Hedge row of all"), ("", "")])
def test_a_form_takes_a_line(typed, kept):
    assert LineFormField(required=False, max_length=16).clean(typed) == kept


@pytest.mark.parametrize("typed", ["\r\n\x00", "\u200b", " \u2060\ufeff\u3164 "])
def test_what_cannot_be_seen_is_nothing(typed):
    with pytest.raises(Exception, match="Fill this in"):
        LineFormField().clean(typed)


def test_a_column_is_looked_up_and_kept_as_a_line_and_is_a_char_field_to_migrations():
    field = LineField(max_length=60)

    assert (field.get_prep_value(PASTED), field.get_prep_value(None)) == ("Hedge row of all", None)
    assert isinstance(field.formfield(), LineFormField)
    assert field.deconstruct()[1] == f"{models.__name__}.CharField"
