// One document, one interaction: what the functions over a record (`ring_duration(doc)`) stand on.
#pragma once

#include <optional>
#include <string_view>

#include "json/input/source.hpp"
#include "model/facts.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

struct StateReading {
  const Vendor* vendor = nullptr;
  std::optional<double> seconds;  // absent: the vendor does not say
};
// Seconds that the interaction whose records `content` holds (JSON; one record, or all of one
// interaction) spent in a state, or one agent of it when `agent_id` is not empty. Throws Error when
// it cannot be read or holds no interaction or several; `who` speaks in the message.
StateReading read_state(std::string_view content, std::string_view who, State state,
                        std::string_view agent_id);

// The vendor whose records all of `content` are; null when any is nobody's, or when they are of
// several vendors. Throws Error when it is not JSON or holds no record.
const Vendor* vendor_of(std::string_view content, std::string_view who);

// The one record of `content`, recognised. Throws Error as above. `document` keeps it.
Recognised read_record(std::string_view content, std::string_view who, Document& document);

}  // namespace cdr
