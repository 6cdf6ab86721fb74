"""A door into the demo for each kind of person."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.accounts.models import Person
from coppice.demo.story import HOST
from coppice.formation.models import Choice, Marketplace, SwapRequest


@dataclass(frozen=True)
class Door:
    """One kind of person: `key` is in the address, `email` finds them, `words` tell who they are."""

    key: str
    email: str
    words: str | Promise


DOORS = (
    Door("manager", f"maria@{HOST}", _("program manager and administrator of the provider")),
    Door("staff", f"david@{HOST}", _("program staff")),
    Door("leader", f"tom.whitehorse@{HOST}", _("leader of Rural transport")),
    Door("second-leader", f"amara.obi@{HOST}", _("leader of First-time grant seekers")),
    Door("funder", f"funder@{HOST}", _("funder, who sees counts alone")),
    Door("other-provider", f"olga@{HOST}", _("administrator of another provider, who sees none of this")),
    Door("instance-admin", f"admin@{HOST}", _("keeper of the installation")),
)


def door_of(person: object, *, key: str) -> tuple[Door, Person]:
    """Return the door with this key and who stands behind it; raises Http404 otherwise."""
    by_key = {door.key: door for door in doors()}
    email = by_key[key].email if key in by_key else ""
    return by_key.get(key, DOORS[0]), get_object_or_404(Person, email=email)


def doors() -> list[Door]:
    """Return every door of the demo, each another person's.

    A plain member, a lead who is in no community, and those who answer or choose come from the story.
    """
    found = list(DOORS)
    leads = Person.objects.filter(enrollments__affiliations__is_lead=True)
    member = (
        Person.objects.filter(memberships__role="member", memberships__state="active", email__endswith=HOST)
        .exclude(pk__in=leads)
        .exclude(memberships__role="leader")
        .order_by("pk")
        .first()
    )
    lead = leads.filter(memberships=None, email__endswith=HOST).order_by("pk").first()
    invited = Person.objects.filter(memberships__state="invited", email__endswith=HOST).order_by("pk").first()
    boards = Marketplace.objects.all()
    on_a_board = Person.objects.filter(enrollments__program__marketplaces__in=boards, email__endswith=HOST)
    chose = Choice.objects.values("enrollment__person")
    waiting = on_a_board.filter(enrollments__topic_choices__is_waiting=True).order_by("pk").first()
    deciding = on_a_board.exclude(pk__in=chose).order_by("pk").first()
    wishes = SwapRequest.objects.filter(
        state=SwapRequest.State.OPEN, membership__person__email__endswith=HOST
    )
    asking = Person.objects.filter(memberships__swap_requests__in=wishes).order_by("pk").first()
    for key, person, words in (
        ("member", member, _("member")),
        ("organization-lead", lead, _("lead of an organization, who is in no community")),
        ("invited", invited, _("invited, and has yet to answer")),
        ("deciding", deciding, _("on the roster, and may choose a topic on a marketplace")),
        ("waiting", waiting, _("has a topic, and waits for another one that is full")),
        ("changing", asking, _("member, who has asked to change to another community")),
    ):
        if person is not None and person.email:
            found.append(Door(key, person.email, words))
    return found
