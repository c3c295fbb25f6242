# SPDX-License-Identifier: CC0-1.0
"""Makes the vectors of the suite from recipes; written from spec/*.txt alone.

    octets    checksums, bodies, frames of zstd made by hand      (10, 4)
    tables    the tables of the text                              (2 to 9)
    records   records, built from the tables                      (5)
    objects   objects and streams as rows of records              (6, 7, 8)
    tape      volumes, blocks, filemarks                          (2, 3)
    press     the writer: segments, stretches, volumes, runs      (4, 9.7)
    catalog   catalog, checkpoints, END                           (9)
    recipe    reading recipes
    script    carrying them out
    truth     what a reader has to find
    damage    what befalls a tape, and what is left of it         (12)
"""
