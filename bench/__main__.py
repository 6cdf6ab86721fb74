"""`python -m bench` lists what can be measured; `python -m bench NAME` measures it."""

import importlib
import sys

from bench.machine import facts

MISSED = 3  # 1 is a measurement that failed: Python's own answer to an error
CLAIMS = (
    "clashes",
    "classes",
    "digests",
    "diverse",
    "fair",
    "feeds",
    "forming",
    "grouping",
    "imports",
    "kill",
    "live",
    "load",
    "market",
    "pages",
    "pairing",
    "replies",
    "roster",
    "search",
    "series",
    "talk",
    "timefinding",
)


def main(words: list[str]) -> int:
    """Measure one claim; return 0 when it holds, 3 when an aim is missed."""
    if not words or words[0] not in CLAIMS or _strange(words):
        print(
            "./run bench NAME, where NAME is one of (grouping takes --long, or names of its problems; "
            "digests and imports take --count 5000):"
        )
        for name in CLAIMS:
            print(f"  {name:<11} {_summary(name)}")
        return 0 if not words else 2
    print(facts(), flush=True)
    missed = importlib.import_module(f"bench.{words[0]}").main(*words[1:])
    print("\n".join(f"Missed: {aim}." for aim in missed) or "Every aim is met.")
    return MISSED if missed else 0


def _strange(words: list[str]) -> set[str]:
    """The words that a claim does not take; a number may follow an option."""
    return {word for word in words[1:] if not word.isdigit()} - {*_options(words[0])}


def _options(name: str) -> tuple[str, ...]:
    """The words that a claim takes besides its name."""
    return getattr(importlib.import_module(f"bench.{name}"), "OPTIONS", ())


def _summary(name: str) -> str:
    return (importlib.import_module(f"bench.{name}").__doc__ or "").splitlines()[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
