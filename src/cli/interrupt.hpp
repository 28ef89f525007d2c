// Handles Ctrl-C (and SIGTERM, SIGHUP). The first signal asks SQLite to stop at its next step, so
// that the file being imported is rolled back and the program can report what it did. A second
// signal ends the program at once. No data is lost then, because SQLite rolls back when the file is
// next opened.
#pragma once

#include <sqlite3.h>

namespace cdr::cli {

// From now on the signals interrupt `database`, which must outlive the object.
class InterruptGuard {
 public:
  explicit InterruptGuard(sqlite3* database);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

// The signal that arrived, or 0.
int interrupted();

// Marks the signal as handled: the program then ends normally.
void forget_interrupt();

// Ends the program as that signal would have, so that a shell's loop around it also stops.
[[noreturn]] void end_by_signal(int signal);

}  // namespace cdr::cli
