"""How people of a community treat each other: the text that it wrote, else ours; the step for who joins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import NextStep
from coppice.conversations.peace_models import Conduct, ConductYes


@dataclass(frozen=True)
class Agreed:
    """The text that counts now, its number (0 is ours), since when, and when a reader said yes to it."""

    text: str
    number: int
    since: datetime | None
    said_at: datetime | None


def ours() -> str:
    """Return the text of a community that has not written its own, in the language of whoever reads."""
    return "\n\n".join(
        [
            _("We are here to help each other do our work better. So that everybody dares to ask, we agree:"),
            "\n".join(
                f"- {line}"
                for line in (
                    _("**We speak of things, not against people.** We may disagree, and say so kindly."),
                    _("**What is told here stays here.** No names of clients, and nothing that lets "
                      "somebody guess who it is."),
                    _("**Every question is welcome.** Nobody is laughed at for not knowing something."),
                    _("**We leave room.** Who has said much listens for a while."),
                    _("**We sell nothing**, and ask nobody for money."),
                    _("**We pass on what others wrote only when they agree**, and say whose it is."),
                    _("**Nobody is hurt or shut out** for where they come from, what they believe, whom they "
                      "love, how they look, or what their body or mind can do."),
                )
            ),
            _("Did something go wrong? *Flag* under a post tells whoever leads, and nobody else. They may "
              "hide a post with a reason, or ask somebody to only read for a while. About what a leader "
              "wrote, the program's staff decides. Whoever made a mistake can say so, and begins anew."),
        ]
    )  # fmt: skip


def agreed(community: Community, person: Any) -> Agreed:
    """Return the code of conduct of a community as a person meets it; two queries."""
    latest = Conduct.objects.filter(community=community).first()
    number = latest.number if latest else 0
    yes = ConductYes.objects.filter(community=community, person=person.pk, number=number).first()
    return Agreed(
        text=latest.text if latest else ours(),
        number=number,
        since=latest.at if latest else None,
        said_at=yes.at if yes else None,
    )


def first_reading(membership: Membership) -> list[NextStep]:
    """Bring a new member who can sign in to the code of conduct (communities.next_steps)."""
    if not membership.person.email:
        return []
    return [
        NextStep(
            sentence=gettext_lazy("How people here treat each other, on one page."),
            url=reverse("conversations:conduct", args=[membership.community_id]),
            label=gettext_lazy("Read it and say yes"),
            is_later=True,
        )
    ]
