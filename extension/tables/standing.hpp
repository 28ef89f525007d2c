// The state of the file that a reader of the warehouse found before it prepared its statements, and
// whether the state still holds. Checking takes less time than preparing them again.
//
// It also refuses a statement that writes to a table which is read here. If a statement reads the
// table that it writes to, SQLite sets the rows aside first. But SQLite does not see a table behind
// a virtual one: INSERT INTO interaction SELECT … FROM interactions would read its own rows,
// without end.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extension/binding/moment.hpp"
#include "extension/binding/reprepare_probe.hpp"
#include "extension/binding/statement.hpp"

namespace cdr::ext {

class Standing {
 public:
  // `tables` is empty for a reader of any table. Throws Error unless main is a warehouse of this
  // format whose `tables` are what cdr_init() made, or if a running statement writes to one of them. The message begins with `who`.
  Standing(sqlite3* database, const std::vector<std::string_view>& tables, std::string_view who);
  // Whether the schema and the format are still the ones that were found, and the host has set no
  // authorizer since. Throws Error if a running statement writes to one of the tables.
  bool holds();
  // Whether all columns of the tables can be read. If an authorizer hides one, what is read or
  // prepared now must not be kept: the host can remove the authorizer, and nothing tells of that.
  bool is_complete() const { return is_complete_; }
  // The moment in which they were last found; nullopt: the schema may change without the moment's
  // doing so.
  const std::optional<Moment>& found_at() const { return found_at_; }

 private:
  static std::string answer(Statement& question);
  std::optional<Moment> lasting_moment() const;
  void refuse_writing();
  std::string_view table_written_by(std::string_view sql) const;

  sqlite3* database_;
  std::vector<std::string_view> tables_;
  std::string who_;
  ReprepareProbe probe_;
  bool is_complete_;
  Statement schema_version_, format_;
  std::array<std::string, 2> found_;
  std::optional<Moment> found_at_;
  // The last statement that was found harmless, in one run: a subquery may start again for every
  // row. While it runs, the connection's count of changes stays the same.
  struct Run {
    std::string sql;
    int count = 0;
    std::int64_t changes = 0;
    bool operator==(const Run&) const = default;
  };
  Run harmless_;
};

}  // namespace cdr::ext
