"""The lines of a list of conversations: written here, as a template takes four times as long over each."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.conversations.lists import Line
from coppice.conversations.models import Thread
from coppice.ui.addresses import Addresses
from coppice.ui.dates import local_time
from coppice.ui.markup import markup

LINE = """
<li class="talk-line">
  <div>
    <p class="fine">{facts}</p>
    <strong><a href="{url}">{title}</a></strong>
    {last}
    <p class="fine">{begun} · {replies} · {when}</p>
  </div>
  {new}
</li>"""
LAST = '<p class="talk-last" dir="auto">{by}: {words}</p>'
NEW = '<span class="pill pill-leaf">{words}</span>'
NOTHING = SafeString("")


def lines(lines: Iterable[Line]) -> SafeString:
    """Write an item of a list for each conversation."""
    urls = Addresses("conversations:thread")
    return SafeString("".join(_line(line, urls) for line in lines))


def _line(line: Line, urls: Addresses) -> SafeString:
    thread, count = line.thread, line.thread.reply_count
    new = ngettext("%(count)s new", "%(count)s new", line.new) % {"count": line.new} if line.new else ""
    return markup(
        LINE,
        facts=" · ".join(_facts(line)),
        url=urls.of(thread.pk),
        title=str(thread),
        last=markup(LAST, by=line.last_by, words=line.last_words) if line.last_words else NOTHING,
        begun=_("begun by %(name)s") % {"name": line.starter},
        replies=ngettext("%(count)s reply", "%(count)s replies", count) % {"count": count},
        when=local_time(thread.last_post_at, yours=False),
        new=markup(NEW, words=new) if line.is_new and new else NOTHING,
    )


def _facts(line: Line) -> Iterable[str]:
    thread = line.thread
    yield str(thread.get_kind_display())
    if thread.is_settled:
        yield _("answered") if thread.kind == Thread.Kind.QUESTION else _("helped")
    if not thread.post_count:
        yield _("only you see it")
    if thread.locked_at:
        yield _("locked")
    if line.is_muted:
        yield _("you hear no more of it")
