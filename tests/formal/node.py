# SPDX-License-Identifier: Apache-2.0
"""The JavaScript of spec/formal, for tests that need it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

FORMAL = pathlib.Path(os.environ["REEL_SOURCE_DIR"]) / "spec" / "formal"
MODULES = pathlib.Path(os.environ["REEL_NODE_MODULES"])


def need():
    """End the test as skipped, and say so, where it cannot run."""
    missing = None
    if shutil.which("node") is None:
        missing = "there is no node"
    elif not (MODULES / "kaitai-struct").is_dir():
        missing = f"the npm packages are not in {MODULES}"
    if missing:
        print(f"SKIPPED: the formal description was NOT TRIED: {missing}")
        sys.exit(77)


def run(script, *args, stdin=""):
    """Run spec/formal/js/<script>; it may find something wrong (1)."""
    done = subprocess.run(
        ["node", FORMAL / "js" / script, *args], input=stdin,
        capture_output=True, text=True, check=False,
        env={**os.environ, "NODE_PATH": str(MODULES)})
    if done.returncode not in (0, 1):
        sys.exit(f"{script}: {done.stderr}")
    return done.stdout


def descriptions():
    """Name -> .ksy as a dict."""
    return json.loads(run("describe.js"))


def dumps(images, folder):
    """Image -> lines of its dump, by the description."""
    outputs = {image: folder / f"{i}.fields" for i, image in enumerate(images)}
    run("dump.js", "--batch", stdin="".join(
        f"{image}\t{output}\n" for image, output in outputs.items()))
    return {image: output.read_text("ascii").splitlines()
            for image, output in outputs.items()}
