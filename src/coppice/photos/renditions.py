"""From whatever somebody sends to two pictures that we drew ourselves, or a refusal."""

import io
import struct
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from coppice.photos.errors import NotAPhoto, TooHeavy, TooManyPixels

LARGEST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""By format: unpacking a JPEG takes less memory, because it can be unpacked smaller than it is."""
LARGE, SMALL = 1600, 480
"""The longer side of each rendition, in pixels."""

# What decoders raise on files that are broken, or made to break them.
BROKEN = (
    *(UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error),
    *(ArithmeticError, AttributeError, LookupError, TypeError),
)

# Cameras write a JPEG in at most a dozen scans; every further one is gone through as a whole.
SCAN, MOST_SCANS = b"\xff\xda", 64

# One at a time: unpacked, a photo takes a hundred times the memory of its file.
_unpacking = threading.Lock()


@dataclass(frozen=True)
class Pictures:
    """A photo's two renditions as JPEG files, with the size of the large one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def pictures_of(content: bytes) -> Pictures:
    """Return both renditions of a photo, drawn anew from its points alone.

    `content` is the file as it came. Raises NotAPhoto, TooHeavy, TooManyPixels.
    """
    if len(content) > LARGEST_BYTES:
        raise TooHeavy
    if content.startswith(b"\xff\xd8") and content.count(SCAN) > MOST_SCANS:
        raise NotAPhoto
    with _unpacking:
        try:
            image = _unpacked(content)
        except Image.DecompressionBombError:
            raise TooManyPixels from None
        except BROKEN:
            raise NotAPhoto from None
    large = _within(image, LARGE)
    return Pictures(_as_jpeg(large), _as_jpeg(_within(large, SMALL)), *large.size)


def _unpacked(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=tuple(MOST_PIXELS)) as image:
        most = MOST_PIXELS.get(
            image.format or "", MOST_PIXELS["JPEG"]
        )  # a JPEG of several pictures is an MPO
        if image.width * image.height > most:
            raise Image.DecompressionBombError
        image.draft("RGB", (LARGE, LARGE))  # a JPEG is unpacked no larger than it is needed
        turned = _in_eight_bits(ImageOps.exif_transpose(image))
        if turned.mode not in {"L", "RGB", "RGBA", "CMYK"}:
            turned = turned.convert("RGBA")
        turned.thumbnail((LARGE, LARGE), reducing_gap=3)
        return _on_white(turned)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return greys of 16 bits as greys of 8: Pillow would cut them off where it converts."""
    return image.point(lambda grey: grey * (1 / 256)).convert("L") if image.mode.startswith("I;16") else image


def _on_white(image: Image.Image) -> Image.Image:
    """Return the points on a new canvas: whatever else the file carried stays behind."""
    canvas = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        points = image.convert("RGBA")
        canvas.paste(points, mask=points.getchannel("A"))
    else:
        canvas.paste(image.convert("RGB"))
    return canvas


def _within(image: Image.Image, side: int) -> Image.Image:
    made = image.copy()
    made.thumbnail((side, side))
    return made


def _as_jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    return written.getvalue()
