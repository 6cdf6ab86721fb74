"""Calendars that follow meetings: the manager's the whole program, a member's all that is theirs."""

from coppice.accounts.models import Person
from coppice.communities.models import Membership
from coppice.meetings.actions import feeds
from coppice.programs.models import Program


def tell(program: Program, *, by: Person) -> None:
    """Make a feed of the program without links, for an office wall, and one of a plain member's own."""
    feeds.make(by=by, program=program, shows_links=False)
    members = Membership.objects.active().filter(community__program=program, role=Membership.Role.MEMBER)
    leads = Person.objects.filter(enrollments__affiliations__is_lead=True)
    member = members.exclude(person__in=leads).order_by("person").first()
    if member is not None:
        feeds.make(by=member.person)
