"""A person's own phone that we text, and what a provider brings of their answers."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access, anyone, signed_in
from coppice.lib.errors import DomainError
from coppice.notifications.queries import outbox_of
from coppice.notifications.text_models import Phone, TextMessage
from coppice.notifications.texts import answers, phones, sending
from coppice.notifications.texts.providers import is_offered


class NumberForm(forms.Form):
    """The number to text, and that its owner wants it."""

    number = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    wanted = forms.BooleanField(
        label=gettext_lazy("Text me these reminders at this number"),
        error_messages={"required": gettext_lazy("Tick this if you want the reminders.")},
    )

    def clean_number(self) -> str:
        """Return the number in E.164."""
        try:
            return phones.as_e164(self.cleaned_data["number"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.code) from refusal


class CodeForm(forms.Form):
    """The code that came to the number."""

    code = forms.CharField(
        label=gettext_lazy("The code of six digits that we sent"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def own_phone(person: Any) -> Phone | None:
    """Load the person's phone, None for none yet; raises Http404 where no texts can be sent."""
    if not is_offered():
        raise Http404
    return Phone.objects.filter(person=person.pk).first()


def kept_texts_of(person: Any) -> Any:
    """Return all texts, where they are kept to be looked at; raises Http404 anywhere else."""
    outbox_of(person)
    return TextMessage.objects.select_related("person")


# GET, POST /me/texts/
@access(signed_in, on=own_phone)
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, phone: Phone | None) -> HttpResponse:
    """Show whether we text, and send a code to a number that was given."""
    form = NumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            phones.ask(request.user, number=form.cleaned_data["number"])
        except DomainError as refusal:
            form.add_error("number", str(refusal.sentence))
        else:
            messages.success(request, _("We sent a code to this number. It is good for ten minutes."))
            return redirect("notifications:texts")
    return _page(request, phone, number_form=form, status=422 if form.errors else 200)


# POST /me/texts/confirmation/
@access(signed_in, on=own_phone)
@require_POST
def text_confirmation(request: HttpRequest, phone: Phone | None) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            phones.confirm(request.user, code=form.cleaned_data["code"])
        except DomainError as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("This is your number. Reminders come there from now on."))
    else:
        messages.error(request, _("Write the code of six digits that we sent."))
    return redirect("notifications:texts")


# POST /me/texts/removal/
@access(signed_in, on=own_phone)
@require_POST
def text_removal(request: HttpRequest, phone: Phone | None) -> HttpResponse:
    phones.remove(request.user)
    messages.success(request, _("Your number is forgotten: we text you no more."))
    return redirect("notifications:texts")


def _page(request: HttpRequest, phone: Phone | None, *, number_form: NumberForm, status: int) -> HttpResponse:
    context = {
        "phone": phone,
        "number_form": number_form,
        "code_form": CodeForm(),
        "most": settings.TEXT_A_MONTH,
        "sent": sending.sent_this_month(request.user),
    }
    return render(request, "notifications/texts.html", context, status=status)


# POST /texts/in/<secret>/
@access(anyone, on=answers.webhook_of, signed_out=True)
@csrf_exempt  # a provider posts here; the secret in the address lets it in
@require_POST
def text_webhook(request: HttpRequest, hear: answers.Hear) -> HttpResponse:
    hear(request)
    return HttpResponse(status=204)


# GET /outbox/texts/
@access(anyone, on=kept_texts_of, signed_out=True)
@require_safe
def outbox_texts(request: HttpRequest, kept: Any) -> HttpResponse:
    page = Paginator(kept, 25).get_page(request.GET.get("page"))
    return render(request, "notifications/outbox_texts.html", {"page": page})
