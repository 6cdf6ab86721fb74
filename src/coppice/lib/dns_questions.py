"""Asking DNS several things at once, within a bound; "there are none" differs from "nobody answered"."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

import dns.exception
import dns.name
import dns.resolver

SECONDS = 3.0
AT_ONCE = 8


@dataclass(frozen=True)
class Question:
    """What is asked: the name, and the type of record."""

    name: str
    kind: Literal["TXT", "MX"]


Answers = dict[Question, tuple[str, ...] | None]
"""The records found, as text; empty when there are surely none, None when nobody answered in time."""


def ask(questions: Iterable[Question], *, server: str = "", seconds: float = SECONDS) -> Answers:
    """Ask everything at once and wait so many seconds at most, for all together.

    `server` is "host:port" of the resolver, an address in numbers; empty for the one of this machine. An MX
    record is told as its host alone, the most wanted first.
    """
    asked = list(dict.fromkeys(questions))
    try:
        resolver = _resolver(server)
    except dns.resolver.NoResolverConfiguration:
        return dict.fromkeys(asked)
    resolver.lifetime = resolver.timeout = seconds
    with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
        return dict(zip(asked, threads.map(partial(_answer, resolver), asked), strict=True))


def _resolver(server: str) -> dns.resolver.Resolver:
    if not server:
        return dns.resolver.Resolver()
    host, _, port = server.rpartition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [host.strip("[]")]
    resolver.port = int(port)
    return resolver


def _answer(resolver: dns.resolver.Resolver, question: Question) -> tuple[str, ...] | None:
    try:
        found = resolver.resolve(question.name, question.kind, search=False, raise_on_no_answer=False)
    except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
        return ()
    except (dns.exception.DNSException, OSError, UnicodeError):
        return None
    records = list(found.rrset or ())
    if question.kind == "MX":
        records.sort(key=lambda record: record.preference)
        return tuple(str(record.exchange).rstrip(".").lower() for record in records)
    return tuple(b"".join(record.strings).decode(errors="replace") for record in records)
