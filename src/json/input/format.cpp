#include "json/input/format.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace cdr {
namespace {

struct Format {
  std::size_t at;
  std::string_view bytes;
  std::string_view name;
};
constexpr Format formats[] = {
    {0, "\xd0\xcf\x11\xe0",
     "an Excel workbook or another Office document of the old format (.xls)"},
    {0, "%PDF", "a PDF document"},
    {0, "7z\xbc\xaf", "a 7-Zip archive; extract it, and name what was in it"},
    {0, "Rar!", "a RAR archive; extract it, and name what was in it"},
    {0, "BZh", "compressed with bzip2; decompress it with bunzip2"},
    {0,
     std::string_view("\xfd"
                      "7zXZ\0",
                      6),
     "compressed with xz; decompress it with unxz"},
    {0, "\x04\x22\x4d\x18", "compressed with lz4; decompress it with unlz4"},
    {0, "SQLite format 3", "an SQLite database; open it with sqlite3"},
    {0, "PAR1", "a Parquet file"},
    {257, "ustar", "a tar archive; extract it with tar -xf, and name the folder"},
};

constexpr std::string_view page =
    "an HTML page, which a server sends instead of records when a login or an address is wrong";

bool starts_with_word(std::string_view text, std::string_view word) {
  return equal_ignoring_case(text.substr(0, word.size()), word);
}

}  // namespace

std::string_view format_named(std::string_view first) {
  for (const Format& each : formats)
    if (first.size() > each.at && first.substr(each.at).starts_with(each.bytes)) return each.name;
  const std::string_view text = trim(first);
  if (starts_with_word(text, "<!doctype html") || starts_with_word(text, "<html")) return page;
  if (starts_with_word(text, "<?xml")) return "an XML document";
  return {};
}

std::string_view text_format_named(std::string_view line) {
  constexpr std::ptrdiff_t least = 2;  // separators: three columns
  const auto count = [&](char c) { return std::count(line.begin(), line.end(), c); };
  if (count('{') != 0 || count('[') != 0) return {};
  if (count(';') >= least) return "CSV with semicolons";
  if (count('\t') >= least) return "a table separated by tabs";
  if (count(',') >= least) return "CSV";
  return {};
}

}  // namespace cdr
