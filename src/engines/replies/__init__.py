"""A mail's body in; the words that its writer added, told from quotes and signatures, out. See README.md."""

from engines.replies.reading import MOST, Kind, Reading, read

__all__ = ["MOST", "Kind", "Reading", "read"]
