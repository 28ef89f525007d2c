// Finds where a JSON string or container ends without interpreting it: 64 bytes at a time if the
// processor has SSE2. A scan is resumable: it may be given its text in pieces, and the result does
// not depend on where the text is cut.
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
    closed,      // `at` is just after the bracket that closes the container
    broken,      // `at` is a '{' at the beginning of a line, where valid JSON cannot have one
  };
  // Reads text[at .. to) and moves `at` to where it stopped. The first call begins at the opening
  // bracket. The scan also looks three bytes back, so text[0 .. at) must be the preceding text (but
  // text[0] may be the container's beginning).
  //
  // Brackets are counted, not matched; the container's parser checks them. But the scan must find a
  // line that begins with '{' inside a string or directly after a value: a quote or a bracket is
  // missing before it, and the line is the next record.
  Result scan(const char* text, std::size_t& at, std::size_t to);
  // The same, byte by byte: for processors without SSE2, and as a reference for tests.
  Result scan_bytewise(const char* text, std::size_t& at, std::size_t to);

 private:
  Result scan_block(const char* text, std::size_t& at, std::uint64_t open, std::uint64_t close,
                    std::uint64_t line_open, std::uint64_t in_string);

  std::uint64_t depth_ = 0;
  std::uint64_t in_string_ = 0;  // all bits or none
  std::uint64_t escaped_ = 0;    // 1: the next byte follows a backslash
};

// The index of the first '"' or '\' in text[0 .. size), or size.
std::size_t find_quote_or_backslash(const char* text, std::size_t size);

// The result of resolving a string's escapes.
enum class Unescaped : std::uint8_t {
  sound,
  odd,     // NUL or half of a surrogate pair, replaced with U+FFFD
  broken,  // an escape that JSON does not have, which stays as it is
};
// The text of a JSON string without its quotes, escapes resolved.
Unescaped unescape(std::string_view raw, std::string& text);

// The first sign that a bracket is missing in a container: an object where JSON requires a key
// (",{" inside an object), or a bracket that closes another kind. The text from there on belongs
// to the container's neighbours. Returns the index, or size.
std::size_t find_misfit(const char* text, std::size_t size);

}  // namespace cdr
