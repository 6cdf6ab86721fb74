"""House law: what an import contract cannot see: where foreign keys point, forms, inline code, papers."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from coppice.accounts.models import Person

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "coppice"
ROOMS = sorted(path.parent for path in SOURCE.glob("*/__init__.py") if (path.parent / "apps.py").exists())
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))

# Forms whose sending may repeat: signing in twice as somebody of the demo is signing in.
MAY_REPEAT = {"demo/templates/demo/sign_in.html"}

COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
FORM = re.compile(r"<form\b[^>]*\bmethod=.post.*?</form>", re.DOTALL | re.IGNORECASE)
INLINE = re.compile(
    r"<style\b"
    r"|<script\b(?![^>]*\bsrc=)(?![^>]*\btype=.application/json)"
    r"|<[a-z][^>]*\s(?:style|on[a-z]+)\s*=",
    re.IGNORECASE,
)


def floors() -> dict[str, int]:
    """Return the floor of each room, the lowest 0, from the contract that import-linter keeps."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    [layers] = [each["layers"] for each in contracts if each["name"] == "Rooms lie on floors"]
    return {
        room.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for room in re.split(r"[|:]", layer)
    }


def pointers() -> Iterator[tuple[type[models.Model], models.Field, type[models.Model]]]:
    """Every forward relation of our models."""
    for model in apps.get_models():
        if model.__module__.startswith("coppice."):
            for field in model._meta.get_fields():
                if field.is_relation and not field.auto_created:
                    yield model, field, field.related_model


def test_a_foreign_key_points_to_its_own_floor_or_below():
    height = floors()
    rooms = {config.label: config.name.rpartition(".")[2] for config in apps.get_app_configs()}
    upward = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field, target in pointers()
        if target is not Person  # the one name upward (docs/decisions/0006-the-one-name-upward.md)
        and model._meta.app_label != target._meta.app_label
        and height[rooms[target._meta.app_label]] >= height[rooms[model._meta.app_label]]
    ]

    assert upward == []
    assert sum(1 for _pointer in pointers()) > 30


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def without_comments(template: Path) -> str:
    return COMMENT.sub("", template.read_text())


def test_every_form_that_posts_is_safe_against_strangers_and_double_clicks():
    unsafe = [
        f"{template.relative_to(SOURCE)}: {tag}"
        for template in TEMPLATES
        for form in FORM.findall(without_comments(template))
        for tag in ("{% csrf_token %}", "{% once %}")
        if tag not in form
        if not (tag == "{% once %}" and str(template.relative_to(SOURCE)) in MAY_REPEAT)
    ]

    assert unsafe == []
    assert sum(len(FORM.findall(without_comments(template))) for template in TEMPLATES) > 40


def test_no_template_holds_code_or_styles_of_its_own():
    inline = [
        f"{template.relative_to(SOURCE)}: {found.group()}"
        for template in TEMPLATES
        if "email" not in template.parts  # mail programs ask for inline styles
        for found in INLINE.finditer(without_comments(template))
    ]

    assert inline == []


@pytest.mark.parametrize(
    ("code", "is_inline"),
    [
        ('<p style="color: red">', True),
        ("<button\n  onclick='go()'>", True),
        ("<script>go()</script>", True),
        ("<style>p {}</style>", True),
        ('<script src="/static/go.js"></script>', False),
        ('<script type="application/json">{}</script>', False),
        ('<p class="once" data-on="x">', False),
    ],
)
def test_inline_code_would_be_noticed(code, is_inline):
    assert bool(INLINE.search(code)) is is_inline


def variables() -> set[str]:
    """Return the environment variables that the settings read."""
    tree = ast.parse((SOURCE / "settings.py").read_text())
    return {
        f"COPPICE_{node.args[0].value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"env", "env_flag", "env_number"}
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_setting_is_documented_and_every_documented_setting_exists():
    page = (ROOT / "docs" / "operate" / "settings.md").read_text()
    listed = {
        name
        for line in page.splitlines()
        if line.startswith("| `COPPICE_")
        for name in re.findall(r"`(COPPICE_\w+)`", line.split("|")[1])
    }

    assert listed == variables()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_says_what_it_is_in_under_forty_lines(room):
    readme = room / "README.md"

    assert readme.exists()
    assert 3 <= len(readme.read_text().splitlines()) < 40
