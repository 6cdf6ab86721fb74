"""A new program in a browser: it begins with the time zone of whoever creates it."""

import pytest
from django.urls import reverse

from coppice.accounts.links import make_sign_in_token
from coppice.accounts.tests.factories import make_person
from coppice.programs.models import Provider, Staff

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_program_begins_with_its_managers_time_zone(new_page):
    ana = make_person(name="Ana")
    provider = Provider.objects.create(name="Provider", time_zone="UTC")
    Staff.objects.create(provider=provider, person=ana)
    page = new_page(reverse("accounts:sign_in", args=[make_sign_in_token(ana)]), timezone_id="America/Lima")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.goto(page.url + "programs/new/", wait_until="networkidle")
    from_browser = page.get_by_label("Time zone").input_value()

    ana.time_zone = "America/Chicago"
    ana.save()
    page.reload(wait_until="networkidle")

    assert (from_browser, page.get_by_label("Time zone").input_value()) == ("America/Lima", "America/Chicago")
