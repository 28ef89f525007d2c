// Rows as text, in the seven formats of `cdr query --format`.
//
//            NULL       BLOB       text
//   table    NULL       x'c0de'    control characters as their pictures; cut or wrapped to fit
//   line     NULL       x'c0de'    the same, one value per line, whole
//   md       NULL       x'c0de'    Markdown's special characters escaped, a line break is <br>
//   csv      nothing    x'c0de'    RFC 4180, lines end in LF; an empty text is "", unlike NULL
//   tsv      \N         x'c0de'    \t \n \r \\ and \0 escaped, as PostgreSQL's COPY reads it
//   json     null       "x'c0de'"  an array of objects per statement
//   ndjson   null       "x'c0de'"  an object per line
//
// The last four formats write the shortest number that reads back as the same; an infinite one is
// 1e999. In JSON the second column of a name is called `name:1`, because an object can have a key
// only once.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cell.hpp"

namespace cdr::cli {

enum class Format { table, line, csv, tsv, json, ndjson, md };

struct FormatOptions {
  Format format = Format::table;
  bool header = true;
  // For a table. max_width: how wide its lines may be (0 = any). wrap: how wide a cell may be
  // before it continues below (0 = any). Without `wrap`, the width is 60 if lines may have any
  // width; otherwise cells are cut.
  std::size_t max_width = 0;
  std::optional<std::size_t> wrap;
  bool colours = false;             // for table and line
  std::optional<std::string> null;  // instead of the format's own; not in JSON
};

// The reader of the rows has left; this is not an error.
class Closed {};

// The destination of rows. Throws Closed if the reader left a pager, and Failure if it cannot be
// written, as with a full disk or a closed pipe.
class Output {
 public:
  // `file`: the name that messages use for the destination; "" = a stream.
  explicit Output(std::FILE* to, std::string file = {}) : to_(to), file_(std::move(file)) {}
  void write(std::string_view text);
  void flush();

 private:
  [[noreturn]] void fail() const;

  std::FILE* to_;
  std::string file_;
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
