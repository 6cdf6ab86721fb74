"""What is read, what is refused, and what stays behind."""

import io
import struct
import zlib

import pytest
from PIL import Image

from coppice.photos import renditions
from coppice.photos.errors import NotAPhoto, TooHeavy, TooManyPixels
from coppice.photos.renditions import LARGE, MOST_SCANS, SCAN, SMALL, pictures_of
from coppice.photos.tests.factories import SECRET, content, picture

GPS, ORIENTATION = 0x8825, 0x0112


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_photo_becomes_two_jpegs_no_longer_than_their_sides():
    made = pictures_of(content(picture((3200, 2400))))

    large, small = opened(made.large), opened(made.small)
    assert [(each.format, each.size) for each in (large, small)] == [
        ("JPEG", (LARGE, 1200)),
        ("JPEG", (SMALL, 360)),
    ]
    assert (made.width, made.height) == large.size


def test_a_small_photo_is_not_blown_up():
    made = pictures_of(content())

    assert (opened(made.large).size, opened(made.small).size) == ((64, 48), (64, 48))


def test_place_camera_and_comments_stay_behind():
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[29] = SECRET.decode()
    sent = content(exif=exif, comment=SECRET, xmp=b"<x>" + SECRET + b"</x>", icc_profile=SECRET)
    assert sent.count(SECRET) == 5

    made = pictures_of(sent)

    for data in (made.large, made.small):
        assert SECRET not in data
        assert dict(opened(data).getexif()) == {}
        assert set(opened(data).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


def test_a_photo_is_turned_as_it_was_held():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was turned to the right

    turned = opened(pictures_of(content(picture((80, 40)), exif=exif)).large)

    assert turned.size == (40, 80)
    red, _green, _blue = turned.getpixel((35, 5))
    assert red > 150


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_points_is_read(mode):
    image = picture(mode="L").convert("I").convert("I;16") if mode == "I;16" else picture(mode=mode)

    assert opened(pictures_of(content(image, "PNG")).large).mode == "RGB"


def test_greys_of_sixteen_bits_keep_their_shades():
    grey = Image.new("I;16", (20, 20), 30_000)

    shade = opened(pictures_of(content(grey, "PNG")).large).getpixel((10, 10))

    assert max(shade) - min(shade) == 0
    assert abs(shade[0] - 30_000 / 256) < 3


def test_a_jpeg_that_holds_several_pictures_is_read_as_its_first():
    written = io.BytesIO()
    picture((80, 40)).save(written, "MPO", save_all=True, append_images=[picture((10, 10))])
    assert opened(written.getvalue()).format == "MPO"

    made = pictures_of(written.getvalue())

    assert (made.width, made.height) == (80, 40)


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_unpacked(monkeypatch):
    written = io.BytesIO()
    picture((80, 40)).save(written, "JPEG", progressive=True)
    sent = written.getvalue()
    scan = sent[sent.rindex(SCAN) : -2]
    assert pictures_of(sent).width == 80
    monkeypatch.setattr(renditions, "_unpacked", lambda content: pytest.fail("was unpacked"))

    with pytest.raises(NotAPhoto):
        pictures_of(sent[:-2] + scan * MOST_SCANS + sent[-2:])


@pytest.mark.parametrize("broken", [TypeError, KeyError, ZeroDivisionError])
def test_whatever_a_decoder_stumbles_over_is_no_photo(monkeypatch, broken):
    def stumble(content):
        raise broken

    monkeypatch.setattr(renditions, "_unpacked", stumble)

    with pytest.raises(NotAPhoto):
        pictures_of(content())


def test_what_is_transparent_becomes_white():
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))

    assert min(opened(pictures_of(content(image, "PNG")).large).getpixel((10, 10))) > 250


def test_paper_colours_and_webp_are_read():
    assert opened(pictures_of(content(picture(mode="CMYK"))).large).mode == "RGB"
    assert opened(pictures_of(content(kind="WEBP")).large).format == "JPEG"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0" + bytes(200),
        content(kind="GIF"),
        content(kind="TIFF"),
        content(kind="PNG")[:-40],
        content(picture((400, 400)))[:600],
    ],
    ids=["nothing", "svg", "only a head", "gif", "tiff", "cut off png", "cut off jpeg"],
)
def test_what_is_no_photo_is_refused(sent):
    with pytest.raises(NotAPhoto):
        pictures_of(sent)


def test_a_bomb_is_refused_by_its_head_alone():
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 6000, 6000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"never unpacked") + chunk(b"IEND", b"")

    with pytest.raises(TooManyPixels):
        pictures_of(bomb)


def test_a_bomb_of_words_beside_the_points_is_refused():
    whole = content(kind="PNG")
    words = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(80 * 1024 * 1024)))

    with pytest.raises(NotAPhoto):
        pictures_of(whole[:33] + words + whole[33:])


def test_a_file_that_is_too_heavy_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(renditions, "_unpacked", lambda content: pytest.fail("opened"))

    with pytest.raises(TooHeavy):
        pictures_of(bytes(renditions.LARGEST_BYTES + 1))
