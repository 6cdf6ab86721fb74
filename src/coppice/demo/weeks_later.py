"""What people tried after a meeting, asked a month later; and what it was that some were missing."""

from datetime import timedelta

from coppice.communities.models import Community
from coppice.meetings.actions import after
from coppice.meetings.models import FollowUp, Meeting, MissedMeeting, PulseAnswer

TRIED = (
    ("Ask the clinic for its list of rides before Friday.", 3, "They had it ready.", 5, "In May.", True),
    ("Put one seat of the school bus on the list.", 1, "The driver changed twice.", 2, "", True),
    ("Call two drivers who stopped, and ask why.", 2, "Both said: nobody thanked me.", 4, "Cards.", False),
    ("Count the rides that nobody could give.", 3, "", 4, "", False),
    ("Read the insurance before the next round.", 0, "No evening was free.", None, "In fall.", False),
)  # fmt: skip
YET_TO_ANSWER = "Ask the county who else drives on Tuesdays."
REASONS = (
    ("time", "Two o'clock is when I drive myself.", True),
    ("time", "", False),
    ("could_not", "", False),
    ("not_useful", "We have no drivers to talk about now.", False),
    ("time", "", False),
    ("could_not", "", False),
)


def tell(community: Community) -> None:
    """Follow up its second meeting, and ask who was missing from the last."""
    *_first, second, last = Meeting.objects.of(community).held().order_by("starts_at")
    _try(second)
    _miss(last)


def _try(meeting: Meeting) -> None:
    there = meeting.attendances.filter(was_present=True).select_related("membership").order_by("pk")
    members = [each.membership for each in there][: len(TRIED) + 1]
    asked_at = meeting.ends_at + timedelta(days=FollowUp.After.MONTH)
    words = [*(line[0] for line in TRIED), YET_TO_ANSWER]
    for membership, will_try in zip(members, words, strict=True):
        PulseAnswer.objects.update_or_create(
            meeting=meeting, membership=membership, defaults={"worth": 4, "will_try": will_try}
        )
    asked = FollowUp.objects.bulk_create(
        FollowUp(meeting=meeting, membership=each, days=FollowUp.After.MONTH, asked_at=asked_at)
        for each in members
    )
    for follow_up, (_words, tried, story, effect, next_step, may_show) in zip(asked, TRIED, strict=False):
        after.answer_follow_up(
            follow_up,
            tried=tried,
            story=story,
            effect=effect,
            told_colleagues=tried > 1,
            next_step=next_step,
            may_show=may_show,
        )
    meeting.follow_ups.exclude(answered_at=None).update(answered_at=asked_at + timedelta(hours=3))


def _miss(meeting: Meeting) -> None:
    missing = meeting.attendances.filter(was_present=False).select_related("membership").order_by("pk")
    asked_at = meeting.ends_at + timedelta(hours=20)
    MissedMeeting.objects.bulk_create(
        MissedMeeting(meeting=meeting, membership=each.membership, asked_at=asked_at) for each in missing
    )
    for each, (reason, words, shows_name) in zip(missing, REASONS, strict=False):
        after.answer_absent(
            meeting, membership=each.membership, reason=reason, words=words, shows_name=shows_name
        )
    meeting.absences.exclude(answered_at=None).update(answered_at=asked_at + timedelta(hours=2))
