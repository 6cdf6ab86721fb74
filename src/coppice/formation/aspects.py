"""What a formation is told beside sizes and rules: what columns say, which topics, best or fairest first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from coppice.formation.models import Formation
from coppice.lib.lines import one_line


class Says(models.TextChoices):
    """What a column of the roster says of people, when it says more than a value to group by."""

    VALUE = "value", _("An answer to group people by")
    WISH = "wish", _("A ranked wish")
    NEED = "need", _("What they want help with")
    EXPERTISE = "expertise", _("What they can help with")
    FREE = "free", _("Hours when they are free")
    BUSY = "busy", _("Hours when they are not free")
    EARLIER = "earlier", _("The group that they were in")
    WITH = "with", _("People to be with")
    APART = "apart", _("People to be apart from")


class About(models.TextChoices):
    """Whether communities are about topics, and who chooses these."""

    NOTHING = "nothing", _("No, they are not about topics")
    OFFERED = "offered", _("Yes, about the topics that I offer")
    OPEN = "open", _("Yes, and let it choose how many and which")


STEPS = 5
"""So many steps lead from "best on the whole" (0) to "weakest first"."""


@dataclass(frozen=True)
class Offer:
    """A topic (its name) that communities may be about.

    minimum, maximum: sizes; 0 for those of the formation
    most: so many communities at most are about it; 0 for no limit
    """

    topic: str
    minimum: int = 0
    maximum: int = 0
    most: int = 0
    may_be_left_out: bool = True


@dataclass(frozen=True)
class Aspects:
    """What a formation is told beside its sizes and rules.

    columns: attribute's name -> what it says, only where that is more than a value; None: not chosen yet
    about, offers: whether communities have topics, and those offered
    fairness: 0 (best on the whole) to 4 (weakest community first)
    """

    columns: Mapping[str, Says] | None = None
    about: About = About.NOTHING
    offers: tuple[Offer, ...] = field(default=())
    fairness: int = 0

    @property
    def has_topics(self) -> bool:
        return self.about != About.NOTHING

    @property
    def worst_group_first(self) -> float:
        """The share of the weakest community in what is aimed for, 0 to 1."""
        return self.fairness / (STEPS - 1)

    def as_json(self) -> dict[str, Any]:
        columns = self.columns
        return {
            "columns": None if columns is None else {name: said.value for name, said in columns.items()},
            "about": self.about.value,
            "offers": [asdict(offer) for offer in self.offers],
            "fairness": self.fairness,
        }


def aspects_of(formation: Formation) -> Aspects:
    """Return what a formation was told; one from before there were such was told nothing."""
    kept: Mapping[str, Any] = formation.aspects
    columns = kept.get("columns")
    return Aspects(
        columns=None if columns is None else {name: Says(said) for name, said in columns.items()},
        about=About(kept.get("about", About.NOTHING)),
        offers=tuple(Offer(**{**each, "topic": one_line(each["topic"])}) for each in kept.get("offers", ())),
        fairness=kept.get("fairness", 0),
    )
