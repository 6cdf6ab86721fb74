"""Fields are called in words wherever the studio speaks of them."""

import pytest

from coppice.formation.rules import Kind, Rule, fields_of
from coppice.formation.wording import field_label, reason_sentences, rule_sentence


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("kind", "type of organization"),
        ("attribute:joined_on", "joined on"),
        ("attribute:van_size", "van size"),
        ("attribute:Years", "Years"),
    ],
)
def test_a_field_is_called_in_words(key: str, words: str) -> None:
    assert field_label(key) == words


def test_rules_reasons_and_choices_call_a_column_alike() -> None:
    rule = Rule(kind=Kind.APART, field="attribute:van_size")
    reason = {"code": "adds_value", "parameters": {"attribute": "attribute:van_size", "value": "12"}}

    assert rule_sentence(rule) == "Same answer apart: van size"
    assert reason_sentences([reason], names={}) == ["Brings “12” (van size) into the group."]
    assert [field.label for field in fields_of([{"attribute:van_size": ["12"]}])] == ["van size"]
