"""One's own busy times from one's own calendar: signed in, or from the link of a question when to meet."""

from datetime import tzinfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coppice.accounts.models import Person
from coppice.communities.models import Membership
from coppice.history.middleware import without_receipt
from coppice.lib.access import access, signed_in
from coppice.lib.errors import DomainError
from coppice.meetings.actions import busy as actions
from coppice.meetings.busy_forms import BusyForm
from coppice.meetings.links import times_of, times_path
from coppice.meetings.models import BusyTime, TimePoll
from coppice.meetings.views.links import by_link


# GET, POST /calendar/busy/
@without_receipt  # bringing it twice is bringing it once, and nobody who writes waits until it is read
@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def busy(request: HttpRequest) -> HttpResponse:
    """What is kept of one's own calendar, and bringing it anew."""
    person: Person = request.user  # type: ignore[assignment]
    here, back = reverse("meetings:busy"), reverse("meetings:calendar")
    zone = timezone.get_current_timezone()
    return _page(request, person, template="meetings/busy.html", zone=zone, here=here, back=back)


# POST /calendar/busy/removal/
@access(signed_in)
@require_POST
def busy_removal(request: HttpRequest) -> HttpResponse:
    """Delete it all at once."""
    actions.throw_away(request.user)
    messages.success(request, _("Nothing of your calendar is kept any more."))
    return redirect("meetings:busy")


# GET, POST /meeting-times/<token>/busy/
@without_receipt
@by_link(times_of)
@require_http_methods(["GET", "HEAD", "POST"])
def times_busy(request: HttpRequest, poll: TimePoll, membership: Membership) -> HttpResponse:
    """The same for whoever holds the link, without an account."""
    back = times_path(poll, membership)
    return _page(
        request,
        membership.person,
        template="meetings/times_busy.html",
        zone=membership.zone,
        here=f"{back}busy/",
        back=back,
        address=membership.mail_address,
    )


# POST /meeting-times/<token>/busy/removal/
@by_link(times_of)
@require_POST
def times_busy_removal(request: HttpRequest, poll: TimePoll, membership: Membership) -> HttpResponse:
    """Delete it all at once, from the link."""
    actions.throw_away(membership.person)
    messages.success(request, _("Nothing of your calendar is kept any more."))
    return redirect(f"{times_path(poll, membership)}busy/")


def _page(
    request: HttpRequest,
    person: Person,
    *,
    template: str,
    zone: tzinfo,
    here: str,
    back: str,
    address: str = "",
) -> HttpResponse:
    form = BusyForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            read = actions.bring(person, form.content, zone=zone, address=address, now=timezone.now())
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _said(len(read.times)))
            if read.left_out:
                messages.warning(request, _left_out(read.left_out))
            return redirect(here)
    kept = BusyTime.objects.filter(person=person, ends_at__gt=timezone.now())
    context = {
        "form": form,
        "kept": kept.count(),
        "last": kept.order_by("-ends_at").first(),
        "zone": zone,
        "here_url": here,
        "back_url": back,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _said(count: int) -> str:
    return ngettext(
        "Kept: %(count)d time at which you are busy, and nothing else of your calendar.",
        "Kept: %(count)d times at which you are busy, and nothing else of your calendar.",
        count,
    ) % {"count": count}


def _left_out(count: int) -> str:
    return ngettext(
        "%(count)d event could not be read, so that you count as free then.",
        "%(count)d events could not be read, so that you count as free then.",
        count,
    ) % {"count": count}
