#include "extension/binding/interruption.hpp"

#include <time.h>

#include <new>

namespace cdr::ext {
namespace {

constexpr std::int64_t pause_ms = 10;

// With LIMIT 1 it takes 7,000 steps, so that a handler that is called every 100,000 steps is called
// after 200 ms at the latest. With LIMIT 0 it takes 56 steps. No table is read.
constexpr char question[] =
    "WITH n (i) AS (VALUES (0), (0), (0), (0), (0), (0), (0), (0), (0), (0)) "
    "SELECT 1 FROM n AS a CROSS JOIN n AS b CROSS JOIN n AS c WHERE a.i + b.i + c.i LIMIT ?1";
constexpr int few_steps = 0, many_steps = 1;  // of LIMIT
constexpr int short_asks = 5;

// The kernel's own count of its ticks: read in a few nanoseconds, exact to some milliseconds.
std::int64_t now_ms() noexcept {
#ifdef CLOCK_MONOTONIC_COARSE
  constexpr clockid_t clock = CLOCK_MONOTONIC_COARSE;
#else
  constexpr clockid_t clock = CLOCK_MONOTONIC;
#endif
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

void Interruption::check() {
  const std::int64_t now = now_ms();
  if (now < next_ms_ || cannot_ask_) return;
  ask(++asked_ > short_asks ? many_steps : few_steps);
  next_ms_ = now + pause_ms;
}

void Interruption::begin() noexcept {
  const std::int64_t now = now_ms();
  if (now < left_ms_ + pause_ms) return;
  next_ms_ = now + pause_ms;
  asked_ = 0;
}

void Interruption::leave() noexcept {
  left_ms_ = now_ms();
}

void Interruption::ask(int limit) {
  int code = SQLITE_OK;
  if (statement_ == nullptr)
    code = sqlite3_prepare_v3(database_, question, -1, SQLITE_PREPARE_PERSISTENT, &statement_,
                              nullptr);
  if (code == SQLITE_OK) {
    sqlite3_bind_int(statement_, 1, limit);
    sqlite3_step(statement_);
    code = sqlite3_reset(statement_);
  }
  if (code == SQLITE_INTERRUPT) throw Stopped();
  if (code == SQLITE_NOMEM) throw std::bad_alloc();
  cannot_ask_ = statement_ == nullptr;
}

}  // namespace cdr::ext
