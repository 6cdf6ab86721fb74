"""The posts of a conversation: written here, as a template takes far longer over fifty of them.

What few posts have, such as files and words that are hidden, stays in templates.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coppice.conversations.board import PostLine
from coppice.conversations.models import Post, Reaction, Thread
from coppice.ui.addresses import Addresses
from coppice.ui.badges import initials
from coppice.ui.dates import local_time
from coppice.ui.icons import icon
from coppice.ui.markup import markup, once_field

POST = """
<article class="{classes}" id="post-{pk}" aria-labelledby="by-{pk}">
  <div class="person">
    {disc}
    <div>
      <h3 id="by-{pk}">{name}</h3>
      <p class="fine">{facts}</p>
    </div>
  </div>
  {quotation}
  {kept}
  {words}
  {foot}
</article>"""
QUOTATION = """<blockquote class="talk-quote" dir="auto">
      <p>{text}</p>
      <footer class="fine">{name}</footer>
    </blockquote>"""
WORDS = '<div class="talk-words" dir="auto">{html}</div>'
FOLDED = '<details class="fold"> <summary>{label}</summary> {words} </details>'
GONE = '<p class="faint">{words}</p>'
LINK = '<a href="{url}">{label}</a>'
STRONG = "<strong>{words}</strong>"
FOOT = """<div class="card-foot talk-foot">
  {buttons}
  {reactions}
  <div class="row">
    {ways}
  </div>
  {more}
</div>"""
REACTING = """<form class="row" method="post" action="{url}">
      {token}{once}
      {buttons}
    </form>"""
REACTION = (
    '<button class="button button-dense" name="kind" value="{kind}" aria-pressed="{is_mine}">'
    "{label}{badge}</button>"
)
BADGE = ' <span class="badge">{count}</span>'
SAID = '<p class="fine">{label}: {names}</p>'
SETTLING = """<form method="post" action="{url}">
        {token}{once}
        <input type="hidden" name="post" value="{pk}">
        <button class="button button-dense"> {icon} {label} </button>
      </form>"""
TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
BUTTON = '<a class="button button-dense" href="{url}">{label}</a>'
BUTTON_ABOUT = '<a class="button button-dense" href="{url}">{label}<span class="unseen"> {name}</span></a>'
MORE = """<details class="fold">
      <summary>{label}<span class="unseen"> {name}</span></summary>
      <div class="row"> {ways} </div>
    </details>"""
NOTHING = SafeString("")


@dataclass(frozen=True)
class Place:
    """Where posts stand, and what their reader may do there; `token` proves that a form is of this page."""

    thread: Thread
    may_reply: bool
    may_keep: bool
    may_arrange: bool
    leads: bool
    token: str


def posts(lines: Iterable[PostLine], place: Place) -> SafeString:
    """Write each post with all that its reader may do about it."""
    writer = _Writer(place)
    return SafeString("".join(writer.post(line) for line in lines))


class _Writer:
    """Writes posts of one page; addresses and words that all of them have are looked up once."""

    def __init__(self, place: Place) -> None:
        thread = place.thread
        is_question = thread.kind == Thread.Kind.QUESTION
        self.place = place
        self.here = thread.get_absolute_url()
        self.settling_url = reverse("conversations:settling", args=[thread.pk])
        self.token = markup(TOKEN, token=place.token) if place.token else NOTHING
        self.reacting, self.changing, self.taking_back, self.flagging, self.moving, self.hiding = (
            Addresses(f"conversations:{name}")
            for name in ("reactions", "edit", "removal", "flagging", "splitting", "hiding")
        )
        self.people = Addresses("conversations:person", thread.community_id)
        self.reactions = [(kind.value, str(kind.label)) for kind in Reaction.Kind]
        self.quote, self.change, self.take_back = _("Quote"), _("Change"), _("Take back")
        self.flag, self.distance, self.move, self.hide = _("Flag"), _("Distance"), _("Move"), _("Hide")
        self.more, self.new = _("More"), markup(STRONG, words=_("new"))
        self.settle = _("This answers it") if is_question else _("This helped")
        self.answer = markup(STRONG, words=_("answered the question") if is_question else _("helped"))

    def post(self, line: PostLine) -> SafeString:
        return markup(
            POST,
            classes="card talk-post card-leaf" if line.is_new else "card talk-post",
            pk=str(line.post.pk),
            disc=initials(line.name),
            name=line.name,
            facts=SafeString(" · ".join(self._facts(line))),
            quotation=_quotation(line),
            kept=self._from_template("post_hidden", line) if line.is_kept_back else NOTHING,
            words=self._words(line),
            foot=self._foot(line) if line.post.can_be_read else NOTHING,
        )

    def _facts(self, line: PostLine) -> Iterable[str]:
        """How and when it came, and what became of it."""
        post = line.post
        yield markup(LINK, url=self.here + post.anchor, label=local_time(post.written_at))
        if post.via == Post.Via.MAIL:
            yield _("by mail")
            if post.mail_id is not None and (line.is_mine or (self.place.leads and line.html)):
                url = reverse("notifications:received", args=[post.mail_id])
                yield markup(LINK, url=url, label=_("show the original"))
        elif post.via == Post.Via.ARCHIVE:
            yield _("from an archive")
            if post.has_original and post.can_be_read:  # type: ignore[attr-defined]
                url = reverse("conversations:original", args=[post.pk])
                yield markup(LINK, url=url, label=_("show the whole"))
        if post.edited_at and post.can_be_read:
            url = reverse("conversations:versions", args=[post.pk])
            yield markup(LINK, url=url, label=_("changed since"))
        if line.is_new:
            yield self.new
        if line.is_answer:
            yield self.answer

    def _words(self, line: PostLine) -> SafeString:
        if not line.shows_words:
            return _why_empty(line.post)
        words = markup(WORDS, html=line.html)
        if line.is_folded:
            label = _("You keep a distance. Show what it says")
            words = markup(FOLDED, label=label, words=words)
        return SafeString(words + self._from_template("post_files", line)) if line.files else words

    def _foot(self, line: PostLine) -> SafeString:
        return markup(
            FOOT,
            buttons=self._reacting(line) if self.place.may_reply else NOTHING,
            reactions=self._said(line) if line.reactions else NOTHING,
            ways=SafeString(" ".join(self._ways(line))),
            more=NOTHING if line.is_mine and not self.place.may_arrange else self._more(line),
        )

    def _reacting(self, line: PostLine) -> SafeString:
        given = {each.kind: each for each in line.reactions}
        buttons = [
            markup(
                REACTION,
                kind=kind,
                is_mine="true" if kind in given and given[kind].is_mine else "false",
                label=label,
                badge=markup(BADGE, count=str(given[kind].count)) if kind in given and given[kind].count else NOTHING,
            )
            for kind, label in self.reactions
        ]
        return markup(
            REACTING,
            url=self.reacting.of(line.post.pk),
            token=self.token,
            once=once_field(),
            buttons=SafeString("".join(buttons)),
        )

    def _said(self, line: PostLine) -> SafeString:
        labels = dict(self.reactions)
        return SafeString(
            " ".join(
                markup(SAID, label=labels[each.kind], names=", ".join(each.names))
                for each in line.reactions
                if each.count
            )
        )

    def _ways(self, line: PostLine) -> Iterable[SafeString]:
        """What stands in sight: quoting, saying that it helped, changing one's own."""
        post, thread, may_reply = line.post, self.place.thread, self.place.may_reply
        if may_reply:
            url = f"{self.here}?quote={post.pk}#reply"
            yield markup(BUTTON_ABOUT, url=url, label=self.quote, name=line.name)
        is_of_another = post.author_id is not None and post.author_id != thread.started_by_id
        if self.place.may_keep and thread.can_be_settled and is_of_another and not line.is_answer:
            yield markup(
                SETTLING,
                url=self.settling_url,
                token=self.token,
                once=once_field(),
                pk=str(post.pk),
                icon=icon("check"),
                label=self.settle,
            )
        if line.is_mine and may_reply:
            yield markup(BUTTON, url=self.changing.of(post.pk), label=self.change)
            yield markup(BUTTON, url=self.taking_back.of(post.pk), label=self.take_back)

    def _more(self, line: PostLine) -> SafeString:
        """What is needed seldom, behind a fold."""
        pk, ways = line.post.pk, []
        if not line.is_mine:
            ways.append((self.flagging.of(pk), self.flag))
        if not line.is_mine and line.is_present and line.post.author_id:
            ways.append((self.people.of(line.post.author_id), self.distance))
        if self.place.may_arrange:
            ways.append((self.moving.of(pk), self.move))
        if line.decides:
            ways.append((self.hiding.of(pk), self.hide))
        written = [markup(BUTTON_ABOUT, url=url, label=label, name=line.name) for url, label in ways]
        return markup(MORE, label=self.more, name=line.name, ways=SafeString(" ".join(written)))

    def _from_template(self, name: str, line: PostLine) -> SafeString:
        context = {"line": line, "post": line.post, "csrf_token": self.place.token}
        return render_to_string(f"conversations/{name}.html", context)


def _quotation(line: PostLine) -> SafeString:
    post = line.post
    if not post.quoted_text or (post.quoted and post.quoted.hidden_at):
        return NOTHING
    name: str = line.quoted_name
    if post.quoted:
        name = markup(LINK, url=post.quoted.get_absolute_url(), label=name)
    return markup(QUOTATION, text=linebreaksbr(post.quoted_text), name=name)


def _why_empty(post: Post) -> SafeString:
    """Say why nothing stands there, where nothing else does."""
    if post.taken_back_at:
        return markup(GONE, words=_("Taken back by whoever wrote it."))
    if not post.markdown:
        return markup(GONE, words=_("Whoever wrote this had themself erased."))
    return NOTHING
