// What the causes of telephony say of a call that nobody answered, the same for all vendors: Q.850
// codes, their names as FreeSWITCH and Asterisk write them, and SIP status codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cdr {

// '21', 'CALL_REJECTED', ' call_rejected': the Q.850 code; nullopt when it is none.
std::optional<int> q850_of(std::string_view cause);

// BUSY, NO_ANSWER, REJECTED, UNREACHABLE (not in use, off, or out of reach) or FAILED (the network
// did not bring the call there); "" when the cause says none of them, as NORMAL_CLEARING does.
std::string_view outcome_of_q850(std::int64_t code);
// Of a code or a name; also of FreeSWITCH's names that Q.850 does not have (ORIGINATOR_CANCEL, …).
std::string_view outcome_of_cause(std::string_view cause);
// BUSY, REJECTED or UNREACHABLE; "" for other codes.
std::string_view outcome_of_sip(std::int64_t code);

}  // namespace cdr
