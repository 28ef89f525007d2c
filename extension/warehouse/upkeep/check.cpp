#include "extension/warehouse/upkeep/check.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <numeric>
#include <set>
#include <vector>

#include "extension/binding/statement.hpp"
#include "extension/warehouse/facts/fact_store.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/raw/raw_store.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "vendors/contradiction.hpp"

namespace cdr::ext {
namespace {

constexpr const char* rebuild = "SELECT cdr_rebuild()";
constexpr const char* restore = "restore the file from a backup";

class Report {
 public:
  Report(sqlite3* database, const std::function<void(const Violation&)>& tell)
      : database_(database), tell_(tell) {}
  void add(Violation violation) {
    if (++counts_[violation.check] > most_violations) return;
    if (violation.remedy == rebuild && !can_rebuild()) violation.remedy = not_kept_remedy;
    tell_(violation);
  }
  bool has(std::string_view check) const { return counts_.contains(std::string(check)); }
  // Reports the number of violations that were not reported one by one.
  std::map<std::string, std::size_t> finish() {
    for (const auto& [check, count] : counts_)
      if (count > most_violations)
        tell_({check, "", "", std::to_string(count - most_violations) + " more", "none",
               "resolve the ones above, then check again"});
    return counts_;
  }

 private:
  // Facts cannot be made again from records that were imported with keep_raw false.
  bool can_rebuild() {
    if (!can_rebuild_) {
      Statement select(database_, "SELECT 1 FROM main.raw_record WHERE payload IS NULL");
      auto rows = select.query();
      can_rebuild_ = !rows.next();
    }
    return *can_rebuild_;
  }

  sqlite3* database_;
  const std::function<void(const Violation&)>& tell_;
  std::map<std::string, std::size_t> counts_;
  std::optional<bool> can_rebuild_;
};

// ---- The file

// The lines of PRAGMA integrity_check; none for a sound file. SQLite reports a page that could not
// be read from the disk as a fault of the file; here it is an error.
std::vector<std::string> integrity_lines(sqlite3* database) {
  constexpr std::string_view no_page = "unable to get the page. error code=";
  std::vector<std::string> lines;
  Statement integrity(database, "PRAGMA main.integrity_check");
  auto rows = integrity.query();
  while (rows.next()) {
    const std::string_view line = rows.text(0);
    if (line == "ok") continue;
    int code = SQLITE_OK;
    if (const std::size_t at = line.find(no_page); at != line.npos)
      std::from_chars(line.data() + at + no_page.size(), line.data() + line.size(), code);
    if ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_NOMEM)
      throw SqliteError("the warehouse: " + std::string(sqlite3_errstr(code)) +
                            " while a page was read; check the disk, then try again",
                        code & 0xff);
    lines.emplace_back(line);
  }
  return lines;
}

void check_file(sqlite3* database, Report& report) {
  std::vector<std::string> lines = integrity_lines(database);
  // The message about a page with a part of a long value does not give the reason.
  const bool may_be_the_disk = std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.find("failed to get page") != line.npos;
  });
  if (may_be_the_disk) lines = integrity_lines(database);
  for (std::string& line : lines) report.add({"integrity", "", "", std::move(line), "ok", restore});
  Statement keys(database, "PRAGMA main.foreign_key_check");
  auto broken = keys.query();
  while (broken.next()) {
    // Rows that are made from records can be made again; the ledger and dictionaries cannot.
    const std::string_view of = broken.text(2);
    const bool is_made = of == "interaction" || of == "raw_record" || of.starts_with("fact_");
    report.add({"foreign_key", std::string(broken.text(0)),
                broken.is_null(1) ? "" : "rowid " + std::string(broken.text(1)), "no such row",
                "a row of " + std::string(of), is_made ? rebuild : restore});
  }
}

// Checks that every statement of sql/schema.sql is in the file as it was written. Returns whether
// the views are: what others select says nothing about the file.
bool check_schema(sqlite3* database, Report& report) {
  bool views_are_ours = true;
  Statement select(database,
                   "SELECT sql FROM main.sqlite_schema WHERE name = ?1 AND sql IS NOT NULL");
  for (const Creation& each : creations()) {
    auto rows = select.query(each.name);
    const bool is_there = rows.next();
    if (is_there && rows.text(0) == each.sql) continue;
    if (each.is_view) views_are_ours = false;
    report.add({"schema", "sqlite_schema", std::string(each.name),
                is_there ? "another definition" : "none", "as in sql/schema.sql",
                "restore the file from a backup, or import into a new one"});
  }
  Statement triggers(database,
                     "SELECT name, lower(tbl_name) FROM main.sqlite_schema WHERE type = 'trigger'");
  auto rows = triggers.query();
  const auto tables = stored_tables();
  while (rows.next())
    if (std::find(tables.begin(), tables.end(), rows.text(1)) != tables.end())
      report.add({"schema", std::string(rows.text(1)), std::string(rows.text(0)), "a trigger",
                  "none: it would run with every import",
                  "DROP TRIGGER main." + quoted_name(rows.text(0))});
  return views_are_ours;
}

void check_declared(sqlite3* database, Report& report) {
  std::string_view rest = checks_sql();
  while (!rest.empty()) {
    Statement check(database, rest, &rest);
    if (!check) continue;
    auto rows = check.query();
    const auto text = [&](int column) { return std::string(rows.text(column)); };
    while (rows.next()) report.add({text(0), text(1), text(2), text(3), text(4), text(5)});
  }
}

// ---- Records, components and facts

// A value as text that is equal if the values are. The conversion of numbers by a column's declared
// type is applied to both sides.
std::string spelled(const Column& column, const Value& value) {
  if (value.is_null()) return "NULL";
  if (value.type() == Value::Type::text) return std::string(value.as_text());
  const bool is_integer = value.type() == Value::Type::integer;
  if (is_integer && column.type != "DOUBLE") return std::to_string(value.as_integer());
  char number[32];
  sqlite3_snprintf(sizeof number, number, "%!.17g",
                   is_integer ? static_cast<double>(value.as_integer()) : value.as_real());
  return number;
}

using SpelledRow = std::vector<std::string>;

SpelledRow spelled(const Table& table, const auto& cell) {
  SpelledRow row;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    row.push_back(is_fact(table.columns[i]) ? spelled(table.columns[i], cell(i)) : "");
  return row;
}

// The rows of `a` that are not in `b`; both are sorted.
std::vector<SpelledRow> without(const std::vector<SpelledRow>& a,
                                const std::vector<SpelledRow>& b) {
  std::vector<SpelledRow> rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}

class RecordCheck {
 public:
  RecordCheck(sqlite3* database, Report& report)
      : report_(report),
        store_(database),
        link_(database, "SELECT 1 FROM main.record_link WHERE hash = ?1 AND raw_id = ?2"),
        key_hash_(database, "SELECT key_hash FROM main.raw_record WHERE id = ?1"),
        component_(database,
                   "SELECT vendor, source, interaction_id FROM main.interaction "
                   "WHERE interaction_key = ?1") {
    for (const Table& table : model_tables)
      facts_of_.emplace_back(database, select_rows(table) + " WHERE t.component = ?1");
  }

  void run(sqlite3* database) {
    Statement select(database,
                     "SELECT component, id, payload IS NULL FROM main.raw_record "
                     "ORDER BY component, id");
    auto rows = select.query();
    std::vector<std::int64_t> ids;
    std::int64_t component = 0;
    bool whole = true;
    while (rows.next()) {
      if (!ids.empty() && rows.integer(0) != component) {
        check(component, ids, whole);
        ids.clear();
        whole = true;
      }
      component = rows.integer(0);
      ids.push_back(rows.integer(1));
      whole = whole && rows.integer(2) == 0;
    }
    if (!ids.empty()) check(component, ids, whole);
    Statement count(database, "SELECT count(*) FROM main.record_link");
    auto links = count.query();
    // If a record could not be read, its links are not known.
    if (links.next() && all_read_ && static_cast<std::size_t>(links.integer(0)) != links_seen_)
      report_.add({"links", "record_link", "", std::to_string(links.integer(0)) + " rows",
                   std::to_string(links_seen_), rebuild});
  }

 private:
  struct Member {
    RawData raw;
    std::vector<LinkId> links;
  };

  void check(std::int64_t component, const std::vector<std::int64_t>& ids, bool whole) {
    arena_.clear();
    members_.clear();
    documents_.clear();
    records_.assign(ids.size(), Record());
    if (!whole) {  // imported with keep_raw false: there is nothing to compare with
      all_read_ = false;
      return;
    }
    for (const std::int64_t id : ids)
      if (!read(id)) {
        all_read_ = false;
        return;
      }
    check_component(component, ids);
    check_facts(component);
  }

  static std::string name_of(const RawData& raw) {
    return std::string(raw.as.vendor->name) + '/' + std::string(raw.as.resource->name) + '/' +
           std::string(raw.source) + '/' + std::string(raw.record_id);
  }

  bool read(std::int64_t id) {
    const std::size_t at = members_.size();
    const std::string key = "id " + std::to_string(id);
    try {
      members_.push_back({store_.read(id, arena_), {}});
      parser_.parse(members_[at].raw, document_, records_[at], arena_);
      records_[at].root = documents_.emplace_back(document_, arena_).root();
    } catch (const SqliteError&) {
      throw;
    } catch (const Error& error) {
      report_.add({"payload", "raw_record", key, error.what(), "a record", restore});
      return false;
    }
    Member& member = members_[at];
    const Record& record = records_[at];
    const Rank rank = rank_of(record), kept = member.raw.version.rank;
    if (rank.hash_high != kept.hash_high || rank.hash_low != kept.hash_low)
      report_.add(
          {"content_hash", "raw_record", key, "another hash", "that of its payload", restore});
    else if (rank != kept)
      report_.add({"rank", "raw_record", key, "latest and provided of another record",
                   "those of its payload", rebuild});
    if (auto rows = key_hash_.query(id);
        !rows.next() || rows.integer(0) != static_cast<std::int64_t>(member.raw.key_hash))
      report_.add(
          {"key_hash", "raw_record", key, "another hash", "that of its kind and id", rebuild});
    std::string named;
    member.raw.as.resource->record_id(record, named);
    if (named != member.raw.record_id)
      report_.add({"record_id", "raw_record", key, "an id that its payload does not have",
                   "that of its payload", rebuild});
    member.links = link_ids(*member.raw.as.vendor, record);
    links_seen_ += member.links.size();
    for (const LinkId& link : member.links)
      if (auto rows = link_.query(link.low, id); !rows.next())
        report_.add(
            {"links", "record_link", key, "no row", "one for each id that it shares", rebuild});
    return true;
  }

  // Checks that the component's records are connected, that no other record belongs to them, and
  // that its number is the smallest id.
  void check_component(std::int64_t component, const std::vector<std::int64_t>& ids) {
    const std::string key = "component " + std::to_string(component);
    if (ids.front() != component)
      report_.add({"component", "raw_record", key, "that number",
                   "its smallest record id, " + std::to_string(ids.front()), rebuild});
    std::vector<std::size_t> root(members_.size());
    std::iota(root.begin(), root.end(), 0U);
    const auto find = [&](std::size_t at) {
      while (root[at] != at) at = root[at] = root[root[at]];
      return at;
    };
    std::map<LinkId, std::size_t> first;
    std::set<LinkId> not_followed;
    std::size_t sets = members_.size();
    for (std::size_t i = 0; i < members_.size(); ++i)
      for (const LinkId& link : members_[i].links) {
        if (not_followed.contains(link)) continue;
        if (!first.contains(link) && !store_.is_followed(link)) {
          not_followed.insert(link);
          continue;
        }
        const std::size_t other = find(first.try_emplace(link, i).first->second), own = find(i);
        if (other == own) continue;
        root[own] = other;
        --sets;
      }
    if (sets != 1)
      report_.add({"component", "raw_record", key,
                   std::to_string(sets) + " sets of records that share no id", "one", rebuild});
    std::vector<std::int64_t> sharing;
    for (const auto& [link, at] : first) {
      sharing.clear();
      store_.records_sharing(link, sharing);
      for (const std::int64_t id : sharing)
        if (!std::binary_search(ids.begin(), ids.end(), id) && shares(id, link))
          report_.add({"component", "raw_record", key, "without record " + std::to_string(id),
                       "with it: they share an id", rebuild});
    }
  }

  // Whether the record has the link by the whole hash, of which record_link keeps half. false if
  // the record is missing or cannot be read, which other checks report.
  bool shares(std::int64_t id, const LinkId& link) {
    Arena arena;
    Document document;
    Record record;
    try {
      const RawData raw = store_.read(id, arena);
      parser_.parse(raw, document, record);
      const std::vector<LinkId> links = link_ids(*raw.as.vendor, record);
      return std::binary_search(links.begin(), links.end(), link);
    } catch (const SqliteError&) {
      throw;
    } catch (const Error&) {
      return false;
    }
  }

  void check_facts(std::int64_t component) {
    std::vector<std::size_t> order(members_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      return key_of(members_[a].raw) < key_of(members_[b].raw);
    });
    std::vector<Record> sorted;
    sorted.reserve(order.size());
    for (const std::size_t at : order) sorted.push_back(records_[at]);
    mapped_.clear();
    map_with_note(*members_.front().raw.as.vendor, sorted, Wanted::everything(), mapped_);
    if (!FactStore::has_room(mapped_)) mapped_.clear();

    const auto owner = owner_of(mapped_);
    auto stored = component_.query(component);
    const bool is_there = stored.next();
    std::string expected, found;
    for (int i = 0; i < 3; ++i) {
      if (owner && !(*owner)[static_cast<std::size_t>(i)].is_null())
        (expected += '/') += (*owner)[static_cast<std::size_t>(i)].as_text();
      if (is_there && !stored.is_null(i)) (found += '/') += stored.text(i);
    }
    if (found != expected)
      return report_.add({"facts", "interaction", "component " + std::to_string(component),
                          found.empty() ? "none" : found.substr(1),
                          expected.empty() ? "none" : expected.substr(1), rebuild});
    for (std::size_t i = 0; i < model_count; ++i) {
      const auto model = static_cast<Model>(i);
      compare(model, facts_of_[i].query(component),
              owner ? expected.substr(1) : "component " + std::to_string(component));
    }
  }

  void compare(Model model, Statement::Rows stored, const std::string& key) {
    const Table& table = table_of(model);
    const RowSet& rows = mapped_.rows(model);
    std::vector<SpelledRow> expected, found;
    for (std::size_t i = 0; i < rows.size(); ++i)
      expected.push_back(spelled(table, [&](std::size_t column) { return rows[i][column]; }));
    while (stored.next())
      found.push_back(spelled(
          table, [&](std::size_t column) { return stored.value(static_cast<int>(column)); }));
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    const auto surplus = without(found, expected), missing = without(expected, found);
    if (surplus.empty() && missing.empty()) return;
    Violation violation{"facts", std::string(table.stored), key, "", "", rebuild};
    if (surplus.size() == missing.size()) {
      std::size_t at = 0;
      while (at + 1 < table.columns.size() && surplus[0][at] == missing[0][at]) ++at;
      const std::string name(table.columns[at].name);
      violation.found = name + ' ' + surplus[0][at];
      violation.expected = name + ' ' + missing[0][at];
    } else {
      violation.found = std::to_string(found.size()) + " rows";
      violation.expected = std::to_string(expected.size());
    }
    report_.add(violation);
  }

  Report& report_;
  RawStore store_;
  RawParser parser_;
  Statement link_, key_hash_, component_;
  std::vector<Statement> facts_of_;  // by model
  std::size_t links_seen_ = 0;
  bool all_read_ = true;
  Arena arena_;
  std::vector<Member> members_;
  Document document_;
  std::deque<Document> documents_;
  std::vector<Record> records_;
  Facts mapped_;
};

}  // namespace

std::map<std::string, std::size_t> check_warehouse(
    sqlite3* database, const std::function<void(const Violation&)>& tell) {
  require_tables(database, "cdr_check");
  // Held open, so that all checks see one state of the file.
  Statement snapshot(database, "SELECT 1 FROM main.cdr_meta");
  auto held = snapshot.query();
  held.next();
  Report report(database, tell);
  try {
    check_file(database, report);
    if (check_schema(database, report)) {
      refuse_ignored_columns(database);
      check_declared(database, report);
    }
    RecordCheck(database, report).run(database);
    for (WrongFigure& each : wrong_figures(database))
      report.add({"figures", std::move(each.table), std::move(each.key), std::move(each.found),
                  std::move(each.expected), std::move(each.remedy)});
  } catch (const SqliteError& error) {
    const int code = error.sqlite() & 0xff;
    // Tables with another definition are reported already, and no query of them would work.
    if (code == SQLITE_ERROR && report.has("schema")) return report.finish();
    if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB) throw;
    report.add({"integrity", "", "", error.what(), "a readable file", restore});
  }
  return report.finish();
}

}  // namespace cdr::ext
