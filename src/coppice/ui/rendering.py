"""How every form is drawn: one column, help below, errors beside the field and summed up on top."""

from typing import Any

from django.forms.renderers import DjangoTemplates

from coppice.ui.controls import WRITTEN


class FormRenderer(DjangoTemplates):
    """Draws `{{ form }}` and `{{ field.as_field_group }}` in our way, and Django's own widgets."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Write what `ui.controls` has, and draw all else with its template."""
        write = WRITTEN.get(template_name)
        return write(context) if write else super().render(template_name, context, request=request)
