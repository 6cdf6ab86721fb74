"""What people type about a role: what it takes, who holds it until when, what comes next should know."""

import copy
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coppice.communities.errors import TermEndsEarly
from coppice.communities.models import Community, Membership
from coppice.communities.role_models import LONGEST_HAND_OVER, MOST_MINUTES, Role, RoleTerm
from coppice.programs.validators import validate_day
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput


class RoleForm(EditForm, forms.ModelForm):
    """A role. Works on a copy, so that an action can compare; the kind of one that stands is not changed."""

    class Meta:
        model = Role
        fields = ["kind", "name", "what", "minutes_a_month"]
        labels = {
            "kind": _("Role"),
            "name": _("Its name, if you call it otherwise"),
            "what": _("What it takes"),
            "minutes_a_month": _("Minutes a month"),
        }
        help_texts = {
            "what": _("What one does in it, so that somebody new could begin tomorrow."),
            "minutes_a_month": _(
                "An honest guess. People say yes more easily to what they can see the end of."
            ),
        }
        widgets = {"what": forms.Textarea(attrs={"rows": 3, "maxlength": 1000})}

    def __init__(self, data: Any = None, *, instance: Role | None = None) -> None:
        super().__init__(data, instance=copy.copy(instance) if instance else None)
        self.fields["minutes_a_month"].widget.attrs["max"] = MOST_MINUTES
        if instance is not None:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        if kind == Role.Kind.OWN and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give a role of your own a name."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes; only of a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def validate_constraints(self) -> None:
        """Leave it to the action, which says it in kinder words."""


class MemberField(forms.ModelChoiceField):
    """A member of one community, by their name in it."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.enrollment)


def members_to_choose(community: Community) -> QuerySet[Membership]:
    """Return who can be chosen: members who are in, by name."""
    rows = Membership.objects.taking_part().filter(community=community).select_related("enrollment")
    return rows.order_by("enrollment__name", "pk")


class HolderForm(EditForm, forms.Form):
    """Who holds a role from when until when, and who steps in."""

    is_edit = True

    holder = MemberField(Membership.objects.none(), label=_("Who takes it"))
    backup = MemberField(
        Membership.objects.none(), label=_("Who steps in"), required=False, empty_label=_("Nobody yet")
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput, validators=[validate_day])
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput,
        validators=[validate_day],
        help_text=_("A role with a last day is taken more easily, and it goes round."),
    )

    def __init__(self, data: Any = None, *, role: Role, term: RoleTerm | None, **initial: Any) -> None:
        stands: dict[str, Any] = {}
        if term:
            stands = {
                "holder": term.holder_id,
                "backup": term.backup_id,
                "starts_on": term.starts_on,
                "until": term.until,
            }
        self.stands = stands
        super().__init__(data, initial={**stands, **initial})
        for name in ("holder", "backup"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = members_to_choose(role.community)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, until = cleaned.get("starts_on"), cleaned.get("until")
        if starts_on and until and until < starts_on:
            self.add_error("until", TermEndsEarly.sentence)
        if cleaned.get("holder") and cleaned.get("holder") == cleaned.get("backup"):
            self.add_error("backup", _("Choose somebody else to step in, or nobody yet."))
        return cleaned

    def _stands(self) -> dict[str, object]:
        """What a form begins with in an open role stands nowhere yet."""
        return {name: field.prepare_value(self.stands.get(name)) for name, field in self.fields.items()}


class HandOverForm(EditForm, forms.Form):
    """What whoever comes next should know."""

    is_edit = True

    text = forms.CharField(
        label=_("Hand-over note"),
        required=False,
        max_length=LONGEST_HAND_OVER,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_HAND_OVER}),
        help_text=_("What runs, what waits, where things lie, whom to ask. Everybody here can read it."),
    )
