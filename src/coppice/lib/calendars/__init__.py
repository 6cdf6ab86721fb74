"""Write iCalendar text (RFC 5545, RFC 5546) that every common calendar program reads the same way."""

from coppice.lib.calendars.events import Attendee, CalendarEvent, Method, Organizer, Participation, Status
from coppice.lib.calendars.recurring import Recurrence
from coppice.lib.calendars.writing import write_calendar

__all__ = [
    "Attendee",
    "CalendarEvent",
    "Method",
    "Organizer",
    "Participation",
    "Recurrence",
    "Status",
    "write_calendar",
]
