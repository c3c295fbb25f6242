#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a tree with everything a POSIX file system can hold.

usage: make_tree.py DIR [COUNT]

DIR must not exist. COUNT small files are made beside the odd ones (default
200). What the file system at hand does not allow is named on standard error
and left out. The tree is the same at every call, but for inode numbers, change
times and owners other than the caller's.
"""
import errno
import hashlib
import os
import socket
import struct
import sys

ROOT = os.geteuid() == 0


def skipped(what, why):
    print("make_tree: left out: %s: %s" % (what, why), file=sys.stderr)


def octets(seed, length):
    """Octets that do not compress, the same at every call."""
    out = bytearray()
    counter = 0
    while len(out) < length:
        out += hashlib.sha256(b"%s %d" % (seed.encode(), counter)).digest()
        counter += 1
    return bytes(out[:length])


def write(path, data, mode=0o644):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as f:
        f.write(data)
    os.chmod(path, mode)


def attempt(what, call, *args, **named):
    try:
        call(*args, **named)
        return True
    except OSError as e:
        skipped(what, e.strerror)
        return False


def plain_files(top, count):
    os.mkdir(top)
    write(top + b"/empty", b"")
    write(top + b"/one", b"1")
    for size in (511, 512, 513, 4095, 4096, 4097, 65536, 1048577):
        write(top + b"/size-%d" % size, octets("size", size))
    write(top + b"/text", b"a line of text\n" * 40000)
    write(top + b"/noise", octets("noise", 5 << 20))
    write(top + b"/large", octets("large", 1 << 20) * 9)
    os.mkdir(top + b"/many")
    for i in range(count):
        if i % 100 == 0:
            sub = top + b"/many/%04d" % (i // 100)
            os.mkdir(sub)
        write(sub + b"/f%03d" % (i % 100), octets("many", i * 37 % 6000))


def modes(top):
    os.mkdir(top)
    for mode in (0o000, 0o400, 0o777, 0o1644, 0o2755, 0o4755, 0o6711):
        write(top + b"/mode-%04o" % mode, b"%04o\n" % mode, mode)
        os.mkdir(top + b"/dir-%04o" % mode)
        os.chmod(top + b"/dir-%04o" % mode, mode | 0o500)
    if ROOT:
        write(top + b"/owner", b"12345\n")
        os.chown(top + b"/owner", 12345, 54321)
        write(top + b"/owner-large", b"large\n")
        os.chown(top + b"/owner-large", 4294967294, 4294967294)
    else:
        skipped("other owners", "not root")


def times(top):
    os.mkdir(top)
    for name, ns in ((b"epoch", 0), (b"before", -86400 * 10 ** 9 * 365 + 7),
                     (b"ns", 1234567890987654321), (b"later",
                     4300000000 * 10 ** 9 + 999999999)):
        write(top + b"/" + name, name)
        attempt("time %s" % name.decode(), os.utime, top + b"/" + name,
                ns=(ns, ns))


def names(top):
    os.mkdir(top)
    odd = [b"space in name", b"new\nline", b"tab\tname", b"back\\slash",
           b"quote'\"", b"-dash", b"*star?[x]", b"\xff\xfe not utf-8",
           b"\x01control", b"\x1b[31mred", "umlaut-\u00e4\u00f6".encode(),
           b"n" * 255, b"...", b" ", b"trailing ", b"a:b", b"\xed\xa0\x80"]
    for name in odd:
        attempt("name %r" % name, write, top + b"/" + name, name)


def deep(top):
    """A path far longer than PATH_MAX."""
    os.mkdir(top)
    fd = os.open(top, os.O_RDONLY)
    for i in range(60):
        name = b"%02d-" % i + b"d" * 200
        os.mkdir(name, dir_fd=fd)
        below = os.open(name, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    leaf = os.open(b"leaf", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=fd)
    os.write(leaf, b"deep down\n")
    os.close(leaf)
    os.symlink(b"leaf", b"leaf-link", dir_fd=fd)
    os.close(fd)


def links(top):
    os.mkdir(top)
    os.mkdir(top + b"/b")
    write(top + b"/a", octets("linked", 100000))
    os.link(top + b"/a", top + b"/b/second")
    os.link(top + b"/a", top + b"/zz-third")
    os.symlink(b"a", top + b"/symlink")
    os.link(top + b"/symlink", top + b"/symlink-second",
            follow_symlinks=False)
    os.symlink(b"nowhere/at/all", top + b"/dangling")
    os.symlink(b"/etc/passwd", top + b"/absolute")
    os.symlink(b"..", top + b"/up")
    os.symlink(b"x" * 4000, top + b"/long-target")
    os.symlink(b"\xff\nodd", top + b"/odd-target")
    write(top + b"/outside", b"its other name is not in the tree\n")
    os.link(top + b"/outside", os.path.dirname(top) + b".outside")
    write(top + b"/hub", b"many names\n")
    os.mkdir(top + b"/names")
    for i in range(300):
        os.link(top + b"/hub", top + b"/names/%05d" % i)


def special(top):
    os.mkdir(top)
    os.mkfifo(top + b"/fifo", 0o640)
    os.link(top + b"/fifo", top + b"/fifo-second")
    here = os.getcwd()
    os.chdir(top)
    try:
        s = socket.socket(socket.AF_UNIX)
        s.bind("socket")
        s.close()
    finally:
        os.chdir(here)
    attempt("character device", os.mknod, top + b"/null", 0o020666,
            os.makedev(1, 3))
    attempt("block device", os.mknod, top + b"/loop", 0o060660,
            os.makedev(7, 300))


def sparse(top):
    os.mkdir(top)
    shapes = {
        b"hole-only": (1 << 24, []),
        b"hole-front": (1 << 20, [((1 << 20) - 4096, 4096)]),
        b"hole-end": (1 << 22, [(0, 4096)]),
        b"holes": (1 << 22, [(i << 16, 4096) for i in range(0, 60, 2)]),
        b"tebibytes": (4 << 40, [(1 << 40, 65536)]),
        b"odd-end": ((1 << 20) + 7, [(65536, 65536), ((1 << 20), 7)]),
    }
    for name, (size, data) in shapes.items():
        fd = os.open(top + b"/" + name, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            os.ftruncate(fd, size)
            for at, length in data:
                os.pwrite(fd, octets("sparse", length), at)
        except OSError as e:
            skipped("sparse file %s" % name.decode(), e.strerror)
        os.close(fd)


def attributes(top):
    os.mkdir(top)
    write(top + b"/user", b"with attributes\n")
    if attempt("user attributes", os.setxattr, top + b"/user", b"user.a", b"1"):
        os.setxattr(top + b"/user", b"user.empty", b"")
        os.setxattr(top + b"/user", b"user.binary", bytes(range(256)))
        attempt("long attribute name", os.setxattr, top + b"/user",
                b"user." + b"n" * 250, b"v")
        for size in (65536, 32768, 3000, 1000):
            if attempt("attribute of %d octets" % size, os.setxattr,
                       top + b"/user", b"user.big", octets("x", size)):
                break
    os.mkdir(top + b"/dir")
    attempt("attribute of a directory", os.setxattr, top + b"/dir",
            b"user.dir", b"d")
    # An access control list as the kernel keeps it: version 2, then entries
    # of tag, permissions, id.
    none = 0xFFFFFFFF
    acl = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", *e) for e in
        ((1, 6, none), (2, 4, 1234), (4, 4, none), (0x10, 4, none),
         (0x20, 0, none)))
    write(top + b"/acl", b"acl\n")
    attempt("access control list", os.setxattr, top + b"/acl",
            b"system.posix_acl_access", acl)
    attempt("default access control list", os.setxattr, top + b"/dir",
            b"system.posix_acl_default", acl)
    write(top + b"/capability", b"#!/bin/true\n", 0o755)
    cap = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)
    attempt("file capability", os.setxattr, top + b"/capability",
            b"security.capability", cap)
    attempt("trusted attribute", os.setxattr, top + b"/user",
            b"trusted.reel", b"t")
    os.symlink(b"user", top + b"/symlink")
    attempt("attribute of a symbolic link", os.setxattr, top + b"/symlink",
            b"trusted.reel", b"s", follow_symlinks=False)


def directory_times(top):
    """Last: times of directories, which everything above changes."""
    for path, dirs, _files in os.walk(top, topdown=False):
        for name in dirs:
            try:
                os.utime(os.path.join(path, name),
                         ns=(10 ** 18 + 5, 10 ** 18 + len(name)),
                         follow_symlinks=False)
            except OSError as e:
                if e.errno != errno.ENAMETOOLONG:
                    raise
    os.utime(top, ns=(10 ** 18, 10 ** 18 + 1))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    top = os.fsencode(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 200
    os.umask(0o022)
    os.mkdir(top)
    plain_files(top + b"/plain", count)
    modes(top + b"/modes")
    times(top + b"/times")
    names(top + b"/names")
    deep(top + b"/deep")
    links(top + b"/links")
    special(top + b"/special")
    sparse(top + b"/sparse")
    attributes(top + b"/attributes")
    directory_times(top)


main()
