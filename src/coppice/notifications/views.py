"""Leaving a mailing list from a mail, choosing what we send, and the outbox of the demo."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access, anyone, signed_in
from coppice.notifications import actions, queries
from coppice.notifications.forms import Wish, WishForm, end_of_pause
from coppice.notifications.inbound import webhooks
from coppice.notifications.inbound.originals import Original, original_of, own_original_of
from coppice.notifications.mail import sender
from coppice.notifications.models import Message, MessageQuerySet
from coppice.notifications.queries import MailList, Subscriber
from coppice.notifications.standings import standing

ONE_CLICK = ("List-Unsubscribe", "One-Click")


# GET, POST /mail/unsubscribe/<token>/
@access(anyone, on=queries.subscriber_of, signed_out=True)
@csrf_exempt  # the mail program that posts here holds the signed token and nothing else (RFC 8058, 3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    if request.method != "POST":
        context = {
            "subscriber": subscriber,
            "standing": standing(subscriber.person.pk, subscriber.list_key),
        }
        return render(request, "notifications/unsubscribe.html", context)
    wish = Wish.PAUSE if request.POST.get("wish") == Wish.PAUSE else Wish.OFF
    mute = actions.mute(subscriber.person, list_key=subscriber.list_key, until=end_of_pause(wish))
    if request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return HttpResponse(_("Done: no more mail from this list."), content_type="text/plain; charset=utf-8")
    return render(request, "notifications/unsubscribed.html", {"subscriber": subscriber, "mute": mute})


# POST /mail/subscription/<token>/
@access(anyone, on=queries.subscriber_of, signed_out=True)
@require_POST
def subscription(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    actions.unmute(subscriber.person, list_key=subscriber.list_key)
    return render(request, "notifications/subscribed.html", {"subscriber": subscriber})


# GET /me/mail/
@access(signed_in)
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    lists = queries.lists_of(request.user)
    return render(request, "notifications/preferences.html", {"lists": lists, "wishes": Wish})


# POST /me/mail/<list_key>/
@access(signed_in, on=queries.list_of)
@require_POST
def preference(request: HttpRequest, mail_list: MailList) -> HttpResponse:
    form = WishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the three, then save."))
        return redirect("notifications:preferences")
    wish = form.cleaned_data["wish"]
    if wish == Wish.ON:
        actions.unmute(request.user, list_key=mail_list.key)
        messages.success(request, _("Saved: you get mail from %(name)s.") % {"name": mail_list.name})
    elif wish == Wish.PAUSE:
        actions.mute(request.user, list_key=mail_list.key, until=end_of_pause(wish))
        messages.success(request, _("Saved: no mail from %(name)s for 30 days.") % {"name": mail_list.name})
    else:
        actions.mute(request.user, list_key=mail_list.key)
        messages.success(request, _("Saved: no more mail from %(name)s.") % {"name": mail_list.name})
    return redirect("notifications:preferences")


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
@require_POST
def webhook(request: HttpRequest, reader: webhooks.Webhook) -> HttpResponse:
    webhooks.take_all(request, reader)
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
