"""What people type about a change after publication: a member's wish, and the manager's time for swaps."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.formation.afterwards import community_of, members_of, proposed_of
from coppice.formation.models import Formation
from coppice.formation.swaps import Seat
from coppice.formation.validators import check_last_day
from coppice.programs.wording import words_for
from coppice.ui.edits import EditForm
from coppice.ui.widgets import DateInput

ANYBODY = "anybody"
LONGEST = 2000


class SwapRequestForm(forms.Form):
    """Where somebody would like to be, and why if they like; who leads says why."""

    wanted = forms.ChoiceField(
        label=_("Where would you like to be?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of them.")},
    )
    reason = forms.CharField(
        label=_("Why would you like to change?"),
        help_text=_("Only the program's staff read this."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = self._others(seat) if seat.may_ask else {}
        wanted: Any = self.fields["wanted"]
        wanted.choices = [
            *((key, label) for key, (_community, label) in self.others.items()),
            (ANYBODY, _("Anywhere, with somebody who wants to change as well")),
        ]
        if seat.membership.is_leader:
            reason = self.fields["reason"]
            reason.label, reason.required = _("You lead this group. Why would you like to change?"), True

    @property
    def wish(self) -> dict[str, Any]:
        """What the action `ask` takes; only of a valid form."""
        chosen = self.others.get(self.cleaned_data["wanted"])
        return {"wanted": chosen[0] if chosen else None, "reason": self.cleaned_data["reason"]}

    def _others(self, seat: Seat) -> dict[str, tuple[Any, str]]:
        """The other communities of the formation, each with its name, and whether there is a free place."""
        here = set(
            Membership.objects.known_to_members()
            .filter(person=seat.membership.person_id)
            .values_list("community", flat=True)
        )
        taken: dict[int, int] = {}
        for key in members_of(seat.formation).values_list("community", flat=True):
            taken[key] = taken.get(key, 0) + 1
        found = {}
        for place, each in proposed_of(seat.formation).items():
            community = community_of(each)
            if community.pk not in here:
                is_full = taken.get(community.pk, 0) >= each.maximum
                name = _named(community)
                full = gettext("%(name)s: full, so only if somebody from there changes with you")
                found[place] = community, full % {"name": name} if is_full else name
        return found


class SwapWindowForm(EditForm, forms.ModelForm):
    """Until when people may ask to change, and who decides."""

    class Meta:
        model = Formation
        fields = ["swaps_until", "swaps_decided_by"]
        widgets = {"swaps_until": DateInput, "swaps_decided_by": forms.RadioSelect}
        labels = {
            "swaps_until": _("People may ask to change until"),
            "swaps_decided_by": _("Who decides?"),
        }
        help_texts = {
            "swaps_until": _("The last day counts. Leave it empty, and nobody asks."),
            "swaps_decided_by": _(
                "A rule that must hold is never broken by two people; you alone can do that."
            ),
        }

    def __init__(self, data: Any = None, *, instance: Formation) -> None:
        super().__init__(data, instance=instance)
        words = words_for(instance.program)
        self.fields["swaps_until"].label = _("People may ask for another %(community)s until") % {
            "community": words.community
        }

    def clean_swaps_until(self) -> date | None:
        until: date | None = self.cleaned_data["swaps_until"]
        if until is not None and until != self.initial.get("swaps_until"):
            check_last_day(until, today=timezone.localdate(timezone=self.instance.program.zone))
        return until


def _named(community: Community) -> str:
    """A community with its topic, unless its name says that already."""
    topic = community.topic
    return f"{community} ({topic})" if topic and topic.name not in community.name else str(community)
