// Numbers without the person: a masked text stays masked, stays UTF-8 and lacks the subscriber's
// last digits; a token is the same for each way of writing the number or the address.
#include <algorithm>
#include <string>

#include "core/identity.hpp"
#include "core/phone.hpp"
#include "door.hpp"

using namespace cdr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = test::Input(data, size).rest();
  if (!test::is_utf8(text)) return 0;
  const std::string masked = phone_mask(text);
  test::require_utf8(masked, "a masked text");
  test::require(masked.size() == text.size(), "masking changes the length", masked);
  test::require(phone_mask(masked) == masked, "what is masked is masked again", masked);
  for (std::size_t i = 0; i < text.size(); ++i)
    test::require(masked[i] == text[i] || (masked[i] == '*' && text[i] >= '0' && text[i] <= '9'),
                  "masking changes more than digits", masked);
  std::size_t at = 0;
  while (const auto number = next_number(text, at)) {
    test::require(number->begin >= at && number->end > number->begin && number->end <= text.size(),
                  "a number outside of its text");
    if (number->digits >= 5)
      test::require(
          masked.substr(number->begin, number->end - number->begin).find('*') != std::string::npos,
          "a number that is not masked", masked);
    at = number->end;
  }
  constexpr std::string_view key = "0123456789abcdef";
  const auto token = phone_token(text, key);
  if (token) {
    test::require(token->size() == 32, "a token of another length", *token);
    const std::string digits = phone_digits(text);
    test::require(digits.find_first_not_of("0123456789") == digits.npos, "no digits", digits);
    const std::string identity = identity_of(text).value_or("");
    if (identity.find('@') != identity.npos)
      test::require(phone_token(identity, key) == token, "its address has another token", identity);
    else if (digits.rfind("00", 0) != 0)
      test::require(phone_token(digits, key) == token, "its digits have another token", digits);
  }
  return 0;
}
