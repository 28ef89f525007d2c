// Telephone numbers without the person behind them: masked for people to read, or a token for
// machines to join by. Digits are ASCII's 0 to 9.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cdr {

// Hides the last four digits of every number in the text, as the vendors do: '13323150000' →
// '1332315****'. Country, area and punctuation stay readable: '+48 500 001 234' → '+48 500
// 00* ***'. Leaves a text unchanged if it has fewer than five digits (an internal extension), no
// digits ('anonymous'), or is masked already ('0533128****', '138****0000').
std::string phone_mask(std::string_view text);

// One number within a text: from its first digit to its last digit or star, with the punctuation
// between.
struct NumberInText {
  std::size_t begin = 0, end = 0, digits = 0;
  bool is_masked = false;
};
// The first number that begins at `from` or after it.
std::optional<NumberInText> next_number(std::string_view text, std::size_t from);

// The digits that identify the subscriber: those of a SIP address's user part, without the
// international prefix 00. The text is a number as a whole.
std::string phone_digits(std::string_view text);

// The shortest key that phone_token takes: with fewer bytes, trying all keys (and then all numbers)
// is within reach.
inline constexpr std::size_t min_phone_key_bytes = 16;

// A token of 32 hexadecimal digits for the number. The same number and key always give the same
// token, however the number is punctuated and whether it begins with + or 00. Without the key,
// nobody can compute it, or undo it by trying all numbers. It is keyed BLAKE2b of 128 bits over the
// number's digits, or over an address whose user is a name, as of e-mail, in lower case. nullopt: it
// has neither, or is masked (contains '*'; different people share a masked number, so nobody must
// group by it). Throws Error if the key is too short.
std::optional<std::string> phone_token(std::string_view text, std::string_view key);

}  // namespace cdr
