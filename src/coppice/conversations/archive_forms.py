"""What people say about an archive: its file, and who its writers are."""

from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

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
