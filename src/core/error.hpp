// The one exception that libcdr throws on purpose. `text` is for a person to read: who speaks, what
// is wrong, found against expected, what to do. It never holds a record's content.
#pragma once

#include <stdexcept>
#include <string>

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
      : std::runtime_error(text), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace cdr
