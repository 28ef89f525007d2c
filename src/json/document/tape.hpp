// The result of parsing a record: a tape of 64-bit words in document order that points into the
// record's own text. Parser writes it, Node reads it.
//
//   string          kind, length, where its characters begin in the text
//     with escapes  the same, marked; and a second word: where the unescaped characters begin and
//                   how many they are, marked too if an escape could not be resolved
//   number, word    kind, length, where it begins in the text
//   container       kind, count, where it ends on the tape; and a second word: where its text
//                   begins, and its length; then its elements, or its members: the key (a string)
//                   and the value of each
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cdr {

// A value is identified by the index of its word. The first value has index 0.
struct Tape {
  const std::uint64_t* words = nullptr;
  const char* json = nullptr;
  const char* unescaped = nullptr;  // the strings that have escapes, without them

  // Lengths and counts have 24 bits: a record has at most 16 MiB, and a string in it less.
  static constexpr std::uint64_t word(char kind, std::uint32_t where, std::size_t size) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(kind)) << 56 |
           static_cast<std::uint64_t>(size) << 32 | where;
  }
  static constexpr std::uint64_t pair(std::uint32_t where, std::size_t size) {
    return static_cast<std::uint64_t>(size) << 32 | where;
  }
  static constexpr std::uint64_t escaped_mark = std::uint64_t{1} << 63;
  static constexpr std::uint64_t odd_mark = std::uint64_t{1} << 63;  // of the second word

  // One of { [ " l (int64) d (double) o (a number beyond both) t f n.
  char kind(std::uint32_t at) const noexcept { return static_cast<char>(words[at] >> 56 & 0x7f); }
  // Members or elements.
  std::uint32_t count(std::uint32_t container) const noexcept { return size(container); }
  // Its first element, or the key of its first member.
  static std::uint32_t first(std::uint32_t container) noexcept { return container + 2; }
  // The index after a value of any kind, or after a key.
  std::uint32_t behind(std::uint32_t value) const noexcept {
    if (is_container(value)) return where(words[value]);
    return value + 1 + static_cast<std::uint32_t>(words[value] >> 63);
  }
  bool has_escapes(std::uint32_t string) const noexcept {
    return (words[string] & escaped_mark) != 0;
  }
  // Whether it is a string with a character that UTF-8 or C cannot hold, or a number beyond int64
  // and double.
  bool is_odd(std::uint32_t value) const noexcept {
    if (kind(value) == '"') return has_escapes(value) && (words[value + 1] & odd_mark) != 0;
    return kind(value) == 'o';
  }
  // A string's or key's characters. 8 bytes can be loaded at each of them.
  std::string_view text(std::uint32_t string) const noexcept {
    if (!has_escapes(string)) return {json + where(words[string]), size(string)};
    const std::uint64_t place = words[string + 1];
    return {unescaped + where(place), static_cast<std::size_t>((place & ~odd_mark) >> 32)};
  }
  // The value's source in the record's text.
  std::string_view source(std::uint32_t value) const noexcept {
    if (is_container(value)) {
      const std::uint64_t place = words[value + 1];
      return {json + where(place), static_cast<std::size_t>(place >> 32)};
    }
    const std::string_view token{json + where(words[value]), size(value)};
    return kind(value) == '"' ? std::string_view(token.data() - 1, token.size() + 2) : token;
  }
  // The bytes of a container's source that are not white space between tokens.
  std::size_t size_without_space(std::uint32_t container) const noexcept {
    std::size_t bytes = 0;
    for (std::uint32_t at = container, end = behind(container); at < end;) {
      const std::size_t count = size(at);
      const char what = kind(at);
      if (what == '{' || what == '[') {
        // Brackets, commas and colons.
        bytes += 2 + (count == 0 ? 0 : count - 1) + (what == '{' ? count : 0);
        at += 2;
      } else {
        bytes += count + (what == '"' ? 2 : 0);
        at += 1 + static_cast<std::uint32_t>(words[at] >> 63);
      }
    }
    return bytes;
  }

 private:
  static std::uint32_t where(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
  std::uint32_t size(std::uint32_t at) const noexcept {
    return static_cast<std::uint32_t>(words[at] >> 32) & 0xffffff;
  }
  bool is_container(std::uint32_t at) const noexcept { return kind(at) == '{' || kind(at) == '['; }
};

}  // namespace cdr
