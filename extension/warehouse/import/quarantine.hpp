// Records that could not be read, and problems of a file as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "extension/binding/statement.hpp"
#include "extension/warehouse/import/file_reader.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/import/ledger.hpp"

namespace cdr::ext {

// A problem as an import reports it. An import has no option to skip a record.
std::string text_of(const Problem& problem);

// The problem of a record that would make a component too large.
HeldProblem problem_of(const Ingest::Refused& refused, std::string_view file);

// The rows of the table quarantine.
class Quarantine {
 public:
  explicit Quarantine(sqlite3* database);

  void begin(std::int64_t import_id, bool fail, ImportCounts& counts, const Tombstones& tombstones);
  const std::string& file_error() const { return file_error_; }
  // The problem of the record in which the file ends; "": the file ends properly.
  const std::string& end() const { return end_; }

  void add(const HeldProblem& held) { add(held, import_id_); }
  // Adds a problem of an earlier file.
  void add(const HeldProblem& held, std::int64_t import_id);

  // Closes the entries of earlier readings of the file, because it was read again, corrected or
  // grown. At least half of the records that such a reading brought must come again; if it brought
  // none, half of those that the last reading before it brought. (If every day's export has the
  // same name, today's file does not contain what yesterday's lacked.) A reading of which no record
  // could be read is closed by a reading with the same number of records, all of which can be read.
  void supersede(const NamedFile& file, std::string_view source, const Ingest& ingest);

 private:
  Statement insert_, former_, supersede_;
  std::int64_t import_id_ = 0;
  bool fail_ = false;
  ImportCounts* counts_ = nullptr;
  const Tombstones* tombstones_ = nullptr;
  std::string file_error_, end_;
};

}  // namespace cdr::ext
