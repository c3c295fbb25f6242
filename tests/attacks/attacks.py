#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Restore archives that mean harm, and look at everything around.

usage: attacks.py ATTACK_BUILD RACER [REEL_NTFS RELAY_TOOL] [NAME...]

Each image of attack_build is listed, verified, dumped and restored, by the
user who runs this and, where that is root, by nobody; into an empty directory
and into one with traps laid in it. Of its damaged twin what is left is given
out by `restore --salvage` and by `extract`. What holds for all: nothing outside of the
directory is created, changed or removed, nothing unfinished is left in it, no
octet that a terminal obeys is printed, and the exit code is one of those that
say what became of the data. What restore, list and verify have to say of each
image stands in expected.tsv. All is restored behind the sandbox and without it,
for the sandbox would hide a restorer that is led out.

At last a tree is restored again and again while somebody else swaps what is in
the directory for links that lead out, or moves a directory out of it.
"""

import concurrent.futures
import hashlib
import os
import pty
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

REEL = os.environ["REEL_PROGRAM"]
SOAK = bool(os.environ.get("REEL_SOAK"))
EVIL = b"this was written by an archive that means harm\n"
# 0 to 4: all well, damage, lost, skipped, refused. Anything else is a fault of
# the program or of the machine.
CODES = {0, 1, 2, 3, 4}
# What a terminal may take for an order; C1 controls also as UTF-8.
ORDERS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|"
                    rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
# Without a fence first: it is the restorer itself that is judged there.
FENCES = (["--sandbox", "off"], [])
failures = []


def expectations():
    """By name: code and a part of the text, for each verb."""
    found = {}
    for line in Path(__file__).with_name("expected.tsv").read_text().split("\n"):
        if line and not line.startswith("#"):
            name, restored, told, listed, verified, also = line.split("\t")
            found[name] = {"restore": (int(restored), told),
                           "list": (int(listed), ""),
                           "verify": (int(verified), also)}
    return found


EXPECTED = expectations()


def fail(what):
    failures.append(what)
    print(f"FAILED: {what}", flush=True)


def fact(path):
    """All of one thing that somebody might notice."""
    st = path.lstat()
    content = ""
    if stat.S_ISREG(st.st_mode):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
    elif stat.S_ISLNK(st.st_mode):
        content = os.readlink(path)
    xattrs = [(name, os.getxattr(path, name, follow_symlinks=False))
              for name in sorted(os.listxattr(path, follow_symlinks=False))]
    return (st.st_ino, st.st_mode, st.st_uid, st.st_gid, st.st_nlink,
            st.st_size, st.st_mtime_ns, st.st_ctime_ns, content, xattrs)


def listing(root, without):
    """Facts of everything below `root`, but for what is below `without`."""
    found = {}
    for folder, directories, files in os.walk(root):
        if Path(folder) == without:
            directories.clear()
            continue
        for name in directories + files:
            path = Path(folder, name)
            if path != without:
                found[str(path.relative_to(root))] = fact(path)
    return found


class Place:
    """A directory to restore into, and what stands around it."""

    def __init__(self, base, traps, owner):
        self.root = Path(tempfile.mkdtemp(dir=base))
        self.dir = self.root / "in" / "dir"
        self.outside = self.root / "in" / "outside"
        self.tmp = Path(tempfile.mkdtemp(dir=base))
        for path in (self.dir, self.outside):
            path.mkdir(parents=True)
        for name in ("victim", "other"):
            (self.outside / name).write_text("precious\n")
        (self.root / "in" / "victim").write_text("precious, too\n")
        (self.outside / "program").write_text("#!/bin/sh\n")
        (self.outside / "program").chmod(0o755)
        if traps:
            for name in (*self.partials(), "a.reel-streams", "d", "e", "j", "D", "b", "sgid",
                         ".reel-streams", "C:"):
                (self.dir / name).symlink_to("../outside")
            for name in ("f", "g", "h", "l", "m", "s", "file", "suid", "a",
                         "harmless", "character", "Name", "CON"):
                (self.dir / name).symlink_to("../outside/victim")
        # Mounted read-only it would prove nothing: all may be written.
        for path in [self.tmp, self.root, *self.root.rglob("*")]:
            os.chown(path, owner, owner, follow_symlinks=False)
        self.before = listing(self.root, self.dir)

    @staticmethod
    def partials():
        """Names that salvage may want."""
        names = ["a", "b", "f", "victim", "1.2", "1.3", "1.4", "1.5"]
        return [f"{name}.reel-partial{number}" for name in names
                for number in ("", "-2")]

    def check(self, about):
        if any(self.tmp.iterdir()):
            fail(f"{about}: left behind: {list(self.tmp.iterdir())}")
        after = listing(self.root, self.dir)
        for name in sorted(self.before.keys() | after.keys()):
            old, new = self.before.get(name), after.get(name)
            if old != new:
                fail(f"{about}: {name} was {old}, is {new}")
        for path in self.dir.rglob("*"):
            if path.name.startswith(".reel-") and path.name.endswith(".tmp"):
                fail(f"{about}: {path.name} is left")

    def remove(self):
        for folder, _, _ in os.walk(self.root):
            os.chmod(folder, 0o700)
        shutil.rmtree(self.root)
        shutil.rmtree(self.tmp)


def run(about, place, user, *words, terminal=False, expected=None):
    """Run reel: it ends as it may, or as expected, and gives no orders to a
    terminal. Its exit code, and what it told."""
    command = [REEL, *words]
    if user is not None:
        command = ["setpriv", "--reuid", str(user), "--regid", str(user),
                   "--clear-groups", "--", *command]
    ours, theirs = pty.openpty() if terminal else (None, subprocess.PIPE)
    done = subprocess.run(
        command, cwd=place.root / "in", stdin=subprocess.DEVNULL,
        stdout=theirs, stderr=subprocess.PIPE, timeout=120,
        env={**os.environ, "TMPDIR": str(place.tmp)}, check=False)
    stdout = done.stdout
    if terminal:
        os.close(theirs)
        # The terminal's driver makes CR LF of a line's end.
        stdout = read_all(ours).replace(b"\r\n", b"\n")
    if done.returncode not in CODES:
        fail(f"{about}: exit {done.returncode}: {done.stderr[-500:]}")
    for what, text in (("stdout", stdout), ("stderr", done.stderr)):
        found = ORDERS.search(text)
        if found:
            fail(f"{about}: {what} holds {found.group()!r}: "
                 f"{text[max(0, found.start() - 40):found.end() + 20]!r}")
    text = (stdout + done.stderr).decode(errors="replace")
    if expected is not None:
        code, told = expected
        if done.returncode != code:
            fail(f"{about}: exit {done.returncode}, not {code}: {text[-500:]}")
        if told not in text:
            fail(f"{about}: {told!r} is not told: {text[-500:]}")
    return done.returncode, text


def read_all(terminal):
    """What was written to the other end, which is closed."""
    text = b""
    try:
        while piece := os.read(terminal, 65536):
            text += piece
    except OSError:  # EIO: that was all
        pass
    os.close(terminal)
    return text


def inspect(image, place):
    for words in (["list", "-l"], ["list", "--json"], ["info"],
                  ["verify", "-v"], ["verify", "--json"], ["dump"],
                  ["dump", "--octets"], ["list", "--manifest", "sha256"],
                  ["restore", "--plan"], ["restore", "--dry-run", "-C", "dir"],
                  ["compare", "-C", "dir"]):
        run(f"{image.stem}: {' '.join(words)}", place, None, words[0],
            "-f", str(image), *words[1:], terminal="--manifest" in words,
            expected=EXPECTED[image.stem].get(words[0])
            if words[1:] in (["-l"], ["-v"]) else None)


def check_content(name, place, preserve):
    """What must not be in the directory itself."""
    for path in place.dir.rglob("*"):
        st = path.lstat()
        if not preserve and not stat.S_ISLNK(st.st_mode):
            if st.st_mode & 0o6000:
                fail(f"{name}: {path.name} has mode {st.st_mode:o}")
            for xattr in os.listxattr(path, follow_symlinks=False):
                if xattr.startswith(("security.", "trusted.")):
                    fail(f"{name}: {path.name} has {xattr}")
            if stat.S_ISBLK(st.st_mode) or stat.S_ISCHR(st.st_mode):
                fail(f"{name}: {path.name} is a device")
    file = place.dir / "file"
    if name.startswith("windows-streams") and not file.is_symlink():
        if file.exists() and file.read_bytes() != b"clean":
            fail(f"{name}: the content is {file.read_bytes()!r}")


def check_link(name, place):
    """A link to a symbolic link is one to that, not to where it leads."""
    one, other = place.dir / "s", place.dir / "k"
    if not other.is_symlink() or one.lstat().st_ino != other.lstat().st_ino:
        fail(f"{name}: k is no further name of the symbolic link s")


def restore(base, image, user, traps, words, expected=None):
    place = Place(base, traps, os.getuid() if user is None else user)
    about = (f"{image.stem}: restore {' '.join(words)}"
             f"{' into traps' if traps else ''}"
             f"{'' if user is None else ' as nobody'}")
    run(about, place, user, "restore", "-f", str(image), *words,
        expected=expected)
    place.check(about)
    check_content(image.stem, place, "--preserve" in words)
    if expected and image.stem == "link-through-symlink":
        check_link(about, place)
    place.remove()


def attack(base, image, users):
    place = Place(base, True, os.getuid())
    inspect(image, place)
    place.check(f"{image.stem}: looked at")
    place.remove()
    into = ["-C", "dir"]
    for user in users:
        for fence in FENCES:
            restore(base, image, user, False, into + fence,
                    EXPECTED[image.stem]["restore"])
            restore(base, image, user, True,
                    into + ["--existing", "replace", "--preserve",
                            "--side-files"] + fence)
        for fence in FENCES if SOAK else FENCES[:1]:
            restore(base, image, user, True,
                    into + ["--existing", "replace"] + fence)
            if SOAK or user is None:
                restore(base, image, user, True,
                        into + ["--existing", "skip"] + fence)
                restore(base, image, user, False, into + ["--strip", "1"] + fence)
                restore(base, image, user, False, ["--raw", "dir"] + fence)
                restore(base, image, user, False, into + ["--no-scan", "*"] + fence)


def salvage(base, image, users):
    """What is left of a damaged one; how many octets that is."""
    left = 0
    for user in users:
        restore(base, image, user, True,
                ["-C", "dir", "--salvage", "--existing", "replace"] + FENCES[0])
        place = Place(base, False, os.getuid() if user is None else user)
        about = (f"damaged {image.stem}: extract"
                 f"{'' if user is None else ' as nobody'}")
        run(about, place, user, "extract", str(image), "dir")
        place.check(about)
        for path in place.dir.iterdir():
            left += path.lstat().st_size
            if not re.fullmatch(r"\d+\.\d+\.\d+", path.name) or \
                    not stat.S_ISREG(path.lstat().st_mode):
                fail(f"{about}: {path.name} is in the directory")
        place.remove()
    return left


def on_ntfs(base, image, tools, empty):
    """On to a volume, into a directory of it: what else is there stays."""
    volume = Path(base, f"{image.stem}.ntfs")
    shutil.copyfile(empty, volume)
    place = Place(base, False, os.getuid())
    about = f"{image.stem}: on to NTFS"

    def outside():
        text = subprocess.run([tools[0], "read", volume, "outside", "victim"],
                              stdout=subprocess.PIPE, check=True).stdout
        return subprocess.run([tools[1], "print"], input=text,
                              stdout=subprocess.PIPE, check=True).stdout

    before = outside()
    for policy in ("refuse", "replace"):
        run(about, place, None, "restore", "-f", str(image), "--ntfs",
            str(volume), "-C", "in", "--existing", policy)
    if outside() != before:
        fail(f"{about}: what is outside of the directory is not what it was")
    place.check(about)
    place.remove()
    volume.unlink()


def race(base, racer):
    """Restore while somebody swaps directories for links that lead out."""
    tree = Path(base, "raced")
    (tree / "d" / "sub" / "deep").mkdir(parents=True)
    for number in range(60):
        (tree / "d" / f"{number}").write_text("evil\n")
        (tree / "d" / "sub" / f"{number}").write_text("evil\n")
        os.link(tree / "d" / f"{number}", tree / "d" / f"{number}-link")
        os.symlink("x", tree / "d" / "sub" / f"{number}-symlink")
        os.mkfifo(tree / "d" / f"{number}-fifo")
        (tree / "d" / f"{number}-dir").mkdir(mode=0o777)
    (tree / "f").write_text("evil\n")
    (tree / "victim").write_text("evil\n")
    image = Path(base, "raced.tap")
    subprocess.run([REEL, "write", "-f", image, "-C", tree, "."], check=True,
                   stdout=subprocess.DEVNULL)
    place = Place(base, False, os.getuid())
    with subprocess.Popen([racer, place.dir], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:
        for turn in range(100 if SOAK else 8):
            run("race", place, None, "restore", "-f", str(image), "-C", "dir",
                "--existing", "replace" if turn % 2 else "skip", "--preserve",
                *FENCES[turn // 2 % 2])
        swaps = int(other.communicate()[0])
    after = listing(place.root, place.dir)
    for name in sorted(place.before.keys() | after.keys()):
        if place.before.get(name) != after.get(name):
            fail(f"race: {name} was {place.before.get(name)}, "
                 f"is {after.get(name)}")
    if swaps == 0:
        fail("race: nothing was swapped")
    print(f"race: {swaps} swaps")
    place.remove()


def temporaries(root):
    return list(root.rglob(".reel-*.tmp"))


def finished(root):
    """What has its name in a directory, if that is there."""
    return [path for path in root.glob("*")
            if not path.name.startswith(".reel-")]


def moved_image(base):
    """Many small files in one directory; how many."""
    tree = Path(base, "moved")
    (tree / "d").mkdir(parents=True)
    for number in range(2000):
        (tree / "d" / f"{number}").write_text("evil\n")
    image = Path(base, "moved.tap")
    subprocess.run([REEL, "write", "-f", image, "-C", tree, "."], check=True,
                   stdout=subprocess.DEVNULL)
    return image, 2000


def restore_beside(about, place, racer, how, image, fence):
    """Restore while the racer does `how`: exit code, what is told, and what the
    racer counted."""
    with subprocess.Popen([racer, place.dir, how], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:
        code, text = run(about, place, None, "restore", "-f", str(image), "-C",
                         "dir", *fence)
        return code, text, int(other.communicate()[0])


def judge_left(about, place, text, fence):
    """Only a fence keeps the restorer from clearing up, and that is told."""
    for path in temporaries(place.root):
        if fence == FENCES[0] or path.name not in text:
            fail(f"{about}: {path} is left, and not told")


def move(base, racer, image, files, fence):
    """Restore while somebody moves a directory out for good. False: too late."""
    place = Place(base, False, os.getuid())
    about = f"moved away {' '.join(fence)}"
    code, text, there = restore_beside(about, place, racer, "away", image,
                                       fence)
    inside = len(finished(place.dir / "d"))
    outside = len(finished(place.outside / "d"))
    if 0 < there < files:
        # one is under way when the directory goes
        if outside > there + 1:
            fail(f"{about}: {outside} are outside, {there} were")
        if inside + outside < files - 1:
            fail(f"{about}: {inside} are here and {outside} outside of {files}")
        if code != 3 or "was moved away" not in text:
            fail(f"{about}: exit {code}: {text[-500:]}")
        if temporaries(place.dir) or len(temporaries(place.outside)) > 1:
            fail(f"{about}: left: {temporaries(place.root)}")
        judge_left(about, place, text, fence)
        print(f"{about}: {there} were there, {outside} are outside in the end")
    place.remove()
    return 0 < there < files


def roam(base, racer, image, fence):
    """Restore while a directory is outside one moment and back the next."""
    place = Place(base, False, os.getuid())
    about = f"moved to and fro {' '.join(fence)}"
    _, text, swaps = restore_beside(about, place, racer, "roam", image, fence)
    judge_left(about, place, text, fence)
    if swaps == 0:
        fail(f"{about}: nothing was moved")
    print(f"{about}: {swaps} moves, {len(temporaries(place.root))} left")
    place.remove()


def moves(base, racer):
    image, files = moved_image(base)
    for fence in FENCES:
        if not any(move(base, racer, image, files, fence) for _ in range(20)):
            fail(f"moved away {' '.join(fence)}: always too late")
        for _ in range(20 if SOAK else 2):
            roam(base, racer, image, fence)


def make_volume(base):
    """A volume with in/, outside/victim and victim on it."""
    tree = Path(base, "tree")
    for name in ("in/first", "outside/victim", "victim"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("precious\n")
    subprocess.run([REEL, "write", "-f", f"{base}/first.tap", "-C", tree, "."],
                   check=True, stdout=subprocess.DEVNULL)
    volume = Path(base, "empty.ntfs")
    with volume.open("wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkntfs", "-F", "-q", volume], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run([REEL, "restore", "-f", f"{base}/first.tap", "--ntfs",
                    volume], check=True, stdout=subprocess.DEVNULL)
    return volume


def main():
    build, racer, *tools = sys.argv[1:]
    wanted = [word for word in tools if "/" not in word]
    tools = [word for word in tools if "/" in word]
    if tools:
        os.environ["PATH"] = f"{Path(tools[0]).parent}:{os.environ['PATH']}"
    users = [None]
    if os.getuid() == 0 and shutil.which("setpriv"):
        users.append(65534)
    with tempfile.TemporaryDirectory(prefix="reel-attacks-") as base:
        os.chmod(base, 0o755)
        images = Path(base, "images")
        (images / "damaged").mkdir(parents=True)
        subprocess.run([build, images, f"{base}/victim"], check=True)
        Path(base, "victim").write_text("precious\n")
        Path(base, "victim").chmod(0o666)
        before = fact(Path(base, "victim"))
        empty = make_volume(base) if tools else None
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = []
            salvaged = []
            if {image.stem for image in images.glob("*.tap")} != set(EXPECTED):
                fail("expected.tsv does not have the images that there are")
            for image in sorted(images.glob("*.tap")):
                if wanted and image.stem not in wanted:
                    continue
                jobs.append(pool.submit(attack, base, image, users))
                salvaged.append(pool.submit(
                    salvage, base, images / "damaged" / image.name, users))
                if tools:
                    jobs.append(pool.submit(on_ntfs, base, image, tools,
                                            empty))
            for job in jobs:
                job.result()
            if sum(job.result() for job in salvaged) == 0:
                fail("nothing is left of the damaged ones")
        race(base, racer)
        moves(base, racer)
        if fact(Path(base, "victim")) != before:
            fail("the file with an absolute path has changed")
    print(f"{len(jobs)} rounds of attacks, {len(failures)} failures")
    return 1 if failures or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
