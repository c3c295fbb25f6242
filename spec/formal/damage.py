# SPDX-License-Identifier: CC0-1.0
"""Volumes as rows of items, and patterns of damage to them."""
import functools
import itertools
import struct

import recovery

MARK, UNREADABLE = recovery.MARK, recovery.UNREADABLE
FOREIGN_SET = b"somebody else's."


def read_tap(path):
    """The items of an image: octets of blocks, MARK, UNREADABLE."""
    octets, at, items = open(path, "rb").read(), 0, []
    while at + 4 <= len(octets):
        word, = struct.unpack_from("<I", octets, at)
        at += 4
        if word == 0xFFFFFFFF:
            break
        if word == 0xFFFFFFFE:
            continue
        if word == 0:
            items.append(MARK)
            continue
        length = word & 0x0FFFFFFF
        items.append(UNREADABLE if word >> 31 else octets[at:at + length])
        at += length + (length & 1) + 4
    return items


def write_tap(path, items):
    with open(path, "wb") as file:
        for item in items:
            if item == MARK:
                file.write(b"\0\0\0\0")
            elif item == UNREADABLE:
                word = struct.pack("<I", 0x80000000 | 512)
                file.write(word + bytes(512) + word)
            else:
                word = struct.pack("<I", len(item))
                file.write(word + item + bytes(len(item) & 1) + word)
        file.write(b"\xff\xff\xff\xff")


def front(items):
    """Index of the first item behind the leader."""
    at = items.index(MARK, items.index(MARK) + 1)
    return at + 1


@functools.lru_cache(maxsize=None)
def flip(octets):
    """One bit of the payload turned over, somewhere that depends on it."""
    at = 96 + sum(octets[8:12]) % max(1, len(octets) - 96)
    return octets[:at] + bytes([octets[at] ^ 4]) + octets[at + 1:]


@functools.lru_cache(maxsize=None)
def foreign(octets):
    """The same block as if another set had it, its checksum right."""
    b = bytearray(octets)
    b[48:64] = FOREIGN_SET
    b[8:12] = struct.pack("<I", recovery.crc32c(b[12:]))
    return bytes(b)


@functools.lru_cache(maxsize=None)
def strange(octets, kind):
    """The same block of a kind that nobody knows, its checksum right."""
    b = bytearray(octets)
    b[14:16] = struct.pack("<H", kind)
    b[8:12] = struct.pack("<I", recovery.crc32c(b[12:]))
    return bytes(b)


def is_block(item):
    return isinstance(item, bytes)


def replace(items, at, *new):
    return items[:at] + list(new) + items[at + 1:]


def faults(items, at):
    """(name, items) for each single fault of the item at `at`."""
    item = items[at]
    yield "missing", replace(items, at)
    yield "cut", items[:at]
    yield "filemark-before", replace(items, at, MARK, item)
    if at + 1 < len(items):
        yield "swapped", items[:at] + [items[at + 1], item] + items[at + 2:]
    if not is_block(item):
        return
    yield "unreadable", replace(items, at, UNREADABLE)
    yield "flipped", replace(items, at, flip(item))
    yield "zeroed", replace(items, at, bytes(len(item)))
    yield "doubled", replace(items, at, item, item)
    yield "doubled-flipped", replace(items, at, flip(item), item)
    yield "foreign", replace(items, at, foreign(item))
    yield "foreign-before", replace(items, at, foreign(item), item)
    if item[14] != recovery.VOLUME:     # which takes no number of its own
        yield "unknown-kind", replace(items, at, strange(item, 77))
    for back in (1, 3):
        if at >= back and is_block(items[at - back]):
            yield ("%d-back-again" % back,
                   replace(items, at, item, items[at - back]))


def patterns(volumes, pairs=True, subsets=10):
    """(name, volumes) for each pattern of damage to a set: each volume
    missing, each fault of each item, each two of them a few items apart, each
    subset of some blocks in a row missing or bad."""
    yield "whole", volumes
    if len(volumes) > 1:
        for n in range(len(volumes)):
            yield "no-volume-%d" % (n + 1), volumes[:n] + volumes[n + 1:]
    for n, items in enumerate(volumes):
        def with_items(new):
            return volumes[:n] + [new] + volumes[n + 1:]
        start = front(items)
        yield "no-front-%d" % (n + 1), with_items(items[start:])
        for at in range(start, len(items)):
            for name, new in faults(items, at):
                name = "%d.%d-%s" % (n + 1, at, name)
                yield name, with_items(new)
                if not pairs or name.endswith("cut"):
                    continue
                for gap in (1, 2, 4):
                    if at + gap >= len(new):
                        continue
                    for second, newer in faults(new, at + gap):
                        yield name + "-%d-%s" % (gap, second), \
                            with_items(newer)
        blocks = [at for at in range(start, len(items))
                  if is_block(items[at])]
        for row in range(0, len(blocks), subsets):
            some = blocks[row:row + subsets]
            for chosen in itertools.product((0, 1), repeat=len(some)):
                gone = {at for at, c in zip(some, chosen) if c}
                if len(gone) < 3:
                    continue    # met above
                yield "%d-without-%s" % (n + 1, "-".join(
                    map(str, sorted(gone)))), with_items(
                        [x for at, x in enumerate(items) if at not in gone])
                yield "%d-bad-%s" % (n + 1, "-".join(
                    map(str, sorted(gone)))), with_items(
                        [UNREADABLE if at in gone else x
                         for at, x in enumerate(items)])
