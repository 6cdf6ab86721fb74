"""Words that stand on one line: names, titles and the like, which go into headings, subjects and headers."""

import re
from typing import Any

from django import forms
from django.db import models

# Control characters, line and paragraph separators, marks that turn around what follows, halves of letters.
UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Whatever can be seen: no space, no mark without a width, no filler.
SEEN = re.compile("[^\\s\u00ad\u034f\u115f\u1160\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0]")


def one_line(text: str) -> str:
    """Return the words on one line: each run of spaces, breaks and control characters is one space.

    Where nothing of it can be seen, there are no words.
    """
    words = " ".join(UNWANTED.sub(" ", text).split())
    return words if SEEN.search(words) else ""


class LineFormField(forms.CharField):
    """What somebody types for a line."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return one_line(typed) if typed else typed


class LineField(models.CharField):
    """A column whose words stand on one line, by whatever door they come in: a form, a file, an action.

    To the database it is a CharField, and so it is to migrations.
    """

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        return one_line(words) if words else words

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        words = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, words)
        return words

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LineFormField, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
