#include "core/stop.hpp"

#include <utility>

namespace cdr {
namespace {

// "initial-exec" puts the variable into the block that a thread has from its beginning. Otherwise
// its first use would allocate memory, and a failure of that could not be reported.
#if defined(__GLIBC__)
[[gnu::tls_model("initial-exec")]]
#endif
constinit thread_local StopCheck* current = nullptr;

}  // namespace

StopScope::StopScope(StopCheck& check) noexcept : before_(std::exchange(current, &check)) {}
StopScope::~StopScope() {
  current = before_;
}

void check_stop() {
  if (current != nullptr) current->check();
}

}  // namespace cdr
