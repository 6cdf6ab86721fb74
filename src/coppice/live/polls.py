"""The quick poll in four kinds: choose, rate, write a few words, put in order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.lib.ids import id_in
from coppice.lib.lines import one_line
from coppice.live.actions import answers
from coppice.live.errors import NoSuchOption
from coppice.live.kinds import Act, Kind, Line, Result, Row
from coppice.live.models import Answer, Participant, Step

MOST_OPTIONS = 12
LONGEST_OPTION = 100
LONGEST_WORDS = 120
SHOWN_WORDS = 40
SCALES = (5, 7, 10)


class OptionsField(forms.CharField):
    """Several short lines, typed one a line; its value is a list."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line for each in super().clean(value).splitlines() if (line := one_line(each))]
        unique = list(dict.fromkeys(lines))
        if not 2 <= len(unique) <= MOST_OPTIONS:
            raise forms.ValidationError(
                _("Give 2 to %(most)d different answers, one a line.") % {"most": MOST_OPTIONS}
            )
        if any(len(each) > LONGEST_OPTION for each in unique):
            raise forms.ValidationError(
                _("An answer has at most %(most)d letters. Shorten the long one.") % {"most": LONGEST_OPTION}
            )
        return unique


def _options() -> forms.Field:
    return OptionsField(label=gettext_lazy("Answers to choose from"), help_text=gettext_lazy("One a line."))


def _shown_at_once() -> forms.Field:
    return forms.BooleanField(
        label=gettext_lazy("Show the result while people answer"),
        required=False,
        help_text=gettext_lazy("Otherwise it shows when you close the step, so that nobody is swayed."),
    )


class Poll(Kind):
    """What the four have in common: one answer for each participant and round, shown without a name."""

    projector_template = "live/kinds/poll/projector.html"
    host_template = "live/kinds/poll/host.html"
    asks = True
    kept_in = ("answers",)

    @property
    def acts(self) -> Mapping[str, Act]:
        return {"answer": self.answer}

    def answer(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Count what a participant answered; their latest answer is the one that counts."""
        answers.give(step, participant=participant, round=round, **self.read(step, said))

    def read(self, step: Step, said: QueryDict) -> dict[str, Any]:
        """Return `picks`, `number` or `words` of what was sent; raises NoSuchOption."""
        raise NotImplementedError

    def look(self, step: Step) -> Mapping[str, Any]:
        shows = step.is_closed or step.settings.get("show_at_once", False)
        given = step.answers.filter(round=step.round)
        return {
            "answered": given.count(),
            "result": self.result(step) if shows else None,
            "options": list(enumerate(step.settings.get("options", []))),
        }

    def mine(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        given = step.answers.filter(round=step.round, participant=participant).first()
        return {"answer": self.sent(given)} if given else None

    def sent(self, answer: Answer) -> dict[str, list[str]]:
        """Return the fields of the form as this answer was sent."""
        raise NotImplementedError

    def result(self, step: Step) -> Result | None:
        # All rounds, so that a page of many steps can have fetched them together.
        given = [answer for answer in step.answers.all() if answer.round == step.round]
        return self.summed_up(step, given) if given else None

    def summed_up(self, step: Step, given: list[Answer]) -> Result:
        """Return the result of at least one answer."""
        raise NotImplementedError

    def rows(self, step: Step) -> Iterable[Row]:
        rows = [row for answer in step.answers.all() for row in self.rows_of(step, answer)]
        return sorted(rows, key=lambda row: (row.round, row.answer, row.value or 0, row.is_late))

    def rows_of(self, step: Step, answer: Answer) -> Iterable[Row]:
        """Return the typed rows of one answer."""
        raise NotImplementedError


class Choice(Poll):
    """One of several answers, or as many as fit."""

    key = "choice"
    label = gettext_lazy("Poll: choose")
    purpose = gettext_lazy("People choose one of your answers, or all that fit.")
    phone_template = "live/kinds/poll/choice.html"

    def fields(self) -> dict[str, forms.Field]:
        several = forms.BooleanField(label=gettext_lazy("People may choose several"), required=False)
        return {"options": _options(), "several": several, "show_at_once": _shown_at_once()}

    def read(self, step: Step, said: QueryDict) -> dict[str, Any]:
        picks = _picks(step, said)
        if not picks or (len(picks) > 1 and not step.settings.get("several")):
            raise NoSuchOption
        return {"picks": sorted(picks)}

    def sent(self, answer: Answer) -> dict[str, list[str]]:
        return {"pick": [str(pick) for pick in answer.picks]}

    def summed_up(self, step: Step, given: list[Answer]) -> Result:
        options, counts = step.settings["options"], Counter(pick for each in given for pick in each.picks)
        ranked = sorted(range(len(options)), key=lambda pick: (-counts[pick], pick))
        lines = tuple(
            Line(options[pick], _of(counts[pick], len(given)), counts[pick] / len(given)) for pick in ranked
        )
        return Result(_leading(options, ranked, counts, len(given)), (_("Answer"), _("People")), lines)

    def rows_of(self, step: Step, answer: Answer) -> Iterable[Row]:
        options = step.settings["options"]
        return [Row(answer.round, options[pick], is_late=answer.is_late) for pick in answer.picks]


class Scale(Poll):
    """A number from 1 to 5, 7 or 10."""

    key = "scale"
    label = gettext_lazy("Poll: rate")
    purpose = gettext_lazy("People give a number between two ends that you name.")
    phone_template = "live/kinds/poll/scale.html"

    def fields(self) -> dict[str, forms.Field]:
        steps = forms.TypedChoiceField(
            label=gettext_lazy("How many steps"),
            choices=[(each, f"1–{each}") for each in SCALES],
            coerce=int,
            initial=SCALES[0],
        )
        lowest = forms.CharField(label=gettext_lazy("What 1 means"), max_length=60, required=False)
        highest = forms.CharField(
            label=gettext_lazy("What the highest number means"), max_length=60, required=False
        )
        return {"steps": steps, "lowest": lowest, "highest": highest, "show_at_once": _shown_at_once()}

    def look(self, step: Step) -> Mapping[str, Any]:
        return {**super().look(step), "numbers": range(1, step.settings["steps"] + 1)}

    def read(self, step: Step, said: QueryDict) -> dict[str, Any]:
        number = id_in(said.get("number", ""))
        if not 1 <= number <= step.settings["steps"]:
            raise NoSuchOption
        return {"number": number}

    def sent(self, answer: Answer) -> dict[str, list[str]]:
        return {"number": [str(answer.number)]}

    def summed_up(self, step: Step, given: list[Answer]) -> Result:
        counts = Counter(each.number for each in given)
        mean = sum(each.number or 0 for each in given) / len(given)
        numbers = range(step.settings["steps"], 0, -1)
        lines = tuple(
            Line(self._named(step, number), _of(counts[number], len(given)), counts[number] / len(given))
            for number in numbers
        )
        finding = ngettext(
            "%(mean)s of %(most)d on average, from %(count)d person",
            "%(mean)s of %(most)d on average, from %(count)d people",
            len(given),
        ) % {"mean": f"{mean:.1f}", "most": step.settings["steps"], "count": len(given)}
        return Result(finding, (_("Number"), _("People")), lines)

    def rows_of(self, step: Step, answer: Answer) -> Iterable[Row]:
        return [Row(answer.round, "", answer.number, answer.is_late)]

    def _named(self, step: Step, number: int) -> str:
        said = {1: step.settings.get("lowest"), step.settings["steps"]: step.settings.get("highest")}.get(
            number
        )
        return f"{number}: {said}" if said else str(number)


class WordsPoll(Poll):
    """A few words of one's own."""

    key = "words"
    label = gettext_lazy("Poll: a few words")
    purpose = gettext_lazy("People write a few words; the same words are counted together.")
    phone_template = "live/kinds/poll/words.html"
    host_template = "live/kinds/poll/words_host.html"

    def fields(self) -> dict[str, forms.Field]:
        return {"show_at_once": _shown_at_once()}

    def look(self, step: Step) -> Mapping[str, Any]:
        # Whatever hosts alone see is worked out where their screen asks for it.
        return {**super().look(step), "longest": LONGEST_WORDS, "words": partial(self.written, step)}

    def read(self, step: Step, said: QueryDict) -> dict[str, Any]:
        words = one_line(said.get("words", ""))[:LONGEST_WORDS]
        if not words:
            raise NoSuchOption(gettext_lazy("Write a few words, then send them again."))
        return {"words": words}

    def sent(self, answer: Answer) -> dict[str, list[str]]:
        return {"words": [answer.words]}

    def summed_up(self, step: Step, given: list[Answer]) -> Result:
        spelled: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for each in filter(None, (each.words for each in given if not each.is_hidden)):
            counts[each.casefold()] += 1
            spelled.setdefault(each.casefold(), each)
        ranked = sorted(counts, key=lambda key: (-counts[key], key))[:SHOWN_WORDS]
        lines = tuple(
            Line(spelled[key], _of(counts[key], len(given)), counts[key] / len(given)) for key in ranked
        )
        finding = ngettext("%(count)d person wrote", "%(count)d people wrote", len(given))
        return Result(finding % {"count": len(given)}, (_("Words"), _("People")), lines)

    def written(self, step: Step) -> list[Answer]:
        """Return one answer for each of the words in this round, the latest first and hidden ones before."""
        given = step.answers.filter(round=step.round).exclude(words="").order_by("is_hidden", "at", "id")
        unique = {(each.words.casefold(), each.is_hidden): each for each in given}
        return list(unique.values())[: -SHOWN_WORDS - 1 : -1]

    def rows_of(self, step: Step, answer: Answer) -> Iterable[Row]:
        return [Row(answer.round, answer.words, is_late=answer.is_late)] if answer.words else []


class Ranking(Poll):
    """All answers in an order of one's own; the result is by mean place."""

    key = "ranking"
    label = gettext_lazy("Poll: put in order")
    purpose = gettext_lazy("People put your answers in order, the most important first.")
    phone_template = "live/kinds/poll/ranking.html"

    def fields(self) -> dict[str, forms.Field]:
        return {"options": _options(), "show_at_once": _shown_at_once()}

    def look(self, step: Step) -> Mapping[str, Any]:
        options = step.settings["options"]
        return {
            **super().look(step),
            "ranked": [(pick, option, f"place-{pick}") for pick, option in enumerate(options)],
            "places": range(1, len(options) + 1),
        }

    def read(self, step: Step, said: QueryDict) -> dict[str, Any]:
        """Read `place-0`, `place-1` … (the place of each option from 1): each place is to be given once."""
        count = len(step.settings["options"])
        places = [id_in(said.get(f"place-{pick}", "")) for pick in range(count)]
        if sorted(places) != list(range(1, count + 1)):
            raise NoSuchOption(gettext_lazy("Give each answer a place of its own, then send it again."))
        return {"picks": sorted(range(count), key=places.__getitem__)}

    def sent(self, answer: Answer) -> dict[str, list[str]]:
        return {f"place-{pick}": [str(place)] for place, pick in enumerate(answer.picks, start=1)}

    def summed_up(self, step: Step, given: list[Answer]) -> Result:
        """Order by mean place (Borda, 1784); the share is 1 for what everybody put first, 0 for the last."""
        options = step.settings["options"]
        total: Counter[int] = Counter()
        for each in given:
            total.update({pick: place for place, pick in enumerate(each.picks, start=1)})
        means = {pick: total[pick] / len(given) for pick in range(len(options))}
        ranked = sorted(means, key=lambda pick: (means[pick], pick))
        lines = tuple(
            Line(options[pick], f"{means[pick]:.1f}", (len(options) - means[pick]) / (len(options) - 1))
            for pick in ranked
        )
        level = [pick for pick in ranked if means[pick] == means[ranked[0]]]
        finding = (
            _("%(option)s comes first") % {"option": options[ranked[0]]}
            if len(level) == 1
            else _("No one answer comes first")
        )
        return Result(finding, (_("Answer"), _("Mean place")), lines)

    def rows_of(self, step: Step, answer: Answer) -> Iterable[Row]:
        options = step.settings["options"]
        return [
            Row(answer.round, options[pick], place, answer.is_late)
            for place, pick in enumerate(answer.picks, start=1)
        ]


KINDS: tuple[Poll, ...] = (Choice(), Scale(), WordsPoll(), Ranking())


def _picks(step: Step, said: QueryDict) -> set[int]:
    """Return the options that were sent by their number; raises NoSuchOption for another."""
    sent = {each for each in said.getlist("pick") if each.isdecimal() and each.isascii()}
    picks = {int(each) for each in sent if len(each) < 3}
    if len(picks) != len(set(said.getlist("pick"))) or max(picks, default=0) >= len(step.settings["options"]):
        raise NoSuchOption
    return picks


def _of(count: int, whole: int) -> str:
    return _("%(count)d of %(whole)d") % {"count": count, "whole": whole}


def _leading(options: list[str], ranked: list[int], counts: Mapping[int, int], people: int) -> str:
    first, second = ranked[0], ranked[1]
    if counts[first] == counts[second]:
        return _("No one answer leads")
    return _("%(option)s leads, with %(count)d of %(people)d people") % {
        "option": options[first],
        "count": counts[first],
        "people": people,
    }
