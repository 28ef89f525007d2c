// Ctrl-C (and SIGTERM, SIGHUP): the first asks SQLite to stop at its next step, so that the file
// being imported is rolled back and the program can say what it did; a second ends it at once,
// which costs no more, because SQLite rolls back when the file is opened next.
#pragma once

#include <sqlite3.h>

namespace cdr::cli {

// From now on the signals interrupt `database`, which must live until the object's end.
class InterruptGuard {
 public:
  explicit InterruptGuard(sqlite3* database);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

// The signal that came, or 0.
int interrupted();

// It has been answered: the program ends as if by itself.
void forget_interrupt();

// Ends the program as that signal would have, so that a shell's loop around it stops too.
[[noreturn]] void end_by_signal(int signal);

}  // namespace cdr::cli
