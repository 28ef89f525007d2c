#include "json/document/problem.hpp"

#include "core/text.hpp"

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
     "or .zst), or .zip"},
    {ProblemCode::empty_file, "empty_file", Loses::file, "export it again"},
    {ProblemCode::bad_compression, "bad_compression", Loses::file,
     "fetch it again, and test it with gzip -t or zstd -t"},
    {ProblemCode::ratio, "ratio", Loses::file, "decompress it yourself if you trust it"},
    {ProblemCode::other_format, "other_format", Loses::file,
     "fetch the records from the vendor's API as JSON"},
    {ProblemCode::not_json, "not_json", Loses::record, "correct it"},
    {ProblemCode::truncated, "truncated", Loses::record, "export it again"},
    {ProblemCode::bad_utf8, "bad_utf8", Loses::record,
     "convert it with iconv -f ENCODING -t UTF-8 (UTF-16, WINDOWS-1252, or what it is in)"},
    {ProblemCode::too_deep, "too_deep", Loses::record, "no vendor nests more than 64 levels"},
    {ProblemCode::too_large, "too_large", Loses::record, "a record may have at most 16 MiB"},
    {ProblemCode::too_many_keys, "too_many_keys", Loses::record,
     "a record may have at most 10000 keys"},
    {ProblemCode::too_long_string, "too_long_string", Loses::record,
     "a string may have at most 1 MiB"},
    {ProblemCode::duplicate_key, "duplicate_key", Loses::record,
     "a key may occur once in an object, or again with the same value"},
    {ProblemCode::unrecognised, "unrecognised", Loses::record,
     "cdr_tables lists what can be read, cdr_vendor(doc) names the vendor of a record"},
    {ProblemCode::error_answer, "error_answer", Loses::record,
     "it has no records; query the API again when the cause of the error is gone"},
    {ProblemCode::missing_key, "missing_key", Loses::record, "a record needs its own id"},
    {ProblemCode::component_too_large, "component_too_large", Loses::record,
     "correct the ids in the export that make it part of that interaction"},
    {ProblemCode::bad_value, "bad_value", Loses::nothing, "the value is kept in extra"},
    {ProblemCode::bad_string, "bad_string", Loses::nothing,
     "a column shows U+FFFD in its place, and extra has it as written"},
    {ProblemCode::bad_number, "bad_number", Loses::nothing,
     "extra has it as text; quote it if it is an id"},
    {ProblemCode::repeated_key, "repeated_key", Loses::nothing, "the value is read once"},
    {ProblemCode::ambiguous_time, "ambiguous_time", Loses::nothing,
     "the earlier of the two instants is taken"},
    {ProblemCode::skipped_time, "skipped_time", Loses::nothing,
     "the instant of the clock change is taken; give the zone that the times are in"},
    {ProblemCode::passed_over, "passed_over", Loses::nothing,
     "name the file itself, or rename it, if it holds records"},
    {ProblemCode::link_not_followed, "link_not_followed", Loses::nothing,
     "each record stays separate; import the record that the link names, if there is one"},
};

constexpr bool in_order() {
  std::size_t at = 0;
  for (const ProblemKind& kind : kinds)
    if (static_cast<std::size_t>(kind.code) != at++) return false;
  return at == static_cast<std::size_t>(ProblemCode::link_not_followed) + 1;
}
static_assert(in_order(), "a problem kind is missing or out of the enum's order");

}  // namespace

std::span<const ProblemKind> problem_kinds() {
  return kinds;
}

const ProblemKind& problem_kind(ProblemCode code) {
  return kinds[static_cast<std::size_t>(code)];
}

ProblemKind::Loses Problem::loses() const {
  const Loses usual = problem_kind(code).loses;
  return usual == Loses::record && record == 0 ? Loses::file : usual;
}

std::string Problem::text(Skipping skipping) const {
  const ProblemKind& kind = problem_kind(code);
  std::string text = quoted_path(file);
  if (record != 0) text.append(": record ").append(std::to_string(record));
  if (record != 0 || offset != 0) {
    text.append(record != 0 ? " " : ": ").append("at byte ").append(std::to_string(offset));
  }
  if (!path.empty()) text.append(", ").append(quoted_path(path));
  text.append(": ").append(message).append(" (").append(kind.name).append(")");
  text += kind.loses == Loses::nothing ? "; without \"strict\" " : "; ";
  text += kind.remedy;
  // Content given in SQL has no options, and without any file nothing is left to read.
  if (skipping == Skipping::offered && kind.loses != Loses::nothing &&
      code != ProblemCode::no_files && file != content_name)
    text += "; {\"on_error\":\"skip\"} leaves it out";
  return shown(text);
}

std::string quoted_path(std::string_view path) {
  if (path.size() <= most_quoted) return std::string(path);
  constexpr std::string_view gap = "...";
  const auto is_inside = [&](std::size_t at) {
    return (static_cast<unsigned char>(path[at]) & 0xC0) == 0x80;  // inside a character
  };
  std::size_t front = (most_quoted - gap.size()) / 2, back = path.size() - front;
  for (int i = 0; i < 3 && is_inside(front); ++i) --front;
  for (int i = 0; i < 3 && is_inside(back); ++i) ++back;
  return std::string(path.substr(0, front)).append(gap).append(path.substr(back));
}

std::string describe(char c) {
  static constexpr char hex[] = "0123456789ABCDEF";
  const auto code = static_cast<unsigned char>(c);
  if (c == '"') return "a string";
  if (c == '{') return "an object";
  if (c == '[') return "an array";
  if (is_digit(c) || c == '-') return "a number";
  if (c == '<') return "'<' (is it an HTML or XML page?)";
  if (c == '/' || c == '#') return std::string("'") + c + "' (JSON has no comments)";
  if (c == '\'') return "a single quote (JSON has double quotes)";
  if ((lower(c) >= 'a' && lower(c) <= 'z') || c == '_') return "a word without quotes";
  if (code > ' ' && code < 0x7f) return std::string("'") + c + "'";
  return std::string("the byte 0x") + hex[code >> 4] + hex[code & 15];
}

std::string describe(std::string_view text) {
  for (const std::string_view quote :
       {"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xe2\x80\x98", "\xe2\x80\x99"})
    if (text.starts_with(quote))
      return "a typographic quote (JSON has straight double quotes, \"; a word processor or a web "
             "page may have changed them)";
  return text.empty() ? "the end" : describe(text.front());
}

}  // namespace cdr
