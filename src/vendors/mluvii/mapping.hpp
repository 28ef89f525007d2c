// mluvii's mapping into the model, as Vendor::map and Vendor::mapping.
#pragma once

#include <span>
#include <vector>

#include "json/document/record.hpp"
#include "model/facts.hpp"
#include "vendors/mapping.hpp"

namespace cdr::mluvii_api {

void map_records(std::span<const Record> records, const Wanted& wanted, Facts& facts);
std::vector<MappingDoc> document_mapping();

}  // namespace cdr::mluvii_api
