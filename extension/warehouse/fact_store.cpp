#include "extension/warehouse/fact_store.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace cdr::ext {
namespace {

using Durations = Row<Model::state_durations>;

constexpr Model stored_by_row[] = {
    Model::interactions, Model::dialogs,         Model::agent_events, Model::queue_events,
    Model::ivr_events,   Model::customer_events, Model::queue_visits, Model::recordings,
};

constexpr const char* of_interaction = " WHERE interaction_id = ?1 AND vendor = ?2 AND source = ?3";

std::string placeholders(std::size_t count) {
  std::string list;
  for (std::size_t i = 1; i <= count; ++i)
    list.append(i == 1 ? "?" : ", ?").append(std::to_string(i));
  return list;
}

// vendor, source, interaction_id, side, agent_id, then four columns a state.
constexpr std::size_t span_head = 5;
constexpr std::size_t span_columns = 4;

std::size_t state_index(std::string_view name) {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].name == name) return i;
  return states.size();
}

// One side's row of state_span.
struct Side {
  std::string_view agent_id;
  std::array<const Value*, state_count> spans{};  // a row of state_durations
};

}  // namespace

std::optional<Owner> owner_of(const Facts& facts) {
  std::optional<Owner> found;
  for (std::size_t i = 0; i < model_count; ++i) {
    const RowSet& rows = facts.rows(static_cast<Model>(i));
    if (rows.size() == 0) continue;
    const bool names_its_own = static_cast<Model>(i) != Model::agent_states;
    const Owner owner{rows[0][0], rows[0][1], names_its_own ? rows[0][2] : Value()};
    if (!owner[2].is_null()) return owner;
    if (!found) found = owner;
  }
  return found;
}

FactStore::FactStore(sqlite3* database)
    : database_(database),
      component_(database,
                 "SELECT interaction_id, vendor, source FROM main.component WHERE id = ?1"),
      add_component_(database, "INSERT INTO main.component VALUES (?1, ?2, ?3, ?4)"),
      remove_component_(database, "DELETE FROM main.component WHERE id = ?1"),
      add_state_span_(database, "INSERT INTO main.state_span VALUES (" +
                                    placeholders(span_head + span_columns * state_count) + ")"),
      remove_state_spans_(database, std::string("DELETE FROM main.state_span") + of_interaction),
      add_agent_state_(database,
                       "INSERT INTO main.agent_state_span VALUES (" +
                           placeholders(2 + table_of(Model::agent_states).columns.size()) + ")"),
      remove_agent_states_(database, "DELETE FROM main.agent_state_span WHERE component = ?1") {
  for (const Model model : stored_by_row) {
    const std::string name(table_of(model).stored);
    Stored table{model, {}, {}, std::vector<bool>(table_of(model).columns.size(), true)};
    table.insert = Statement(database, "INSERT INTO main." + name + " VALUES (" +
                                           placeholders(table.bound.size()) + ")");
    table.remove = Statement(database, "DELETE FROM main." + name + of_interaction);
    tables_.push_back(std::move(table));
  }
}

void FactStore::remove(std::int64_t component) {
  {
    auto rows = component_.query(component);
    if (!rows.next()) return;
    if (!rows.is_null(0)) {
      remove_state_spans_.execute(rows.text(0), rows.text(1), rows.text(2));
      // Interactions last: the others refer to them.
      for (auto table = tables_.rbegin(); table != tables_.rend(); ++table)
        table->remove.execute(rows.text(0), rows.text(1), rows.text(2));
    }
  }
  remove_agent_states_.execute(component);
  remove_component_.execute(component);
}

void FactStore::clear() {
  execute_all(database_,
              "DELETE FROM main.state_span; DELETE FROM main.agent_state_span;"
              "DELETE FROM main.component");
  for (auto table = tables_.rbegin(); table != tables_.rend(); ++table)
    execute_all(database_, "DELETE FROM main." + std::string(table_of(table->model).stored));
}

std::int64_t FactStore::write(std::span<const Made> made) {
  std::int64_t interactions = 0;
  for (const auto& [component, facts] : made) {
    const auto row = owner_of(*facts);
    if (!row) continue;  // then no table has any
    add_component_.execute(component, (*row)[0], (*row)[1], (*row)[2]);
    if (facts->rows(Model::interactions).size() > 0) ++interactions;
  }
  for (Stored& table : tables_)
    for (const Made& each : made) write_rows(table, each.facts->rows(table.model));
  for (const Made& each : made) write_state_spans(each.facts->rows(Model::state_durations));
  for (const auto& [component, facts] : made)
    write_agent_states(component, facts->rows(Model::agent_states));
  return interactions;
}

void FactStore::write_rows(Stored& table, const RowSet& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto cells = rows[i];
    for (std::size_t at = 0; at < cells.size(); ++at) {
      // Most columns of a wide row are NULL, and were in the one before.
      if (cells[at].is_null() && !table.bound[at]) continue;
      table.insert.bind(static_cast<int>(at + 1), cells[at]);
      table.bound[at] = !cells[at].is_null();
    }
    table.insert.execute();
  }
}

void FactStore::write_state_spans(const RowSet& rows) {
  constexpr auto agent_id = Durations::column<"agent_id">();
  constexpr auto state = Durations::column<"state">();
  constexpr auto start = Durations::column<"start_time">();
  static_assert(Durations::column<"end_time">() == start + 1 &&
                Durations::column<"seconds">() == start + 2 &&
                Durations::column<"basis">() == start + 3);
  if (rows.size() == 0) return;
  std::vector<Side> sides(1);  // the interaction's comes first, and is there in any case
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
  for (std::size_t side = 0; side < sides.size(); ++side) {
    for (int i = 0; i < 3; ++i) add_state_span_.bind(i + 1, rows[0][static_cast<std::size_t>(i)]);
    add_state_span_.bind(4, std::uint64_t{side});
    add_state_span_.bind(
        5, sides[side].agent_id.empty() ? Value() : Value::text(sides[side].agent_id));
    int at = static_cast<int>(span_head);
    for (const Value* cells : sides[side].spans)
      for (std::size_t i = 0; i < span_columns; ++i)
        add_state_span_.bind(++at, cells == nullptr ? Value() : cells[start + i]);
    add_state_span_.execute();
  }
}

void FactStore::write_agent_states(std::int64_t component, const RowSet& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    int at = 2;
    for (const Value& cell : rows[i]) add_agent_state_.bind(++at, cell);
    add_agent_state_.execute(component, std::uint64_t{i});
  }
}

}  // namespace cdr::ext
