#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Gates that hold the suite and the verifier of Reel together.

    gates.py sums SUITE             the vectors are those of SHA256SUMS
    gates.py exact SUITE DRIVER [KNOWN]
                                    the verifier reports exactly the requirement
                                    that a vector breaks, and none where none is;
                                    KNOWN names vectors that may fail
    gates.py mute SUITE DRIVER      each requirement that a vector wants is missed
                                    once it is muted (trace.py sees to it that
                                    each that can be reported is wanted)

DRIVER is tests/suite_verify of a build.
"""
import hashlib
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, "SHA256SUMS")


def sums(suite):
    """Lines of a SHA256SUMS of all files of the suite."""
    lines = []
    for folder, _, names in os.walk(suite):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            lines.append("%s  %s\n" % (digest, os.path.relpath(path, suite)))
    return sorted(lines, key=lambda line: line.split()[1])


def check_sums(suite):
    with open(LIST, encoding="ascii") as file:
        wanted = file.readlines()
    made = sums(suite)
    changed = sorted({line.split()[1] for line in set(made) ^ set(wanted)})
    for name in changed:
        print("not as in SHA256SUMS: " + name)
    if changed:
        print("if that is meant: build.py --sums writes the list anew")
    return len(changed)


def read_known(path):
    """Names, a line each, "#" and what is behind it left out."""
    if not path:
        return set()
    with open(path, encoding="ascii") as file:
        lines = [line.partition("#")[0].strip() for line in file]
    return {line for line in lines if line}


def load(suite):
    """Vectors with the rules that a verifier has to report."""
    with open(os.path.join(suite, "manifest.json"), encoding="ascii") as file:
        vectors = json.load(file)["vectors"]
    for vector in vectors:
        path = os.path.join(suite, vector["expected"])
        with open(path, encoding="ascii") as file:
            vector["wanted"] = json.load(file).get("rules")
        vector["paths"] = [os.path.join(suite, name)
                           for name in vector["images"]]
    return [vector for vector in vectors if vector["wanted"] is not None]


def ask(driver, questions):
    """questions: (rule, paths). The sets of ids that were reported."""
    text = "".join("%s %s\n" % (rule, " ".join(paths))
                   for rule, paths in questions)
    done = subprocess.run([driver], input=text, stdout=subprocess.PIPE,
                          check=True, text=True)
    answers = [set(line.split()) for line in done.stdout.splitlines()]
    if len(answers) != len(questions):
        raise OSError("%s: %d answers to %d questions"
                      % (driver, len(answers), len(questions)))
    return answers


def check_exact(suite, driver, known=None):
    vectors = load(suite)
    names = read_known(known)
    answers = ask(driver, [("-", vector["paths"]) for vector in vectors])
    wrong = 0
    for vector, said in zip(vectors, answers):
        said.discard("-")
        if said != set(vector["wanted"]):
            wrong += vector["name"] not in names
            print("%s/%s: the verifier reports %s, not %s" % (
                vector["family"], vector["name"], sorted(said) or "nothing",
                vector["wanted"] or "nothing"))
    return wrong


def check_mute(suite, driver):
    # A set that is refused is no diagnostic: that cannot be muted.
    vectors = [vector for vector in load(suite)
               if vector["wanted"] and vector["exit"] != 2]
    questions = [(vector["wanted"][0], vector["paths"]) for vector in vectors]
    caught, seen = set(), set()
    for (rule, _), said in zip(questions, ask(driver, questions)):
        seen.add(rule)
        if rule not in said:
            caught.add(rule)
    for rule in sorted(seen - caught):
        print("%s: no vector notices that it is muted" % rule)
    return len(seen - caught)


def main():
    words = sys.argv[1:]
    if len(words) == 2 and words[0] == "sums":
        wrong = check_sums(words[1])
    elif len(words) in (3, 4) and words[0] == "exact":
        wrong = check_exact(*words[1:])
    elif len(words) == 3 and words[0] == "mute":
        wrong = check_mute(*words[1:])
    else:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 3
    print("%d wrong" % wrong if wrong else "as it must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print("gates.py: %s" % error, file=sys.stderr)
        sys.exit(3)
