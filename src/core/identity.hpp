// Finds the telephone numbers and e-mail addresses in a text. Each has only one spelling in the
// result, so that a search finds a customer however a vendor or a person writes the number.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdr {

// A shorter number may be an extension or a duration, which does not identify a person.
inline constexpr std::size_t min_identity_digits = 7;
// The longest that E.164 allows.
inline constexpr std::size_t max_identity_digits = 15;
// A JSON number without quotes is seldom a telephone number. Durations in milliseconds have fewer
// digits than this, and no subscriber has an epoch as a number.
inline constexpr std::size_t min_unquoted_digits = 8;

// For each number in the text, appends its digits without the international prefix 00 ('+48 500
// 001 234', '0048500001234' and 'sip:48500001234@pbx' → '48500001234'). Also appends each run of
// digits in it, because a blank may separate two numbers. Skips masked numbers and dates
// ('2024-05-02 10'). Appends each e-mail or SIP address in lower case.
void append_identities(std::string_view text, std::vector<std::string>& to);

// The number or address that makes up the whole text; nullopt if the text is anything else.
std::optional<std::string> identity_of(std::string_view text);

}  // namespace cdr
