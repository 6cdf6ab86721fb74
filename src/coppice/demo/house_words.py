"""What the demo's provider has words of its own for, and a template that a leader copied."""

from typing import Any

from coppice.communities.models import Community
from coppice.library.actions import templates
from coppice.library.template_set import original
from coppice.library.templates_of import template_for
from coppice.programs.models import Provider

WELCOME = original("welcome-pack", "en")
HELP = """## Somebody to call

At our center somebody is there for you on weekdays from 9 to 5: 555 0140. \
Say which group you are in; we know its dates, and call you back on the same day.
"""


def write(provider: Provider, *, by: Any) -> None:
    """Let a provider send newcomers its own welcome pack, with its telephone."""
    markdown = f"{WELCOME.markdown}\n{HELP}"
    templates.write(provider, WELCOME.key, "en", title="Welcome to your group", markdown=markdown, by=by)


def copy(community: Community) -> None:
    """Let a leader copy the health check into the library."""
    template = template_for(community.program.provider, "health-check", "en")
    templates.copy(template, to=community, by=community.memberships.leaders()[0])
