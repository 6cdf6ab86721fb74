"""Calendar feeds: a person's own page of them, and what their calendar program gets."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.accounts import feed_actions
from coppice.accounts.feed_answers import feed_answer
from coppice.accounts.permissions import owns_feed
from coppice.communities.models import Community
from coppice.communities.permissions import can_take_part
from coppice.communities.queries import community_of
from coppice.lib.access import access, anyone, signed_in
from coppice.meetings import calendar_files
from coppice.meetings.actions import feeds as actions
from coppice.meetings.feeds import feed_behind, feed_of, feeds_of, of_late, subjects_of, text_of
from coppice.meetings.forms import FeedForm
from coppice.meetings.models import CalendarFeed, Meeting

CALENDAR = "text/calendar; charset=utf-8"


# GET, POST /calendar/feeds/
@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """The addresses that one's calendar programs read, and a form to make another."""
    subjects = subjects_of(request.user)
    form = FeedForm(request.POST if request.method == "POST" else None, subjects=subjects)
    if request.method == "POST" and form.is_valid():
        subject = form.subject
        actions.make(
            by=request.user,
            community=subject.community,
            program=subject.program,
            shows_links=form.cleaned_data["shows_links"],
        )
        messages.success(request, _("Made. Now give its address to your calendar."))
        return redirect("meetings:feeds")
    context = {"lines": feeds_of(request.user), "form": form, "may_make": bool(subjects)}
    return render(request, "meetings/feeds.html", context, status=422 if form.errors else 200)


# POST /calendar-feeds/<id>/renewal/
@access(owns_feed, on=feed_of)
@require_POST
def renewal(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    """Give a feed a new address."""
    feed_actions.renew(feed, by=request.user)
    messages.success(request, _("This feed has a new address, and the old one has stopped."))
    return redirect("meetings:feeds")


# POST /calendar-feeds/<id>/revocation/
@access(owns_feed, on=feed_of)
@require_POST
def revocation(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    """Stop a feed."""
    feed_actions.revoke(feed, by=request.user)
    messages.success(request, _("Revoked. Nobody reads anything at its address any more."))
    return redirect("meetings:feeds")


# GET /calendars/<token>.ics
@access(anyone, on=feed_behind, signed_out=True)
@require_safe
def feed(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    """What a calendar program reads, which asks again and again and mostly gets told that nothing changed."""
    write = partial(text_of, feed)
    return feed_answer(request, feed, write, content_type=CALENDAR, filename="coppice.ics")


# GET /communities/<id>/meetings.ics
@access(can_take_part, on=community_of)
@require_safe
def community_file(request: HttpRequest, community: Community) -> HttpResponse:
    """The meetings of a community as they stand now, to bring into a calendar once."""
    meetings = of_late(Meeting.objects.of(community))
    return HttpResponse(
        calendar_files.feed(meetings, name=community.name),
        content_type=CALENDAR,
        headers={"Content-Disposition": 'attachment; filename="meetings.ics"', "Cache-Control": "no-store"},
    )
