"""What a conversation gives to somebody who keeps it as a practice, and from which ones that can be begun."""

from typing import Any

from coppice.communities import practice_ways
from coppice.communities.models import Community, Membership
from coppice.communities.practice_ways import Told
from coppice.conversations.circle import STAFF, Circle
from coppice.conversations.models import Post, Thread
from coppice.lib.lines import one_line


def keep_url(thread: Thread, circle: Circle, person_id: int | None) -> str:
    """Return where a member keeps a story, or what was answered or helped, up to the thing; else ""."""
    if not thread.is_settled and thread.kind != Thread.Kind.STORY:
        return ""
    someone = circle.people.get(person_id or 0)
    if someone is None or someone.role == STAFF or someone.state != Membership.State.ACTIVE:
        return ""
    return practice_ways.keep_url(thread.community, is_leader=circle.is_leader(person_id))


def of_thread(person: Any, community: Community, thread_id: int) -> Told | None:
    """Tell what began a conversation of a community; who takes part in that reads it."""
    posts = Post.objects.visible().filter(thread=thread_id, thread__community=community)
    return _told(posts.select_related("thread").in_order().first())


def of_post(person: Any, community: Community, post_id: int) -> Told | None:
    """Tell one post of a conversation of a community."""
    posts = Post.objects.visible().filter(pk=post_id, thread__community=community)
    return _told(posts.select_related("thread").first())


def _told(post: Post | None) -> Told | None:
    if post is None:
        return None
    thread = post.thread
    return Told(
        title=one_line(str(thread)),
        words=post.markdown,
        label=str(thread),
        url=thread.get_absolute_url(),
        origin=f"thread:{thread.pk}",
    )
