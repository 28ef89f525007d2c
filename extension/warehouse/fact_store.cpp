#include "extension/warehouse/fact_store.hpp"

#include <string>

#include "core/error.hpp"

namespace cdr::ext {
namespace {

using Dialogs = Row<Model::dialogs>;
using Durations = Row<Model::state_durations>;

// Interactions first, and dialogs before what names them.
constexpr Model stored_by_row[] = {
    Model::interactions, Model::dialogs,    Model::agent_events,
    Model::queue_events, Model::ivr_events, Model::customer_events,
    Model::queue_visits, Model::recordings, Model::agent_states,
};

constexpr std::string_view span_table = "fact_state_span";

std::string insert_into(const LayoutTable& table) {
  std::string list;
  for (std::size_t i = 1; i <= table.columns.size(); ++i)
    list.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
  return "INSERT INTO main." + std::string(table.name) + " VALUES (" + list + ")";
}

std::string delete_from(const LayoutTable& table) {
  return "DELETE FROM main." + std::string(table.name) + " WHERE " +
         std::string(table.columns.front().name) + " BETWEEN ?1 AND ?2";
}

// An interaction's row has its component's number, and the others theirs in it.
bool is_numbered(Model model) {
  return model != Model::interactions;
}

std::int64_t row_id(std::int64_t component, std::size_t number) {
  const std::int64_t id = first_row(component) + static_cast<std::int64_t>(number);
  if (id > last_row(component))
    throw Error("one interaction has more than " + std::to_string(1 << row_bits) +
                " rows of a table, which is more than the warehouse keeps of one");
  return id;
}

// component, basis, agent_id, then start, end and seconds of each state.
constexpr int span_head = 3;

std::size_t state_index(std::string_view name) {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].name == name) return i;
  return states.size();
}

// One side's row of fact_state_span.
struct Side {
  std::string_view agent_id;
  std::array<const Value*, state_count> spans{};  // a row of state_durations
};

// In the order in which they stand, the interaction's own first.
std::vector<Side> sides_of(const RowSet& rows) {
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

}  // namespace

std::optional<Owner> owner_of(const Facts& facts) {
  const RowSet& rows = facts.rows(Model::interactions);
  if (rows.size() == 0) return std::nullopt;
  return Owner{rows[0][0], rows[0][1], rows[0][2]};
}

FactStore::FactStore(sqlite3* database)
    : database_(database),
      instants_(database),
      add_state_span_(database, insert_into(layout_table(span_table))),
      remove_state_spans_(database, delete_from(layout_table(span_table))) {
  for (const LayoutTable& each : layout_tables())
    if (is_shared(each) && each.name != instant_table)
      shared_.emplace(std::piecewise_construct, std::forward_as_tuple(each.name),
                      std::forward_as_tuple(database, each));
  for (const Model model : stored_by_row) tables_.push_back(stored(model));
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
                Statement(database_, delete_from(facts)),
                {},
                std::vector<bool>(facts.columns.size(), true)};
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

void FactStore::remove(std::int64_t component) {
  remove_state_spans_.execute(first_row(component), last_row(component));
  for (Stored& table : tables_)
    if (is_numbered(table.model))
      table.remove.execute(first_row(component), last_row(component));
    else
      table.remove.execute(component, component);
}

void FactStore::clear() {
  execute_all(database_, "DELETE FROM main." + std::string(span_table));
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
  for (Stored& table : tables_)
    for (const Made& each : made) write_rows(table, each);
  std::int64_t interactions = 0;
  for (const Made& each : made) {
    write_state_spans(each);
    if (owner_of(*each.facts)) ++interactions;
  }
  return interactions;
}

void FactStore::bind(Stored& table, std::size_t at, const Value& value) {
  // Most columns of a wide row are NULL, and were in the one before.
  if (value.is_null() && !table.bound[at]) return;
  table.insert.bind(static_cast<int>(at + 1), value);
  table.bound[at] = !value.is_null();
}

void FactStore::write_rows(Stored& table, const Made& made) {
  const RowSet& rows = made.facts->rows(table.model);
  if (rows.size() == 0) return;
  if (table.model == Model::agent_events || table.model == Model::recordings)
    find_dialogs(made.facts->rows(Model::dialogs));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    table.insert.bind(1, is_numbered(table.model) ? row_id(made.component, i) : made.component);
    for (std::size_t at = 0; at < table.cells.size(); ++at)
      bind(table, at + 1, cell_of(table.cells[at], rows[i]));
    table.insert.execute();
  }
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

void FactStore::write_state_spans(const Made& made) {
  constexpr auto start = Durations::column<"start_time">();
  static_assert(Durations::column<"end_time">() == start + 1 &&
                Durations::column<"seconds">() == start + 2 &&
                Durations::column<"basis">() == start + 3);
  const RowSet& rows = made.facts->rows(Model::state_durations);
  if (rows.size() == 0) return;
  const std::vector<Side> sides = sides_of(rows);
  SharedRows& bases = shared("fact_state_basis");
  for (std::size_t side = 0; side < sides.size(); ++side) {
    values_.clear();
    int at = span_head;
    for (const Value* cells : sides[side].spans) {
      const bool is_there = cells != nullptr;
      add_state_span_.bind(++at, is_there ? instants_.id_of(cells[start]) : Value());
      add_state_span_.bind(++at, is_there ? instants_.id_of(cells[start + 1]) : Value());
      add_state_span_.bind(++at, is_there ? cells[start + 2] : Value());
      values_.push_back(is_there ? cells[start + 3] : Value());
    }
    const std::string_view agent = sides[side].agent_id;
    add_state_span_.bind(1, row_id(made.component, side));
    add_state_span_.bind(2, bases.id_of(values_));
    add_state_span_.bind(3, agent.empty() ? Value() : Value::text(agent));
    add_state_span_.execute();
  }
}

}  // namespace cdr::ext
