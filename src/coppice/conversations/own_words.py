"""What a member wrote elsewhere, as the addresses that are theirs tell it; offered to them, never assumed."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.conversations.archive_writers import digest_of
from coppice.conversations.import_models import Brought, Writer
from coppice.conversations.models import Post, PostQuerySet


def offered_to(person: Any, community: Community) -> QuerySet[Writer]:
    """Return the writers of a community's archives who have an address of this member, and are nobody yet.

    A name alone says nothing. Whoever said that it is not them is not asked again.
    """
    rows = Membership.objects.taking_part().filter(community=community, person=person.pk)
    addresses = [
        row for rows in rows.values_list("enrollment__email", "person__email") for row in rows if row
    ]
    return Writer.objects.filter(
        Exists(Brought.objects.filter(writer=OuterRef("pk"))),
        community=community,
        person=None,
        declined_at=None,
        has_address=True,
        digest__in={digest_of(address) for address in addresses},
    )


def posts_of(writers: QuerySet[Writer]) -> PostQuerySet:
    """Return the posts of writers that are nobody's yet, the latest first."""
    posts: PostQuerySet = Post.objects.filter(brought__writer__in=writers.values("pk"), author=None)
    return posts.order_by("-written_at", "-pk")


def count_for(person: Any, community: Community) -> int:
    """Return how many posts are offered to a person; two queries."""
    return posts_of(offered_to(person, community)).count()


def first_look(membership: Membership) -> list[NextStep]:
    """Bring a new member who can sign in to what they wrote elsewhere (communities.next_steps)."""
    if not membership.person.email:
        return []
    count = count_for(membership.person, membership.community)
    if not count:
        return []
    sentence = ngettext(
        "%(count)s post in the archives here was written with your address.",
        "%(count)s posts in the archives here were written with your address.",
        count,
    )
    return [
        NextStep(
            sentence=sentence % {"count": count},
            url=reverse("conversations:own_words", args=[membership.community_id]),
            label=_("Look at them, and say whether they are yours"),
            is_later=True,
        )
    ]
