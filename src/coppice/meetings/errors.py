"""Refusals of the meetings' actions."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class StartsInPast(DomainError):
    """A meeting is planned for a time to come."""

    code = "starts_in_past"
    sentence = _("This time has already passed. Choose a later one.")


class StartsTooLate(DomainError):
    """A meeting years from now is a slip of the keyboard."""

    code = "starts_too_late"
    sentence = _("This is more than five years away. Choose a day within the next five years.")


class NotHeldYet(DomainError):
    """A meeting is entered afterwards once it has begun."""

    code = "not_held_yet"
    sentence = _("This time has yet to come. Plan the meeting instead.")


class OutsideTime(DomainError):
    """A meeting is entered afterwards within its community's time, and not too long after."""

    code = "outside_time"
    sentence = _("Choose a day within the group's own time, and at most a year ago.")


class MeetingIsCancelled(DomainError):
    """Nothing more can be done with a meeting that was cancelled."""

    code = "meeting_is_cancelled"
    sentence = _("This meeting is cancelled. Plan a new one instead.")


class MeetingHasBegun(DomainError):
    """A meeting that has begun is neither moved nor cancelled."""

    code = "meeting_has_begun"
    sentence = _("This meeting has already begun. You can take attendance.")


class MeetingIsOver(DomainError):
    """Whether somebody comes can be said until the end."""

    code = "meeting_is_over"
    sentence = _("This meeting is over, so your answer would reach nobody. See you at the next one.")


class MeetingHasNotBegun(DomainError):
    """Attendance is taken when people are there."""

    code = "meeting_has_not_begun"
    sentence = _("This meeting has not begun. From its start on you can take attendance and close it.")


class NotYourMeeting(DomainError):
    """Only who is in the community says whether they come."""

    code = "not_your_meeting"
    sentence = _("Only members of this group can answer. Join it first.")


class UnknownInvitation(DomainError):
    """A calendar program answered an invitation that is none of ours, or no longer is."""

    code = "unknown_invitation"
    sentence = _("We know no meeting of this invitation. Answer on the page of the meeting instead.")


class UnknownSender(DomainError):
    """An answer counts when it comes from the address of the member that it is about."""

    code = "unknown_sender"
    sentence = _(
        "This answer comes from an address that we know for no member of the group. "
        "Send it from the address that was invited, or answer by the link in the invitation."
    )


class NoAnswer(DomainError):
    """A mail to the address of answers holds none."""

    code = "no_answer"
    sentence = _(
        "Only answers of calendar programs are read at this address. Use the link in the invitation instead."
    )


class NotThere(DomainError):
    """Only who was there can say whether it was worth their time."""

    code = "not_there"
    sentence = _("This question is for people who were there. If you were, tell your leader.")


class AskedToday(DomainError):
    """Those who have yet to say are asked at most once a day."""

    code = "asked_today"
    sentence = _("They were asked today already. Ask again tomorrow, or call them.")


class NobodyToAsk(DomainError):
    """Everybody has said whether they come, or mail does not reach those who have not."""

    code = "nobody_to_ask"
    sentence = _("Mail reaches nobody of those who have yet to say. Call them instead.")


class NothingToAsk(DomainError):
    """A question for a time asks for at least one, and for no more than people will read."""

    code = "nothing_to_ask"
    sentence = _("Tick at least one time and at most twelve, or type one of your own.")


class ClosesTooLate(DomainError):
    """Answers are wanted from today on, and before the first of the times."""

    code = "closes_too_late"
    sentence = _("Let the last day to answer be today or later, and not after the first of the times.")


class TimePollIsClosed(DomainError):
    """What people can is asked until a day, or until a leader closes it."""

    code = "time_poll_is_closed"
    sentence = _("This question is closed. If you have to tell something, write to your leader.")


class AnswerEachTime(DomainError):
    """An answer says of each time whether somebody can."""

    code = "answer_each_time"
    sentence = _("Choose an answer for each of the times.")


class AgendaHasItems(DomainError):
    """A ready agenda is for one that is still empty."""

    code = "agenda_has_items"
    sentence = _("There is an agenda already. Add to it, or take its items off first.")


class AgendaIsFull(DomainError):
    """An agenda that nobody can go through in one meeting helps nobody."""

    code = "agenda_is_full"
    sentence = _("There are forty items already, more than one meeting can take up. Take some off first.")


class AgendaIsOver(DomainError):
    """The agenda of a meeting that is over stays as it was."""

    code = "agenda_is_over"
    sentence = _("This meeting is over, so its agenda stays as it was. Put it on the next one.")


class NoDates(DomainError):
    """A series has at least one meeting."""

    code = "no_dates"
    sentence = _("No date comes of this. Let it end later, or take out fewer months and days.")


class TooManyMeetings(DomainError):
    """More meetings than anybody plans at once are a slip of the keyboard."""

    code = "too_many_meetings"
    sentence = _("These are more than 250 meetings. Let the series end sooner, or meet less often.")


class SeriesTooLong(DomainError):
    """A series is planned for two years at most."""

    code = "series_too_long"
    sentence = _("A series lasts two years at most. Choose an earlier end; you can plan it on later.")


class NotInSeries(DomainError):
    """Only a meeting of a series has others that follow."""

    code = "not_in_series"
    sentence = _("This meeting belongs to no series. Change it alone.")


class SeriesIsOver(DomainError):
    """What is said of all meetings to come needs one."""

    code = "series_is_over"
    sentence = _("No meeting of this series is to come.")


class NotYet(DomainError):
    """A meeting is run, and people check in, from an hour before it begins."""

    code = "not_yet"
    sentence = _("This opens an hour before the meeting begins.")


class MeetingIsClosed(DomainError):
    """After the close, members write no more; whoever leads still can."""

    code = "meeting_is_closed"
    sentence = _("This meeting is closed, and you cannot write in it any more. Tell whoever leads it.")


class Pausing(DomainError):
    """Who is pausing reads along, and writes again once they are back."""

    code = "pausing"
    sentence = _("You are pausing, so you only read here. End your pause in the group, then you can write.")


class TooEarlyToSay(DomainError):
    """What a meeting was worth can be said once it has begun."""

    code = "too_early_to_say"
    sentence = _("This meeting has not begun yet. Say what it was worth when you have been there.")


class LongOver(DomainError):
    """A meeting is run on its day; what came of it can be written down later."""

    code = "long_over"
    sentence = _("This meeting is over. Take its attendance, and write down what came of it.")


class CheckInIsOver(DomainError):
    """Checking in ends some hours after the meeting, and when attendance is taken."""

    code = "check_in_is_over"
    sentence = _("Checking in is over. If you were there, tell whoever leads the meeting.")


class NotForOthers(DomainError):
    """Only whoever leads writes down what somebody else commits to or needs."""

    code = "not_for_others"
    sentence = _("Only whoever leads the meeting can write this down for somebody else.")


class NobodyHere(DomainError):
    """A meeting closes with who was there."""

    code = "nobody_here"
    sentence = _("Nobody is checked in yet. Say first who was there.")


class NothingWritten(DomainError):
    """A row without words says nothing."""

    code = "nothing_written"
    sentence = _("Write a few words first.")


class NotTheirs(DomainError):
    """Who wrote something takes it back, or who leads."""

    code = "not_theirs"
    sentence = _("Only who wrote this can take it back, or whoever leads the meeting.")


class SayWhetherTried(DomainError):
    """The other answers say little without the first."""

    code = "say_whether_tried"
    sentence = _("Choose first how far you tried it, from 0 to 3.")


class NotAsked(DomainError):
    """Only who was missing is asked what it was."""

    code = "not_asked"
    sentence = _("You are not on the list of those who were missing, so there is nothing to answer.")


class CalendarNotRead(DomainError):
    code = "calendar_not_read"
    sentence = _("This is no calendar file. Export your calendar as .ics, and choose that file.")


class CalendarTooLarge(DomainError):
    code = "calendar_too_large"
    sentence = _("This calendar is too large. Export only the next months of it, and bring that.")
