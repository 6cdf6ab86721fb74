"""Appreciative interviews: one tells, the other writes it up, and its owner says what others read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.activities import queries, what_next
from coppice.activities.actions import keeping, write_ups
from coppice.activities.errors import NoSuchWriteUp, WordsMissing
from coppice.activities.forms import KeepOfferForm
from coppice.activities.models import LONGEST_WRITE_UP, WriteUp
from coppice.activities.pairs import Paired
from coppice.lib.ids import id_in
from coppice.lib.lines import one_line
from coppice.live.kinds import Act, Line, Next, Result, Row
from coppice.live.models import Participant, Step
from coppice.profiles.links import profile_path

MOST_QUESTIONS = 6
LONGEST_QUESTION = 200
SHOWN_TEXTS = 40
BESIDE_QUESTIONS = 10
"""Of so many tables the names have room beside the questions on the wall."""


class QuestionsField(forms.CharField):
    """A few questions, typed one a line; its value is a list."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line for each in super().clean(value).splitlines() if (line := one_line(each))]
        if not 1 <= len(lines) <= MOST_QUESTIONS:
            raise forms.ValidationError(
                _("Give 1 to %(most)d questions, one a line.") % {"most": MOST_QUESTIONS}
            )
        if any(len(each) > LONGEST_QUESTION for each in lines):
            raise forms.ValidationError(
                _("A question has at most %(most)d letters. Shorten the long one.")
                % {"most": LONGEST_QUESTION}
            )
        return lines


class Interviews(Paired):
    """Pairs interview each other; what was heard is written up, and shared only as its owner leaves it."""

    key = "interviews"
    label = gettext_lazy("Interviews in pairs")
    purpose = gettext_lazy(
        "Two people ask each other your questions. Each writes up what they heard; its owner decides what "
        "others read."
    )
    phone_template = "activities/interviews/phone.html"
    projector_template = "activities/interviews/projector.html"
    host_template = "activities/interviews/host.html"
    own_template = "activities/interviews/own.html"
    afterwards_template = "activities/interviews/afterwards.html"
    kept_in = (*Paired.kept_in, "write_ups")

    @property
    def acts(self) -> Mapping[str, Act]:
        return {**super().acts, **deciding(), "heard": self.heard, "keep-offer": self.keep_offer}

    def fields(self) -> dict[str, forms.Field]:
        questions = QuestionsField(
            label=gettext_lazy("Questions"),
            help_text=gettext_lazy("One a line. Everybody has them on their phone."),
        )
        return {"questions": questions, **super().fields()}

    def look(self, step: Step) -> Mapping[str, Any]:
        look = super().look(step)
        states = Counter(WriteUp.objects.filter(step=step, round=step.round).values_list("state", flat=True))
        return {
            **look,
            "questions": step.settings.get("questions", []),
            "beside": BESIDE_QUESTIONS,
            "written": states.total(),
            "shared": states[WriteUp.State.SHARED],
        }

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        own = super().own(step, participant, look)
        table = own["table"]
        told = queries.write_ups_by(participant, step=step) if table else {}
        return {
            **own,
            "told": [(each, told.get(each.pk)) for each in table.others] if table else [],
            "write_ups": queries.write_ups_about(participant),
            "takes": step.room.takes_answers,
            "writes_now": not (table and table.seconds and step.is_open and step.left()),
            "longest": LONGEST_WRITE_UP,
        }

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Whom they met, what is still to write, and what was written about them."""
        own = self.own(step, participant)
        about = [each for each in own["write_ups"] if each.step_id == step.pk]
        met = queries.met_by(participant, step=step)
        if not met and not about:
            return None
        return {**own, "met": met, "write_ups": about, **self._offers(participant, about)}

    def _offers(self, participant: Participant, about: Sequence[WriteUp]) -> dict[str, Any]:
        """What they can keep as an offer: for each story that is not on their profile yet, a form."""
        enrollment = queries.enrollment_of(participant)
        if enrollment is None:
            return {}
        kept = queries.kept_of(enrollment, about)
        return {
            "offers": [
                (
                    each,
                    None
                    if queries.key_of(each) in kept
                    else KeepOfferForm(program=enrollment.program, write_up=each),
                )
                for each in about
            ],
            "profile": profile_path(enrollment),
        }

    def goes_with(self, participant: Participant) -> list[str]:
        told = participant.told_write_ups.count()
        return [_("What others wrote about them: %(count)d.") % {"count": told}] if told else []

    def comes_next(self, step: Step) -> Iterable[Next]:
        return [what_next.needs_and_offers(step.room)]

    def result(self, step: Step) -> Result | None:
        """Count what was written and decided, with the words that owners share."""
        written = [each for each in step.write_ups.all() if each.round == step.round]
        if not written:
            return super().result(step)
        counts = Counter(each.state for each in written)
        finding = ngettext(
            "%(shared)d of %(count)d story is shared by its owner",
            "%(shared)d of %(count)d stories are shared by their owners",
            len(written),
        ) % {"shared": counts[WriteUp.State.SHARED], "count": len(written)}
        lines = tuple(
            Line(str(label), str(counts[state]), counts[state] / len(written))
            for state, label in WriteUp.State.choices
            if counts[state]
        )
        texts = tuple(each.shared_words for each in written if each.is_shared)
        return Result(finding, (_("Stories"), _("How many")), lines, texts[:SHOWN_TEXTS])

    def rows(self, step: Step) -> Iterable[Row]:
        """The groups that met, and each story as its owner shares it, in no order that tells whose it is."""
        shared = sorted((each.round, each.shared_words) for each in step.write_ups.all() if each.is_shared)
        return [*super().rows(step), *(Row(round_number, words) for round_number, words in shared)]

    def heard(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Write up what one heard; the field is named after whom it is about."""
        about = id_in(said.get("about", ""))
        words = said.get(f"words-{about}", "")
        write_ups.write(step, by=participant, about_id=about, round=round, words=words)

    def keep_offer(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        """Put what one can help with, as a story about oneself showed, on one's profile."""
        write_up = WriteUp.objects.filter(step=step, pk=id_in(said.get("write_up", ""))).first()
        if write_up is None:
            raise NoSuchWriteUp
        form = KeepOfferForm(said, program=step.room.program, write_up=write_up)
        if not form.is_valid():
            raise WordsMissing
        told = form.cleaned_data
        keeping.keep_offer(
            step,
            participant=participant,
            write_up_id=write_up.pk,
            words=told["words"],
            level=told["level"],
            audience=told["audience"],
        )


def deciding() -> Mapping[str, Act]:
    """Return what owners can do with what was written about them, in any step that shows it."""

    def share(step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        number = id_in(said.get("write_up", ""))
        # Named after the version on the page: a phone that keeps what is typed must not keep an older one.
        words = said.get(f"shared-{number}-{id_in(said.get('changes', ''))}", "")
        write_ups.share(step.room, owner=participant, write_up_id=number, words=words)

    def keep(step: Step, *, participant: Participant, round: int, said: QueryDict) -> None:
        write_ups.keep(step.room, owner=participant, write_up_id=id_in(said.get("write_up", "")))

    return {"share": share, "keep": keep}
