// The outcome of an unanswered call by its telephony cause, the same for all vendors: Q.850
// codes, their names as FreeSWITCH and Asterisk write them, and SIP status codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cdr {

// The Q.850 code of '21', 'CALL_REJECTED' or ' call_rejected'; nullopt if it is not one.
std::optional<int> q850_of(std::string_view cause);

// BUSY, NO_ANSWER, REJECTED, UNREACHABLE (not in use, off, or out of reach) or FAILED (the network
// did not deliver the call); "" if the cause means none of them, such as NORMAL_CLEARING.
std::string_view outcome_of_q850(std::int64_t code);
// The same for a code or a name; also for FreeSWITCH's names beyond Q.850 (ORIGINATOR_CANCEL, …).
std::string_view outcome_of_cause(std::string_view cause);
// BUSY, REJECTED or UNREACHABLE; "" for other codes.
std::string_view outcome_of_sip(std::int64_t code);

}  // namespace cdr
