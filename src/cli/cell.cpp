#include "cli/cell.hpp"

#include <charconv>
#include <cmath>

namespace cdr::cli {
namespace {

// The shortest text that reads back as the same number, and as a real number.
std::string exact(double number) {
  if (std::isinf(number)) return number < 0 ? "-1e999" : "1e999";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  std::string text(digits, end);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

}  // namespace

bool is_number(const Cell& cell) {
  return cell.kind == Cell::Kind::integer || cell.kind == Cell::Kind::real;
}

std::string blob_literal(std::string_view bytes) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string text = "x'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += hex[byte >> 4];
    text += hex[byte & 15];
  }
  return text + "'";
}

// A number, blob or text without quoting.
std::string plain(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::real:
      return exact(cell.number);
    case Cell::Kind::blob:
      return blob_literal(cell.text);
    default:
      return std::string(cell.text);
  }
}

}  // namespace cdr::cli
