"""What people type about a commitment: what, by when, and what came of it."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.commitment_models import LONGEST_COMMITMENT, LONGEST_OUTCOME, Commitment
from coppice.communities.errors import ReasonMissing
from coppice.communities.models import Community, Membership
from coppice.communities.role_forms import MemberField, members_to_choose
from coppice.lib.lines import LineFormField
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput

State = Commitment.State


class _What(forms.Form):
    """What somebody commits to, by when."""

    what = LineFormField(
        label=_("What"),
        max_length=LONGEST_COMMITMENT,
        help_text=_("Something small that one person can do. For example: send everybody the letter."),
    )
    due_on = forms.DateField(label=_("By when"), required=False, widget=DateInput, validators=[validate_day])


class CommitmentForm(_What):
    """A new commitment: one's own, or of a member whom whoever leads chooses."""

    membership = MemberField(Membership.objects.none(), label=_("Who"))
    source = forms.ChoiceField(label=_("Where it came from"), choices=Commitment.Source.choices)

    field_order = ["membership", "what", "due_on", "source"]

    def __init__(
        self, data: Any = None, *, community: Community, own: Membership | None, leads: bool
    ) -> None:
        super().__init__(
            data, initial={"membership": own.pk if own else None, "source": Commitment.Source.PLAN}
        )
        self.today = timezone.localdate(timezone=community.zone)
        if leads:
            field = self.fields["membership"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = members_to_choose(community)
        else:
            del self.fields["membership"]

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        if due_on and due_on < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return due_on


class OutcomeForm(forms.Form):
    """What came of a commitment; dropping it needs a word about why."""

    state = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[
            (State.MADE, _("Not begun yet")),
            (State.TRIED, _("Tried, and not done yet")),
            (State.DONE, _("Done")),
            (State.DROPPED, _("Dropped")),
        ],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label=_("What came of it?"),
        help_text=_("How it went, or why it is dropped. Everybody in the group can read it."),
        required=False,
        max_length=LONGEST_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_OUTCOME}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == State.DROPPED and not cleaned.get("outcome", "").strip():
            self.add_error("outcome", ReasonMissing.sentence)
        return cleaned


class ChangeForm(EditForm, OutcomeForm, _What):
    """A commitment that stands: its words, its day, and what came of it."""

    is_edit = True
    field_order = ["state", "outcome", "what", "due_on"]

    def __init__(self, data: Any = None, *, commitment: Commitment) -> None:
        names = ("what", "due_on", "state", "outcome")
        super().__init__(data, initial={name: getattr(commitment, name) for name in names})
