"""What a member wrote elsewhere before they were here: looked at, and called theirs or not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coppice.communities.models import Community
from coppice.conversations import queries
from coppice.conversations.actions import own_words as actions
from coppice.conversations.own_words import offered_to, posts_of
from coppice.conversations.permissions import can_talk_in
from coppice.lib.access import access

SHOWN = 10


# GET, POST /communities/<id>/talk/own-words/
@access(can_talk_in, on=queries.talk_of)
@require_http_methods(["GET", "HEAD", "POST"])
def own_words(request: HttpRequest, community: Community) -> HttpResponse:
    """Posts of archives with an address of one's own: they become one's own only by saying so."""
    said = request.POST.get("are", "") if request.method == "POST" else ""
    if said == "mine":
        count = actions.claim(community, by=request.user)
        words = ngettext("%(count)s post is yours now.", "%(count)s posts are yours now.", count)
        messages.success(request, words % {"count": count})
        return redirect("conversations:threads", community.pk)
    if said == "not-mine":
        actions.decline(community, by=request.user)
        messages.success(request, _("They stay under the name they have. You are not asked again."))
        return redirect("conversations:threads", community.pk)
    if request.method == "POST":
        messages.error(request, _("Say whether they are yours: one of the two buttons."))
        return redirect("conversations:own_words", community.pk)
    writers = offered_to(request.user, community)
    posts = posts_of(writers)
    context = {
        "community": community,
        "tab": "talk",
        "names": sorted({writer.name for writer in writers if writer.name}),
        "count": posts.count(),
        "posts": list(posts.visible().select_related("thread")[:SHOWN]),
    }
    return render(request, "conversations/own_words.html", context)
