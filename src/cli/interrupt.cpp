#include "cli/interrupt.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace cdr::cli {
namespace {

constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<sqlite3*> to_interrupt{nullptr};
volatile std::sig_atomic_t caught = 0;

void on_signal(int signal) {
  caught = signal;
  if (sqlite3* database = to_interrupt.load()) sqlite3_interrupt(database);
}

}  // namespace

InterruptGuard::InterruptGuard(sqlite3* database) {
  to_interrupt = database;
  struct sigaction action {};
  action.sa_handler = on_signal;
  // The second signal has its usual effect. System calls are restarted, so that SQLite's are never
  // cut short.
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signal : signals) {
    struct sigaction before {};
    // Ignored signals stay ignored: nohup, and a shell's background jobs.
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
      ::sigaction(signal, &action, nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  to_interrupt = nullptr;
}

int interrupted() {
  return caught;
}

void forget_interrupt() {
  caught = 0;
}

void end_by_signal(int signal) {
  std::signal(signal, SIG_DFL);
  std::raise(signal);
  std::_Exit(128 + signal);
}

}  // namespace cdr::cli
