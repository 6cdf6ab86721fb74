"""The verbs of profiles: ask everybody, say what one needs and offers, introduce people."""

from coppice.profiles.actions.assessments import begin_assessment
from coppice.profiles.actions.saying import (
    NeedSaid,
    OfferSaid,
    bring_back,
    change_need,
    change_offer,
    change_profile,
    offer_help,
    remove,
    retire,
    tell,
    voice_need,
)

__all__ = [
    "NeedSaid",
    "OfferSaid",
    "begin_assessment",
    "bring_back",
    "change_need",
    "change_offer",
    "change_profile",
    "offer_help",
    "remove",
    "retire",
    "tell",
    "voice_need",
]
