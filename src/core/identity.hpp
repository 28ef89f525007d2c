// Who a text speaks of: telephone numbers and e-mail addresses found in it, each in one spelling,
// so that one customer is found however a vendor or a person writes it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdr {

// A shorter number may be an extension, a duration, or anybody's.
inline constexpr std::size_t min_identity_digits = 7;
// As many as numbers have at most (E.164).
inline constexpr std::size_t max_identity_digits = 15;
// A number that JSON has without quotes is seldom one of a telephone: durations in milliseconds are
// shorter than this, and epochs are no numbers that are given to anybody.
inline constexpr std::size_t min_unquoted_digits = 8;

// Appends, for each number in the text, its digits without the international prefix 00 ('+48 500
// 001 234', '0048500001234' and 'sip:48500001234@pbx' → '48500001234'); also for each run of digits
// between its punctuation, because a blank may as well stand between two numbers. No masked
// numbers, no dates ('2024-05-02 10'). For each e-mail or SIP address: it, in lower case.
void append_identities(std::string_view text, std::vector<std::string>& to);

// The one number or address that the text is as a whole; nullopt when it is anything else.
std::optional<std::string> identity_of(std::string_view text);

}  // namespace cdr
