"""Who may log what was said with a leader."""

from typing import Any

from coppice.communities.models import Community
from coppice.communities.permissions import is_staff_for
from coppice.programs.permissions import can_administer
from coppice.stewardship.models import LeaderCheckIn


def can_check_in(person: Any, community: Community) -> bool:
    """Say whether this person may read and log check-ins with the community's leader: program staff alone."""
    return is_staff_for(person, community)


def can_correct_check_in(person: Any, check_in: LeaderCheckIn) -> bool:
    """Say whether this person may correct a check-in or take it back: who logged it, and administrators."""
    if not is_staff_for(person, check_in.community):
        return False
    return check_in.by_id == person.pk or can_administer(person, check_in.community.program.provider)
