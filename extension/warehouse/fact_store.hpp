// The rows of the model in the file: a component's are replaced as a whole.
//
// Where a column goes says sql/schema.sql: into the table of the facts as it is, or into a row that
// many facts share, of which the fact keeps the id.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "extension/statement.hpp"
#include "extension/warehouse/shared_rows.hpp"
#include "model/facts.hpp"

namespace cdr::ext {

// The interaction that these facts are of: vendor, source and interaction_id; nullopt when there is
// none. An agent's state may name an interaction, but the call's own records make that.
using Owner = std::array<Value, 3>;
std::optional<Owner> owner_of(const Facts& facts);

class FactStore {
 public:
  explicit FactStore(sqlite3* database);

  // Whose facts have that interaction.
  std::optional<std::int64_t> component_of(const Owner& owner);
  // Deletes what was made of those records, if anything was.
  void remove(std::int64_t component);
  // What is made of a set of records.
  struct Made {
    std::int64_t component;
    const Facts* facts;
    bool stays;  // what was made of them before is still there: rows that are the same are left
  };
  // Writes it, a table after the other. Gives how many of them are interactions.
  std::int64_t write(std::span<const Made> made);
  // Writes what is made of a component of which not all facts should be held at a time: `facts_of`
  // gives those of one table, in as many parts as it likes and null behind the last; each is valid
  // until it is asked for the next.
  using FactsOf = std::function<const Facts*(Model, std::size_t part)>;
  std::int64_t write_apart(std::int64_t component, bool stays, const FactsOf& facts_of);
  // Whether the tables have room for all that is made of one component. Where they have not,
  // nothing of it is written, and crowded() says so.
  static bool has_room(const Facts& facts);
  // Components that nothing was written of since the last call.
  std::set<std::int64_t> take_crowded() { return std::exchange(crowded_, {}); }
  // A component's rows in one table; tests set it to fewer.
  static inline std::int64_t most_rows = std::int64_t{1} << row_bits;
  // Deletes everything.
  void clear();
  // Another one may have written, or what was written is undone.
  void forget();

 private:
  // A parameter of a table's INSERT.
  struct Cell {
    enum class Kind : std::uint8_t { own, shared, instant, dialog, has_uuid };
    Kind kind;
    std::vector<std::size_t> columns;  // of the model that it is made of
    SharedRows* shared = nullptr;
  };
  struct Stored {
    Model model;
    Statement insert, select, remove;
    std::vector<Cell> cells;  // behind the id; of state_durations, whose rows are several's, none
    std::vector<bool> bound;  // parameters that hold a value since the last row
  };
  // One side's row of fact_state_span: a row of state_durations for each state that it has.
  struct Side {
    std::string_view agent_id;
    std::array<const Value*, state_count> spans{};
  };
  static std::vector<Side> sides_of(const RowSet& rows);
  Stored stored(Model model);
  SharedRows& shared(std::string_view name);
  // `before`: rows that the table has of the component from earlier parts.
  std::size_t write_rows(Stored& table, const Made& made, std::size_t before = 0);
  void keep_dialogs(const RowSet& dialogs, std::size_t before);
  std::size_t begin(const Stored& table, const Facts& facts);
  void make_row(const Stored& table, const Facts& facts, std::size_t number);
  void make_side(const Side& side);
  void insert_row(Stored& table);
  bool is_same(const Statement::Rows& stored) const;
  Value cell_of(const Cell& cell, std::span<const Value> row);
  void find_dialogs(const RowSet& dialogs);
  Value number_of_dialog(const Value& id) const;

  sqlite3* database_;
  std::map<std::string_view, SharedRows> shared_;
  SharedInstants instants_;
  std::vector<Stored> tables_;
  Statement owner_;
  std::unordered_map<std::string_view, std::int64_t> dialogs_;  // of a component: ids and numbers
  std::set<std::int64_t> crowded_;
  Arena dialog_ids_;
  bool holds_dialogs_ = false;  // dialogs_ is of the component that is written apart
  std::vector<Side> sides_;     // of a component
  std::vector<Value> row_;      // that is written, its id first
  std::vector<Value> values_;   // of a shared row
};

}  // namespace cdr::ext
