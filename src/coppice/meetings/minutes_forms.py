"""What people type while a meeting goes on, each kind a small form under the item in hand."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.communities.commitment_models import LONGEST_COMMITMENT
from coppice.communities.models import Membership
from coppice.communities.role_forms import MemberField, members_to_choose
from coppice.lib.lines import LineFormField
from coppice.meetings.actions import minutes
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import Hand
from coppice.meetings.minutes_board import Member
from coppice.meetings.minutes_models import LONGEST_NOTE, LONGEST_WRITTEN
from coppice.meetings.models import PulseAnswer
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput

LONGEST_NEED = 500


class WritingForm(forms.Form):
    """A row of one kind, under an item or under none; `keep` gives it to the action of its kind."""

    kind = ""
    title: str | Promise = ""
    button: str | Promise = ""
    act: Callable[..., Any]

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), required=False, widget=forms.HiddenInput, empty_label=None
    )

    def __init__(
        self,
        data: Any = None,
        *,
        hand: Hand,
        item: AgendaItem | None,
        members: Sequence[Member] = (),
        **more: Any,
    ) -> None:
        more["initial"] = {"item": item.pk if item else None, **more.get("initial", {})}
        super().__init__(data, auto_id=f"{self.kind}_%s", **more)
        self.hand = hand
        self._choose("item", hand.meeting.agenda.all())
        if "membership" in self.fields:
            self._whose(members)

    @property
    def address(self) -> str:
        """Where it is sent."""
        return self.hand.address("written", self.kind)

    def _whose(self, members: Sequence[Member]) -> None:
        if self.hand.leads:
            self._choose("membership", members_to_choose(self.hand.meeting.community))
            if members:  # they are known already
                self.fields["membership"].widget.choices = [
                    ("", "---------"),
                    *((each.pk, each.name) for each in members),
                ]
            self.fields["membership"].initial = self.hand.membership and self.hand.membership.pk
        else:
            del self.fields["membership"]

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def keep(self) -> Any:
        """Give what was typed to the action; only of a valid form. Raises what the action raises."""
        given = dict(self.cleaned_data)
        if "membership" in self.base_fields:
            given.setdefault("membership", self.hand.membership)
        return self.act(self.hand, **given)


class NoteForm(EditForm, WritingForm):
    """One's own notes under an item; those of others are never in it."""

    kind = "note"
    title = _("Your notes")
    button = _("Keep my notes")
    is_edit = True

    text = forms.CharField(
        label=_("Your own notes. Others read them and write theirs beside."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_NOTE}),
    )

    act = staticmethod(minutes.write_note)


class DecisionForm(WritingForm):
    """What was decided, and why."""

    kind = "decision"
    title = _("Decided")
    button = _("Write down the decision")

    text = LineFormField(label=_("What did we decide?"), max_length=LONGEST_WRITTEN)
    reason = LineFormField(label=_("Why"), max_length=LONGEST_WRITTEN, required=False)

    act = staticmethod(minutes.decide)


class CommitmentForm(WritingForm):
    """Who does what by when."""

    kind = "commitment"
    title = _("Who does what by when")
    button = _("Write it down")

    membership = MemberField(Membership.objects.none(), label=_("Who"))
    what = LineFormField(label=_("What"), max_length=LONGEST_COMMITMENT)
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput, validators=[validate_day])

    act = staticmethod(minutes.commit)

    def clean_due_on(self) -> Any:
        """Refuse a day before the meeting: nobody promises at it what was due by then."""
        due_on, meeting = self.cleaned_data["due_on"], self.hand.meeting
        held_on = timezone.localdate(meeting.starts_at, timezone=meeting.community.zone)
        if due_on and due_on < held_on:
            raise forms.ValidationError(_("This day was over before the meeting. Choose a later one."))
        return due_on


class NeedForm(WritingForm):
    """What somebody needs."""

    kind = "need"
    title = _("Needed")
    button = _("Write down the need")

    membership = MemberField(Membership.objects.none(), label=_("Who needs it"))
    text = LineFormField(label=_("What is needed?"), max_length=LONGEST_NEED)

    act = staticmethod(minutes.need)


class LessonForm(WritingForm):
    """What was learned."""

    kind = "lesson"
    title = _("Learned")
    button = _("Write down the lesson")

    text = LineFormField(label=_("What did we learn?"), max_length=LONGEST_WRITTEN)

    act = staticmethod(minutes.learn)


FORMS: dict[str, type[WritingForm]] = {
    form.kind: form for form in (NoteForm, DecisionForm, CommitmentForm, NeedForm, LessonForm)
}


class WorthForm(forms.Form):
    """Was it worth it, by one tap."""

    worth = forms.TypedChoiceField(coerce=int, choices=PulseAnswer.Worth.choices)


class CodeForm(forms.Form):
    """The code on the wall."""

    code = LineFormField(
        label=_("The code of the meeting"),
        max_length=20,
        help_text=_("A word and two digits, such as FERN 27. It is on the wall, or whoever leads says it."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
