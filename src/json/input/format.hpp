// Recognises a file that is not JSON by its first bytes, for messages that say what to do with it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdr {

// This many bytes are enough to recognise a format.
inline constexpr std::size_t format_bytes = 512;

// 'an Excel workbook (.xls); save …', or "" if the format of the bytes is not known here.
std::string_view format_named(std::string_view first);
// The same for a text's first line: 'CSV …' if it has the columns of a table.
std::string_view text_format_named(std::string_view line);

}  // namespace cdr
