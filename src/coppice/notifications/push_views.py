"""A person's own browsers that we knock at."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coppice.lib.access import access, signed_in
from coppice.lib.errors import DomainError
from coppice.notifications import push
from coppice.notifications.errors import NotABrowser
from coppice.notifications.push_models import PushSubscription

SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
MORE_BROWSERS = (("Chrome", "Chrome"), ("Safari", "Safari"))


class BrowserForm(forms.Form):
    """What a browser gives to whom may knock at it."""

    endpoint = forms.CharField(max_length=1000)
    key = forms.CharField(max_length=120)
    secret = forms.CharField(max_length=40)


def own_browser(person: Any, browser_id: int) -> PushSubscription:
    """Load a browser of the person's own."""
    return get_object_or_404(PushSubscription, pk=browser_id, person=person.pk)


# GET, POST /me/push/
@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def browsers(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = BrowserForm(request.POST)
        try:
            if not form.is_valid():
                raise NotABrowser
            push.subscribe(
                request.user,
                **form.cleaned_data,
                browser=_name(request),
                session_mark=push.mark(request.session),
            )
        except DomainError as refusal:
            messages.error(request, str(refusal.sentence))
        else:
            messages.success(request, _("This browser tells you from now on."))
        return redirect("notifications:browsers")
    context = {
        "browsers": PushSubscription.objects.filter(person=request.user.pk).order_by("-pk"),
        "public_key": push.public_key(),
    }
    return render(request, "notifications/browsers.html", context)


# POST /me/push/<browser_id>/removal/
@access(signed_in, on=own_browser)
@require_POST
def browser_removal(request: HttpRequest, browser: PushSubscription) -> HttpResponse:
    browser.delete()
    messages.success(request, _("%(browser)s tells you nothing any more.") % {"browser": browser.browser})
    return redirect("notifications:browsers")


def _name(request: HttpRequest) -> str:
    """How we call a browser to its owner: "Firefox, Linux"."""
    told = request.headers.get("User-Agent", "")
    names = [name for sign, name in (*BROWSERS, *MORE_BROWSERS) if sign in told][:1]
    names += [system for system in SYSTEMS if system in told][:1]
    return ", ".join(names) or _("A browser")
