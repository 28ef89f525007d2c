// The table import_file: which files were read, and when.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "extension/binding/statement.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/import/options.hpp"
#include "json/input/fingerprint.hpp"

namespace cdr::ext {

// A file as the ledger knows it.
struct NamedFile {
  std::string path;      // as the caller named it
  std::string location;  // its absolute path without symbolic links; "": it is not a file
};
// The readings of one file under any name. Readings of format 3 are found only by name.
inline constexpr std::string_view readings_of_file =
    "(SELECT import_id FROM main.import_file WHERE location = ?2 UNION ALL "
    "SELECT import_id FROM main.import_file WHERE location IS NULL AND path = ?1)";

// Removes everything that names the file from the row ?1; ?2 replaces it.
inline constexpr std::string_view blank_file =
    "UPDATE main.import_file SET path = ?2, location = NULL, "
    "error = iif(error IS NULL, NULL, ?2) WHERE import_id = ?1";

class Ledger {
 public:
  using Key = std::array<unsigned char, 16>;
  explicit Ledger(sqlite3* database);

  // What is missing of a file that was imported before.
  struct Known {
    std::int64_t quarantined;  // records that are still there
    std::string error;         // why a part of the file was not taken; "": all was, or the part is
                               // a record in quarantine
    std::string path;          // as the caller named it then
  };
  // nullopt: such a file was not imported, or its records may have got another zone than the one
  // that is named.
  std::optional<Known> knows(const Fingerprint& fingerprint, const Key& key,
                             const ImportOptions& options);
  // Other connections may have written since: to be called when a transaction begins.
  void forget() { other_zones_.reset(); }
  // Whether the ledger may know a file of that size. Only then must the file be read to find out.
  bool has_one_of(std::uint64_t bytes);
  // Returns the new row's id.
  std::int64_t begin(sqlite3* database, const NamedFile& file, const ImportOptions& options);
  // No fingerprint: the input was not a file, or could not be read.
  void finish(std::int64_t import_id, std::string_view status, std::string_view error,
              const ImportCounts& counts, const std::optional<Fingerprint>& fingerprint,
              const Key& key);
  // Updates what became of its records, once all records of the transaction are written.
  void recount(std::int64_t import_id, const ImportCounts& counts);
  // Blanks a path that names something erased.
  void blank_erased(std::int64_t import_id, const NamedFile& file, Tombstones& tombstones);

 private:
  // The last imports of the options' source that named another zone, and that named none.
  struct OtherZones {
    std::int64_t named, not_named;
  };
  bool may_have_other_zone(std::int64_t import_id, bool is_stale, const ImportOptions& options);

  std::optional<OtherZones> other_zones_;  // of the only options that this ledger is asked with
  Statement known_, last_zones_, quarantined_, of_size_, forget_, begin_, finish_, recount_, blank_;
  const std::string end_of_truncated_;
};

// A key of the content and of everything else that affects its meaning: two equal files under
// different paths may differ in ids that only the path carries.
Ledger::Key ledger_key(const std::string& path, const std::optional<Fingerprint>& fingerprint,
                       const ImportOptions& options);

}  // namespace cdr::ext
