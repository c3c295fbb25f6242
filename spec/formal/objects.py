# SPDX-License-Identifier: CC0-1.0
"""From accepted segments to objects (section 12.2), for volumes on which no
record breaks a requirement: what of which stream comes out, and the status."""
import struct

import recovery

OBJECT, RECORD_DATA, OBJECT_END, CONTINUED = 0x8010, 0x8013, 0x8015, 0x8016


def records(segment):
    """(type, object, payload) of each record of a plain segment."""
    at, octets = 24, segment.octets
    while at + 16 <= len(octets):
        kind, _, length, number = struct.unpack_from("<HHIQ", octets, at)
        yield kind, number, octets[at + 16:at + 16 + length]
        at += 16 + length


def data_pieces(segment):
    """(object, ordinal, from, to) of each DATA record."""
    for kind, number, payload in records(segment):
        if kind == RECORD_DATA:
            ordinal, _, offset = struct.unpack_from("<IIQ", payload)
            yield number, ordinal, offset, offset + len(payload) - 24


def join(ranges):
    """Ranges that touch become one."""
    out = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return out


def assemble(machine):
    """{(archive, object): (status, {ordinal: ranges})} of a machine that has
    read everything."""
    status, pieces = {}, {}
    hand = {}                   # archive -> number of the object at hand
    closed = {s.archive for s in machine.segments
              if s.kind == recovery.END and s.accepted()}

    def put_aside(archive, how):
        number = hand.pop(archive, None)
        if status.get((archive, number)) == "open":
            status[archive, number] = how

    def tear(at):
        for number, archive in machine.tears:
            if number == at:
                put_aside(archive, "torn")

    for number, s in enumerate(machine.segments):
        a = s.archive
        tear(number)
        if s.kind != recovery.DATA or not s.accepted():
            continue
        if s.hole:
            put_aside(a, "partial")
        for kind, number, payload in records(s):
            if kind == CONTINUED and hand.get(a) != number:
                hand[a] = number
                status[a, number] = "partial"
            elif kind == OBJECT:
                hand[a] = number
                status[a, number] = "open"
            elif kind == OBJECT_END:
                if status[a, number] == "open":
                    flags, _, bad = struct.unpack_from("<IQI", payload, 12)
                    status[a, number] = "flawed" if flags or bad else "complete"
                hand.pop(a, None)
        for number, ordinal, start, end in data_pieces(s):
            pieces.setdefault((a, number), {}).setdefault(
                ordinal, []).append((start, end))
    tear(len(machine.segments))
    for a in list(hand):
        if status[a, hand[a]] == "open":
            lost = a in closed or machine.holes[a]
            put_aside(a, "partial" if lost else "torn")
    return {key: (status[key], {o: join(r) for o, r
                                in pieces.get(key, {}).items()})
            for key in status}
