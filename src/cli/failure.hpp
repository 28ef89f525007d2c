// What ends the program early: one line for stderr, with the remedy in it, and an exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace cdr::cli {

// Also in the help text and the README.
enum ExitCode : int { exit_ok = 0, exit_error = 1, exit_usage = 2, exit_quarantined = 3 };

struct Failure : std::runtime_error {
  explicit Failure(const std::string& text, ExitCode exit_code = exit_error)
      : std::runtime_error(text), code(exit_code) {}
  ExitCode code;
};

}  // namespace cdr::cli
