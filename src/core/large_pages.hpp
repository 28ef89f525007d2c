// An allocator for vectors that grow large: it asks the system for large pages. The first use of
// each page costs a page fault, which on virtual machines takes longer than filling the page.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace cdr {

template <class T>
class LargePages {
 public:
  using value_type = T;
  // Smaller vectors are allocated in the usual way.
  static constexpr std::size_t page_bytes = std::size_t{2} * 1024 * 1024;

  LargePages() noexcept = default;
  template <class Other>
  LargePages(const LargePages<Other>&) noexcept {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / sizeof(T) - page_bytes) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    if (bytes < page_bytes) return static_cast<T*>(::operator new(bytes));
    const std::size_t whole = (bytes + page_bytes - 1) / page_bytes * page_bytes;
    void* const memory = std::aligned_alloc(page_bytes, whole);
    if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    static_cast<void>(::madvise(memory, whole, MADV_HUGEPAGE));  // failure means ordinary pages
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (count * sizeof(T) < page_bytes)
      ::operator delete(memory);
    else
      std::free(memory);
  }
  bool operator==(const LargePages&) const noexcept = default;
};

}  // namespace cdr
