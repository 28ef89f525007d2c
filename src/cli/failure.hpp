// What ends the program early: one line for stderr, with the remedy in it, and an exit code.
#pragma once

#include <iostream>
#include <stdexcept>
#include <string>

#include "core/text.hpp"

namespace cdr::cli {

// Also in the help text and the README.
enum ExitCode : int { exit_ok = 0, exit_error = 1, exit_usage = 2, exit_quarantined = 3 };

struct Failure : std::runtime_error {
  explicit Failure(const std::string& text, ExitCode exit_code = exit_error)
      : std::runtime_error(text), code(exit_code) {}
  ExitCode code;
};

// A line on standard error, whatever it quotes of SQLite, paths and SQL.
inline void complain(const std::string& text) {
  std::cerr << "cdr: " << shown(text) << '\n';
}

// What was written to standard output has arrived; throws Failure where it cannot.
inline void flush_output() {
  if (!std::cout.flush()) throw Failure("cannot write to standard output; check where it goes");
}

}  // namespace cdr::cli
