# SPDX-License-Identifier: CC0-1.0
"""Tables for people, and JUnit for machines."""
import xml.etree.ElementTree as xml

from .judge import LEVELS


def reached(problems, level):
    """Whether no problem spoils this level: each level asks for those before
    it."""
    return not any(LEVELS.index(at) <= LEVELS.index(level)
                   for at, _ in problems)


def table(results, level):
    """results: (vector, problems, seconds). Lines of a table."""
    levels = LEVELS[:LEVELS.index(level) + 1]
    families = []
    for vector, _, _ in results:
        if vector["family"] not in families:
            families.append(vector["family"])
    lines = ["%-14s %8s" % ("family", "vectors")
             + "".join("%8s" % name for name in levels)]
    for family in families + ["all"]:
        mine = [problems for vector, problems, _ in results
                if family in ("all", vector["family"])]
        lines.append("%-14s %8d" % (family, len(mine)) + "".join(
            "%8d" % sum(reached(problems, name) for problems in mine)
            for name in levels))
    return lines


def junit(results, level, reader):
    """One test suite for each family, one case for each vector."""
    root = xml.Element("testsuites", name="reel suite: " + reader)
    suites = {}
    for vector, problems, seconds in results:
        family = vector["family"]
        if family not in suites:
            suites[family] = xml.SubElement(root, "testsuite", name=family)
        case = xml.SubElement(suites[family], "testcase",
                              classname=family, name=vector["name"],
                              time="%.3f" % seconds)
        if not reached(problems, level):
            text = "\n".join("%s: %s" % problem for problem in problems)
            fail = xml.SubElement(case, "failure",
                                  message=problems[0][1][:200])
            fail.text = text
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
    return xml.ElementTree(root)
