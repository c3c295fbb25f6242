# SPDX-License-Identifier: CC0-1.0
"""Calls readers and judges what they say.

    call      one call of a reader, with limits
    judge     what it said against what is expected, level by level
    report    tables and JUnit
    schema    a small validator for the manifest
"""
