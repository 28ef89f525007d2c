// What libcdr keeps of one connection of the host: the settings that a call could not put back at
// once, and what it has read (columns/cache.hpp). There is one case of the former. Where memory ran
// out inside a call, SQLite refuses every statement of the connection until the statement that made
// the call has ended; the next call of any libcdr function then puts the setting back.
//
// SQLite owns it: each registered function holds one reference, which goes with the function.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "extension/binding/setting.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

class Connection {
 public:
  explicit Connection(sqlite3* database) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void hold() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void let_go() noexcept;

  // Of that database; null where libcdr is not registered with it. The pointer lasts as long as
  // the connection.
  static Connection* of(const sqlite3* database) noexcept;

  void owe(Pragma pragma, std::int64_t value) noexcept;
  // Puts back what is owed, as far as SQLite lets it.
  void pay() noexcept;

  // What another room keeps with the connection, made when it is first wanted.
  class Kept {
   public:
    virtual ~Kept() = default;
  };
  std::unique_ptr<Kept>& kept() noexcept { return kept_; }

 private:
  ~Connection();

  sqlite3* database_;
  Connection* next_ = nullptr;  // in the list of all connections of the process
  std::atomic<std::size_t> references_{1};
  std::array<std::optional<std::int64_t>, pragma_count> owed_;
  bool owes_ = false;
  std::unique_ptr<Kept> kept_;
};

}  // namespace cdr::ext
