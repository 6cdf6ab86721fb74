"""What journeys hold the pages to that they pass."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import assert_accessible, assert_fits

SHOTS = os.environ.get("SHOTS", "")


def checked(page: Page, name: str) -> None:
    """Hold a page to what every page keeps; its pictures are kept where somebody wants to look (SHOTS)."""
    assert_accessible(page)
    for width in (360, 1360):
        page.set_viewport_size({"width": width, "height": 860})
        assert_fits(page)
        if SHOTS:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=Path(SHOTS, f"{name}-{width}-{scheme}.png"), full_page=True)
            page.emulate_media(color_scheme="light")
