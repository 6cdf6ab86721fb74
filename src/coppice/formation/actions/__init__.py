"""The verbs of formation: start, work out again, choose, repeat, remove, move, lock, name, publish, swap."""

from coppice.formation.actions.choosing import annotate, choose, go_on, stop, take_away
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
from coppice.formation.actions.keeping import fail, keep
from coppice.formation.actions.late import place_late
from coppice.formation.actions.proposals import propose_again, remove, revise, start
from coppice.formation.actions.publication import ask_to_publish, keep_frame, publish
from coppice.formation.actions.repeating import ask_to_repeat, keep_repeat
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
    "annotate",
    "ask",
    "ask_to_publish",
    "ask_to_repeat",
    "choose",
    "decide",
    "end_swaps",
    "fail",
    "give_lead",
    "go_on",
    "keep",
    "keep_frame",
    "keep_repeat",
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
    "stop",
    "swap",
    "take_away",
    "take_back",
    "take_lead",
    "undo",
    "unlock",
    "unlock_community",
]
