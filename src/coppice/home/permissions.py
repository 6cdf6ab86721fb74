"""Who may read the pages that join rooms: the rooms' own predicates, by their names here."""

from coppice.communities.permissions import can_take_part as can_read_now
from coppice.programs.permissions import can_read_organization, can_read_summary
from coppice.programs.permissions import can_run as can_read_board

__all__ = ["can_read_board", "can_read_now", "can_read_organization", "can_read_summary"]
