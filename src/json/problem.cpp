#include "json/problem.hpp"

namespace cdr {
namespace {

using Loses = ProblemKind::Loses;

constexpr ProblemKind kinds[] = {
    {ProblemCode::missing_file, "missing_file", Loses::file, "check the path"},
    {ProblemCode::not_regular, "not_regular", Loses::file,
     "name a regular file, or a folder or glob of them"},
    {ProblemCode::unreadable, "unreadable", Loses::file, "check its permissions and the disk"},
    {ProblemCode::no_files, "no_files", Loses::file,
     "name a file, or a folder or glob with .json, .ndjson, .jsonl, .txt or .csv in it (also .gz "
     "or "
     ".zst)"},
    {ProblemCode::empty_file, "empty_file", Loses::file, "export it again"},
    {ProblemCode::bad_compression, "bad_compression", Loses::file,
     "fetch it again, and test it with gzip -t or zstd -t"},
    {ProblemCode::ratio, "ratio", Loses::file, "decompress it yourself if you trust it"},
    {ProblemCode::not_json, "not_json", Loses::record,
     "correct it, or leave it out with {\"on_error\":\"skip\"}"},
    {ProblemCode::truncated, "truncated", Loses::record,
     "export it again, or leave it out with {\"on_error\":\"skip\"}"},
    {ProblemCode::bad_utf8, "bad_utf8", Loses::record,
     "convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8"},
    {ProblemCode::too_deep, "too_deep", Loses::record, "no vendor nests more than 64 levels"},
    {ProblemCode::too_large, "too_large", Loses::record, "a record may have 16 MiB"},
    {ProblemCode::too_many_keys, "too_many_keys", Loses::record, "a record may have 10000 keys"},
    {ProblemCode::too_long_string, "too_long_string", Loses::record, "a string may have 1 MiB"},
    {ProblemCode::bad_string, "bad_string", Loses::record,
     "write characters beyond U+FFFF as a surrogate pair, and no NUL"},
    {ProblemCode::bad_number, "bad_number", Loses::record,
     "quote it if it is an id: text may have any length"},
    {ProblemCode::duplicate_key, "duplicate_key", Loses::record,
     "a key may stand once in an object"},
    {ProblemCode::unrecognised, "unrecognised", Loses::record,
     "cdr_vendor(doc) says which vendor's record a document is"},
    {ProblemCode::missing_key, "missing_key", Loses::record, "a record needs its own id"},
    {ProblemCode::bad_value, "bad_value", Loses::nothing, "the value stands in extra"},
    {ProblemCode::ambiguous_time, "ambiguous_time", Loses::nothing,
     "the earlier of the two instants was taken"},
};

constexpr bool in_order() {
  std::size_t at = 0;
  for (const ProblemKind& kind : kinds)
    if (static_cast<std::size_t>(kind.code) != at++) return false;
  return at == static_cast<std::size_t>(ProblemCode::ambiguous_time) + 1;
}
static_assert(in_order(), "a problem kind is missing or out of the enum's order");

}  // namespace

const ProblemKind& problem_kind(ProblemCode code) {
  return kinds[static_cast<std::size_t>(code)];
}

std::string Problem::text() const {
  const ProblemKind& kind = problem_kind(code);
  std::string text = file;
  if (record != 0) text.append(": record ").append(std::to_string(record));
  if (record != 0 || offset != 0) {
    text.append(record != 0 ? " " : ": ").append("at byte ").append(std::to_string(offset));
  }
  if (!path.empty()) text.append(", ").append(path);
  text.append(": ").append(message).append(" (").append(kind.name).append(")");
  if (!kind.remedy.empty()) text.append("; ").append(kind.remedy);
  return text;
}

}  // namespace cdr
