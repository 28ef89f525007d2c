// Whether a workbook is whole. libxlsxwriter does not look at what writing to its own files gives:
// where the disk is full it makes a workbook without the rows that did not fit, and says nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cdr::cli {

// `rows` of each sheet, the names included.
bool is_whole_workbook(const std::string& path, std::span<const std::uint64_t> rows);

}  // namespace cdr::cli
