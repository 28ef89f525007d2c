// An error that ends the program: one line for stderr, which includes the remedy, and an exit code.
#pragma once

#include <iostream>
#include <stdexcept>
#include <string>

#include "core/text.hpp"

namespace cdr::cli {

// The help text and the README list these too.
enum ExitCode : int { exit_ok = 0, exit_error = 1, exit_usage = 2, exit_quarantined = 3 };

struct Failure : std::runtime_error {
  explicit Failure(const std::string& text, ExitCode exit_code = exit_error)
      : std::runtime_error(text), code(exit_code) {}
  ExitCode code;
};

// Writes one line to standard error, whatever `text` quotes from SQLite, paths and SQL.
inline void complain(const std::string& text) {
  std::cerr << "cdr: " << shown(text) << '\n';
}

// Makes sure that everything written to standard output has arrived; throws Failure if it has not.
inline void flush_output() {
  if (!std::cout.flush()) throw Failure("cannot write to standard output; check where it goes");
}

}  // namespace cdr::cli
