#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Judge a reader by the suite (CONTRACT.txt).

    run.py [OPTION]... READER...

READER may be several words, such as `python3 reader.py`. The suite is the one
in `vectors` beside this program, or that of --suite; else it is built first,
into a temporary directory. Exit: 0 all vectors reach the level that is asked for, 1 some do not,
3 wrong usage.
"""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile
import time

import gates
from runner import call, judge, report, schema

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = ("valid", "invalid", "damaged", "unsupported")


class Usage(Exception):
    """Something the caller can put right."""


def arguments():
    parser = argparse.ArgumentParser(
        description="Judge a reader by the suite (CONTRACT.txt).",
        usage="run.py [OPTION]... READER...")
    parser.add_argument("--suite", metavar="DIR",
                        help="vectors that build.py has made")
    parser.add_argument("--level", default="L3", choices=judge.LEVELS)
    parser.add_argument("--lax", action="store_true",
                        help="a reader need not notice that a volume breaks "
                             "a requirement, only obey V-3")
    parser.add_argument("--family", action="append", choices=FAMILIES)
    parser.add_argument("--filter", metavar="TEXT", default="",
                        help="only vectors with this in their names")
    parser.add_argument("--sample", type=int, default=1, metavar="N",
                        help="only every N-th of them")
    parser.add_argument("--known", metavar="FILE",
                        help="names of vectors that may fail, a line each")
    parser.add_argument("--junit", metavar="FILE")
    parser.add_argument("--timeout", type=float, default=60,
                        metavar="SECONDS", help="for one vector (60)")
    parser.add_argument("--memory", type=int, default=256, metavar="MIB",
                        help="that a reader may use; 0: no limit (256)")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("-v", "--verbose", action="store_true",
                        help="show every problem of a vector")
    parser.add_argument("reader", nargs=argparse.REMAINDER,
                        metavar="READER")
    args = parser.parse_args()
    if args.reader[:1] == ["--"]:
        args.reader = args.reader[1:]
    if not args.reader:
        raise Usage("which reader? For example: run.py python3 "
                    "../reader.py")
    return args


def find_reader(words):
    """The words of the reader, its files made absolute."""
    program = shutil.which(words[0])
    if not program:
        raise Usage("there is no program %s; name one that can be run, or "
                    "put its interpreter in front" % words[0])
    out = [os.path.abspath(program)]
    for word in words[1:]:
        out.append(os.path.abspath(word) if os.path.isfile(word) else word)
    return out


def load_suite(folder):
    path = os.path.join(folder, "manifest.json")
    if not os.path.isfile(path):
        raise Usage("%s is no suite: it has no manifest.json; make one with "
                    "build.py %s" % (folder, folder))
    try:
        manifest = schema.load(path)
    except ValueError as error:
        raise Usage("%s: %s; build the suite anew" % (path, error)) from error
    wrong = schema.validate(
        manifest, schema.load(os.path.join(HERE, "manifest.schema.json")))
    if wrong:
        raise Usage("%s: %s; build the suite anew" % (path, wrong[0]))
    for vector in manifest["vectors"]:
        for name in vector["images"] + [vector["expected"]]:
            if not os.path.isfile(os.path.join(folder, name)):
                raise Usage("%s is missing; build the suite anew"
                            % os.path.join(folder, name))
    return manifest


def judge_vector(args, folder, vector):
    begin = time.monotonic()
    expected = schema.load(os.path.join(folder, vector["expected"]))
    images = [os.path.join(folder, name) for name in vector["images"]]
    answer = call.call(args.reader, images, args.timeout, args.memory << 20)
    if args.lax and vector["family"] == "invalid" and answer.code == 0:
        expected["exit"] = 0
    problems = judge.judge(vector, expected, answer)
    return vector, problems, time.monotonic() - begin


def run(args, folder):
    manifest = load_suite(folder)
    vectors = [vector for vector in manifest["vectors"]
               if args.filter in vector["name"]
               and (not args.family or vector["family"] in args.family)]
    vectors = vectors[::max(1, args.sample)]
    if not vectors:
        raise Usage("no vector has %r in its name and is of these families"
                    % args.filter)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(
            lambda vector: judge_vector(args, folder, vector), vectors))
    known = gates.read_known(args.known)
    failed = [result for result in results
              if not report.reached(result[1], args.level)]
    for name in sorted(known - {vector["name"] for vector, _, _ in failed}):
        print("no longer fails, and need not stand in %s: %s"
              % (args.known, name))
    for vector, problems, _ in failed:
        problems = [p for p in problems if judge.LEVELS.index(p[0])
                    <= judge.LEVELS.index(args.level)]
        shown = problems if args.verbose else problems[:1]
        for level, text in shown:
            print("FAILS %s %s/%s: %s" % (level, vector["family"],
                                          vector["name"], text))
    if failed:
        print()
    print("\n".join(report.table(results, args.level)))
    if args.junit:
        report.junit(results, args.level, " ".join(args.reader)).write(
            args.junit, encoding="utf-8", xml_declaration=True)
    return 1 if any(vector["name"] not in known
                    for vector, _, _ in failed) else 0


def main():
    try:
        args = arguments()
        args.reader = find_reader(args.reader)
        beside = os.path.join(HERE, "vectors")
        if not args.suite and os.path.isdir(beside):
            args.suite = beside
        if args.suite:
            return run(args, args.suite)
        with tempfile.TemporaryDirectory(prefix="reel-suite-") as folder:
            subprocess.run([sys.executable, os.path.join(HERE, "build.py"),
                            folder], check=True)
            return run(args, folder)
    except (Usage, OSError) as error:
        print("run.py: %s" % error, file=sys.stderr)
        return 3
    except subprocess.CalledProcessError:
        print("run.py: the suite could not be built; see above",
              file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
