// The destinations of exported tables: text, an Excel workbook, a SQLite file.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/cell.hpp"
#include "cli/format.hpp"
#include "cli/target.hpp"

namespace cdr::cli {

struct ExportColumn {
  std::string name;
  std::string type;  // as declared; "" for an expression
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void begin(const std::string& table, const std::vector<ExportColumn>& columns) = 0;
  virtual void row(std::span<const Cell> cells) = 0;
  virtual void end() = 0;
  // Ends the export after all tables. Returns what a person should know about them, a line each.
  virtual std::vector<std::string> finish() = 0;
};

std::unique_ptr<Sink> make_text_sink(const FormatOptions& format, TargetFile& target);
std::unique_ptr<Sink> make_xlsx_sink(TargetFile& target);
std::unique_ptr<Sink> make_sqlite_sink(TargetFile& target);
// Writes into an open database.
std::unique_ptr<Sink> make_table_sink(SQLite::Database& database);

}  // namespace cdr::cli
