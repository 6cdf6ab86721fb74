"""What people type to decide: the question with its options, an answer, and the outcome."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from coppice.accounts.zones import ZoneField
from coppice.communities.consents import LONGEST_CONSENT
from coppice.conversations.actions.decisions import OptionWords, Said
from coppice.conversations.decision_errors import (
    AskedOtherwise,
    ClosesTooSoon,
    NoReasonGiven,
    TooFewOptions,
    TooManyDots,
)
from coppice.conversations.decision_models import (
    LONGEST_BACKGROUND,
    LONGEST_MEANING,
    LONGEST_OUTCOME,
    MOST_DOTS,
    MOST_OPTIONS,
    Ballot,
    Decision,
    Option,
)
from coppice.lib.lines import LineFormField
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm
from coppice.ui.forms import part_of_a_row
from coppice.ui.widgets import DateInput, TimeInput

KINDS = Decision.Kind
SHOWN_AT_ONCE = 4
USUAL_TIME = timedelta(days=7)


class QuestionForm(EditForm, forms.Form):
    """A question of one kind, what one should know, and until when people answer."""

    question = LineFormField(
        label=_("What do you ask?"),
        max_length=200,
        error_messages={"required": _("Ask a question, or write what you propose.")},
    )
    background = forms.CharField(
        label=_("What one should know to answer"),
        required=False,
        max_length=LONGEST_BACKGROUND,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    closes_on = forms.DateField(label=_("People answer until"), widget=DateInput, validators=[validate_day])
    closes_time = forms.TimeField(label=_("At what time"), widget=TimeInput)
    time_zone = ZoneField(
        label=_("Time zone"), help_text=_("Everybody else reads the time by their own clock.")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        zone: ZoneInfo,
        decision: Decision | None = None,
        question: str = "",
    ) -> None:
        """`question` is proposed where nothing is asked yet."""
        self.kind, self.decision = kind, decision
        options = list(decision.options.all()) if decision else []
        closes_at = (decision.closes_at if decision else timezone.now() + USUAL_TIME).astimezone(
            decision.zone if decision else zone
        )
        initial: dict[str, Any] = {
            "closes_on": closes_at.date(),
            "closes_time": closes_at.time().replace(second=0, microsecond=0) if decision else time(18),
            "time_zone": decision.time_zone if decision else str(zone),
            "question": decision.question if decision else question,
            "background": decision.background if decision else "",
        }
        self.rows: list[tuple[str, str, int | None]] = []
        fields: dict[str, forms.Field] = {}
        if kind != KINDS.CONSENT:
            for number in range(1, MOST_OPTIONS + 1):
                option = options[number - 1] if number <= len(options) else None
                names = (
                    (f"label_{option.pk}", f"meaning_{option.pk}")
                    if option
                    else (
                        f"new_label_{number}",
                        f"new_meaning_{number}",
                    )
                )
                self.rows.append((*names, option.pk if option else None))
                initial |= {names[0]: option.label, names[1]: option.meaning} if option else {}
                fields[names[0]] = LineFormField(
                    label=_("Option %(number)d") % {"number": number}, required=False, max_length=120
                )
                fields[names[1]] = LineFormField(
                    label=_("What option %(number)d means") % {"number": number},
                    required=False,
                    max_length=LONGEST_MEANING,
                )
        for field in fields.values():
            part_of_a_row(field)  # two are needed, whichever they are
        super().__init__(data, initial=initial)
        closing = {name: self.fields.pop(name) for name in ("closes_on", "closes_time", "time_zone")}
        self.fields |= fields
        if kind == KINDS.DOTS and decision is None:
            self.fields["dots"] = forms.IntegerField(
                label=_("Dots for each person"), min_value=1, max_value=MOST_DOTS, initial=3
            )
        if kind != KINDS.CONSENT and decision is None:
            self.fields["is_secret"] = forms.BooleanField(
                label=_("Without names: nobody sees who said what"),
                required=False,
                help_text=_(
                    "Then counts are shown once it is over, and only from five answers on. Who has not "
                    "answered yet is shown in any case."
                ),
            )
        self.fields |= closing
        if kind == KINDS.CONSENT:
            self.fields["question"].label = _("What do you propose?")

    @property
    def is_edit(self) -> bool:
        return self.decision is not None

    @property
    def option_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The options that stand open on the page, each with its meaning: the filled ones, and some more."""
        return self._rows[: self._open_rows]

    @property
    def more_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Further places for options."""
        return self._rows[self._open_rows :]

    @property
    def _rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[label], self[meaning]) for label, meaning, _pk in self.rows]

    @property
    def _open_rows(self) -> int:
        filled = [number for number, (label, _meaning) in enumerate(self._rows, 1) if label.value()]
        return max([SHOWN_AT_ONCE, *(number + 1 for number in filled)])

    @property
    def options(self) -> list[OptionWords]:
        """What the options are to be."""
        said = self.cleaned_data
        return [
            OptionWords(said[label], said.get(meaning, ""), option_id)
            for label, meaning, option_id in self.rows
            if said.get(label)
        ]

    @property
    def closes_at(self) -> datetime:
        said = self.cleaned_data
        zone = ZoneInfo(said["time_zone"])
        return datetime.combine(said["closes_on"], said["closes_time"], tzinfo=zone).astimezone(UTC)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if {"closes_on", "closes_time", "time_zone"} <= set(cleaned) and self.closes_at <= timezone.now():
            self.add_error("closes_on", str(ClosesTooSoon.sentence))
        for label, meaning, _pk in self.rows:
            if cleaned.get(meaning) and not cleaned.get(label):
                self.add_error(label, _("Name the option whose meaning you say."))
        if self.rows and len(self.options) < 2:
            self.add_error(self.rows[0][0], str(TooFewOptions.sentence))
        return cleaned


class AnswerForm(forms.Form):
    """What one member says to a decision of any kind, with their reason.

    `asked` says which wording the page showed: what was sent to another one is to be sent again.
    """

    is_to_other_words = False

    def __init__(
        self,
        data: Any = None,
        *,
        decision: Decision,
        options: Sequence[Option],
        ballot: Ballot | None = None,
    ) -> None:
        self.decision, self.options = decision, options
        given = {each.option_id: each.weight for each in ballot.choices.all()} if ballot else {}
        asked = decision.edited_at.isoformat() if decision.edited_at else "first"
        super().__init__(data, initial={**_given(decision, given), **_said(ballot), "asked": asked})
        self.fields["asked"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if data is not None and data.get("asked", asked) != asked:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["asked"] = asked  # type: ignore[index]
            self.is_to_other_words = True
        add = {
            KINDS.ONE: self._choose_one,
            KINDS.SEVERAL: self._choose_several,
            KINDS.DOTS: self._give_dots,
            KINDS.RANKING: self._put_in_order,
            KINDS.CONSENT: self._consent,
        }
        add[KINDS(decision.kind)]()
        self.fields["words"] = forms.CharField(
            label=_("Why?"),
            required=False,
            max_length=LONGEST_CONSENT,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            help_text=_reason_help(decision),
        )
        if decision.is_consent:
            self.fields["words"].label = _("Your note, or your reason")
            self.fields["proposal"] = forms.CharField(
                label=_("If you object: what would you have instead?"),
                required=False,
                max_length=LONGEST_CONSENT,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            )

    @property
    def option_fields(self) -> list[forms.BoundField]:
        """The places for dots or places, one for each option."""
        return [self[f"option_{each.pk}"] for each in self.options]

    @property
    def said(self) -> Said:
        """What it says, for `decisions.answer`."""
        cleaned = self.cleaned_data
        words, kind = cleaned.get("words", ""), self.decision.kind
        if kind == KINDS.CONSENT:
            return Said(stance=cleaned["stance"], words=words, proposal=cleaned.get("proposal", ""))
        if kind == KINDS.ONE:
            return Said({int(cleaned["choice"]): 1}, words=words)
        if kind == KINDS.SEVERAL:
            return Said({int(each): 1 for each in cleaned["choices"]}, words=words)
        weights = {each.pk: int(cleaned.get(f"option_{each.pk}") or 0) for each in self.options}
        return Said({pk: weight for pk, weight in weights.items() if weight}, words=words)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = self.decision.kind
        if self.is_to_other_words:
            self.add_error(None, str(AskedOtherwise.sentence))
        objects = kind == KINDS.CONSENT and cleaned.get("stance") == Ballot.Stance.OBJECT
        if objects and not cleaned.get("words", "").strip():
            self.add_error("words", str(NoReasonGiven.sentence))
        if kind in {KINDS.DOTS, KINDS.RANKING} and not self.errors:
            weights = self.said.weights
            first = f"option_{self.options[0].pk}"
            if not weights:
                self.add_error(first, _("Choose something first."))
            elif kind == KINDS.DOTS and sum(weights.values()) > self.decision.dots:
                self.add_error(first, str(TooManyDots.sentence))
        return cleaned

    def _weigh(self, option: Option, field: forms.Field) -> None:
        """Ask about one option, which may stay empty beside the others."""
        field.label, field.help_text = option.label, format_html("{}", option.meaning)  # drawn as it is
        field.required = False
        part_of_a_row(field)
        self.fields[f"option_{option.pk}"] = field

    def _labels(self) -> list[tuple[str, SafeString]]:
        return [(str(each.pk), _label(each)) for each in self.options]

    def _choose_one(self) -> None:
        self.fields["choice"] = forms.ChoiceField(
            label=self.decision.question,
            choices=self._labels(),
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose something first.")},
        )

    def _choose_several(self) -> None:
        self.fields["choices"] = forms.MultipleChoiceField(
            label=self.decision.question,
            choices=self._labels(),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("As many as you like."),
            error_messages={"required": _("Choose something first.")},
        )

    def _give_dots(self) -> None:
        for each in self.options:
            most, widget = self.decision.dots, forms.NumberInput(attrs={"inputmode": "numeric"})
            self._weigh(each, forms.IntegerField(min_value=0, max_value=most, widget=widget))

    def _put_in_order(self) -> None:
        places = [(str(number), str(number)) for number in range(1, len(self.options) + 1)]
        for each in self.options:
            self._weigh(each, forms.ChoiceField(choices=[("", _("No place")), *places]))

    def _consent(self) -> None:
        self.fields["stance"] = forms.ChoiceField(
            label=_("What do you say?"),
            choices=Ballot.Stance.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose something first.")},
        )


class EditAnswerForm(EditForm, AnswerForm):
    """An answer that a facilitator enters or corrects for somebody."""

    is_edit = True


class OutcomeForm(forms.Form):
    """What was decided, in words."""

    outcome = forms.CharField(
        label=_("What was decided?"),
        max_length=LONGEST_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Say it so that somebody who was not there can do it."),
        error_messages={
            "required": _("Say in words what was decided, also when it is that nothing changes.")
        },
    )


def _label(option: Option) -> SafeString:
    if not option.meaning:
        return format_html("{}", option.label)
    return format_html('{} <span class="field-help">{}</span>', option.label, option.meaning)


def _given(decision: Decision, given: dict[int, int]) -> dict[str, Any]:
    if decision.kind == KINDS.ONE:
        return {"choice": str(next(iter(given), ""))}
    if decision.kind == KINDS.SEVERAL:
        return {"choices": [str(each) for each in given]}
    return {f"option_{pk}": weight for pk, weight in given.items()}


def _said(ballot: Ballot | None) -> dict[str, Any]:
    if ballot is None:
        return {}
    return {"stance": ballot.stance, "words": ballot.words, "proposal": ballot.proposal}


def _reason_help(decision: Decision) -> Any:
    if decision.is_consent:
        return _("An objection needs a reason: what would harm the group?")
    if decision.is_secret:
        return _("Reasons are shown without names, with the counts.")
    return _("Reasons help the others to think, and whoever writes the outcome.")
