// Checks whether the host wants the running statement to end: by sqlite3_interrupt(), or through a
// progress handler. SQLite checks both only while its virtual machine runs, and it does not run
// during a callback of an extension. So the callback sometimes runs a statement of a few
// thousand steps that reads nothing. It ends at once after sqlite3_interrupt(), and its steps count
// towards the host's next call of its progress handler.
//
//   Interruption interruption(database);
//   const Interruption::Work work(interruption);
//   …  // check_stop() throws Stopped
//
// A host may also use its handler to limit the steps of a query. Work of less than 50 ms adds
// almost none.
#pragma once

#include <cstdint>

#include "core/stop.hpp"
#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

class Interruption : public StopCheck {
 public:
  explicit Interruption(sqlite3* database) noexcept : database_(database) {}
  ~Interruption() override { sqlite3_finalize(statement_); }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  // Checks at most once in 10 ms, and only while a statement of the connection runs: otherwise
  // SQLite has nothing to interrupt.
  void check() override;

  // A callback in which check_stop() checks. A callback that follows soon continues the same work.
  class Work {
   public:
    explicit Work(Interruption& interruption) noexcept
        : interruption_(interruption), scope_(interruption) {
      interruption_.begin();
    }
    ~Work() { interruption_.leave(); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    Interruption& interruption_;
    const StopScope scope_;
  };

 private:
  void begin() noexcept;
  void leave() noexcept;
  void ask(int limit);

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  std::int64_t next_ms_ = 0, left_ms_ = 0;  // when to check next; when the last callback ended
  int asked_ = 0;                           // since the work began
  bool cannot_ask_ = false;                 // the host forbids the statement
};

}  // namespace cdr::ext
