// Interactions of a warehouse with all their rows, as they are sent: blocks of rows in ClickHouse's
// RowBinary, and a hash of the whole content of each interaction.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cli/push/schema.hpp"

namespace cdr::cli::push {

using Identity = std::array<std::uint64_t, 2>;
// The text of a UUID as ClickHouse writes it.
std::string uuid(const Identity& identity);

struct Rows {
  std::uint32_t table = 0;
  std::uint32_t count = 0;
  std::string bytes;  // complete rows
};

struct Name {
  Identity identity{};
  std::uint64_t key = 0;  // interaction_key of the target
};

// An interaction, or a day of an agent's states.
struct Unit : Name {
  std::int64_t local_key = 0;
  std::uint64_t content = 0;  // hash of all rows
  std::uint64_t rank = 0;
  std::vector<Rows> rows;
  // The names it would have at another site that knows only some of its records.
  std::vector<Name> parts;
};

class Warehouse {
 public:
  // The SELECT of all columns of a table, anonymised or not.
  using Select = std::function<std::string(const std::string& table)>;
  Warehouse(SQLite::Database& database, const std::vector<Table>& tables, Dialect dialect,
            const Select& select);

  // The interactions with these (sorted) keys; keys without an interaction are skipped.
  std::vector<Unit> interactions(std::span<const std::int64_t> keys);
  // Every day of an agent's states, in no particular order.
  void agent_days(const std::function<void(Unit&&)>& take);

  // The number of times outside ClickHouse's range, which were sent as NULL.
  std::uint64_t times_left_out() const { return times_left_out_; }

 private:
  struct Source {
    std::string select;
    std::vector<int> indexes;  // of the table's columns in the SELECT
  };
  struct Draft {
    std::uint32_t table;
    std::string row;  // without content, day and n
    std::uint16_t day;
  };

  std::uint16_t append_row(std::string& row, std::size_t table, SQLite::Statement& statement,
                           std::uint64_t key);
  void append(std::string& row, const Column& column, const SQLite::Column& value);
  std::int64_t append_time(std::string& row, const SQLite::Column& value);
  // An interaction with the texts that form its name.
  struct Named {
    Unit unit;
    std::string vendor, source, id;
  };
  void add_records(std::span<Named> found, std::span<const std::int64_t> keys);
  static void finish(Unit& unit, std::vector<Draft>& drafts);

  SQLite::Database& database_;
  const std::vector<Table>& tables_;
  Dialect dialect_;
  std::vector<Source> sources_;  // one per table
  std::uint64_t times_left_out_ = 0;
};

}  // namespace cdr::cli::push
