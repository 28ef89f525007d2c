#include "extension/warehouse/upkeep/rebuild.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "extension/binding/setting.hpp"
#include "extension/binding/statement.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "extension/warehouse/schema/statistics.hpp"
#include "extension/warehouse/upkeep/change.hpp"
#include "json/document/writer.hpp"

namespace cdr::ext {
namespace {

void append_cell(std::string& row, const Statement::Rows& rows, int column, int type) {
  row += static_cast<char>(type);
  const auto append = [&row](const auto& number) {
    row.append(reinterpret_cast<const char*>(&number), sizeof number);
  };
  if (type == SQLITE_INTEGER) append(rows.integer(column));
  if (type == SQLITE_FLOAT) append(rows.real(column));
  if (type != SQLITE_TEXT) return;
  append(rows.text(column).size());
  row += rows.text(column);
}

// A hash of all facts; the order of the rows does not matter.
std::uint64_t facts_hash(sqlite3* database) {
  std::uint64_t sum = 0;
  std::string row;
  for (const Table& table : model_tables) {
    Statement select(database, select_rows(table));
    auto rows = select.query();
    while (rows.next()) {
      row = table.name;
      for (int i = 0; i < static_cast<int>(table.columns.size()); ++i)
        if (is_fact(table.columns[static_cast<std::size_t>(i)]))
          append_cell(row, rows, i, rows.type(i));
      sum += XXH3_64bits(row.data(), row.size());
    }
  }
  return sum;
}

// If several records have one id, one stays: with a zone that was named, and imported last.
void remove_surplus(sqlite3* database, RawStore& raw) {
  Statement surplus(database,
                    "SELECT id, first_import FROM main.raw_record AS r WHERE EXISTS "
                    "(SELECT 1 FROM main.raw_record AS other WHERE other.key_hash = r.key_hash "
                    "AND (other.vendor, other.resource, other.source, other.record_id) = "
                    "(r.vendor, r.resource, r.source, r.record_id) AND "
                    "(other.zone IS NOT NULL, other.last_import, other.id) > "
                    "(r.zone IS NOT NULL, r.last_import, r.id))");
  Statement unlink(database, "DELETE FROM main.record_link WHERE raw_id = ?1");
  Statement recount(database,
                    "UPDATE main.import_file SET inserted = inserted - 1, stale = stale + 1 "
                    "WHERE import_id = ?1");
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  for (auto rows = surplus.query(); rows.next();)
    found.emplace_back(rows.integer(0), rows.integer(1));
  for (const auto& [id, first_import] : found) {
    unlink.execute(id);
    raw.remove(id);
    recount.execute(first_import);
  }
}

// Rebuilds the records' ids, because another libcdr may have made other ones; the ids that records
// share; and the records' ranks. A payload that is damaged gives its record no id.
void rebuild_keys(sqlite3* database, RawStore& raw) {
  execute_all(database, "DELETE FROM main.record_link");
  Statement ids(database, "SELECT id FROM main.raw_record ORDER BY id");
  Statement set_id(database,
                   "UPDATE main.raw_record SET record_id = ?2, key_hash = ?3 "
                   "WHERE id = ?1 AND (record_id, key_hash) <> (?2, ?3)");
  Arena arena;
  Document document;
  RawParser parser;
  Record record;
  std::string own;
  bool is_changed = false;
  auto rows = ids.query();
  while (rows.next()) {
    arena.clear();
    const RawData data = raw.read(rows.integer(0), arena);
    parser.parse(data, document, record);
    const Rank rank = rank_of(record), &kept = data.version.rank;
    const bool is_own = rank.hash_high == kept.hash_high && rank.hash_low == kept.hash_low;
    own.clear();
    if (is_own) data.as.resource->record_id(record, own);
    if (!own.empty()) {
      set_id.execute(data.id, own, key_hash_of(data.as, own));
      is_changed = is_changed || sqlite3_changes(database) > 0;
    }
    for (const LinkId& link : link_ids(*data.as.vendor, record)) raw.add_link(link, data.id);
    if (rank != kept) raw.set_rank(data.id, rank);
  }
  if (is_changed) remove_surplus(database, raw);
}

// The interactions before the rebuild, and the import that last changed each of them.
class Former {
 public:
  explicit Former(sqlite3* database) {
    Statement select(database,
                     "SELECT interaction_key, last_import, vendor, source, interaction_id "
                     "FROM main.interaction");
    auto rows = select.query();
    while (rows.next())
      all_.push_back({rows.integer(0), rows.integer(1), texts_.keep(rows.text(2)),
                      texts_.keep(rows.text(3)), texts_.keep(rows.text(4))});
  }
  std::unordered_map<std::int64_t, std::int64_t> imports() const {
    std::unordered_map<std::int64_t, std::int64_t> found;
    for (const Interaction& each : all_) found.emplace(each.key, each.last_import);
    return found;
  }
  // Called if the facts have changed: programs that follow them must read all of them again.
  void note_change_of_all(sqlite3* database) const {
    const std::int64_t id = note_change(database, "cdr_rebuild()");
    Statement(database, "UPDATE main.interaction SET last_import = ?1").execute(id);
    Statement is_there(database,
                       "SELECT 1 FROM main.interaction WHERE interaction_key = ?1 AND "
                       "(vendor, source, interaction_id) = (?2, ?3, ?4)");
    Statement note(database,
                   "INSERT OR REPLACE INTO main.removed_interaction VALUES (?1, ?2, ?3, ?4, ?5)");
    for (const Interaction& each : all_) {
      if (auto rows = is_there.query(each.key, each.vendor, each.source, each.id); rows.next())
        continue;
      note.execute(each.key, each.vendor, each.source, each.id, id);
    }
  }

 private:
  struct Interaction {
    std::int64_t key, last_import;
    std::string_view vendor, source, id;
  };
  Arena texts_;
  std::vector<Interaction> all_;
};

// Whether the ledger lacks an interaction's last import. Equal facts may have other keys than
// before, or an import that the ledger has lost.
bool has_no_import(sqlite3* database) {
  Statement select(database,
                   "SELECT 1 FROM main.interaction "
                   "WHERE last_import NOT IN (SELECT import_id FROM main.import_file)");
  auto rows = select.query();
  return rows.next();
}

}  // namespace

std::string rebuild_facts(sqlite3* database) {
  constexpr std::string_view who = "cdr_rebuild";
  require_warehouse(database, who);
  require_settings(database, who);
  const LargeCache cache(database);
  const ForeignKeysOff foreign_keys(database);
  Transaction transaction(database, who);
  transaction.begin();
  const std::uint64_t before = facts_hash(database);
  const Former former(database);
  Worker worker;
  Ingest ingest(database, worker);
  ImportCounts counts;
  ingest.begin(0, counts);
  rebuild_keys(database, ingest.raw());
  ingest.facts().clear();
  ingest.facts().keep_imports(former.imports());
  std::int64_t records = 0;
  {
    Statement ids(database, "SELECT id FROM main.raw_record ORDER BY id");
    auto rows = ids.query();
    for (; rows.next(); ++records) ingest.touch(rows.integer(0));
  }
  ingest.write();
  ingest.finish();
  const std::uint64_t after = facts_hash(database);
  if (before != after || has_no_import(database)) former.note_change_of_all(database);
  refresh_statistics(database, transaction);
  transaction.commit();
  std::array<char, 17> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(after));
  Statement count(database, "SELECT count(*) FROM main.interaction");
  auto rows = count.query();
  rows.next();
  JsonWriter json;
  json.begin_object();
  json.member("records", records);
  json.member("interactions", rows.integer(0));
  json.member("changed", before != after);
  json.member("facts_hash", hex.data());
  json.end_object();
  return json.text();
}

}  // namespace cdr::ext
