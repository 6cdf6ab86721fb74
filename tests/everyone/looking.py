"""What holds of every page in every layout, and windows through which the cast looks at a served Coppice."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from coppice.accounts.models import Person
from tests.browser import PATIENCE, sticking_out, violations

# Only these rules of axe may find more when the colours of a page change, or the places of things alone.
COLOURED = ("color-contrast", "link-in-text-block")
PLACED = (*COLOURED, "target-size", "scrollable-region-focusable")


@dataclass(frozen=True)
class Layout:
    """One way to look at a page; `only` names the rules of axe that can tell it from the others."""

    name: str
    width: int
    height: int = 860
    scheme: Literal["light", "dark"] = "light"
    is_mirrored: bool = False
    only: tuple[str, ...] = ()


LAYOUTS = (
    Layout("desktop", 1360),
    Layout("desktop, dark", 1360, scheme="dark", only=COLOURED),
    Layout("phone", 320),
    Layout("phone, right to left", 320, is_mirrored=True, only=PLACED),
)

WHOLE = tuple(layout for layout in LAYOUTS if not layout.only)
"""Enough for a page that was looked at in all of them, and comes again with errors."""

LOOKING = Path(__file__).with_suffix(".js").read_text()


def mirror(page: Page) -> None:
    """Turn a page right to left. A page in the pseudo-language `ar-xb` turns itself: then load it in that."""
    page.evaluate("document.documentElement.dir = 'rtl'")


@dataclass
class Window:
    """One person's browser window, used for page after page; `troubles` is what its console complained of."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    scheme: str = ""

    def open(self, address: str) -> Response | None:
        """Open an address; None when it is a download, which nobody looks at."""
        try:
            return self._in_desktop(lambda: self.page.goto(address, wait_until="load"))
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return None

    def send(self, address: str, **answers: str) -> Response | None:
        """Send a form from within the browser, empty but for `answers`."""
        context = self.page.context
        if not any(cookie["name"] == "csrftoken" for cookie in context.cookies()):
            self.page.goto(reverse("account_login"))
        token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
        fields = {"csrfmiddlewaretoken": token, "once": uuid.uuid4().hex, **answers}

        def submit() -> Response | None:
            with self.page.expect_navigation(wait_until="load") as moved:
                self._ask("send(...told)", address, fields)
            return moved.value

        return self._in_desktop(submit)

    def shows_a_page(self) -> bool:
        """Whether this is a page; a fragment is part of one, and a file is none."""
        return self.page.evaluate("document.contentType === 'text/html' && document.doctype !== null")

    def assert_right(self, layouts: Sequence[Layout] = LAYOUTS) -> None:
        """Fail with all that is wrong with the open page, in these layouts; it stays in the last one."""
        wrong = self._ask("whole()")
        for layout in layouts:
            self._lay_out(layout)
            self._ask("settled()")
            found = violations(self.page, layout.only) + sticking_out(self.page) + self._ask("small()")
            if not layout.only:
                found += self._ask("long()")
            wrong += [f"{layout.name}: {each}" for each in found]
        wrong += [f"console: {each}" for each in self.troubles]
        assert wrong == [], "\n".join(wrong)

    def assert_refusal_helps(self) -> None:
        """Fail with what is wrong with how the page that is open tells errors."""
        wrong = self._ask("refusal()")
        assert wrong == [], "\n".join(wrong)

    def _ask(self, question: str, *told: Any) -> Any:
        if not self.page.evaluate("'looking' in window"):
            self.page.evaluate(LOOKING)
        return self.page.evaluate(f"(told) => looking.{question}", told)

    def _in_desktop(self, move: Callable[[], Response | None]) -> Response | None:
        self._lay_out(LAYOUTS[0])
        self.troubles.clear()
        return move()

    def _lay_out(self, layout: Layout) -> None:
        size = {"width": layout.width, "height": layout.height}
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)
        if self.scheme != layout.scheme:
            self.page.emulate_media(color_scheme=layout.scheme)
            self.scheme = layout.scheme
        if layout.is_mirrored:
            mirror(self.page)

    def note(self, words: str, where: str = "") -> None:
        """Keep a complaint; that a refused page is a refusal is no news."""
        if not (words.startswith("Failed to load resource") and where == self.page.url):
            self.troubles.append(f"{words} {where}".strip())


@contextmanager
def window(browser: Browser, site: str, person: Person | None, **options: Any) -> Iterator[Window]:
    """Open a window as somebody who is signed in, or as nobody."""
    context = browser.new_context(
        base_url=site, viewport={"width": 1360, "height": 860}, reduced_motion="reduce", **options
    )
    if person is not None:
        sign_in(context, person, site)
    made = Window(context.new_page())
    made.page.set_default_timeout(PATIENCE)
    made.page.on(
        "console",
        lambda message: made.note(message.text, message.location["url"]) if message.type == "error" else None,
    )
    made.page.on("pageerror", lambda error: made.note(str(error)))
    yield made
    context.close()


def sign_in(context: BrowserContext, person: Person, site: str) -> None:
    """Give a browser the session of somebody who signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": site}])
