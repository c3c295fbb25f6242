# SPDX-License-Identifier: CC0-1.0
"""A validator for the few words of JSON schema that manifest.schema.json and
expected.schema.json use."""
import json
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool,
         "null": type(None)}
KNOWN = {"$schema", "title", "description", "type", "properties", "required",
         "additionalProperties", "items", "enum", "pattern", "minimum",
         "minItems", "maxItems", "$defs", "$ref", "const"}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def validate(value, schema, root=None, at="$"):
    """The problems, as texts."""
    root = root or schema
    unknown = set(schema) - KNOWN
    if unknown:
        return ["%s: the schema says %s, which is not known here"
                % (at, sorted(unknown))]
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return validate(value, root["$defs"][name], root, at)
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        return ["%s: not of type %s" % (at, " or ".join(names))]
    out = []
    if "const" in schema and value != schema["const"]:
        out.append("%s: not %r" % (at, schema["const"]))
    if "enum" in schema and value not in schema["enum"]:
        out.append("%s: %r is not allowed" % (at, value))
    if "minimum" in schema and value < schema["minimum"]:
        out.append("%s: %r is too small" % (at, value))
    if "pattern" in schema and isinstance(value, str) \
            and not re.search(schema["pattern"], value):
        out.append("%s: %r does not fit" % (at, value))
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                out.append("%s: no %s" % (at, name))
        for name, item in value.items():
            if name in properties:
                out += validate(item, properties[name], root, at + "." + name)
            elif schema.get("additionalProperties") is False:
                out.append("%s: %s is not known" % (at, name))
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0) \
                or len(value) > schema.get("maxItems", len(value)):
            out.append("%s: %d items" % (at, len(value)))
        if "items" in schema:
            for number, item in enumerate(value):
                out += validate(item, schema["items"], root,
                                "%s[%d]" % (at, number))
    return out


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
