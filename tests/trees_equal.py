#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare two trees in every respect that a restore can put back.

usage: trees_equal.py [--no-owner] A B

Names, kinds, modes, owners, times to the nanosecond, device numbers, targets
of symbolic links, extended attributes, content, holes, and which names are the
same file. Prints what differs and exits 1; exits 0 when nothing does. It shares
no code with Reel. Where a file system keeps no holes the comparison of holes is
left out for that file.
"""
import errno
import hashlib
import os
import stat
import sys

different = 0


def differs(path, what, a, b):
    global different
    different += 1
    if different <= 50:
        print("%s: %s: %r, %r" % (os.fsdecode(path).encode(
            "unicode_escape").decode(), what, a, b))


def xattrs(what):
    """Of a descriptor, or of a path whose last component is not followed."""
    follow = isinstance(what, int)
    try:
        names = os.listxattr(what, follow_symlinks=follow)
        return {n: os.getxattr(what, n, follow_symlinks=follow)
                for n in names if n != "security.selinux"}
    except OSError as e:
        if e.errno in (errno.ENOTSUP, errno.ENODATA):
            return {}
        raise


def extents(fd, size):
    """Where data stand, as the file system tells."""
    out = []
    at = 0
    while at < size:
        try:
            begin = os.lseek(fd, at, os.SEEK_DATA)
        except OSError as e:
            if e.errno == errno.ENXIO:
                break
            raise
        end = os.lseek(fd, begin, os.SEEK_HOLE)
        out.append((begin, end))
        at = end
    return out


def content(fd, size):
    """Digest of data by place; runs of zero pages count as holes."""
    digest = hashlib.sha256()
    for begin, end in extents(fd, size):
        for at in range(begin, end, 1 << 20):
            block = os.pread(fd, min(1 << 20, end - at), at)
            for off in range(0, len(block), 4096):
                page = block[off:off + 4096]
                if page.count(0) != len(page):
                    digest.update(b"%d:" % (at + off) + page)
    return digest.hexdigest()


class Tree:
    """A directory at hand, by descriptor, so that depth does not matter."""

    def __init__(self, fd):
        self.fd = fd

    def names(self):
        return sorted(os.fsencode(n) for n in os.listdir(self.fd))

    def facts(self, name):
        return os.stat(name, dir_fd=self.fd, follow_symlinks=False)

    def attributes(self, name, st):
        if stat.S_ISREG(st.st_mode) or stat.S_ISDIR(st.st_mode):
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self.fd)
            try:
                return xattrs(fd)
            finally:
                os.close(fd)
        return xattrs(b"/proc/self/fd/%d/" % self.fd + name)

    def below(self, name):
        return Tree(os.open(name, os.O_RDONLY | os.O_DIRECTORY |
                            os.O_NOFOLLOW, dir_fd=self.fd))

    def open(self, name):
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self.fd)


def compare_file(path, name, a, b, sa, sb):
    if sa.st_size != sb.st_size:
        differs(path, "size", sa.st_size, sb.st_size)
        return
    fa, fb = a.open(name), b.open(name)
    try:
        if content(fa, sa.st_size) != content(fb, sb.st_size):
            differs(path, "content", "", "")
        if sa.st_blocks * 512 < sa.st_size - 65536 and \
                sb.st_blocks > sa.st_blocks * 2 + 256:
            differs(path, "holes", sa.st_blocks, sb.st_blocks)
    finally:
        os.close(fa)
        os.close(fb)


def compare_entry(path, name, a, b, links, owner):
    sa, sb = a.facts(name), b.facts(name)
    if sa.st_mode != sb.st_mode:
        differs(path, "mode", oct(sa.st_mode), oct(sb.st_mode))
    if stat.S_IFMT(sa.st_mode) != stat.S_IFMT(sb.st_mode):
        return
    if owner and (sa.st_uid, sa.st_gid) != (sb.st_uid, sb.st_gid):
        differs(path, "owner", (sa.st_uid, sa.st_gid), (sb.st_uid, sb.st_gid))
    if sa.st_mtime_ns != sb.st_mtime_ns:
        differs(path, "time", sa.st_mtime_ns, sb.st_mtime_ns)
    if sa.st_rdev != sb.st_rdev:
        differs(path, "device", sa.st_rdev, sb.st_rdev)
    if stat.S_ISLNK(sa.st_mode):
        ta = os.readlink(name, dir_fd=a.fd)
        tb = os.readlink(name, dir_fd=b.fd)
        if ta != tb:
            differs(path, "target", ta, tb)
    xa, xb = a.attributes(name, sa), b.attributes(name, sb)
    if xa != xb:
        differs(path, "attributes", sorted(xa), sorted(xb))
    if stat.S_ISDIR(sa.st_mode):
        return
    if sa.st_nlink > 1:
        links[0].setdefault((sa.st_dev, sa.st_ino), []).append(path)
        links[1].setdefault((sb.st_dev, sb.st_ino), []).append(path)
    if stat.S_ISREG(sa.st_mode):
        compare_file(path, name, a, b, sa, sb)


def compare_trees(fa, fb, owner):
    links = ({}, {})
    # (path, tree, tree, names left); an explicit stack, for deep trees.
    a, b = Tree(fa), Tree(fb)
    stack = [(b"", a, b, None)]
    while stack:
        path, a, b, names = stack.pop()
        if names is None:
            na, nb = a.names(), b.names()
            for name in sorted(set(na) ^ set(nb)):
                differs(path + b"/" + name, "only in",
                        name in na and "A" or "B", "")
            names = [n for n in na if n in set(nb)]
            names.reverse()
        if not names:
            os.close(a.fd)
            os.close(b.fd)
            continue
        name = names.pop()
        stack.append((path, a, b, names))
        here = path + b"/" + name
        compare_entry(here, name, a, b, links, owner)
        if stat.S_ISDIR(a.facts(name).st_mode) and \
                stat.S_ISDIR(b.facts(name).st_mode):
            stack.append((here, a.below(name), b.below(name), None))
    la = sorted(links[0].values())
    lb = sorted(links[1].values())
    if la != lb:
        differs(b"", "hard links", [x for x in la if x not in lb][:3],
                [x for x in lb if x not in la][:3])


def main():
    args = [a for a in sys.argv[1:] if a != "--no-owner"]
    if len(args) != 2:
        sys.exit(__doc__)
    os.stat(args[0])
    for p in args:
        if not os.path.isdir(p):
            sys.exit("trees_equal: %s is not a directory" % p)
    a = os.open(args[0], os.O_RDONLY | os.O_DIRECTORY)
    b = os.open(args[1], os.O_RDONLY | os.O_DIRECTORY)
    sa, sb = os.fstat(a), os.fstat(b)
    if (sa.st_mode, sa.st_mtime_ns) != (sb.st_mode, sb.st_mtime_ns):
        differs(b"", "top", (oct(sa.st_mode), sa.st_mtime_ns),
                (oct(sb.st_mode), sb.st_mtime_ns))
    compare_trees(a, b, "--no-owner" not in sys.argv)
    if different:
        print("%d differences" % different)
        return 1
    return 0


sys.exit(main())
