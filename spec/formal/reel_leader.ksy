# This file may be copied without asking anybody (CC0 1.0).
meta:
  id: reel_leader
  title: Reel tape archive format, edition 1, one block of the leader
  license: CC0-1.0
  ks-version: 0.11
  endian: le
-orig-id: LEADER
doc: |
  One block between the label and the second filemark (section 2.3, rule L-7).
  Lines may go on from one block to the next.
params:
  - id: is_first
    type: bool
    doc: It is the first block behind the label.
seq:
  - id: text
    -orig-id: text
    type: u1
    repeat: eos
    valid:
      expr: _ == 0x0a or (_ >= 0x20 and _ <= 0x7e)
instances:
  title:
    pos: 0
    contents: REEL TAPE ARCHIVE, EDITION 1
    if: is_first
