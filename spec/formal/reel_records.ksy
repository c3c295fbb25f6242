# This file may be copied without asking anybody (CC0 1.0).
meta:
  id: reel_records
  title: Reel tape archive format, edition 1, the records of one segment
  license: CC0-1.0
  ks-version: 0.11
  endian: le
doc: |
  Chapter 5. The input is one segment, unpacked. The types below are named like
  the tables of chapters 2 and 5 to 9, and so are their fields (-orig-id). A
  field called surplus, which stands in no table, is empty: a record ends with
  its last field (R-6).

  What is not said here: the order of records (records.tsv), digests, UTF-8, and
  what the fields of several records have to do with each other.

  This is what a writer of edition 1 writes. A reader must not refuse a field
  named zero with another value (C-2).
seq:
  - id: records
    type: record
    repeat: eos
types:
  record:
    -orig-id: RECORD
    doc: Chapter 5. Unknown types have no fields.
    seq:
      - id: type
        -orig-id: type
        type: u2
      - id: zero
        -orig-id: zero
        type: u2
        valid: 0
        doc: Rules C-1, C-3.
      - id: octets
        -orig-id: octets
        type: u4
        valid:
          expr: |
            _ <= _io.size - _io.pos - 8
            and (type == 0x8013 or _ <= 131072)
        doc: Rules R-1, R-2, R-3.
      - id: object
        -orig-id: object
        type: u64
        valid:
          expr: |
            type == 0x8001 or type == 0x8002
            or (type >= 0x0003 and type <= 0x0005)
            or type == 0x8021 or type == 0x8022
            ? _.is_zero
            : not _.is_zero
            or not ((type >= 0x8010 and type <= 0x8016) or type == 0x8020)
        doc: Rule R-7.
      - id: payload
        size: octets
        type:
          switch-on: type
          cases:
            0x8001: volume_record
            0x8002: archive_record
            0x0003: source_record
            0x0004: earlier_volume_record
            0x0005: earlier_archive_record
            0x8010: object_record
            0x8011: xattr_record
            0x8012: stream_record
            0x8013: data_record
            0x8014: group_end_record
            0x8015: object_end_record
            0x8016: continued_record
            0x8020: entry_record
            0x8021: checkpoint_record
            0x8022: end_record
  volume_record:
    -orig-id: VOLUME
    doc: Section 2.4.
    seq:
      - id: volume
        -orig-id: volume
        type: u4
        valid:
          min: 1
        doc: Rules B-9, L-10.
      - id: block_octets
        -orig-id: block octets
        type: u4
        valid:
          expr: _ >= 512 and _ <= 1048576 and _ % 512 == 0
        doc: Rule L-3.
      - id: set_id
        -orig-id: set id
        size: 16
      - id: created_s
        -orig-id: created s
        type: i64
      - id: created_ns
        -orig-id: created ns
        type: u4
        valid:
          max: 999999999
        doc: Rule C-4.
      - id: label_octets
        -orig-id: label octets
        type: u4
        valid: 80
      - id: leader_octets
        -orig-id: leader octets
        type: u64
      - id: digest
        -orig-id: digest
        size: 32
      - id: volume_id
        -orig-id: volume id
        size: 6
      - id: edition
        -orig-id: edition
        type: u2
        valid: 1
        doc: Rule R-14.
      - id: n
        -orig-id: n
        type: u2
        valid:
          max: 128
        doc: Rule L-12.
      - id: m
        -orig-id: m
        type: u2
        valid:
          max: 64
        doc: Rule L-12.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: set_name
        -orig-id: set name
        size: n
      - id: software
        -orig-id: software
        size: m
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  archive_record:
    -orig-id: ARCHIVE
    doc: Section 5.2.
    seq:
      - id: edition
        -orig-id: edition
        type: u2
        valid: 1
        doc: Rule R-14.
      - id: source
        -orig-id: source
        type: u1
        valid:
          min: 1
          max: 3
        doc: Rule R-15.
      - id: compression
        -orig-id: compression
        type: u1
        valid:
          max: 1
      - id: segment_limit
        -orig-id: segment limit
        type: u4
        valid:
          min: 262144
          max: 16777216
        doc: Rule G-7.
      - id: created_s
        -orig-id: created s
        type: i64
      - id: created_ns
        -orig-id: created ns
        type: u4
        valid:
          max: 999999999
        doc: Rule C-4.
      - id: archive
        -orig-id: archive
        type: u4
        valid:
          min: 1
        doc: Rules B-9, R-16.
      - id: level
        -orig-id: level
        type: s4
      - id: previous_archive
        -orig-id: previous archive
        type: u4
        valid:
          expr: _ < archive
        doc: Rule R-17.
      - id: previous_volume
        -orig-id: previous volume
        type: u4
        valid:
          expr: previous_archive != 0 or _ == 0
        doc: Rule R-17.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: previous_sequence
        -orig-id: previous sequence
        type: u64
        valid:
          expr: previous_archive != 0 or _.is_zero
        doc: Rule R-17.
      - id: previous_address
        -orig-id: previous address
        type: u64
        valid:
          expr: previous_archive != 0 or _.is_zero
        doc: Rule R-17.
      - id: zero_2
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: a
        -orig-id: a
        type: u2
        valid:
          max: 64
        doc: Rule R-18.
      - id: b
        -orig-id: b
        type: u2
        valid:
          max: 64
        doc: Rule R-18.
      - id: c
        -orig-id: c
        type: u2
        valid:
          max: 255
        doc: Rule R-18.
      - id: d
        -orig-id: d
        type: u2
        valid:
          max: 64
        doc: Rule R-18.
      - id: e
        -orig-id: e
        type: u2
        valid:
          max: 4096
        doc: Rule R-18.
      - id: f
        -orig-id: f
        type: u2
      - id: base_encoding
        -orig-id: base encoding
        type: u1
        valid:
          min: 1
          max: 2
        doc: Rule R-19.
      - id: zero_3
        -orig-id: zero
        size: 7
        valid:
          expr: _ == [0, 0, 0, 0, 0, 0, 0]
        doc: Rules C-1, C-3.
      - id: name
        -orig-id: name
        size: a
      - id: host
        -orig-id: host
        size: b
      - id: system
        -orig-id: system
        size: c
      - id: software
        -orig-id: software
        size: d
      - id: options
        -orig-id: options
        size: e
      - id: base
        -orig-id: base
        size: f
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  source_record:
    -orig-id: SOURCE
    doc: Section 5.3.
    seq:
      - id: role
        -orig-id: role
        type: u1
        valid:
          min: 1
          max: 2
        doc: Rule R-20.
      - id: encoding
        -orig-id: encoding
        type: u1
        valid:
          min: 1
          max: 2
        doc: Rule R-20.
      - id: n
        -orig-id: n
        type: u2
        valid:
          min: 1
        doc: Rule R-20.
      - id: text
        -orig-id: text
        size: n
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  earlier_volume_record:
    -orig-id: EARLIER VOLUME
    doc: Section 5.4.
    seq:
      - id: volume
        -orig-id: volume
        type: u4
        valid:
          min: 1
        doc: Rule R-21.
      - id: volume_id
        -orig-id: volume id
        size: 6
      - id: zero
        -orig-id: zero
        type: u2
        valid: 0
        doc: Rules C-1, C-3.
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  earlier_archive_record:
    -orig-id: EARLIER ARCHIVE
    doc: Section 5.4.
    seq:
      - id: archive
        -orig-id: archive
        type: u4
        valid:
          min: 1
        doc: Rule R-21.
      - id: state
        -orig-id: state
        type: u4
        valid:
          max: 1
        doc: Rule R-22.
      - id: volume
        -orig-id: volume
        type: u4
        valid:
          expr: state == 1 or _ == 0
        doc: Rule R-22.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: sequence
        -orig-id: sequence
        type: u64
        valid:
          expr: state == 1 or _.is_zero
        doc: Rule R-22.
      - id: address
        -orig-id: address
        type: u64
        valid:
          expr: state == 1 or _.is_zero
        doc: Rule R-22.
      - id: created_s
        -orig-id: created s
        type: i64
        valid:
          expr: state == 1 or _.is_zero
        doc: Rule R-22.
      - id: created_ns
        -orig-id: created ns
        type: u4
        valid:
          expr: _ <= 999999999 and (state == 1 or _ == 0)
        doc: Rules C-4, R-22.
      - id: n
        -orig-id: n
        type: u2
        valid:
          expr: _ <= 64 and (state == 1 or _ == 0)
        doc: Rule R-22.
      - id: zero_2
        -orig-id: zero
        type: u2
        valid: 0
        doc: Rules C-1, C-3.
      - id: objects
        -orig-id: objects
        type: u64
        valid:
          expr: state == 1 or _.is_zero
        doc: Rule R-22.
      - id: stream_octets
        -orig-id: stream octets
        type: u64
        valid:
          expr: state == 1 or _.is_zero
        doc: Rule R-22.
      - id: fingerprint
        -orig-id: fingerprint
        size: 32
        valid:
          expr: |
            state == 1 or _ == [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        doc: Rule R-22.
      - id: name
        -orig-id: name
        size: n
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  object_record:
    -orig-id: OBJECT
    doc: Section 6.1.
    seq:
      - id: kind
        -orig-id: kind
        type: u1
        valid:
          min: 1
          max: 8
        doc: Rule O-1.
      - id: encoding
        -orig-id: encoding
        type: u1
        valid:
          min: 1
          max: 2
        doc: Rule O-2.
      - id: facts
        -orig-id: facts
        type: u2
        valid:
          expr: _ < 0x400 and (kind == 8 or (_ & 0x100) == 0)
        doc: Rules O-3, O-8.
      - id: attributes
        -orig-id: attributes
        type: u4
        valid:
          expr: (facts & 0x2) != 0 or _ == 0
        doc: Rule O-4.
      - id: size
        -orig-id: size
        type: u64
        valid:
          expr: |
            _.high < 0x80000000 and (kind == 1 or kind == 8 or _.is_zero)
        doc: Rules O-5, O-6.
      - id: target
        -orig-id: target
        type: u64
        valid:
          expr: (kind == 8) != _.is_zero
        doc: Rule O-7.
      - id: link_count
        -orig-id: link count
        type: u4
      - id: mode
        -orig-id: mode
        type: u4
        valid:
          expr: (facts & 0x1) != 0 or _ == 0
        doc: Rule O-4.
      - id: uid
        -orig-id: uid
        type: u4
        valid:
          expr: (facts & 0x1) != 0 or _ == 0
        doc: Rule O-4.
      - id: gid
        -orig-id: gid
        type: u4
        valid:
          expr: (facts & 0x1) != 0 or _ == 0
        doc: Rule O-4.
      - id: major
        -orig-id: major
        type: u4
        valid:
          expr: (facts & 0x80) != 0 or _ == 0
        doc: Rule O-4.
      - id: minor
        -orig-id: minor
        type: u4
        valid:
          expr: (facts & 0x80) != 0 or _ == 0
        doc: Rule O-4.
      - id: birth_s
        -orig-id: birth s
        type: i64
        valid:
          expr: (facts & 0x4) != 0 or _.is_zero
        doc: Rule O-4.
      - id: modified_s
        -orig-id: modified s
        type: i64
        valid:
          expr: (facts & 0x8) != 0 or _.is_zero
        doc: Rule O-4.
      - id: accessed_s
        -orig-id: accessed s
        type: i64
        valid:
          expr: (facts & 0x10) != 0 or _.is_zero
        doc: Rule O-4.
      - id: changed_s
        -orig-id: changed s
        type: i64
        valid:
          expr: (facts & 0x20) != 0 or _.is_zero
        doc: Rule O-4.
      - id: birth_ns
        -orig-id: birth ns
        type: u4
        valid:
          expr: _ <= 999999999 and ((facts & 0x4) != 0 or _ == 0)
        doc: Rules C-4, O-4.
      - id: modified_ns
        -orig-id: modified ns
        type: u4
        valid:
          expr: _ <= 999999999 and ((facts & 0x8) != 0 or _ == 0)
        doc: Rules C-4, O-4.
      - id: accessed_ns
        -orig-id: accessed ns
        type: u4
        valid:
          expr: _ <= 999999999 and ((facts & 0x10) != 0 or _ == 0)
        doc: Rules C-4, O-4.
      - id: changed_ns
        -orig-id: changed ns
        type: u4
        valid:
          expr: _ <= 999999999 and ((facts & 0x20) != 0 or _ == 0)
        doc: Rules C-4, O-4.
      - id: file_system
        -orig-id: file system
        type: u64
        valid:
          expr: (facts & 0x40) != 0 or _.is_zero
        doc: Rule O-4.
      - id: file_id
        -orig-id: file id
        size: 16
        valid:
          expr: |
            (facts & 0x40) != 0
            or _ == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        doc: Rule O-4.
      - id: n
        -orig-id: n
        type: u2
        valid:
          expr: (encoding == 1 or _ % 2 == 0) and (_ != 0 or kind == 2)
        doc: Rules N-1, N-3, N-4.
      - id: u
        -orig-id: u
        type: u2
        valid:
          max: 255
        doc: Rule O-9.
      - id: g
        -orig-id: g
        type: u2
        valid:
          max: 255
        doc: Rule O-9.
      - id: s
        -orig-id: s
        type: u2
        valid:
          expr: _ <= 24 and _ % 2 == 0
        doc: Rule O-10.
      - id: path
        -orig-id: path
        size: n
      - id: user
        -orig-id: user
        type: u1
        repeat: expr
        repeat-expr: u
        valid:
          expr: _ != 0
        doc: Rule O-9.
      - id: group
        -orig-id: group
        type: u1
        repeat: expr
        repeat-expr: g
        valid:
          expr: _ != 0
        doc: Rule O-9.
      - id: short_name
        -orig-id: short name
        size: s
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  xattr_record:
    -orig-id: XATTR
    doc: Section 6.2.
    seq:
      - id: n
        -orig-id: n
        type: u2
        valid:
          min: 1
          max: 255
        doc: Rule O-11.
      - id: zero
        -orig-id: zero
        type: u2
        valid: 0
        doc: Rules C-1, C-3.
      - id: m
        -orig-id: m
        type: u4
        valid:
          expr: _ <= _io.size - _io.pos - n
        doc: Rule R-6.
      - id: name
        -orig-id: name
        type: u1
        repeat: expr
        repeat-expr: n
        valid:
          expr: _ != 0
        doc: Rule O-11.
      - id: value
        -orig-id: value
        size: m
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  object_end_record:
    -orig-id: OBJECT END
    doc: Section 6.3.
    seq:
      - id: streams
        -orig-id: streams
        type: u4
      - id: groups
        -orig-id: groups
        type: u4
      - id: xattrs
        -orig-id: xattrs
        type: u4
      - id: flags
        -orig-id: flags
        type: u4
        valid:
          max: 3
        doc: Rule O-15.
      - id: stream_octets
        -orig-id: stream octets
        type: u64
      - id: bad_ranges
        -orig-id: bad ranges
        type: u4
        valid:
          expr: _ <= (_io.size - _io.pos) / 24
        doc: Rule R-6.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: xattr_digest
        -orig-id: xattr digest
        size: 32
      - id: ranges
        -orig-id: bad range
        type: bad_range
        repeat: expr
        repeat-expr: bad_ranges
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  bad_range:
    doc: Section 6.3, one of the bad ranges.
    seq:
      - id: ordinal
        -orig-id: ordinal
        type: u4
      - id: reason
        -orig-id: reason
        type: u4
        valid:
          min: 1
          max: 2
        doc: Rule O-17.
      - id: offset
        -orig-id: offset
        type: u64
      - id: length
        -orig-id: length
        type: u64
        valid:
          expr: not _.is_zero
        doc: Rule O-16.
  continued_record:
    -orig-id: CONTINUED
    doc: Section 6.4.
    seq:
      - id: kind
        -orig-id: kind
        type: u1
        valid:
          min: 1
          max: 8
        doc: Rules O-1, O-20.
      - id: encoding
        -orig-id: encoding
        type: u1
        valid:
          min: 1
          max: 2
        doc: Rules O-2, O-20.
      - id: n
        -orig-id: n
        type: u2
      - id: group_ordinal
        -orig-id: group ordinal
        type: u4
      - id: stream_ordinal
        -orig-id: stream ordinal
        type: u4
        valid:
          expr: _ == 0xffffffff or group_ordinal <= _
        doc: Rule O-20.
      - id: g
        -orig-id: g
        type: u2
        valid:
          expr: |
            group_ordinal == 0xffffffff ? _ == 0 : _ >= 20
        doc: Rules O-20, O-21.
      - id: s
        -orig-id: s
        type: u2
        valid:
          expr: |
            stream_ordinal == 0xffffffff or stream_ordinal == group_ordinal
            ? _ == 0
            : _ >= 20
        doc: Rules O-20, O-21.
      - id: stream_offset
        -orig-id: stream offset
        type: u64
        valid:
          expr: stream_ordinal != 0xffffffff or _.is_zero
        doc: Rule O-21.
      - id: path
        -orig-id: path
        size: n
      - id: group_header
        -orig-id: group header
        size: g
      - id: stream_header
        -orig-id: stream header
        size: s
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  stream_header:
    doc: Section 7.1, WIN32_STREAM_ID.
    seq:
      - id: stream_id
        -orig-id: stream id
        type: u4
      - id: attributes
        -orig-id: attributes
        type: u4
      - id: size
        -orig-id: Size
        type: u64
        valid:
          expr: |
            _.high < 0x80000000
            and (stream_id != 9 or _.high != 0 or _.low >= 8)
        doc: Rules S-1, S-7.
      - id: name_octets
        -orig-id: name octets
        type: u4
        valid:
          max: 32000
        doc: Rule S-2.
      - id: name
        -orig-id: name
        size: name_octets
  stream_record:
    -orig-id: STREAM
    doc: Section 7.2.
    seq:
      - id: ordinal
        -orig-id: ordinal
        type: u4
      - id: header
        -orig-id: header
        type: stream_header
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rules R-6, S-5.
  data_record:
    -orig-id: DATA
    doc: Section 7.2.
    seq:
      - id: ordinal
        -orig-id: ordinal
        type: u4
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: stream_offset
        -orig-id: stream offset
        type: u64
      - id: sparse_offset
        -orig-id: sparse offset
        type: u64
      - id: octets
        -orig-id: octets
        size-eos: true
        valid:
          expr: _.length != 0
        doc: Rule S-4.
  group_end_record:
    -orig-id: GROUP END
    doc: Section 7.3.
    seq:
      - id: first_ordinal
        -orig-id: first ordinal
        type: u4
      - id: streams
        -orig-id: streams
        type: u4
        valid:
          min: 1
        doc: Rule S-10.
      - id: stream_id
        -orig-id: stream id
        type: u4
      - id: attributes
        -orig-id: attributes
        type: u4
      - id: flags
        -orig-id: flags
        type: u4
        valid:
          max: 1
        doc: Rule S-10.
      - id: n
        -orig-id: n
        type: u4
        valid:
          max: 32000
        doc: Rules S-2, S-10.
      - id: body_octets
        -orig-id: body octets
        type: u64
      - id: content_octets
        -orig-id: content octets
        type: u64
      - id: allocated
        -orig-id: allocated
        type: u64
      - id: stream_digest
        -orig-id: stream digest
        size: 32
      - id: content_digest
        -orig-id: content digest
        size: 32
        valid:
          expr: |
            flags == 1 or _ == [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        doc: The part of rule S-12 that one record shows.
      - id: name
        -orig-id: name
        size: n
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  place:
    doc: Section 9.1.
    seq:
      - id: volume
        -orig-id: volume
        type: u4
      - id: payload_offset
        -orig-id: payload offset
        type: u4
      - id: sequence
        -orig-id: sequence
        type: u64
      - id: address
        -orig-id: address
        type: u64
      - id: record_offset
        -orig-id: record offset
        type: u4
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
  entry_record:
    -orig-id: ENTRY
    doc: Section 9.2.
    seq:
      - id: flags
        -orig-id: flags
        type: u4
        valid:
          max: 2
        doc: Rule A-3.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: begin
        -orig-id: begin
        type: place
      - id: end
        -orig-id: end
        type: place
      - id: data
        -orig-id: data
        type: place
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  checkpoint_record:
    -orig-id: CHECKPOINT
    doc: Section 9.3.
    seq:
      - id: number
        -orig-id: number
        type: u4
        valid:
          min: 1
        doc: Rule A-7.
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: next_object
        -orig-id: next object
        type: u64
      - id: objects
        -orig-id: objects
        type: u64
      - id: torn
        -orig-id: torn
        type: u64
      - id: stream_octets
        -orig-id: stream octets
        type: u64
      - id: slice_records
        -orig-id: slice records
        type: u64
      - id: slice_octets
        -orig-id: slice octets
        type: u64
      - id: slice_volume
        -orig-id: slice volume
        type: u4
      - id: zero_2
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: slice_sequence
        -orig-id: slice sequence
        type: u64
      - id: slice_address
        -orig-id: slice address
        type: u64
      - id: previous_number
        -orig-id: previous number
        type: u4
      - id: previous_volume
        -orig-id: previous volume
        type: u4
      - id: previous_sequence
        -orig-id: previous sequence
        type: u64
      - id: previous_address
        -orig-id: previous address
        type: u64
      - id: slice_digest
        -orig-id: slice digest
        size: 32
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
  end_record:
    -orig-id: END
    doc: Section 9.4.
    seq:
      - id: edition
        -orig-id: edition
        type: u2
        valid: 1
        doc: Rule R-14.
      - id: source
        -orig-id: source
        type: u1
        valid:
          min: 1
          max: 3
        doc: Rule R-15.
      - id: compression
        -orig-id: compression
        type: u1
        valid:
          max: 1
      - id: segment_limit
        -orig-id: segment limit
        type: u4
        valid:
          min: 262144
          max: 16777216
        doc: Rule G-7.
      - id: created_s
        -orig-id: created s
        type: i64
      - id: created_ns
        -orig-id: created ns
        type: u4
        valid:
          max: 999999999
        doc: Rule C-4.
      - id: archive
        -orig-id: archive
        type: u4
        valid:
          min: 1
        doc: Rules B-9, R-16.
      - id: objects
        -orig-id: objects
        type: u64
      - id: torn
        -orig-id: torn
        type: u64
      - id: flawed
        -orig-id: flawed
        type: u64
      - id: stream_octets
        -orig-id: stream octets
        type: u64
      - id: catalog_octets
        -orig-id: catalog octets
        type: u64
      - id: catalog_records
        -orig-id: catalog records
        type: u64
      - id: catalog_volume
        -orig-id: catalog volume
        type: u4
      - id: zero
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: catalog_sequence
        -orig-id: catalog sequence
        type: u64
      - id: catalog_address
        -orig-id: catalog address
        type: u64
      - id: previous_archive
        -orig-id: previous archive
        type: u4
        valid:
          expr: _ < archive
        doc: Rule R-17.
      - id: previous_volume
        -orig-id: previous volume
        type: u4
        valid:
          expr: previous_archive != 0 or _ == 0
        doc: Rule R-17.
      - id: previous_sequence
        -orig-id: previous sequence
        type: u64
        valid:
          expr: previous_archive != 0 or _.is_zero
        doc: Rule R-17.
      - id: previous_address
        -orig-id: previous address
        type: u64
        valid:
          expr: previous_archive != 0 or _.is_zero
        doc: Rule R-17.
      - id: checkpoint
        -orig-id: checkpoint
        type: u4
      - id: checkpoint_volume
        -orig-id: checkpoint volume
        type: u4
      - id: checkpoint_sequence
        -orig-id: checkpoint sequence
        type: u64
      - id: checkpoint_address
        -orig-id: checkpoint address
        type: u64
      - id: catalog_digest
        -orig-id: catalog digest
        size: 32
      - id: fingerprint
        -orig-id: fingerprint
        size: 32
      - id: n
        -orig-id: n
        type: u2
        valid:
          max: 64
        doc: Rule R-18.
      - id: m
        -orig-id: m
        type: u2
        valid:
          max: 64
        doc: Rule R-18.
      - id: zero_2
        -orig-id: zero
        type: u4
        valid: 0
        doc: Rules C-1, C-3.
      - id: name
        -orig-id: name
        size: n
      - id: host
        -orig-id: host
        size: m
      - id: surplus
        size-eos: true
        valid:
          expr: _.length == 0
        doc: Rule R-6.
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
  i64:
    doc: |
      As two halves: many languages have no numbers above 2^53 that are exact.
    seq:
      - id: low
        type: u4
      - id: high
        type: s4
    instances:
      is_zero:
        value: low == 0 and high == 0
