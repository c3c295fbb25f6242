# This file may be copied without asking anybody (CC0 1.0).
meta:
  id: reel_label
  title: Reel tape archive format, edition 1, label of a volume
  license: CC0-1.0
  ks-version: 0.11
  endian: le
-orig-id: LABEL
doc: |
  The first block of a volume, 80 octets (section 2.2). The input is that one
  block, and nothing behind it.
seq:
  - id: label_id
    -orig-id: label id
    contents: VOL1
  - id: volume_id
    -orig-id: volume id
    type: u1
    repeat: expr
    repeat-expr: 6
    valid:
      # A-Z and 0-9, filled up with spaces behind, not all of them spaces.
      expr: |
        (_ >= 0x41 and _ <= 0x5a) or (_ >= 0x30 and _ <= 0x39)
        ? _index == 0 or volume_id[_index - 1] != 0x20
        : _ == 0x20 and _index != 0
    doc: Rule L-5.
  - id: accessibility
    -orig-id: accessibility
    contents: " "
  - id: reserved
    -orig-id: reserved
    contents: "             "
  - id: implementation
    -orig-id: implementation
    contents: "REEL         "
  - id: owner
    -orig-id: owner
    contents: "              "
  - id: reserved_2
    -orig-id: reserved
    contents: "                            "
  - id: version
    -orig-id: version
    contents: "4"
  - id: surplus
    size-eos: true
    valid:
      expr: _.length == 0
