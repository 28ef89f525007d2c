// One document, one interaction: what the functions over a record (`ring_duration(doc)`) stand on.
#pragma once

#include <optional>
#include <string_view>

#include "json/source.hpp"
#include "model/facts.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// Maps the records of `content` (JSON; one record, or all of one interaction) into `facts`, as far
// as `wanted`. Gives their vendor. Throws Error when it cannot be read or holds no interaction or
// several; `who` speaks in the message.
const Vendor& read_interaction(std::string_view content, std::string_view who, const Wanted& wanted,
                               Facts& facts);

// Seconds of a state from `facts` (which want state_durations): of the interaction, or of one agent
// when `agent_id` is not empty.
std::optional<double> seconds_in_state(const Facts& facts, State state, std::string_view agent_id);

// The vendor whose records all of `content` are; null when any is nobody's, or when they are of
// several vendors. Throws Error when it is not JSON or holds no record.
const Vendor* vendor_of(std::string_view content, std::string_view who);

// The one record of `content`, recognised. Throws Error as above. `document` keeps it.
Recognised read_record(std::string_view content, std::string_view who, Document& document);

}  // namespace cdr
