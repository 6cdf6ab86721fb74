"""What people type about themselves."""

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coppice.accounts.models import Person
from coppice.accounts.zones import ZoneField
from coppice.ui.edits import EditForm


def language_choices() -> list[tuple[object, object]]:
    """Return the languages that Coppice speaks, and the browser's own wish."""
    return [("", _("As my browser asks")), *settings.LANGUAGES]


class PersonForm(EditForm, forms.ModelForm):
    """A person's own page; the time zone is suggested by their browser."""

    language = forms.ChoiceField(label=_("Language"), required=False, choices=language_choices)
    time_zone = ZoneField(
        label=_("Time zone"),
        unchosen=_("As this site keeps it"),
        help_text=_("Every time that we show or write to you is in this zone."),
        widget=forms.Select(attrs={"data-suggests-zone": ""}),
    )

    class Meta:
        model = Person
        fields = ["name", "language", "time_zone", "phone"]
        labels = {"name": _("Name"), "phone": _("Phone")}
        help_texts = {
            "name": _("What you like to be called."),
            "phone": _("Only for the people who run your programs."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class AddressForm(forms.Form):
    """The address with which somebody wants to sign in from now on."""

    email = forms.EmailField(
        label=_("New email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, person: Person, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email == (self.person.email or "").lower():
            raise forms.ValidationError(_("You sign in with this address already. Type the new one."))
        return email


class PasswordSignInForm(LoginForm):
    """Address and password; allauth leaves the password out where codes are the rule."""

    def _setup_password_field(self) -> None:
        """Keep the field that allauth would drop."""


class PasskeyForm(AddWebAuthnForm):
    """A new passkey: by default one that signs in alone, which is what people mean by the word."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = _("It signs me in alone")
        alone.help_text = _("Without mail or password. It asks for your finger, face or PIN.")


class PasswordSettingForm(SetPasswordForm):
    """A first password, in the words of our other forms."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self)


class PasswordChangeForm(ChangePasswordForm):
    """Another password, in the words of our other forms."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("The password you have now")
        _name_passwords(self)


class PasswordResetForm(ResetPasswordKeyForm):
    """Another password by a mailed link, in the words of our other forms."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self)


def _name_passwords(form: forms.Form) -> None:
    form.fields["password1"].label = _("New password")
    form.fields["password2"].label = _("New password, once more")
