#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The state tables of spec/formal are whole; and the program that says so finds
each row that is missing, doubled, or leads nowhere."""

import os
import pathlib
import subprocess
import sys
import tempfile

FORMAL = pathlib.Path(os.environ["REEL_SOURCE_DIR"]) / "spec" / "formal"
TABLES = ["records.tsv", "catalog.tsv", "recovery.tsv"]

sys.path.insert(0, str(FORMAL))
import check_tables  # noqa: E402  pylint: disable=wrong-import-position


def spoiled(lines, number):
    """Name -> lines with row `number` spoiled."""
    cells = lines[number].split("\t")

    def changed(column, value):
        row = cells[:column] + [value] + cells[column + 1:]
        return lines[:number] + ["\t".join(row)] + lines[number + 1:]

    if cells[2] == "-":
        yield "left out", lines[:number] + lines[number + 1:]
        yield "never otherwise", changed(2, "perhaps")
    yield "doubled", lines[:number] + [lines[number]] + lines[number:]
    yield "to nowhere", changed(4, "LIMBO")
    yield "by no rule", changed(5, "Q-1")
    yield "no word", changed(3, "frobnicate")
    if cells[2] != "-":
        yield "a word of the text alone", changed(2, "segments")


def main():
    done = subprocess.run(
        [FORMAL / "check_tables.py", *(FORMAL / name for name in TABLES)],
        check=False, capture_output=True, text=True)
    print(done.stdout, end="")
    faults = [] if done.returncode == 0 else ["a table is not whole"]
    tried, words = 0, check_tables.read_text()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "spoiled.tsv"
        for name in TABLES:
            lines = (FORMAL / name).read_text("ascii").splitlines()
            rows = [i for i, line in enumerate(lines) if line[0] not in "#s"]
            for number in rows[::7]:
                for how, text in spoiled(lines, number):
                    tried += 1
                    path.write_text("\n".join(text) + "\n", "ascii")
                    if not check_tables.judge(path, words).faults:
                        faults.append(f"{name}, line {number + 1}, {how}: "
                                      "not found")
    print("\n".join(faults) or f"{tried} spoiled tables were found out")
    return 1 if faults or tried < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
