#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Hold the requirements of the text, the vectors and the verifier together.

    trace.py SUITE [KNOWN]

SUITE is what build.py has made. Each requirement that is tagged T has a vector
that breaks it, or on which a reader that ignores it goes wrong, and one that
keeps it; and the verifier can report it, if it is one for writers, which some
vector wants. Each that is tagged P has a test (known-tests). No id stands in the
text twice, without its tags, or without being defined. KNOWN lists ids that may
be missing for now.
"""
import glob
import json
import os
import re
import sys

import gates

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = os.path.dirname(HERE)
ROOT = os.path.dirname(SPEC)
TESTS = os.path.join(HERE, "known-tests")
LETTERS = "CLBGROSNKAXVZ"
DEFINED = re.compile(r"^\[([A-Z]-[0-9]+)([^\]]*)\]")
TAGS = re.compile(r"^( [WRV])+ [TPA]$")
NAMED = re.compile(r"(?<![A-Za-z0-9-])([%s]-[1-9][0-9]*)(?![0-9A-Za-z])"
                   % LETTERS)
SOURCES = ("format", "verify")
# Without W, but reported (chapter 14); G-1 alone only of volumes that are cut,
# where what is told is not judged.
ALSO = ("B-1", "R-1", "R-5", "X-4", "G-5")
SUMS = ("B-96",)  # looks like an id, but is B less 96


def read_text():
    """Requirements: id -> (who, how); and what is wrong with the text."""
    rules, wrong, named = {}, [], []
    for path in sorted(glob.glob(os.path.join(SPEC, "*.txt"))):
        with open(path, encoding="ascii") as file:
            for number, line in enumerate(file, 1):
                where = "%s:%d" % (os.path.basename(path), number)
                match = DEFINED.match(line)
                if match:
                    ident, tags = match.groups()
                    if ident in rules:
                        wrong.append("%s: %s stands twice" % (where, ident))
                    if not TAGS.match(tags):
                        wrong.append("%s: %s has no tags, or others: %r"
                                     % (where, ident, tags))
                        continue
                    *who, how = tags.split()
                    rules[ident] = (who, how)
                named += [(ident, where) for ident in NAMED.findall(line)
                          if ident not in SUMS]
    for ident, where in named:
        if ident not in rules:
            wrong.append("%s: %s is not defined" % (where, ident))
    return rules, wrong


def read_sources():
    """The ids that the verifier can report."""
    reported = set()
    for folder in SOURCES:
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.[ch]"),
                              recursive=True):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            reported |= set(re.findall(r'"([A-Z]-[0-9]+)"', text))
    return reported


def unwanted(rules, suite):
    """The ids that the verifier can report, as chapter 14 has it, and none of
    the vectors wants: nothing would show that it no longer does."""
    wanted = {ident for vector in gates.load(suite)
              for ident in vector["wanted"]}
    can = {ident for ident in read_sources() & set(rules)
           if "W" in rules[ident][0] and rules[ident][1] == "T"}
    return sorted((can | set(ALSO)) - wanted)


def untested(rules):
    """What is wrong with the list of the tests of procedures."""
    wrong, have = [], set()
    for line in gates.read_known(TESTS):
        ident, path, text = line.split(None, 2)
        have.add(ident)
        if rules.get(ident, ("", ""))[1] != "P":
            wrong.append("%s: is in known-tests, but not tagged P" % ident)
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            if text not in file.read():
                wrong.append("%s: %s has no test %s" % (ident, path, text))
    wrong += ["%s: no test of it is in known-tests" % ident
              for ident, (_, how) in rules.items()
              if how == "P" and ident not in have]
    return sorted(wrong)


def check(rules, manifest):
    wrong = []
    fails, keeps = set(), set()
    by_name = {vector["name"]: vector for vector in manifest["vectors"]}
    for vector in manifest["vectors"]:
        for ident in vector["rules"]:
            if ident not in rules:
                wrong.append("%s names %s, which the text does not define"
                             % (vector["name"], ident))
        if vector["family"] == "valid":
            keeps |= set(vector["rules"])
            # What only a reader has to do can go wrong on a valid volume.
            fails |= {ident for ident in vector["rules"]
                      if "W" not in rules.get(ident, ("W", ""))[0]}
            continue
        fails |= set(vector["rules"])
        twin = by_name.get(vector.get("twin"))
        if twin is None:
            wrong.append("%s has no twin" % vector["name"])
            continue
        while twin["family"] != "valid" and "twin" in twin:
            twin = by_name[twin["twin"]]
        if twin["family"] == "valid":
            keeps |= set(vector["rules"])
    reported = read_sources()
    for ident, (who, how) in sorted(rules.items()):
        if how != "T":
            continue
        if ident not in fails:
            wrong.append("%s: no vector that breaks it" % ident)
        if ident not in keeps:
            wrong.append("%s: no vector that keeps it" % ident)
        if "W" in who and ident not in reported:
            wrong.append("%s: the verifier cannot report it" % ident)
    for ident in sorted(reported - set(rules)):
        wrong.append("%s: reported by the verifier, but not defined" % ident)
    return wrong


def main():
    if len(sys.argv) not in (2, 3):
        print("usage: trace.py SUITE [KNOWN]", file=sys.stderr)
        return 3
    try:
        with open(os.path.join(sys.argv[1], "manifest.json"),
                  encoding="ascii") as file:
            manifest = json.load(file)
    except (OSError, ValueError) as error:
        print("trace.py: %s: %s; make a suite with build.py"
              % (sys.argv[1], error), file=sys.stderr)
        return 3
    known = gates.read_known(sys.argv[2] if len(sys.argv) == 3 else None)
    rules, wrong = read_text()
    wrong += check(rules, manifest) + untested(rules)
    wrong += ["%s: no vector wants that it is reported" % ident
              for ident in unwanted(rules, sys.argv[1])]
    for text in wrong:
        print(text)
    print("%d requirements, %d of them by vectors; %d vectors"
          % (len(rules), sum(how == "T" for _, how in rules.values()),
             len(manifest["vectors"])))
    return 1 if any(text.partition(":")[0] not in known
                    for text in wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
