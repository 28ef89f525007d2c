// What can be wrong with input, in a closed list: the codes of `cdr_problems` and of the
// warehouse's quarantine.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdr {

enum class ProblemCode : std::uint8_t {
  // A file cannot be read at all.
  missing_file,
  not_regular,  // a directory where a file is meant, a FIFO, a device, a socket
  unreadable,   // permission, I/O error
  no_files,     // a folder or glob without a file that could hold records
  empty_file,
  bad_compression,  // damaged or truncated gz or zst
  ratio,            // expands more than 200 times past 1 MiB
  // A record cannot be read.
  not_json,
  truncated,
  bad_utf8,
  too_deep,
  too_large,
  too_many_keys,
  too_long_string,
  bad_string,  // lone surrogate, or NUL
  bad_number,  // beyond int64 or double
  duplicate_key,
  unrecognised,  // JSON, but no vendor's record
  missing_key,   // the record does not name itself
  // One value cannot be read: its record stays, the value is in `extra`.
  bad_value,
  ambiguous_time,  // a local time that a clock change makes happen twice: the earlier was taken
};

struct ProblemKind {
  ProblemCode code;
  std::string_view name;
  enum class Loses { file, record, nothing } loses;
  std::string_view remedy;
};

// By code, in the enum's order.
const ProblemKind& problem_kind(ProblemCode code);

struct Problem {
  ProblemCode code{};
  std::string file;          // as the caller named it; 'argument' for content given in SQL
  std::uint64_t record = 0;  // 1-based in its file; 0: the whole file
  std::uint64_t offset = 0;  // bytes into the (decompressed) file where the record begins, or where
                             // its error is when known
  std::string path;          // the JSON path inside the record, '' for all of it
  std::string message;       // found against expected; no content of the record

  // 'FILE: record 3 at byte 120: MESSAGE (CODE); REMEDY'
  std::string text() const;
};

}  // namespace cdr
