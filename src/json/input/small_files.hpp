// How many files are imported in one transaction: most of what a small file costs by itself is the
// commit. The library keeps to these bounds, and who calls it for many files gives it as many at a
// time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cdr {

// A larger file has a transaction of its own.
inline constexpr std::uint64_t small_file_bytes = std::uint64_t{256} * 1024;
// Of those that share one.
inline constexpr std::uint64_t most_bytes_together = std::uint64_t{4} * 1024 * 1024;
inline constexpr std::size_t most_files_together = 500;

}  // namespace cdr
