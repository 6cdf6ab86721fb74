"""The check of translations finds each way in which a catalogue can fall behind the code."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = """from django.utils.translation import gettext as _, ngettext
_("Welcome, %(name)s")
_("Read <b>this</b>")
ngettext("%(count)d person", "%(count)d people", 2)
"""
SPANISH = """msgid ""
msgstr ""
"Project-Id-Version: Sample\\n"
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"

#: words.py
#, python-format
msgid "Welcome, %(name)s"
msgstr "Hola, %(name)s"

#: words.py
msgid "Read <b>this</b>"
msgstr "Lee <b>esto</b>"

#: words.py
#, python-format
msgid "%(count)d person"
msgid_plural "%(count)d people"
msgstr[0] "%(count)d persona"
msgstr[1] "%(count)d personas"
"""


def translations(package, *options):
    command = [sys.executable, ROOT / "tools" / "translations.py", "--package", package, *options]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def package(tmp_path):
    """A package of three messages, all translated and compiled."""
    package = tmp_path / "sample"
    catalogue(package).parent.mkdir(parents=True)
    (package / "words.py").write_text(CODE)
    catalogue(package).write_text(SPANISH)
    assert translations(package).returncode == 0
    return package


def catalogue(package):
    return package / "locale" / "es" / "LC_MESSAGES" / "django.po"


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_whole_catalogue_passes(package):
    checked = translations(package, "--check")

    assert (checked.returncode, checked.stdout.strip(), checked.stderr) == (0, "", "")


def test_collecting_twice_changes_nothing(package):
    before = catalogue(package).read_bytes()
    compiled = catalogue(package).with_suffix(".mo").read_bytes()

    translations(package)

    assert catalogue(package).read_bytes() == before
    assert catalogue(package).with_suffix(".mo").read_bytes() == compiled
    assert b"POT-Creation-Date" not in before


def test_a_new_message_is_missed_then_collected(package):
    change(package / "words.py", '_("Read', '_("New here")\n_("Read')

    checked = translations(package, "--check")
    translations(package)

    assert checked.returncode == 1
    assert checked.stdout == "es: not translated, or marked fuzzy: 'New here'\n"
    assert 'msgid "New here"\nmsgstr ""' in catalogue(package).read_text()


def test_a_plural_form_that_is_missing_is_said(package):
    change(
        catalogue(package), "nplurals=2; plural=n != 1;", "nplurals=3; plural=n == 1 ? 0 : n == 0 ? 1 : 2;"
    )
    translations(package)

    checked = translations(package, "--check")

    assert checked.stdout == "es: a plural form is missing: '%(count)d person'\n"


def test_a_message_that_is_gone_is_said_then_dropped(package):
    change(package / "words.py", '_("Read <b>this</b>")\n', "")

    checked = translations(package, "--check")
    translations(package)

    assert checked.stdout == "es: no longer in the code: 'Read <b>this</b>'\n"
    assert "Read" not in catalogue(package).read_text()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"Lee <b>esto</b>"', '""', "not translated, or marked fuzzy: 'Read <b>this</b>'"),
        (
            '#: words.py\nmsgid "Read',
            '#: words.py\n#, fuzzy\nmsgid "Read',
            "not translated, or marked fuzzy: 'Read <b>this</b>'",
        ),
        (
            "Hola, %(name)s",
            "Hola, %(nombre)s",
            "other places or tags than 'Welcome, %(name)s': 'Hola, %(nombre)s'",
        ),
        ("Lee <b>esto</b>", "Lee esto", "other places or tags than 'Read <b>this</b>': 'Lee esto'"),
        (
            "%(count)d personas",
            "muchas personas",
            "other places or tags than ('%(count)d person', 1): 'muchas personas'",
        ),
        (
            "nplurals=2; plural=n != 1;",
            "nplurals=3; plural=n == 1 ? 0 : n == 0 ? 1 : 2;",
            "a plural form is missing: '%(count)d person'",
        ),
    ],
)
def test_a_faulty_translation_is_named(package, old, new, fault):
    change(catalogue(package), old, new)

    checked = translations(package, "--check")

    assert checked.returncode == 1
    assert f"es: {fault}" in checked.stdout.splitlines()


def test_a_stale_compiled_catalogue_is_named(package):
    change(catalogue(package), "Lee <b>esto</b>", "Mira <b>esto</b>")

    checked = translations(package, "--check")

    assert checked.stdout == "es: django.mo does not say what its .po says\n"


def test_our_own_catalogues_are_whole():
    checked = translations(ROOT / "src" / "coppice", "--check")

    assert (checked.returncode, checked.stdout.strip()) == (0, "")
