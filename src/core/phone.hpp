// Hides telephone numbers: phone_mask gives a text that people can read, phone_token a key that
// tables can be joined by. Digits are ASCII's 0 to 9.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cdr {

// Hides the last four digits of every number in the text, as the vendors do: '13323150000' →
// '1332315****'. Country, area and punctuation stay readable: '+48 500 001 234' → '+48 500
// 00* ***'. A number with fewer than five digits (an internal extension) stays unchanged, and so
// does one that is masked already ('0533128****', '138****0000').
std::string phone_mask(std::string_view text);

// One number within a text: from its first digit to its last digit or star, including the
// punctuation between them.
struct NumberInText {
  std::size_t begin = 0, end = 0, digits = 0;
  bool is_masked = false;
};
// The first number that begins at `from` or after it.
std::optional<NumberInText> next_number(std::string_view text, std::size_t from);

// The digits that identify the subscriber, without the international prefix 00. In a SIP address
// they are in the user part. The whole text must be one number.
std::string phone_digits(std::string_view text);

// The shortest key that phone_token accepts. A shorter key could be found by trying all keys, and
// then the numbers by trying all numbers.
inline constexpr std::size_t min_phone_key_bytes = 16;

// A token of 32 hexadecimal digits for the number. The same number and key always give the same
// token, however the number is punctuated and whether it begins with + or 00. Without the key, the
// token cannot be computed, nor undone by trying all numbers. It is keyed BLAKE2b of 128 bits over
// the number's digits, or over the lower-case address if its user part is a name (as in e-mail).
// nullopt: the text has neither, or is masked (contains '*'). A masked number has no token because
// different people share it. Throws Error if the key is too short.
std::optional<std::string> phone_token(std::string_view text, std::string_view key);
inline constexpr std::size_t phone_token_digits = 32;
// Whether the text has the form of a token.
bool may_be_phone_token(std::string_view text);

}  // namespace cdr
