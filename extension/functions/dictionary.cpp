// Dictionaries of codes, as SQL functions:
//
//   SELECT q850_name(causecode), count(*) FROM ucontact_record(…) GROUP BY 1;
#include "core/dictionary.hpp"

#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "extension/binding/function.hpp"

namespace cdr::ext {
namespace {

// Codes are 16, 16.0, '16' and also '16 ', because blanks do not count. '0x10' and '16.5' are not
// codes.
std::optional<std::int64_t> code_of(Argument argument) {
  if (argument.type() == SQLITE_INTEGER) return argument.integer();
  if (argument.type() == SQLITE_FLOAT) {
    const double number = argument.real();
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (!(std::abs(number) <= exact) || number != std::trunc(number)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  const std::string_view text = trim(argument.text());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <std::string_view (*Name)(std::int64_t)>
void name_of_code(Call& call) {
  const auto code = code_of(call[0]);
  const std::string_view name = code ? Name(*code) : std::string_view();
  if (!name.empty()) call.text(name);
}

void q850_code(Call& call) {
  if (!call.has(0)) return;
  if (const auto code = cdr::q850_code(call[0].text())) call.integer(*code);
}

constexpr Function dictionary_list[] = {
    {"q850_name", 1, 1, "q850_name(code)",
     "name of a Q.850 cause, in the spelling of FreeSWITCH and Asterisk; NULL for a code without a "
     "name. The code may be text",
     "q850_name('16')", "NORMAL_CLEARING", Effect::pure, name_of_code<cdr::q850_name>},
    {"q850_code", 1, 1, "q850_code(name)",
     "Q.850 cause with that name, in upper or lower case, with blanks or hyphens for underscores; "
     "Asterisk's other names work too. NULL for an unknown name",
     "q850_code('user busy')", "17", Effect::pure, q850_code},
    {"sip_reason", 1, 1, "sip_reason(code)",
     "reason phrase of a SIP response code, as registered with IANA; NULL for an unregistered code",
     "sip_reason(486)", "Busy Here", Effect::pure, name_of_code<cdr::sip_reason>},
    {"agent_status_name", 1, 1, "agent_status_name(code)",
     "name of an agent status code of uContact (0 to 9); NULL for another code",
     "agent_status_name(5)", "UNAVAILABLE", Effect::pure, name_of_code<cdr::agent_status_name>},
};

}  // namespace

std::span<const Function> dictionary_functions() {
  return dictionary_list;
}

}  // namespace cdr::ext
