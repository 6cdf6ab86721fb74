"""The words that the sender of a mail wrote in it, without what they quote and their signature."""

from coppice.notifications.inbound.reading import ReadMail
from engines import replies


def of(read: ReadMail) -> str:
    """Return a mail's own words, "" where it has none."""
    return replies.read(read.text, html=read.html).words.strip()
