"""What feeds tell of conversations: new ones, or every post."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.communities import news
from coppice.communities.models import Community
from coppice.conversations.distance import is_from_afar
from coppice.conversations.models import Post
from coppice.conversations.reading_models import ThreadReading
from coppice.lib.markdown import to_html
from coppice.programs.models import Enrollment

KIND = "post"


def register() -> None:
    """Let feeds tell of conversations; called from AppConfig.ready()."""
    begun = news.Stream("threads", gettext_lazy("New conversations"), 10, conversations, is_part=False)
    news.register(begun)
    news.register(news.Stream("posts", gettext_lazy("Conversations, with every answer"), 20, posts))


def conversations(reader: Any, circles: Sequence[Community], place: news.Place, most: int) -> list[news.Told]:
    """Return how conversations began, the newest first; in two queries."""
    opening = Post.objects.filter(thread=OuterRef("thread")).in_order().values("pk")
    return _told(_readable(reader, circles).filter(pk=Subquery(opening[:1])), circles, place, most)


def posts(reader: Any, circles: Sequence[Community], place: news.Place, most: int) -> list[news.Told]:
    """Return posts, the newest first; in two queries."""
    return _told(_readable(reader, circles), circles, place, most)


def _readable(reader: Any, circles: Sequence[Community]) -> QuerySet[Post]:
    """Posts whose words members can read: none that is hidden, taken back, or of somebody erased.

    As with mail, none of somebody of whom the reader wants to hear less, nor of a conversation that they
    muted.
    """
    quiet = ThreadReading.objects.filter(thread=OuterRef("thread"), person=reader, muted_at__isnull=False)
    posts = Post.objects.visible().exclude(markdown="").filter(community__in=[each.pk for each in circles])
    return posts.filter(~is_from_afar(reader), ~Exists(quiet))


def _told(
    rows: QuerySet[Post], circles: Sequence[Community], place: news.Place, most: int
) -> list[news.Told]:
    # The newest are found by their ids alone: sorting a year's words to show thirty takes long.
    newest = rows.filter(place.after("written_at", kind=KIND)).order_by("-written_at", "-pk")
    ids = list(newest.values_list("pk", flat=True)[:most])
    by_id = {each.pk: each for each in circles}
    opening = Post.objects.filter(thread=OuterRef("thread")).in_order().values("pk")
    kept: Any = (
        Post.objects.filter(pk__in=ids).named().select_related("thread").order_by("-written_at", "-pk")
    )
    return [
        news.Told(
            kind=KIND,
            pk=post.pk,
            at=post.written_at,
            since=post.written_at,
            updated=post.edited_at or post.written_at,
            title=_title(post),
            path=post.get_absolute_url(),
            author=post.called or str(Enrollment()),
            community=by_id[post.community_id],
            html=to_html(post.markdown, base_url=settings.BASE_URL),
        )
        for post in kept.annotate(opening=Subquery(opening[:1])).order_by("-written_at", "-pk")
    ]


def _title(post: Any) -> str:
    return str(post.thread) if post.pk == post.opening else _("Re: %(title)s") % {"title": post.thread}
