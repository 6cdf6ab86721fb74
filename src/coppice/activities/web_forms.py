"""What hosts type of a web that was drawn on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.activities.models import LONGEST_HOW, LONGEST_NEED
from coppice.lib.lines import LineFormField, one_line
from coppice.live.actions.people import LONGEST_NAME

MOST_HELPERS = 30


class HelpersField(forms.CharField):
    """People and how they help, one a line: "Bo: has a van". Its value is a list of both."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> Any:
        lines = [one_line(each) for each in super().clean(value).splitlines()]
        said = [each.partition(":") for each in lines if each]
        helpers = [(name.strip(), how.strip()) for name, _colon, how in said]
        for line, (name, how) in zip(filter(None, lines), helpers, strict=True):
            if not name or not how:
                raise forms.ValidationError(
                    _("Write a name, a colon and how they help: “%(line)s” has only one of them.")
                    % {"line": line}
                )
            if len(name) > LONGEST_NAME or len(how) > LONGEST_HOW:
                raise forms.ValidationError(_("“%(line)s” is too long. Shorten it.") % {"line": line[:40]})
        if len(helpers) > MOST_HELPERS:
            raise forms.ValidationError(
                _("One need takes at most %(most)d people who help. Enter the others with a second one.")
                % {"most": MOST_HELPERS}
            )
        return helpers


class DrawingForm(forms.Form):
    """One need of a drawing: whose it is, and who helps how."""

    name = LineFormField(label=gettext_lazy("Who needs"), max_length=LONGEST_NAME)
    need = LineFormField(label=gettext_lazy("What"), max_length=LONGEST_NEED)
    helpers = HelpersField(
        label=gettext_lazy("Who helps, and how"),
        required=False,
        help_text=gettext_lazy("One a line, with a colon. For instance: Bo: can lend a van"),
    )
