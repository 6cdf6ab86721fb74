"""What a meeting gives to somebody who keeps a lesson of it as a practice."""

from typing import Any

from coppice.communities.models import Community
from coppice.communities.practice_ways import Told
from coppice.lib.lines import one_line
from coppice.meetings.minutes_models import Lesson


def of_lesson(person: Any, community: Community, lesson_id: int) -> Told | None:
    """Tell a lesson that stands in the minutes of a community; who takes part in that reads it."""
    lessons = Lesson.objects.standing().filter(pk=lesson_id, meeting__community=community)
    lesson = lessons.select_related("meeting").first()
    if lesson is None:
        return None
    return Told(
        title=one_line(lesson.text),
        words="",
        label=lesson.meeting.title,
        url=lesson.meeting.get_absolute_url(),
        kind="lesson",
    )
