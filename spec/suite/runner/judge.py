# SPDX-License-Identifier: CC0-1.0
"""What a reader said against what is expected: problems, each with the level
that it spoils (CONTRACT.txt)."""

LEVELS = ("L0", "L1", "L2", "L3")
FACTS = ("kind", "encoding", "path", "target", "outside")


def keyed(items, *names):
    return {tuple(item.get(name) for name in names): item for item in items}


def check_form(report):
    """What the contract asks of the JSON itself."""
    if not isinstance(report, dict) or report.get("contract") != 1:
        return "the JSON does not say contract 1"
    for name in ("archives", "objects", "diagnostics"):
        if not isinstance(report.get(name), list):
            return "the JSON has no list %s" % name
    for item in report["objects"]:
        for name in ("archive", "object", "status", "streams", "bad") + FACTS:
            if name not in item:
                return "an object has no %s" % name
        for one in item["streams"]:
            for name in ("ordinal", "id", "attributes", "size", "name",
                         "ranges", "sha256"):
                if name not in one:
                    return "a stream has no %s" % name
    return None


def within(ranges, outer):
    return all(any(a <= x and y <= b for a, b in outer) for x, y in ranges)


def judge_stream(where, want, got, problem):
    for name in ("id", "attributes", "size", "name"):
        if got[name] != want[name]:
            problem("%s: %s is %r, not %r" % (where, name, got[name],
                                              want[name]))
    floor = [list(pair) for pair in want["ranges"]]
    ranges = [list(pair) for pair in got["ranges"]]
    if ranges == floor:
        if got["sha256"] != want["sha256"]:
            problem("%s: other octets than were written" % where)
        return
    if not within(floor, ranges):
        problem("%s: gives out %s, must give out %s" % (where, ranges, floor))
    elif not within(ranges, want.get("ceiling", floor)):
        problem("%s: gives out %s, may give out %s" % (
            where, ranges, want.get("ceiling", floor)))


def judge_object(want, got, problem):
    where = "object %d.%d" % (want["archive"], want["object"])
    if got is None:
        if want["status"] != "unlisted":
            problem("%s is not listed" % where)
        return
    if want["status"] == "unlisted":
        problem("%s is listed, but nothing of it stands there" % where)
        return
    if got["status"] != want["status"]:
        problem("%s is called %s, not %s" % (where, got["status"],
                                             want["status"]))
    for name in FACTS:
        if name in want and got[name] != want[name]:
            problem("%s: %s is %r, not %r" % (where, name, got[name],
                                              want[name]))
    if want["bad"] != got["bad"]:
        problem("%s: bad is %r, not %r" % (where, got["bad"], want["bad"]))
    streams = keyed(got["streams"], "ordinal")
    for one in want["streams"]:
        ordinal = one["ordinal"]
        made = streams.pop((ordinal,), None)
        at = "%s stream %s" % (where, ordinal)
        if made is None:
            if one["ranges"] or want["status"] in ("complete", "flawed"):
                problem("%s is not listed" % at)
        else:
            judge_stream(at, one, made, problem)
    for (ordinal,), made in streams.items():
        if made["ranges"] or want["status"] in ("complete", "flawed"):
            problem("%s stream %s: there is no such stream" % (where, ordinal))


def judge_files(answer, problem):
    """The files hold what the JSON says."""
    files = dict(answer.files)
    for item in answer.report["objects"]:
        for one in item["streams"]:
            name = "%s.%s.%s" % (item["archive"], item["object"],
                                 one["ordinal"])
            length = sum(b - a for a, b in one["ranges"])
            got = files.pop(name, (0, None))
            if got[0] != length:
                problem("file %s has %s octets, the JSON says %d"
                        % (name, got[0], length))
            elif length and got[1] != one["sha256"]:
                problem("file %s is not what the JSON says" % name)
    for name in files:
        problem("file %s: of no stream in the JSON" % name)


def judge_rules(want, report, problem):
    """Diagnostics; want: None where they are not judged."""
    if want is None:
        return
    given = {d.get("rule") for d in report["diagnostics"]}
    rules = sorted(rule for rule in given if rule)
    if want == []:
        if report["diagnostics"]:
            texts = [str(d.get("rule")) + ": " + str(d.get("text"))
                     for d in report["diagnostics"]]
            problem("says %s" % "; ".join(texts)[:300])
    elif rules != sorted(want):
        problem("names %s, must name %s" % (", ".join(rules) or "nothing",
                                            ", ".join(want)))


def judge(vector, expected, answer):
    """Problems as (level, text)."""
    problems = []
    try:
        judge_all(vector, expected, answer, problems)
    except (AttributeError, IndexError, KeyError, TypeError,
            ValueError) as error:
        problems.append(("L1", "the JSON is not as the contract has it: %r"
                         % error))
    return problems


def judge_all(vector, expected, answer, problems):

    def at(level):
        return lambda text: problems.append((level, text))

    if answer.crash:
        at("L0")("crash: " + answer.crash)
        return
    if answer.code != expected["exit"]:
        at("L0")("exit code %d, not %d" % (answer.code, expected["exit"]))
    form = check_form(answer.report)
    if form:
        at("L1")(form)
        return
    level = "L1" if vector["family"] in ("valid", "unsupported") else "L2"
    problem = at(level)
    if answer.report.get("exit") != answer.code:
        problem("the JSON says exit %r" % answer.report.get("exit"))
    judge_files(answer, problem)
    archives = keyed(answer.report["archives"], "archive")
    for want in expected["archives"]:
        got = archives.pop((want["archive"],), {})
        for name in ("complete", "fingerprint"):
            if name in want and got.get(name) != want[name]:
                problem("archive %d: %s is %r, not %r" % (
                    want["archive"], name, got.get(name), want[name]))
    if not expected.get("more_archives"):
        for key in archives:
            problem("archive %s: there is none" % key)
    objects = keyed(answer.report["objects"], "archive", "object")
    for want in expected["objects"]:
        judge_object(want, objects.pop((want["archive"], want["object"]),
                                       None), problem)
    free = {tuple(pair) for pair in expected.get("unjudged", [])}
    for key in map(tuple, expected.get("not_complete", [])):
        if key in objects and objects[key]["status"] == "complete":
            problem("object %s.%s is called complete" % key)
    for key in objects:
        if key not in free and not expected.get("more_objects"):
            problem("object %s.%s: there is none" % key)
    judge_rules(expected.get("rules"), answer.report, at("L3"))
