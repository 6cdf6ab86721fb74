"""People who have not answered their invitation are reminded, at most once a week."""

from typing import Any

from django.db import transaction

from coppice.communities import notices, queries
from coppice.communities.errors import NobodyToRemind
from coppice.history.actions import record
from coppice.notifications.actions import post
from coppice.programs.models import Program


@transaction.atomic
def remind_invited(program: Program, *, by: Any) -> int:
    """Write once more to everybody who was invited and has yet to answer; return to how many.

    One mail a person, about their earliest open invitation; nobody hears of it twice within a week, nor who
    has no mail here or unsubscribed from the community. Raises NobodyToRemind.
    """
    program = Program.objects.select_for_update(of=("self",)).get(pk=program.pk)
    due = queries.reminders_of(program).due
    if not due:
        raise NobodyToRemind
    post([message for membership in due if (message := notices.invitation_reminder(membership))])
    record("invitations.reminded", scope=program.scope, by=by, subject=program, detail={"people": len(due)})
    return len(due)
