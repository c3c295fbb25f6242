/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 to 9, their tables as data: what dump shows does not pass
   through the decoders. Policy layer. */
#include "dump_tables.h"

#include <stddef.h>

#include "reel/record.h"

/* In the order of the tables; texts stand in the order of their lengths. */
const struct reel_field reel_dump_label[] = {
    {REEL_FIELD_HEX, "label id", 4},
    {REEL_FIELD_HEX, "volume id", 6},
    {REEL_FIELD_HEX, "accessibility", 1},
    {REEL_FIELD_HEX, "reserved", 13},
    {REEL_FIELD_HEX, "implementation", 13},
    {REEL_FIELD_HEX, "owner", 14},
    {REEL_FIELD_HEX, "reserved", 28},
    {REEL_FIELD_HEX, "version", 1},
    {0, NULL, 0}};
const struct reel_field reel_dump_leader[] = {{REEL_FIELD_OCTETS, "text", 0},
                                              {0, NULL, 0}};
const struct reel_field reel_dump_block[]  = {
     {REEL_FIELD_HEX, "magic", 8},
     {REEL_FIELD_U32, "checksum", 0},
     {REEL_FIELD_U16, "revision", 0},
     {REEL_FIELD_U16, "kind", 0},
     {REEL_FIELD_U32, "features", 0},
     {REEL_FIELD_U32, "block octets", 0},
     {REEL_FIELD_U32, "payload octets", 0},
     {REEL_FIELD_U32, "first segment", 0},
     {REEL_FIELD_U32, "volume", 0},
     {REEL_FIELD_U32, "archive", 0},
     {REEL_FIELD_U32, "run", 0},
     {REEL_FIELD_U32, "zero", 0},
     {REEL_FIELD_HEX, "set id", 16},
     {REEL_FIELD_U64, "sequence", 0},
     {REEL_FIELD_U64, "address", 0},
     {REEL_FIELD_U64, "run start", 0},
     {REEL_FIELD_U64, "zero", 0},
     {0, NULL, 0}};
const struct reel_field reel_dump_segment[] = {
    {REEL_FIELD_HEX, "magic", 4},
    {REEL_FIELD_U32, "checksum", 0},
    {REEL_FIELD_U8, "compression", 0},
    {REEL_FIELD_U8, "encryption", 0},
    {REEL_FIELD_U16, "key", 0},
    {REEL_FIELD_U32, "stored octets", 0},
    {REEL_FIELD_U32, "raw octets", 0},
    {REEL_FIELD_U32, "zero", 0},
    {0, NULL, 0}};
const struct reel_field reel_dump_record_header[] = {
    {REEL_FIELD_U16, "type", 0},
    {REEL_FIELD_U16, "zero", 0},
    {REEL_FIELD_U32, "octets", 0},
    {REEL_FIELD_U64, "object", 0},
    {0, NULL, 0}};
const struct reel_field reel_dump_place[] = {
    {REEL_FIELD_U32, "volume", 0},
    {REEL_FIELD_U32, "payload offset", 0},
    {REEL_FIELD_U64, "sequence", 0},
    {REEL_FIELD_U64, "address", 0},
    {REEL_FIELD_U32, "record offset", 0},
    {REEL_FIELD_U32, "zero", 0},
    {0, NULL, 0}};
const struct reel_field reel_dump_bad_range[] = {{REEL_FIELD_U32, "ordinal", 0},
                                                 {REEL_FIELD_U32, "reason", 0},
                                                 {REEL_FIELD_U64, "offset", 0},
                                                 {REEL_FIELD_U64, "length", 0},
                                                 {0, NULL, 0}};
const struct reel_field reel_dump_stream_header[] = {
    {REEL_FIELD_U32, "stream id", 0}, {REEL_FIELD_U32, "attributes", 0},
    {REEL_FIELD_U64, "Size", 0},      {REEL_FIELD_LENGTH32, "name octets", 0},
    {REEL_FIELD_TEXT, "name", 0},     {0, NULL, 0}};

static const struct reel_field volume[] = {
    {REEL_FIELD_U32, "volume", 0},        {REEL_FIELD_U32, "block octets", 0},
    {REEL_FIELD_HEX, "set id", 16},       {REEL_FIELD_I64, "created s", 0},
    {REEL_FIELD_U32, "created ns", 0},    {REEL_FIELD_U32, "label octets", 0},
    {REEL_FIELD_U64, "leader octets", 0}, {REEL_FIELD_HEX, "digest", 32},
    {REEL_FIELD_TEXT, "volume id", 6},    {REEL_FIELD_U16, "edition", 0},
    {REEL_FIELD_LENGTH16, "n", 0},        {REEL_FIELD_LENGTH16, "m", 0},
    {REEL_FIELD_U32, "zero", 0},          {REEL_FIELD_TEXT, "set name", 0},
    {REEL_FIELD_TEXT, "software", 0},     {0, NULL, 0}};
static const struct reel_field archive[] = {
    {REEL_FIELD_U16, "edition", 0},
    {REEL_FIELD_U8, "source", 0},
    {REEL_FIELD_U8, "compression", 0},
    {REEL_FIELD_U32, "segment limit", 0},
    {REEL_FIELD_I64, "created s", 0},
    {REEL_FIELD_U32, "created ns", 0},
    {REEL_FIELD_U32, "archive", 0},
    {REEL_FIELD_I32, "level", 0},
    {REEL_FIELD_U32, "previous archive", 0},
    {REEL_FIELD_U32, "previous volume", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_U64, "previous sequence", 0},
    {REEL_FIELD_U64, "previous address", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_LENGTH16, "a", 0},
    {REEL_FIELD_LENGTH16, "b", 0},
    {REEL_FIELD_LENGTH16, "c", 0},
    {REEL_FIELD_LENGTH16, "d", 0},
    {REEL_FIELD_LENGTH16, "e", 0},
    {REEL_FIELD_LENGTH16, "f", 0},
    {REEL_FIELD_U8, "base encoding", 0},
    {REEL_FIELD_HEX, "zero", 7},
    {REEL_FIELD_TEXT, "name", 0},
    {REEL_FIELD_TEXT, "host", 0},
    {REEL_FIELD_TEXT, "system", 0},
    {REEL_FIELD_TEXT, "software", 0},
    {REEL_FIELD_TEXT, "options", 0},
    {REEL_FIELD_TEXT, "base", 0},
    {0, NULL, 0}};
static const struct reel_field source[]         = {{REEL_FIELD_U8, "role", 0},
                                                   {REEL_FIELD_U8, "encoding", 0},
                                                   {REEL_FIELD_LENGTH16, "n", 0},
                                                   {REEL_FIELD_TEXT, "text", 0},
                                                   {0, NULL, 0}};
static const struct reel_field earlier_volume[] = {
    {REEL_FIELD_U32, "volume", 0},
    {REEL_FIELD_TEXT, "volume id", 6},
    {REEL_FIELD_U16, "zero", 0},
    {0, NULL, 0}};
static const struct reel_field earlier_archive[] = {
    {REEL_FIELD_U32, "archive", 0},
    {REEL_FIELD_U32, "state", 0},
    {REEL_FIELD_U32, "volume", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_U64, "sequence", 0},
    {REEL_FIELD_U64, "address", 0},
    {REEL_FIELD_I64, "created s", 0},
    {REEL_FIELD_U32, "created ns", 0},
    {REEL_FIELD_LENGTH16, "n", 0},
    {REEL_FIELD_U16, "zero", 0},
    {REEL_FIELD_U64, "objects", 0},
    {REEL_FIELD_U64, "stream octets", 0},
    {REEL_FIELD_HEX, "fingerprint", 32},
    {REEL_FIELD_TEXT, "name", 0},
    {0, NULL, 0}};
static const struct reel_field object[] = {{REEL_FIELD_U8, "kind", 0},
                                           {REEL_FIELD_U8, "encoding", 0},
                                           {REEL_FIELD_U16, "facts", 0},
                                           {REEL_FIELD_U32, "attributes", 0},
                                           {REEL_FIELD_U64, "size", 0},
                                           {REEL_FIELD_U64, "target", 0},
                                           {REEL_FIELD_U32, "link count", 0},
                                           {REEL_FIELD_U32, "mode", 0},
                                           {REEL_FIELD_U32, "uid", 0},
                                           {REEL_FIELD_U32, "gid", 0},
                                           {REEL_FIELD_U32, "major", 0},
                                           {REEL_FIELD_U32, "minor", 0},
                                           {REEL_FIELD_I64, "birth s", 0},
                                           {REEL_FIELD_I64, "modified s", 0},
                                           {REEL_FIELD_I64, "accessed s", 0},
                                           {REEL_FIELD_I64, "changed s", 0},
                                           {REEL_FIELD_U32, "birth ns", 0},
                                           {REEL_FIELD_U32, "modified ns", 0},
                                           {REEL_FIELD_U32, "accessed ns", 0},
                                           {REEL_FIELD_U32, "changed ns", 0},
                                           {REEL_FIELD_U64, "file system", 0},
                                           {REEL_FIELD_HEX, "file id", 16},
                                           {REEL_FIELD_LENGTH16, "n", 0},
                                           {REEL_FIELD_LENGTH16, "u", 0},
                                           {REEL_FIELD_LENGTH16, "g", 0},
                                           {REEL_FIELD_LENGTH16, "s", 0},
                                           {REEL_FIELD_TEXT, "path", 0},
                                           {REEL_FIELD_TEXT, "user", 0},
                                           {REEL_FIELD_TEXT, "group", 0},
                                           {REEL_FIELD_TEXT, "short name", 0},
                                           {0, NULL, 0}};
static const struct reel_field xattr[]  = {
     {REEL_FIELD_LENGTH16, "n", 0}, {REEL_FIELD_U16, "zero", 0},
     {REEL_FIELD_LENGTH32, "m", 0}, {REEL_FIELD_TEXT, "name", 0},
     {REEL_FIELD_TEXT, "value", 0}, {0, NULL, 0}};
static const struct reel_field object_end[] = {
    {REEL_FIELD_U32, "streams", 0},       {REEL_FIELD_U32, "groups", 0},
    {REEL_FIELD_U32, "xattrs", 0},        {REEL_FIELD_U32, "flags", 0},
    {REEL_FIELD_U64, "stream octets", 0}, {REEL_FIELD_U32, "bad ranges", 0},
    {REEL_FIELD_U32, "zero", 0},          {REEL_FIELD_HEX, "xattr digest", 32},
    {REEL_FIELD_RANGES, "bad range", 0},  {0, NULL, 0}};
static const struct reel_field continued[] = {
    {REEL_FIELD_U8, "kind", 0},
    {REEL_FIELD_U8, "encoding", 0},
    {REEL_FIELD_LENGTH16, "n", 0},
    {REEL_FIELD_U32, "group ordinal", 0},
    {REEL_FIELD_U32, "stream ordinal", 0},
    {REEL_FIELD_LENGTH16, "g", 0},
    {REEL_FIELD_LENGTH16, "s", 0},
    {REEL_FIELD_U64, "stream offset", 0},
    {REEL_FIELD_TEXT, "path", 0},
    {REEL_FIELD_TEXT, "group header", 0},
    {REEL_FIELD_TEXT, "stream header", 0},
    {0, NULL, 0}};
static const struct reel_field stream[] = {{REEL_FIELD_U32, "ordinal", 0},
                                           {REEL_FIELD_STREAM, "header", 0},
                                           {0, NULL, 0}};
static const struct reel_field data[]   = {
      {REEL_FIELD_U32, "ordinal", 0},       {REEL_FIELD_U32, "zero", 0},
      {REEL_FIELD_U64, "stream offset", 0}, {REEL_FIELD_U64, "sparse offset", 0},
      {REEL_FIELD_OCTETS, "octets", 0},     {0, NULL, 0}};
static const struct reel_field group_end[] = {
    {REEL_FIELD_U32, "first ordinal", 0},
    {REEL_FIELD_U32, "streams", 0},
    {REEL_FIELD_U32, "stream id", 0},
    {REEL_FIELD_U32, "attributes", 0},
    {REEL_FIELD_U32, "flags", 0},
    {REEL_FIELD_LENGTH32, "n", 0},
    {REEL_FIELD_U64, "body octets", 0},
    {REEL_FIELD_U64, "content octets", 0},
    {REEL_FIELD_U64, "allocated", 0},
    {REEL_FIELD_HEX, "stream digest", 32},
    {REEL_FIELD_HEX, "content digest", 32},
    {REEL_FIELD_TEXT, "name", 0},
    {0, NULL, 0}};
static const struct reel_field entry[] = {
    {REEL_FIELD_U32, "flags", 0},   {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_PLACE, "begin", 0}, {REEL_FIELD_PLACE, "end", 0},
    {REEL_FIELD_PLACE, "data", 0},  {0, NULL, 0}};
static const struct reel_field checkpoint[] = {
    {REEL_FIELD_U32, "number", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_U64, "next object", 0},
    {REEL_FIELD_U64, "objects", 0},
    {REEL_FIELD_U64, "torn", 0},
    {REEL_FIELD_U64, "stream octets", 0},
    {REEL_FIELD_U64, "slice records", 0},
    {REEL_FIELD_U64, "slice octets", 0},
    {REEL_FIELD_U32, "slice volume", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_U64, "slice sequence", 0},
    {REEL_FIELD_U64, "slice address", 0},
    {REEL_FIELD_U32, "previous number", 0},
    {REEL_FIELD_U32, "previous volume", 0},
    {REEL_FIELD_U64, "previous sequence", 0},
    {REEL_FIELD_U64, "previous address", 0},
    {REEL_FIELD_HEX, "slice digest", 32},
    {0, NULL, 0}};
static const struct reel_field end[] = {
    {REEL_FIELD_U16, "edition", 0},
    {REEL_FIELD_U8, "source", 0},
    {REEL_FIELD_U8, "compression", 0},
    {REEL_FIELD_U32, "segment limit", 0},
    {REEL_FIELD_I64, "created s", 0},
    {REEL_FIELD_U32, "created ns", 0},
    {REEL_FIELD_U32, "archive", 0},
    {REEL_FIELD_U64, "objects", 0},
    {REEL_FIELD_U64, "torn", 0},
    {REEL_FIELD_U64, "flawed", 0},
    {REEL_FIELD_U64, "stream octets", 0},
    {REEL_FIELD_U64, "catalog octets", 0},
    {REEL_FIELD_U64, "catalog records", 0},
    {REEL_FIELD_U32, "catalog volume", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_U64, "catalog sequence", 0},
    {REEL_FIELD_U64, "catalog address", 0},
    {REEL_FIELD_U32, "previous archive", 0},
    {REEL_FIELD_U32, "previous volume", 0},
    {REEL_FIELD_U64, "previous sequence", 0},
    {REEL_FIELD_U64, "previous address", 0},
    {REEL_FIELD_U32, "checkpoint", 0},
    {REEL_FIELD_U32, "checkpoint volume", 0},
    {REEL_FIELD_U64, "checkpoint sequence", 0},
    {REEL_FIELD_U64, "checkpoint address", 0},
    {REEL_FIELD_HEX, "catalog digest", 32},
    {REEL_FIELD_HEX, "fingerprint", 32},
    {REEL_FIELD_LENGTH16, "n", 0},
    {REEL_FIELD_LENGTH16, "m", 0},
    {REEL_FIELD_U32, "zero", 0},
    {REEL_FIELD_TEXT, "name", 0},
    {REEL_FIELD_TEXT, "host", 0},
    {0, NULL, 0}};
static const struct reel_field unknown[] = {{REEL_FIELD_OCTETS, "payload", 0},
                                            {0, NULL, 0}};

const struct reel_field *
reel_dump_record_fields(uint16_t type)
{
    switch (type) {
    case REEL_RECORD_VOLUME:
        return volume;
    case REEL_RECORD_ARCHIVE:
        return archive;
    case REEL_RECORD_SOURCE:
        return source;
    case REEL_RECORD_EARLIER_VOLUME:
        return earlier_volume;
    case REEL_RECORD_EARLIER_ARCHIVE:
        return earlier_archive;
    case REEL_RECORD_OBJECT:
        return object;
    case REEL_RECORD_XATTR:
        return xattr;
    case REEL_RECORD_STREAM:
        return stream;
    case REEL_RECORD_DATA:
        return data;
    case REEL_RECORD_GROUP_END:
        return group_end;
    case REEL_RECORD_OBJECT_END:
        return object_end;
    case REEL_RECORD_CONTINUED:
        return continued;
    case REEL_RECORD_ENTRY:
        return entry;
    case REEL_RECORD_CHECKPOINT:
        return checkpoint;
    case REEL_RECORD_END:
        return end;
    default:
        return unknown;
    }
}
