# SPDX-License-Identifier: CC0-1.0
"""One call of a reader: in an empty directory, with limits."""
import hashlib
import json
import os
import resource
import subprocess
import tempfile


class Answer:
    """What a reader gave: exit code, JSON, and the files it made."""

    def __init__(self):
        self.code = None
        self.crash = None  # why, in words
        self.report = None
        self.files = {}  # name -> (length, digest)
        self.stderr = ""


def digest_file(path):
    digest = hashlib.sha256()
    length = 0
    with open(path, "rb") as file:
        while True:
            part = file.read(1 << 20)
            if not part:
                return length, digest.hexdigest()
            length += len(part)
            digest.update(part)


def limits(memory, output):
    def apply():
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return apply


def call(reader, images, timeout, memory, under=None):
    """READER extract IMAGE... EMPTYDIR."""
    answer = Answer()
    out = tempfile.mkdtemp(prefix="reel-suite-", dir=under)
    try:
        try:
            done = subprocess.run(
                reader + ["extract"] + images + [out],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, timeout=timeout, check=False,
                preexec_fn=limits(memory, 512 << 20))
        except subprocess.TimeoutExpired:
            answer.crash = "not done after %g seconds" % timeout
            return answer
        answer.code = done.returncode
        answer.stderr = done.stderr.decode("utf-8", "replace")[-2000:]
        if done.returncode < 0:
            answer.crash = "ended by signal %d" % -done.returncode
        elif done.returncode > 3:
            answer.crash = "exit code %d" % done.returncode
        elif done.returncode == 3:
            answer.crash = "exit code 3: %s" % answer.stderr.strip()[-200:]
        if answer.crash:
            return answer
        try:
            answer.report = json.loads(done.stdout.decode("utf-8"))
        except ValueError as error:
            answer.crash = "no JSON on standard output: %s" % error
            return answer
        for name in sorted(os.listdir(out)):
            path = os.path.join(out, name)
            if not os.path.isfile(path):
                answer.files[name] = (None, None)
            else:
                answer.files[name] = digest_file(path)
        return answer
    finally:
        # Not by shutil: a reader may have made directories without end.
        subprocess.run(["rm", "-rf", "--", out], check=False)
