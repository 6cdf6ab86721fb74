"""The page of components in Chromium: axe finds nothing, nothing sticks out, the keyboard is enough."""

import pytest
from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def shown(settings):
    settings.ROOT_URLCONF = "coppice.ui.tests.addresses"
    settings.DEMO = True


@pytest.mark.parametrize("path", ["/ui/components/", "/ui/components/bare/", "/ui/components/?dir=rtl"])
@pytest.mark.parametrize("width", [1360, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_components_are_accessible_and_fit(new_page, path, width, scheme):
    page = new_page(path, width=width, scheme=scheme)

    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("path", ["/nowhere/", "/breaks/"])
def test_pages_for_errors_are_accessible(new_page, path):
    page = new_page(path, width=320, troubles=False)

    assert_accessible(page)
    assert_fits(page)


def test_text_at_twice_the_size_fits(new_page):
    page = new_page("/ui/components/", width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert_fits(page)


@pytest.mark.parametrize("width", [1360, 320])
def test_every_control_can_be_hit(new_page, width):
    page = new_page("/ui/components/", width=width)

    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main .button, main select, .tabs a, .pages a")]
          .concat([...document.querySelectorAll(".bar > *, .rail a")])
          .filter((each) => each.getClientRects().length)
          .filter((each) => each.getBoundingClientRect().height < (each.matches(".button-dense") ? 34 : 44))
          .map((each) => each.outerHTML.slice(0, 120))"""
    )

    assert small == []


def test_the_summary_of_errors_has_the_focus_and_its_links_reach_the_fields(new_page):
    page = new_page("/ui/components/")

    assert page.evaluate("document.activeElement.hasAttribute('data-errors')")
    page.get_by_role("link", name="Why do you form these communities?").click()
    expect(page.locator("#wrong_reason_0")).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_page(new_page):
    page = new_page("/ui/components/bare/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_a_toast_can_be_put_away(new_page):
    page = new_page("/ui/components/")

    page.get_by_role("button", name="Hide this message").first.click()

    assert page.locator(".toast").count() == 2


def test_the_last_button_waits_for_the_typed_word(new_page):
    page = new_page("/ui/components/")
    button = page.get_by_role("button", name="Close the community")

    assert button.is_disabled()
    page.get_by_label("Type Rural transport to confirm").fill("rural transport")

    assert button.is_enabled()


def test_a_form_leaves_only_once(new_page):
    page = new_page("/ui/components/")
    sent = []
    page.route("**/ui/components/", lambda route: sent.append(route.request.method))

    page.evaluate(
        """() => { const form = document.querySelector("main .form");
                   form.requestSubmit(); form.requestSubmit(); form.requestSubmit(); }"""
    )
    page.wait_for_timeout(300)

    assert sent == ["POST"]


def test_the_choice_of_scheme_is_kept(new_page):
    page = new_page("/ui/components/")

    page.get_by_role("button", name="Light or dark").click()
    page.reload()

    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 26, 22)"


def test_the_phone_menu_opens_the_whole_rail_without_scripts(new_page):
    page = new_page("/ui/components/", width=360, javascript=False)
    place = page.get_by_role("link", name="Leader calls 3 calls today")

    assert not place.is_visible()
    page.get_by_role("button", name="Menu").click()

    assert place.is_visible()


def test_unfinished_work_is_asked_again_until_it_is_over(new_page):
    page = new_page("/ui/components/")

    page.get_by_text("Waiting for its turn.").wait_for(state="detached")

    expect(page.get_by_text("84 people added, none changed.")).to_have_count(3)


def test_both_typefaces_are_ours(new_page):
    page = new_page("/ui/components/")

    assert page.evaluate(
        """async () => { await document.fonts.ready;
                         return [...document.fonts].filter((face) => face.status === "loaded")
                           .map((face) => face.family.replaceAll('"', "")); }"""
    ) == ["Atkinson Hyperlegible", "Atkinson Hyperlegible", "Fraunces"]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_paper_shows_no_rail_and_no_buttons(new_page, paper):
    page = new_page("/ui/components/")
    page.emulate_media(media="print")

    assert [page.locator(part).first.is_visible() for part in (".rail", ".tabs", ".button", ".toasts")] == [
        False
    ] * 4
    page.set_viewport_size({"width": 600, "height": 800})
    assert (
        page.locator(".table thead").evaluate("head => getComputedStyle(head).display")
        == "table-header-group"
    )
    assert page.pdf(format=paper).startswith(b"%PDF")
