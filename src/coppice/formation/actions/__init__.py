"""The verbs of formation: start, work out again, remove, move, lock, name, publish."""

from coppice.formation.actions.hands import (
    Moved,
    give_lead,
    lock,
    lock_community,
    move,
    rename,
    swap,
    take_lead,
    unlock,
    unlock_community,
)
from coppice.formation.actions.keeping import keep
from coppice.formation.actions.proposals import propose_again, remove, revise, start
from coppice.formation.actions.publication import ask_to_publish, keep_frame, publish

__all__ = [
    "Moved",
    "ask_to_publish",
    "give_lead",
    "keep",
    "keep_frame",
    "lock",
    "lock_community",
    "move",
    "propose_again",
    "publish",
    "remove",
    "rename",
    "revise",
    "start",
    "swap",
    "take_lead",
    "unlock",
    "unlock_community",
]
