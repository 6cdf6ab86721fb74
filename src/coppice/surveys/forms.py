"""What people type about surveys: an instrument's file, a wave, and the answers of one screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError
from coppice.lib.lines import LineFormField
from coppice.surveys.answers import Answers
from coppice.surveys.instruments import Choice, Instrument, Kind, Question
from coppice.surveys.models import Wave
from coppice.surveys.reading import read_instrument
from coppice.ui.widgets import DateInput

LARGEST_FILE = 500_000
LONGEST_ANSWER = 4000
USUAL_TIME = timedelta(days=14)


class InstrumentForm(forms.Form):
    """An instrument as a file in the public JSON form."""

    file = forms.FileField(
        label=_("Instrument file"),
        help_text=_("A .json file, as it is downloaded from any instrument here."),
    )

    def clean_file(self) -> Instrument:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for an instrument. Choose another one."))
        try:
            return read_instrument(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("This file is not text in UTF-8. Save it so, then try again.")
            ) from None
        except DomainError as refused:
            raise forms.ValidationError(str(refused.sentence)) from refused


class WaveForm(forms.Form):
    """Whom nobody chooses: a wave asks everybody. Until when, and who sees the answers."""

    name = LineFormField(label=_("Name of this round"), max_length=200)
    closes_on = forms.DateField(label=_("Last day to answer"), widget=DateInput)
    anonymity = forms.ChoiceField(
        label=_("Who sees the answers"),
        choices=Wave.Anonymity.choices,
        initial=Wave.Anonymity.COUNTED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["name"].initial = name
        self.fields["closes_on"].initial = today + USUAL_TIME


@dataclass(frozen=True)
class Block:
    """One question as it is drawn: one field, or several under one heading."""

    question: Question
    text: str
    help: str
    fields: list[BoundField]
    is_many: bool


class AnswersForm(forms.Form):
    """The questions of one screen, as one person is asked them.

    Each question is a field named by its key, each row of a grid and each thing to rank a field named
    "key.row". With `is_whole` what must be answered must be; without, whatever can be kept is.
    """

    def __init__(
        self,
        typed: Any = None,
        *,
        questions: Sequence[Question],
        instrument: Instrument,
        language: str,
        answers: Answers,
        is_whole: bool = True,
    ) -> None:
        super().__init__(typed)
        self.questions, self.instrument, self.language = questions, instrument, language
        for question in questions:
            given = answers.get(question.key)
            if question.kind in {Kind.GRID, Kind.RANKING}:
                for choice in question.choices:
                    self.fields[f"{question.key}.{choice.key}"] = self._part(
                        question, choice, given, is_whole
                    )
            else:
                self.fields[question.key] = self._field(question, given, is_whole)

    def blocks(self) -> Iterator[Block]:
        """Yield the questions with their fields."""
        for question in self.questions:
            is_many = question.kind in {Kind.GRID, Kind.RANKING}
            names = (
                [f"{question.key}.{choice.key}" for choice in question.choices] if is_many else [question.key]
            )
            yield Block(
                question=question,
                text=self._say(question.text),
                help=self._help(question),
                fields=[self[name] for name in names],
                is_many=is_many,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for question in self.questions:
            if question.kind is Kind.RANKING:
                self._check_ranking(question, cleaned)
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as `answers.py` tells it, once the form is valid."""
        given: dict[str, Any] = {}
        for question in self.questions:
            if question.kind in {Kind.GRID, Kind.RANKING}:
                parts = {
                    choice.key: self.cleaned_data[f"{question.key}.{choice.key}"]
                    for choice in question.choices
                }
                chosen = {key: int(value) for key, value in parts.items() if value not in (None, "")}
                is_grid = question.kind is Kind.GRID
                given[question.key] = chosen if is_grid else sorted(chosen, key=lambda key: chosen[key])
            else:
                given[question.key] = self.cleaned_data[question.key]
        return {key: value for key, value in given.items() if value not in (None, "", [], {})}

    def _say(self, text: Any) -> str:
        return self.instrument.say(text, self.language)

    def _field(self, question: Question, given: Any, is_whole: bool) -> forms.Field:
        shared: dict[str, Any] = {
            "label": self._say(question.text),
            "help_text": escape(self._help(question)),
            "required": question.is_required and is_whole,
            "initial": given,
        }
        choices = [(choice.key, self._say(choice.text)) for choice in question.choices]
        match question.kind:
            case Kind.CHOICE:
                return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
            case Kind.SEVERAL:
                return forms.MultipleChoiceField(
                    choices=choices, widget=forms.CheckboxSelectMultiple, **shared
                )
            case Kind.SCALE | Kind.ZERO_TO_TEN:
                return self._scale(question, **shared)
            case Kind.NUMBER:
                limits: dict[str, Any] = {"min_value": question.lowest, "max_value": question.highest}
                return forms.FloatField(widget=forms.NumberInput(attrs={"step": "any"}), **limits, **shared)
            case Kind.DATE:
                return forms.DateField(widget=DateInput, **shared)
            case _:
                area = forms.Textarea(attrs={"rows": 4})
                return forms.CharField(max_length=LONGEST_ANSWER, widget=area, **shared)

    def _scale(self, question: Question, **shared: Any) -> forms.Field:
        choices = [(point, str(point)) for point in question.points]
        return forms.TypedChoiceField(
            choices=choices,
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect(attrs={"class": "scale"}),
            **shared,
        )

    def _help(self, question: Question) -> str:
        """The help of a question, then what the ends of its scale stand for."""
        ends = ((question.lowest, question.lowest_text), (question.highest, question.highest_text))
        said = ", ".join(f"{point}: {words}" for point, text in ends if (words := self._say(text or {})))
        return " ".join(filter(None, (self._say(question.help), said)))

    def _part(self, question: Question, choice: Choice, given: Any, is_whole: bool) -> forms.Field:
        shared: dict[str, Any] = {
            "label": self._say(choice.text),
            "required": question.is_required and is_whole,
        }
        if question.kind is Kind.GRID:
            return self._scale(question, initial=(given or {}).get(choice.key), **shared)
        places = {key: place for place, key in enumerate(given or (), start=1)}
        numbers = [("", _("not ranked")), *((str(n), str(n)) for n in range(1, len(question.choices) + 1))]
        return forms.ChoiceField(choices=numbers, initial=str(places.get(choice.key, "")), **shared)

    def _check_ranking(self, question: Question, cleaned: dict[str, Any]) -> None:
        taken: set[str] = set()
        for choice in question.choices:
            name = f"{question.key}.{choice.key}"
            place = cleaned.get(name)
            if place and place in taken:
                self.add_error(name, _("Two have the same place. Give each its own."))
            taken.add(place or "")
