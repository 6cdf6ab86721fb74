"""The verbs of formation: work out, choose, remove, move, lock, name, publish, swap; and of marketplaces."""

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
from coppice.formation.actions.market_choices import (
    fill_free_places,
    join,
    leave,
    let_go,
    take_criterion_back,
    wait,
    write_criterion,
)
from coppice.formation.actions.market_mails import post_mails
from coppice.formation.actions.market_settlement import settle
from coppice.formation.actions.marketplaces import (
    change_marketplace,
    change_topic,
    close_topic,
    merge,
    offer,
    open_for_choice,
    put_up,
    reopen_topic,
)
from coppice.formation.actions.proposals import call, propose_again, remove, revise, start
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
    "call",
    "change_marketplace",
    "change_topic",
    "choose",
    "close_topic",
    "decide",
    "end_swaps",
    "fail",
    "fill_free_places",
    "give_lead",
    "go_on",
    "join",
    "keep",
    "keep_frame",
    "keep_repeat",
    "leave",
    "let_go",
    "lock",
    "lock_community",
    "merge",
    "move",
    "offer",
    "open_for_choice",
    "open_swaps",
    "place_late",
    "post_mails",
    "propose_again",
    "publish",
    "put_up",
    "refuse",
    "remove",
    "rename",
    "reopen_topic",
    "revise",
    "settle",
    "start",
    "stop",
    "swap",
    "take_away",
    "take_back",
    "take_criterion_back",
    "take_lead",
    "undo",
    "unlock",
    "unlock_community",
    "wait",
    "write_criterion",
]
