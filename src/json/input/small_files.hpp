// How many files are imported in one transaction. The commit is most of the cost of a small file by
// itself; and in a large warehouse each of a day's files changes nearly the same pages of the
// indexes, which are written once for each transaction. Readers wait while it lasts, and whoever
// interrupts it begins with its first file again, so it has bounds. The library keeps to them, and
// callers with many files pass it that many at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cdr {

// A larger file has a transaction of its own.
inline constexpr std::uint64_t largest_shared_bytes = std::uint64_t{64} * 1024 * 1024;
// For files that share one.
inline constexpr std::uint64_t most_bytes_together = std::uint64_t{128} * 1024 * 1024;
inline constexpr std::size_t most_files_together = 500;
// Up to it, handing a file to another thread costs more than reading it.
inline constexpr std::uint64_t small_file_bytes = std::uint64_t{256} * 1024;

// In the warning about files that were imported before, and lack records. Whoever offers the same
// files again and again does not repeat it.
inline constexpr std::string_view known_text = ": known, and not read again; ";

}  // namespace cdr
