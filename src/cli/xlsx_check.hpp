// Checks whether a workbook is whole. libxlsxwriter does not check the writes to its own files: on
// a full disk it makes a workbook without the rows that did not fit, and reports no error.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cdr::cli {

// `rows`: the number of rows in each sheet, the names included.
bool is_whole_workbook(const std::string& path, std::span<const std::uint64_t> rows);

}  // namespace cdr::cli
