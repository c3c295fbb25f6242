# SPDX-License-Identifier: CC0-1.0
"""Recipes: lines of a word and its arguments (README.md tells which).

    file "a" body=count(3000) mode=0o100600

An argument is a value, or a name, "=" and a value. A value is a number, a
word, octets ("..." in UTF-8, u"..." in UTF-16, x"..." in hexadecimal),
zeros(n), count(n), noise(n), or several of these with "+" between; "*" and a
number repeats. "#" begins a comment.

A recipe that has a twin is the recipe of that with the lines behind "-" left
out, and those behind "+" put in their place, or at the end.
"""
import os
import re

from .octets import ONES32, ONES64, counting, noise


class RecipeError(ValueError):
    """A recipe that cannot be carried out, and where."""


class Units(bytes):
    """A path or name of encoding 2."""


class Word(str):
    """A bare word."""


class Line:
    """One line: its word, the values, and the values with a name."""

    def __init__(self, text, where):
        self.text = text
        self.where = where
        self.values = []
        self.named = {}
        parts = list(_tokens(text, where))
        if not parts or parts[0][0] or not isinstance(parts[0][1], Word):
            raise RecipeError("%s: a word must stand first: %s"
                              % (where, text))
        self.word = str(parts[0][1])
        for name, value in parts[1:]:
            if name:
                self.named[name] = value
            else:
                self.values.append(value)


_TERM = re.compile(r"""
    (?P<prefix>[ux]?)"(?P<string>(?:[^"\\]|\\.)*)"
  | (?P<call>[a-z]+)\((?P<args>[^)]*)\)
  | (?P<number>[+-]?(?:0x[0-9a-fA-F_]+|0o[0-7]+|[0-9][0-9_]*))(?![A-Za-z])
  | (?P<word>[A-Za-z@][A-Za-z0-9@._-]*)
""", re.X)
_NAME = re.compile(r"(@?[A-Za-z_][A-Za-z0-9_.]*)=")
_CALLS = {"zeros": lambda n: bytes(n), "noise": noise, "count": counting}
_WORDS = {"ones32": ONES32, "ones64": ONES64}


def _string(prefix, text):
    if prefix == "x":
        return bytes.fromhex(text)

    def escape(match):
        code = match.group(1)
        if code[0] in "xu":
            return chr(int(code[1:], 16))
        return {"n": "\n", "t": "\t", "0": "\0"}.get(code, code)
    pattern = r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"
    if prefix == "u":
        text = re.sub(pattern, escape, text)
        return Units(text.encode("utf-16-le", "surrogatepass"))
    out = b""
    for part in re.split(r"(\\x[0-9a-fA-F]{2})", text):
        if re.fullmatch(r"\\x[0-9a-fA-F]{2}", part):
            out += bytes([int(part[2:], 16)])
        else:
            out += re.sub(pattern, escape, part).encode("utf-8")
    return out


def _term(text, at, where):
    match = _TERM.match(text, at)
    if not match:
        raise RecipeError("%s: cannot be read: %s" % (where, text[at:]))
    if match.group("string") is not None:
        value = _string(match.group("prefix"), match.group("string"))
    elif match.group("call"):
        call = _CALLS.get(match.group("call"))
        if not call:
            raise RecipeError("%s: unknown: %s" % (where, match.group()))
        args = [int(a, 0) for a in match.group("args").split(",")]
        value = call(*args)
    elif match.group("number"):
        value = int(match.group("number").replace("_", ""), 0)
    else:
        word = match.group("word")
        value = _WORDS.get(word, Word(word))
    return value, match.end()


def _product(text, at, where):
    value, at = _term(text, at, where)
    while text[at:at + 1] == "*":
        times, at = _term(text, at + 1, where)
        value = type(value)(value * times)
    return value, at


def _tokens(text, where):
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text) or text[at] == "#":
            return
        match = _NAME.match(text, at)
        name = match.group(1) if match else None
        if match:
            at = match.end()
        value, at = _product(text, at, where)
        while text[at:at + 1] == "+":
            other, at = _product(text, at + 1, where)
            value = type(value)(value + other)
        yield name, value


class Recipe:
    """A recipe as read: lines, and what the head says."""

    def __init__(self, family, name, path):
        self.family = family
        self.name = name
        self.path = path
        self.head = {}
        self.lines = []  # Line
        self.minus = []
        self.plus = []  # (behind which minus or None, text, where)

    def rules(self):
        """The ids that the head names, the first one in front."""
        return self.head.get("rule", "").split() + \
            self.head.get("also", "").split()


HEAD = ("title", "rule", "twin", "also")


def read(path, family):
    """Read the file; the twin is not looked at yet."""
    name = os.path.basename(path)[:-len(".recipe")]
    recipe = Recipe(family, name, path)
    texts = []
    behind = None
    with open(path, encoding="utf-8") as file:
        for number, raw in enumerate(file, 1):
            text = raw.strip()
            where = "%s:%d" % (path, number)
            if not text or text.startswith("#"):
                continue
            word, _, rest = text.partition(" ")
            if word in HEAD:
                recipe.head[word] = rest.strip()
            elif word == "-":
                behind = rest.strip()
                recipe.minus.append((behind, where))
            elif word == "+":
                recipe.plus.append((behind, rest.strip(), where))
            else:
                texts.append((text, where))
    if "twin" not in recipe.head:
        recipe.lines = texts
    elif texts:
        raise RecipeError("%s: a recipe with a twin has lines behind - and + "
                          "only" % texts[0][1])
    return recipe


def read_table(path, family):
    """Recipes for each row of a table of damage: lines

        base NAME RECIPE
        target NAME RULE WHERE...   (the words of a "damage" line)
        action NAME WORDS...
        not TARGET ACTION BASE      ("*" stands for any)

    Each base, target and action makes one, called RULE-TARGET-ACTION-BASE.
    """
    rows = {"base": [], "target": [], "action": [], "not": []}
    with open(path, encoding="utf-8") as file:
        for number, raw in enumerate(file, 1):
            words = raw.partition("#")[0].split()
            if words:
                if words[0] not in rows:
                    raise RecipeError("%s:%d: base, target, action or not, "
                                      "not %s" % (path, number, words[0]))
                rows[words[0]].append((words[1:], "%s:%d" % (path, number)))
    out = []
    for (base, twin), _ in rows["base"]:
        for (target, rule, *where), _ in rows["target"]:
            for (action, *words), place in rows["action"]:
                if any(all(a in (b, "*") for a, b in
                           zip(row, (target, action, base)))
                       for row, _ in rows["not"]):
                    continue
                made = Recipe(family, "-".join((rule, target, action, base)),
                              path)
                made.head = {"title": "%s: %s; %s" % (target, action, base),
                             "rule": rule, "twin": twin}
                text = " ".join(["damage"] + where + words)
                made.plus = [(None, text, place)]
                out.append(made)
    return out


def resolve(recipe, find):
    """The lines of a recipe, with its twin's; find: a recipe by name."""
    if "twin" not in recipe.head:
        return recipe.lines
    base = list(resolve(find(recipe.head["twin"]), find))
    places = {}
    for text, where in recipe.minus:
        at = [i for i, (line, _) in enumerate(base) if line == text]
        at = [i for i in at if i not in places.values()]
        if not at:
            raise RecipeError("%s: not a line of the twin: %s" % (where, text))
        places[text] = at[0]
    out = []
    for number, line in enumerate(base):
        gone = [text for text, at in places.items() if at == number]
        if not gone:
            out.append(line)
        for text, where in [(t, w) for b, t, w in recipe.plus
                            if gone and b == gone[0]]:
            out.append((text, where))
    return out + [(t, w) for b, t, w in recipe.plus if b is None]


def lines(recipe, find):
    return [Line(text, where) for text, where in resolve(recipe, find)]
