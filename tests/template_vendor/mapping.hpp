// Parlo's calls as rows of the model.
#pragma once

#include <span>
#include <vector>

#include "json/document/record.hpp"
#include "model/facts.hpp"
#include "vendors/mapping.hpp"

namespace cdr::parlo_api {

// This vendor's Vendor::map and Vendor::mapping.
void map(std::span<const Record> records, const Wanted& wanted, Facts& facts);
std::vector<MappingDoc> document_mapping();

}  // namespace cdr::parlo_api
