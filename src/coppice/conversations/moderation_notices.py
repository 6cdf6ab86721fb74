"""The mails of moderation: to whoever wrote a post, and to whoever decides about it."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community
from coppice.conversations.decision_words import Words
from coppice.conversations.models import Post
from coppice.conversations.notices import Reader
from coppice.conversations.peace_models import TalkStop
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


MEANS_OF_WORDS = {
    HIDDEN: _(
        "It belongs to a decision. The others see the reason in its place; what you chose counts as before. "
        "If you see it differently, write to whoever leads: they can show it again."
    ),
    PUT_BACK: _("It belongs to a decision. Everybody in the community can read it again."),
    APPROVED: _("It is your reason in a decision. Everybody in the community can read it."),
    ANSWERED: _(
        "It is your reason in a decision. Nobody else has seen it; what you chose counts all the same."
    ),
}


def to_author(post: Post, *, what: str, to: Reader, period: str) -> Message | None:
    """Tell whoever wrote a post what became of it (`what`, one of SAYS), with the reason that was given."""
    words = {"why": post.hidden_reason, "means": MEANS[what], "title": post.thread.title}
    way = {"do_path": post.get_absolute_url(), "do_label": _("See what you wrote")}
    return _moderated(
        post.community,
        {"says": SAYS[what], **words, **way},
        to=to,
        occasion=f"post-{what}:{post.pk}",
        period=period,
        about=post.author,
        thread=f"moderated-{post.pk}",
    )


def to_writer(words: Words, *, what: str, why: str, to: Reader, period: str) -> Message | None:
    """Tell whoever wrote words of a decision what became of them, as `to_author` tells of a post."""
    decision = words.decision
    told = {"why": why, "means": MEANS_OF_WORDS[what], "title": str(decision.thread)}
    way = {"do_path": decision.get_absolute_url(), "do_label": _("See the decision")}
    return _moderated(
        words.community,
        {"says": SAYS[what], **told, **way},
        to=to,
        occasion=f"words-{what}:{words.key}",
        period=period,
        about=to.person,
        thread=f"moderated-decision-{decision.pk}",
    )


def _moderated(
    community: Community,
    context: dict[str, Any],
    *,
    to: Reader,
    occasion: str,
    period: str,
    about: Any,
    thread: str,
) -> Message | None:
    name = community.name
    return send(
        recipient=to.person,
        to_address=to.address,
        occasion=occasion,
        period=period,
        about=about,
        template="conversations/email/moderated",
        context={
            **context,
            "community": community,
            "says": format_lazy(context["says"], community=name),
            "reason": format_lazy(_("You get this because you wrote in {name}."), name=name),
        },
        scope=community.program.scope,
        sender_name=name,
        thread=thread,
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


def stopped(stop: TalkStop, *, to: Reader) -> Message | None:
    """Tell somebody kindly that they only read for a while, until when, and why."""
    return _about_stop(
        stop,
        to=to,
        occasion="stopped",
        says=_("For a while you only read in {community}"),
        why=stop.reason,
        means=_(
            "Until {day} you can read everything, come to meetings, take back what you wrote, and write to "
            "whoever leads; you cannot write in conversations or answer decisions. After that you write as "
            "before, and nothing else has changed. If you see it differently, speak with whoever leads."
        ),
    )


def lifted(stop: TalkStop, *, to: Reader) -> Message | None:
    """Tell somebody that they can write again."""
    return _about_stop(
        stop,
        to=to,
        occasion="lifted",
        says=_("You can write in {community} again"),
        why="",
        means=_("Whoever leads lets you write in conversations again, from now on."),
    )


def _about_stop(stop: TalkStop, *, to: Reader, occasion: str, says: Any, why: str, means: Any) -> Any:
    community = stop.community
    # The day is written in the language of the reader when the mail is.
    day = lazy(lambda: date_format(stop.until.astimezone(community.zone).date()), str)()
    return send(
        recipient=to.person,
        to_address=to.address,
        occasion=f"talk-{occasion}:{stop.pk}",
        period=f"{stop.at.timestamp():.6f}",
        about=to.person,
        template="conversations/email/moderated",
        context={
            "community": community,
            "says": format_lazy(says, community=community.name),
            "why": why,
            "means": format_lazy(means, day=day),
            "do_path": reverse("conversations:threads", args=[community.pk]),
            "do_label": _("Read what is talked about"),
            "reason": format_lazy(_("You get this because you are in {name}."), name=community.name),
        },
        scope=community.program.scope,
        sender_name=community.name,
        thread=f"stop-{stop.pk}",
        language=to.language,
        time_zone=to.time_zone,
    )
