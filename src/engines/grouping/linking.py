"""A relocatable object made into an image that runs at any address, so that loading it needs no linker.

Only what our own loops come to is understood: code and constants of 64-bit x86 in ELF that refer to one
another by distance ("System V Application Binary Interface, AMD64 Architecture Processor Supplement", 4.4).
"""

import struct
from collections.abc import Iterable

MACHINE = 62
ALLOCATED, WRITABLE, SYMBOLS, ADDENDS, NO_BITS = 2, 1, 2, 4, 8
DISTANCES = (2, 4)
"""R_X86_64_PC32 and R_X86_64_PLT32: the distance from the place to the symbol, in 32 bits."""


class LinkingError(ValueError):
    """The object has something in it that is not understood here."""


def image_of(code: bytes, names: Iterable[str]) -> tuple[bytes, dict[str, int]]:
    """The image of an object, and where in it each of the named symbols begins.

    Raises LinkingError for another machine, writable data, or a symbol from elsewhere.
    """
    if code[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", code, 18)[0] != MACHINE:
        raise LinkingError("no object for 64-bit x86")
    sections = _sections(code)
    image, places = _laid_out(code, sections)
    symbols = [symbol for section in sections if section[1] == SYMBOLS for symbol in _symbols(code, section)]
    strings = sections[next(section[6] for section in sections if section[1] == SYMBOLS)]
    where = {}
    for name, at, value in symbols:
        begin = strings[4] + name
        where[code[begin : code.index(b"\0", begin)].decode()] = places.get(at, 0) + value
    for section in sections:
        if section[1] == ADDENDS and section[7] in places:
            _relocate(code, section, image, places, symbols)
    return bytes(image), {name: where[name] for name in names}


def _sections(code: bytes) -> list[tuple[int, ...]]:
    """Name, type, flags, address, offset, size, link, info, alignment and size of an entry of each."""
    (first,) = struct.unpack_from("<Q", code, 40)
    size, count = struct.unpack_from("<HH", code, 58)
    return [struct.unpack_from("<IIQQQQIIQQ", code, first + k * size) for k in range(count)]


def _laid_out(code: bytes, sections: list[tuple[int, ...]]) -> tuple[bytearray, dict[int, int]]:
    """What is to be in memory, one section after the other, and where each begins."""
    image, places = bytearray(), {}
    for k, (_, sort, flags, _, offset, size, _, _, alignment, _) in enumerate(sections):
        if flags & ALLOCATED and size:
            if flags & WRITABLE or sort == NO_BITS:
                raise LinkingError("data that changes")
            image.extend(bytes(-len(image) % max(1, alignment)))
            places[k] = len(image)
            image.extend(code[offset : offset + size])
    return image, places


def _symbols(code: bytes, section: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Name, section and value of each symbol."""
    rows = struct.iter_unpack("<IBBHQQ", code[section[4] : section[4] + section[5]])
    return [(name, at, value) for name, _, _, at, value, _ in rows]


def _relocate(
    code: bytes,
    section: tuple[int, ...],
    image: bytearray,
    places: dict[int, int],
    symbols: list[tuple[int, int, int]],
) -> None:
    base = places[section[7]]
    for offset, kind, addend in struct.iter_unpack("<QQq", code[section[4] : section[4] + section[5]]):
        _, at, value = symbols[kind >> 32]
        if kind & 0xFFFFFFFF not in DISTANCES or at not in places:
            raise LinkingError(f"a reference of kind {kind & 0xFFFFFFFF} to section {at}")
        place = base + offset
        struct.pack_into("<i", image, place, places[at] + value + addend - place)
