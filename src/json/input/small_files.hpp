// Limits for files that are imported together in one transaction. A small file that is imported by
// itself spends most of the time on the commit. In a large warehouse, moreover, a day's files all
// change nearly the same pages of the indexes, and a transaction writes each page only once. But
// readers wait while a transaction lasts, and an interrupted one starts again with its first file,
// so its size is limited. The library keeps to the limits; callers with many files pass it as many
// at a time as the limits allow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cdr {

// A larger file has a transaction of its own.
inline constexpr std::uint64_t largest_shared_bytes = std::uint64_t{64} * 1024 * 1024;
// The most bytes and files that share a transaction.
inline constexpr std::uint64_t most_bytes_together = std::uint64_t{128} * 1024 * 1024;
inline constexpr std::size_t most_files_together = 500;
// Up to this size, handing a file to another thread costs more than reading it.
inline constexpr std::uint64_t small_file_bytes = std::uint64_t{256} * 1024;

// Part of the warning about files that were imported before and lack records. A caller that offers
// the same files repeatedly recognises the warning by this text, and does not repeat it.
inline constexpr std::string_view known_text = ": known, and not read again; ";

}  // namespace cdr
