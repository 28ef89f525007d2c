// One document, one interaction: the basis of the functions over a record (`ring_duration(doc)`).
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
// Seconds that an interaction spent in a state, or one of its agents if `agent_id` is not empty.
// `content` is JSON: one record, or all records of one interaction. Throws Error if it cannot be
// read, or holds no interaction or several; the message begins with `who`.
StateReading read_state(std::string_view content, std::string_view who, State state,
                        std::string_view agent_id);

// The vendor of all records in `content`; null if any is not recognised, or if they are of
// several vendors. Throws Error if `content` is not JSON or holds no record.
const Vendor* vendor_of(std::string_view content, std::string_view who);

// The single record in `content`, recognised. Throws Error as above. `document` keeps it.
Recognised read_record(std::string_view content, std::string_view who, Document& document);

}  // namespace cdr
