// Functions that hide the person behind a telephone number:
//
//   SELECT phone_mask(customer_number) FROM interactions(…);
//   SELECT phone_token(customer_number, :key), count(*) FROM interactions(…) GROUP BY 1;
#include <cmath>

#include "core/error.hpp"
#include "core/phone.hpp"
#include "extension/binding/function.hpp"

namespace cdr::ext {
namespace {

// SQLite would write a REAL with '.0', but this zero is not a digit of the number.
std::string number_text(Argument argument) {
  if (argument.type() == SQLITE_FLOAT) {
    const double number = argument.real();
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (std::abs(number) <= exact && number == std::trunc(number))
      return std::to_string(static_cast<std::int64_t>(number));
  }
  return std::string(argument.text());
}

void phone_mask(Call& call) {
  if (call.has(0)) call.text(cdr::phone_mask(number_text(call[0])));
}

void phone_token(Call& call) {
  if (!call[1].is_text() && !call[1].is_blob())
    throw Error(call.has(1) ? "phone_token: the key is a number, expected text or a blob of at "
                              "least 16 bytes"
                            : "phone_token: the key is NULL, expected text or a blob of at least "
                              "16 bytes",
                ErrorCode::mismatch);
  // The key is checked first, so that a wrong one is reported even if no row has a number.
  const auto token =
      cdr::phone_token(call.has(0) ? number_text(call[0]) : std::string(), call[1].bytes());
  if (token) call.text(*token);
}

constexpr Function privacy_list[] = {
    {"phone_mask", 1, 1, "phone_mask(number)",
     "the number with its last four digits as ****; unchanged when it is already masked, or has "
     "fewer than five digits (an extension)",
     "phone_mask('13323150000')", "1332315****", Effect::pure, phone_mask},
    {"phone_token", 2, 2, "phone_token(number, key)",
     "32 hexadecimal digits that stand for the number or e-mail address, to join and count by. "
     "They are the same however a number is punctuated, and useless without the key (text or blob, "
     "at least 16 bytes: keep it secret). NULL for a masked number, and for anything that is "
     "neither",
     "phone_token('+48 500 001 234', 'a key of 16 bytes or more')",
     "1239c5777f549ca8d4b410faa15f4839", Effect::pure, phone_token},
};

}  // namespace

std::span<const Function> privacy_functions() {
  return privacy_list;
}

}  // namespace cdr::ext
