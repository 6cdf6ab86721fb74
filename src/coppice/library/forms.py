"""What people type for their community's library."""

import copy
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.lib.lines import LineFormField, one_line
from coppice.library.models import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_PAGE, LONGEST_TITLE, Folder, Item
from coppice.library.topics import MOST_TOPICS, words_in
from coppice.ui.edits import EditForm
from coppice.ui.forms import part_of_a_row

Licence = Item.Licence
MEANINGS = {
    Licence.OWN: _("One of us made it. Everybody here may use it and change it."),
    Licence.CC_BY: _("Anybody may use and change it who says who made it."),
    Licence.CC_BY_SA: _("The same, and what you make of it has to be as free."),
    Licence.CC_BY_NC: _("Free to use, but not to earn by; look at it before you change it."),
    Licence.PUBLIC: _("It belongs to everybody: its rights have ended or were given up."),
    Licence.PERMISSION: _("It belongs to somebody who allowed us to keep it. Do not pass it on."),
    Licence.UNSURE: _("Then keep it among us, and ask whoever made it before it goes further."),
}
NEEDS_A_SOURCE = {
    *(Licence.CC_BY, Licence.CC_BY_SA, Licence.CC_BY_NC, Licence.PERMISSION),
}


def _with_meaning(licence: Item.Licence) -> SafeString:
    return format_html('<span>{}<br><span class="fine">{}</span></span>', licence.label, MEANINGS[licence])


with_meaning = lazy(_with_meaning, SafeString)


class HasTopics(forms.Form):
    """The words that a thing is about, typed in one line."""

    topics = LineFormField(
        label=_("Topics"),
        required=False,
        max_length=600,
        help_text=_("As many words as somebody may look for, with commas between them."),
    )

    def clean_topics(self) -> list[str]:
        words = words_in(self.cleaned_data["topics"])
        if len(words) > MOST_TOPICS:
            raise forms.ValidationError(
                _("These are %(count)d topics. Give at most %(most)d."),
                params={"count": len(words), "most": MOST_TOPICS},
                code="too_many",
            )
        return words


class ItemForm(HasTopics, EditForm, forms.ModelForm):
    """What is said of an item: what it is called and good for, where it lies, whose it is.

    Works on a copy, so that an action can compare.
    """

    class Meta:
        model = Item
        fields = ["title", "about", "folder", "licence", "source"]
        labels = {
            "title": _("Title"),
            "about": _("What is it good for?"),
            "folder": _("Folder"),
            "licence": _("Whose is it?"),
            "source": _("Who made it, or where is it from?"),
        }
        help_texts = {
            "about": _("One or two sentences for somebody who has not opened it."),
            "source": _("A name, a book or an address. It is shown beside it."),
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 2}), "licence": forms.RadioSelect}

    field_order: Sequence[str] = ["title", "about", "folder", "topics", "licence", "source"]

    def __init__(
        self, data: Any = None, *, community: Community, instance: Item | None = None, **more: Any
    ) -> None:
        if instance is not None:
            instance = copy.copy(instance)
            topics = ", ".join(each.name for each in instance.topics.all())
            more["initial"] = {"topics": topics, **more.get("initial", {})}
        super().__init__(data, instance=instance, **more)
        folder: Any = self.fields["folder"]
        folder.queryset = Folder.objects.filter(community=community)
        folder.empty_label = _("In no folder")
        licence: Any = self.fields["licence"]
        licence.choices = [(each.value, with_meaning(each)) for each in Licence]
        if instance is None:
            licence.initial = None
            self.initial["licence"] = more.get("initial", {}).get("licence")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("licence") in NEEDS_A_SOURCE and not cleaned.get("source"):
            self.add_error(
                "source", _("Say who made it: this licence asks that their name stands beside it.")
            )
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes; only of a valid form."""
        names = ("title", "about", "folder", "topics", "licence", "source")
        return {name: self.cleaned_data[name] for name in names}


class SendsAFile(forms.Form):
    """A file, or the key of one that is here already (`key`, which the page knows it by)."""

    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        part_of_a_row(self.fields["file"])  # one of the two is needed: it does not say that it is optional

    @staticmethod
    def new_key() -> str:
        """Return a key that no other file has."""
        return get_random_string(32)


class AddFileForm(SendsAFile, ItemForm):
    """A file and what is said of it."""

    field_order = ["file", "key", *ItemForm.field_order]


class AddressField(forms.URLField):
    """Where a link leads: a page that browsers open, and nothing that runs."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label=_("Address"),
            max_length=LONGEST_ADDRESS,
            assume_scheme="https",
            error_messages={"invalid": _("Give a whole address, such as https://example.org/handbook.")},
            **more,
        )

    def clean(self, value: Any) -> Any:
        address = super().clean(value)
        if address and not address.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class AddLinkForm(ItemForm):
    """A link and what is said of it."""

    address = AddressField()
    field_order = ["address", *ItemForm.field_order]


def markdown_field() -> forms.CharField:
    """Return the field of a page's text."""
    return forms.CharField(
        label=_("Text"),
        max_length=LONGEST_PAGE,
        widget=forms.Textarea(attrs={"rows": 18, "maxlength": LONGEST_PAGE}),
        help_text=_(
            "An empty line begins a paragraph, # a heading, - a line of a list. **Two stars** make bold."
        ),
    )


class AddPageForm(ItemForm):
    """A page and what is said of it."""

    markdown = markdown_field()
    field_order = ["title", "markdown", "about", "folder", "topics", "licence", "source"]


def note_field() -> LineFormField:
    """Return the field that says what is new in a version."""
    return LineFormField(
        label=_("What is new in it?"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("It stands beside the version."),
    )


class RenewFileForm(SendsAFile):
    """Another file in the place of the one that is there."""

    note = note_field()
    field_order = ["file", "key", "note"]


class RenewLinkForm(EditForm, forms.Form):
    """Another address."""

    is_edit = True
    address = AddressField()
    note = note_field()


class RenewPageForm(EditForm, forms.Form):
    """A page's text, changed."""

    is_edit = True
    markdown = markdown_field()
    note = note_field()


class FolderForm(EditForm, forms.ModelForm):
    """A folder's name. Works on a copy, so that an action can compare."""

    class Meta:
        model = Folder
        fields = ["name"]
        labels = {"name": _("Name of the folder")}

    def __init__(self, data: Any = None, *, instance: Folder | None = None) -> None:
        super().__init__(data, instance=copy.copy(instance) if instance else None)


class PlannedFoldersForm(forms.Form):
    """The folders that the action plan names and that are not there yet, each with a name to change."""

    def __init__(self, data: Any = None, *, planned: Sequence[str]) -> None:
        super().__init__(data)
        self.planned = planned
        for number, name in enumerate(planned):
            self.fields[f"folder_{number}"] = LineFormField(
                label=_("Folder %(number)d") % {"number": number + 1},
                initial=name,
                required=False,
                max_length=LONGEST_NAME,
            )

    @property
    def names(self) -> dict[str, str]:
        """What each planned folder is to be called, those left out that were emptied; only when valid."""
        typed = ((name, self.cleaned_data[f"folder_{number}"]) for number, name in enumerate(self.planned))
        return {name: called for name, called in typed if one_line(called)}
