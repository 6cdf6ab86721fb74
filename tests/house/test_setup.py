"""The set-up: ./run, its lock files and what continuous integration starts."""

import ast
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
TASKS = ["setup", "demo", "dev", "test", "check", "fmt", "bench", "seed", "docs"]


def run(*words):
    return subprocess.run([sys.executable, ROOT / "run", *words], capture_output=True, text=True, cwd="/")


def pins_of(lock):
    """Return what a lock file pins, as {name: (version, hashes)}; for which Pythons is left out."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    pins = {}
    for entry in entries:
        pin, *hashes = entry.replace("\\\n", "\n").splitlines()
        name, _, version = pin.partition("==")
        pins[name] = (version.split()[0], [line.strip() for line in hashes])
    return pins


def named_in(requirements):
    return {re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower() for requirement in requirements}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_run_alone_lists_every_task_with_a_line():
    listed = run()

    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()[1:]]
    assert listed.returncode == 0
    assert [name for name, _ in lines] == TASKS
    assert all(len(sentence) > 20 for _, sentence in lines)


def test_unknown_task_is_refused_with_the_list():
    refused = run("prune")

    assert refused.returncode == 2
    assert refused.stderr.startswith("There is no task called prune.")
    assert all(f"  {task} " in refused.stderr for task in TASKS)


def test_run_keeps_to_the_syntax_of_python_3_8():
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 8))

    assert (ROOT / "run").read_text().startswith("#!/usr/bin/env python3\n")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_a_version_and_hashes(lock):
    pins = pins_of(lock)

    assert len(pins) > 20
    for name, (version, hashes) in pins.items():
        assert re.match(r"\d[\w.]*", version), name
        assert hashes, name
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", digest) for digest in hashes), name


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_no_address_and_no_path(lock):
    text = (ROOT / lock).read_text()

    assert re.findall(r"https?:|file:|index-url|find-links|@ |/", text) == []


def test_locks_hold_all_that_the_project_asks_for(project):
    runtime = named_in(project["project"]["dependencies"])
    extras = named_in(chain(*project["project"]["optional-dependencies"].values()))
    tools = named_in(project["dependency-groups"]["dev"])

    assert runtime - pins_of("requirements.lock").keys() == set()
    assert (runtime | extras | tools) - pins_of("requirements-dev.lock").keys() == set()


def test_tools_come_beside_what_runs_and_never_change_it():
    runtime, everything = pins_of("requirements.lock"), pins_of("requirements-dev.lock")

    assert {name: everything.get(name, ("missing",))[0] for name in runtime} == {
        name: version for name, (version, *_) in runtime.items()
    }


def test_continuous_integration_runs_the_tests():
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & 0o111
    assert "exec ./run test </dev/null" in script.read_text().splitlines()


def test_nothing_that_an_installation_makes_is_in_the_repository():
    """Such as its secret key; what git leaves out is not in it by another way."""
    listing = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]
    asked = subprocess.run(listing, capture_output=True, text=True, cwd=ROOT)
    if asked.returncode:
        pytest.skip(f"This is no checkout: {asked.stderr.strip()}")

    assert asked.stdout.split() == []
