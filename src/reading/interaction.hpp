// Reads a document that has the records of one interaction: the basis of the functions that take a
// document (`ring_duration(doc)`).
#pragma once

#include <optional>
#include <string_view>

#include "json/input/source.hpp"
#include "model/facts.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

struct StateReading {
  const Vendor* vendor = nullptr;
  std::optional<double> seconds;  // nullopt: the vendor does not provide it
};
// The seconds that an interaction, or one of its agents if `agent_id` is not empty, spent in a
// state. `content` is JSON: one record, or all records of one interaction. Throws Error if it
// cannot be read, or does not contain exactly one interaction. The message begins with `who`.
StateReading read_state(std::string_view content, std::string_view who, State state,
                        std::string_view agent_id);

// The vendor of all records in `content`; null if any record is not recognised, or if they are of
// several vendors. Throws Error if `content` is not JSON or contains no record.
const Vendor* vendor_of(std::string_view content, std::string_view who);

// Recognises the single record in `content`, which `document` keeps. Throws Error as above, or if
// there are several records.
Recognised read_record(std::string_view content, std::string_view who, Document& document);

}  // namespace cdr
