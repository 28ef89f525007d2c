#include "extension/warehouse/facts/fact_store.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace cdr::ext {
namespace {

using Dialogs = Row<Model::dialogs>;

// Interactions come first, and dialogs before the tables that refer to them.
constexpr Model in_order[] = {
    Model::interactions, Model::dialogs,    Model::agent_events,    Model::agent_offers,
    Model::queue_events, Model::ivr_events, Model::customer_events, Model::queue_visits,
    Model::recordings,   Model::wrap_ups,   Model::agent_states,    Model::state_durations,
};
static_assert(std::size(in_order) == model_count);

// Completes the statement for the rows of the component ?1.
std::string rows_of_component(std::string sql, const LayoutTable& table) {
  sql.append(" FROM main.").append(table.name).append(" WHERE ").append(key_of(table));
  return sql.append(" = ?1");
}

// An interaction's row is updated in place and not deleted first: the host's own tables may refer
// to it, and may declare that their rows are deleted with it.
std::string write_over(const LayoutTable& interactions) {
  std::string sql = insert_into(interactions) + " ON CONFLICT (interaction_key) DO UPDATE SET ";
  const std::size_t begin = sql.size();
  for (const LayoutColumn& each : interactions.columns) {
    const std::string name(each.name);
    if (name != "interaction_key")
      sql += (sql.size() == begin ? "" : ", ") + name + " = excluded." + name;
  }
  return sql;
}

// Compares the stored value with this one as the column's declared type would have stored it.
bool is_same_value(const Statement::Rows& stored, int at, const Value& value) {
  const int type = stored.type(at);
  switch (value.type()) {
    case Value::Type::null:
      return type == SQLITE_NULL;
    case Value::Type::text:
      return type == SQLITE_TEXT && stored.text(at) == value.as_text();
    case Value::Type::integer:
      if (type == SQLITE_INTEGER) return stored.integer(at) == value.as_integer();
      if (type == SQLITE_TEXT) return stored.text(at) == std::to_string(value.as_integer());
      return type == SQLITE_FLOAT && stored.real(at) == static_cast<double>(value.as_integer());
    case Value::Type::real:
      return (type == SQLITE_FLOAT || type == SQLITE_INTEGER) && stored.real(at) == value.as_real();
  }
  return false;
}

}  // namespace

std::optional<Owner> owner_of(const Facts& facts) {
  const RowSet& rows = facts.rows(Model::interactions);
  if (rows.size() == 0) return std::nullopt;
  return Owner{rows[0][0], rows[0][1], rows[0][2]};
}

FactStore::FactStore(sqlite3* database)
    : database_(database),
      figures_(database),
      owner_(database,
             "SELECT interaction_key FROM main.interaction "
             "WHERE interaction_id = ?3 AND vendor = ?1 AND source = ?2"),
      note_removal_(database,
                    "INSERT OR REPLACE INTO main.removed_interaction "
                    "SELECT interaction_key, vendor, source, iif(?3, NULL, interaction_id), ?2 "
                    "FROM main.interaction WHERE interaction_key = ?1"),
      forget_removal_(database,
                      "DELETE FROM main.removed_interaction WHERE interaction_key = ?1 AND "
                      "import_id = ?2 AND (vendor, source, interaction_id) = (SELECT vendor, "
                      "source, interaction_id FROM main.interaction WHERE interaction_key = ?1)"),
      set_import_(database,
                  "UPDATE main.interaction SET last_import = ?2 WHERE interaction_key = ?1") {
  for (const LayoutTable& each : layout_tables())
    if (is_shared(each))
      shared_.emplace(std::piecewise_construct, std::forward_as_tuple(each.name),
                      std::forward_as_tuple(database, each));
  for (const Model model : in_order) tables_.push_back(stored(model));
}

SharedRows& FactStore::shared(std::string_view name) {
  return shared_.find(name)->second;
}

FactStore::Stored FactStore::stored(Model model) {
  const Table& table = table_of(model);
  const LayoutTable& facts = layout_table(facts_of(table.stored));
  Stored stored{
      model,
      BulkInsert(database_, facts.name, names_of(facts.columns)),
      model == Model::interactions ? Statement(database_, write_over(facts)) : Statement(),
      Statement(database_,
                rows_of_component("SELECT *", facts).append(" ORDER BY ").append(order_of(facts))),
      Statement(database_, rows_of_component("DELETE", facts)),
      {}};
  stored.insert.require_no_more_columns();
  for (const LayoutColumn& each : facts.columns) stored.cells.push_back(cell(table, facts, each));
  return stored;
}

FactStore::Cell FactStore::cell(const Table& table, const LayoutTable& facts,
                                const LayoutColumn& each) {
  using Kind = Cell::Kind;
  constexpr std::pair<std::string_view, Kind> made_here[] = {
      {"component", Kind::component},
      {"interaction_key", Kind::interaction_key},
      {"n", Kind::number},
      {"last_import", Kind::last_import},
      {"has_uuid", Kind::has_uuid},
  };
  for (const auto& [name, kind] : made_here)
    if (each.name == name) return {kind, {}, nullptr};
  const auto column = [&](std::string_view name) {
    const int at = table.find(name);
    if (at < 0)
      throw Error("sql/schema.sql: " + std::string(facts.name) + '.' + std::string(name) +
                  " is not a column of " + std::string(table.name));
    return static_cast<std::size_t>(at);
  };
  if (each.name == "dialog") return {Kind::dialog, {column("dialog_id")}, nullptr};
  if (each.refers_to.empty()) return {Kind::own, {column(each.name)}, nullptr};
  Cell cell{Kind::shared, {}, &shared(each.refers_to)};
  const auto parts = cell.shared->columns();
  if (parts.size() == 1 && parts[0].name == "value")
    cell.columns.push_back(column(each.name));
  else
    for (const LayoutColumn& part : parts) cell.columns.push_back(column(part.name));
  return cell;
}

std::optional<std::int64_t> FactStore::component_of(const Owner& owner) {
  auto rows = owner_.query(owner[0], owner[1], owner[2]);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

void FactStore::remove(std::int64_t component, std::int64_t import_id, Trace trace) {
  figures_.leave(component);
  note_removal(component, import_id, trace);
  for (Stored& table : tables_) table.remove.execute(component);
}

// If an interaction with the same id is written in its place, the note is deleted again.
void FactStore::note_removal(std::int64_t component, std::int64_t import_id, Trace trace) {
  note_removal_.execute(component, import_id, trace == Trace::erase ? 1 : 0);
  if (sqlite3_changes(database_) > 0) removed_[component] = import_id;
}

void FactStore::clear() {
  is_cleared_ = true;
  figures_.clear();
  for (const Stored& table : tables_)
    execute_all(database_,
                "DELETE FROM main." + std::string(facts_of(table_of(table.model).stored)));
  for (const LayoutTable& each : layout_tables())
    if (is_shared(each)) execute_all(database_, "DELETE FROM main." + std::string(each.name));
  forget();
}

void FactStore::forget() {
  for (auto& [name, rows] : shared_) rows.forget();
  for (Stored& table : tables_) table.insert.forget();
  removed_.clear();
}

void FactStore::write(std::span<const Made> made, MadeRows& rows) {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (has_room(*made[i].facts)) {
      fitting.push_back(i);
      continue;
    }
    remove(made[i].component, made[i].import_id);
    crowded_.insert(made[i].component);
  }
  for (const std::size_t i : fitting) {
    if (made[i].stays) figures_.leave(made[i].component);
    figures_.come(made[i].component, rows.pieces_, i, *made[i].facts);
  }
  std::vector<Change> changes(made.size(), Change::none);
  for (std::size_t at = 0; at < tables_.size(); ++at) {
    Stored& table = tables_[at];
    TableRows& of_table = rows.tables_[at];
    for (const Missing& each : of_table.missing) each.cell->shared->expect(each.hash);
    for (const std::size_t i : fitting) {
      const auto block_of = [&](std::size_t block) {
        return block == 0 ? complete(of_table, i) : std::span<const Value>();
      };
      const Change change = write_rows(table, made[i], std::cref(block_of));
      // An interaction's own row was written with the import's number.
      if (table.model != Model::interactions && change == Change::some) changes[i] = change;
    }
    write_added(table);
  }
  for (const std::size_t i : fitting)
    if (changes[i] == Change::some) set_import_.execute(made[i].component, made[i].import_id);
  figures_.written();
}

bool FactStore::has_room(const Facts& facts) {
  return std::all_of(std::begin(in_order), std::end(in_order), [&](Model model) {
    return static_cast<std::int64_t>(facts.rows(model).size()) <= most_rows;
  });
}

bool FactStore::is_interaction(const Facts& facts) {
  return facts.rows(Model::interactions).size() > 0 && has_room(facts);
}

bool FactStore::write_apart(std::int64_t component, std::int64_t import_id, bool stays,
                            const FactsOf& facts_of) {
  if (stays) figures_.leave(component);
  figures_.come(component);
  bool is_interaction = false, has_all_room = true;
  Change changed = Change::none;
  Scratch scratch;
  TableRows made_rows;
  for (Stored& table : tables_) {
    std::size_t rows = 0;
    const Facts* facts = facts_of(table.model, 0);
    for (std::size_t part = 0; facts != nullptr && has_all_room; ++part) {
      if (table.model == Model::interactions) is_interaction = owner_of(*facts).has_value();
      if (table.model == Model::dialogs) keep_dialogs(facts->rows(Model::dialogs), rows);
      const std::size_t count = facts->rows(table.model).size();
      has_all_room = static_cast<std::int64_t>(rows + count) <= most_rows;
      if (has_all_room) {
        const Made made{component, facts, stays, import_id};
        const auto block_of = [&](std::size_t block) {
          write_added(table);  // those of the block before
          made_rows.clear();
          make_rows(table, made, {block * rows_at_once, rows_at_once, rows}, dialogs_, scratch,
                    made_rows);
          return complete(made_rows, 0);
        };
        if (write_rows(table, made, block_of) == Change::some) changed = Change::some;
        write_added(table);
      }
      rows += count;
      facts = facts_of(table.model, part + 1);
    }
    if (!has_all_room) break;
  }
  if (has_all_room) {
    if (stays && changed == Change::some) set_import_.execute(component, import_id);
    return is_interaction;
  }
  remove(component, import_id);
  crowded_.insert(component);
  return false;
}

// Notes the dialogs for the tables that refer to them, because the facts themselves are not kept.
void FactStore::keep_dialogs(const RowSet& dialogs, std::size_t before) {
  if (before == 0) {
    dialogs_.clear();
    dialog_ids_.clear();
  }
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    dialogs_.try_emplace(dialog_ids_.keep(dialogs[i][Dialogs::column<"dialog_id">()].as_text()),
                         static_cast<std::int64_t>(before + i));
}

// The rows that write_rows() added, of many components.
void FactStore::write_added(Stored& table) {
  for (auto& [name, rows] : shared_) rows.write();
  table.insert.write();
}

// The rows are written with the next write_added() at the latest.
FactStore::Change FactStore::write_rows(Stored& table, const Made& made, const Blocks& block_of) {
  const bool is_interaction =
      table.model == Model::interactions && made.facts->rows(table.model).size() > 0;
  Change change = Change::none;
  if (made.stays) {
    if (is_there(table, made, block_of)) return Change::none;
    if (table.model == Model::interactions && !is_cleared_)
      note_removal(made.component, made.import_id);
    if (!is_interaction) table.remove.execute(made.component);
    // Rows that were cleared in order to be made again do not count as changed.
    if (!is_cleared_) change = Change::some;
  }
  if (is_interaction && made.stays) {
    const std::span<const Value> cells = block_of(0);
    for (std::size_t at = 0; at < cells.size(); ++at)
      table.write_over.bind(static_cast<int>(at + 1), cells[at]);
    table.write_over.execute();
  } else {
    const std::size_t width = table.cells.size();
    std::size_t block = 0;
    for (auto cells = block_of(0); !cells.empty(); cells = block_of(++block)) {
      for (; !cells.empty(); cells = cells.subspan(width)) table.insert.add(cells.first(width));
      if (table.insert.size() >= rows_at_once) write_added(table);
    }
  }
  if (is_interaction) note_insertion(table, made.component);
  return change;
}

// Whether the table has the same rows already, in the same order.
bool FactStore::is_there(Stored& table, const Made& made, const Blocks& block_of) {
  const std::size_t width = table.cells.size();
  auto stored = table.select.query(made.component);
  std::size_t block = 0;
  for (auto cells = block_of(0); !cells.empty(); cells = block_of(++block))
    for (; !cells.empty(); cells = cells.subspan(width))
      if (!stored.next() || !is_same(table, stored, cells.first(width))) return false;
  return !stored.next();
}

void FactStore::make(std::span<const Made> made, const LimitsOf& limits, MadeRows& rows) const {
  for (TableRows& each : rows.tables_) each.clear();
  rows.pieces_.clear();
  static const Facts no_facts;
  for (const Made& each : made) {
    const bool fits = has_room(*each.facts);
    rows.pieces_.add(fits ? *each.facts : no_facts, limits);
    for (std::size_t at = 0; at < tables_.size(); ++at) {
      TableRows& to = rows.tables_[at];
      if (fits) {
        if (tables_[at].model == Model::agent_events &&
            each.facts->rows(Model::agent_events).size() > 0)
          find_dialogs(each.facts->rows(Model::dialogs), rows.scratch_.dialogs);
        make_rows(tables_[at], each, {}, rows.scratch_.dialogs, rows.scratch_, to);
      } else {
        to.begins.push_back(to.begins.back());
      }
    }
  }
}

void FactStore::make_rows(const Stored& table, const Made& made, const Part& part,
                          const DialogNumbers& dialogs, Scratch& scratch, TableRows& to) const {
  const RowSet& rows = made.facts->rows(table.model);
  // An agent's states alone need not belong to an interaction.
  const bool has_interaction =
      table.model != Model::agent_states || owner_of(*made.facts).has_value();
  const std::size_t first = std::min(part.first, rows.size());
  const std::size_t end = first + std::min(part.count, rows.size() - first);
  for (std::size_t i = first; i < end; ++i) {
    const Place place{made.component, static_cast<std::int64_t>(part.before + i), made.import_id,
                      has_interaction};
    const auto row = rows[i];
    for (const Cell& cell : table.cells) {
      if (cell.kind == Cell::Kind::shared) {
        gather(cell, row, scratch.values);
        const auto is_null = [](const Value& each) { return each.is_null(); };
        if (!std::all_of(scratch.values.begin(), scratch.values.end(), is_null))
          to.missing.push_back(
              {to.cells.size(), &cell, row, SharedRows::hash_of(scratch.values, scratch.spelled)});
      }
      to.cells.push_back(cell_of(cell, row, place, dialogs));
    }
  }
  to.begins.push_back({to.cells.size(), to.missing.size()});
}

void FactStore::gather(const Cell& cell, std::span<const Value> row, std::vector<Value>& to) {
  to.clear();
  for (const std::size_t column : cell.columns) to.push_back(row[column]);
}

std::span<const Value> FactStore::complete(TableRows& rows, std::size_t number) {
  const auto begin = rows.begins[number], end = rows.begins[number + 1];
  for (std::size_t i = begin.missing; i < end.missing; ++i) {
    const Missing& each = rows.missing[i];
    std::int64_t id = each.cell->shared->known(each.hash);
    if (id == 0) {
      gather(*each.cell, each.row, values_);
      id = each.cell->shared->id_of(each.hash, values_);
    }
    rows.cells[each.at] = Value::integer(id);
  }
  return std::span(std::as_const(rows.cells)).subspan(begin.cell, end.cell - begin.cell);
}

// The last import is not compared.
bool FactStore::is_same(const Stored& table, const Statement::Rows& stored,
                        std::span<const Value> row) {
  for (std::size_t at = 0; at < row.size(); ++at)
    if (table.cells[at].kind != Cell::Kind::last_import &&
        !is_same_value(stored, static_cast<int>(at), row[at]))
      return false;
  return true;
}

Value FactStore::cell_of(const Cell& cell, std::span<const Value> row, const Place& place,
                         const DialogNumbers& dialogs) const {
  switch (cell.kind) {
    case Cell::Kind::own:
      return row[cell.columns[0]];
    case Cell::Kind::shared:
      return {};
    case Cell::Kind::dialog: {
      const Value& id = row[cell.columns[0]];
      if (id.is_null()) return {};
      const auto found = dialogs.find(id.as_text());
      if (found == dialogs.end())
        throw Error("a row names a dialog that its interaction does not have");
      return Value::integer(found->second);
    }
    case Cell::Kind::has_uuid: {
      const Value& uuid = row[Dialogs::column<"dialog_uuid">()];
      if (uuid.is_null()) return {};
      if (uuid.as_text() != row[Dialogs::column<"dialog_id">()].as_text())
        throw Error("a dialog's dialog_uuid is not its dialog_id");
      return Value::integer(1);
    }
    case Cell::Kind::component:
      return Value::integer(place.component);
    case Cell::Kind::interaction_key:
      return place.has_interaction ? Value::integer(place.component) : Value();
    case Cell::Kind::number:
      return Value::integer(place.number);
    case Cell::Kind::last_import:
      return Value::integer(import_of(place));
  }
  return {};
}

std::int64_t FactStore::import_of(const Place& place) const {
  const auto known = known_imports_.find(place.component);
  return known == known_imports_.end() ? place.import_id : known->second;
}

// An interaction that was removed and written again in one import does not count as removed.
void FactStore::note_insertion(Stored& interactions, std::int64_t component) {
  const auto removed = removed_.find(component);
  if (removed == removed_.end()) return;
  interactions.insert.write();
  forget_removal_.execute(component, removed->second);
  removed_.erase(removed);
}

void FactStore::find_dialogs(const RowSet& dialogs, DialogNumbers& numbers) {
  numbers.clear();
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    numbers.try_emplace(dialogs[i][Dialogs::column<"dialog_id">()].as_text(),
                        static_cast<std::int64_t>(i));
}

}  // namespace cdr::ext
