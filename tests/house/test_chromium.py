"""House law: the tests in a browser are passed over only where somebody sees it."""

import pytest

from tests.browser import say_no_chromium


@pytest.mark.parametrize("ci", ["true", "1"])
def test_where_nobody_watches_a_missing_browser_fails(monkeypatch, ci):
    monkeypatch.setenv("CI", ci)

    with pytest.raises(pytest.fail.Exception, match="Chromium is not installed"):
        say_no_chromium()


def test_on_somebodys_own_machine_a_missing_browser_skips(monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="Chromium is not installed"):
        say_no_chromium()
