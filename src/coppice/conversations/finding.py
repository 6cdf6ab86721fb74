"""What search knows of conversations: each post by its own words, under the title of its conversation."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from coppice.accounts.signals import person_erased
from coppice.communities.finding import members_of
from coppice.conversations.models import Attachment, Post, Thread
from coppice.lib.markdown import to_words
from coppice.programs.finding import staff_of
from coppice.search import actions, sources
from coppice.search.models import Document

KIND = "post"


def register() -> None:
    """Let posts be found; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind=KIND,
            label=_("Conversations"),
            documents=documents,
            everything=Post.objects.all,
            visible_to=lambda person: Post.objects.visible_to(person).visible(),
            icon="talk",
            position=30,
            follows={Post: "pk", Attachment: "post_id"},
        )
    )
    person_erased.connect(_forget_titles, dispatch_uid="conversations.forget_titles")


def documents(post_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these posts by members and staff; nothing of hidden and erased ones."""
    posts = (
        Post.objects.visible()
        .filter(pk__in=post_ids)
        .exclude(markdown="")
        .select_related("thread", "community__program")
        .prefetch_related("attachments__picture")
    )
    for post in posts:
        files = [
            each.picture.alt if hasattr(each, "picture") else each.name for each in post.attachments.all()
        ]
        yield Document(
            kind=KIND,
            object_id=post.pk,
            audience=[members_of(post.community_id), staff_of(post.community.program.provider_id)],
            title=str(post.thread),
            words="\n".join(filter(None, [to_words(post.markdown), *files])),
            language=post.community.program.language,
            path=post.get_absolute_url(),
            at=post.written_at,
            community_id=post.community_id,
            about_id=post.author_id,
        )


def changed(*posts: Post) -> None:
    """Have posts read anew that an action changed by `update()`; inside its transaction."""
    actions.mark(KIND, *(post.pk for post in posts))


def retitled(thread: Thread) -> None:
    """Have every post of a thread read anew, because its title is another."""
    actions.mark(KIND, *thread.posts.values_list("pk", flat=True))


def _forget_titles(*, person: Any, **_sent: Any) -> None:
    """Whoever is erased takes the titles of the conversations that they began along."""
    posts = Post.objects.filter(thread__started_by=person)
    actions.mark(KIND, *posts.values_list("pk", flat=True))
