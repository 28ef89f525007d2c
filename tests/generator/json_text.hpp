// Writes JSON by appending; commas are added automatically. Fast, because the benchmark's file has
// hundreds of megabytes.
//
//   text.begin_object();
//   text.key("id").integer(1);
//   text.end_object();
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "contact_center.hpp"

namespace generator {

class JsonText {
 public:
  std::string out;

  // `name` needs no escaping.
  JsonText& key(std::string_view name) {
    comma();
    out += '"';
    out += name;
    out += "\":";
    return *this;
  }
  JsonText& begin_object() { return open('{'); }
  JsonText& end_object() { return append("}"); }
  JsonText& begin_array() { return open('['); }
  JsonText& end_array() { return append("]"); }
  JsonText& null() { return literal("null"); }
  JsonText& boolean(bool value) { return literal(value ? "true" : "false"); }
  JsonText& literal(std::string_view json) {
    comma();
    return append(json);
  }
  JsonText& integer(std::int64_t number) {
    comma();
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return append({digits, static_cast<std::size_t>(end - digits)});
  }
  // A string of one piece, or of several: text("agent", 12, "@x").
  template <class... Pieces>
  JsonText& text(const Pieces&... pieces) {
    comma();
    out += '"';
    (piece(pieces), ...);
    out += '"';
    return *this;
  }
  template <class... Pieces>
  JsonText& text_or_null(bool present, const Pieces&... pieces) {
    return present ? text(pieces...) : null();
  }

 private:
  JsonText& append(std::string_view json) {
    out += json;
    return *this;
  }
  JsonText& open(char brace) {
    comma();
    out += brace;
    return *this;
  }
  // Adds a comma between values, but not after an opening bracket or a key's colon. No value ends
  // in one of these.
  void comma() {
    if (out.empty()) return;
    const char last = out.back();
    if (last != '{' && last != '[' && last != ':') out += ',';
  }
  void piece(std::string_view characters) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < characters.size(); ++i) {
      const char c = characters[i];
      if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
      out.append(characters, from, i - from);
      from = i + 1;
      out += '\\';
      if (c == '\n') {
        out += 'n';
      } else if (c == '\t') {
        out += 't';
      } else {
        out += c;  // the generator writes no other control characters
      }
    }
    out.append(characters, from);
  }
  void piece(std::uint64_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
  }
  void piece(std::uint32_t number) { piece(static_cast<std::uint64_t>(number)); }
};

// A number with leading zeros, as text.
inline std::string padded(std::uint64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

// '2026-03-02 08:15:00', with the given separator and, if wanted, 3 or 6 decimals.
class ClockText {
 public:
  std::string_view of(Time at, char separator = ' ', int decimals = 0) {
    const Time of_day = ((at % day) + day) % day;
    const Time midnight = at - of_day;
    if (midnight != midnight_) new_day(midnight);
    text_[10] = separator;
    two(11, of_day / hour);
    two(14, of_day / minute % 60);
    two(17, of_day / second % 60);
    text_[19] = '.';
    two(20, of_day % second / 10);
    text_[22] = static_cast<char>('0' + of_day % 10);
    // The simulation has no digits below the millisecond; these exist because the vendor writes
    // them.
    const auto below = static_cast<Time>(hash(static_cast<std::uint64_t>(at)) % 1000);
    text_[23] = static_cast<char>('0' + below / 100);
    two(24, below % 100);
    return {text_, decimals == 0 ? 19U : 20U + static_cast<unsigned>(decimals)};
  }

 private:
  void new_day(Time midnight) {
    midnight_ = midnight;
    const std::chrono::year_month_day date{
        std::chrono::sys_days{std::chrono::days{midnight / day}}};
    const int year = static_cast<int>(date.year());
    two(0, year / 100);
    two(2, year % 100);
    two(5, static_cast<unsigned>(date.month()));
    two(8, static_cast<unsigned>(date.day()));
  }
  void two(std::size_t at, std::int64_t number) {
    text_[at] = static_cast<char>('0' + number / 10);
    text_[at + 1] = static_cast<char>('0' + number % 10);
  }
  char text_[26] = {'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', ' ', '0', '0',
                    ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', '0', '0', '0'};
  Time midnight_ = -1;
};

// 8-4-4-4-12 hexadecimal digits, the same for the same arguments, in the form of a random (version
// 4) UUID.
inline std::string uuid(std::uint64_t seed, std::uint64_t id, std::uint64_t part) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text(36, '-');
  std::uint64_t bits = hash(hash(seed, id), part);
  std::size_t taken = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) continue;
    text[i] = hex[bits & 15U];
    bits >>= 4U;
    if (++taken == 16) bits = hash(hash(seed, id), part + 0x100000);
  }
  text[14] = '4';
  text[19] = hex[8 + (bits & 3U)];
  return text;
}
// 24 hexadecimal digits, like Conpeek's ids of other objects.
inline std::string object_id(std::uint64_t seed, std::uint64_t id, std::uint64_t part) {
  std::string text = uuid(seed, id, part ^ 0xabcdef);
  std::string digits;
  for (const char c : text)
    if (c != '-' && digits.size() < 24) digits += c;
  return digits;
}

}  // namespace generator
