"""Words put into HTML are escaped once."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from coppice.ui.markup import markup


def test_words_are_escaped_as_django_escapes_them_and_markup_is_kept():
    wicked = """<b title="x">'&'</b>"""
    kept = markup("<i>{word}</i>", word="{word} & more")

    written = markup('<p title="{title}">{title} {kept}</p>', title=wicked, kept=kept)

    assert written == format_html('<p title="{title}">{title} {kept}</p>', title=wicked, kept=kept)
    assert isinstance(written, SafeString)
    assert kept == "<i>{word} &amp; more</i>"
