"""Feeds of what is new: a person's own page of them, and what their feed reader gets."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.accounts import feed_actions
from coppice.accounts.feed_answers import feed_answer
from coppice.accounts.permissions import owns_feed
from coppice.communities.news import feed_behind, feed_of, lines_of, subjects_of, text_of
from coppice.communities.news_forms import NewsFeedForm
from coppice.communities.news_models import NewsFeed
from coppice.lib import atom
from coppice.lib.access import access, anyone, signed_in


# GET, POST /me/feeds/
@access(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def news_feeds(request: HttpRequest) -> HttpResponse:
    """The addresses that one's feed readers read, and a form to make another."""
    typed = request.POST if request.method == "POST" else None
    form = NewsFeedForm(typed, subjects=subjects_of(request.user))
    if request.method == "POST" and form.is_valid():
        community, stream = form.subject.community, form.chosen
        feed_actions.make(NewsFeed, by=request.user, community=community, stream=stream)
        messages.success(request, _("Made. Now give its address to your feed reader."))
        return redirect("communities:news_feeds")
    context = {"lines": lines_of(request.user), "form": form}
    return render(request, "communities/news_feeds.html", context, status=422 if form.errors else 200)


# POST /feeds/<id>/renewal/
@access(owns_feed, on=feed_of)
@require_POST
def renewal(request: HttpRequest, feed: NewsFeed) -> HttpResponse:
    """Give a feed a new address."""
    feed_actions.renew(feed, by=request.user)
    messages.success(request, _("This feed has a new address, and the old one has stopped."))
    return redirect("communities:news_feeds")


# POST /feeds/<id>/revocation/
@access(owns_feed, on=feed_of)
@require_POST
def revocation(request: HttpRequest, feed: NewsFeed) -> HttpResponse:
    """Stop a feed."""
    feed_actions.revoke(feed, by=request.user)
    messages.success(request, _("Revoked. Nobody reads anything at its address any more."))
    return redirect("communities:news_feeds")


# GET /feeds/<token>.atom?after=…
@access(anyone, on=feed_behind, signed_out=True)
@require_safe
def news_feed(request: HttpRequest, feed: NewsFeed) -> HttpResponse:
    """What a feed reader reads, which asks again and again and mostly gets told that nothing changed."""
    after = request.GET.get("after", "")
    return feed_answer(
        request,
        feed,
        partial(text_of, feed, after=after),
        content_type=atom.CONTENT_TYPE,
        filename="coppice.atom",
        is_whole=not after,
    )
