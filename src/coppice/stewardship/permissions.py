"""Who may log what was said with a leader."""

from typing import Any

from coppice.communities.models import Community
from coppice.communities.permissions import is_staff_for


def can_check_in(person: Any, community: Community) -> bool:
    """Say whether this person may read and log check-ins with the community's leader: program staff alone."""
    return is_staff_for(person, community)
