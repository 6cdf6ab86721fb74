"""The posts of a conversation: written here, as a template takes far longer over fifty of them.

What few posts have, such as files and words that are hidden, stays in templates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coppice.conversations.board import PostLine, ReactionLine
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
      <p class="fine"><a href="{here}?post={pk}#post-{pk}">{when}</a>{facts}</p>
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
WORDS = '<div class="talk-words" dir="auto">'
FOLDED = '<details class="fold"> <summary>{label}</summary> {words} </details>'
GONE = '<p class="faint">{words}</p>'
LINK = '<a href="{url}">{label}</a>'
FACT = " · {fact}"
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
CSRF = '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
BUTTON = '<a class="button button-dense" href="{url}">{label}</a>'
BUTTON_ABOUT = '<a class="button button-dense" href="{url}">{label}<span class="unseen"> {name}</span></a>'
MORE = """<details class="fold">
      <summary>{label}<span class="unseen"> {name}</span></summary>
      <div class="row"> {ways} </div>
    </details>"""
NOTHING = SafeString("")


@dataclass(frozen=True)
class Place:
    """Where posts stand, and what their reader may do there; `token` proves that a form is of this page.

    `keep_url` is where a practice is begun of one of them, but for its end; "" where nobody may.
    """

    thread: Thread
    may_reply: bool
    may_take_back: bool
    may_keep: bool
    may_arrange: bool
    leads: bool
    keep_url: str
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
        self.reactions = [(kind.value, str(kind.label)) for kind in Reaction.Kind]
        self.plain_buttons = _buttons(self.reactions, {})
        self.new = markup(STRONG, words=_("new"))
        self.answer = markup(STRONG, words=_("answered the question") if is_question else _("helped"))
        self.patterns: dict[Standing | None, str] = {}

    def post(self, line: PostLine) -> SafeString:
        post = line.post
        standing = self._standing(line) if post.can_be_read else None
        pattern = self.patterns.get(standing)
        if pattern is None:
            pattern = self.patterns[standing] = _pattern(standing, self.place, here=self.here)
        given = line.reactions
        kinds = {each.kind: each for each in given}
        return markup(
            pattern,
            classes="card talk-post card-leaf" if line.is_new else "card talk-post",
            pk=str(post.pk),
            disc=initials(line.name),
            name=line.name,
            author=str(post.author_id),
            when=local_time(post.written_at),
            facts=SafeString("".join(markup(FACT, fact=each) for each in self._facts(line))),
            quotation=_quotation(line) if post.quoted_text else NOTHING,
            kept=self._from_template("post_hidden", line) if line.is_kept_back else NOTHING,
            words=self._words(line),
            once=once_field(),
            once_too=once_field() if standing and standing.can_settle else NOTHING,
            buttons=_buttons(self.reactions, kinds) if given else self.plain_buttons,
            said=_said(self.reactions, given) if given else NOTHING,
        )

    def _standing(self, line: PostLine) -> "Standing":
        post = line.post
        is_of_another = post.author_id is not None and post.author_id != self.place.thread.started_by_id
        return Standing(
            is_mine=line.is_mine,
            has_page=line.is_present and post.author_id is not None,
            can_settle=is_of_another and not line.is_answer,
            is_answer=line.is_answer,
            decides=line.decides,
        )

    def _facts(self, line: PostLine) -> Iterable[str]:
        """How it came, and what became of it."""
        post = line.post
        if post.via == Post.Via.MAIL:
            yield _("by mail")
            may_see = line.is_mine or (self.place.leads and line.html and not line.may_quote_gone)
            if post.mail_id is not None and may_see:
                url = reverse("notifications:received", args=[post.mail_id])
                yield markup(LINK, url=url, label=_("show the original"))
        elif post.via == Post.Via.ARCHIVE:
            yield _("from an archive")
            is_whole_shown = post.has_original and post.can_be_read  # type: ignore[attr-defined]
            if is_whole_shown and not line.may_quote_gone:
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
        words = SafeString(f"{WORDS}{line.html}</div>")
        if line.is_folded:
            label = _("You have muted them. Show what it says")
            words = markup(FOLDED, label=label, words=words)
        return SafeString(words + self._from_template("post_files", line)) if line.files else words

    def _from_template(self, name: str, line: PostLine) -> SafeString:
        context = {"line": line, "post": line.post, "csrf_token": self.place.token}
        return render_to_string(f"conversations/{name}.html", context)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands to a post: all by which the feet of posts on one page differ."""

    is_mine: bool
    has_page: bool
    can_settle: bool
    is_answer: bool
    decides: bool


def _pattern(standing: Standing | None, place: Place, *, here: str) -> str:
    """Return such posts as a pattern, with gaps for what each has of its own; without a foot for None."""
    own = ("classes", "pk", "disc", "name", "when", "facts", "quotation", "kept", "words")
    foot = _foot(standing, place) if standing else NOTHING
    return markup(POST, **{name: _gap(f"{{{name}}}") for name in own}, here=here, foot=foot)


def _foot(standing: Standing, place: Place) -> SafeString:
    token = markup(CSRF, token=place.token) if place.token else NOTHING
    url = Addresses("conversations:reactions").of("{pk}")
    reacting = markup(REACTING, url=_gap(url), token=token, once=_gap("{once}"), buttons=_gap("{buttons}"))
    return markup(
        FOOT,
        buttons=reacting if place.may_reply else NOTHING,
        reactions=_gap("{said}"),
        ways=SafeString(" ".join(_ways(standing, place, token))),
        more=NOTHING if standing.is_mine and not place.may_arrange else _more(standing, place),
    )


def _ways(standing: Standing, place: Place, token: SafeString) -> Iterable[SafeString]:
    """What stands in sight: quoting, saying that it helped, keeping it, changing one's own."""
    thread = place.thread
    if place.may_reply:
        yield _about(f"{thread.get_absolute_url()}?quote={{pk}}#reply", _("Quote"))
    if place.may_keep and thread.can_be_settled and standing.can_settle:
        is_question = thread.kind == Thread.Kind.QUESTION
        yield markup(
            SETTLING,
            url=reverse("conversations:settling", args=[thread.pk]),
            token=token,
            once=_gap("{once_too}"),
            pk=_gap("{pk}"),
            icon=icon("check"),
            label=_kept(_("This answers it") if is_question else _("This helped")),
        )
    if place.keep_url and standing.is_answer:
        yield _about(f"{_kept(place.keep_url)}post:{{pk}}", _("Keep this as a practice"))
    if standing.is_mine and place.may_reply:
        yield _own("edit", _("Change"))
    if standing.is_mine and place.may_take_back:
        yield _own("removal", _("Take back"))


def _more(standing: Standing, place: Place) -> SafeString:
    """What is needed seldom, behind a fold."""
    ways = []
    if not standing.is_mine:
        ways.append(_about(Addresses("conversations:flagging").of("{pk}"), _("Flag")))
    if not standing.is_mine and standing.has_page:
        people = Addresses("conversations:person", place.thread.community_id)
        ways.append(_about(people.of("{author}"), _("Mute or block")))
    if place.may_arrange:
        ways.append(_about(Addresses("conversations:splitting").of("{pk}"), _("Split off")))
    if standing.decides:
        ways.append(_about(Addresses("conversations:hiding").of("{pk}"), _("Hide")))
    return markup(MORE, label=_kept(_("More")), name=_gap("{name}"), ways=SafeString(" ".join(ways)))


def _own(name: str, label: str) -> SafeString:
    return markup(BUTTON, url=_gap(Addresses(f"conversations:{name}").of("{pk}")), label=_kept(label))


def _about(url: str, label: str) -> SafeString:
    """A button that says to screen readers whose post it is about."""
    return markup(BUTTON_ABOUT, url=_gap(url), label=_kept(label), name=_gap("{name}"))


def _gap(pattern: str) -> SafeString:
    """What is filled for each post."""
    return SafeString(pattern)


def _kept(words: str) -> SafeString:
    """Words of ours in a pattern, in which no brace begins a gap."""
    return SafeString(escape(words).replace("{", "{{").replace("}", "}}"))


def _buttons(kinds: Sequence[tuple[str, str]], given: Mapping[str, ReactionLine]) -> SafeString:
    """The ready reactions: how many said each, and whether the reader did."""
    return SafeString("".join(_button(kind, label, given.get(kind)) for kind, label in kinds))


def _button(kind: str, label: str, said: ReactionLine | None) -> SafeString:
    return markup(
        REACTION,
        kind=kind,
        is_mine="true" if said and said.is_mine else "false",
        label=label,
        badge=markup(BADGE, count=str(said.count)) if said and said.count else NOTHING,
    )


def _said(kinds: Sequence[tuple[str, str]], given: Iterable[ReactionLine]) -> SafeString:
    """Who said what, by name."""
    labels = dict(kinds)
    lines = (
        markup(SAID, label=labels[each.kind], names=", ".join(each.names)) for each in given if each.count
    )
    return SafeString(" ".join(lines))


def _quotation(line: PostLine) -> SafeString:
    post = line.post
    if post.quoted and post.quoted.hidden_at:
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
