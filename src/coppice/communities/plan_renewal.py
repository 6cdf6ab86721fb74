"""When a community looks at its plan and charter again: what pages say of it, who is reminded when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coppice.communities.models import Community, Membership
from coppice.communities.plan_models import PlanFrame

DAYS_BEFORE = timedelta(days=30)
LATE_BY = timedelta(days=7)
"""So long a reminder may come late, when nothing ran on its day or the day was only just chosen."""

SOON, NOW = "soon", "now"


@dataclass(frozen=True)
class Renewal:
    """The day on which a plan is looked at again, and in how many days that is, below 0 when it is past."""

    day: date
    in_days: int

    @property
    def is_due(self) -> bool:
        return self.in_days <= 0

    @property
    def is_near(self) -> bool:
        return self.in_days <= DAYS_BEFORE.days

    @property
    def reminder(self) -> str:
        """Which of the two reminders is due: SOON, NOW or none."""
        if -LATE_BY.days <= self.in_days <= 0:
            return NOW
        return SOON if 0 <= DAYS_BEFORE.days - self.in_days <= LATE_BY.days else ""


def renewal_of(frame: PlanFrame, *, today: date) -> Renewal | None:
    """Return when a plan is looked at again; None while no day is chosen."""
    return Renewal(frame.renews_on, (frame.renews_on - today).days) if frame.renews_on else None


def due_frames(now: datetime) -> list[tuple[PlanFrame, Renewal]]:
    """Return the plans whose leaders are due to be reminded by the clock of their community, in one query."""
    around = now.date()
    frames = PlanFrame.objects.filter(
        renews_on__gte=around - LATE_BY - timedelta(days=1),
        renews_on__lte=around + DAYS_BEFORE + timedelta(days=1),
        community__ended_at=None,
    ).select_related("community__program__provider")
    found = [
        (frame, renewal_of(frame, today=now.astimezone(frame.community.zone).date())) for frame in frames
    ]
    return [(frame, renewal) for frame, renewal in found if renewal and renewal.reminder]


def leaders_of(community: Community) -> list[Membership]:
    """Return who leads a community, ready to be written to."""
    rows = Membership.objects.leaders().filter(community=community)
    return list(rows.select_related("community__program__provider", "enrollment", "person").order_by("pk"))
