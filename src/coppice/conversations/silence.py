"""Why somebody reads and does not write here, in words."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.communities.models import Community
from coppice.conversations.circle import circle_of
from coppice.conversations.models import Thread
from coppice.conversations.peace_models import TalkStop


def why_silent(person: Any, community: Community, thread: Thread | None = None) -> str:
    """Return a sentence for who may not write in a community, or in a thread of it; one query at most."""
    if community.ended_at is not None:
        return _("This community has ended. Everything stays to be read, and nothing can be added.")
    if circle_of(community).is_stopped(person.pk):
        stop = TalkStop.objects.current().filter(community=community, person=person.pk).first()
        day = date_format(stop.until.astimezone(community.zone).date()) if stop else ""
        said = {"day": day, "reason": stop.reason if stop else ""}
        return _("Until %(day)s you only read here. Whoever leads writes: %(reason)s") % said
    if thread is not None and thread.locked_at is not None:
        return _("This conversation is locked: whoever leads writes here, and everybody reads.")
    return ""
