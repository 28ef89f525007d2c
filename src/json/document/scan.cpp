#include "json/document/scan.hpp"

#include <bit>
#include <cstring>
#include <vector>

#include "core/text.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cdr {
namespace {

constexpr bool opens(char c) {
  return c == '{' || c == '[';
}
constexpr bool closes(char c) {
  return c == '}' || c == ']';
}

// Whether the '{' at text[at], the first character of its line and outside of strings, comes
// directly after a value or a bracket that it must not follow. Blanks at the end of the line before
// leave this undecided, which gives false.
bool misplaced(const char* text, std::size_t at) {
  std::size_t last = at - 1;  // the line feed
  if (last > 0 && text[last - 1] == '\r') --last;
  if (last == 0) return false;
  const char before = text[last - 1];
  return before != ',' && before != ':' && before != '[' && !is_space(before);
}

#ifdef __SSE2__

struct Block {
  std::uint64_t backslash, quote, newline, open, close;
};

inline std::uint64_t mask_of(__m128i a, __m128i b, __m128i c, __m128i d) {
  const auto low = static_cast<std::uint32_t>(_mm_movemask_epi8(a)) |
                   static_cast<std::uint32_t>(_mm_movemask_epi8(b)) << 16;
  const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(c)) |
                    static_cast<std::uint32_t>(_mm_movemask_epi8(d)) << 16;
  return low | static_cast<std::uint64_t>(high) << 32;
}

inline std::uint64_t equal_mask(const __m128i (&part)[4], char c) {
  const __m128i wanted = _mm_set1_epi8(c);
  return mask_of(_mm_cmpeq_epi8(part[0], wanted), _mm_cmpeq_epi8(part[1], wanted),
                 _mm_cmpeq_epi8(part[2], wanted), _mm_cmpeq_epi8(part[3], wanted));
}

inline Block classify(const char* text) {
  __m128i part[4];
  for (int i = 0; i < 4; ++i) part[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text) + i);
  Block block;
  block.backslash = equal_mask(part, '\\');
  block.quote = equal_mask(part, '"');
  block.newline = equal_mask(part, '\n');
  // '[' and '{', ']' and '}' differ in this one bit only.
  const __m128i bit = _mm_set1_epi8(0x20);
  for (__m128i& bytes : part) bytes = _mm_or_si128(bytes, bit);
  block.open = equal_mask(part, '{');
  block.close = equal_mask(part, '}');
  return block;
}

// The bytes that come after an odd number of backslashes. Adding its first bit to a run moves the
// carry to the bit after the run. The parity of that place shows whether the run's length is odd.
std::uint64_t escaped_mask(std::uint64_t backslash, std::uint64_t& carry) {
  if (backslash == 0) {
    const std::uint64_t escaped = carry;
    carry = 0;
    return escaped;
  }
  constexpr std::uint64_t even = 0x5555555555555555;
  backslash &= ~carry;
  const std::uint64_t follows = backslash << 1 | carry;
  const std::uint64_t odd_starts = backslash & ~even & ~follows;
  const std::uint64_t sum = odd_starts + backslash;
  carry = sum < backslash ? 1 : 0;
  return (even ^ (sum << 1)) & follows;
}

// Bit i of the result is the parity of bits 0 to i.
std::uint64_t prefix_xor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

// Replaces std::popcount, which calls a library function if the baseline processor has no
// instruction for it.
std::uint64_t count_bits(std::uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return bits * 0x0101010101010101 >> 56;
}

#endif

unsigned hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  c = lower(c);
  return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : 16;
}

// The four hex digits after "\u", or a number beyond 0xffff.
std::uint32_t code_unit(std::string_view raw, std::size_t at) {
  constexpr std::uint32_t none = 0x10000;
  if (raw.size() < at + 6 || raw[at] != '\\' || raw[at + 1] != 'u') return none;
  std::uint32_t unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const unsigned digit = hex_digit(raw[i]);
    if (digit > 15) return none;
    unit = unit << 4 | digit;
  }
  return unit;
}

void append_utf8(std::string& to, std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    to += static_cast<char>(0x80 | (point >> shift & 0x3f));
  };
  if (point < 0x80) {
    to += static_cast<char>(point);
  } else if (point < 0x800) {
    to += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    to += static_cast<char>(0xe0 | point >> 12);
    tail(6), tail(0);
  } else {
    to += static_cast<char>(0xf0 | point >> 18);
    tail(12), tail(6), tail(0);
  }
}

// Appends the character that the "\u" escape at `at` means. Returns the escape's length, or 0 if it
// is not a valid escape. NUL would end a C string early, and half of a surrogate pair is not UTF-8,
// so both are replaced with U+FFFD and set `odd`.
std::size_t append_code_point(std::string_view raw, std::size_t at, std::string& text, bool& odd) {
  constexpr std::uint32_t replacement_character = 0xfffd;
  const std::uint32_t unit = code_unit(raw, at);
  if (unit > 0xffff) return 0;
  const bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
  const std::uint32_t next = high ? code_unit(raw, at + 6) : 0;
  if (high && next >= 0xdc00 && next < 0xe000) {
    append_utf8(text, 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00));
    return 12;
  }
  odd = odd || high || low || unit == 0;
  append_utf8(text, high || low || unit == 0 ? replacement_character : unit);
  return 6;
}

}  // namespace

ContainerScan::Result ContainerScan::scan(const char* text, std::size_t& at, std::size_t to) {
#ifdef __SSE2__
  while (to - at >= 64) {
    const Block block = classify(text + at);
    const std::uint64_t quote = block.quote & ~escaped_mask(block.backslash, escaped_);
    const std::uint64_t in_string = prefix_xor(quote) ^ in_string_;
    in_string_ = in_string >> 63 != 0 ? ~std::uint64_t{0} : 0;
    const std::uint64_t begins_line = at > 0 && text[at - 1] == '\n' ? 1 : 0;
    const std::uint64_t line_open = block.open & (block.newline << 1 | begins_line);
    const std::uint64_t open = block.open & ~in_string;
    const std::uint64_t close = block.close & ~in_string;
    const std::uint64_t closing = close == 0 ? 0 : count_bits(close);
    if (line_open == 0 && closing < depth_) {
      depth_ += (open == 0 ? 0 : count_bits(open)) - closing;
      at += 64;
      continue;
    }
    const Result result = scan_block(text, at, open, close, line_open, in_string);
    if (result != Result::unfinished) return result;
  }
#endif
  return scan_bytewise(text, at, to);
}

// Scans a block that may contain the end or a misplaced bracket, one bracket at a time.
ContainerScan::Result ContainerScan::scan_block(const char* text, std::size_t& at,
                                                std::uint64_t open, std::uint64_t close,
                                                std::uint64_t line_open, std::uint64_t in_string) {
  for (std::uint64_t bits = open | close | line_open; bits != 0; bits &= bits - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(bits));
    const std::uint64_t bit = bits & -bits;
    const bool quoted = (in_string & bit) != 0;
    if ((line_open & bit) != 0 && text[at + index] == '{' &&
        (quoted || misplaced(text, at + index))) {
      at += index;
      return Result::broken;
    }
    if ((open & bit) != 0) ++depth_;
    if ((close & bit) != 0 && --depth_ == 0) {
      at += index + 1;
      return Result::closed;
    }
  }
  at += 64;
  return Result::unfinished;
}

ContainerScan::Result ContainerScan::scan_bytewise(const char* text, std::size_t& at,
                                                   std::size_t to) {
  for (; at < to; ++at) {
    const char c = text[at];
    if (c == '{' && at > 0 && text[at - 1] == '\n' && (in_string_ != 0 || misplaced(text, at)))
      return Result::broken;
    const bool escaped = escaped_ != 0;
    escaped_ = c == '\\' && !escaped ? 1 : 0;
    if (c == '"' && !escaped) in_string_ = ~in_string_;
    if (in_string_ != 0) continue;
    if (opens(c)) ++depth_;
    if (closes(c) && --depth_ == 0) {
      ++at;
      return Result::closed;
    }
  }
  return Result::unfinished;
}

std::size_t find_quote_or_backslash(const char* text, std::size_t size) {
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; size - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    const __m128i found =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (at < size && text[at] != '"' && text[at] != '\\') ++at;
  return at;
}

Unescaped unescape(std::string_view raw, std::string& text) {
  static constexpr std::string_view letters = "\"\\/bfnrt";
  static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  text.clear();
  bool broken = false, odd = false;
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t plain = find_quote_or_backslash(raw.data() + at, raw.size() - at);
    text.append(raw, at, plain);
    at += plain;
    if (at >= raw.size()) break;
    const std::size_t letter = at + 1 < raw.size() ? letters.find(raw[at + 1]) : letters.npos;
    if (letter != letters.npos && raw[at] == '\\') {
      text += meanings[letter];
      at += 2;
    } else if (const std::size_t length = append_code_point(raw, at, text, odd); length != 0) {
      at += length;
    } else {
      text += raw[at++];
      broken = true;
    }
  }
  if (broken) return Unescaped::broken;
  return odd ? Unescaped::odd : Unescaped::sound;
}

std::size_t find_misfit(const char* text, std::size_t size) {
  std::vector<bool> in_object;
  char last = ':';
  for (std::size_t at = 0; at < size; ++at) {
    const char c = text[at];
    if (is_space(c)) continue;
    const bool inside = !in_object.empty();
    if (c == '{' && last == ',' && inside && in_object.back()) return at;
    if (opens(c)) in_object.push_back(c == '{');
    if (closes(c) && inside) {
      if (in_object.back() != (c == '}')) return at;
      in_object.pop_back();
    }
    if (c == '"') {
      for (++at; at < size; at += 2) {
        at += find_quote_or_backslash(text + at, size - at);
        if (at >= size || text[at] == '"') break;
      }
    }
    last = c;
  }
  return size;
}

}  // namespace cdr
