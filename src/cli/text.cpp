#include "cli/text.hpp"

#include <clocale>
#include <cwchar>

namespace cdr::cli {
namespace {

struct Shape {
  unsigned char mask, lead;
  int length;
  char32_t least;  // below it the character has a shorter form
};
constexpr Shape shapes[] = {
    {0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

constexpr bool is_character(char32_t character) {
  return character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
}

constexpr char32_t control_pictures = 0x2400;
constexpr char32_t delete_picture = 0x2421;

// The C library knows every character's width, in a locale that has them all. Of this thread only:
// numbers and messages stay as they are.
void use_unicode_widths() {
  static thread_local const bool done = [] {
    if (locale_t unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) ::uselocale(unicode);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

char32_t next_character(std::string_view text, std::size_t& at) {
  const std::size_t begin = at++;
  const auto first = static_cast<unsigned char>(text[begin]);
  for (const Shape& shape : shapes) {
    if ((first & shape.mask) != shape.lead) continue;
    const auto length = static_cast<std::size_t>(shape.length);
    if (begin + length > text.size()) return replacement;
    char32_t character = first & static_cast<unsigned char>(~shape.mask);
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[begin + i]);
      if ((byte & 0xC0) != 0x80) return replacement;
      character = character << 6 | (byte & 0x3FU);
    }
    if (character < shape.least || !is_character(character)) return replacement;
    at = begin + length;
    return character;
  }
  return replacement;
}

void append_character(std::string& to, char32_t character) {
  const auto tail = [&](int shift) { to += static_cast<char>(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) {
    to += static_cast<char>(character);
  } else if (character < 0x800) {
    to += static_cast<char>(0xC0 | character >> 6);
    tail(0);
  } else if (character < 0x10000) {
    to += static_cast<char>(0xE0 | character >> 12);
    tail(6), tail(0);
  } else {
    to += static_cast<char>(0xF0 | character >> 18);
    tail(12), tail(6), tail(0);
  }
}

int width_of(char32_t character) {
  if (character < 0x7F) return 1;
  use_unicode_widths();
  const int width = ::wcwidth(static_cast<wchar_t>(character));
  return width < 0 ? 1 : width;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();)
    width += static_cast<std::size_t>(width_of(next_character(text, at)));
  return width;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    char32_t character = next_character(text, at);
    if (character < 0x20)
      character += control_pictures;
    else if (character == 0x7F)
      character = delete_picture;
    else if (character >= 0x80 && character < 0xA0)
      character = replacement;
    append_character(shown, character);
  }
  return shown;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_character(valid, next_character(text, at));
  return valid;
}

}  // namespace cdr::cli
