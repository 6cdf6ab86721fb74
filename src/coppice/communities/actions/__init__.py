"""The verbs of communities: form one, invite, join, pause, leave, ask, answer, and change its frame."""

from coppice.communities.actions.communities import edit, set_stage
from coppice.communities.actions.founding import Founding, found, found_all, prepare
from coppice.communities.actions.invitations import (
    Answer,
    Invitee,
    accept,
    decline,
    invite,
    record_answer,
    withdraw,
)
from coppice.communities.actions.memberships import (
    leave,
    make_leader,
    pause,
    remove_leader,
    take_in,
    take_out,
)
from coppice.communities.actions.priorities import (
    put_back_on_canvas,
    put_on_canvas,
    take_off_canvas,
    take_over,
    weigh,
)
from coppice.communities.actions.reminders import remind_invited
from coppice.communities.actions.transfers import transfer
from coppice.communities.actions.words import answer_word, say

__all__ = [
    "Answer",
    "Founding",
    "Invitee",
    "accept",
    "answer_word",
    "decline",
    "edit",
    "found",
    "found_all",
    "invite",
    "leave",
    "make_leader",
    "pause",
    "prepare",
    "put_back_on_canvas",
    "put_on_canvas",
    "record_answer",
    "remind_invited",
    "remove_leader",
    "say",
    "set_stage",
    "take_in",
    "take_off_canvas",
    "take_out",
    "take_over",
    "transfer",
    "weigh",
    "withdraw",
]
