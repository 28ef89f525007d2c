#include "extension/warehouse/import/replay.hpp"

#include <algorithm>
#include <vector>

#include "extension/binding/transaction.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/import/ledger.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "json/document/writer.hpp"
#include "reading/reader.hpp"

namespace cdr::ext {

namespace {

// Reads quarantined records again, because a newer libcdr may understand them.
class Replay {
 public:
  explicit Replay(sqlite3* database)
      : database_(database),
        transaction_(database, "cdr_replay"),
        rows_(
            database,
            "SELECT q.id, q.path, q.record, q.byte_offset, q.payload, q.member, i.source, i.zone, "
            "i.fetched_at FROM main.quarantine AS q JOIN main.import_file AS i USING (import_id) "
            "WHERE q.state = 'open' AND length(q.payload) = q.payload_bytes ORDER BY q.id"),
        resolve_(database,
                 "UPDATE main.quarantine SET state = 'replayed', resolved_by = ?2 WHERE id = ?1"),
        ledger_(database),
        ingest_(database, worker_) {}

  std::string run() {
    transaction_.begin();
    const std::int64_t id = ledger_.begin(database_, {"cdr_replay()", ""}, {});
    ImportCounts counts;
    ingest_.begin(id, counts);
    std::vector<std::int64_t> read;
    std::int64_t tried = 0;
    {
      auto rows = rows_.query();
      while (rows.next()) {
        ++tried;
        if (take(rows, counts)) read.push_back(rows.integer(0));
        if (batch_.is_full()) write();
      }
    }
    write();
    // Refused records stay in quarantine as they are.
    for (const Ingest::Refused& each : ingest_.finish())
      std::erase(read, static_cast<std::int64_t>(each.number));
    for (const std::int64_t row : read) resolve_.execute(row, id);
    ledger_.finish(id, "imported", "", counts, {}, {});
    if (!read.empty()) transaction_.commit();  // otherwise nothing happened, and nothing is noted
    JsonWriter json;
    json.begin_object();
    json.member("tried", tried);
    json.member("replayed", read.size());
    json.member("inserted", counts.inserted);
    json.member("updated", counts.updated);
    json.member("unchanged", counts.unchanged);
    json.member("stale", counts.stale);
    json.member("interactions", counts.interactions);
    json.end_object();
    return json.text();
  }

 private:
  bool take(const Statement::Rows& row, ImportCounts& counts) {
    if (document_.parse_copy(row.blob(4))) return false;
    const Recognised as = recognise_any_spelling(document_);
    if (!as) return false;
    Source source;
    source.options.label = row.text(6);
    if (!row.is_null(7)) source.options.zone = Zone::named(row.text(7));
    const std::string file(row.text(1)), member(row.text(5));
    Record record;
    // Its number is that of its row, which identifies it if it is refused.
    describe(record, as, document_.root(), source, file, static_cast<std::uint64_t>(row.integer(0)),
             static_cast<std::uint64_t>(row.integer(3)), member, nullptr);
    std::string id;
    record.resource->record_id(record, id);
    if (id.empty() || (!is_utf8_ && has_noncharacter(record))) return false;
    std::optional<std::int64_t> fetched_at;
    if (!row.is_null(8))
      if (const auto time = parse_time(row.text(8), Zone())) fetched_at = time->instant.us;
    ++counts.seen;
    if (!batch_.add(*as.vendor, record, id, fetched_at, ingest_.tombstones(), Look::full))
      ++counts.stale;
    return true;
  }
  void write() {
    ingest_.take_in(batch_);
    ingest_.write();
    batch_.clear();
  }

  sqlite3* database_;
  const bool is_utf8_ = is_utf8(database_);
  Transaction transaction_;
  Statement rows_, resolve_;
  Ledger ledger_;
  Worker worker_;
  Ingest ingest_;
  Batch batch_;
  Document document_;
};

}  // namespace

std::string replay_quarantine(sqlite3* database) {
  require_warehouse(database, "cdr_replay");
  require_settings(database, "cdr_replay");
  return Replay(database).run();
}

}  // namespace cdr::ext
