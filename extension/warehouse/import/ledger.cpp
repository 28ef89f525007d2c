#include "extension/warehouse/import/ledger.hpp"

#include "core/text.hpp"
#include "extension/warehouse/import/quarantine.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ext {

namespace {

constexpr const char* now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";

Statement::Blob blob(const std::array<unsigned char, 16>& bytes) {
  return {{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

std::optional<std::string> time_text(std::optional<Instant> instant) {
  return instant ? std::optional(format_time(*instant)) : std::nullopt;
}

// How the error of a file that ends inside a record ends.
std::string end_of_truncated() {
  Problem without_place;
  without_place.code = ProblemCode::truncated;
  return text_of(without_place).substr(std::string_view(": ").size());
}

Value zone_of(const ImportOptions& options) {
  return options.names_zone ? Value::text(options.zone.name()) : Value();
}

}  // namespace

Ledger::Ledger(sqlite3* database)
    : known_(database,
             // The error of a file that ends inside a record is that of the record, in quarantine.
             "SELECT import_id, stale, path, iif(substr(error, -length(?4)) = ?4, NULL, error) "
             "FROM main.import_file WHERE bytes = ?1 AND ledger_key = ?2 "
             "AND (?3 IS NULL OR zone = ?3) AND status <> 'failed' "
             "ORDER BY import_id DESC LIMIT 1"),
      // Only an import that updates records can give them another zone. One without a label may
      // have the records of one with a label: its label is the vendor's name.
      last_zones_(database,
                  "SELECT ifnull(max(import_id) FILTER (WHERE zone <> ?2), 0), "
                  "ifnull(max(import_id) FILTER (WHERE zone IS NULL), 0) FROM main.import_file "
                  "WHERE updated > 0 AND (source IS ?1 OR source IS NULL OR ?1 IS NULL)"),
      quarantined_(database,
                   "SELECT count(*) FROM main.quarantine WHERE state = 'open' AND import_id = ?1"),
      of_size_(database, "SELECT 1 FROM main.import_file WHERE bytes = ?1"),
      forget_(database, "DELETE FROM main.import_file WHERE import_id IN " +
                            std::string(readings_of_file) +
                            " AND status = 'failed' AND import_id <> ?3 AND quarantined = 0"),
      begin_(database,
             std::string("INSERT INTO main.import_file (path, location, source, zone, fetched_at, "
                         "status, seen, inserted, updated, unchanged, stale, quarantined, "
                         "interactions, started_at, finished_at, libcdr) VALUES (?1, ?2, ?3, "
                         "?4, ?5, 'failed', 0, 0, 0, 0, 0, 0, 0, ") +
                 now + ", " + now + ", '" CDR_VERSION "')"),
      finish_(database, std::string("UPDATE main.import_file SET status = ?2, error = ?3, "
                                    "seen = ?4, inserted = ?5, updated = ?6, unchanged = ?7, "
                                    "stale = ?8, quarantined = ?9, interactions = ?10, "
                                    "content_hash = ?11, ledger_key = ?12, bytes = ?13, "
                                    "finished_at = ") +
                            now + " WHERE import_id = ?1"),
      recount_(database,
               "UPDATE main.import_file SET inserted = ?2, updated = ?3, quarantined = ?4, "
               "interactions = ?5 WHERE import_id = ?1"),
      blank_(database, blank_file),
      end_of_truncated_(end_of_truncated()) {}

std::optional<Ledger::Known> Ledger::knows(const Fingerprint& fingerprint, const Key& key,
                                           const ImportOptions& options) {
  // The key does not tell UTC from no zone. An import that names none changes no record's zone.
  auto rows = known_.query(fingerprint.bytes, blob(key), zone_of(options), end_of_truncated_);
  if (!rows.next()) return std::nullopt;
  if (options.names_zone && may_have_other_zone(rows.integer(0), rows.integer(1) > 0, options))
    return std::nullopt;
  Known known{0, std::string(rows.text(3)), std::string(rows.text(2))};
  auto count = quarantined_.query(rows.integer(0));
  if (count.next()) known.quarantined = count.integer(0);
  return known;
}

// Another version of a stale record may be stored in another zone, and an import that names no zone
// may have made the stale version the newer one.
bool Ledger::may_have_other_zone(std::int64_t import_id, bool is_stale,
                                 const ImportOptions& options) {
  if (!other_zones_) {
    auto rows = last_zones_.query(text_value(options.source), options.zone.name());
    rows.next();
    other_zones_ = {rows.integer(0), rows.integer(1)};
  }
  return import_id < other_zones_->named || (is_stale && import_id < other_zones_->not_named);
}

bool Ledger::has_one_of(std::uint64_t bytes) {
  auto rows = of_size_.query(bytes);
  return rows.next();
}

std::int64_t Ledger::begin(sqlite3* database, const NamedFile& file, const ImportOptions& options) {
  const std::string name = shown(file.path), location = shown(file.location);
  begin_.execute(name, text_value(location), text_value(options.source), zone_of(options),
                 time_text(options.fetched_at));
  const std::int64_t import_id = sqlite3_last_insert_rowid(database);
  // Afterwards, because the number of a row that was the last one would be given to this one. Who
  // follows the changes has read it as that of the former.
  forget_.execute(name, text_value(location), import_id);
  return import_id;
}

void Ledger::finish(std::int64_t import_id, std::string_view status, std::string_view error,
                    const ImportCounts& counts, const std::optional<Fingerprint>& fingerprint,
                    const Key& key) {
  for (int at = 11; at <= 13; ++at) finish_.bind(at, nullptr);
  if (fingerprint) {
    finish_.bind(11, blob(fingerprint->hash));
    finish_.bind(12, blob(key));
    finish_.bind(13, fingerprint->bytes);
  }
  finish_.execute(import_id, status, text_value(error), counts.seen, counts.inserted,
                  counts.updated, counts.unchanged, counts.stale, counts.quarantined,
                  counts.interactions);
}

void Ledger::recount(std::int64_t import_id, const ImportCounts& counts) {
  recount_.execute(import_id, counts.inserted, counts.updated, counts.quarantined,
                   counts.interactions);
}

void Ledger::blank_erased(std::int64_t import_id, const NamedFile& file, Tombstones& tombstones) {
  tombstones.refresh();
  if (tombstones.cover(file.path) || tombstones.cover(file.location))
    blank_.execute(import_id, erased_text);
}

Ledger::Key ledger_key(const std::string& path, const std::optional<Fingerprint>& fingerprint,
                       const ImportOptions& options) {
  if (!fingerprint) return {};
  std::string all(reinterpret_cast<const char*>(fingerprint->hash.data()),
                  fingerprint->hash.size());
  const auto add = [&all](std::string_view text) { all.append(1, '\0').append(text); };
  add(options.source);
  add(options.zone.name());
  for (const std::string& step : options.records) add(step);
  add(time_text(options.fetched_at).value_or(""));
  for (const Vendor* vendor : vendors())
    for (const Resource& resource : vendor->resources)
      if (resource.context_of_path != nullptr) add(resource.context_of_path(path));
  return fingerprint_of(all).hash;
}

}  // namespace cdr::ext
