"""What the people of a community need and offer, for its members and for those who run its program."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_lead, can_take_part, is_staff_for
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.ids import id_in
from coppice.photos.serving import photo_answer
from coppice.profiles import actions as profiles
from coppice.profiles import week
from coppice.profiles.board import IN_COMMUNITY, OWN_WORDS, Reach, reach_of_community, reach_of_staff
from coppice.profiles.board_pages import board_context, board_file, topic_context
from coppice.profiles.errors import NotToBeAsked
from coppice.profiles.gallery import PhotoPath, gallery_context, photo_in, photo_of, photo_url
from coppice.profiles.languages import in_words
from coppice.profiles.matching import SHOWN, candidates_for
from coppice.profiles.models import Audience, Need
from coppice.profiles.network_pages import network_context, network_file
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
    context = {
        **told,
        **topic_context(reach, place.topic_id, request.GET),
        "leads": can_lead(request.user, place.community),
    }
    return render(request, "communities/needs_topic.html", context)


# GET /communities/<id>/needs.csv
@access(can_take_part, on=community_of)
@require_safe
def needs_file(request: HttpRequest, community: Community) -> HttpResponse:
    """The board as a table to take away."""
    reach, _told = _reach(request, community)
    return board_file(reach)


# GET /communities/<id>/needs/network/
@access(can_take_part, on=community_of)
@require_safe
def network(request: HttpRequest, community: Community) -> HttpResponse:
    """Who of this community could help whom: a picture with its tables."""
    reach, told = _reach(request, community)
    return render(request, "communities/network.html", {**told, **network_context(reach, request.GET)})


# GET /communities/<id>/needs/network.csv
@access(can_take_part, on=community_of)
@require_safe
def adjacency(request: HttpRequest, community: Community) -> HttpResponse:
    """The network as a matrix to take away."""
    reach, _told = _reach(request, community)
    return network_file(reach, request.GET)


@dataclass(frozen=True)
class PersonOfCommunity:
    """Somebody of a community as the others see them."""

    community: Community
    membership: Membership


def person_of(person: Any, *, community_id: int, membership_id: int) -> PersonOfCommunity:
    """Return somebody who has joined a community; raises Http404 otherwise."""
    community = community_of(person, community_id=community_id)
    people = Membership.objects.filter(community=community).taking_part()
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
        "photo": photo_of(shared.object_of) if shared.object_of else None,
        "photo_url": photo_url(shared.object_of, photo_path_in(place.community)) if shared.object_of else "",
        "languages": in_words(shared.languages),
        "hours": week.in_words(shared.free_hours),
        "zone": week.zone_name(enrollment),
    }
    return render(request, "communities/profile.html", context)


# GET /communities/<id>/gallery/
@access(can_take_part, on=community_of)
@require_safe
def gallery(request: HttpRequest, community: Community) -> HttpResponse:
    """The objects that people of this community share, with their stories."""
    reach, told = _reach(request, community)
    people = Membership.objects.filter(community=community).taking_part()
    places = dict(people.values_list("enrollment", "pk"))

    def person_path(enrollment_id: int) -> str:
        return reverse("communities:profile", args=[community.pk, places[enrollment_id]])

    wall = gallery_context(reach, request.GET, photo_path=photo_path_in(community), person_path=person_path)
    return render(request, "communities/gallery.html", {**told, **wall})


@dataclass(frozen=True)
class PhotoOfCommunity:
    """One rendition of the photo of a member's object."""

    community: Community
    profile_id: int
    size: str


def photo_on_wall(person: Any, *, community_id: int, profile_id: int, size: str) -> PhotoOfCommunity:
    """Return a photo's place in a community that the person may know of; raises Http404 otherwise."""
    return PhotoOfCommunity(community_of(person, community_id=community_id), profile_id, size)


def can_see_photo(person: Any, place: PhotoOfCommunity) -> bool:
    """Say whether this person may look for the photo: whoever takes part, and the staff."""
    return can_take_part(person, place.community)


# GET /communities/<id>/gallery/<profile>/<size>/
@access(can_see_photo, on=photo_on_wall)
@require_safe
def gallery_photo(request: HttpRequest, place: PhotoOfCommunity) -> HttpResponse:
    """The photo, where its owner shares it here; a 404 else."""
    reach, _told = _reach(request, place.community)
    photo = photo_in(reach, profile_id=place.profile_id, size=place.size)
    return photo_answer(request, photo, place.size)


def photo_path_in(community: Community) -> PhotoPath:
    """Return what gives the address of a photo on a community's pages."""
    return lambda profile_id, size: reverse(
        "communities:gallery_photo", args=[community.pk, profile_id, size]
    )


@dataclass(frozen=True)
class NeedOfCommunity:
    """A need of somebody in a community, which those who lead it may read."""

    community: Community
    need: Need


def need_of(person: Any, *, community_id: int, need_id: int) -> NeedOfCommunity:
    """Return a need that is shared with a community, also off the lists; raises Http404 otherwise."""
    community = community_of(person, community_id=community_id)
    needs = Need.objects.of_program(community.program).shown_to(*IN_COMMUNITY)
    needs = needs.filter(enrollment__in=_people(community))
    rows = needs.select_related("topic", "enrollment__program__provider", "enrollment__person")
    return NeedOfCommunity(community, get_object_or_404(rows, pk=need_id))


def can_introduce(person: Any, place: NeedOfCommunity) -> bool:
    """Say whether this person may introduce people and put needs first: leaders here, and staff."""
    return can_lead(person, place.community)


# GET, POST /communities/<id>/needs/of-people/<need>/introduction/
@access(can_introduce, on=need_of)
@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request: HttpRequest, place: NeedOfCommunity) -> HttpResponse:
    """Who of this community could help with a need; ask both."""
    community, need, people = place.community, place.need, _people(place.community)
    if not need.is_open:
        return _off_the_lists(request, place)
    asks_herself = need.enrollment.person_id == request.user.pk
    if request.method == "POST":
        chosen = candidates_for(need, people=people, also_colleagues=True)
        rows = chosen.select_related("topic", "enrollment__program", "enrollment__person")
        offer = rows.filter(pk=id_in(request.POST.get("offer", ""))).first()
        among = need.introductions.filter(offer__enrollment__in=people)
        known = among.filter(offer=id_in(request.POST.get("offer", ""))).first()
        if offer is None and known is not None:
            messages.info(request, _("This was asked already."))
            if asks_herself:
                return redirect("profiles:profile_introduction", need.enrollment_id, known.pk)
            return redirect("communities:needs_topic", community.pk, need.topic_id or OWN_WORDS)
        if offer is None:
            messages.error(request, str(NotToBeAsked.sentence))
            return redirect("communities:introduction", community.pk, need.pk)
        profiles.propose(need, offer=offer, by=request.user, people=people)
        if asks_herself:
            said = _("We ask. You hear as soon as there is an answer.")
        else:
            said = _("We ask both. Once both say yes, each learns how to reach the other.")
        messages.success(request, said)
        return redirect("communities:needs_topic", community.pk, need.topic_id)
    also_colleagues = "colleagues" in request.GET
    found = candidates_for(need, people=people, also_colleagues=also_colleagues)
    context = {
        "community": community,
        "tab": "needs",
        "need": need,
        "candidates": found.select_related("topic", "enrollment")[:SHOWN],
        "names": True,
        "asks_herself": asks_herself,
        "also_colleagues": also_colleagues,
    }
    return render(request, "communities/introduction.html", context)


# POST /communities/<id>/needs/of-people/<need>/priority/
@access(can_introduce, on=need_of)
@require_POST
def priority(request: HttpRequest, place: NeedOfCommunity) -> HttpResponse:
    """Put a need first, as the community says."""
    if not place.need.is_open:
        return _off_the_lists(request, place)
    profiles.put_first(place.need, by=request.user)
    return redirect("communities:needs_topic", place.community.pk, place.need.topic_id or OWN_WORDS)


# POST /communities/<id>/needs/of-people/<need>/priority/end/
@access(can_introduce, on=need_of)
@require_POST
def priority_end(request: HttpRequest, place: NeedOfCommunity) -> HttpResponse:
    """Put a need back among the others."""
    if not place.need.is_open:
        return _off_the_lists(request, place)
    profiles.put_back(place.need, by=request.user)
    return redirect("communities:needs_topic", place.community.pk, place.need.topic_id or OWN_WORDS)


def _off_the_lists(request: HttpRequest, place: NeedOfCommunity) -> HttpResponse:
    """Lead back to the topic from a page that is older than what its person said since."""
    messages.info(request, _("This need was taken off the lists meanwhile. Nothing changed."))
    return redirect("communities:needs_topic", place.community.pk, place.need.topic_id or OWN_WORDS)


def _people(community: Community) -> Any:
    """Rows of the roster of who joined: whoever is only invited has yet to say yes to these communities."""
    return Membership.objects.filter(community=community).taking_part().values("enrollment")


def _reach(request: HttpRequest, community: Community) -> tuple[Reach, dict[str, Any]]:
    is_staff = is_staff_for(request.user, community)
    people = _people(community)
    reach = reach_of_staff if is_staff else reach_of_community
    told = {"community": community, "tab": "needs", "is_staff": is_staff}
    return reach(community.program, people=people), told
