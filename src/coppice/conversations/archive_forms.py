"""What people say about an archive: its file, and who its writers are."""

from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from coppice.conversations.import_models import Archive
from coppice.conversations.importing.sheets import Field
from coppice.lib.ids import id_in
from coppice.ui.forms import part_of_a_row

ACCEPTED = ".mbox,.mbx,.txt,.gz,.zip,.json,.csv,.tsv,.xlsx"


class ArchiveForm(forms.Form):
    """A file, or the `key` of one that came in pieces."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.initial["key"] = get_random_string(32)
        part_of_a_row(self.fields["file"])  # one of the two is needed: it does not say that it is optional


class PeopleForm(forms.Form):
    """Who writers are whose name alone says it: one box for each suggestion (`suggested`, by writer)."""

    def __init__(self, *given: Any, suggested: dict[int, int], **more: Any) -> None:
        super().__init__(*given, **more)
        self._suggested = suggested

    @property
    def people(self) -> dict[int, int]:
        """The suggestions that were confirmed: ids of people by ids of writers."""
        said = {id_in(value) for value in self.data.getlist("same")}  # type: ignore[attr-defined]
        return {writer: person for writer, person in self._suggested.items() if writer in said}


class ColumnsForm(forms.Form):
    """What each column of a table says, and how its dates are written where they leave it open."""

    day_first = forms.TypedChoiceField(
        label=_("Dates such as 03/04/2020"),
        required=False,
        choices=[("1", _("The day stands first: 3 April")), ("0", _("The month stands first: March 4"))],
        coerce=lambda said: said == "1",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *given: Any, archive: Archive, **more: Any) -> None:
        super().__init__(*given, **more)
        seen, guess = archive.said.get("seen", []), archive.said.get("guess", [])
        for number, (look, field) in enumerate(zip(seen, guess, strict=True)):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=look["header"] or _("Column %(number)s") % {"number": number + 1},
                help_text=" · ".join(look["samples"]),
                required=False,
                choices=Field.choices,
                initial=field,
            )
            part_of_a_row(self.fields[f"column_{number}"])
        part_of_a_row(self.fields["day_first"])  # it is needed where a column of dates leaves it open
        if not any(look["is_open"] for look in seen):
            del self.fields["day_first"]
        self.order_fields([name for name in self.fields if name != "day_first"])

    @property
    def columns(self) -> list[str]:
        """What each column says, in order."""
        return [value for name, value in self.cleaned_data.items() if name.startswith("column_")]
