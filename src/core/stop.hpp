// Lets long work be stopped. The code that starts the work installs a check, and every loop that
// may take a long time runs it:
//
//   const StopScope scope(check);  // for this thread, until the scope ends
//   …
//   while (…) {
//     check_stop();  // throws Stopped if the work must end; costs next to nothing
//     …
//   }
//
// The check belongs to the thread, so that functions that map, parse or list folders need no
// parameter for it.
#pragma once

#include <exception>

namespace cdr {

// Not an Error, because nothing is wrong. Code that handles Errors by skipping the failed part must
// not continue without the stopped one.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

class StopCheck {
 public:
  virtual ~StopCheck() = default;
  virtual void check() = 0;  // throws to end the work
};

class StopScope {
 public:
  explicit StopScope(StopCheck& check) noexcept;
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  StopCheck* const before_;
};

// Runs the check of this thread's innermost scope, if there is one.
void check_stop();

}  // namespace cdr
