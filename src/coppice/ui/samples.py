"""Sample values for the page of components: every state, long words, many and none."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.urls import reverse

from coppice.ui import badges, widgets
from coppice.ui.forms import TypedConfirmation
from coppice.ui.navigation import Item, Navigation, Section
from coppice.ui.progress import Progress
from coppice.ui.toasts import UNDO

LONG = "Kraftfahrzeughaftpflichtversicherungsgesellschaftenverband"
MOMENT = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)


@dataclass(frozen=True)
class SampleCommunity:
    name: str
    leader: str
    stage: str
    attendance: tuple[int, int] | None
    meeting: str
    state: str
    tone: str


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Program name", help_text="People see this in every mail.", max_length=80)
    purpose = forms.CharField(label="What is it for?", widget=forms.Textarea, required=False)
    email = forms.EmailField(label="Email")
    members = forms.IntegerField(label="People in a community", min_value=3, max_value=40)
    starts_on = forms.DateField(label="First day", widget=widgets.DateInput)
    starts_at = forms.TimeField(label="Time", widget=widgets.TimeInput, required=False)
    zone = forms.ChoiceField(
        label="Time zone", choices=[("", "Choose one"), ("a", "New York"), ("b", "Chicago")]
    )
    reason = forms.ChoiceField(
        label="Why do you form these communities?",
        help_text="You can change this until you publish.",
        choices=[
            ("team", "Homework needs a stable team"),
            ("area", "Link organizations of an area"),
            ("all", LONG),
        ],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        required=False,
        choices=[("v", "Volunteer retention"), ("g", "First federal grant")],
        widget=forms.CheckboxSelectMultiple,
    )
    roster = forms.FileField(label="Roster", help_text="CSV or XLSX, up to 50,000 rows.")
    agrees = forms.BooleanField(label="Everybody on this list has agreed to be written to")


def everything() -> dict[str, Any]:
    """Return the context of the page of components."""
    here = reverse("ui:components")
    wrong = SampleForm(
        {"name": "", "email": "rosa@", "members": "2", "starts_on": "31/02", "zone": "", "purpose": LONG},
        auto_id="wrong_%s",
    )
    return {
        "navigation": navigation(here),
        "messages": [
            Message(constants.SUCCESS, "Jo Kim moved to First-time grant seekers.", extra_tags=UNDO + here),
            Message(
                constants.WARNING, "Three people have no email. They can take part by phone link or on paper."
            ),
            Message(constants.ERROR, "The mail could not be sent. We try again in ten minutes."),
        ],
        "stages": [*badges.STAGES, "archived"],
        "names": ["Rosa Medina", "Jo Kim", "Amara Obi", "Tom Whitehorse", "Lin", "王 小明", ""],
        "communities": communities(),
        "tabs": [
            Item("Now", here, current=True),
            Item("Talk", here, badge=2, badge_words="2 new"),
            Item("Meetings", here),
            Item("Work", here),
            Item("Library", here),
        ],
        "page": Paginator(range(240), 20).page(4),
        "form": SampleForm(),
        "wrong": wrong,
        "confirmation": TypedConfirmation(word="Rural transport"),
        "working": Progress(
            "running", "Reading row 412 of 1,000", reverse("ui:progress"), done=412, total=1000
        ),
        "waiting": Progress("waiting", "Preparing the roster", reverse("ui:progress")),
        "finished": finished(),
        "failed": Progress(
            "failed",
            "Row 17 has no name. Nothing was changed.",
            "",
            next_url=here,
            next_label="Choose the file again",
        ),
        "long": LONG,
        "moment": MOMENT,
        "moment_end": MOMENT + timedelta(hours=1),
    }


def finished() -> Progress:
    """Return a work that is over."""
    return Progress(
        "done",
        "84 people added, none changed.",
        "",
        next_url=reverse("ui:components"),
        next_label="Form communities",
    )


def invitation() -> dict[str, Any]:
    """Return the context of a page for somebody without an account."""
    return {"moment": MOMENT, "moment_end": MOMENT + timedelta(hours=1), "form": InvitationForm()}


class InvitationForm(forms.Form):
    """What an invited person may want to say."""

    worries = forms.CharField(
        label="What worries you about this?",
        required=False,
        widget=forms.Textarea,
        help_text="Only the program's staff read it.",
    )


def navigation(here: str) -> Navigation:
    """Return the rail of a provider's manager."""
    main = [
        Item("Home", here, "home"),
        Item("My communities", here, "people", short="Groups"),
        Item("Calendar", here, "calendar"),
        Item("Library", here, "book"),
        Item("Course", here, "cap"),
    ]
    return Navigation(
        main=main,
        quick=main,
        programs=[
            Section(
                "Healthy Start TTA 2026",
                [
                    Item("Program board", here, "board", current=True),
                    Item("Form communities", here, "shuffle"),
                    Item("Leader calls", here, "phone", badge=3, badge_words="3 calls today"),
                    Item("Outcomes", here, "chart"),
                ],
                onward=Item("All programs", here),
            )
        ],
        account=[Item("Rosa Medina", here)],
        person_name="Rosa Medina",
    )


def communities() -> list[SampleCommunity]:
    """Return rows for the table, one in each tone."""
    return [
        SampleCommunity(
            "Volunteer retention", "Rosa Medina", "maturing", (12, 14), "Thu 26 Nov, 10:00", "Steady", "leaf"
        ),
        SampleCommunity(
            "Rural transport", "Tom Whitehorse", "maturing", (4, 9), "Not scheduled", "Call today", "foxglove"
        ),
        SampleCommunity("Youth outreach", "", "potential", None, "Launch, 4 Dec", "Needs a leader", "hazel"),
        SampleCommunity(
            "Data without tears",
            "Priya Nair",
            "transformation",
            (10, 15),
            "Future vote open",
            "Deciding",
            "bluebell",
        ),
        SampleCommunity(LONG, "Lin Zhao", "coalescing", (15, 16), "Wed 2 Dec, 09:30", "Steady", "leaf"),
    ]
