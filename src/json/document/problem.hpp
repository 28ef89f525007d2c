// A closed list of everything that can be wrong with input: the codes of `cdr_problems` and of the
// warehouse's quarantine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cdr {

enum class ProblemCode : std::uint8_t {
  // A file cannot be read, or not to its end.
  missing_file,
  not_regular,  // a directory where a file is meant, a FIFO, a device, a socket
  unreadable,   // permission, I/O error
  no_files,     // a folder or glob without a file that could hold records
  // A file was read, but its content is not usable.
  empty_file,
  bad_compression,  // damaged or truncated gz or zst
  ratio,            // expands to more than 200 times its size, beyond 1 MiB
  other_format,     // a spreadsheet, an archive, a page: not JSON at all
  // A record cannot be read.
  not_json,
  truncated,
  bad_utf8,
  too_deep,
  too_large,
  too_many_keys,
  too_long_string,
  duplicate_key,        // with two values
  unrecognised,         // JSON, but no vendor's record
  error_answer,         // an API's error message instead of records
  missing_key,          // the record has no id
  component_too_large,  // its links would make an interaction larger than the limit
  // One value cannot be read: its record stays, the value is in `extra`.
  bad_value,
  bad_string,      // lone surrogate, or NUL
  bad_number,      // beyond int64 or double
  repeated_key,    // with the same value
  ambiguous_time,  // a local time that occurs twice at a clock change: the earlier was taken
  skipped_time,    // a local time that a clock change skips: the instant of the change was taken
  // A file in a folder or an archive was not read.
  passed_over,
  // A link cannot mean what it seems to mean: it is not followed, and the records stay.
  link_not_followed,
};

struct ProblemKind {
  ProblemCode code;
  std::string_view name;
  enum class Loses { file, record, nothing } loses;
  std::string_view remedy;
};

// All of them, in the enum's order.
std::span<const ProblemKind> problem_kinds();
const ProblemKind& problem_kind(ProblemCode code);
// Whether the file system failed to deliver the file, or part of it. Otherwise the bytes themselves
// are wrong, and will be wrong the next time.
constexpr bool is_unread(ProblemCode code) {
  return code <= ProblemCode::no_files;
}

// The name of content given in SQL, used instead of a file's name.
inline constexpr std::string_view content_name = "argument";

struct Problem {
  ProblemCode code{};
  std::string file;          // as the caller named it, or content_name
  std::uint64_t record = 0;  // 1-based in its file; 0: the whole file
  std::uint64_t offset = 0;  // bytes into the (decompressed) file where the record begins, or where
                             // its error is when known
  std::string path;          // the JSON path inside the record, '' for all of it
  std::string message;       // what was found and what was expected; no content of the record

  // Whether the problem loses a file, a record or nothing. If no record of a file can be
  // identified, it loses the file.
  ProblemKind::Loses loses() const;
  // 'FILE: record 3 at byte 120: MESSAGE (CODE); REMEDY', as printed by shown() (core/text.hpp).
  // Code that reports the parts separately must do that too. If an option of cdr_file() can skip
  // the record, the text says so.
  enum class Skipping : bool { impossible, offered };
  std::string text(Skipping skipping = Skipping::offered) const;
};

// A path as a message quotes it. If it is longer than most_quoted bytes, only its beginning and its
// end are quoted.
std::string quoted_path(std::string_view path);
inline constexpr std::size_t most_quoted = 256;

// Describes, for messages, the value that begins with that byte: 'a string', 'the byte 0x00'. The
// description never quotes more than the byte.
std::string describe(char c);
// The same for the beginning of a text, which may be a character of several bytes.
std::string describe(std::string_view text);

}  // namespace cdr
