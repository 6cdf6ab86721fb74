"""What people choose about a list's mail."""

from typing import Any

from django import forms

from coppice.notifications.models import Wish


class WishForm(forms.Form):
    """One list's radio buttons; `wishes` are what can be chosen of it."""

    wish = forms.TypedChoiceField(coerce=Wish)

    def __init__(self, *arguments: Any, wishes: list[Wish], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["wish"]
        field.choices = [(wish.value, wish.label) for wish in wishes]
