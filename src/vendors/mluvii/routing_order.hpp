// The order of a routing timeline's entries.
#pragma once

#include <vector>

#include "vendors/mluvii/session.hpp"

namespace cdr::mluvii_api {

// Puts the entries of a timeline in order: by time, and those of one instant in the order in which
// they can follow each other. Only where that leaves a choice does Step::order decide.
void put_in_order(std::vector<Step>& timeline);

}  // namespace cdr::mluvii_api
