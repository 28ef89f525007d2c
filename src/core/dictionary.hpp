// Dictionaries of codes: the names of the numbers in call detail records.
//
// Q.850 causes have the names that FreeSWITCH prints (NORMAL_CLEARING, USER_BUSY, …). Conpeek's
// `hangup_cause` has the same form, and Asterisk, on which uContact is built, uses the same names
// with few exceptions. A cause that FreeSWITCH does not name has Asterisk's name, otherwise its
// title in the Recommendation, in capitals. Codes that neither the Recommendation nor these two
// switches name have no name here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cdr {

// 16 → 'NORMAL_CLEARING'; "" for a code without a name.
std::string_view q850_name(std::int64_t code);
// 'NORMAL_CLEARING' → 16. Case does not matter; blanks and hyphens count as underscores. Also
// accepts Asterisk's other names (NOANSWER, CONGESTION, ANSWERED_ELSEWHERE, …) and common titles
// (NORMAL_CALL_CLEARING). FreeSWITCH's causes beyond Q.850 (ORIGINATOR_CANCEL, LOSE_RACE, …) have
// no code.
std::optional<int> q850_code(std::string_view name);

// 486 → 'Busy Here': the reason phrase of the IANA registry of SIP response codes; "" for an
// unregistered code.
std::string_view sip_reason(std::int64_t code);

// 5 → 'UNAVAILABLE': uContact's agent status (0 to 8 are Asterisk's device states, 9 is its own);
// "" for others.
std::string_view agent_status_name(std::int64_t code);

}  // namespace cdr
