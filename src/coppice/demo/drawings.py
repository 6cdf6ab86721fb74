"""Pictures of objects for the demo, drawn here: each looks like a photo of a thing on a table."""

import io
import math
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

from coppice.photos.renditions import Pictures, pictures_of

SIZE = (1280, 960)
type Draw = ImageDraw.ImageDraw

TABLES = {
    "oak": ((176, 134, 92), (150, 110, 72)),
    "linen": ((222, 214, 198), (206, 196, 176)),
    "slate": ((86, 96, 102), (70, 80, 88)),
    "green": ((104, 130, 112), (88, 114, 98)),
}


@cache
def pictures(name: str) -> Pictures:
    """Return a drawn object as an uploaded photo would be kept: one of DRAWINGS."""
    table, paint = DRAWINGS[name]
    written = io.BytesIO()
    _drawn(table, paint).save(written, "PNG")
    return pictures_of(written.getvalue())


def _drawn(table: str, paint: Callable[[Draw], None]) -> Image.Image:
    """Paint a thing with its shadow on a table."""
    canvas = _table(*TABLES[table])
    thing = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    paint(ImageDraw.Draw(thing))
    shadow = Image.new("RGBA", SIZE, (20, 16, 10, 0))
    shadow.putalpha(thing.getchannel("A").point(lambda alpha: alpha * 2 // 5))
    canvas.paste(shadow, (16, 22), shadow.filter(ImageFilter.GaussianBlur(14)))
    canvas.paste(thing, (0, 0), thing)
    return canvas.filter(ImageFilter.GaussianBlur(0.8))


def _table(light: tuple[int, int, int], dark: tuple[int, int, int]) -> Image.Image:
    """Paint a table's grain: lines that sway, the same each time."""
    image = Image.new("RGB", SIZE, light)
    draw = ImageDraw.Draw(image)
    for row in range(0, SIZE[1] + 60, 14):
        sway = [
            (x, row + 9 * math.sin(x / 190 + row / 57) + 4 * math.sin(x / 61 + row / 23))
            for x in range(-20, SIZE[0] + 40, 20)
        ]
        draw.line(sway, fill=dark if row % 42 else light, width=1 + row % 4)
    return image.filter(ImageFilter.GaussianBlur(1.5))


def _map(draw: Draw) -> None:
    for fold in range(4):
        left = 190 + fold * 225
        lift = 26 if fold % 2 else 0
        tone = (236, 228, 200) if fold % 2 else (224, 214, 182)
        draw.polygon(
            [(left, 190 + lift), (left + 225, 216 - lift), (left + 225, 766 - lift), (left, 740 + lift)],
            fill=tone,
        )
    river = [(190, 610), (330, 560), (450, 590), (600, 500), (760, 520), (900, 420), (1090, 400)]
    draw.line(river, fill=(108, 150, 176), width=22, joint="curve")
    for road, width in (
        ([(210, 300), (420, 380), (640, 370), (860, 600), (1080, 660)], 12),
        ([(480, 215), (520, 470), (470, 730)], 8),
        ([(760, 225), (720, 420), (880, 730)], 8),
    ):
        draw.line(road, fill=(190, 78, 54), width=width, joint="curve")
    for x, y in ((420, 380), (640, 370), (720, 430), (860, 600), (520, 470)):
        draw.ellipse((x - 13, y - 13, x + 13, y + 13), fill=(60, 54, 48))
    draw.ellipse((575, 440, 690, 560), outline=(44, 102, 64), width=9)


def _ladle(draw: Draw) -> None:
    draw.line([(330, 760), (760, 330)], fill=(128, 78, 42), width=46)
    draw.line([(322, 750), (752, 320)], fill=(160, 104, 60), width=14)
    draw.ellipse((304, 726, 366, 788), fill=(128, 78, 42))
    draw.ellipse((330, 750, 346, 766), fill=(60, 40, 24))
    draw.ellipse((690, 150, 1010, 450), fill=(150, 154, 158))
    draw.ellipse((712, 168, 988, 424), fill=(188, 192, 196))
    draw.ellipse((740, 196, 960, 396), fill=(140, 146, 150))
    draw.arc((760, 214, 940, 380), 200, 300, fill=(232, 234, 236), width=12)


def _letter(draw: Draw) -> None:
    draw.polygon([(330, 210), (940, 150), (1000, 780), (390, 840)], fill=(246, 242, 230))
    draw.polygon([(390, 250), (560, 233), (564, 268), (394, 285)], fill=(70, 79, 158))
    for row in range(9):
        y, reach = 350 + row * 44, 880 if row % 4 < 3 else 700
        x = 402 + row * 4
        draw.line([(x, y), (x + reach - 400, y - (reach - 400) // 10)], fill=(120, 118, 112), width=8)
    draw.line([(360, 532), (975, 470)], fill=(226, 220, 204), width=6)
    draw.ellipse((760, 620, 930, 770), outline=(161, 44, 95), width=12)
    draw.line([(790, 742), (905, 650)], fill=(161, 44, 95), width=12)


def _keys(draw: Draw) -> None:
    draw.ellipse((520, 180, 780, 440), outline=(168, 172, 176), width=20)
    for turn, metal in ((62, (196, 160, 84)), (90, (170, 172, 176)), (118, (186, 142, 66))):
        angle = math.radians(turn)
        at = (650 + 130 * math.cos(angle), 310 + 130 * math.sin(angle))
        end = (at[0] + 360 * math.cos(angle), at[1] + 360 * math.sin(angle))
        draw.line([at, end], fill=metal, width=38)
        draw.ellipse((at[0] - 68, at[1] - 30, at[0] + 68, at[1] + 106), fill=metal)
        draw.ellipse((at[0] - 18, at[1] + 8, at[0] + 18, at[1] + 44), fill=(86, 96, 102))
        across = (-math.sin(angle), math.cos(angle))
        for tooth in (0.62, 0.76, 0.9):
            x, y = at[0] + 360 * tooth * math.cos(angle), at[1] + 360 * tooth * math.sin(angle)
            draw.line([(x, y), (x + 52 * across[0], y + 52 * across[1])], fill=metal, width=26)


def _drum(draw: Draw) -> None:
    draw.polygon([(370, 330), (910, 330), (850, 760), (430, 760)], fill=(150, 74, 46))
    draw.ellipse((430, 690, 850, 830), fill=(150, 74, 46))
    draw.ellipse((360, 210, 920, 440), fill=(120, 58, 36))
    draw.ellipse((378, 222, 902, 424), fill=(232, 216, 184))
    draw.ellipse((520, 268, 760, 370), fill=(220, 200, 162))
    for lace in range(9):
        x = 386 + lace * 64
        draw.line([(x, 345 + abs(4 - lace) * -6 + 40), (450 + lace * 48, 790)], fill=(236, 222, 194), width=8)


def _notebook(draw: Draw) -> None:
    draw.polygon([(360, 180), (880, 220), (850, 800), (330, 760)], fill=(44, 102, 64))
    draw.polygon([(384, 200), (430, 204), (400, 766), (354, 762)], fill=(30, 74, 46))
    draw.polygon([(500, 300), (770, 320), (762, 430), (492, 410)], fill=(246, 242, 230))
    draw.line([(520, 345), (740, 360)], fill=(90, 88, 84), width=8)
    draw.line([(520, 380), (680, 391)], fill=(90, 88, 84), width=8)
    draw.line([(930, 280), (1010, 730)], fill=(214, 160, 60), width=26)
    draw.polygon([(997, 730), (1024, 726), (1022, 780)], fill=(60, 54, 48))


DRAWINGS: dict[str, tuple[str, Callable[[Draw], None]]] = {
    "map": ("oak", _map),
    "ladle": ("linen", _ladle),
    "letter": ("oak", _letter),
    "keys": ("slate", _keys),
    "drum": ("green", _drum),
    "notebook": ("linen", _notebook),
}
