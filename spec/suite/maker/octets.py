# SPDX-License-Identifier: CC0-1.0
"""Octets: checksum and digest (chapter 10), bodies, and zstd frames.

The frames are made here of raw and RLE blocks only (RFC 8878, 3.1.1), so that
an image never depends on the version of a library. Frames made by the library
stand in frames.txt, under the digest of what they unpack to.
"""
import functools
import hashlib
import os

ONES32 = 0xFFFFFFFF
ONES64 = 0xFFFFFFFFFFFFFFFF


def _table():
    rows = []
    for octet in range(256):
        c = octet
        for _ in range(8):
            c = (c >> 1) ^ 0x82F63B78 if c & 1 else c >> 1
        rows.append(c)
    return rows


_CRC = _table()


def _zero_powers():
    """What 1, 2, 4 ... octets of zero make of each bit of the checksum."""
    power = [_CRC[(1 << bit) & 255] ^ ((1 << bit) >> 8) for bit in range(32)]
    powers = []
    for _ in range(32):
        powers.append(power)
        power = [_apply(power, column) for column in power]
    return powers


def _apply(columns, c):
    out = 0
    for column in columns:
        if c & 1:
            out ^= column
        c >>= 1
    return out


_ZEROS = _zero_powers()


@functools.lru_cache(maxsize=20000)
def crc32c(octets):
    """Chapter 10; the zeros at the end, which most blocks have, in steps."""
    table = _CRC
    c = ONES32
    core = octets.rstrip(b"\0")
    for octet in core:
        c = table[(c ^ octet) & 255] ^ (c >> 8)
    zeros = len(octets) - len(core)
    for power in _ZEROS:
        if zeros & 1:
            c = _apply(power, c)
        zeros >>= 1
    return c ^ ONES32


assert crc32c(b"123456789") == 0xE3069283
assert crc32c(bytes(32)) == 0x8A9136AA


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def le(value, size):
    """An integer, negative ones in two's complement, lowest octet first."""
    return (value % (1 << (8 * size))).to_bytes(size, "little")


def noise(count, seed=1):
    """Octets that do not pack well: a generator written out by hand."""
    state = seed * 2654435761 % (1 << 32) or 1
    out = bytearray()
    while len(out) < count:
        state = (state * 1664525 + 1013904223) % (1 << 32)
        out.append(state >> 24)
    return bytes(out)


def counting(count, start=0):
    """Numbered lines of eight octets: a wrong place is seen at once."""
    lines = b"".join(b"%07d\n" % (start + i) for i in range(count // 8 + 1))
    return lines[:count]


RUN = 24  # fewer equal octets in a row are not worth a block of their own
BLOCK_MAX = 128 * 1024


def _pieces(raw):
    """(octets, is one octet repeated) in order."""
    start = at = 0
    while at < len(raw):
        end, octet = at + 1, raw[at:at + 1]
        if raw.startswith(octet * RUN, at):
            part = raw[at:at + BLOCK_MAX]
            end = at + len(part) - len(part.lstrip(octet))
            if start < at:
                yield raw[start:at], False
            yield raw[at:end], True
            start = end
        at = end
    if start < len(raw):
        yield raw[start:], False


def frame(raw, content_size=True, checksum=False, dictionary=0, window=None):
    """A zstd frame of raw and RLE blocks.

    window is a window descriptor (one octet); without one the frame is a
    single segment, whose window is its content.
    """
    n = len(raw)
    single = window is None
    if not content_size:
        code, size = 0, b""
        single, window = False, 0x50 if window is None else window
    elif n < 256 and single:
        code, size = 0, le(n, 1)
    elif 256 <= n < 65536 + 256:
        code, size = 1, le(n - 256, 2)
    else:
        code, size = 2, le(n, 4)
    descriptor = code << 6 | single << 5 | checksum << 2
    if dictionary:
        descriptor |= 3
    out = bytearray(le(0xFD2FB528, 4) + le(descriptor, 1))
    if not single:
        out += le(window, 1)
    if dictionary:
        out += le(dictionary, 4)
    out += size
    blocks = []
    for piece, same in _pieces(raw):
        for at in range(0, len(piece), BLOCK_MAX):
            blocks.append((piece[at:at + BLOCK_MAX], same))
    blocks = blocks or [(b"", False)]
    for number, (piece, same) in enumerate(blocks):
        last = number == len(blocks) - 1
        out += le(last | same << 1 | len(piece) << 3, 3)
        out += piece[:1] if same else piece
    return bytes(out)


@functools.lru_cache(maxsize=1)
def made_frames():
    """Frames of the library: digest of the content -> frame."""
    path = os.path.join(os.path.dirname(__file__), "frames.txt")
    frames = {}
    if os.path.exists(path):
        with open(path, encoding="ascii") as lines:
            for line in lines:
                if line.startswith("  "):
                    frames[digest] += bytes.fromhex(line.strip())
                elif not line.startswith("#"):
                    digest = line.strip()
                    frames[digest] = b""
    return frames
