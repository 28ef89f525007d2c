// Long work can be told to stop. Whoever starts it says whom to ask, and every loop that may take
// long asks:
//
//   const StopScope scope(check);  // of this thread, until the scope ends
//   …
//   while (…) {
//     check_stop();  // throws Stopped where the work shall end; costs next to nothing
//     …
//   }
//
// It is the thread that knows, and not every function on the way: mapping, parsing and listing
// folders need nothing else of who called them.
#pragma once

#include <exception>

namespace cdr {

// No Error: nothing is wrong, and nobody goes on without the part that failed.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

class StopCheck {
 public:
  virtual ~StopCheck() = default;
  virtual void check() = 0;  // throws what shall end the work
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

// Asks the innermost scope of this thread, if there is one.
void check_stop();

}  // namespace cdr
