"""The verbs of formation: start, work out again, remove, move, lock, name, publish, swap."""

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
from coppice.formation.actions.late import place_late
from coppice.formation.actions.proposals import propose_again, remove, revise, start
from coppice.formation.actions.publication import ask_to_publish, keep_frame, publish
from coppice.formation.actions.swaps import (
    accept,
    ask,
    decide,
    end_swaps,
    open_swaps,
    refuse,
    take_back,
    undo,
)

__all__ = [
    "Moved",
    "accept",
    "ask",
    "ask_to_publish",
    "decide",
    "end_swaps",
    "give_lead",
    "keep",
    "keep_frame",
    "lock",
    "lock_community",
    "move",
    "open_swaps",
    "place_late",
    "propose_again",
    "publish",
    "refuse",
    "remove",
    "rename",
    "revise",
    "start",
    "swap",
    "take_back",
    "take_lead",
    "undo",
    "unlock",
    "unlock_community",
]
