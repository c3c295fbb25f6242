#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check that a state table is one: total, deterministic, all of it reachable.

usage: check_tables.py TABLE.tsv...

A table has the columns state, event, guard, action, next, id, apart by tabs;
lines that begin with "#" are for people. The first row names the first state.
Rows of one state and event are tried from above, so the last of them, and no
other, has the guard "-", which always holds. The state STOP has no rows. What
cannot happen has the action "impossible" and the next state "-". Guards are
explained in a line "# WORD: ..." of the table; events and actions, one or more
words each, there or in a row of the text that begins with the word, or are
types of records (chapter 5). Ids, one or more, are requirements of the text.
"""

import pathlib
import re
import sys

COLUMNS = ["state", "event", "guard", "action", "next", "id"]
SPEC = pathlib.Path(__file__).resolve().parent.parent


class Table:
    """One table, and what is wrong with it."""

    def __init__(self, path):
        self.faults, self.rows, self.explained = [], [], set()
        head = None
        for number, line in enumerate(path.read_text("ascii").splitlines(), 1):
            if line.startswith("#"):
                word = re.match(r"# (\S+):", line)
                if word:
                    self.explained.add(word[1])
                continue
            cells = line.split("\t")
            if head is None:
                head = cells
                if head != COLUMNS:
                    self.fault(number, f"the columns are {head}")
            elif len(cells) != len(COLUMNS) or not all(cells):
                self.fault(number, f"{len(cells)} cells, or an empty one")
            else:
                self.rows.append((number, *cells))
        self.states = list(dict.fromkeys(row[1] for row in self.rows))
        self.events = list(dict.fromkeys(row[2] for row in self.rows))

    def fault(self, number, text):
        self.faults.append(f"line {number}: {text}")

    def check_guards(self):
        """Each state handles each event, in exactly one way."""
        for state in self.states:
            for event in self.events:
                here = [r for r in self.rows if r[1:3] == (state, event)]
                guards = [r[3] for r in here]
                if not here:
                    self.faults.append(f"{state} does not handle {event}")
                elif guards[-1] != "-":
                    self.fault(here[-1][0], f"{state}, {event}: what if not "
                                            f"{guards[-1]}?")
                if len(set(guards)) != len(guards) or "-" in guards[:-1]:
                    self.fault(here[0][0], f"{state}, {event}: a row that is "
                                           "never reached")

    def check_next(self):
        if not self.states:
            self.faults.append("no rows")
            return
        for number, _, _, _, action, after, _ in self.rows:
            if (after == "-") != (action == "impossible"):
                self.fault(number, "next is - exactly where it is impossible")
            elif after not in self.states + ["STOP", "-"]:
                self.fault(number, f"there is no state {after}")
        reached, todo = set(), [self.states[0]]
        while todo:
            state = todo.pop()
            if state not in reached:
                reached.add(state)
                todo += [r[5] for r in self.rows if r[1] == state]
        for state in set(self.states + ["STOP"]) - reached:
            self.faults.append(f"{state} is never reached")

    def check_words(self, text):
        rules = set(re.findall(r"\[([A-Z]-\d+) ", text))
        words = self.explained | set(re.findall(r"(?m)^ {4}(\w+) {2,}\S", text))
        types = set(re.findall(r"0x[08]0[0-9A-F]{2} ([A-Z]+(?: [A-Z]+)*)", text))
        for number, _, event, guard, action, _, ids in self.rows:
            for name in ids.split():
                if name not in rules:
                    self.fault(number, f"the text has no {name}")
            for word in guard.split():
                if word not in self.explained | {"-"}:
                    self.fault(number, f"what does {word} mean?")
            for word in action.split():
                if word not in words | {"impossible"}:
                    self.fault(number, f"what does {word} mean?")
            if event.replace("-", " ") not in words | types:
                self.fault(number, f"what is the event {event}?")


def judge(path, text):
    """The table in `path`, judged; `text` is the specification."""
    table = Table(path)
    table.check_guards()
    table.check_next()
    table.check_words(text)
    return table


def read_text():
    return "\n".join(p.read_text("ascii") for p in sorted(SPEC.glob("*.txt")))


def main(paths):
    if not paths:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 64
    wrong = False
    text = read_text()
    for path in map(pathlib.Path, paths):
        table = judge(path, text)
        for fault in table.faults:
            print(f"{path}: {fault}")
        wrong = wrong or bool(table.faults)
        if not table.faults:
            print(f"{path.name}: {len(table.states)} states, "
                  f"{len(table.events)} events, {len(table.rows)} rows")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
