"""The verbs of profiles: ask everybody, say what one needs and offers, introduce people."""

from coppice.profiles.actions.assessments import begin_assessment
from coppice.profiles.actions.introductions import (
    ASKED_AFTER,
    WAITS,
    Outcome,
    agree,
    ask_whether_helped,
    decline,
    let_go,
    propose,
    tell_outcome,
)
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
    "ASKED_AFTER",
    "WAITS",
    "NeedSaid",
    "OfferSaid",
    "Outcome",
    "agree",
    "ask_whether_helped",
    "begin_assessment",
    "bring_back",
    "change_need",
    "change_offer",
    "change_profile",
    "decline",
    "let_go",
    "offer_help",
    "propose",
    "remove",
    "retire",
    "tell",
    "tell_outcome",
    "voice_need",
]
