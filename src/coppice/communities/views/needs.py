"""What the people of a community need and offer, for its members and for those who run its program."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_take_part, is_staff_for
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.profiles import week
from coppice.profiles.board import IN_COMMUNITY, Reach, reach_of_community, reach_of_staff
from coppice.profiles.board_pages import board_context, board_file, topic_context
from coppice.profiles.languages import in_words
from coppice.profiles.models import Audience
from coppice.profiles.own import shared_profile


@dataclass(frozen=True)
class TopicOfCommunity:
    """A topic's page of a community's board."""

    community: Community
    topic_id: int


# GET /communities/<id>/needs/
@access(can_take_part, on=community_of)
@require_safe
def needs(request: HttpRequest, community: Community) -> HttpResponse:
    """The board: topics as rows, with who needs each and who can help."""

    def path_of(topic_id: int) -> str:
        return reverse("communities:needs_topic", args=[community.pk, topic_id])

    reach, told = _reach(request, community)
    own = community.memberships.filter(person=request.user.pk).first()
    context = {**told, **board_context(reach, request.GET, topic_path=path_of), "own": own}
    return render(request, "communities/needs.html", context)


def topic_of(person: Any, *, community_id: int, topic_id: int) -> TopicOfCommunity:
    """Return a topic's page of a community that the person may know of; raises Http404 otherwise."""
    return TopicOfCommunity(community_of(person, community_id=community_id), topic_id)


def can_read_topic(person: Any, place: TopicOfCommunity) -> bool:
    """Say whether this person may read one topic of the board: whoever may read the board."""
    return can_take_part(person, place.community)


# GET /communities/<id>/needs/<topic>/
@access(can_read_topic, on=topic_of)
@require_safe
def topic(request: HttpRequest, place: TopicOfCommunity) -> HttpResponse:
    """One topic, with everybody in this community who needs it or can help."""
    reach, told = _reach(request, place.community)
    context = {**told, **topic_context(reach, place.topic_id, request.GET)}
    return render(request, "communities/needs_topic.html", context)


# GET /communities/<id>/needs.csv
@access(can_take_part, on=community_of)
@require_safe
def needs_file(request: HttpRequest, community: Community) -> HttpResponse:
    """The board as a table to take away."""
    reach, _told = _reach(request, community)
    return board_file(reach)


@dataclass(frozen=True)
class PersonOfCommunity:
    """Somebody of a community as the others see them."""

    community: Community
    membership: Membership


def person_of(person: Any, *, community_id: int, membership_id: int) -> PersonOfCommunity:
    """Return somebody who is in a community or invited to it; raises Http404 otherwise."""
    community = community_of(person, community_id=community_id)
    people = Membership.objects.filter(community=community).known_to_members()
    rows = people.select_related("enrollment__program", "person").prefetch_related(
        "enrollment__organizations"
    )
    membership = get_object_or_404(rows, pk=membership_id)
    membership.community = community
    return PersonOfCommunity(community, membership)


def can_read_person(person: Any, place: PersonOfCommunity) -> bool:
    """Say whether this person may read what a member shares: whoever takes part, and the staff."""
    return can_take_part(person, place.community)


# GET /communities/<id>/people/<membership>/
@access(can_read_person, on=person_of)
@require_safe
def profile(request: HttpRequest, place: PersonOfCommunity) -> HttpResponse:
    """What one member shares with the others: needs, offers, an object, languages and free hours."""
    is_staff = is_staff_for(request.user, place.community)
    enrollment = place.membership.enrollment
    shared = shared_profile(enrollment, audiences=Audience.values if is_staff else IN_COMMUNITY)
    context = {
        "community": place.community,
        "tab": "needs",
        "is_staff": is_staff,
        "is_own": enrollment.person_id == request.user.pk,
        "membership": place.membership,
        "shared": shared,
        "languages": in_words(shared.languages),
        "hours": week.in_words(shared.free_hours),
    }
    return render(request, "communities/profile.html", context)


def _reach(request: HttpRequest, community: Community) -> tuple[Reach, dict[str, Any]]:
    is_staff = is_staff_for(request.user, community)
    people = Membership.objects.filter(community=community).known_to_members().values("enrollment")
    reach = reach_of_staff if is_staff else reach_of_community
    told = {"community": community, "tab": "needs", "is_staff": is_staff}
    return reach(community.program, people=people), told
