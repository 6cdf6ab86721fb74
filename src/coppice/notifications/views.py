"""Leaving a mailing list from a mail, choosing what we send, and the outbox of the demo."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access, anyone, signed_in
from coppice.notifications import actions, queries, wishes
from coppice.notifications.forms import WishForm
from coppice.notifications.inbound import reports, webhooks
from coppice.notifications.inbound.originals import Original, original_of, own_original_of
from coppice.notifications.mail import sender
from coppice.notifications.models import Message, MessageQuerySet, Pace, Wish
from coppice.notifications.queries import MailList, Subscriber
from coppice.notifications.standings import standing
from coppice.notifications.subscriptions import make_token
from coppice.notifications.texts.providers import is_offered

ONE_CLICK = ("List-Unsubscribe", "One-Click")
PACES = (Pace.INSTANT, Pace.DAILY, Pace.WEEKLY)


# GET, POST /mail/unsubscribe/<token>/
@access(anyone, on=queries.subscriber_of, signed_out=True)
@csrf_exempt  # the mail program that posts here holds the signed token and nothing else (RFC 8058, 3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if request.method != "POST":
        return render(request, "notifications/unsubscribe.html", _leaving(subscriber))
    asked = request.POST.get("wish")
    wish = next((less for less in subscriber.less if less == asked), Wish.NONE)
    keys = [mail_list.key for mail_list in subscriber.lists]
    wishes.wish(subscriber.person, list_keys=keys, wish=wish)
    if request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return HttpResponse(_("Done: no more mail from this list."), content_type="text/plain; charset=utf-8")
    context = {
        "subscriber": subscriber,
        "wish": wish,
        "until": timezone.now() + wishes.PAUSE,
        "undo": make_token(subscriber.person.pk, ",".join(keys)),
    }
    return render(request, "notifications/unsubscribed.html", context)


def _leaving(subscriber: Subscriber) -> dict[str, Any]:
    """What the page before the button says: which lists, what is less, what stays as it is."""
    names = [mail_list.name for mail_list in subscriber.lists]
    is_one = subscriber.rhythm is None and len(subscriber.lists) == 1
    return {
        "subscriber": subscriber,
        "names": get_text_list(names, _("and")) if subscriber.rhythm else "",
        "standing": standing(subscriber.person.pk, subscriber.list_key) if is_one else "",
    }


# POST /mail/subscription/<token>/
@access(anyone, on=queries.subscriber_of, signed_out=True)
@require_POST
def subscription(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Take back what was chosen by a link: the lists come again, at the pace that the page named if any."""
    pace = next((pace for pace in PACES if pace == request.POST.get("pace")), None)
    for mail_list in subscriber.lists:
        if pace is None:
            actions.unmute(subscriber.person, list_key=mail_list.key)
        else:
            wishes.choose(subscriber.person, list_key=mail_list.key, pace=pace)
    return render(request, "notifications/subscribed.html", {"subscriber": subscriber})


# GET /me/mail/
@access(signed_in)
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    lists = queries.lists_of(request.user)
    context = {
        "lists": lists,
        "can_wait": any(each.can_wait for each in lists),
        "pause": Wish.PAUSE,
        "has_texts": is_offered(),
    }
    return render(request, "notifications/preferences.html", context)


# POST /me/mail/<list_key>/
@access(signed_in, on=queries.list_of)
@require_POST
def preference(request: HttpRequest, mail_list: MailList) -> HttpResponse:
    form = WishForm(request.POST, wishes=mail_list.wishes)
    if form.is_valid():
        wish = form.cleaned_data["wish"]
        wishes.wish(request.user, list_keys=[mail_list.key], wish=wish)
        messages.success(request, SAVED[wish] % {"name": mail_list.name})
    else:
        messages.error(request, _("Choose how often, then save."))
    return redirect("notifications:preferences")


SAVED = {
    Wish.INSTANT: gettext_lazy("Saved: news from %(name)s comes at once."),
    Wish.DAILY: gettext_lazy("Saved: news from %(name)s comes once a day, at 7 in your morning."),
    Wish.WEEKLY: gettext_lazy("Saved: news from %(name)s comes once a week, on Monday at 7 in your morning."),
    Wish.PAUSE: gettext_lazy("Saved: no mail from %(name)s for 30 days."),
    Wish.NONE: gettext_lazy("Saved: no more mail from %(name)s."),
}


# GET /outbox/
@access(anyone, on=queries.outbox_of, signed_out=True)
@require_safe
def outbox(request: HttpRequest, kept: MessageQuerySet) -> HttpResponse:
    sought = request.GET.get("to", "").strip()
    if sought:
        kept = kept.filter(to_address__icontains=sought)
    page = Paginator(kept, 25).get_page(request.GET.get("page"))
    return render(request, "notifications/outbox.html", {"page": page, "sought": sought})


# GET /outbox/<message_id>/
@access(anyone, on=queries.outbox_message_of, signed_out=True)
@require_safe
def outbox_message(request: HttpRequest, message: Message) -> HttpResponse:
    return render(
        request, "notifications/outbox_message.html", {"message": message, "sender": sender(message)}
    )


# GET /outbox/<message_id>/html/
@access(anyone, on=queries.outbox_message_of, signed_out=True)
@require_safe
@xframe_options_sameorigin
@csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],  # mail has no other styles than inline ones; nothing here can run
        "img-src": [CSP.SELF, "data:"],
        "frame-ancestors": [CSP.SELF],
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
def outbox_html(request: HttpRequest, message: Message) -> HttpResponse:
    """Answer with the mail as its reader sees it; its links open in the whole window, not in the frame."""
    return HttpResponse(message.html.replace("<head>", '<head><base target="_top">', 1))


# POST /mail/in/<provider>/<secret>/
@access(anyone, on=webhooks.webhook_of, signed_out=True)
@csrf_exempt  # a provider posts here; the secret in the address lets it in
@require_http_methods(["HEAD", "POST"])
def webhook(request: HttpRequest, reader: webhooks.Webhook) -> HttpResponse:
    """Take mail; Mandrill asks first by HEAD whether there is somebody."""
    if request.method == "POST":
        webhooks.take_all(request, reader)
    return HttpResponse("taken", content_type="text/plain; charset=utf-8")


# POST /mail/reports/<provider>/<secret>/
@access(anyone, on=reports.webhook_of, signed_out=True)
@csrf_exempt  # a provider posts here; the secret in the address lets it in
@require_http_methods(["HEAD", "POST"])
def report_webhook(request: HttpRequest, take: reports.Webhook) -> HttpResponse:
    """Take reports, as `webhook` takes mail."""
    if request.method == "POST":
        take(request)
    return HttpResponse("taken", content_type="text/plain; charset=utf-8")


# GET /mail/received/<mail_id>/
@access(signed_in, on=original_of)
@require_safe
def received(request: HttpRequest, original: Original) -> HttpResponse:
    return render(request, "notifications/received.html", {"original": original})


# GET /mail/received/<mail_id>/file/
@access(signed_in, on=own_original_of)
@require_safe
@csp_override({"default-src": [CSP.NONE], "sandbox": []})
def received_file(request: HttpRequest, original: Original) -> HttpResponse:
    """Answer with the whole mail as it came in, to be kept as a file and never shown as a page."""
    return HttpResponse(
        original.raw,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="mail-{original.mail.pk}.eml"'},
    )
