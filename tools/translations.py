"""Bring the catalogues up to date with the code, or say what they lack.

python tools/translations.py           adds new messages to each .po, drops old ones, compiles each .mo
python tools/translations.py --check   changes nothing; exits with 1 and a line for each fault

Django's makemessages finds the messages and GNU gettext does the rest. The code is read in a copy, and
no date is written: the same code gives the same files.
"""

import argparse
import gettext
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "coppice"
CATALOGUES = "locale/*/LC_MESSAGES/django.po"
DATE = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)
PLURALS = ("nplurals=INTEGER; plural=EXPRESSION;", "nplurals=2; plural=n != 1;")
NUMBER_OF_FORMS = re.compile(r"nplurals=(\d+)")
# What a translation must carry over: places for values, tags, entities.
CARRIED = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}|</?\w[^>]*>|&#?\w+;")

# A message, or one of its plural forms, and what stands for it.
type Messages = dict[str | tuple[str, int], str]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    parser.add_argument("--package", type=Path, default=PACKAGE, help="the package whose strings are meant")
    arguments = parser.parse_args()
    if not arguments.check:
        update(arguments.package)
        return 0
    wrong = list(faults(arguments.package))
    print("\n".join(wrong))
    return 1 if wrong else 0


def update(package: Path) -> None:
    """Write what changed: each .po as the code has it, each .mo as its .po has it."""
    with extracted(package) as copy:
        for catalogue in sorted(copy.glob(CATALOGUES)):
            kept = package / catalogue.relative_to(copy)
            kept.write_text(DATE.sub("", catalogue.read_text()))
            if not is_compiled(kept):
                gettext_tool("msgfmt", "-o", kept.with_suffix(".mo"), kept)


def faults(package: Path) -> Iterator[str]:
    """Say what is wrong with each catalogue, a line for each message."""
    with extracted(package) as copy:
        template = copy / "locale" / "django.pot"
        template.write_text(template.read_text().replace(*PLURALS))
        gettext_tool("msgen", "-o", template.with_suffix(".po"), template)
        asked = messages_of(template.with_suffix(".po"))
    for catalogue in sorted(package.glob(CATALOGUES)):
        language, given = catalogue.parts[-3], messages_of(catalogue)
        for message in sorted(singulars(asked) - singulars(given)):
            yield f"{language}: not translated, or marked fuzzy: {message!r}"
        for message in sorted(singulars(given) - singulars(asked)):
            yield f"{language}: no longer in the code: {message!r}"
        for key, translation in given.items():
            if not carries_over(key, translation, asked):
                yield f"{language}: other places or tags than {key!r}: {translation!r}"
        for message in sorted(lacking_a_form(given, catalogue)):
            yield f"{language}: a plural form is missing: {message!r}"
        if not is_compiled(catalogue):
            yield f"{language}: {catalogue.with_suffix('.mo').name} does not say what its .po says"


@contextmanager
def extracted(package: Path) -> Iterator[Path]:
    """Yield a copy of a package in which the catalogues, and locale/django.pot, are as the code has them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / package.name
        leave_out = shutil.ignore_patterns("tests", "static", "migrations", "__pycache__", "*.mo")
        shutil.copytree(package, copy, ignore=leave_out)
        languages = [f"--locale={path.parts[-3]}" for path in package.glob(CATALOGUES)]
        options = ["--no-obsolete", "--no-wrap", "--add-location=file", "--keep-pot", "--verbosity=0"]
        command = [sys.executable, "-m", "django", "makemessages", *languages, *options]
        settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=copy, env=settings, check=True)
        yield copy


def lacking_a_form(given: Messages, catalogue: Path) -> set[str]:
    """Return the messages with fewer plural forms than their language has: they would show in English."""
    forms = int(NUMBER_OF_FORMS.search(catalogue.read_text())[1])
    numbered = Counter(key[0] for key in given if not isinstance(key, str))
    return {message for message, count in numbered.items() if count < forms}


def carries_over(key: str | tuple[str, int], translation: str, asked: Messages) -> bool:
    """Whether a translation holds the places and tags of its message, or of its plural."""
    forms = [key] if isinstance(key, str) else [asked.get((key[0], number), key[0]) for number in (0, 1)]
    return carried(translation) in [carried(form) for form in forms]


def carried(text: str) -> Counter[str]:
    return Counter(CARRIED.findall(text))


def singulars(messages: Messages) -> set[str]:
    return {key if isinstance(key, str) else key[0] for key in messages} - {""}


def is_compiled(catalogue: Path) -> bool:
    # The bytes differ between versions of msgfmt, the messages do not.
    compiled = catalogue.with_suffix(".mo")
    return compiled.exists() and read(compiled) == messages_of(catalogue)


def messages_of(catalogue: Path) -> Messages:
    """Return what a .po says; msgfmt leaves out what is empty or fuzzy."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "catalogue.mo"
        gettext_tool("msgfmt", "-o", compiled, catalogue)
        return read(compiled)


def read(compiled: Path) -> Messages:
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def gettext_tool(*command: str | Path) -> None:
    subprocess.run(list(map(str, command)), check=True)


if __name__ == "__main__":
    sys.exit(main())
