// The one exception that libcdr throws on purpose. `text` is for a person to read. It says which
// function reports the error, what is wrong, what was found and what was expected, and what to do.
// It never holds a record's content. shown() (core/text.hpp) makes the paths and keys that it
// quotes printable.
#pragma once

#include <stdexcept>
#include <string>

#include "core/text.hpp"

namespace cdr {

enum class ErrorCode {
  error,     // anything without a kind of its own
  mismatch,  // an argument of the wrong type or shape
  too_big,   // over a documented limit
  io,        // a file cannot be opened or read
};

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& text, ErrorCode code = ErrorCode::error)
      : std::runtime_error(shown(text)), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace cdr
