# SPDX-License-Identifier: CC0-1.0
"""The SIMH "tap" form of a volume (chapter 0)."""
from .octets import le
from .tape import Mark

MARK = le(0, 4)
GAP = le(0xFFFFFFFE, 4)
END = le(0xFFFFFFFF, 4)
BAD = 0x80000000


def block(octets, unreadable=False):
    length = le(len(octets) | (BAD if unreadable else 0), 4)
    return length + octets + b"\0" * (len(octets) % 2) + length


def image(items, gap=False, end=False):
    """The file; items: of a Volume, or (octets, unreadable)."""
    out = []
    for item in items:
        if gap:
            out.append(GAP)
        if isinstance(item, Mark):
            out.append(MARK)
        elif isinstance(item, tuple):
            out.append(block(*item))
        else:
            out.append(block(item.encode()))
    if end:
        out.append(END)
    return b"".join(out)
