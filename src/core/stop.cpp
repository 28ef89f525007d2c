#include "core/stop.hpp"

#include <utility>

namespace cdr {
namespace {

// In the block that a thread has from its beginning: memory for another one is not asked for when
// it is first used, where the lack of it could not be told to anybody.
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
