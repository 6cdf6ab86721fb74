"""The verbs of formation: start, work out again, remove, move, lock, name, publish."""

from coppice.formation.actions.hands import (
    Moved,
    give_lead,
    lock,
    move,
    rename,
    take_lead,
    unlock,
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
    "move",
    "propose_again",
    "publish",
    "remove",
    "rename",
    "revise",
    "start",
    "take_lead",
    "unlock",
]
