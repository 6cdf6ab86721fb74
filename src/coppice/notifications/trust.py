"""Whether mailboxes will trust our mail, as far as DNS tells: SPF, DKIM, DMARC, and where answers come in.

A job asks (`look`), for DNS may take seconds; what it found is kept for a day, for whoever looks at the page.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.lib.dns_questions import Answers, Question, ask
from coppice.lib.jobs import after_commit
from coppice.lib.mailers import PROVIDERS

KEY = "mail-records"
KEPT_SECONDS = 24 * 60 * 60
PATIENCE = timedelta(seconds=30)
"""A look that has told nothing for so long was lost; somebody may ask again."""

LABELS = 8
"""DMARC is looked for at the domain and above it, so many names at most (RFC 9989, 4.10)."""


class Standing(StrEnum):
    """How a thing stands."""

    GOOD = "good"
    MEND = "mend"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Record:
    """A record to add where the domain is kept."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, how it stands, a sentence what to do, and the record to add if any."""

    name: str
    standing: Standing
    sentence: str
    record: Record | None = None


@dataclass(frozen=True)
class Look:
    """A look at DNS: when it was asked for, and what was found when it is over."""

    at: datetime
    answers: Answers | None

    @property
    def is_over(self) -> bool:
        """Whether it has found what there is, or is lost."""
        return self.answers is not None or timezone.now() - self.at > PATIENCE


def begin() -> None:
    """Have a job look; until it has, `last` tells that it is looking."""
    _keep(None)
    after_commit("coppice.notifications.tasks.look_at_mail_records")


def look() -> None:
    """Ask DNS everything that `findings` wants to know: three seconds at most."""
    _keep(ask(_questions(), server=settings.DNS_SERVER))


def last() -> Look | None:
    """Return the last look of the day, or None."""
    kept = caches["progress"].get(KEY)
    if kept is None:
        return None
    pairs = kept["answers"]
    answers = None if pairs is None else {Question(**question): found for question, found in pairs}
    return Look(kept["at"], answers)


def findings(answers: Answers) -> list[Finding]:
    """Return what the answers mean, in the language of the reader."""
    domain = _domain()
    if not _is_ours(domain):
        words = _(
            "Mail leaves from an address that is in no domain of yours, so mailboxes trust it nowhere. "
            "Whoever runs Coppice for you gives it one (COPPICE_MAIL_FROM)."
        )
        return [Finding(_("Sender"), Standing.MEND, words)]
    return [*_spf(answers), _dkim(answers), _dmarc(answers), *_mx(answers)]


def _keep(answers: Answers | None) -> None:
    pairs = None if answers is None else [(asdict(question), found) for question, found in answers.items()]
    caches["progress"].set(KEY, {"at": timezone.now(), "answers": pairs}, KEPT_SECONDS)


def _questions() -> list[Question]:
    domain, inbound = _domain(), settings.MAIL_INBOUND_DOMAIN
    asked = [Question(each, "TXT") for each in _senders()]
    asked += [Question(f"_dmarc.{each}", "TXT") for each in _upward(domain)]
    if settings.DKIM_SIGNER:
        asked.append(Question(settings.DKIM_SIGNER.name, "TXT"))
    if inbound:
        asked.append(Question(inbound, "MX"))
    return asked


def _domain() -> str:
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2].lower()


def _is_ours(domain: str) -> bool:
    return "." in domain


def _senders() -> list[str]:
    """The domains for which our mail server sends: the sender's, and the one that failures come back to.

    Providers have return paths of their own.
    """
    returns_to = "" if settings.MAIL_BACKEND in PROVIDERS else settings.MAIL_INBOUND_DOMAIN
    return list(dict.fromkeys(each for each in (_domain(), returns_to) if each))


def _upward(domain: str) -> list[str]:
    labels = domain.split(".")
    return [".".join(labels[first:]) for first in range(len(labels) - 1)][-LABELS:]


def _spf(answers: Answers) -> Iterator[Finding]:
    for domain in _senders():
        found = answers.get(Question(domain, "TXT"))
        policies = [each for each in found or () if re.match(r"v=spf1(\s|$)", each.lower())]
        name = _("SPF of %(domain)s") % {"domain": domain}
        if found is None:
            yield _no_answer(name)
        elif settings.MAIL_BACKEND in PROVIDERS and not policies:
            words = _(
                "Nothing says which servers may send. %(provider)s tells you whether it needs this record."
            )
            provider = PROVIDERS[settings.MAIL_BACKEND].name
            yield Finding(name, Standing.UNKNOWN, words % {"provider": provider})
        elif not policies:
            words = _("Nothing says which servers may send for this domain. Add this record.")
            yield Finding(name, Standing.MEND, words, Record(domain, "TXT", f"v=spf1 {_our_server()} ~all"))
        elif len(policies) > 1:
            words = _("There are %(count)d such records, and mailboxes then heed none. Make one of them.")
            yield Finding(name, Standing.MEND, words % {"count": len(policies)})
        else:
            yield _spf_policy(name, domain, policies[0])


def _spf_policy(name: str, domain: str, policy: str) -> Finding:
    """What a policy says of those whom it does not name (RFC 7208, 5.1 and 4.7)."""
    terms = policy.lower().split()[1:]
    strict = {"-all", "~all"} & {*terms}
    if not strict and not any(term.startswith("redirect=") for term in terms):
        mended = " ".join([*(term for term in policy.split() if not term.lower().endswith("all")), "~all"])
        words = _("It lets anybody send for this domain. Put this in its place.")
        return Finding(name, Standing.MEND, words, Record(domain, "TXT", mended))
    words = _("It is there: %(record)s. See that it names the mail server that your mail leaves by.")
    return Finding(name, Standing.GOOD, words % {"record": policy})


def _our_server() -> str:
    host = str(settings.MAILERS["default"].get("OPTIONS", {}).get("host", ""))
    return f"a:{host}" if "." in host and not host.replace(".", "").isdigit() else "mx"


def _dkim(answers: Answers) -> Finding:
    name, signer = _("DKIM"), settings.DKIM_SIGNER
    if settings.MAIL_BACKEND in PROVIDERS:
        words = _(
            "%(provider)s signs your mail. Its page says which records it needs, and whether it found them."
        )
        provider = PROVIDERS[settings.MAIL_BACKEND].name
        return Finding(name, Standing.UNKNOWN, words % {"provider": provider})
    if not signer:
        words = _(
            "Coppice does not sign your mail. If your mail server does, all is well; if not, whoever runs "
            "Coppice for you makes a key and sets it (COPPICE_DKIM_KEY)."
        )
        return Finding(name, Standing.UNKNOWN, words)
    found = answers.get(Question(signer.name, "TXT"))
    record = Record(signer.name, "TXT", signer.record)
    if found is None:
        return _no_answer(name)
    if not found:
        words = _("Mail is signed, but nobody can check it: the public key is missing. Add this record.")
        return Finding(name, Standing.MEND, words, record)
    if _public_key(signer.record) not in [_public_key(each) for each in found]:
        words = _("Another key stands there than the one that signs. Put this record in its place.")
        return Finding(name, Standing.MEND, words, record)
    if not _is_related(signer.domain, _domain()):
        words = _(
            "The key is right, but %(signs)s signs for mail of %(domain)s. Whoever runs Coppice for you sets "
            "the one that is yours (COPPICE_DKIM_DOMAIN)."
        )
        return Finding(name, Standing.MEND, words % {"signs": signer.domain, "domain": _domain()})
    return Finding(
        name, Standing.GOOD, _("Mail is signed, and the public key that everybody finds is the right one.")
    )


def _public_key(record: str) -> str:
    found = re.search(r"(?:^|;)\s*p=([^;]*)", record)
    return re.sub(r"\s", "", found.group(1)) if found else ""


def _is_related(signs: str, sends: str) -> bool:
    return signs == sends or sends.endswith(f".{signs}") or signs.endswith(f".{sends}")


def _dmarc(answers: Answers) -> Finding:
    name, domain = _("DMARC"), _domain()
    for place in _upward(domain):
        found = answers.get(Question(f"_dmarc.{place}", "TXT"))
        if found is None:
            return _no_answer(name)
        policies = [each for each in found if each.lower().startswith("v=dmarc1")]
        if len(policies) == 1:
            return Finding(name, Standing.GOOD, _("It is there: %(record)s.") % {"record": policies[0]})
        if policies:
            words = _("There are %(count)d such records, and mailboxes then heed none. Make one of them.")
            return Finding(name, Standing.MEND, words % {"count": len(policies)})
    words = _(
        "Nothing says what to do with forged mail in your name; mailboxes trust you less. Add this record."
    )
    value = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    return Finding(name, Standing.MEND, words, Record(f"_dmarc.{domain}", "TXT", value))


def _mx(answers: Answers) -> Iterator[Finding]:
    inbound = settings.MAIL_INBOUND_DOMAIN
    if not inbound:
        return
    name = _("Answers to %(domain)s") % {"domain": inbound}
    found = answers.get(Question(inbound, "MX"))
    host = urlsplit(settings.BASE_URL).hostname or ""
    if found is None:
        yield _no_answer(name)
    elif not any(found):
        words = _("No server takes mail for this domain, so answers by mail are lost. Add this record.")
        yield Finding(name, Standing.MEND, words, Record(inbound, "MX", f"10 {host}"))
    else:
        words = _("%(servers)s takes mail for this domain. See that it hands it to Coppice.")
        yield Finding(name, Standing.GOOD, words % {"servers": ", ".join(found)})


def _no_answer(name: str) -> Finding:
    return Finding(name, Standing.UNKNOWN, _("DNS did not answer. Look again in a while."))
