// Finds where a JSON string or container ends, without looking at what it means: 64 bytes at a time
// where the processor has SSE2. A scan is resumable: it may be given its text in pieces, and finds
// the same whichever way the text is cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdr {

class ContainerScan {
 public:
  enum class Result : std::uint8_t {
    unfinished,  // more bytes are needed
    closed,      // `at` is behind the bracket that closes the container
    broken,      // `at` is a '{' at the beginning of a line, where valid JSON cannot have one
  };
  // Reads text[at .. to) and moves `at` to where it stopped. The first call begins at the opening
  // bracket. text[0 .. at) is looked at as well, three bytes back: it must be what went before (but
  // text[0] may be the container's beginning).
  //
  // Brackets are counted, not matched: whoever parses the container finds that out. What is found
  // here, because later nobody could, is a line of its own ("\n{") inside a string or directly
  // behind a value: a quote or a bracket is missing before it, and the line is the next record.
  Result scan(const char* text, std::size_t& at, std::size_t to);
  // The same, byte by byte: for processors without SSE2, and to test the other against.
  Result scan_bytewise(const char* text, std::size_t& at, std::size_t to);

 private:
  Result scan_block(const char* text, std::size_t& at, std::uint64_t open, std::uint64_t close,
                    std::uint64_t line_open, std::uint64_t in_string);

  std::uint64_t depth_ = 0;
  std::uint64_t in_string_ = 0;  // all bits or none
  std::uint64_t escaped_ = 0;    // 1: the next byte stands behind a backslash
};

// The index of the first '"' or '\' in text[0 .. size), or size.
std::size_t find_quote_or_backslash(const char* text, std::size_t size);

// What resolving a string's escapes came to.
enum class Unescaped : std::uint8_t {
  sound,
  odd,     // NUL, or half of a surrogate pair: U+FFFD stands for it
  broken,  // an escape that JSON does not have: it stays as it is
};
// The text of a JSON string without its quotes, escapes resolved.
Unescaped unescape(std::string_view raw, std::string& text);

// The first sign in a container that a bracket is missing in it: an object where JSON wants a key
// (",{" inside an object), or a bracket that closes another kind. What stands there belongs to its
// neighbours. The index, or size.
std::size_t find_misfit(const char* text, std::size_t size);

}  // namespace cdr
