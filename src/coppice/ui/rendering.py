"""How every form is drawn: one column, help below, errors beside the field and summed up on top."""

from django.forms.renderers import DjangoTemplates


class FormRenderer(DjangoTemplates):
    """Draws `{{ form }}` and `{{ field.as_field_group }}` with our templates and Django's own widgets."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"
