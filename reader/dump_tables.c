/* SPDX-License-Identifier: Apache-2.0 */
/* Spec chapters 2 to 9, their tables as data: what dump shows does not pass
   through the decoders. Policy layer. */
#include "dump_tables.h"

#include <stddef.h>

#include "reel/record.h"

/* What END repeats of ARCHIVE, and how END and CHECKPOINT point back. */
#define FACTS_OF_ARCHIVE                                                       \
    {"edition", REEL_FIELD_U16, 0}, {"source", REEL_FIELD_U8, 0},              \
        {"compression", REEL_FIELD_U8, 0},                                     \
        {"segment limit", REEL_FIELD_U32, 0},                                  \
        {"created s", REEL_FIELD_I64, 0}, {"created ns", REEL_FIELD_U32, 0},   \
    {                                                                          \
        "archive", REEL_FIELD_U32, 0                                           \
    }
#define PLACE_OF_PREVIOUS                                                      \
    {"previous volume", REEL_FIELD_U32, 0},                                    \
        {"previous sequence", REEL_FIELD_U64, 0},                              \
    {                                                                          \
        "previous address", REEL_FIELD_U64, 0                                  \
    }

/* In the order of the tables; texts stand in the order of their lengths. */
const struct reel_field reel_dump_label[] = {
    {"label id", REEL_FIELD_HEX, 4},
    {"volume id", REEL_FIELD_HEX, 6},
    {"accessibility", REEL_FIELD_HEX, 1},
    {"reserved", REEL_FIELD_HEX, 13},
    {"implementation", REEL_FIELD_HEX, 13},
    {"owner", REEL_FIELD_HEX, 14},
    {"reserved", REEL_FIELD_HEX, 28},
    {"version", REEL_FIELD_HEX, 1},
    {NULL, 0, 0}};
const struct reel_field reel_dump_leader[] = {{"text", REEL_FIELD_OCTETS, 0},
                                              {NULL, 0, 0}};
const struct reel_field reel_dump_block[]  = {
     {"magic", REEL_FIELD_HEX, 8},
     {"checksum", REEL_FIELD_U32, 0},
     {"revision", REEL_FIELD_U16, 0},
     {"kind", REEL_FIELD_U16, 0},
     {"features", REEL_FIELD_U32, 0},
     {"block octets", REEL_FIELD_U32, 0},
     {"payload octets", REEL_FIELD_U32, 0},
     {"first segment", REEL_FIELD_U32, 0},
     {"volume", REEL_FIELD_U32, 0},
     {"archive", REEL_FIELD_U32, 0},
     {"run", REEL_FIELD_U32, 0},
     {"zero", REEL_FIELD_U32, 0},
     {"set id", REEL_FIELD_HEX, 16},
     {"sequence", REEL_FIELD_U64, 0},
     {"address", REEL_FIELD_U64, 0},
     {"run start", REEL_FIELD_U64, 0},
     {"zero", REEL_FIELD_U64, 0},
     {NULL, 0, 0}};
const struct reel_field reel_dump_segment[] = {
    {"magic", REEL_FIELD_HEX, 4},
    {"checksum", REEL_FIELD_U32, 0},
    {"compression", REEL_FIELD_U8, 0},
    {"encryption", REEL_FIELD_U8, 0},
    {"key", REEL_FIELD_U16, 0},
    {"stored octets", REEL_FIELD_U32, 0},
    {"raw octets", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {NULL, 0, 0}};
const struct reel_field reel_dump_record_header[] = {
    {"type", REEL_FIELD_U16, 0},
    {"zero", REEL_FIELD_U16, 0},
    {"octets", REEL_FIELD_U32, 0},
    {"object", REEL_FIELD_U64, 0},
    {NULL, 0, 0}};
const struct reel_field reel_dump_place[] = {
    {"volume", REEL_FIELD_U32, 0},
    {"payload offset", REEL_FIELD_U32, 0},
    {"sequence", REEL_FIELD_U64, 0},
    {"address", REEL_FIELD_U64, 0},
    {"record offset", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {NULL, 0, 0}};
const struct reel_field reel_dump_bad_range[] = {{"ordinal", REEL_FIELD_U32, 0},
                                                 {"reason", REEL_FIELD_U32, 0},
                                                 {"offset", REEL_FIELD_U64, 0},
                                                 {"length", REEL_FIELD_U64, 0},
                                                 {NULL, 0, 0}};
const struct reel_field reel_dump_stream_header[] = {
    {"stream id", REEL_FIELD_U32, 0}, {"attributes", REEL_FIELD_U32, 0},
    {"Size", REEL_FIELD_U64, 0},      {"name octets", REEL_FIELD_LENGTH32, 0},
    {"name", REEL_FIELD_TEXT, 0},     {NULL, 0, 0}};

static const struct reel_field volume[] = {
    {"volume", REEL_FIELD_U32, 0},        {"block octets", REEL_FIELD_U32, 0},
    {"set id", REEL_FIELD_HEX, 16},       {"created s", REEL_FIELD_I64, 0},
    {"created ns", REEL_FIELD_U32, 0},    {"label octets", REEL_FIELD_U32, 0},
    {"leader octets", REEL_FIELD_U64, 0}, {"digest", REEL_FIELD_HEX, 32},
    {"volume id", REEL_FIELD_TEXT, 6},    {"edition", REEL_FIELD_U16, 0},
    {"n", REEL_FIELD_LENGTH16, 0},        {"m", REEL_FIELD_LENGTH16, 0},
    {"zero", REEL_FIELD_U32, 0},          {"set name", REEL_FIELD_TEXT, 0},
    {"software", REEL_FIELD_TEXT, 0},     {NULL, 0, 0}};
static const struct reel_field archive[] = {
    FACTS_OF_ARCHIVE,
    {"level", REEL_FIELD_I32, 0},
    {"previous archive", REEL_FIELD_U32, 0},
    {"previous volume", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"previous sequence", REEL_FIELD_U64, 0},
    {"previous address", REEL_FIELD_U64, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"a", REEL_FIELD_LENGTH16, 0},
    {"b", REEL_FIELD_LENGTH16, 0},
    {"c", REEL_FIELD_LENGTH16, 0},
    {"d", REEL_FIELD_LENGTH16, 0},
    {"e", REEL_FIELD_LENGTH16, 0},
    {"f", REEL_FIELD_LENGTH16, 0},
    {"base encoding", REEL_FIELD_U8, 0},
    {"zero", REEL_FIELD_HEX, 7},
    {"name", REEL_FIELD_TEXT, 0},
    {"host", REEL_FIELD_TEXT, 0},
    {"system", REEL_FIELD_TEXT, 0},
    {"software", REEL_FIELD_TEXT, 0},
    {"options", REEL_FIELD_TEXT, 0},
    {"base", REEL_FIELD_TEXT, 0},
    {NULL, 0, 0}};
static const struct reel_field source[]         = {{"role", REEL_FIELD_U8, 0},
                                                   {"encoding", REEL_FIELD_U8, 0},
                                                   {"n", REEL_FIELD_LENGTH16, 0},
                                                   {"text", REEL_FIELD_TEXT, 0},
                                                   {NULL, 0, 0}};
static const struct reel_field earlier_volume[] = {
    {"volume", REEL_FIELD_U32, 0},
    {"volume id", REEL_FIELD_TEXT, 6},
    {"zero", REEL_FIELD_U16, 0},
    {NULL, 0, 0}};
static const struct reel_field earlier_archive[] = {
    {"archive", REEL_FIELD_U32, 0},
    {"state", REEL_FIELD_U32, 0},
    {"volume", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"sequence", REEL_FIELD_U64, 0},
    {"address", REEL_FIELD_U64, 0},
    {"created s", REEL_FIELD_I64, 0},
    {"created ns", REEL_FIELD_U32, 0},
    {"n", REEL_FIELD_LENGTH16, 0},
    {"zero", REEL_FIELD_U16, 0},
    {"objects", REEL_FIELD_U64, 0},
    {"stream octets", REEL_FIELD_U64, 0},
    {"fingerprint", REEL_FIELD_HEX, 32},
    {"name", REEL_FIELD_TEXT, 0},
    {NULL, 0, 0}};
static const struct reel_field object[] = {{"kind", REEL_FIELD_U8, 0},
                                           {"encoding", REEL_FIELD_U8, 0},
                                           {"facts", REEL_FIELD_U16, 0},
                                           {"attributes", REEL_FIELD_U32, 0},
                                           {"size", REEL_FIELD_U64, 0},
                                           {"target", REEL_FIELD_U64, 0},
                                           {"link count", REEL_FIELD_U32, 0},
                                           {"mode", REEL_FIELD_U32, 0},
                                           {"uid", REEL_FIELD_U32, 0},
                                           {"gid", REEL_FIELD_U32, 0},
                                           {"major", REEL_FIELD_U32, 0},
                                           {"minor", REEL_FIELD_U32, 0},
                                           {"birth s", REEL_FIELD_I64, 0},
                                           {"modified s", REEL_FIELD_I64, 0},
                                           {"accessed s", REEL_FIELD_I64, 0},
                                           {"changed s", REEL_FIELD_I64, 0},
                                           {"birth ns", REEL_FIELD_U32, 0},
                                           {"modified ns", REEL_FIELD_U32, 0},
                                           {"accessed ns", REEL_FIELD_U32, 0},
                                           {"changed ns", REEL_FIELD_U32, 0},
                                           {"file system", REEL_FIELD_U64, 0},
                                           {"file id", REEL_FIELD_HEX, 16},
                                           {"n", REEL_FIELD_LENGTH16, 0},
                                           {"u", REEL_FIELD_LENGTH16, 0},
                                           {"g", REEL_FIELD_LENGTH16, 0},
                                           {"s", REEL_FIELD_LENGTH16, 0},
                                           {"path", REEL_FIELD_TEXT, 0},
                                           {"user", REEL_FIELD_TEXT, 0},
                                           {"group", REEL_FIELD_TEXT, 0},
                                           {"short name", REEL_FIELD_TEXT, 0},
                                           {NULL, 0, 0}};
static const struct reel_field xattr[]  = {
     {"n", REEL_FIELD_LENGTH16, 0}, {"zero", REEL_FIELD_U16, 0},
     {"m", REEL_FIELD_LENGTH32, 0}, {"name", REEL_FIELD_TEXT, 0},
     {"value", REEL_FIELD_TEXT, 0}, {NULL, 0, 0}};
static const struct reel_field object_end[] = {
    {"streams", REEL_FIELD_U32, 0},       {"groups", REEL_FIELD_U32, 0},
    {"xattrs", REEL_FIELD_U32, 0},        {"flags", REEL_FIELD_U32, 0},
    {"stream octets", REEL_FIELD_U64, 0}, {"bad ranges", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},          {"xattr digest", REEL_FIELD_HEX, 32},
    {"bad range", REEL_FIELD_RANGES, 0},  {NULL, 0, 0}};
static const struct reel_field continued[] = {
    {"kind", REEL_FIELD_U8, 0},
    {"encoding", REEL_FIELD_U8, 0},
    {"n", REEL_FIELD_LENGTH16, 0},
    {"group ordinal", REEL_FIELD_U32, 0},
    {"stream ordinal", REEL_FIELD_U32, 0},
    {"g", REEL_FIELD_LENGTH16, 0},
    {"s", REEL_FIELD_LENGTH16, 0},
    {"stream offset", REEL_FIELD_U64, 0},
    {"path", REEL_FIELD_TEXT, 0},
    {"group header", REEL_FIELD_TEXT, 0},
    {"stream header", REEL_FIELD_TEXT, 0},
    {NULL, 0, 0}};
static const struct reel_field stream[] = {{"ordinal", REEL_FIELD_U32, 0},
                                           {"header", REEL_FIELD_STREAM, 0},
                                           {NULL, 0, 0}};
static const struct reel_field data[]   = {
      {"ordinal", REEL_FIELD_U32, 0},       {"zero", REEL_FIELD_U32, 0},
      {"stream offset", REEL_FIELD_U64, 0}, {"sparse offset", REEL_FIELD_U64, 0},
      {"octets", REEL_FIELD_OCTETS, 0},     {NULL, 0, 0}};
static const struct reel_field group_end[] = {
    {"first ordinal", REEL_FIELD_U32, 0},
    {"streams", REEL_FIELD_U32, 0},
    {"stream id", REEL_FIELD_U32, 0},
    {"attributes", REEL_FIELD_U32, 0},
    {"flags", REEL_FIELD_U32, 0},
    {"n", REEL_FIELD_LENGTH32, 0},
    {"body octets", REEL_FIELD_U64, 0},
    {"content octets", REEL_FIELD_U64, 0},
    {"allocated", REEL_FIELD_U64, 0},
    {"stream digest", REEL_FIELD_HEX, 32},
    {"content digest", REEL_FIELD_HEX, 32},
    {"name", REEL_FIELD_TEXT, 0},
    {NULL, 0, 0}};
static const struct reel_field entry[] = {
    {"flags", REEL_FIELD_U32, 0},   {"zero", REEL_FIELD_U32, 0},
    {"begin", REEL_FIELD_PLACE, 0}, {"end", REEL_FIELD_PLACE, 0},
    {"data", REEL_FIELD_PLACE, 0},  {NULL, 0, 0}};
static const struct reel_field checkpoint[] = {
    {"number", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"next object", REEL_FIELD_U64, 0},
    {"objects", REEL_FIELD_U64, 0},
    {"torn", REEL_FIELD_U64, 0},
    {"stream octets", REEL_FIELD_U64, 0},
    {"slice records", REEL_FIELD_U64, 0},
    {"slice octets", REEL_FIELD_U64, 0},
    {"slice volume", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"slice sequence", REEL_FIELD_U64, 0},
    {"slice address", REEL_FIELD_U64, 0},
    {"previous number", REEL_FIELD_U32, 0},
    PLACE_OF_PREVIOUS,
    {"slice digest", REEL_FIELD_HEX, 32},
    {NULL, 0, 0}};
static const struct reel_field end[] = {
    FACTS_OF_ARCHIVE,
    {"objects", REEL_FIELD_U64, 0},
    {"torn", REEL_FIELD_U64, 0},
    {"flawed", REEL_FIELD_U64, 0},
    {"stream octets", REEL_FIELD_U64, 0},
    {"catalog octets", REEL_FIELD_U64, 0},
    {"catalog records", REEL_FIELD_U64, 0},
    {"catalog volume", REEL_FIELD_U32, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"catalog sequence", REEL_FIELD_U64, 0},
    {"catalog address", REEL_FIELD_U64, 0},
    {"previous archive", REEL_FIELD_U32, 0},
    PLACE_OF_PREVIOUS,
    {"checkpoint", REEL_FIELD_U32, 0},
    {"checkpoint volume", REEL_FIELD_U32, 0},
    {"checkpoint sequence", REEL_FIELD_U64, 0},
    {"checkpoint address", REEL_FIELD_U64, 0},
    {"catalog digest", REEL_FIELD_HEX, 32},
    {"fingerprint", REEL_FIELD_HEX, 32},
    {"n", REEL_FIELD_LENGTH16, 0},
    {"m", REEL_FIELD_LENGTH16, 0},
    {"zero", REEL_FIELD_U32, 0},
    {"name", REEL_FIELD_TEXT, 0},
    {"host", REEL_FIELD_TEXT, 0},
    {NULL, 0, 0}};
static const struct reel_field unknown[] = {{"payload", REEL_FIELD_OCTETS, 0},
                                            {NULL, 0, 0}};

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
