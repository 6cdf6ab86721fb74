"""The studio in a browser: a mouse carries people, a keyboard moves them, and a phone shows it all."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser


@pytest.fixture
def proposal(site):
    program = make_program(name="Healthy Start")
    make_roster(program, 16)
    rules = [Rule(Kind.BALANCED, "kind"), Rule(Kind.ALIKE, "area")]
    return make_proposal(program, minimum=4, maximum=12, rules=rules)


@pytest.fixture
def studio(proposal, site, new_page):
    """A function that opens the proposal as its manager."""
    client = Client()
    client.force_login(make_staff(proposal.program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    del state["cookies"][0]["url"]
    return lambda **options: new_page(proposal.get_absolute_url(), storage_state=state, **options)


@pytest.fixture
def carried(proposal):
    """Two columns, and a function that says how many people each has."""
    source, target = columns_of(proposal)[:2]
    return source, target, lambda: (len(people_in(source)), len(people_in(target)))


def first_person(page, column):
    return page.locator(f"#column-{column.pk} .column-person").first


def unfolded(page, column):
    """The first person of a column, which a phone folds."""
    page.locator(f"#column-{column.pk} summary").click()
    return first_person(page, column)


def told(page, words):
    page.locator("#toasts").get_by_text(words).wait_for()


class Finger:
    """One finger on a screen, as the browser's own protocol has it: its touches scroll like real ones."""

    def __init__(self, page):
        self.page = page
        self.protocol = page.context.new_cdp_session(page)

    def touch(self, kind, *at):
        points = [{"x": x, "y": y} for x, y in at]
        self.protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def down(self, locator):
        box = locator.bounding_box()
        self.at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.touch("touchStart", self.at)

    def lift(self, locator):
        """Hold still until somebody is lifted."""
        self.down(locator)
        self.page.locator(".carried").wait_for()

    def slide(self, x, y, steps=8):
        x0, y0 = self.at
        for step in range(1, steps + 1):
            self.at = (x0 + (x - x0) * step / steps, y0 + (y - y0) * step / steps)
            self.touch("touchMove", self.at)
            self.page.wait_for_timeout(16)

    def up(self):
        self.touch("touchEnd")


def test_a_mouse_carries_a_person_and_undo_brings_them_back_without_a_new_page(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio()
    page.evaluate("window.sameDocument = true")
    person = first_person(page, source)
    name = person.locator("span").nth(1).inner_text().split("\n")[0]

    person.hover()
    page.mouse.down()
    page.locator(f"#column-{target.pk}").hover(force=True, position={"x": 20, "y": 30})
    page.mouse.up()
    told(page, f"{name} is in {target.name} now.")
    after = sizes()
    assert_accessible(page)
    page.get_by_role("button", name="Undo").click()
    told(page, f"{name} is in {source.name} now.")

    assert (after, sizes()) == ((before[0] - 1, before[1] + 1), before)
    assert page.evaluate("window.sameDocument")
    assert page.locator("#toasts").get_attribute("role") == "status"
    assert page.locator(f"#column-{source.pk} .column-person").count() == before[0]


def test_moving_beside_an_open_panel_sets_no_style_that_the_policy_forbids(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio()
    first_person(page, source).click()
    page.locator("[data-panel-head]").wait_for()
    page.evaluate("document.getElementById('panel-chosen').style.color = 'red'")

    page.locator("#move-to").select_option(str(target.pk))
    page.locator("#panel-move").click()
    told(page, f"is in {target.name} now.")

    assert sizes() == (before[0] - 1, before[1] + 1)
    assert page.locator("#panel-chosen[style]").count() == 0


def test_a_carry_that_is_called_off_changes_nothing(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio()

    first_person(page, source).hover()
    page.mouse.down()
    page.locator(f"#column-{target.pk}").hover(force=True, position={"x": 20, "y": 30})
    lifted = page.locator(".carried").count()
    page.keyboard.press("Escape")
    page.mouse.up()

    assert (lifted, page.locator(".carried, .is-target, .is-lifted").count()) == (1, 0)
    assert (sizes(), page.url.endswith(proposal.get_absolute_url())) == (before, True)


def test_a_finger_that_holds_carries_a_person(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio(width=820, height=1500, has_touch=True, is_mobile=True)
    finger = Finger(page)
    goal = page.locator(f"#column-{target.pk} h2").bounding_box()

    finger.lift(first_person(page, source))
    lifted = page.locator(".carried").count()
    finger.slide(goal["x"] + 20, goal["y"] + 10)
    marked = page.locator(".is-target").get_attribute("id")
    finger.up()
    told(page, f"is in {target.name} now.")

    assert (lifted, marked) == (1, f"column-{target.pk}")
    assert sizes() == (before[0] - 1, before[1] + 1)
    assert page.evaluate("[scrollY, String(getSelection())]") == [0, ""]
    page.locator("#toasts").get_by_role("button", name="Undo").tap()
    told(page, f"is in {source.name} now.")
    assert sizes() == before


def test_a_finger_that_does_not_hold_scrolls_and_a_tap_opens(proposal, studio, carried):
    source, _target, sizes = carried
    before = sizes()
    page = studio(width=360, height=640, has_touch=True, is_mobile=True)
    finger = Finger(page)
    person = unfolded(page, source)
    person.scroll_into_view_if_needed()
    was = page.evaluate("scrollY")

    finger.down(person)
    finger.slide(180, 40)
    finger.up()
    page.wait_for_function("was => scrollY > was + 60", arg=was)

    assert (page.locator(".carried").count(), sizes()) == (0, before)
    first_person(page, source).tap()
    page.locator("#panel h3").first.wait_for()


def test_a_carried_person_scrolls_the_page_at_its_edge(proposal, studio, carried):
    source, _target, sizes = carried
    before = sizes()
    page = studio(width=360, height=640, has_touch=True, is_mobile=True)
    finger = Finger(page)
    person = unfolded(page, source)
    person.scroll_into_view_if_needed()
    was = page.evaluate("scrollY")

    finger.lift(person)
    finger.slide(180, 620)
    page.wait_for_function("was => scrollY > was + 100", arg=was)
    finger.touch("touchCancel")

    assert (page.locator(".carried").count(), sizes()) == (0, before)


def test_a_keyboard_chooses_sees_the_effect_moves_and_goes_back(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio()
    person = first_person(page, source)
    name = person.get_attribute("id")

    person.focus()
    page.keyboard.press("Enter")
    page.locator("[data-panel-head]:focus").wait_for()
    for _choice in range(1 + page.locator("#panel button.choice").count()):
        page.keyboard.press("Tab")
    options = page.locator("#move-to:focus option").all_inner_texts()
    page.keyboard.type(target.name)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    told(page, f"is in {target.name} now.")
    kept = page.evaluate("document.activeElement.id")
    page.locator("[data-panel-back]").focus()
    page.keyboard.press("Enter")

    assert all(each.split(" · ")[1] for each in options)
    assert sizes() == (before[0] - 1, before[1] + 1)
    assert (kept, page.evaluate("document.activeElement.id")) == ("panel-move", name)
    assert page.locator(f"#column-{target.pk} #{name}[aria-current]").count() == 1


def test_carried_onto_somebody_the_panel_offers_the_swap_and_undo_brings_both_back(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio()
    person = first_person(page, source)
    name, other = person.get_attribute("id"), first_person(page, target).get_attribute("id")

    person.hover()
    page.mouse.down()
    first_person(page, target).hover(force=True)
    marked = page.locator(".is-onto").get_attribute("id")
    page.mouse.up()
    page.locator(".offer").wait_for()
    assert_accessible(page)
    address = page.url
    page.locator(".offer").get_by_role("button", name="Swap with").click()
    told(page, "have changed places.")
    swapped = [
        page.locator(f"#column-{column.pk} #{each}").count()
        for column, each in ((target, name), (source, other))
    ]
    page.get_by_role("button", name="Undo").click()
    page.locator(f"#column-{source.pk} #{name}").wait_for()

    assert (marked, swapped, sizes()) == (other, [1, 1], before)
    assert page.url == address
    assert page.locator("#panel .offer").count() == 0


def test_a_keyboard_swaps_and_keeps_a_community_and_the_address_can_be_opened_again(
    proposal, studio, carried
):
    source, _target, sizes = carried
    before = sizes()
    page = studio()
    first_person(page, source).focus()
    page.keyboard.press("Enter")
    page.locator("[data-panel-head]:focus").wait_for()

    page.keyboard.press("Tab")
    chosen = page.evaluate("document.activeElement.value")
    page.keyboard.press("Enter")
    told(page, "have changed places.")
    page.locator(f"#keep-{source.pk}").focus()
    page.keyboard.press("Enter")
    told(page, f"{source.name} stays as it is.")
    page.wait_for_function("id => document.activeElement.id === id", arg=f"keep-{source.pk}")
    response = page.reload()

    partner = proposal.places.get(pk=chosen)
    assert (partner.proposed_community, sizes()) == (source, before)
    assert all(place.is_locked for place in people_in(source))
    assert response.status == 200


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1360, 860)])
def test_long_names_and_a_communitys_own_page_fit(proposal, studio, width, height):
    source = columns_of(proposal)[0]
    source.name = "Whistleblowing-and-Accountability-Fundraisingcommittee of the Inter-tribal Health Board"
    source.save(update_fields=["name"])
    place = people_in(source)[0]
    place.enrollment.name = (
        "Maximiliana-Guadalupe Wolfeschlegelsteinhausenbergerdorff de la Santísima Trinidad"
    )
    place.enrollment.save(update_fields=["name"])
    page = studio(width=width, height=height)

    (unfolded if width < 768 else first_person)(page, source).click()
    page.locator("[data-panel-head]:focus").wait_for()

    assert_fits(page)
    assert_accessible(page)
    page.goto(reverse("formation:proposed_community", args=[source.pk]))
    assert_fits(page)
    assert_accessible(page)


def test_four_columns_stand_abreast_beside_the_rules_and_three_beside_a_panel(proposal, studio):
    page = studio(width=1360, height=860)
    several = make_proposal(proposal.program, by=proposal.created_by, minimum=4, maximum=5)

    def abreast():
        tops = page.locator(".column").evaluate_all("all => all.map(e => e.getBoundingClientRect().top)")
        return len([top for top in tops if top == tops[0]])

    page.goto(several.get_absolute_url())
    alone, panel = abreast(), page.locator("#panel").is_visible()
    page.locator(".column-person").first.click()
    page.locator("[data-panel-head]:focus").wait_for()

    assert (alone, panel, abreast()) == (4, False, 3)


def test_the_studio_keeps_its_measure(proposal, studio):
    """Columns begin high and a line is low, yet big enough to touch: 84 people take little scrolling."""
    page = studio(width=1360, height=860)

    boxes = page.locator(".column-person").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    top = page.locator(".column").first.bounding_box()["y"]

    assert (top < 145, max(boxes) <= 48, min(boxes) >= 34) == (True, True, True)


def test_a_phone_folds_each_community_and_shows_its_score_and_count(proposal, studio):
    page = studio(width=360, height=740, javascript=False)
    column = page.locator(".column").first

    folded = column.locator(".column-person").first.is_visible()
    column.locator("summary").click()

    assert (folded, column.locator(".column-person").first.is_visible()) == (False, True)
    assert column.locator(".pill-score").is_visible()
    assert_fits(page)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1360, 860)])
def test_what_moves_and_keeps_somebody_is_in_sight_at_once(proposal, studio, carried, width, height):
    source, _target, _sizes = carried
    page = studio(width=width, height=height)
    (unfolded if width < 768 else first_person)(page, source).click()
    page.locator("[data-panel-head]:focus").wait_for()

    for name in ("Move", "Keep here", "Make leader"):
        box = page.locator("#panel").get_by_role("button", name=name, exact=True).bounding_box()
        assert 0 <= box["y"] <= height - box["height"]
    assert_accessible(page)


def test_a_panel_taller_than_its_window_is_reached_and_scrolled_by_keyboard(proposal, studio, carried):
    source, _target, _sizes = carried
    page = studio(height=420)
    first_person(page, source).focus()
    page.keyboard.press("Enter")
    page.locator("[data-panel-head]:focus").wait_for()

    controls = page.locator("#panel").locator("select, button, a[href]").count()
    for _control in range(controls):
        page.keyboard.press("Tab")
    page.wait_for_function("() => document.querySelector('#panel').scrollTop > 0")
    last = page.evaluate("document.activeElement.matches('[data-panel-back]')")
    box = page.locator(":focus").bounding_box()
    for _time in range(6):
        page.keyboard.press("PageUp")
    page.wait_for_function("() => document.querySelector('#panel').scrollTop === 0")

    assert last
    assert 0 <= box["y"] <= 420 - box["height"]
    assert_accessible(page)


def test_the_rules_of_a_published_proposal_are_scrolled_by_keyboard(proposal, studio):
    proposal.state = Formation.State.PUBLISHED
    proposal.save(update_fields=["state"])
    page = studio(height=300)
    rules = page.locator("#studio-side")
    page.evaluate("scrollTo(0, 400)")

    rules.focus()
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('#studio-side').scrollTop > 0")

    assert rules.get_attribute("tabindex") == "0"
    assert_accessible(page)


def test_a_connection_that_is_lost_is_told_and_nothing_moves(proposal, studio, carried):
    source, target, sizes = carried
    before = sizes()
    page = studio(troubles=False)
    page.context.set_offline(True)

    first_person(page, source).hover()
    page.mouse.down()
    page.locator(f"#column-{target.pk}").hover(force=True, position={"x": 20, "y": 30})
    page.mouse.up()
    told(page, "nothing was changed")

    assert (sizes(), first_person(page, source).is_visible()) == (before, True)


def test_without_javascript_a_person_is_moved_by_the_form(proposal, studio):
    page = studio(javascript=False, width=360)
    source, target = columns_of(proposal)[:2]
    size = len(people_in(target))
    assert_fits(page)

    unfolded(page, source).click()
    page.get_by_label("Move to…").select_option(str(target.pk))
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text(f"is in {target.name} now.").wait_for()
    moved = len(people_in(target))
    page.locator("#panel").get_by_role("button", name="Swap with").first.click()
    page.get_by_text("have changed places.").wait_for()

    assert (moved, len(people_in(target))) == (size + 1, size + 1)


@pytest.mark.parametrize("name", ["formations", "settings", "publication"])
def test_the_other_pages_are_accessible(proposal, studio, name):
    page = studio(width=360)
    subject = proposal.program_id if name == "formations" else proposal.pk

    page.goto(reverse(f"formation:{name}", args=[subject]))

    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("width", [1360, 360])
def test_a_clash_its_people_and_its_ways_out_fit_and_one_press_changes_the_rules(site, new_page, width):
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    formation = make_proposal(program, rules=[Rule(Kind.APART, "area"), Rule(Kind.TOGETHER, "organization")])
    client = Client()
    client.force_login(make_staff(program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}

    page = new_page(formation.get_absolute_url(), width=width, storage_state=state)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_text("Who is in it").first.click()
    page.get_by_role("button", name="Take away “Same area apart”").click()
    page.get_by_text("You can change it back").wait_for()

    formation.refresh_from_db()
    assert [rule["kind"] for rule in formation.rules] == ["together"]
