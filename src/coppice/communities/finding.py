"""What search knows of communities: who may find what is theirs, and the communities themselves."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import KNOWN_TO_MEMBERS, Community, Membership
from coppice.lib.paths import path
from coppice.programs.finding import roster_of, rosters_of, staff_of
from coppice.search import readers, sources
from coppice.search.models import Document

ON_ROSTER = "on roster"


def register() -> None:
    """Let communities be found; called from AppConfig.ready()."""
    readers.register(keys_of)
    readers.register_names(names_of)
    sources.register(
        sources.Source(
            kind="community",
            label=_("Communities"),
            documents=documents,
            everything=Community.objects.all,
            visible_to=Community.objects.visible_to,
            icon="people",
            position=20,
            follows={Community: "pk"},
        )
    )


def members_of(community_id: int) -> str:
    """The key of whoever takes part in a community, active or pausing."""
    return f"community:{community_id}"


def invited_to(community_id: int) -> str:
    """The key of whoever is invited to a community and has not answered."""
    return f"invited:{community_id}"


def circles_of(provider_id: int) -> str:
    """The key of whoever takes part in a community of a provider, active or pausing."""
    return f"circles:{provider_id}"


def keys_of(person: Any) -> Iterator[str]:
    """Yield the keys that a person's places in communities and on rosters give them now, in one query."""
    here = Membership.objects.filter(person=person, state__in=KNOWN_TO_MEMBERS)
    places = here.values_list("community", "state", "community__program__provider")
    rosters = rosters_of(person).order_by().values_list("program", Value(ON_ROSTER), "program__provider")
    for pk, state, provider in places.union(rosters):
        key = {ON_ROSTER: roster_of, Membership.State.INVITED: invited_to}.get(state, members_of)
        yield key(pk)
        if key is members_of:
            yield circles_of(provider)


def names_of(person: Any, community_ids: Sequence[int]) -> dict[int, str]:
    """Return what these communities are called, of those that the person may know of."""
    seen = Community.objects.visible_to(person).filter(pk__in=community_ids)
    return dict(seen.values_list("pk", "name"))


def documents(community_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these communities, for who is in or invited, and the program's staff."""
    rows = Community.objects.filter(pk__in=community_ids).select_related("program", "topic")
    for community in rows:
        topic = community.topic.name if community.topic else ""
        yield Document(
            kind="community",
            object_id=community.pk,
            audience=[
                members_of(community.pk),
                invited_to(community.pk),
                staff_of(community.program.provider_id),
            ],
            title=community.name,
            words="\n".join(filter(None, [community.purpose, community.asked, topic])),
            language=community.program.language,
            path=path("home:now", community.pk),
            at=community.created_at,
            community_id=community.pk,
        )
