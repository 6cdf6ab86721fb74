"""Making a calendar feed; what becomes of it is `accounts.feed_actions`."""

from typing import Any

from coppice.accounts import feed_actions
from coppice.communities.models import Community
from coppice.meetings.models import CalendarFeed
from coppice.programs.models import Program


def make(
    *, by: Any, community: Community | None = None, program: Program | None = None, shows_links: bool = True
) -> CalendarFeed:
    """Make a person's feed of a community, of a program, or (neither) of all that they take part in.

    There is one of each: where it stands already, it stays as it is.
    """
    return feed_actions.make(
        CalendarFeed, by=by, community=community, program=program, defaults={"shows_links": shows_links}
    )
