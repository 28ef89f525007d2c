#include "core/dictionary.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/text.hpp"

namespace cdr {
namespace {

struct Entry {
  int code;
  std::string_view name;
};

// The comments give the source of each name: F is FreeSWITCH, A is Asterisk, T is the title in
// Q.850 (2018), in capitals.
constexpr Entry q850[] = {
    // Normal class
    {1, "UNALLOCATED_NUMBER"},             // F
    {2, "NO_ROUTE_TRANSIT_NET"},           // F
    {3, "NO_ROUTE_DESTINATION"},           // F
    {4, "SEND_SPECIAL_INFORMATION_TONE"},  // T
    {5, "MISDIALLED_TRUNK_PREFIX"},        // A
    {6, "CHANNEL_UNACCEPTABLE"},           // F
    {7, "CALL_AWARDED_DELIVERED"},         // F
    {8, "PREEMPTION"},                     // T; Asterisk: PRE_EMPTED, which is 45 in FreeSWITCH
    {9, "PREEMPTION_CIRCUIT_RESERVED_FOR_REUSE"},             // T
    {14, "NUMBER_PORTED_NOT_HERE"},                           // A
    {16, "NORMAL_CLEARING"},                                  // F
    {17, "USER_BUSY"},                                        // F
    {18, "NO_USER_RESPONSE"},                                 // F
    {19, "NO_ANSWER"},                                        // F
    {20, "SUBSCRIBER_ABSENT"},                                // F
    {21, "CALL_REJECTED"},                                    // F
    {22, "NUMBER_CHANGED"},                                   // F
    {23, "REDIRECTION_TO_NEW_DESTINATION"},                   // F
    {24, "CALL_REJECTED_DUE_TO_FEATURE_AT_THE_DESTINATION"},  // T
    {25, "EXCHANGE_ROUTING_ERROR"},                           // F
    {26, "NON_SELECTED_USER_CLEARING"},  // T; Asterisk names it for its use: ANSWERED_ELSEWHERE
    {27, "DESTINATION_OUT_OF_ORDER"},    // F
    {28, "INVALID_NUMBER_FORMAT"},       // F
    {29, "FACILITY_REJECTED"},           // F
    {30, "RESPONSE_TO_STATUS_ENQUIRY"},  // F
    {31, "NORMAL_UNSPECIFIED"},          // F
    // Resource unavailable class
    {34, "NORMAL_CIRCUIT_CONGESTION"},                       // F
    {38, "NETWORK_OUT_OF_ORDER"},                            // F
    {39, "PERMANENT_FRAME_MODE_CONNECTION_OUT_OF_SERVICE"},  // T
    {40, "PERMANENT_FRAME_MODE_CONNECTION_OPERATIONAL"},     // T
    {41, "NORMAL_TEMPORARY_FAILURE"},                        // F
    {42, "SWITCH_CONGESTION"},                               // F
    {43, "ACCESS_INFO_DISCARDED"},                           // F
    {44, "REQUESTED_CHAN_UNAVAIL"},                          // F
    {45, "PRE_EMPTED"},                                      // F; not assigned by Q.850
    {46, "PRECEDENCE_CALL_BLOCKED"},                         // T
    {47, "RESOURCE_UNAVAILABLE_UNSPECIFIED"},                // T
    // Service or option not available class
    {49, "QUALITY_OF_SERVICE_NOT_AVAILABLE"},  // T
    {50, "FACILITY_NOT_SUBSCRIBED"},           // F
    {52, "OUTGOING_CALL_BARRED"},              // F, A; not assigned by Q.850
    {53, "OUTGOING_CALLS_BARRED_WITHIN_CUG"},  // T
    {54, "INCOMING_CALL_BARRED"},              // F, A; not assigned by Q.850
    {55, "INCOMING_CALLS_BARRED_WITHIN_CUG"},  // T
    {57, "BEARERCAPABILITY_NOTAUTH"},          // F
    {58, "BEARERCAPABILITY_NOTAVAIL"},         // F
    {62, "INCONSISTENCY_IN_DESIGNATED_OUTGOING_ACCESS_INFORMATION_AND_SUBSCRIBER_CLASS"},  // T
    {63, "SERVICE_UNAVAILABLE"},                                                           // F
    // Service or option not implemented class
    {65, "BEARERCAPABILITY_NOTIMPL"},                                            // F
    {66, "CHAN_NOT_IMPLEMENTED"},                                                // F
    {69, "FACILITY_NOT_IMPLEMENTED"},                                            // F
    {70, "ONLY_RESTRICTED_DIGITAL_INFORMATION_BEARER_CAPABILITY_IS_AVAILABLE"},  // T
    {79, "SERVICE_NOT_IMPLEMENTED"},                                             // F
    // Invalid message class
    {81, "INVALID_CALL_REFERENCE"},                                    // F
    {82, "IDENTIFIED_CHANNEL_DOES_NOT_EXIST"},                         // T
    {83, "A_SUSPENDED_CALL_EXISTS_BUT_THIS_CALL_IDENTITY_DOES_NOT"},   // T
    {84, "CALL_IDENTITY_IN_USE"},                                      // T
    {85, "NO_CALL_SUSPENDED"},                                         // T
    {86, "CALL_HAVING_THE_REQUESTED_CALL_IDENTITY_HAS_BEEN_CLEARED"},  // T
    {87, "USER_NOT_MEMBER_OF_CUG"},                                    // T
    {88, "INCOMPATIBLE_DESTINATION"},                                  // F
    {90, "NON_EXISTENT_CUG"},                                          // T
    {91, "INVALID_TRANSIT_NETWORK_SELECTION"},                         // T
    {95, "INVALID_MSG_UNSPECIFIED"},                                   // F
    // Protocol error class
    {96, "MANDATORY_IE_MISSING"},        // F
    {97, "MESSAGE_TYPE_NONEXIST"},       // F
    {98, "WRONG_MESSAGE"},               // F
    {99, "IE_NONEXIST"},                 // F
    {100, "INVALID_IE_CONTENTS"},        // F
    {101, "WRONG_CALL_STATE"},           // F
    {102, "RECOVERY_ON_TIMER_EXPIRE"},   // F
    {103, "MANDATORY_IE_LENGTH_ERROR"},  // F; Q.850: parameter non-existent or not implemented,
                                         // passed on
    {110, "MESSAGE_WITH_UNRECOGNIZED_PARAMETER_DISCARDED"},  // T
    {111, "PROTOCOL_ERROR"},                                 // F
    // Interworking class
    {127, "INTERWORKING"},  // F
};

// Names that q850_code accepts in addition to those above. Asterisk's UNREGISTERED is left out,
// because it is 3 in old versions and 20 in newer ones.
constexpr Entry q850_aliases[] = {
    // Asterisk's own
    {1, "UNALLOCATED"},
    {16, "NORMAL"},
    {17, "BUSY"},
    {19, "NOANSWER"},
    {23, "REDIRECTED_TO_NEW_DESTINATION"},
    {26, "ANSWERED_ELSEWHERE"},
    {34, "CONGESTION"},
    {38, "FAILURE"},
    {66, "NOSUCHDRIVER"},
    // titles in Q.850 that differ from the switches' names
    {1, "UNASSIGNED_NUMBER"},
    {2, "NO_ROUTE_TO_SPECIFIED_TRANSIT_NETWORK"},
    {3, "NO_ROUTE_TO_DESTINATION"},
    {14, "QOR_PORTED_NUMBER"},
    {16, "NORMAL_CALL_CLEARING"},
    {18, "NO_USER_RESPONDING"},
    {19, "NO_ANSWER_FROM_USER"},
    {34, "NO_CIRCUIT_CHANNEL_AVAILABLE"},
    {41, "TEMPORARY_FAILURE"},
    {42, "SWITCHING_EQUIPMENT_CONGESTION"},
    {43, "ACCESS_INFORMATION_DISCARDED"},
    {44, "REQUESTED_CIRCUIT_CHANNEL_NOT_AVAILABLE"},
    {50, "REQUESTED_FACILITY_NOT_SUBSCRIBED"},
    {57, "BEARER_CAPABILITY_NOT_AUTHORIZED"},
    {58, "BEARER_CAPABILITY_NOT_PRESENTLY_AVAILABLE"},
    {63, "SERVICE_OR_OPTION_NOT_AVAILABLE_UNSPECIFIED"},
    {65, "BEARER_CAPABILITY_NOT_IMPLEMENTED"},
    {66, "CHANNEL_TYPE_NOT_IMPLEMENTED"},
    {69, "REQUESTED_FACILITY_NOT_IMPLEMENTED"},
    {79, "SERVICE_OR_OPTION_NOT_IMPLEMENTED_UNSPECIFIED"},
    {81, "INVALID_CALL_REFERENCE_VALUE"},
    {95, "INVALID_MESSAGE_UNSPECIFIED"},
    {96, "MANDATORY_INFORMATION_ELEMENT_IS_MISSING"},
    {100, "INVALID_INFORMATION_ELEMENT_CONTENTS"},
    {101, "MESSAGE_NOT_COMPATIBLE_WITH_CALL_STATE"},
    {102, "RECOVERY_ON_TIMER_EXPIRY"},
    {111, "PROTOCOL_ERROR_UNSPECIFIED"},
    {127, "INTERWORKING_UNSPECIFIED"},
};

// The IANA registry "Session Initiation Protocol (SIP) Parameters", response codes.
constexpr Entry sip[] = {
    // Provisional
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    // Successful
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    // Redirection
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    // Request failure
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {424, "Bad Location Information"},
    {425, "Bad Alert Message"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {430, "Flow Failed"},
    {433, "Anonymity Disallowed"},
    {436, "Bad Identity-Info"},
    {437, "Unsupported Certificate"},
    {438, "Invalid Identity Header"},
    {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    // Server failure
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {555, "Push Notification Service Not Supported"},
    {580, "Precondition Failure"},
    // Global failure
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
    {607, "Unwanted"},
    {608, "Rejected"},
};

// From the vendor's page of agent status codes, in its spelling.
constexpr Entry agent_status[] = {
    {0, "UNKNOWN"},     {1, "NOT_INUSE"}, {2, "INUSE"},     {3, "BUSY"},   {4, "INVALID"},
    {5, "UNAVAILABLE"}, {6, "RINGING"},   {7, "RINGINUSE"}, {8, "ONHOLD"}, {9, "WRAPUP"},
};

constexpr bool by_code(const Entry& a, const Entry& b) {
  return a.code < b.code;
}
static_assert(std::is_sorted(std::begin(q850), std::end(q850), by_code));
static_assert(std::is_sorted(std::begin(sip), std::end(sip), by_code));
static_assert(std::is_sorted(std::begin(agent_status), std::end(agent_status), by_code));

std::string_view name_in(std::span<const Entry> sorted, std::int64_t code) {
  const auto at =
      std::lower_bound(sorted.begin(), sorted.end(), code,
                       [](const Entry& entry, std::int64_t wanted) { return entry.code < wanted; });
  return at != sorted.end() && at->code == code ? at->name : std::string_view();
}

bool same_name(std::string_view given, std::string_view name) {
  const auto canonical = [](char c) { return c == ' ' || c == '-' ? '_' : lower(c); };
  return std::equal(given.begin(), given.end(), name.begin(), name.end(),
                    [&](char a, char b) { return canonical(a) == canonical(b); });
}

std::optional<int> code_in(std::span<const Entry> entries, std::string_view name) {
  for (const Entry& entry : entries)
    if (same_name(name, entry.name)) return entry.code;
  return std::nullopt;
}

}  // namespace

std::string_view q850_name(std::int64_t code) {
  return name_in(q850, code);
}

std::optional<int> q850_code(std::string_view name) {
  name = trim(name);
  const auto code = code_in(q850, name);
  return code ? code : code_in(q850_aliases, name);
}

std::string_view sip_reason(std::int64_t code) {
  return name_in(sip, code);
}

std::string_view agent_status_name(std::int64_t code) {
  return name_in(agent_status, code);
}

}  // namespace cdr
