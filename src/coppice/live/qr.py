"""A QR code as a drawing in the page: dark on light in both schemes, because cameras want it so."""

import segno
from django.utils.safestring import SafeString, mark_safe

BORDER = 2


def qr_code(address: str) -> SafeString:
    """Return the SVG of an address, without a size of its own; the words beside it say where it leads."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=BORDER, dark="#000000", light="#ffffff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
