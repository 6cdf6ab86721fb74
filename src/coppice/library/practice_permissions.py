"""Who may do what with a practice."""

from typing import Any

from coppice.communities.permissions import can_take_part
from coppice.library.permissions import adding_as
from coppice.library.practice_models import Practice

State = Practice.State


def can_read_practice(person: Any, practice: Practice) -> bool:
    """Say whether this person may read a practice that they may know of: who takes part, and staff."""
    return can_take_part(person, practice.community)


def can_edit_practice(person: Any, practice: Practice) -> bool:
    """Say whether this person may change a practice and say how it goes on: who wrote it, and who leads."""
    member = adding_as(person, practice.community)
    return member is not None and (member.is_leader or member.pk == practice.added_by_id)


def can_review_practice(person: Any, practice: Practice) -> bool:
    """Say whether this person may review a practice that waits for it: members who did not write it."""
    member = adding_as(person, practice.community)
    return practice.state == State.ASKED and member is not None and member.pk != practice.added_by_id


def can_try_practice(person: Any, practice: Practice) -> bool:
    """Say whether this person may say that they tried it: members who did not write it, once it is out."""
    member = adding_as(person, practice.community)
    return practice.is_out and member is not None and member.pk != practice.added_by_id


def can_doubt_practice(person: Any, practice: Practice) -> bool:
    """Say whether this person may say that a practice may be out of date: active members."""
    return practice.state == State.PUBLISHED and adding_as(person, practice.community) is not None
