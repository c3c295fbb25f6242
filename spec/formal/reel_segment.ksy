# This file may be copied without asking anybody (CC0 1.0).
meta:
  id: reel_segment
  title: Reel tape archive format, edition 1, one segment
  license: CC0-1.0
  ks-version: 0.11
  endian: le
doc: |
  Chapter 4. The input is one segment, taken from the payloads of a stretch. Its
  header, which can be had first, tells by stored octets how long it is.

  What is not said here: the checksum (G-3), and zstd. The octets of stored,
  unpacked where compression is 1, are a row of records: reel_records.ksy.
params:
  - id: segment_limit
    type: u4
    doc: |
      From the ARCHIVE record, or 16,777,216. It also keeps sizes far below
      2^31, from where on some languages take them for negative.
seq:
  - id: header
    type: header(segment_limit)
  - id: stored
    size: header.stored_octets
    doc: Rule G-1.
  - id: surplus
    size-eos: true
    valid:
      expr: _.length == 0
types:
  header:
    -orig-id: SEGMENT
    params:
      - id: segment_limit
        type: u4
    seq:
      - id: magic
        -orig-id: magic
        contents: SEGM
        doc: Rule G-2.
      - id: checksum
        -orig-id: checksum
        type: u4
      - id: compression
        -orig-id: compression
        type: u1
        valid:
          max: 1
        doc: Rule G-4.
      - id: encryption
        -orig-id: encryption
        type: u1
        valid: 0
        doc: Rule G-5.
      - id: key
        -orig-id: key
        type: u2
        valid: 0
      - id: stored_octets
        -orig-id: stored octets
        type: u4
        valid:
          expr: _ <= segment_limit
        doc: Rules G-6, G-13.
      - id: raw_octets
        -orig-id: raw octets
        type: u4
        valid:
          expr: |
            _ >= 16 and _ <= segment_limit
            and (compression == 0 ? stored_octets == _ : stored_octets < _)
        doc: Rules G-6, G-8, G-10.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
