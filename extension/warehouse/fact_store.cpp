#include "extension/warehouse/fact_store.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "core/error.hpp"

namespace cdr::ext {
namespace {

using Dialogs = Row<Model::dialogs>;
using Durations = Row<Model::state_durations>;

// Interactions first, and dialogs before what names them.
constexpr Model in_order[] = {
    Model::interactions, Model::dialogs,         Model::agent_events, Model::queue_events,
    Model::ivr_events,   Model::customer_events, Model::queue_visits, Model::recordings,
    Model::agent_states, Model::state_durations,
};
static_assert(std::size(in_order) == model_count);

// Of rows with ids from ?1 to ?2.
std::string rows_between(std::string sql, const LayoutTable& table) {
  sql.append(" FROM main.").append(table.name).append(" WHERE ").append(table.columns.front().name);
  return sql.append(" BETWEEN ?1 AND ?2");
}

// An interaction's row has its component's number, and the others theirs in it.
std::int64_t first_id(Model model, std::int64_t component) {
  return model == Model::interactions ? component : first_row(component);
}
std::int64_t last_id(Model model, std::int64_t component) {
  return model == Model::interactions ? component : last_row(component);
}

std::size_t state_index(std::string_view name) {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].name == name) return i;
  return states.size();
}

// What a column of that declared type makes of a number is done to both.
bool is_same_value(const Statement::Rows& stored, int at, const Value& value) {
  const int type = stored.type(at);
  switch (value.type()) {
    case Value::Type::null:
      return type == SQLITE_NULL;
    case Value::Type::text:
      return type == SQLITE_TEXT && stored.text(at) == value.as_text();
    case Value::Type::integer:
      if (type == SQLITE_INTEGER) return stored.integer(at) == value.as_integer();
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
      instants_(database),
      owner_(database,
             "SELECT component FROM main.fact_interaction "
             "WHERE interaction_id = ?3 AND vendor = ?1 AND source = ?2") {
  for (const LayoutTable& each : layout_tables())
    if (is_shared(each) && each.name != instant_table)
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
  const auto column = [&](std::string_view name) {
    const int at = table.find(name);
    if (at < 0)
      throw Error("sql/schema.sql: " + std::string(facts.name) + '.' + std::string(name) +
                  " is no column of " + std::string(table.name));
    return static_cast<std::size_t>(at);
  };
  Stored stored{model,
                Statement(database_, insert_into(facts)),
                Statement(database_, rows_between("SELECT *", facts) + " ORDER BY 1"),
                Statement(database_, rows_between("DELETE", facts)),
                {},
                std::vector<bool>(facts.columns.size(), true)};
  if (model == Model::state_durations) return stored;
  for (const LayoutColumn& each : std::span(facts.columns).subspan(1)) {
    Cell cell{Cell::Kind::own, {}, nullptr};
    if (each.refers_to == instant_table) {
      cell.kind = Cell::Kind::instant;
      cell.columns.push_back(column(each.name));
    } else if (!each.refers_to.empty()) {
      cell.kind = Cell::Kind::shared;
      cell.shared = &shared(each.refers_to);
      const auto of = cell.shared->columns();
      if (of.size() == 1)
        cell.columns.push_back(column(each.name));
      else
        for (const LayoutColumn& part : of) cell.columns.push_back(column(part.name));
    } else if (each.name == "dialog") {
      cell.kind = Cell::Kind::dialog;
      cell.columns.push_back(column("dialog_id"));
    } else if (each.name == "has_uuid") {
      cell.kind = Cell::Kind::has_uuid;
    } else {
      cell.columns.push_back(column(each.name));
    }
    stored.cells.push_back(std::move(cell));
  }
  return stored;
}

std::optional<std::int64_t> FactStore::component_of(const Owner& owner) {
  auto rows = owner_.query(owner[0], owner[1], owner[2]);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

void FactStore::remove(std::int64_t component) {
  for (Stored& table : tables_)
    table.remove.execute(first_id(table.model, component), last_id(table.model, component));
}

void FactStore::clear() {
  for (const Stored& table : tables_)
    execute_all(database_, "DELETE FROM main." + facts_of(table_of(table.model).stored));
  for (const LayoutTable& each : layout_tables())
    if (is_shared(each)) execute_all(database_, "DELETE FROM main." + std::string(each.name));
  forget();
}

void FactStore::forget() {
  for (auto& [name, rows] : shared_) rows.forget();
  instants_.forget();
}

std::int64_t FactStore::write(std::span<const Made> made) {
  std::vector<Made> fitting;
  for (const Made& each : made) {
    if (has_room(*each.facts)) {
      fitting.push_back(each);
      continue;
    }
    remove(each.component);
    crowded_.insert(each.component);
  }
  for (Stored& table : tables_)
    for (const Made& each : fitting) write_rows(table, each);
  return std::count_if(fitting.begin(), fitting.end(),
                       [](const Made& each) { return owner_of(*each.facts).has_value(); });
}

bool FactStore::has_room(const Facts& facts) {
  return std::all_of(std::begin(in_order), std::end(in_order), [&](Model model) {
    return static_cast<std::int64_t>(facts.rows(model).size()) <= most_rows;
  });
}

std::int64_t FactStore::write_apart(std::int64_t component, bool stays, const FactsOf& facts_of) {
  bool is_interaction = false, has_all_room = true;
  for (Stored& table : tables_) {
    std::size_t rows = 0;
    const Facts* facts = facts_of(table.model, 0);
    for (std::size_t part = 0; facts != nullptr && has_all_room; ++part) {
      // Only the first can be compared with what is there: the others find nothing.
      if (table.model == Model::interactions) is_interaction = owner_of(*facts).has_value();
      if (table.model == Model::dialogs) keep_dialogs(facts->rows(Model::dialogs), rows);
      const std::size_t all = rows + facts->rows(table.model).size();
      has_all_room = static_cast<std::int64_t>(all) <= most_rows;
      if (has_all_room) rows += write_rows(table, {component, facts, stays && part == 0}, rows);
      facts = facts_of(table.model, part + 1);
    }
    if (!has_all_room) break;
  }
  holds_dialogs_ = false;
  if (has_all_room) return is_interaction ? 1 : 0;
  remove(component);
  crowded_.insert(component);
  return 0;
}

// For the tables that name dialogs: the facts themselves go.
void FactStore::keep_dialogs(const RowSet& dialogs, std::size_t before) {
  if (before == 0) {
    dialogs_.clear();
    dialog_ids_.clear();
  }
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    dialogs_.try_emplace(dialog_ids_.keep(dialogs[i][Dialogs::column<"dialog_id">()].as_text()),
                         static_cast<std::int64_t>(before + i));
  holds_dialogs_ = true;
}

std::size_t FactStore::write_rows(Stored& table, const Made& made, std::size_t before) {
  const std::size_t count = begin(table, *made.facts);
  const std::int64_t first =
      first_id(table.model, made.component) + static_cast<std::int64_t>(before);
  const std::int64_t last = last_id(table.model, made.component);
  const auto make = [&](std::size_t number) {
    row_.assign(1, Value::integer(first + static_cast<std::int64_t>(number)));
    make_row(table, *made.facts, number);
  };
  if (!made.stays) {
    for (std::size_t i = 0; i < count; ++i) {
      make(i);
      insert_row(table);
    }
    return count;
  }
  std::vector<std::size_t> others;  // than what is there
  bool has_surplus = false;
  {
    auto stored = table.select.query(first, last);
    bool is_there = stored.next();
    for (std::size_t i = 0; i < count; ++i) {
      make(i);
      if (is_there && is_same(stored))
        is_there = stored.next();
      else
        others.push_back(i);
      while (is_there && stored.integer(0) <= row_[0].as_integer()) is_there = stored.next();
    }
    has_surplus = is_there;
  }
  if (has_surplus) table.remove.execute(first + static_cast<std::int64_t>(count), last);
  for (const std::size_t i : others) {
    make(i);
    table.remove.execute(row_[0].as_integer(), row_[0].as_integer());
    insert_row(table);
  }
  return count;
}

// How many rows of that table there are.
std::size_t FactStore::begin(const Stored& table, const Facts& facts) {
  const RowSet& rows = facts.rows(table.model);
  if (rows.size() == 0) return 0;
  const bool names_dialogs = table.model == Model::agent_events || table.model == Model::recordings;
  if (names_dialogs && !holds_dialogs_) find_dialogs(facts.rows(Model::dialogs));
  if (table.model != Model::state_durations) return rows.size();
  sides_ = sides_of(rows);
  return sides_.size();
}

void FactStore::make_row(const Stored& table, const Facts& facts, std::size_t number) {
  if (table.model == Model::state_durations) return make_side(sides_[number]);
  const auto row = facts.rows(table.model)[number];
  for (const Cell& cell : table.cells) row_.push_back(cell_of(cell, row));
}

// Basis, agent_id, then start, end and seconds of each state.
void FactStore::make_side(const Side& side) {
  constexpr auto start = Durations::column<"start_time">();
  static_assert(Durations::column<"end_time">() == start + 1 &&
                Durations::column<"seconds">() == start + 2 &&
                Durations::column<"basis">() == start + 3);
  values_.clear();
  for (const Value* cells : side.spans)
    values_.push_back(cells == nullptr ? Value() : cells[start + 3]);
  const auto basis = shared("fact_state_basis").id_of(values_);
  row_.push_back(basis ? Value::integer(*basis) : Value());
  row_.push_back(side.agent_id.empty() ? Value() : Value::text(side.agent_id));
  for (const Value* cells : side.spans) {
    const bool is_there = cells != nullptr;
    row_.push_back(is_there ? instants_.id_of(cells[start]) : Value());
    row_.push_back(is_there ? instants_.id_of(cells[start + 1]) : Value());
    row_.push_back(is_there ? cells[start + 2] : Value());
  }
}

void FactStore::insert_row(Stored& table) {
  for (std::size_t at = 0; at < row_.size(); ++at) {
    // Most columns of a wide row are NULL, and were in the one before.
    if (row_[at].is_null() && !table.bound[at]) continue;
    table.insert.bind(static_cast<int>(at + 1), row_[at]);
    table.bound[at] = !row_[at].is_null();
  }
  table.insert.execute();
}

bool FactStore::is_same(const Statement::Rows& stored) const {
  for (std::size_t at = 0; at < row_.size(); ++at)
    if (!is_same_value(stored, static_cast<int>(at), row_[at])) return false;
  return true;
}

Value FactStore::cell_of(const Cell& cell, std::span<const Value> row) {
  switch (cell.kind) {
    case Cell::Kind::own:
      return row[cell.columns[0]];
    case Cell::Kind::shared: {
      values_.clear();
      for (const std::size_t column : cell.columns) values_.push_back(row[column]);
      const auto id = cell.shared->id_of(values_);
      return id ? Value::integer(*id) : Value();
    }
    case Cell::Kind::instant:
      return instants_.id_of(row[cell.columns[0]]);
    case Cell::Kind::dialog:
      return number_of_dialog(row[cell.columns[0]]);
    case Cell::Kind::has_uuid: {
      const Value& uuid = row[Dialogs::column<"dialog_uuid">()];
      if (uuid.is_null()) return {};
      if (uuid.as_text() != row[Dialogs::column<"dialog_id">()].as_text())
        throw Error("a dialog's dialog_uuid is not its dialog_id");
      return Value::integer(1);
    }
  }
  return {};
}

void FactStore::find_dialogs(const RowSet& dialogs) {
  dialogs_.clear();
  for (std::size_t i = 0; i < dialogs.size(); ++i)
    dialogs_.try_emplace(dialogs[i][Dialogs::column<"dialog_id">()].as_text(),
                         static_cast<std::int64_t>(i));
}

Value FactStore::number_of_dialog(const Value& id) const {
  if (id.is_null()) return {};
  const auto found = dialogs_.find(id.as_text());
  if (found == dialogs_.end())
    throw Error("a row names a dialog that its interaction does not have");
  return Value::integer(found->second);
}

// In the order in which they stand, the interaction's own first.
std::vector<FactStore::Side> FactStore::sides_of(const RowSet& rows) {
  constexpr auto agent_id = Durations::column<"agent_id">();
  constexpr auto state = Durations::column<"state">();
  std::vector<Side> sides(1);
  std::unordered_map<std::string_view, std::size_t> side_of{{"", 0}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Value* const cells = rows[i].data();
    const std::size_t at = state_index(cells[state].as_text());
    const std::string_view agent =
        cells[agent_id].is_null() ? std::string_view() : cells[agent_id].as_text();
    std::size_t& side = side_of.try_emplace(agent, sides.size()).first->second;
    if (side < sides.size() && sides[side].spans[at] != nullptr) side = sides.size();
    if (side == sides.size()) sides.push_back({agent, {}});
    sides[side].spans[at] = cells;
  }
  return sides;
}

}  // namespace cdr::ext
