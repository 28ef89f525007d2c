#include "reading/id_set.hpp"

#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace cdr {

std::uint64_t hash_of_id(const Resource& resource, std::string_view id) {
  return XXH3_64bits_withSeed(id.data(), id.size(), reinterpret_cast<std::uintptr_t>(&resource));
}

void IdSet::add(std::uint64_t hash) {
  finish();
  last_ = hash == 0 ? 1 : hash;
  if (++size_ * 2 > slots_.size()) grow();
  __builtin_prefetch(&slots_[last_ & (slots_.size() - 1)], 1);
}

void IdSet::finish() {
  if (last_ == 0) return;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = last_ & mask;
  while (slots_[at] != 0 && slots_[at] != last_) at = (at + 1) & mask;
  any_twice_ = any_twice_ || slots_[at] == last_;
  slots_[at] = std::exchange(last_, 0);
}

void IdSet::grow() {
  // A small table grows faster, because it is soon too small again.
  constexpr std::size_t large = LargePages<std::uint64_t>::page_bytes / sizeof(std::uint64_t);
  Slots larger(slots_.empty() ? 64 : slots_.size() * (slots_.size() < large ? 4 : 2));
  const std::size_t mask = larger.size() - 1;
  for (const std::uint64_t hash : slots_) {
    if (hash == 0) continue;
    std::size_t at = hash & mask;
    while (larger[at] != 0) at = (at + 1) & mask;
    larger[at] = hash;
  }
  slots_ = std::move(larger);
}

}  // namespace cdr
