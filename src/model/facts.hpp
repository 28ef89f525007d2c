// The content of a vendor's records as rows of the model. A vendor's mapping fills them, the tables
// read them.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/arena.hpp"
#include "core/value.hpp"
#include "model/tables.hpp"

namespace cdr {

// The tables and columns that a caller will read, so that a mapping can leave out the rest. The
// mapping may also fill more.
struct Wanted {
  std::array<bool, model_count> tables{};
  ColumnSet columns = ColumnSet::all();  // of the one wanted table; all if several are wanted

  static Wanted everything() {
    Wanted wanted;
    wanted.tables.fill(true);
    return wanted;
  }
  static Wanted only(Model model, ColumnSet columns) {
    Wanted wanted;
    wanted.tables[static_cast<std::size_t>(model)] = true;
    wanted.columns = columns;
    return wanted;
  }
  bool table(Model model) const { return tables[static_cast<std::size_t>(model)]; }
};

// The rows of one table, cells side by side.
class RowSet {
 public:
  explicit RowSet(const Table& table) : table_(&table) {}
  const Table& table() const { return *table_; }
  std::size_t width() const { return table_->columns.size(); }
  std::size_t size() const { return size_; }
  std::span<const Value> operator[](std::size_t row) const {
    return {&cells_[row * width()], width()};
  }
  std::span<Value> at(std::size_t row) { return {&cells_[row * width()], width()}; }
  std::size_t add() {
    const std::size_t begin = size_ * width();
    if (cells_.size() < begin + width()) cells_.resize(begin + width());
    std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>(begin), width(), Value());
    return size_++;
  }
  void clear() { size_ = 0; }

 private:
  const Table* table_;
  std::vector<Value> cells_;  // may have more than the rows in use
  std::size_t size_ = 0;
};

class Facts;

// A handle on one row. Its columns are named at compile time: row.set<"event">(text). It stays
// valid while rows are added.
template <Model M>
class Row {
 public:
  template <Literal Name>
  static consteval std::size_t column() {
    constexpr int at = table_of(M).find(Name.view());
    static_assert(at >= 0, "no such column in this table");
    return static_cast<std::size_t>(at);
  }
  template <Literal Name>
  void set(Value value) const {
    cells()[column<Name>()] = value;
  }
  template <Literal Name>
  void set(std::string_view text) const {  // "" stays NULL: not provided
    if (!text.empty()) cells()[column<Name>()] = Value::text(text);
  }
  template <Literal Name>
  void set(std::optional<double> number) const {
    if (number) cells()[column<Name>()] = Value::real(*number);
  }
  template <Literal Name>
  void set_integer(std::optional<std::int64_t> number) const {
    if (number) cells()[column<Name>()] = Value::integer(*number);
  }
  template <Literal Name>
  void set(std::optional<Instant> instant) const;  // canonical UTC text
  std::span<Value> cells() const { return rows_->at(row_); }
  Facts& facts() const { return *facts_; }

 private:
  friend class Facts;
  Row(Facts* facts, RowSet* rows, std::size_t row) : facts_(facts), rows_(rows), row_(row) {}
  Facts* facts_;
  RowSet* rows_;
  std::size_t row_;
};

class Facts {
 public:
  Facts() {
    rows_.reserve(model_count);
    for (const Table& table : model_tables) rows_.emplace_back(table);
  }
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  // Keeps text that the mapping makes; text of a record's Document needs no copy.
  Arena& arena() { return arena_; }

  // Sets the first columns of every row added from now on. "" becomes NULL. The text is copied.
  void identify(std::string_view vendor, std::string_view source, std::string_view interaction_id) {
    const auto keep = [&](std::string_view text) {
      return text.empty() ? Value() : Value::text(arena_.keep(text));
    };
    identity_ = {keep(vendor), keep(source), keep(interaction_id)};
  }

  template <Model M>
  Row<M> add() {
    RowSet& set = rows_[static_cast<std::size_t>(M)];
    const std::size_t row = set.add();
    std::copy(identity_.begin(), identity_.end(), set.at(row).begin());
    return {this, &set, row};
  }

  RowSet& rows(Model model) { return rows_[static_cast<std::size_t>(model)]; }
  const RowSet& rows(Model model) const { return rows_[static_cast<std::size_t>(model)]; }
  void clear() {
    for (RowSet& set : rows_) set.clear();
    arena_.clear();
  }

  // Adds a row of state_durations for each state that is present. agent_id "" is the interaction.
  void add_states(std::string_view agent_id, const StateSpans& spans);

  // Sets the *_seconds columns that every table with states has, and handle_seconds if it has that.
  template <Model M>
  void set_states(const Row<M>& row, const StateSpans& spans) {
    static constexpr auto columns = [] {
      std::array<int, state_count> found{};
      for (std::size_t i = 0; i < state_count; ++i) found[i] = table_of(M).find(states[i].column);
      return found;
    }();
    static constexpr int handle_column = table_of(M).find("handle_seconds");
    const auto set = [&row](int column, std::optional<double> seconds) {
      if (column >= 0 && seconds)
        row.cells()[static_cast<std::size_t>(column)] = Value::real(*seconds);
    };
    for (std::size_t i = 0; i < state_count; ++i) set(columns[i], spans.seconds(states[i].state));
    set(handle_column, spans.handle_seconds());
  }

 private:
  Arena arena_;
  std::vector<RowSet> rows_;
  std::array<Value, 3> identity_;
};

template <Model M>
template <Literal Name>
void Row<M>::set(std::optional<Instant> instant) const {
  if (instant) cells()[column<Name>()] = Value::text(format_time(*instant, facts_->arena()));
}

}  // namespace cdr
