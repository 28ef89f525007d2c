#include "core/text.hpp"

namespace cdr {
namespace {

struct Shape {
  unsigned char mask, lead;
  int length;
  char32_t least;  // a character below this has a shorter form
};
constexpr Shape shapes[] = {
    {0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

constexpr bool is_character(char32_t character) {
  return character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
}

constexpr char hex[] = "0123456789abcdef";

constexpr char short_escape(char32_t character) {
  return character == U'\n' ? 'n' : character == U'\t' ? 't' : character == U'\r' ? 'r' : '\0';
}

char* write_escape(char* to, char kind, char32_t value, int digits) {
  *to++ = '\\';
  *to++ = kind;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) *to++ = hex[value >> shift & 15];
  return to;
}

}  // namespace

std::string plain_key(std::string_view key) {
  std::string text;
  for (const char c : key)
    if (!joins_words(c)) text += lower(c);
  return text;
}

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

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_character(valid, next_character(text, at));
  return valid;
}

std::size_t show(std::string_view text, char* to) noexcept {
  char* const begin = to;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t character = next_character(text, at);
    if (character == replacement && at - from == 1)
      to = write_escape(to, 'x', static_cast<unsigned char>(text[from]), 2);
    else if (const char letter = short_escape(character); letter != '\0')
      to = write_escape(to, letter, 0, 0);
    else if (is_active(character))
      to = write_escape(to, character < 0x80 ? 'x' : 'u', character, character < 0x80 ? 2 : 4);
    else
      to += text.copy(to, at - from, from);
  }
  return static_cast<std::size_t>(to - begin);
}

std::string shown(std::string_view text) {
  std::string message(text.size() * most_shown, '\0');
  message.resize(show(text, message.data()));
  return message;
}

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

void append_json_string(std::string& to, std::string_view text) {
  to += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (byte < 0x20) {
      to += "\\u00";
      to += hex[byte >> 4];
      to += hex[byte & 15];
    } else {
      to += c;
    }
  }
  to += '"';
}

}  // namespace cdr
