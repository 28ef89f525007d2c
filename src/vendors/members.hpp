// Comparing elements of a record's lists by their members, whatever the members' order.
#pragma once

#include <string_view>
#include <vector>

#include "json/document/document.hpp"

namespace cdr {

// Below 0, 0 or above 0. Members that are not provided do not count, nor does the one named
// `without`. A number is equal to its text.
int compare_members(Node a, Node b, std::string_view without = {});

// The elements without those that are equal to an earlier one.
std::vector<Node> distinct(Node list);

}  // namespace cdr
