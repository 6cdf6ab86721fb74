"""The rows of a form in which rules are set: what each kind of rule asks for, checked and put together."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.formation.rules import EVERYBODY, MUST_HOLD, SHAPES, Kind, Rule, Weight
from coppice.formation.sight import Sight
from coppice.programs.rosters.cells import split_list, split_names
from coppice.programs.rosters.headers import fold
from coppice.ui.forms import part_of_a_row

SHOWN = 2
SPARE = 6
MOST = 60
LARGEST = 200
MOST_NAMESAKES = 8
PARTS = ("kind", "field", "value", "amount", "share", "people", "topics", "weight", "told")
ROW_KINDS = [kind for kind in Kind if kind != Kind.CHOSEN]
SHARES = [
    (EVERYBODY, gettext_lazy("everybody")),
    (80, gettext_lazy("four in five")),
    (67, gettext_lazy("two in three")),
    (50, gettext_lazy("half")),
]


@dataclass(frozen=True)
class Row:
    """One rule as the form draws it."""

    kind: forms.BoundField
    field: forms.BoundField
    value: forms.BoundField
    amount: forms.BoundField
    share: forms.BoundField
    people: forms.BoundField
    topics: forms.BoundField
    weight: forms.BoundField
    told: forms.BoundField


class RuleRows:
    """Adds rows to a form, checks them, and gives the rules that they say; some rows are spare."""

    def __init__(self, form: forms.BaseForm, sight: Sight, rules: Sequence[Rule]) -> None:
        self._form, self._sight = form, sight
        self.count = min(MOST, max(SHOWN, len(rules) + 1) + SPARE)
        self.filled = len(rules)
        for number in range(self.count):
            self._add(number, rules[number] if number < len(rules) else None)

    @property
    def shown(self) -> list[Row]:
        """The rows that say something, and some to go on with."""
        return self._rows()[: max(SHOWN, self._last_filled() + 2)]

    @property
    def folded(self) -> list[Row]:
        """The spare rows."""
        return self._rows()[len(self.shown) :]

    def clean(self, cleaned: Mapping[str, Any], *, topics: Mapping[str, str], has_topics: bool) -> list[Rule]:
        """Return the rules, with errors beside the fields that need another look.

        `topics` gives those offered by folded name.
        """
        told = {
            cleaned.get(f"field_{number}")
            for number in range(self.count)
            if cleaned.get(f"kind_{number}") and cleaned.get(f"told_{number}")
        }
        rules: list[Rule] = []
        first: dict[Rule, tuple[int, Rule]] = {}
        for number in range(self.count):
            row = {part: cleaned.get(f"{part}_{number}") for part in PARTS}
            if row["kind"]:
                kind = Kind(row["kind"])
                rule = _RowReader(self._form, self._sight, number, row).rule(
                    kind, topics=topics, has_topics=has_topics, is_told=row["field"] in told
                )
                if rule is None:
                    continue
                before, same = first.setdefault(rule.asked, (number, rule))
                if rule != same:
                    self._form.add_error(f"kind_{number}", _repeated(before + 1))
                rules.append(rule)
            elif row["field"]:
                self._form.add_error(f"kind_{number}", _("Choose what to do with it, or take it away."))
        return list(dict.fromkeys(rules))

    def _rows(self) -> list[Row]:
        form = self._form
        return [Row(*(form[f"{part}_{number}"] for part in PARTS)) for number in range(self.count)]

    def _last_filled(self) -> int:
        sent = [number for number in range(self.count) if self._form[f"kind_{number}"].value()]
        return sent[-1] if sent else -1

    def _add(self, number: int, rule: Rule | None) -> None:
        fields, place = self._form.fields, {"number": number + 1}
        fields[f"kind_{number}"] = forms.ChoiceField(
            label=_("Rule %(number)d: what should be so?") % place,
            choices=_kinds,
            required=False,
            initial=rule.kind.value if rule else "",
        )
        fields[f"field_{number}"] = forms.ChoiceField(
            label=_("Rule %(number)d: by which answer?") % place,
            choices=self._fields(rule),
            required=False,
            initial=rule.field if rule else "",
        )
        fields[f"value_{number}"] = forms.CharField(
            label=_("Which answer?"),
            required=False,
            max_length=200,
            initial=rule.value if rule else "",
            widget=forms.TextInput(attrs={"list": "answers", "autocomplete": "off"}),
        )
        fields[f"amount_{number}"] = forms.IntegerField(
            label=_("How many (people, or hours of the week)?"),
            required=False,
            min_value=1,
            max_value=LARGEST,
            initial=rule.number or None if rule else None,
            widget=forms.NumberInput(attrs={"placeholder": _("as usual"), "data-usual": _usual_amounts()}),
        )
        fields[f"share_{number}"] = forms.TypedChoiceField(
            label=_("Who has to be free?"),
            choices=SHARES,
            coerce=int,
            required=False,
            initial=rule.share if rule else EVERYBODY,
        )
        fields[f"people_{number}"] = forms.CharField(
            label=_("Who? Names, with a comma between"),
            required=False,
            max_length=4000,
            initial="; ".join(self._names(rule.people)) if rule else "",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        fields[f"topics_{number}"] = forms.CharField(
            label=_("Which topics? With a comma between"),
            required=False,
            max_length=4000,
            initial="; ".join(rule.topics) if rule else "",
            widget=forms.TextInput(attrs={"list": "topics", "autocomplete": "off"}),
        )
        fields[f"weight_{number}"] = forms.ChoiceField(
            label=_("How much does it count?"),
            choices=Weight.choices,
            required=False,
            initial=(rule.weight if rule else Weight.USUAL).value,
        )
        fields[f"told_{number}"] = forms.BooleanField(
            label=_("People may read this in their invitation"),
            required=False,
            initial=rule.is_told if rule else False,
        )
        for part in PARTS:
            part_of_a_row(fields[f"{part}_{number}"])

    def _names(self, people: Iterable[int]) -> list[str]:
        return [self._sight.names[pk] for pk in people if pk in self._sight.names]

    def _fields(self, rule: Rule | None) -> list[tuple[str, Any]]:
        """The fields that somebody has answered, and the rule's own even when nobody has any more."""
        known = self._sight.fields
        choices: list[tuple[str, Any]] = [("", _("Choose one")), *((each.key, each.label) for each in known)]
        if rule is not None and rule.field and rule.field not in {each.key for each in known}:
            choices.append((rule.field, rule.field_label))
        return choices


@dataclass(frozen=True)
class _RowReader:
    """One row, as it was sent."""

    form: forms.BaseForm
    sight: Sight
    number: int
    row: Mapping[str, Any]

    def rule(self, kind: Kind, *, topics: Mapping[str, str], has_topics: bool, is_told: bool) -> Rule | None:
        shape, field = Rule(kind).shape, self.row["field"] or ""
        rule = Rule(
            kind,
            field=field if shape.field else "",
            is_told=is_told and shape.field,
            value=self._value(field, needed=shape.needs_answer) if shape.answer else "",
            amount=(self.row["amount"] or 0) if shape.amount else 0,
            share=(self.row["share"] or EVERYBODY) if shape.share else EVERYBODY,
            people=self._people(least=1 if shape.topics else 2) if shape.people else (),
            topics=self._topics(topics) if shape.topics else (),
            weight=Weight(self.row["weight"] or Weight.USUAL) if kind not in MUST_HOLD else Weight.USUAL,
        )
        if shape.field and not field:
            self._wrong("field", _("Choose what this rule is about, or take it away."))
            return None
        if kind == Kind.SHARED_HOURS and not self.sight.has_hours:
            sentence = _(
                "Nobody has given hours yet, so this cannot hold. Bring them in, say which column has them, "
                "or take this rule away."
            )
            self._wrong("kind", sentence)
        if shape.needs_topics and not has_topics:
            self._wrong("kind", _("Say under “Topics” which there are, or take this rule away."))
        return rule

    def _value(self, field: str, *, needed: bool) -> str:
        typed = (self.row["value"] or "").strip()
        if not typed:
            if needed and field:
                self._wrong("value", _("Write the answer that this rule is about."))
            return ""
        known = self.sight.answer(field, typed)
        if known is None:
            usual = ", ".join(f"“{each}”" for each in self.sight.usual_answers(field))
            self._wrong(
                "value",
                _("Nobody answered “%(value)s”. Answers are: %(answers)s.")
                % {"value": typed, "answers": usual},
            )
        return known or typed

    def _people(self, *, least: int) -> tuple[int, ...]:
        typed = self.row["people"] or ""
        found: dict[int, None] = {}
        for name in split_names(typed):
            known = self.sight.people_called(name)
            if not known:
                self._wrong("people", self._nobody(name))
            elif len(known) > 1:
                self._wrong("people", self._several(name, known))
            else:
                found[known[0]] = None
        if len(found) < least and not self.form.errors.get(f"people_{self.number}"):
            self._wrong(
                "people",
                _("Write the names of at least two people.") if least > 1 else _("Write somebody’s name."),
            )
        return tuple(sorted(found))

    def _several(self, name: str, known: Sequence[int]) -> str:
        return _("%(count)d people are called “%(name)s”: %(people)s. Write the name with its number.") % {
            "count": len(known),
            "name": name,
            "people": "; ".join(self.sight.introduced(known[:MOST_NAMESAKES])),
        }

    def _nobody(self, name: str) -> str:
        other = self.sight.person_like(name)
        if other is None:
            return _("Nobody on the roster is called “%(name)s”.") % {"name": name}
        return _("Nobody on the roster is called “%(name)s”. Do you mean %(other)s?") % {
            "name": name,
            "other": other,
        }

    def _topics(self, topics: Mapping[str, str]) -> tuple[str, ...]:
        named = split_list(self.row["topics"] or "")
        for name in named:
            if fold(name) not in topics:
                self._wrong("topics", _("“%(topic)s” is not among the topics.") % {"topic": name})
        if not named:
            self._wrong("topics", _("Write at least one topic."))
        return tuple(topics[fold(name)] for name in named if fold(name) in topics)

    def _wrong(self, part: str, sentence: str) -> None:
        self.form.add_error(f"{part}_{self.number}", sentence)


def _repeated(number: int) -> str:
    return _(
        "Rule %(number)d asks the same, and counts differently. Take one of the two away, and let the other "
        "count as much as you mean."
    ) % {"number": number}


def _usual_amounts() -> str:
    """The number that each kind of rule usually asks for, as JSON for the page."""
    return json.dumps({kind.value: SHAPES[kind].amount for kind in ROW_KINDS if SHAPES[kind].amount})


def _kinds() -> list[tuple[str, Any]]:
    return [
        ("", _("No rule")),
        (_("Must hold"), [(kind.value, kind.label) for kind in ROW_KINDS if kind in MUST_HOLD]),
        (_("Aim for"), [(kind.value, kind.label) for kind in ROW_KINDS if kind not in MUST_HOLD]),
    ]
