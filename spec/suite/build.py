#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Build the vectors of the suite from its recipes.

    build.py [--only TEXT] OUTDIR
"""
import argparse
import json
import os
import sys

from maker import recipe as recipes
from maker import tap, truth
from maker.script import Script

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = ("valid", "invalid", "damaged", "unsupported")


def find_recipes():
    """All recipes: name -> Recipe."""
    found = {}
    for family in FAMILIES:
        folder = os.path.join(HERE, family)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".recipe"):
                recipe = recipes.read(os.path.join(folder, name), family)
                if recipe.name in found:
                    raise recipes.RecipeError("two recipes are called "
                                              + recipe.name)
                found[recipe.name] = recipe
    return found


def build(recipe, found, out):
    script = Script(recipes.lines(recipe, found.__getitem__))
    expected = truth.whole(script.press)
    folder = os.path.join(out, recipe.family, recipe.name)
    os.makedirs(folder, exist_ok=True)
    images = []
    for volume in script.press.set.volumes:
        octets = tap.image(volume.items, **script.tap)
        name = "%d.tap" % volume.number
        with open(os.path.join(folder, name), "wb") as file:
            file.write(octets)
        images.append(name)
    with open(os.path.join(folder, "expected.json"), "w",
              encoding="ascii") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")
    return images


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("out")
    args = parser.parse_args()
    found = find_recipes()
    for name, recipe in sorted(found.items()):
        if args.only in name:
            build(recipe, found, args.out)


if __name__ == "__main__":
    sys.exit(main())
