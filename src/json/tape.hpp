// What simdjson leaves of a record, read where it lies: a tape of 64-bit words in document order,
// and the unescaped strings beside it. simdjson's doc/tape.md describes both.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace cdr {

// A value is known by the index of its word. The first value stands at index 1; a member's key is
// the string directly before its value.
struct Tape {
  const std::uint64_t* words = nullptr;
  const std::uint8_t* strings = nullptr;

  // One of { } [ ] " l (int64) u (uint64) d (double) t f n.
  char kind(std::uint32_t at) const noexcept { return static_cast<char>(words[at] >> 56); }
  // Members or elements. (It counts to 2^24 - 1, more than a record of 16 MiB can have.)
  std::uint32_t count(std::uint32_t container) const noexcept {
    return static_cast<std::uint32_t>(words[container] >> 32) & 0xffffff;
  }
  // The index behind a container's closing bracket.
  std::uint32_t behind_container(std::uint32_t container) const noexcept {
    return static_cast<std::uint32_t>(words[container]);
  }
  // The index behind a value of any kind: numbers take a second word.
  std::uint32_t behind(std::uint32_t value) const noexcept {
    switch (kind(value)) {
      case '{':
      case '[':
        return behind_container(value);
      case 'l':
      case 'u':
      case 'd':
        return value + 2;
      default:
        return value + 1;
    }
  }
  // A string or key: its length, in 32 bits, then its characters and a NUL. As simdjson pads its
  // buffers, 32 bytes can be loaded wherever one begins, and 8 wherever a character stands.
  const std::uint8_t* bytes(std::uint32_t string) const noexcept {
    return strings + static_cast<std::uint32_t>(words[string]);
  }
  std::string_view text(std::uint32_t string) const noexcept {
    const std::uint8_t* const at = bytes(string);
    std::uint32_t size = 0;
    std::memcpy(&size, at, sizeof size);
    return {reinterpret_cast<const char*>(at + sizeof size), size};
  }
  std::int64_t integer(std::uint32_t number) const noexcept {
    return static_cast<std::int64_t>(words[number + 1]);
  }
  double real(std::uint32_t number) const noexcept {
    double value = 0;
    std::memcpy(&value, &words[number + 1], sizeof value);
    return value;
  }
};

}  // namespace cdr
