"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNTYPED = {"hidden", "submit", "button", "search"}


@dataclass
class PageForm:
    """One form: its method, its address ("" is the page's own), what it sends, and what can be changed.

    `filled` names the controls that show something already, `texts` those into which people type words.
    """

    method: str
    action: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def value(self, name: str) -> str | None:
        """What is sent under a name; None where there is no such field."""
        return next((value for key, value in self.sent if key == name), None)


def forms_of(page: str) -> list[PageForm]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.control = ""
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self.form = PageForm(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and name:
            self._read_input(self.form, name, given)
        elif tag == "textarea":
            self.control, self.text = name, []
        elif tag == "select":
            self.control = name
        elif tag == "option" and "selected" in given:
            self.form.sent.append((self.control, given.get("value", "")))
            if given.get("value"):
                self.form.filled.add(self.control)

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.form is not None and self.text is not None:
            text, self.text = "".join(self.text).removeprefix("\n"), None
            self.form.sent.append((self.control, text))
            self.form.texts.add(self.control)
            if text.strip():
                self.form.filled.add(self.control)

    def _read_input(self, form: PageForm, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                form.sent.append((name, value if "value" in given else "on"))
                form.filled.add(name)
            return
        form.sent.append((name, value))
        if kind == "text":
            form.texts.add(name)
        if value and kind not in UNTYPED:
            form.filled.add(name)
