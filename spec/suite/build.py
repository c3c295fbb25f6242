#!/usr/bin/env python3
# SPDX-License-Identifier: CC0-1.0
"""Build the vectors of the suite from its recipes.

    build.py [--only TEXT] [--sums] [--archive FILE] OUTDIR

makes OUTDIR/FAMILY/NAME/N.tap and expected.json for each recipe, and
OUTDIR/manifest.json. The same recipes give the same octets everywhere.
"""
import argparse
import gzip
import json
import os
import sys
import tarfile

from maker import recipe as recipes
from maker import vector
from gates import LIST, sums

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = ("valid", "invalid", "damaged", "unsupported")
VERSION = 1


def find_recipes():
    """All recipes: name -> Recipe."""
    found = {}
    for family in FAMILIES:
        folder = os.path.join(HERE, family)
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if name.endswith(".recipe"):
                made = [recipes.read(path, family)]
            elif name.endswith(".table"):
                made = recipes.read_table(path, family)
            else:
                continue
            for recipe in made:
                if recipe.name in found:
                    raise recipes.RecipeError(
                        "%s: there is a recipe of that name" % recipe.path)
                found[recipe.name] = recipe
    return found


def write_json(path, value):
    with open(path, "w", encoding="ascii") as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def write(made, out):
    """One vector: its files; what the manifest says of it."""
    place = os.path.join(made.recipe.family, made.recipe.name)
    folder = os.path.join(out, place)
    os.makedirs(folder, exist_ok=True)
    images = []
    for number, octets in made.images:
        name = "%d.tap" % number
        with open(os.path.join(folder, name), "wb") as file:
            file.write(octets)
        images.append(place + "/" + name)
    write_json(os.path.join(folder, "expected.json"), made.expected)
    entry = {"family": made.recipe.family, "name": made.recipe.name,
             "title": made.recipe.head["title"],
             "rules": made.recipe.rules(), "images": images,
             "expected": place + "/expected.json",
             "exit": made.expected["exit"]}
    if "twin" in made.recipe.head:
        entry["twin"] = made.recipe.head["twin"]
    return entry


def build(out, only=""):
    """All vectors whose name has only in it; the manifest."""
    found = find_recipes()
    vectors = []
    for family in FAMILIES:
        for name, recipe in sorted(found.items()):
            if recipe.family == family and only in name:
                made = vector.make(recipe, found.__getitem__)
                vectors.append(write(made, out))
    manifest = {"suite": "reel", "edition": 1, "version": VERSION,
                "vectors": vectors}
    write_json(os.path.join(out, "manifest.json"), manifest)
    return manifest


def archive(suite, path):
    """The vectors and all that is in this folder, as one .tar.gz."""
    top = "reel-suite-%d" % VERSION

    def plain(info):
        info.mtime = info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mode = 0o755 if info.mode & 0o100 or info.isdir() else 0o644
        name = os.path.basename(info.name)
        if name in ("__pycache__", "CMakeLists.txt") \
                or name.startswith("known-"):
            return None  # of use within Reel's own tree only
        return info

    with open(path, "wb") as out, \
            gzip.GzipFile("", "wb", 9, out, mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w") as tar:
        for name in sorted(os.listdir(HERE)):
            tar.add(os.path.join(HERE, name), top + "/" + name, filter=plain)
        tar.add(suite, top + "/vectors", filter=plain)


def main():
    parser = argparse.ArgumentParser(
        description="Build the vectors of the suite from its recipes.")
    parser.add_argument("--only", default="", metavar="TEXT",
                        help="recipes with this in their names")
    parser.add_argument("--sums", action="store_true",
                        help="write SHA256SUMS anew, for what was built")
    parser.add_argument("--archive", metavar="FILE",
                        help="put all into FILE, a .tar.gz, too")
    parser.add_argument("out", metavar="OUTDIR")
    args = parser.parse_args()
    try:
        os.makedirs(args.out, exist_ok=True)
        if os.listdir(args.out) and not os.path.exists(
                os.path.join(args.out, "manifest.json")):
            raise OSError("%s is not empty and holds no suite; name a new "
                          "directory" % args.out)
        manifest = build(args.out, args.only)
        if args.sums:
            with open(LIST, "w", encoding="ascii") as file:
                file.writelines(sums(args.out))
        if args.archive:
            archive(args.out, args.archive)
    except (OSError, recipes.RecipeError) as error:
        print("build.py: %s" % error, file=sys.stderr)
        return 1
    print("%d vectors in %s" % (len(manifest["vectors"]), args.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
