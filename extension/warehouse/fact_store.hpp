// The stored tables of the model: an interaction's rows replaced as a whole.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "extension/statement.hpp"
#include "model/facts.hpp"

namespace cdr::ext {

// Whose facts these are: vendor, source and the interaction that they make, NULL when they make
// none; nullopt when there are no facts. An agent's state may name an interaction, but the call's
// own records make that.
using Owner = std::array<Value, 3>;
std::optional<Owner> owner_of(const Facts& facts);

class FactStore {
 public:
  explicit FactStore(sqlite3* database);

  // Deletes what was made of those records, if anything was.
  void remove(std::int64_t component);
  // What is made of a set of records.
  struct Made {
    std::int64_t component;
    const Facts* facts;
  };
  // Writes it, a table after the other. Gives how many of them are interactions.
  std::int64_t write(std::span<const Made> made);
  // Deletes everything.
  void clear();

 private:
  struct Stored {  // a model table that is stored row by row
    Model model;
    Statement insert;
    Statement remove;         // by interaction
    std::vector<bool> bound;  // columns that hold a value since the last row
  };
  void write_rows(Stored& table, const RowSet& rows);
  void write_state_spans(const RowSet& rows);
  void write_agent_states(std::int64_t component, const RowSet& rows);

  sqlite3* database_;
  std::vector<Stored> tables_;
  Statement component_, add_component_, remove_component_;
  Statement add_state_span_, remove_state_spans_, add_agent_state_, remove_agent_states_;
};

}  // namespace cdr::ext
