# SPDX-License-Identifier: CC0-1.0
"""One vector: the images and what is expected of a reader."""
from . import tap, truth
from .damage import Medium
from .left import Reading, Refused
from .recipe import RecipeError, lines
from .script import Script


class Vector:
    """What a recipe made."""

    def __init__(self, recipe, images, expected):
        self.recipe = recipe
        self.images = images  # (number of the volume, octets)
        self.expected = expected


# A record that breaks one of these is used all the same (12.2); so is one with
# "expect spoils=none", of whose rule that holds in part.
ONLY_TOLD = ("C-1", "C-4", "C-5", "B-8", "B-12", "B-20", "K-1", "K-2", "K-3",
             "K-4", "K-5", "K-20", "O-12", "O-18", "O-20", "R-10", "R-12",
             "S-15", "S-16")

# With these broken its counts or digests do not agree: V-3.
V_3 = ("O-13", "O-14", "R-13", "S-4", "S-10", "S-11", "S-12")


def words(value):
    return str(value).split(".") if value is not None else []


def settle(recipe, script, expected):
    """What the recipe itself says of the result: "expect" lines, and the rule
    that an invalid one breaks."""
    marks = script.marks
    if "exit" in marks:
        expected["exit"] = marks["exit"]
    elif recipe.family == "invalid":
        expected["exit"] = 1
    if recipe.family == "valid":
        expected["rules"] = []
    elif recipe.family == "invalid":
        expected["rules"] = recipe.rules()[:1]
    if expected["exit"] == 2:
        expected["rules"] = None
    if "rules" in marks:
        expected["rules"] = [] if str(marks["rules"]) == "none" else \
            words(marks["rules"])
        if str(marks["rules"]) == "free":
            expected["rules"] = None
    for archive in expected["archives"]:
        for name in ("complete", "fingerprint"):
            if str(marks.get(name)) == "free":
                archive.pop(name)


def spoil(recipe, script, expected):
    """Objects that a broken record makes partial are not judged, but that
    they must not be called complete."""
    free = set(script.spoiled)
    if recipe.family == "invalid" and \
            recipe.rules()[0] not in ONLY_TOLD and \
            str(script.marks.get("spoils")) != "none":
        free |= {(archive["archive"], number)
                 for archive in expected["archives"]
                 for number in script.edits.spoils}
    if not free:
        return
    expected["unjudged"] = sorted(map(list, free))
    expected["objects"] = [
        item for item in expected["objects"]
        if (item["archive"], item["object"]) not in free]
    if recipe.rules()[0] in V_3:
        expected["not_complete"] = expected["unjudged"]
    for archive in expected["archives"]:
        if any(archive["archive"] == a for a, _ in free):
            archive.pop("fingerprint", None)


def make(recipe, find):
    try:
        return made(recipe, find)
    except RecipeError:
        raise
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise RecipeError("%s: %s: %s" % (recipe.path, type(error).__name__,
                                          error)) from error


def made(recipe, find):
    script = Script(lines(recipe, find))
    press = script.press
    medium = Medium(press.set.volumes)
    for line in script.damage:
        medium.befall(line)
    rows = [row for _, row in sorted(medium.volumes.items())]
    try:
        reading = Reading([[place.met for place in row] for row in rows])
        expected = truth.left(press, reading)
    except Refused:
        expected = truth.nothing(2)
    if script.damage:
        expected["exit"] = max(expected["exit"], 1)
    if recipe.family == "valid" and expected["exit"] and \
            "exit" not in script.marks:
        raise RecipeError("%s: not valid: %s" % (recipe.path, expected))
    settle(recipe, script, expected)
    spoil(recipe, script, expected)
    images = [(number, tap.image([place.for_tap() for place in row],
                                 **script.tap))
              for number, row in sorted(medium.volumes.items())]
    return Vector(recipe, images, expected)
