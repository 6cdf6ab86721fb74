"""What a provider's staff write as their own version of a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineFormField
from coppice.library.template_facts import NAMES
from coppice.library.template_models import LONGEST_TEMPLATE, LONGEST_TEMPLATE_TITLE
from coppice.library.template_set.filling import places_of
from coppice.library.templates_of import Template
from coppice.ui.edits import EditForm


class TemplateForm(EditForm, forms.Form):
    """Title and text of a template, which begin with those that people get today."""

    title = LineFormField(label=_("Title"), max_length=LONGEST_TEMPLATE_TITLE)
    markdown = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEMPLATE,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "true"}),
        help_text=_(
            "In Markdown. “## ” begins a heading, “- [ ] ” a box to tick. Places in double braces are filled "
            "with what a community has; all of them are listed below."
        ),
    )

    def __init__(self, data: Any = None, *, template: Template) -> None:
        super().__init__(data, initial={"title": template.title, "markdown": template.markdown})
        for field in self.fields.values():
            field.widget.attrs["lang"] = template.original.language

    @property
    def is_edit(self) -> bool:
        """It always shows what people get by now, whoever wrote that."""
        return True

    def clean_markdown(self) -> str:
        markdown: str = "\n".join(self.cleaned_data["markdown"].splitlines()).strip() + "\n"
        unknown = sorted(places_of(markdown) - NAMES.keys())
        if unknown:
            raise forms.ValidationError(
                _("Nothing would ever be filled in here: %(places)s. Use the names in the list below."),
                params={"places": ", ".join(f"{{{{ {each} }}}}" for each in unknown)},
                code="unknown_place",
            )
        return markdown
