"""The verbs of meetings, from planning to the pulse; those of finding a time are in `time_polls`."""

from coppice.meetings.actions.meetings import (
    answer_pulse,
    ask_again,
    ask_pulse,
    cancel,
    change,
    correct,
    enter,
    invite_to_meetings,
    plan,
    remind,
    reply,
    take_attendance,
)

__all__ = [
    "answer_pulse",
    "ask_again",
    "ask_pulse",
    "cancel",
    "change",
    "correct",
    "enter",
    "invite_to_meetings",
    "plan",
    "remind",
    "reply",
    "take_attendance",
]
