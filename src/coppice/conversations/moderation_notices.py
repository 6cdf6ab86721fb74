"""The mails of moderation: to whoever wrote a post, and to whoever decides about it."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.conversations.models import Post
from coppice.conversations.notices import Reader
from coppice.notifications.actions import send
from coppice.notifications.models import Message

HIDDEN, PUT_BACK, WAITS, APPROVED, ANSWERED = "hidden", "put_back", "waits", "approved", "answered"

SAYS = {
    HIDDEN: _("What you wrote in {community} was hidden"),
    PUT_BACK: _("What you wrote in {community} is shown again"),
    WAITS: _("What you wrote in {community} waits for a short look"),
    APPROVED: _("What you wrote in {community} is posted"),
    ANSWERED: _("What you wrote in {community} was not posted"),
}

MEANS = {
    HIDDEN: _(
        "The others see the reason in its place. You still see what you wrote, and can take it back or write "
        "it anew in other words. If you see it differently, write to whoever leads: they can show it again."
    ),
    PUT_BACK: _("Everybody in the community can read it again."),
    WAITS: _(
        "Whoever leads reads the first post of everybody new before the others get it. You need do nothing: "
        "you hear from us once it is posted. What you write later is posted at once."
    ),
    APPROVED: _("Everybody in the community can read it. What you write from now on is posted at once."),
    ANSWERED: _("Nobody else has seen it. You can take it back, or write anew with this answer in mind."),
}


def to_author(post: Post, *, what: str, to: Reader, period: str) -> Message | None:
    """Tell whoever wrote a post what became of it (`what`, one of SAYS), with the reason that was given."""
    community = post.community
    return send(
        recipient=to.person,
        to_address=to.address,
        occasion=f"post-{what}:{post.pk}",
        period=period,
        about=post.author,
        template="conversations/email/moderated",
        context={
            "community": community,
            "says": format_lazy(SAYS[what], community=community.name),
            "why": post.hidden_reason,
            "means": MEANS[what],
            "title": post.thread.title,
            "do_path": post.get_absolute_url(),
            "do_label": _("See what you wrote"),
            "reason": format_lazy(_("You get this because you wrote in {name}."), name=community.name),
        },
        scope=community.program.scope,
        sender_name=community.name,
        thread=f"moderated-{post.pk}",
        language=to.language,
        time_zone=to.time_zone,
    )


def to_decide(community: Community, *, to: Reader, occasion: str, period: str) -> Message | None:
    """Tell somebody who decides that posts wait; no words of a post are in it."""
    return send(
        recipient=to.person,
        to_address=to.address,
        occasion=occasion,
        period=period,
        template="conversations/email/to_decide",
        context={
            "community": community,
            "do_path": reverse("conversations:queue", args=[community.pk]),
            "do_label": _("See and decide"),
            "reason": format_lazy(
                _("You get this because you decide about posts in {name}."), name=community.name
            ),
        },
        scope=community.program.scope,
        sender_name=community.name,
        thread=f"to-decide-{community.pk}",
        language=to.language,
        time_zone=to.time_zone,
    )
