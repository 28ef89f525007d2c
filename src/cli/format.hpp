// Rows as text, in the seven forms of `cdr query --format`.
//
//            NULL       BLOB       text
//   table    NULL       x'c0de'    control characters as their pictures; cut or wrapped to fit
//   line     NULL       x'c0de'    the same, a value per line, whole
//   md       NULL       x'c0de'    Markdown's special characters escaped, a line break is <br>
//   csv      nothing    x'c0de'    RFC 4180, lines end in LF; an empty text is "", unlike NULL
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

#include "cli/cell.hpp"

namespace cdr::cli {

enum class Format { table, line, csv, tsv, json, ndjson, md };

struct FormatOptions {
  Format format = Format::table;
  bool header = true;
  // Of a table: how wide its lines may be (0 = any), and how wide a cell, which then goes on below
  // (0 = any; unless told, 60 where the lines may have any width, and else it is cut).
  std::size_t max_width = 0;
  std::optional<std::size_t> wrap;
  bool colours = false;             // of table and line
  std::optional<std::string> null;  // in place of the form's own; not in JSON
};

// Whoever was to read the rows has left; nothing is wrong.
class Closed {};

// Where rows go. Throws Closed where a pager was left, and Failure when it cannot be written, which
// a full disk or a closed pipe makes happen.
class Output {
 public:
  // file: the name that the rows will have, as messages say it; "" = a stream.
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
