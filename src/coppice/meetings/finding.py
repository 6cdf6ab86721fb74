"""What search knows of meetings: what they are about, and what was written down there."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from coppice.communities.finding import members_of
from coppice.lib.paths import path
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.minutes_models import Decision, Lesson, Note
from coppice.meetings.models import Meeting
from coppice.programs.finding import staff_of
from coppice.search import sources
from coppice.search.models import Document


def register() -> None:
    """Let meetings be found; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind="meeting",
            label=_("Meetings"),
            documents=documents,
            everything=Meeting.objects.all,
            visible_to=Meeting.objects.visible_to,
            icon="calendar",
            position=40,
            follows={
                Meeting: "pk",
                AgendaItem: "meeting_id",
                Note: "meeting_id",
                Decision: "meeting_id",
                Lesson: "meeting_id",
            },
        )
    )


def documents(meeting_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these meetings by members and staff; nothing of cancelled ones."""
    rows = Meeting.objects.filter(pk__in=meeting_ids, cancelled_at=None).select_related("community__program")
    written: list[Any] = [
        Prefetch("agenda", AgendaItem.objects.on_the_agenda()),
        Prefetch("decisions", Decision.objects.standing()),
        Prefetch("lessons", Lesson.objects.standing()),
        "notes",
    ]
    for meeting in rows.prefetch_related(*written):
        said = [meeting.purpose, meeting.place]
        said += [part for item in meeting.agenda.all() for part in (item.title, item.detail)]
        said += [part for decision in meeting.decisions.all() for part in (decision.text, decision.reason)]
        said += [lesson.text for lesson in meeting.lessons.all()]
        said += [note.text for note in meeting.notes.all()]
        yield Document(
            kind="meeting",
            object_id=meeting.pk,
            audience=[members_of(meeting.community_id), staff_of(meeting.community.program.provider_id)],
            title=meeting.title,
            words="\n".join(filter(None, said)),
            language=meeting.community.program.language,
            path=path("meetings:meeting", meeting.pk),
            at=meeting.starts_at,
            community_id=meeting.community_id,
        )
