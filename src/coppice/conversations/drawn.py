"""What a post says as HTML and in short: made once when it is written, and kept with it.

Markdown costs more than all else of a long conversation's page. What is kept says by which text and which
`lib.markdown` it was made, so that nothing is ever shown that its text does not say any more. Where HTML
depends on who reads it, because it names people or has a word of ours, none is kept.
"""

from hashlib import blake2b

from django.db import transaction
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from coppice.conversations.models import Post
from coppice.lib.markdown import WRITTEN_BY, to_html, to_words

SNIPPET = 140
KEPT_WORDS = 300
AT_ONCE = 100
OUR_WORDS = "aria-label"
AFTER_ALL = "g"  # behind every digest, which has letters up to f
NOTHING = {"html": "", "first_words": "", "drawn_as": ""}


def drawn(markdown: str) -> dict[str, str]:
    """Return the columns of a post that keep what its text is drawn as."""
    html = to_html(markdown)
    return {
        "html": "" if OUR_WORDS in html else html,
        "first_words": to_words(markdown)[:KEPT_WORDS],
        "drawn_as": _key(markdown),
    }


def html_of(post: Post, *, marked: list[str]) -> SafeString:
    """Return what a post says, in which the words `marked` stand out."""
    if not marked and post.html and post.drawn_as == _key(post.markdown):
        return SafeString(post.html)
    return to_html(post.markdown, marked=marked)


def in_short(markdown: str, *, first_words: str, drawn_as: str) -> str:
    """Return the first words of a post, by the columns that it has."""
    words = first_words if drawn_as == _key(markdown) else to_words(markdown)
    return words if len(words) <= SNIPPET and words.isascii() else Truncator(words).chars(SNIPPET)


def draw_the_rest(*, most: int) -> int:
    """Draw posts that came without it, or that an older `lib.markdown` drew; return how many."""
    old = Q(drawn_as__lt=WRITTEN_BY) | Q(drawn_as__gt=WRITTEN_BY + AFTER_ALL)
    posts = list(Post.objects.filter(old).exclude(markdown="").order_by("pk").only("markdown")[:most])
    for start in range(0, len(posts), AT_ONCE):
        _draw(posts[start : start + AT_ONCE])
    return len(posts)


def _draw(posts: list[Post]) -> None:
    for post in posts:
        for column, value in drawn(post.markdown).items():
            setattr(post, column, value)
    with transaction.atomic():
        there = Post.objects.filter(pk__in=[each.pk for each in posts]).exclude(markdown="")
        known = dict(there.select_for_update().values_list("pk", "markdown"))
        same = [each for each in posts if known.get(each.pk) == each.markdown]
        Post.objects.bulk_update(same, [*NOTHING])


def _key(markdown: str) -> str:
    digest = blake2b(markdown.encode(errors="replace"), digest_size=12).hexdigest()
    return f"{WRITTEN_BY}{digest}"
