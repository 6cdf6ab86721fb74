"""Static files and fonts come straight from the apps, may be kept, and let nobody out of their folder."""

import pytest
from django.test import Client

from coppice.ui import fonts, static_files
from coppice.ui.static_files import FingerprintStorage, asset_url

SHEET = "ui/css/tokens.css"


@pytest.fixture(scope="module")
def made_fonts(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def home(settings, made_fonts):
    settings.HOME = made_fonts
    static_files._kept_fingerprint.cache_clear()
    fonts.build()
    return made_fonts


def test_a_file_named_with_its_hash_is_kept_for_a_year(client):
    response = client.get(asset_url(SHEET))

    assert response.status_code == 200
    assert response["Content-Type"] == 'text/css; charset="utf-8"'
    assert response["Cache-Control"] == "max-age=31536000, public, immutable"
    assert b"--paper" in response.getvalue()


@pytest.mark.parametrize("address", [f"/static/{SHEET}", f"/static/{SHEET}?v=0123456789"])
def test_a_file_without_its_true_hash_is_asked_for_again_within_the_hour(client, address):
    assert client.get(address)["Cache-Control"] == "max-age=3600, public"


def test_a_file_that_did_not_change_is_not_sent_again(client):
    first = client.get(f"/static/{SHEET}")

    by_tag = client.get(f"/static/{SHEET}", headers={"If-None-Match": first["ETag"]})
    by_date = client.get(f"/static/{SHEET}", headers={"If-Modified-Since": first["Last-Modified"]})

    assert [(each.status_code, each.getvalue()) for each in (by_tag, by_date)] == [(304, b""), (304, b"")]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/ui/../../../settings.py",
        "/static/ui/css/..%2f..%2f..%2ftemplatetags/ui.py",
        "/static//etc/passwd",
        "/static/ui/fonts/../secret.key",
        "/static/ui/css/",
    ],
)
@pytest.mark.parametrize("debug", [True, False])
def test_nothing_outside_the_folders_is_served(settings, path, debug):
    settings.DEBUG = debug
    settings.ROOT_URLCONF = "coppice.ui.tests.addresses"

    assert Client().get(path).status_code == 404


def test_a_change_shows_at_once_in_development(settings):
    settings.DEBUG = True

    assert Client().get(f"/static/{SHEET}")["Cache-Control"] == "max-age=0, public"


def test_posting_to_a_file_is_refused(client):
    assert client.post(f"/static/{SHEET}").status_code == 405


def test_an_unknown_file_has_an_address_without_a_hash():
    assert asset_url("ui/none.css") == "/static/ui/none.css"


def test_the_storage_writes_the_same_addresses():
    assert FingerprintStorage().url(SHEET) == asset_url(SHEET)


def test_fonts_are_made_whole_and_only_once(home):
    sheet = home / "fonts" / "fonts.css"
    before = {path: path.stat().st_mtime_ns for path in sheet.parent.iterdir()}

    fonts.build()

    assert {path: path.stat().st_mtime_ns for path in sheet.parent.iterdir()} == before
    assert sheet.read_text(encoding="utf-8").count("@font-face") == 10
    assert {path.read_bytes()[:4] for path in sheet.parent.glob("*.woff2")} == {b"wOF2"}


def test_fonts_of_an_older_recipe_are_made_anew(home):
    stale = home / "fonts" / "old.0000000000.woff2"
    stale.write_bytes(b"wOF2")
    (home / "fonts" / "fonts.css").write_text("/* older */", encoding="utf-8")

    fonts.build()

    assert (stale.exists(), len(list((home / "fonts").glob("*.woff2")))) == (False, 10)


def test_fonts_are_served_and_kept(home):
    face = next((home / "fonts").glob("fraunces*-latin.*.woff2"))

    response = Client().get(f"/static/ui/fonts/{face.name}")

    assert (response.status_code, response["Content-Type"]) == (200, "font/woff2")
    assert "immutable" in response["Cache-Control"]
    assert response.getvalue() == face.read_bytes()


def test_the_sheet_of_fonts_has_a_hash(home):
    address = asset_url("ui/fonts/fonts.css")

    assert address.startswith("/static/ui/fonts/fonts.css?v=")
    assert "immutable" in Client().get(address)["Cache-Control"]


def test_a_browser_that_asks_for_an_icon_by_itself_gets_the_mark(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
