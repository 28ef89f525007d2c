// The progress of reading, counted for the whole process, so that a program can show it. Nothing
// else depends on it. Only the difference between two readings is meaningful.
#pragma once

#include <atomic>
#include <cstdint>

namespace cdr {

struct ReadProgress {
  std::atomic<std::uint64_t> bytes{0};  // as stored in the file, or in memory
  std::atomic<std::uint64_t> records{0};
};

inline ReadProgress read_progress;

}  // namespace cdr
