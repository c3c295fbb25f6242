# This file may be copied without asking anybody (CC0 1.0).
meta:
  id: reel_block
  title: Reel tape archive format, edition 1, one block behind the leader
  license: CC0-1.0
  ks-version: 0.11
  endian: le
-orig-id: BLOCK
doc: |
  Chapter 3. The input is one block as a tape drive gives it, and nothing behind
  it. What is not said here: the checksum (B-3), and what the fields of several
  blocks have to do with each other.

  This is what a writer of edition 1 writes. A reader takes more: it must not
  refuse a field named zero with another value (C-2), and it judges checksum and
  revision before the ranges of fields (C-6).
seq:
  - id: magic
    -orig-id: magic
    contents: [0x8a, 0x52, 0x45, 0x45, 0x4c, 0x0d, 0x0a, 0x1a]
    doc: Rule B-2.
  - id: checksum
    -orig-id: checksum
    type: u4
  - id: revision
    -orig-id: revision
    type: u2
    valid: 1
    doc: Rules B-4, X-1.
  - id: kind
    -orig-id: kind
    type: u2
    valid:
      # Known, or to be passed over and not one of the two reserved ones.
      expr: (_ >= 1 and _ <= 5) or _ == 0x8000 or _ > 0x8002
    doc: Section 3.1, rules B-13, X-4.
  - id: features
    -orig-id: features
    type: u4
    valid: 0
    doc: Rules X-2, X-3.
  - id: block_octets
    -orig-id: block octets
    type: u4
    valid:
      expr: _ == _io.size and _ >= 512 and _ <= 1048576 and _ % 512 == 0
    doc: Rules B-1, B-5, L-3.
  - id: payload_octets
    -orig-id: payload octets
    type: u4
    valid:
      expr: _ >= 1 and _ <= block_octets - 96
    doc: Rule B-6.
  - id: first_segment
    -orig-id: first segment
    type: u4
    valid:
      expr: _ < payload_octets or _ == 0xffffffff
    doc: Rule B-7.
  - id: volume
    -orig-id: volume
    type: u4
    valid:
      min: 1
    doc: Rule B-9.
  - id: archive
    -orig-id: archive
    type: u4
    valid:
      min: 1
    doc: Rule B-9.
  - id: run
    -orig-id: run
    type: u4
  - id: zero
    -orig-id: zero
    type: u4
    valid: 0
    doc: Rules C-1, C-3.
  - id: set_id
    -orig-id: set id
    size: 16
  - id: sequence
    -orig-id: sequence
    type: u64
  - id: address
    -orig-id: address
    type: u64
  - id: run_start
    -orig-id: run start
    type: u64
    valid:
      expr: run != 0 or _.is_zero
    doc: The part of rule B-17 that one block shows.
  - id: zero_2
    -orig-id: zero
    type: u64
    valid:
      expr: _.is_zero
    doc: Rules C-1, C-3.
  - id: payload
    size: payload_octets
    doc: |
      The payloads of a stretch, put end to end, are a row of segments:
      reel_segment.ksy.
  - id: filling
    type: u1
    repeat: eos
    valid: 0
    doc: Rule B-8.
types:
  u64:
    doc: |
      As two halves: many languages have no numbers above 2^53 that are exact.
    seq:
      - id: low
        type: u4
      - id: high
        type: u4
    instances:
      is_zero:
        value: low == 0 and high == 0
