// The data that libcdr keeps for one connection of the host: settings that a call could not restore
// at once, and kept columns (columns/cache.hpp). A setting remains unrestored in one case: if
// memory runs out inside a call, SQLite refuses every statement of the connection until the calling
// statement has ended. The next call of any libcdr function then restores the setting.
//
// SQLite owns it: each registered function holds one reference, which it releases at its end.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "extension/binding/reprepare_probe.hpp"
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

  // The object of that database; null if libcdr is not registered with it. The pointer is valid as
  // long as the connection is.
  static Connection* of(const sqlite3* database) noexcept;

  void owe(Pragma pragma, std::int64_t value) noexcept;
  // Restores pending settings, as far as SQLite allows it.
  void pay() noexcept;

  // Data that another room keeps with the connection, created on first use.
  class Kept {
   public:
    virtual ~Kept() = default;
  };
  std::unique_ptr<Kept>& kept() noexcept { return kept_; }

  // Whether the connection's authorizer was checked and does not make SQLite skip columns, and the
  // host has set none since.
  bool is_looked_at() {
    if (probe_ == nullptr || probe_->has_news()) is_looked_at_ = false;
    return is_looked_at_;
  }
  void set_looked_at() {
    is_looked_at_ = true;
    if (probe_ != nullptr) probe_->has_news();
  }
  // The internal table (bulk_insert.hpp) owns it: a statement that this object held would still be
  // open when the host closes the database. Null: there is none.
  void set_probe(ReprepareProbe* probe) noexcept { probe_ = probe; }

 private:
  ~Connection();

  sqlite3* database_;
  Connection* next_ = nullptr;  // in the list of all connections of the process
  std::atomic<std::size_t> references_{1};
  std::array<std::optional<std::int64_t>, pragma_count> owed_;
  bool owes_ = false;
  bool is_looked_at_ = false;
  ReprepareProbe* probe_ = nullptr;
  std::unique_ptr<Kept> kept_;
};

}  // namespace cdr::ext
