# SPDX-License-Identifier: CC0-1.0
"""Frames that the zstd library makes, for frames.txt: by hand,

    python3 -m maker.frames RECIPE... > maker/frames.txt

prints a line for each segment of these recipes that is packed. Other octets
that another version of the library makes are as good; those in the file stay.
"""
import ctypes
import ctypes.util
import sys

from . import octets


def library_frame(raw, level=19):
    library = ctypes.CDLL(ctypes.util.find_library("zstd"))
    library.ZSTD_compress.restype = ctypes.c_size_t
    room = len(raw) + 1024
    out = ctypes.create_string_buffer(room)
    size = library.ZSTD_compress(out, ctypes.c_size_t(room), raw,
                                 ctypes.c_size_t(len(raw)), level)
    if size > room:
        raise OSError("zstd: error %d" % size)
    return out.raw[:size]


def main():
    import build
    from . import recipe, segment
    from .script import Script
    found = build.find_recipes()
    print("# Digest of the octets, and a frame of the zstd library of them;"
          " see frames.py.")
    made = {}

    def note(raw, *_, **__):
        made[octets.sha256(raw).hex()] = library_frame(raw)
        return made[octets.sha256(raw).hex()]

    segment.frame, segment.made_frames = note, dict
    for name in sys.argv[1:]:
        Script(recipe.lines(found[name], found.__getitem__))
    for digest, frame in made.items():
        print(digest)
        octets_in_hex = frame.hex()
        for at in range(0, len(octets_in_hex), 76):
            print("  " + octets_in_hex[at:at + 76])


if __name__ == "__main__":
    main()
