"""Reads of communities that several doors use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigAutoField, Case, Count, DateTimeField, Max, Q, QuerySet, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.communities import links
from coppice.communities.models import Community, InvitationWord, Membership, MembershipQuerySet
from coppice.communities.notices import reminder_occasion
from coppice.communities.tabs import with_counts_for
from coppice.lib.ids import id_or_nobodys
from coppice.lib.questions import Given, Question, the_one
from coppice.notifications.models import Message, Mute
from coppice.programs.models import Program

REMINDED_FOR = timedelta(days=7)


def community_of(person: Any, *, community_id: int) -> Community:
    """Return a community that the person may know of; raises Http404 otherwise."""
    given = {"person": person.pk, "community": id_or_nobodys(community_id), "now": timezone.now()}
    return the_one(COMMUNITY.ask_for(Community, **given))


def known_community() -> QuerySet[Community]:
    """The rows of a question about one `community`, which a `person` may know of, at a moment, `now`."""
    number = BigAutoField()
    person, community = (Given(name, number) for name in ("person", "community"))
    communities = Community.objects.visible_to_given(person).select_related("program__provider")
    now = Given("now", DateTimeField())
    return with_counts_for(communities, person, community=community, now=now).filter(pk=community)


COMMUNITY = Question(known_community)


def membership_of(person: Any, *, membership_id: int) -> Membership:
    """Return a membership that the person may know of; raises Http404 otherwise."""
    return get_object_or_404(_memberships().visible_to(person), pk=membership_id)


def standing_in(person_id: int, community_id: int) -> str:
    """Return what stays as it is when this person leaves the community's mail; "" for who is not in it."""
    membership = _memberships().filter(person=person_id, community=community_id).first()
    if membership is None or not membership.is_open:
        return ""
    return {
        Membership.State.INVITED: _("Your invitation stays open either way."),
        Membership.State.ACTIVE: _("You stay a member either way."),
        Membership.State.PAUSED: _("You go on pausing either way, and your place stays yours."),
    }.get(Membership.State(membership.state), "")


def word_of(person: Any, *, word_id: int) -> InvitationWord:
    """Return what an invited person wrote to a program that the person staffs; raises Http404 otherwise."""
    return get_object_or_404(
        InvitationWord.objects.visible_to(person).select_related(
            "membership__community__program__provider", "membership__enrollment", "membership__person"
        ),
        pk=word_id,
    )


def invitation_of(person: Any, *, token: str) -> Membership:
    """Return the membership behind a signed link, whoever is signed in; raises Http404 otherwise."""
    link = links.read(token)
    membership = _memberships().filter(pk=link.subject_id).first()
    if membership is None or membership.person_id != link.person.pk:
        raise Http404
    return membership


def directory(community: Community, *, for_staff: bool) -> MembershipQuerySet:
    """Return the people of a community, leaders first; only staff see who declined or left."""
    people = Membership.objects.filter(community=community)
    if not for_staff:
        people = people.known_to_members()
    return (
        people.select_related("enrollment", "person")
        .prefetch_related("enrollment__organizations")
        .order_by("role", "enrollment__name", "pk")
    )


def companions(membership: Membership) -> MembershipQuerySet:
    """Return who else is invited or active beside this member, by name; nobody once the member is gone."""
    here = Membership.objects.all() if membership.is_here else Membership.objects.none()
    return (
        here.filter(
            community=membership.community_id, state__in=[Membership.State.INVITED, Membership.State.ACTIVE]
        )
        .exclude(pk=membership.pk)
        .select_related("enrollment")
        .prefetch_related("enrollment__organizations")
        .order_by("role", "enrollment__name", "pk")
    )


def counts_by_state(community: Community) -> dict[str, int]:
    """Return how many memberships a community has in each state, in one query."""
    rows = community.memberships.values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Membership.State.values, 0) | dict(rows)


@dataclass(frozen=True)
class Reminders:
    """Who has yet to answer in a program, and whom a reminder would reach now.

    `due` holds one membership a person, the earliest. Of the others, `without_mail` have no address here or
    unsubscribed, and `reminded` heard of it less than a week ago. `last_at` is when a reminder last left.
    """

    due: list[Membership]
    without_mail: int
    reminded: int
    last_at: datetime | None

    @property
    def waiting(self) -> int:
        return len(self.due) + self.without_mail + self.reminded


def reminders_of(program: Program, *, at: datetime | None = None) -> Reminders:
    """Return who could be reminded to answer an invitation, in three queries."""
    now = at or timezone.now()
    first: dict[int, Membership] = {}
    for membership in (
        _memberships()
        .filter(
            community__program=program,
            community__ended_at=None,
            state=Membership.State.INVITED,
            enrollment__ended_at=None,
        )
        .order_by("invited_at", "pk")
    ):
        first.setdefault(membership.person_id, membership)
    sent = Message.objects.filter(occasion=reminder_occasion(program.pk), recipient__in=first)
    reminded = dict(sent.values_list("recipient").annotate(Max("created_at")))
    keys = {each.community.list_key for each in first.values()}
    muted = set(
        Mute.objects.current(now)
        .filter(person__in=first, list_key__in=keys)
        .values_list("person_id", "list_key")
    )
    reached = {
        pk: each
        for pk, each in first.items()
        if each.mail_address and (pk, each.community.list_key) not in muted
    }
    due = [each for pk, each in reached.items() if pk not in reminded or reminded[pk] <= now - REMINDED_FOR]
    return Reminders(
        due=due,
        without_mail=len(first) - len(reached),
        reminded=len(reached) - len(due),
        last_at=max(reminded.values(), default=None),
    )


def words_of(program_id: int) -> Any:
    """Return what invited people wrote to a program: unanswered first, questions first, then newest first."""
    waiting = Q(answered_at=None) & ~Q(kind=InvitationWord.Kind.DECLINING)
    return (
        InvitationWord.objects.filter(membership__community__program=program_id)
        .annotate(
            waits=Case(When(waiting, then=1), default=0),
            asks=Case(When(kind=InvitationWord.Kind.QUESTION, then=1), default=0),
        )
        .select_related("membership__community", "membership__enrollment", "membership__person")
        .order_by("-waits", "-asks", "-pk")
    )


def invited_without_mail(program_id: int) -> MembershipQuerySet:
    """Return those of a program's living communities whom mail does not reach, and who have yet to answer."""
    return (
        Membership.objects.filter(
            community__program=program_id,
            community__ended_at=None,
            enrollment__ended_at=None,
            state=Membership.State.INVITED,
        )
        .without_mail()
        .select_related("community", "enrollment", "person")
        .order_by("enrollment__name", "pk")
    )


def _memberships() -> MembershipQuerySet:
    return Membership.objects.select_related(
        "community__program__provider", "community__topic", "enrollment", "person"
    )
