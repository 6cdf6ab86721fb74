"""The words that the sender of a mail wrote in it."""

from coppice.notifications.inbound.reading import ReadMail


def of(read: ReadMail) -> str:
    """Return a mail's own words."""
    return read.text.strip()
