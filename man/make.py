#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Manual pages and completion from the table of verbs and options.

usage: make.py REEL VERSION SOURCE OUT

REEL is the program, which prints its own table (`reel help --table`); SOURCE
is the folder of this file, where reel.roff and <verb>.roff, written by hand,
stand. Into OUT go reel.1, reel-<verb>.1 and the completion `reel` for bash.
"""

import json
import subprocess
import sys
from pathlib import Path

HEAD = '''.\\" Made by man/make.py from `reel help --table`.
.TH {title} 1 "" "Reel {version}" "User Commands"
'''


def roff(text):
    """Plain text as roff: hyphens of options stay what they are."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    # A line that begins like a request must not be one.
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line
                     for line in lines)


def option(entry):
    head = f"\\fB\\-\\-{roff(entry['name'])}\\fR"
    if "letter" in entry:
        head = f"\\fB\\-{entry['letter']}\\fR, {head}"
    if "argument" in entry:
        words = "|" in entry["argument"] or entry["argument"].islower()
        head += f" \\f{'B' if words else 'I'}{roff(entry['argument'])}\\fR"
    help_text = entry["help"]
    return f".TP\n{head}\n{roff(help_text[0].upper() + help_text[1:])}.\n"


def synopsis(verb):
    lines = []
    for form in verb["operands"].split(" | "):
        lines.append(f".B reel {verb['verb']}\n{roff(form)}\n")
    return ".br\n".join(lines)


def sentence(text):
    return roff(text[0].upper() + text[1:]) + ".\n"


def page(verb, common, source):
    name = f"reel-{verb['verb']}"
    title = name.upper().replace("-", "\\-")
    text = [HEAD.format(title=title, version=VERSION),
            f".SH NAME\n{roff(name)} \\- {roff(verb['summary'])}\n",
            ".SH SYNOPSIS\n", synopsis(verb),
            ".SH DESCRIPTION\n", sentence(verb["summary"])]
    if "more" in verb:
        text += [".PP\n", roff(verb["more"]).rstrip() + "\n"]
    by_hand = source / f"{verb['verb']}.roff"
    if by_hand.exists():
        text.append(by_hand.read_text())
    own = [o for o in verb["options"] if o["name"] not in common]
    if own:
        text.append(".SH OPTIONS\n")
        text += map(option, own)
        text.append(".PP\nAnd those of all verbs, see\n.BR reel (1).\n")
    text.append(".SH SEE ALSO\n.BR reel (1),\nwhich tells exit codes, limits "
                "and what a tape cannot do.\n")
    return name, "".join(text)


def program_page(verbs, common, source):
    text = [HEAD.format(title="REEL", version=VERSION),
            ".SH NAME\nreel \\- tape archives that prove what they hold\n",
            ".SH SYNOPSIS\n.B reel\n.I VERB\n[\\fIOPTION\\fR]... "
            "[\\fIOPERAND\\fR]...\n",
            ".SH DESCRIPTION\n", (source / "description.roff").read_text(),
            ".SH VERBS\n"]
    for verb in verbs:
        text.append(f".TP\n.BR reel\\-{verb['verb']} (1)\n"
                    f"{sentence(verb['summary'])}")
    text.append(".SH OPTIONS OF ALL VERBS\n")
    text += [option(o) for o in verbs[0]["options"] if o["name"] in common]
    text.append(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nShow the options of "
                "the verb.\n")
    text.append((source / "reel.roff").read_text())
    text.append(".SH SEE ALSO\n")
    text.append(",\n".join(f".BR reel\\-{v['verb']} (1)" for v in verbs)
                .replace("),\n", "),\n") + "\n.PP\nThe specification stands at "
                "the front of each volume;\n.B reel spec\nprints it.\n")
    # .BR with a comma wants it as an argument of its own.
    return "reel", "".join(text).replace("(1),\n", "(1),\n")


def completion(verbs):
    lines = ["# Made by man/make.py: completion of reel for bash.",
             "_reel() {",
             '    local word=${COMP_WORDS[COMP_CWORD]} '
             'before=${COMP_WORDS[COMP_CWORD-1]} options',
             "    if [[ $COMP_CWORD -eq 1 ]]; then",
             "        mapfile -t COMPREPLY < <(compgen -W "
             f"'{' '.join(v['verb'] for v in verbs)} --help --version' -- "
             '"$word")',
             "        return",
             "    fi",
             "    case ${COMP_WORDS[1]}:$before in"]
    for verb in verbs:
        for entry in verb["options"]:
            if "choices" in entry:
                lines += [f"    {verb['verb']}:--{entry['name']})",
                          "        mapfile -t COMPREPLY < <(compgen -W "
                          f"'{' '.join(entry['choices'])}' -- \"$word\")",
                          "        return ;;"]
    lines += ["    esac", "    case ${COMP_WORDS[1]} in"]
    for verb in verbs:
        names = " ".join("--" + o["name"] for o in verb["options"])
        lines.append(f"    {verb['verb']}) options='{names} --help' ;;")
    lines += ["    *) return ;;", "    esac",
              "    if [[ $word == -* ]]; then",
              '        mapfile -t COMPREPLY < <(compgen -W "$options" -- '
              '"$word")',
              "    else",
              '        mapfile -t COMPREPLY < <(compgen -f -- "$word")',
              "    fi",
              "}",
              "complete -o filenames -F _reel reel"]
    return "\n".join(lines) + "\n"


def main():
    program, _, source, out = sys.argv[1:]
    source, out = Path(source), Path(out)
    table = subprocess.run([program, "help", "--table"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    verbs = [json.loads(line) for line in table.splitlines()]
    common = set.intersection(*({o["name"] for o in v["options"]}
                                for v in verbs))
    out.mkdir(parents=True, exist_ok=True)
    pages = [program_page(verbs, common, source)]
    pages += [page(verb, common, source) for verb in verbs]
    for name, text in pages:
        (out / f"{name}.1").write_text(text)
    (out / "reel").write_text(completion(verbs))


if __name__ == "__main__":
    VERSION = sys.argv[2]
    main()
