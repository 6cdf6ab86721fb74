"""Made-up people who take part in a live room by the same pages and streams as anybody's phone.

Each joins by the code, looks at the stream, and when a step asks something reads the form on their own page,
fills it in and sends it. Whatever kind of step it is: they know forms, not steps. Who says what follows from
the seed alone; when they say it depends on the room.
"""

import asyncio
import random
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext_lazy as _

from coppice.demo import cast
from coppice.lib.errors import DomainError

SILENT, SECOND_THOUGHTS = 0.08, 0.1  # shares of those who do not answer, and who change their answer
LONGEST_WAIT = 60.0  # seconds for one answer of the server
WORDS = {
    "en": (
        "more volunteers who stay",
        "somebody to ask",
        "rides for people without a car",
        "less paperwork",
        "how others say thank you",
        "a list of who knows what",
        "grant writing",
        "more volunteers who stay",
        "time to talk",
        "how to begin",
        "young people on the team",
        "somebody to ask",
    ),
    "es": (
        "más voluntarios que se queden",
        "alguien a quien preguntar",
        "transporte para quien no tiene auto",
        "menos papeleo",
        "cómo dan las gracias otros grupos",
        "una lista de quién sabe qué",
        "escribir solicitudes de fondos",
        "más voluntarios que se queden",
        "tiempo para conversar",
        "cómo empezar",
        "jóvenes en el equipo",
        "alguien a quien preguntar",
    ),
}


class NoSuchRoom(DomainError):
    code = "no_such_room"
    sentence = _("No room that goes on has this code. Look at the projector or the host's page.")


class NotTheDemo(DomainError):
    code = "not_the_demo"
    sentence = _(
        "This is no demo: made-up people would stand among real ones. "
        "If you want that, say it with --among-real-people."
    )


class OutOfReach(DomainError):
    code = "out_of_reach"
    sentence = _("No Coppice answers there: start it, or name its address with --at.")


@dataclass
class Form:
    """A form of a page that asks for something, and how its fields can be filled."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    places: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether there is anything to say; what only has a button is not for a made-up person to press."""
        return bool(self.choices or self.places or self.texts)


class Page(HTMLParser):
    """What a phone's page shows: its forms, its stream, its step and round, its language.

    `has_own` says that there is a part for each phone alone, which only one's own page has.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.stream = self.place = ""
        self.has_own = False
        self.language = "en"
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.stream = self.stream or said.get("data-stream", "")
        if tag == "html":
            self.language = said.get("lang", "en")[:2]
        if said.get("data-part") == "task":
            self.place = f"{said.get('data-step')}.{said.get('data-round')}"
            self.has_own = bool(said.get("data-own"))
        if tag == "form":
            self.forms.append(Form(said.get("action", "")))
        elif self.forms:
            self._take(self.forms[-1], tag, said)

    def _take(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "select":
            self.select = name
            form.places[name] = []
        elif tag == "option" and said.get("value"):
            form.places[self.select].append(said["value"])
        elif tag == "textarea" or (tag == "input" and kind == "text"):
            form.texts[name] = int(said.get("maxlength") or 120)
        elif tag == "input" and kind == "hidden":
            form.hidden[name] = said.get("value", "")
        elif tag == "input" and kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(said.get("value", "on"))
            form.several |= {name} if kind == "checkbox" else set()


def chance_of(seed: str) -> random.Random:
    """Return what decides, the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - nothing secret hangs on it


def filled(
    form: Form, *, chance: random.Random, taste: random.Random, language: str
) -> list[tuple[str, str]]:
    """Return a believable answer to a form: `taste` is the whole room's, `chance` one person's."""
    answer = list(form.hidden.items())
    for name, values in form.choices.items():
        weights = _weights(values, taste)
        if name in form.several:
            count = chance.randint(1, min(3, len(values)))
            picked = sorted(dict.fromkeys(chance.choices(values, weights, k=count)))
            answer += [(name, value) for value in picked]
        else:
            answer.append((name, chance.choices(values, weights)[0]))
    if form.places:
        names = list(form.places)
        order = sorted(names, key=lambda name: taste.random() + chance.gauss(0, 0.35))
        answer += [(name, str(order.index(name) + 1)) for name in names]
    for name, longest in form.texts.items():
        answer.append((name, chance.choice(WORDS.get(language, WORDS["en"]))[:longest]))
    return answer


def _weights(values: list[str], taste: random.Random) -> list[float]:
    """Some answers are liked better; those of a scale lie around its upper middle."""
    if values == [str(number) for number in range(1, len(values) + 1)]:
        middle = len(values) * taste.uniform(0.5, 0.75)
        return [1 / (1 + (number - middle) ** 2) for number in range(1, len(values) + 1)]
    return [taste.uniform(0.3, 3) for _value in values]


@dataclass(frozen=True)
class Answer:
    """What a server answered: its status, its body, where it leads and the cookie that it set."""

    status: int
    body: str
    location: str = ""
    cookie: str = ""


@dataclass(frozen=True)
class Site:
    """A Coppice at an address, asked by one connection for each request."""

    address: str

    async def get(self, path: str) -> Answer:
        """Ask for a page."""
        return await asyncio.wait_for(self._ask(f"GET {path}", "", ""), LONGEST_WAIT)

    async def post(self, path: str, said: list[tuple[str, str]], *, cookie: str) -> Answer:
        """Send a form as the phone's own module does."""
        return await asyncio.wait_for(self._ask(f"POST {path}", cookie, urlencode(said)), LONGEST_WAIT)

    async def lines(self, path: str) -> AsyncIterator[str]:
        """Read a stream line by line, until it ends."""
        reader, writer = await self._open(f"GET {path}", "", "")
        try:
            while line := await reader.readline():
                yield line.decode()
        finally:
            writer.close()

    async def _ask(self, what: str, cookie: str, body: str) -> Answer:
        reader, writer = await self._open(what, cookie, body)
        try:
            head, _, text = (await reader.read()).decode().partition("\r\n\r\n")
        finally:
            writer.close()
        if not head:
            raise ConnectionError
        said = re.findall(r"(?m)^([\w-]+): (.*?)\r?$", head)
        named = {name.lower(): value for name, value in said}
        cookie = named.get("set-cookie", "").partition(";")[0]
        return Answer(int(head.split()[1]), text, named.get("location", ""), cookie)

    async def _open(
        self, what: str, cookie: str, body: str
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = urlsplit(self.address)
        secure = ssl.create_default_context() if place.scheme == "https" else None
        port = place.port or (443 if secure else 80)
        reader, writer = await asyncio.open_connection(place.hostname, port, ssl=secure, limit=2**22)
        head = [f"{what} HTTP/1.0", f"Host: {place.netloc}", f"Referer: {self.address}/", "X-Live: 1"]
        head += [f"Cookie: {cookie}"] if cookie else []
        if body:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        await writer.drain()
        return reader, writer


@dataclass
class Phone:
    """One made-up person and what they have done; everything that they choose follows from `seed`."""

    site: Site
    name: str
    seed: str
    room_seed: str
    pace: float
    answers: int = 0
    done: set[str] = field(default_factory=set)

    async def join(self, code: str) -> str:
        """Come in by the code, and return the address of one's own page; "" when nobody comes in."""
        door = f"/join/{code}/"
        answer = await self.site.get(door)
        if answer.status != 200:
            return ""
        [form] = [each for each in Page(answer.body).forms if "name" in each.texts]
        said = [*form.hidden.items(), ("name", self.name)]
        return (await self.site.post(door, said, cookie=answer.cookie)).location

    async def take_part(self, code: str, *, after: float) -> None:
        """Join after so many seconds, then do what each step asks, until the room ends."""
        await asyncio.sleep(after)
        page = await self.join(code)
        stream = Page((await self.site.get(page)).body).stream if page else ""
        while stream:
            with suppress(OSError):
                await self._listen(page, stream)
            await asyncio.sleep(1)

    async def _listen(self, page: str, stream: str) -> None:
        html = ""
        async for line in self.site.lines(stream):
            html = "" if line.startswith("event:") else html + line.removeprefix("data: ")
            if line.strip() or "data-part" not in html:
                continue
            shown, html = Page(html), ""
            asks = shown.has_own or any(form.asks for form in shown.forms)
            if asks and shown.place not in self.done:
                self.done.add(shown.place)
                await self._do(page, shown.place)

    async def _do(self, page: str, place: str) -> None:
        chance = chance_of(f"{self.seed}.{place}")
        if chance.random() < SILENT:
            return
        for _turn in range(1 + (chance.random() < SECOND_THOUGHTS)):
            await asyncio.sleep(self.pace * chance.betavariate(2, 4))
            answer = await self.site.get(page)
            shown = Page(answer.body)
            if shown.place != place:
                return
            for number, form in enumerate(form for form in shown.forms if form.asks):
                taste = chance_of(f"{self.room_seed}.{place}.{number}")
                said = filled(form, chance=chance, taste=taste, language=shown.language)
                sent = await self.site.post(form.action, said, cookie=answer.cookie)
                self.answers += sent.status < 300


def play(
    address: str, *, code: str = "", people: int, seconds: float, seed: int, is_meant: bool = False
) -> int:
    """Let so many made-up people take part in a room for so long, and return how many answers they sent.

    Without a code they go to the room of the demo's front page. They join within a fifth of the time, and
    answer within a quarter of a minute or, when the whole is short, within a fifth of it. Raises OutOfReach,
    NoSuchRoom, and NotTheDemo unless it `is_meant` for real people's room.
    """
    return asyncio.run(_play(Site(address.rstrip("/")), code, people, seconds, seed, is_meant))


async def _play(
    site: Site,
    code: str,
    people: int,
    seconds: float,
    seed: int,
    is_meant: bool,
) -> int:
    code = await _found(site, code, is_meant=is_meant)
    chance = chance_of(f"{seed}.names")
    names = cast.people(max(people, len(cast.LEADERS)))
    chance.shuffle(names)
    phones = [
        Phone(site, name, f"{seed}.{number}", str(seed), pace=min(15.0, seconds / 5))
        for number, name in enumerate(names[:people])
    ]
    tasks = [
        asyncio.ensure_future(phone.take_part(code, after=chance.uniform(0, seconds / 5))) for phone in phones
    ]
    done, going_on = await asyncio.wait(tasks, timeout=seconds)
    for task in going_on:
        task.cancel()
    await asyncio.gather(*going_on, return_exceptions=True)
    for task in done:
        task.result()
    return sum(phone.answers for phone in phones)


async def _found(site: Site, code: str, *, is_meant: bool) -> str:
    try:
        front = await site.get("/demo/")
        if front.status != 200 and not is_meant:
            raise NotTheDemo
        if not code:
            code = next(iter(re.findall(r"/join/([^/\"]+)/", front.body)), "")
        code = code.upper().replace(" ", "-")
        if not code or (await site.get(f"/join/{code}/")).status != 200:
            raise NoSuchRoom
    except OSError:
        raise OutOfReach from None
    return code
