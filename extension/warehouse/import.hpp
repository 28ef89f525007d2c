// cdr_import, cdr_replay and cdr_rebuild: what goes into a warehouse, and what is made of it again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extension/sqlite.hpp"
#include "json/source.hpp"

namespace cdr::ext {

// Of main's page cache while an import or a rebuild runs, as far as they need it: enough that the
// tables that are written in the order of random ids stay in memory for 200,000 dialogs.
inline constexpr std::int64_t cache_bytes = std::int64_t{136} * 1024 * 1024;

struct ImportOptions {
  std::string source;  // tenant label; "" = the vendor's name
  Zone zone;           // of times without an offset, where the vendor does not fix one
  std::optional<Instant> fetched_at;
  bool fail_on_error = false;  // else what cannot be read goes to quarantine
  bool keep_raw = true;
  std::vector<std::string> records;  // SourceOptions::records
};
// From a JSON object. Throws Error, naming the options that there are.
ImportOptions import_options(std::string_view json);

// Each gives its summary as JSON. `main` must be a warehouse.
std::string import_into(sqlite3* database, const Source& source, const ImportOptions& options);
std::string replay_quarantine(sqlite3* database);
std::string rebuild_facts(sqlite3* database);

}  // namespace cdr::ext
