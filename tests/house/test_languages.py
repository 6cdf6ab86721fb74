"""House law: every word on a page or in a mail can be translated, and every page can run right to left."""

import pytest
from django.conf import settings as the_settings

from coppice.lib import pseudo
from tests.house.doors import walk_round
from tests.house.words import read, untranslated, words_of_the_cast

# Those who see the most between them.
KINDS = ("signed_out", "member", "leader", "organization_lead", "provider_admin", "funder")


@pytest.fixture
def pseudo_languages(settings, db):
    """Offer the made-up languages, as COPPICE_PSEUDO_LOCALES does."""
    settings.LANGUAGES = [*the_settings.LANGUAGES, *pseudo.LANGUAGES]
    pseudo.install()


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_shows_a_word_that_nobody_translated(pseudo_languages, kind):
    own = words_of_the_cast()
    pages = [visit for visit in walk_round(kind, "en-xa").at_ours if visit.page]

    plain = {f"{visit.door}: {words}" for visit in pages for words in untranslated(visit.page, own=own)}

    assert (sorted(plain), len(pages) > 30) == ([], True)
