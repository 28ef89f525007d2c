// Rows as text, in the six forms of `cdr query --format`.
//
//            NULL       BLOB       text
//   table    NULL       x'c0de'    control characters as their pictures; long cells wrapped; for
//   people md       NULL       x'c0de'    Markdown's special characters escaped, a line break is
//   <br> csv      nothing    x'c0de'    RFC 4180, lines end in LF; an empty text is "", unlike NULL
//   tsv      \N         x'c0de'    \t \n \r \\ and \0 escaped, as PostgreSQL's COPY reads it
//   json     null       "x'c0de'"  an array of objects per statement
//   ndjson   null       "x'c0de'"  an object per line
//
// Numbers of the last four are the shortest that read back as the same number; an infinite one is
// 1e999. In JSON the second column of a name is called `name:1`, because an object has a key once.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cdr::cli {

enum class Format { table, csv, tsv, json, ndjson, md };

struct Cell {
  enum class Kind { null, integer, real, text, blob } kind = Kind::null;
  double number = 0;      // of a real
  std::string_view text;  // of the others: as SQLite gives it; valid until the next row
};

struct FormatOptions {
  Format format = Format::table;
  bool header = true;
  std::size_t wrap = 60;            // columns of a table's cell, then it goes on below; 0 = never
  std::optional<std::string> null;  // in place of the form's own; not in JSON
};

// Where rows go. Throws Failure when it cannot be written, which a full disk or a closed pipe makes
// happen.
class Output {
 public:
  explicit Output(std::FILE* to) : to_(to) {}
  void write(std::string_view text);
  void flush();

 private:
  std::FILE* to_;
};

// The rows of one statement.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  virtual void begin(const std::vector<std::string>& columns) = 0;
  virtual void row(std::span<const Cell> cells) = 0;
  virtual void end() = 0;
};

std::unique_ptr<RowWriter> make_writer(const FormatOptions& options, Output& output);

}  // namespace cdr::cli
