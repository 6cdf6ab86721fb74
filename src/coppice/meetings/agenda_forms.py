"""What people type about an item of an agenda."""

import copy
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.agendas import Draft, ReadyAgenda, ready_agendas
from coppice.meetings.models import Meeting
from coppice.meetings.queries import active_members
from coppice.ui.edits import EditForm, held


class ItemForm(EditForm, forms.ModelForm):
    """One item, for whoever leads the meeting. Works on a copy, so an action can compare.

    `members` are the active ones, where they are known already.
    """

    class Meta:
        model = AgendaItem
        fields = ["title", "minutes", "owner", "detail"]
        widgets = {"detail": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"owner": _("Whoever leads a part prepares it, which shares the work.")}

    def __init__(
        self,
        typed: Any = None,
        *,
        meeting: Meeting,
        instance: AgendaItem | None = None,
        members: Sequence[Membership] | None = None,
    ) -> None:
        if instance is not None and typed is not None:
            instance = held(instance)
        super().__init__(typed, instance=copy.copy(instance))
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = active_members(meeting.community)
        people = owner.queryset if members is None else members
        owner.choices = [("", _("Nobody yet")), *((each.pk, str(each.enrollment)) for each in people)]

    @property
    def draft(self) -> Draft:
        said = self.cleaned_data
        return Draft(said["title"], said["minutes"], said["detail"])


class AskForForm(forms.ModelForm):
    """What a member would like to take up."""

    class Meta:
        model = AgendaItem
        fields = ["title", "minutes", "detail"]
        widgets = {"detail": forms.Textarea(attrs={"rows": 3})}

    @property
    def draft(self) -> Draft:
        said = self.cleaned_data
        return Draft(said["title"], said["minutes"], said["detail"])


class ReadyForm(forms.Form):
    """Which ready agenda to begin with."""

    ready = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, initial={"ready": ready_agendas()[0].key})
        field = self.fields["ready"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.key, f"{each.label}: {each.purpose}") for each in ready_agendas()]

    @property
    def chosen(self) -> ReadyAgenda:
        return next(each for each in ready_agendas() if each.key == self.cleaned_data["ready"])
