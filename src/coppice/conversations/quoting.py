"""Whether a quotation holds what somebody wrote, and nothing put into their mouth."""

import re

from coppice.conversations.models import Post
from coppice.lib.markdown import to_words

LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?|\n")


def says(post: Post, part: str) -> bool:
    """Say whether a post says this, now or before it was changed; "…" and line breaks leave words out."""
    pieces = [_plain(piece) for piece in LEFT_OUT.split(part)]
    texts = [post.markdown]
    if any(pieces) and post.edited_at is not None:
        texts += post.versions.values_list("markdown", flat=True)
    return any(
        all(piece in whole for piece in pieces)
        for text in texts
        for whole in (_plain(to_words(text)), _plain(text))
    )


def _plain(text: str) -> str:
    """The words with one space between them, a sign of quotation before a line left out."""
    return " ".join(re.sub(r"^\s*>+", "", text, flags=re.MULTILINE).split()).casefold()
