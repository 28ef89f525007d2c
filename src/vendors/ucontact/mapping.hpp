// uContact's mapping into the model: every column that its records fill, and the fields behind it.
#pragma once

#include <span>
#include <vector>

#include "vendors/vendor.hpp"

namespace cdr::ucontact_api {

void map_records(std::span<const Record> records, const Wanted& wanted, Facts& facts);
std::vector<MappingDoc> documentation();

}  // namespace cdr::ucontact_api
