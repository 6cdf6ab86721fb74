"""The mail that a post is: to members, to whom it names, and to whom an ask is brought."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.conversations.models import Post, Thread
from coppice.lib.markdown import to_html, to_words
from coppice.notifications.actions import Letter
from coppice.notifications.lines import DigestLine
from coppice.notifications.models import Line

SUBJECTS = {
    Thread.Kind.QUESTION: _("{name} asks a question"),
    Thread.Kind.ASK: _("{name} asks for help"),
    Thread.Kind.OFFER: _("{name} offers something"),
    Thread.Kind.RESOURCE: _("{name} shares something useful"),
    Thread.Kind.DECISION: _("{name} brings something to decide"),
    Thread.Kind.UPDATE: _("{name} tells what is new"),
    Thread.Kind.STORY: _("{name} tells a story"),
}


@dataclass(frozen=True)
class Reader:
    """Somebody whom a post is mailed to; `is_named` in it, or offering `offered`, what an ask is about."""

    person: Any
    address: str
    language: str
    time_zone: str
    is_named: bool = False
    offered: str = ""

    @property
    def needs_answer(self) -> bool:
        """Whether the post is for them in particular."""
        return self.is_named or bool(self.offered)


def occasion(post: Post) -> str:
    """What the outbox calls the mail of a post: one a person."""
    return f"post:{post.pk}"


@dataclass(frozen=True)
class Content:
    """What the mail of a post has in common for all its readers.

    `author` and `quoted_author` are names as the community's program knows them.
    """

    post: Post
    author: str
    quoted_author: str
    files: int

    @cached_property
    def html(self) -> SafeString:
        return to_html(self.post.markdown, base_url=settings.BASE_URL)

    @cached_property
    def words(self) -> str:
        return to_words(self.post.markdown)


def letter(content: Content, *, to: Reader) -> Letter:
    """Return the mail of a post to one reader, which may wait for a digest; asks no database."""
    post, author = content.post, content.author
    thread, community = post.thread, post.community
    return {
        "template": "conversations/email/post",
        "context": {
            "post": post,
            "thread": thread,
            "community": community,
            "author": author,
            "quoted_author": content.quoted_author,
            "quotation": "\n".join(f"> {line}" for line in post.quoted_text.splitlines()),
            "files": content.files,
            "is_first": post.is_first,  # type: ignore[attr-defined]
            "says": _says(post, author),
            "is_named": to.is_named,
            "offered": to.offered,
            "html": content.html,
            "do_path": post.get_absolute_url(),
            "do_label": _("Read it, and answer"),
            "reason": _reason(to, author, community.name),
        },
        "about": post.author,
        "scope": community.program.scope,
        "list_key": community.list_key,
        "list_name": community.name,
        "sender_name": str(format_lazy(_("{name} via {community}"), name=author, community=community.name)),
        "thread": f"thread-{thread.pk}",
        "reply_to": f"thread:{thread.pk}",
        "digest": DigestLine(
            section=_section(post, to),
            title=str(thread),
            words=format_lazy("{name}: {words}", name=author, words=content.words),
            path=post.get_absolute_url(),
            object_key=f"thread:{thread.pk}",
            kind="post",
        ),
        "to_address": to.address,
        "language": to.language,
        "time_zone": to.time_zone,
    }


def _section(post: Post, to: Reader) -> Line.Section:
    """Where a digest tells of it: what needs the reader's answer first."""
    if to.needs_answer:
        return Line.Section.ANSWER
    return Line.Section.DECISIONS if post.thread.kind == Thread.Kind.DECISION else Line.Section.OTHER


def _says(post: Post, author: str) -> "str | Promise":
    if not post.is_first:  # type: ignore[attr-defined]
        return format_lazy(_("{name} wrote in “{title}”"), name=author, title=post.thread.title)
    return format_lazy(SUBJECTS[Thread.Kind(post.thread.kind)], name=author)


def _reason(to: Reader, author: str, community: str) -> "str | Promise":
    if to.offered:
        return format_lazy(
            _("You get this because you offer help with {topic}. At most three such mails a month."),
            topic=to.offered,
        )
    if to.is_named:
        return format_lazy(_("You get this because {name} names you in it."), name=author)
    return format_lazy(_("You get this because you are in {name}."), name=community)
