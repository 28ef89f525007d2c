#include "cli/push/facts.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "cli/failure.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace cdr::cli::push {
namespace {

constexpr std::int64_t ms_per_second = 1000, ms_per_day = 86'400'000;
// The range of a DateTime is 1970 to 2106-02-07, that of a DateTime64(3) 1900 to 2299.
constexpr std::int64_t classic_end_ms = 4'294'967'296 * ms_per_second;
constexpr std::int64_t modern_begin_ms = -2'208'988'800 * ms_per_second;
constexpr std::int64_t modern_end_ms = 10'413'792'000 * ms_per_second;

constexpr std::int64_t unknown_time = std::numeric_limits<std::int64_t>::min();

// Keys are read by their range if at least one key in this many is wanted.
constexpr std::int64_t dense = 4;

template <class T>
void append_raw(std::string& row, T value) {
  static_assert(std::is_trivially_copyable_v<T>);
  char bytes[sizeof value];  // little-endian, as on all of Debian's platforms that are built here
  std::memcpy(bytes, &value, sizeof value);
  row.append(bytes, sizeof value);
}

void append_text(std::string& row, std::string_view text) {
  for (std::size_t size = text.size();; size >>= 7) {
    if (size < 128) {
      row += static_cast<char>(size);
      break;
    }
    row += static_cast<char>(128 | (size & 127));
  }
  row += text;
}

void append_null(std::string& row, bool is_null) {
  row += static_cast<char>(is_null ? 1 : 0);
}

std::string_view text_of(const SQLite::Column& value) {
  const char* text = value.getText();
  return {text, static_cast<std::size_t>(value.getBytes())};
}

// The name of an interaction (vendor, source and id), or of an agent's day.
Name unit_name(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    if (!text.empty()) text += '\0';
    text += part;
  }
  const XXH128_hash_t wide = XXH3_128bits(text.data(), text.size());
  return {{wide.high64, wide.low64}, XXH3_64bits(text.data(), text.size())};
}

std::uint16_t day_of(std::int64_t ms) {
  if (ms < 0) return 0;
  return static_cast<std::uint16_t>(
      std::min<std::int64_t>(ms / ms_per_day, std::numeric_limits<std::uint16_t>::max()));
}

std::size_t index_of(const Table& table, std::string_view name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].name == name) return i;
  throw Failure("the warehouse's table " + table.name + " has no column " + std::string(name) +
                "; run 'cdr query \"SELECT cdr_init()\"' on it");
}

}  // namespace

std::string uuid(const Identity& identity) {
  char text[40];
  std::snprintf(
      text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(identity[0] >> 32),
      static_cast<unsigned>(identity[0] >> 16 & 0xffff),
      static_cast<unsigned>(identity[0] & 0xffff), static_cast<unsigned>(identity[1] >> 48),
      static_cast<unsigned long long>(identity[1] & 0xffff'ffff'ffff));
  return text;
}

Warehouse::Warehouse(SQLite::Database& database, const std::vector<Table>& tables, Dialect dialect,
                     const Select& select)
    : database_(database), tables_(tables), dialect_(dialect) {
  for (const Table& table : tables) {
    Source source{select(table.name), {}};
    const SQLite::Statement statement(database, source.select);
    for (const Column& column : table.columns) {
      int index = 0;
      while (index < statement.getColumnCount() && column.name != statement.getColumnName(index))
        ++index;
      if (index == statement.getColumnCount())
        throw Failure("the warehouse's table " + table.name + " has no column " + column.name +
                      "; run 'cdr query \"SELECT cdr_init()\"' on it");
      source.indexes.push_back(index);
    }
    sources_.push_back(std::move(source));
  }
}

std::int64_t Warehouse::append_time(std::string& row, const SQLite::Column& value) {
  std::int64_t ms = unknown_time;
  if (!value.isNull()) {
    const auto parsed = ms_of_canonical(text_of(value));
    if (parsed)
      ms = *parsed;
    else
      ++times_left_out_;
  }
  if (dialect_ == Dialect::modern) {
    const bool fits = ms >= modern_begin_ms && ms < modern_end_ms;
    if (ms != unknown_time && !fits) ++times_left_out_;
    append_null(row, !fits);
    if (fits) append_raw(row, ms);
    return fits ? ms : unknown_time;
  }
  // The column of milliseconds has room for all times.
  const bool fits = ms >= 0 && ms < classic_end_ms;
  append_null(row, !fits);
  if (fits) append_raw(row, static_cast<std::uint32_t>(ms / ms_per_second));
  append_null(row, ms == unknown_time);
  if (ms != unknown_time) append_raw(row, ms);
  return ms;
}

void Warehouse::append(std::string& row, const Column& column, const SQLite::Column& value) {
  const auto refuse = [&] {
    throw Failure("the warehouse's column " + column.name + " holds a " +
                  (value.isText()   ? "text"
                   : value.isBlob() ? "blob"
                                    : "number") +
                  " where another type was expected; run 'cdr rebuild' on it");
  };
  if (column.kind == Kind::name) return append_text(row, value.isNull() ? "" : text_of(value));
  append_null(row, value.isNull());
  if (value.isNull()) return;
  switch (column.kind) {
    case Kind::integer:
      if (!value.isInteger()) refuse();
      return append_raw(row, static_cast<std::int64_t>(value.getInt64()));
    case Kind::real:
      if (!value.isInteger() && !value.isFloat()) refuse();
      return append_raw(row, value.getDouble());
    default:
      return append_text(row, text_of(value));
  }
}

// Returns the day of the row.
std::uint16_t Warehouse::append_row(std::string& row, std::size_t table,
                                    SQLite::Statement& statement, std::uint64_t key) {
  const std::vector<Column>& columns = tables_[table].columns;
  std::int64_t time = unknown_time;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const SQLite::Column value = statement.getColumn(sources_[table].indexes[i]);
    if (columns[i].kind == Kind::key) {
      append_raw(row, key);
    } else if (columns[i].kind == Kind::time) {
      const std::int64_t ms = append_time(row, value);
      if (i == tables_[table].time) time = ms;
    } else {
      append(row, columns[i], value);
    }
  }
  return time == unknown_time ? 0 : day_of(time);
}

// The same rows give the same bytes, in whatever order they were read.
void Warehouse::finish(Unit& unit, std::vector<Draft>& drafts) {
  std::sort(drafts.begin(), drafts.end(), [](const Draft& a, const Draft& b) {
    return a.table != b.table ? a.table < b.table : a.row < b.row;
  });
  for (const Draft& draft : drafts)
    unit.content =
        XXH3_64bits_withSeed(draft.row.data(), draft.row.size(), unit.content + draft.table);
  for (Draft& draft : drafts) {
    if (unit.rows.empty() || unit.rows.back().table != draft.table)
      unit.rows.push_back({draft.table, 0, {}});
    Rows& rows = unit.rows.back();
    rows.bytes += draft.row;
    append_raw(rows.bytes, unit.content);
    append_raw(rows.bytes, draft.day);
    append_raw(rows.bytes, rows.count++);
  }
  drafts.clear();
}

// Sets each unit's rank from raw_record: its newest record, and how much is known about it. If an
// interaction is named by one of its records, a site that has only some of them names it by another
// record of that kind.
void Warehouse::add_records(std::span<Named> found, std::span<const std::int64_t> keys) {
  SQLite::Statement statement(
      database_,
      "SELECT component, coalesce(latest, 0), provided, resource, record_id FROM main.raw_record "
      "WHERE component IN (SELECT value FROM json_each(?1)) ORDER BY component");
  statement.bind(1, nlohmann::json(std::vector<std::int64_t>(keys.begin(), keys.end())).dump());
  constexpr std::uint64_t provided_bits = 20, most_provided = (1U << provided_bits) - 1;
  struct Record {
    std::string resource, id;
  };
  std::vector<Record> records;
  std::uint64_t latest_ms = 0, provided = 0;
  const auto finish_component = [&](std::int64_t component) {
    const auto at = std::lower_bound(
        found.begin(), found.end(), component,
        [](const Named& each, std::int64_t key) { return each.unit.local_key < key; });
    if (at != found.end() && at->unit.local_key == component) {
      at->unit.rank = latest_ms << provided_bits | std::min(provided, most_provided);
      const auto naming = std::find_if(records.begin(), records.end(),
                                       [&](const Record& each) { return each.id == at->id; });
      for (const Record& each : records)
        if (naming != records.end() && each.resource == naming->resource && each.id != at->id)
          at->unit.parts.push_back(unit_name({at->vendor, at->source, each.id}));
    }
    records.clear();
    latest_ms = provided = 0;
  };
  std::int64_t component = 0;
  while (statement.executeStep()) {
    const std::int64_t next = statement.getColumn(0).getInt64();
    if (next != component) finish_component(component);
    component = next;
    const std::int64_t us = statement.getColumn(1).getInt64();
    latest_ms =
        std::max(latest_ms, static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)) / 1000);
    provided += static_cast<std::uint64_t>(statement.getColumn(2).getInt64());
    records.push_back({statement.getColumn(3).getString(), statement.getColumn(4).getString()});
  }
  finish_component(component);
}

std::vector<Unit> Warehouse::interactions(std::span<const std::int64_t> keys) {
  std::vector<Named> found;
  if (keys.empty()) return {};
  std::vector<std::vector<Draft>> drafts;
  const bool is_dense = keys.back() - keys.front() < dense * static_cast<std::int64_t>(keys.size());
  const std::string condition = is_dense
                                    ? " WHERE interaction_key BETWEEN ?1 AND ?2"
                                    : " WHERE interaction_key IN (SELECT value FROM json_each(?1))";
  // The program reads all tables as of the same moment.
  SQLite::Transaction transaction(database_);
  const auto each_row = [&](std::size_t table, auto&& work) {
    SQLite::Statement statement(database_, sources_[table].select + condition +
                                               (table == 0 ? " ORDER BY interaction_key" : ""));
    if (is_dense) {
      statement.bind(1, static_cast<std::int64_t>(keys.front()));
      statement.bind(2, static_cast<std::int64_t>(keys.back()));
    } else {
      statement.bind(1, nlohmann::json(std::vector<std::int64_t>(keys.begin(), keys.end())).dump());
    }
    const int key_index = sources_[table].indexes[index_of(tables_[table], "interaction_key")];
    while (statement.executeStep()) {
      const std::int64_t key = statement.getColumn(key_index).getInt64();
      if (std::binary_search(keys.begin(), keys.end(), key)) work(statement, key);
    }
  };
  std::size_t interaction = 0;
  while (tables_[interaction].name != "interaction") ++interaction;
  const Table& named = tables_[interaction];
  const std::vector<int>& indexes = sources_[interaction].indexes;
  const int vendor = indexes[index_of(named, "vendor")],
            source = indexes[index_of(named, "source")],
            id = indexes[index_of(named, "interaction_id")];
  each_row(interaction, [&](SQLite::Statement& statement, std::int64_t local_key) {
    Named& each = found.emplace_back();
    each.vendor = text_of(statement.getColumn(vendor));
    each.source = text_of(statement.getColumn(source));
    each.id = text_of(statement.getColumn(id));
    static_cast<Name&>(each.unit) = unit_name({each.vendor, each.source, each.id});
    each.unit.local_key = local_key;
  });
  std::sort(found.begin(), found.end(),
            [](const Named& a, const Named& b) { return a.unit.local_key < b.unit.local_key; });
  drafts.resize(found.size());
  for (std::size_t table = 0; table < tables_.size(); ++table) {
    if (tables_[table].name == "agent_state") continue;
    each_row(table, [&](SQLite::Statement& statement, std::int64_t local_key) {
      const auto at = std::lower_bound(
          found.begin(), found.end(), local_key,
          [](const Named& each, std::int64_t key) { return each.unit.local_key < key; });
      if (at == found.end() || at->unit.local_key != local_key) return;
      Draft draft{static_cast<std::uint32_t>(table), {}, 0};
      draft.day = append_row(draft.row, table, statement, at->unit.key);
      drafts[static_cast<std::size_t>(at - found.begin())].push_back(std::move(draft));
    });
  }
  add_records(found, keys);
  std::vector<Unit> units;
  units.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    finish(found[i].unit, drafts[i]);
    units.push_back(std::move(found[i].unit));
  }
  return units;
}

void Warehouse::agent_days(const std::function<void(Unit&&)>& take) {
  std::size_t table = 0;
  while (tables_[table].name != "agent_state") ++table;
  const Table& states = tables_[table];
  const std::vector<int>& indexes = sources_[table].indexes;
  const int vendor = indexes[index_of(states, "vendor")],
            source = indexes[index_of(states, "source")],
            agent = indexes[index_of(states, "agent_id")], start = indexes[states.time];
  SQLite::Statement statement(
      database_, sources_[table].select + " ORDER BY " + std::to_string(vendor + 1) + ", " +
                     std::to_string(source + 1) + ", " + std::to_string(agent + 1) + ", " +
                     std::to_string(start + 1));
  Unit unit;
  std::vector<Draft> drafts;
  const auto finish_day = [&] {
    if (drafts.empty()) return;
    // The later and fuller day counts.
    unit.rank = unit.rank << 20 | std::min<std::uint64_t>(drafts.size(), (1U << 20) - 1);
    finish(unit, drafts);
    take(std::move(unit));
    unit = Unit();
  };
  while (statement.executeStep()) {
    const SQLite::Column agent_id = statement.getColumn(agent), begin = statement.getColumn(start);
    const std::string_view day = begin.isNull() ? std::string_view() : text_of(begin).substr(0, 10);
    const Name name = unit_name({"agent", text_of(statement.getColumn(vendor)),
                                 text_of(statement.getColumn(source)),
                                 agent_id.isNull() ? std::string_view() : text_of(agent_id),
                                 agent_id.isNull() ? "0" : "1", day});
    if (name.identity != unit.identity) finish_day();
    static_cast<Name&>(unit) = name;
    // Below the keys of all interactions.
    unit.local_key = static_cast<std::int64_t>(name.identity[1] | std::uint64_t{1} << 63);
    Draft draft{static_cast<std::uint32_t>(table), {}, 0};
    draft.day = append_row(draft.row, table, statement, unit.key);
    const auto ms = begin.isNull() ? std::nullopt : ms_of_canonical(text_of(begin));
    if (ms && *ms > 0) unit.rank = std::max(unit.rank, static_cast<std::uint64_t>(*ms));
    drafts.push_back(std::move(draft));
  }
  finish_day();
}

}  // namespace cdr::cli::push
