// How far reading has come, counted by the whole process, for a program that shows it. Nothing here
// decides anything; only differences between two looks mean something.
#pragma once

#include <atomic>
#include <cstdint>

namespace cdr {

struct ReadProgress {
  std::atomic<std::uint64_t> bytes{0};  // as they lie in the file, or in memory
  std::atomic<std::uint64_t> records{0};
};

inline ReadProgress read_progress;

}  // namespace cdr
