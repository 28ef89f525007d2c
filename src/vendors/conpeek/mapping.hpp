// Conpeek's records as rows of the model.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "json/document/record.hpp"
#include "model/facts.hpp"
#include "vendors/mapping.hpp"

namespace cdr::conpeek_api {

inline constexpr std::string_view event_resource = "event";

// Vendor::map and Vendor::mapping for this vendor.
void map(std::span<const Record> records, const Wanted& wanted, Facts& facts);
std::vector<MappingDoc> document_mapping();

}  // namespace cdr::conpeek_api
