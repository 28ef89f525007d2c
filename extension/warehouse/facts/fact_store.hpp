// The rows of the model in the file. A component's rows are replaced as a whole.
//
// sql/schema.sql determines where a column is stored: in the table of the facts itself, or in a
// shared row, whose id the fact keeps.
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

#include "extension/binding/bulk_insert.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/facts/figures.hpp"
#include "extension/warehouse/facts/shared_rows.hpp"
#include "model/facts.hpp"

namespace cdr::ext {

// The interaction of these facts: vendor, source and interaction_id; nullopt if there is none. An
// agent's state may name an interaction, but only the call's own records create it.
using Owner = std::array<Value, 3>;
std::optional<Owner> owner_of(const Facts& facts);

class FactStore {
 public:
  explicit FactStore(sqlite3* database);

  // Below, `import_id` is the import, erasure or rebuild that changes rows. It becomes the
  // last_import of the interactions that it changes.

  // For facts that are written again from the same records: `known` has, by key, the last_import
  // that an interaction keeps.
  void keep_imports(std::unordered_map<std::int64_t, std::int64_t> known) {
    known_imports_ = std::move(known);
  }

  // The component whose facts have that interaction.
  std::optional<std::int64_t> component_of(const Owner& owner);
  enum class Trace : bool { keep, erase };
  // Deletes the facts that were made from a component's records, if any. Adds a deleted interaction
  // to removed_interaction, without its id if `trace` is Trace::erase.
  void remove(std::int64_t component, std::int64_t import_id, Trace trace = Trace::keep);
  // The facts that are made of a set of records.
  struct Made {
    std::int64_t component;
    const Facts* facts;
    bool stays;  // the former facts are still there; equal rows are not written again
    std::int64_t import_id;
  };
  // Makes the rows of these facts, as the tables hold them, except for ids of shared rows, and what
  // they add to the figures, whose limits() these are. It does not use the file, so another thread
  // may call it.
  class MadeRows;
  void make(std::span<const Made> made, const LimitsOf& limits, MadeRows& rows) const;
  // Writes them, one table after the other. `rows` are those that make() made.
  void write(std::span<const Made> made, MadeRows& rows);
  // Writes a component whose facts are too many to hold at once: `facts_of` returns those of one
  // table, in any number of parts, and null after the last. Each part is valid until the next call.
  // If `stays` is set, no table may come in several parts. Returns whether it is an interaction.
  using FactsOf = std::function<const Facts*(Model, std::size_t part)>;
  bool write_apart(std::int64_t component, std::int64_t import_id, bool stays,
                   const FactsOf& facts_of);
  // Whether the tables have room for all facts of one component. If not, none of its facts is
  // written, and take_crowded() reports the component.
  static bool has_room(const Facts& facts);
  // Whether writing the facts makes an interaction.
  static bool is_interaction(const Facts& facts);
  // Components of which nothing was written, since the last call.
  std::set<std::int64_t> take_crowded() { return std::exchange(crowded_, {}); }
  // The most rows of a component in one table; tests set it to fewer.
  static inline std::int64_t most_rows = std::int64_t{1} << row_bits;
  // Deletes everything.
  void clear();
  // Call it if another connection may have written, or if the writes were undone.
  void forget();
  // The figures of the facts. They are notified of everything that is written here.
  Figures& figures() { return figures_; }

 private:
  // A column of a stored table.
  struct Cell {
    enum class Kind : std::uint8_t {
      own,
      shared,
      dialog,
      has_uuid,
      component,
      interaction_key,
      number,
      last_import
    };
    Kind kind;
    std::vector<std::size_t> columns;  // of the model table that it is made from
    SharedRows* shared = nullptr;
  };
  struct Stored {
    Model model;
    BulkInsert insert;
    Statement write_over, select, remove;  // write_over: of interactions only
    std::vector<Cell> cells;               // of each column
  };
  // The component that a row is made from, and the row's number among the component's rows in its
  // table.
  struct Place {
    std::int64_t component, number, import_id;
    bool has_interaction;
  };
  Stored stored(Model model);
  Cell cell(const Table& table, const LayoutTable& facts, const LayoutColumn& column);
  SharedRows& shared(std::string_view name);
  // A cell that is NULL until the id of the shared row is known.
  struct Missing {
    std::size_t at;
    const Cell* cell;
    std::span<const Value> row;  // of the facts
    SharedRows::Hash hash;
  };
  // The rows of one table, and which of them each of several components has.
  struct TableRows {
    std::vector<Value> cells;
    std::vector<Missing> missing;
    struct Begin {
      std::size_t cell = 0, missing = 0;
    };
    std::vector<Begin> begins;  // of each component, and the end of the last one

    void clear() {
      cells.clear();
      missing.clear();
      begins.assign(1, {});
    }
  };
  // The numbers of a component's dialogs.
  using DialogNumbers = std::unordered_map<std::string_view, std::int64_t>;
  struct Scratch {
    DialogNumbers dialogs;
    std::vector<Value> values;
    std::string spelled;
  };
  // Some of the rows that a component's facts have. `before` other rows precede these in the table.
  struct Part {
    std::size_t first = 0, count = ~std::size_t{0}, before = 0;
  };
  // Adds them.
  void make_rows(const Stored& table, const Made& made, const Part& part,
                 const DialogNumbers& dialogs, Scratch& scratch, TableRows& to) const;
  Value cell_of(const Cell& cell, std::span<const Value> row, const Place& place,
                const DialogNumbers& dialogs) const;
  // The values of the shared row that a cell refers to.
  static void gather(const Cell& cell, std::span<const Value> row, std::vector<Value>& to);
  // Finds the ids that component `number` of the rows lacks, and returns its cells.
  std::span<const Value> complete(TableRows& rows, std::size_t number);
  enum class Change : bool { none, some };
  // The cells of a component's rows, a block of rows for each number from 0; empty after the last.
  // They are valid until the next call.
  using Blocks = std::function<std::span<const Value>(std::size_t number)>;
  static constexpr std::size_t rows_at_once = 1024;
  // The result compares with the rows that were there before.
  Change write_rows(Stored& table, const Made& made, const Blocks& block_of);
  static bool is_there(Stored& table, const Made& made, const Blocks& block_of);
  void keep_dialogs(const RowSet& dialogs, std::size_t before);
  void write_added(Stored& table);
  static bool is_same(const Stored& table, const Statement::Rows& stored,
                      std::span<const Value> row);
  std::int64_t import_of(const Place& place) const;
  void note_removal(std::int64_t component, std::int64_t import_id, Trace trace = Trace::keep);
  void note_insertion(Stored& interactions, std::int64_t component);
  static void find_dialogs(const RowSet& dialogs, DialogNumbers& numbers);

  sqlite3* database_;
  Figures figures_;
  std::map<std::string_view, SharedRows> shared_;
  std::vector<Stored> tables_;
  Statement owner_, note_removal_, forget_removal_, set_import_;
  std::unordered_map<std::int64_t, std::int64_t> known_imports_;
  // Interactions since the last forget(), with the import that removed them.
  std::unordered_map<std::int64_t, std::int64_t> removed_;
  DialogNumbers dialogs_;  // of the component that is written apart
  std::set<std::int64_t> crowded_;
  Arena dialog_ids_;
  bool is_cleared_ = false;    // rows that are written now are made again, not changed
  std::vector<Value> values_;  // of a shared row
};

class FactStore::MadeRows {
 private:
  friend class FactStore;
  std::array<TableRows, model_count> tables_;  // in the order in which they are written
  Pieces pieces_;
  Scratch scratch_;
};

}  // namespace cdr::ext
