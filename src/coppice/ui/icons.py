"""Our own line drawings, 24 by 24, stroke 1.75, and the mark: three stems from one stool."""

from functools import cache, lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SHAPES = {
    "home": '<path d="M3.5 11 12 4l8.5 7"/><path d="M5.5 9.5V20h13V9.5"/><path d="M10 20v-5.5h4V20"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.4-4 2.9-6 6.5-6s6.1 2 6.5 6"/>'
    '<path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.8c2 .9 3.2 2.6 3.5 5.2"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.6-4.3 3.4-6.5 7.5-6.5s6.9 2.2 7.5 6.5"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/>'
    '<path d="M3.5 10h17M8 2.8V7M16 2.8V7"/>',
    "book": '<path d="M12 6.5C10 4.8 7 4.5 3.5 4.5v14c3.5 0 6.5.3 8.5 2 2-1.7 5-2 8.5-2v-14'
    'c-3.5 0-6.5.3-8.5 2zM12 6.5v14"/>',
    "cap": '<path d="M2 10l10-4.8L22 10l-10 4.8z"/><path d="M6.5 12.5V17c3 2.4 8 2.4 11 0v-4.5M22 10v5.5"/>',
    "board": '<rect x="3.5" y="4" width="17" height="16.5" rx="2"/>'
    '<path d="M3.5 9.5h17M9.5 9.5v11M9.5 15h11"/>',
    "shuffle": '<path d="M2.5 6.5h3c5 0 7 11 12 11H21M2.5 17.5h3c1.7 0 3-1.2 4.1-2.8M13.3 9.3'
    'c1.1-1.6 2.4-2.8 4.2-2.8H21"/><path d="M18 3.5l3 3-3 3M18 14.5l3 3-3 3"/>',
    "phone": '<path d="M5 3.5h3.8l1.7 4.7-2.3 1.7c1 2.6 3.3 4.9 5.9 5.9l1.7-2.3 4.7 1.7V19'
    'c0 1-.8 1.7-1.7 1.6C10.5 20 4 13.5 3.4 5.2 3.3 4.3 4 3.5 5 3.5z"/>',
    "chart": '<path d="M4 3.5v17h17"/><path d="M8.5 16.5v-4M13 16.5v-8M17.5 16.5V10"/>',
    "mail": '<rect x="3" y="5" width="18" height="14.5" rx="2"/><path d="M3.5 7l8.5 6.5L20.5 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "check": '<path d="M4.5 12.5l5 5 10-11"/>',
    "cross": '<path d="M5.5 5.5l13 13M18.5 5.5l-13 13"/>',
    "warning": '<path d="M12 3.5 2.5 20h19z"/><path d="M12 10v4.5M12 17.3v.2"/>',
    "note": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.8v.2"/>',
    "talk": '<path d="M4.5 4.5h15a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H12l-5 4v-4H4.5a1 1 0 0 1-1-1v-10'
    'a1 1 0 0 1 1-1z"/><path d="M8 9h8M8 12.5h5"/>',
    "menu": '<path d="M3.5 6.5h17M3.5 12h17M3.5 17.5h17"/>',
    "arrow": '<path d="M4 12h16M14 6l6 6-6 6"/>',
    "plus": '<path d="M12 4.5v15M4.5 12h15"/>',
    "download": '<path d="M12 3.5v12M6.5 10.5l5.5 5.5 5.5-5.5M4 20.5h16"/>',
    "upload": '<path d="M12 16V4M6.5 9.5 12 4l5.5 5.5M4 20.5h16"/>',
    "print": '<path d="M7 9V3.5h10V9M7 17H3.5V9h17v8H17"/><rect x="7" y="14" width="10" height="6.5"/>',
    "drag": '<path d="M9 5.5v.1M15 5.5v.1M9 12v.1M15 12v.1M9 18.5v.1M15 18.5v.1" stroke-width="3"/>',
    "lock": '<rect x="4.5" y="10.5" width="15" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5l5 5"/>',
    "pencil": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="M14 6.5l3.5 3.5"/>',
    "scheme": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor"/>',
    "leaf": '<path d="M5 19C4 9 10 4 20 4c0 10-5 16-15 15zM5 19 14 10"/>',
    "undo": '<path d="M8 5 3.5 9.5 8 14"/><path d="M4 9.5h10a5.5 5.5 0 0 1 0 11H9"/>',
}
TURNS_WITH_THE_TEXT = {"arrow", "undo"}


@lru_cache(maxsize=256)
def icon(name: str, *, size: int = 20) -> SafeString:
    """Draw one icon, hidden from screen readers: the words beside it say what it means.

    Raises KeyError for a name that nobody drew.
    """
    return format_html(
        '<svg class="icon{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        'focusable="false">{}</svg>',
        " icon-turns" if name in TURNS_WITH_THE_TEXT else "",
        size,
        size,
        mark_safe(SHAPES[name]),
    )


@cache
def mark(*, size: int = 28) -> SafeString:
    """Draw the mark of the house."""
    return format_html(
        '<svg class="mark" width="{}" height="{}" viewBox="0 0 28 28" fill="none" stroke-linecap="round" '
        'stroke-width="2.2" aria-hidden="true" focusable="false">'
        '<path class="mark-stool" d="M2.5 25h23" stroke="currentColor" stroke-width="2.6"/>'
        '<path d="M14 24V6M14 24c0-6-1.5-8.5-6-11.8M14 24c0-6 1.5-8.5 6-11.8" stroke="currentColor"/>'
        '<circle cx="14" cy="4.8" r="3" fill="currentColor"/>'
        '<g class="mark-young" fill="currentColor"><circle cx="7" cy="10.2" r="2.3"/>'
        '<circle cx="21" cy="10.2" r="2.3"/></g></svg>',
        size,
        size,
    )
