"""Calendars that follow meetings, the manager's and a member's, and the feed reader of the same member."""

from coppice.accounts import feed_actions
from coppice.accounts.models import Person
from coppice.communities.models import Membership
from coppice.communities.news_models import NewsFeed
from coppice.meetings.actions import feeds
from coppice.programs.models import Program


def tell(program: Program, *, by: Person) -> None:
    """Make a feed of the program without links, for an office wall, and two of a plain member's own."""
    feeds.make(by=by, program=program, shows_links=False)
    members = Membership.objects.active().filter(community__program=program, role=Membership.Role.MEMBER)
    leads = Person.objects.filter(enrollments__affiliations__is_lead=True)
    member = members.exclude(person__in=leads).order_by("person").first()
    if member is not None:
        feeds.make(by=member.person)
        feed_actions.make(NewsFeed, by=member.person, community=member.community, stream="posts")
