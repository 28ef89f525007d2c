#include "allocation.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "host.hpp"

#if defined(CDR_ADDRESS_SANITIZER)
#define CDR_REAL(name) __interceptor_##name
// The loader allocates before AddressSanitizer has its shadow memory: until then no instrumented
// code may run, not even the members of std::atomic.
#define CDR_BEFORE_SANITIZER __attribute__((no_sanitize("address", "undefined")))
#else
#define CDR_REAL(name) __libc_##name
#define CDR_BEFORE_SANITIZER
#endif

extern "C" {
void* CDR_REAL(malloc)(std::size_t size);
void* CDR_REAL(calloc)(std::size_t count, std::size_t size);
void* CDR_REAL(realloc)(void* memory, std::size_t size);
void* CDR_REAL(memalign)(std::size_t alignment, std::size_t size);
}

namespace cdr::fault {
namespace {

bool armed = false;  // read and written atomically
std::atomic<std::int64_t> allocations{0}, injected{0};
// Changed only while `armed` is false.
std::int64_t fail_at = 0;
bool fail_from_then_on = false;

bool is_turn() {
  if (OwnWork::is_going_on()) return false;
  const std::int64_t number = ++allocations;
  if (fail_at == 0 || (fail_from_then_on ? number < fail_at : number != fail_at)) return false;
  ++injected;
  errno = ENOMEM;
  return true;
}

CDR_BEFORE_SANITIZER bool fails() {
  return __atomic_load_n(&armed, __ATOMIC_ACQUIRE) && is_turn();
}

}  // namespace

void begin_allocation_faults(std::int64_t at, bool from_then_on) {
  fail_at = at;
  fail_from_then_on = from_then_on;
  allocations = injected = 0;
  __atomic_store_n(&armed, true, __ATOMIC_RELEASE);
}
std::int64_t end_allocation_faults() {
  __atomic_store_n(&armed, false, __ATOMIC_RELEASE);
  return allocations;
}
std::int64_t allocation_faults_injected() {
  return injected;
}

}  // namespace cdr::fault

using cdr::fault::fails;

extern "C" {

CDR_BEFORE_SANITIZER void* malloc(std::size_t size) {
  return fails() ? nullptr : CDR_REAL(malloc)(size);
}
CDR_BEFORE_SANITIZER void* calloc(std::size_t count, std::size_t size) {
  return fails() ? nullptr : CDR_REAL(calloc)(count, size);
}
CDR_BEFORE_SANITIZER void* realloc(void* memory, std::size_t size) {
  return fails() ? nullptr : CDR_REAL(realloc)(memory, size);
}
CDR_BEFORE_SANITIZER void* memalign(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : CDR_REAL(memalign)(alignment, size);
}
CDR_BEFORE_SANITIZER void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : CDR_REAL(memalign)(alignment, size);
}
CDR_BEFORE_SANITIZER int posix_memalign(void** to, std::size_t alignment, std::size_t size) {
  if (fails()) return ENOMEM;
  *to = CDR_REAL(memalign)(alignment, size);
  return *to == nullptr ? ENOMEM : 0;
}

}  // extern "C"

// AddressSanitizer's own operators would not call the functions above. Libraries must find all of
// these: <new> does not declare those with a size for clang, which would hide them.
#pragma GCC visibility push(default)
void* operator new(std::size_t size) {
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  if (void* const memory = ::memalign(static_cast<std::size_t>(alignment), size == 0 ? 1 : size))
    return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
#pragma GCC visibility pop

// Leaks of others that are accepted: the loader's list of global libraries, which it keeps, and the
// folder of time zones that libdate-tz leaves open when its own memory runs out. The frames of libc
// hide the caller; libcdr's own folders are held by a unique_ptr (src/json/files.cpp).
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:add_to_global_resize\nleak:__alloc_dir\n";
}
