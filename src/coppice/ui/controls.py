"""The fields and controls of forms, written here: templates within templates take five times as long.

What stands here for one of Django's own templates writes the same as it, letter for letter; a control that
has none here keeps its template.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms import BoundField, ChoiceField, MultipleChoiceField
from django.forms.widgets import CheckboxInput, ChoiceWidget, MultiWidget
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coppice.ui.icons import icon
from coppice.ui.markup import markup

type Context = Mapping[str, Any]

FIELD = """<div class="{classes}">
    {control}
    {help}
    {errors}
  </div>"""
FIELDSET = """<fieldset{described}>
        <legend>{label}{optional}</legend>
        {control}
      </fieldset>"""
TICK = '<label for="{pk}">{control}<span>{label}</span></label>'
LABEL = '<label for="{pk}">{label}{optional}</label>'
OPTIONAL = ' <span class="field-optional">{word}</span>'
DESCRIBED = ' aria-describedby="{by}"'
HELP = '<div class="field-help" id="{pk}_helptext">{text}</div>'
ERRORS = """<div class="field-error" id="{pk}_error">
        {icon}<ul>{errors}</ul>
      </div>"""
ERROR = "<li>{error}</li>"
NOTHING = SafeString("")


def is_optional(field: BoundField) -> bool:
    """Say whether it is worth saying that the field may stay empty.

    It is not of a choice that has been made already and cannot be unmade, nor of one part of a row, where the
    whole row may stay empty (`coppice.ui.forms.part_of_a_row`).
    """
    asked = field.field
    if asked.required or getattr(asked, "is_part_of_a_row", False):
        return False
    if not isinstance(asked, ChoiceField) or isinstance(asked, MultipleChoiceField):
        return True
    choices: Any = asked.choices
    return field.value() in (None, "") or any(not value for value, _label in choices)


def first_control(field: BoundField) -> str:
    """Return the id of the first thing in a field that can take focus."""
    if isinstance(field.field.widget, (ChoiceWidget, MultiWidget)) and field.use_fieldset:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def field_group(context: Context) -> str:
    """Write a field with its label, help and errors."""
    field: BoundField = context["field"]
    errors = field.errors
    more = field.css_classes()
    return markup(
        FIELD,
        classes=" ".join(filter(None, ("field", "field-wrong" if errors else "", more))),
        control=_labelled(field),
        help=_help(field),
        errors=_errors(field) if errors else NOTHING,
    )


def _labelled(field: BoundField) -> SafeString:
    label, control = _text(field.label), SafeString(field)
    if not field.use_fieldset and isinstance(field.field.widget, CheckboxInput):
        return markup(TICK, pk=field.id_for_label, control=control, label=label)
    optional = markup(OPTIONAL, word=_("(optional)")) if is_optional(field) else NOTHING
    if field.use_fieldset:
        by = field.aria_describedby
        described = markup(DESCRIBED, by=by) if by else NOTHING
        return markup(FIELDSET, described=described, label=label, optional=optional, control=control)
    if not field.label:
        return control
    shown = markup(LABEL, pk=field.id_for_label, label=label, optional=optional)
    return SafeString(f"{shown}\n      {control}")


def _help(field: BoundField) -> SafeString:
    """The help of a field, which is HTML of ours."""
    if not field.help_text:
        return NOTHING
    return markup(HELP, pk=field.auto_id, text=SafeString(field.help_text))


def _errors(field: BoundField) -> SafeString:
    lines = SafeString("".join(markup(ERROR, error=_text(each)) for each in field.errors))
    return markup(ERRORS, pk=field.auto_id, icon=icon("warning", size=18), errors=lines)


def _input(context: Context) -> str:
    widget = context["widget"]
    value = "" if widget["value"] is None else f' value="{_plain(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_plain(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(context: Context) -> str:
    widget = context["widget"]
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_plain(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _several(context: Context) -> str:
    """Radio buttons, or boxes to tick."""
    widget = context["widget"]
    pk, of_class = widget["attrs"].get("id"), widget["attrs"].get("class")
    opened = (f' id="{_plain(pk)}"' if pk else "") + (f' class="{_plain(of_class)}"' if of_class else "")
    return f"<div{opened}>{''.join(_groups(widget))}\n</div>"


def _groups(widget: Context) -> Iterable[str]:
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f"\n  <div><label>{_text(group)}</label>"
        for option in options:
            yield f"<div>\n    {_option(option)}\n\n</div>"
        if group:
            yield "\n  </div>"


def _option(option: Context) -> str:
    pk = option["attrs"].get("id")
    opened = f'<label for="{_plain(pk)}">' if pk else "<label>"
    return f"{opened}{_input({'widget': option})}\n {_text(option['label'])}</label>"


def _select(context: Context) -> str:
    widget = context["widget"]
    options = "".join(_options(widget))
    return f'<select name="{_plain(widget["name"])}"{_attributes(widget)}>{options}\n</select>'


def _options(widget: Context) -> Iterable[str]:
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{_text(group)}">'
        for option in options:
            value, label = _plain(option["value"]), _text(option["label"])
            yield f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n'
        if group:
            yield "\n  </optgroup>"


def _attributes(widget: Context) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_plain(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _plain(value: Any) -> str:
    """A value as it is, in no language's form."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _text(value: Any) -> SafeString:
    """A value as a template shows it."""
    return conditional_escape(localize(value))


INPUTS = ("text", "hidden", "email", "number", "url", "tel", "search", "color", "password", "file")
MOMENTS = ("date", "datetime", "time")
WRITTEN: dict[str, Callable[[Context], str]] = {
    "ui/forms/field.html": field_group,
    **{f"django/forms/widgets/{name}.html": _input for name in (*INPUTS, *MOMENTS, "checkbox")},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/checkbox_select.html": _several,
    "django/forms/widgets/radio.html": _several,
    "django/forms/widgets/select.html": _select,
}
