"""What people keep of a room on their profile."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.activities.models import Point, Strand, Tie, WriteUp
from coppice.activities.webs import key_of
from coppice.lib.lines import LineFormField
from coppice.photos.forms import PhotoForm
from coppice.profiles.audiences import audiences_of
from coppice.profiles.models import LONGEST_WORDS, Audience, Expertise, Need
from coppice.programs.models import Program


class _KeepForm(forms.Form):
    """Who sees what is kept; several such forms may stand on one page."""

    audience = forms.ChoiceField(
        label=_("Who sees this?"), initial=Audience.COMMUNITIES, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, program: Program, prefix: str) -> None:
        super().__init__(data, auto_id=f"{prefix}-%s")
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)
        audience.choices = audiences_of(program, is_own=True)


class CardPhotoForm(PhotoForm):
    """The photo of a card, which may have none."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["photo"].required = False


class KeepNeedsForm(_KeepForm):
    """Notes that become needs, and how soon."""

    points = forms.TypedMultipleChoiceField(
        label=_("What of it do you need?"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        choices=Need.Urgency.choices,
        initial=Need.Urgency.SOON,
        widget=forms.RadioSelect,
    )
    field_order = ["points", "urgency", "audience"]

    def __init__(self, data: Any = None, *, program: Program, step_id: int, notes: Iterable[Point]) -> None:
        super().__init__(data, program=program, prefix=f"needs-{step_id}")
        points = self.fields["points"]
        assert isinstance(points, forms.TypedMultipleChoiceField)
        points.choices = [(note.pk, note.words) for note in notes]


class KeepWebForm(_KeepForm):
    """What somebody said in a web that goes on their profile, by its keys there."""

    things = forms.MultipleChoiceField(
        label=_("What goes on your profile?"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["things", "audience"]

    def __init__(
        self, data: Any = None, *, program: Program, step_id: int, said: Iterable[Strand | Tie]
    ) -> None:
        super().__init__(data, program=program, prefix=f"web-{step_id}")
        things = self.fields["things"]
        assert isinstance(things, forms.MultipleChoiceField)
        things.choices = [
            (
                key_of(each),
                _("I need: %(words)s") % {"words": each}
                if isinstance(each, Strand)
                else _("I can help: %(words)s") % {"words": each},
            )
            for each in said
        ]


class KeepOfferForm(_KeepForm):
    """What somebody can help with, after a story that others wrote down."""

    words = LineFormField(
        label=_("What can you help others with, as this story shows?"), max_length=LONGEST_WORDS
    )
    level = forms.ChoiceField(
        label=_("How well do you know it?"),
        choices=Expertise.Level.choices,
        initial=Expertise.Level.DOES,
        widget=forms.RadioSelect,
    )
    field_order = ["words", "level", "audience"]

    def __init__(self, data: Any = None, *, program: Program, write_up: WriteUp) -> None:
        super().__init__(data, program=program, prefix=f"offer-{write_up.pk}")
