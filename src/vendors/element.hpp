// The elements of a list in a record.
#pragma once

#include <vector>

#include "json/document/document.hpp"

namespace cdr {

// Whether it is a list, or an object where a list belongs, which counts as a list of one.
inline bool is_list(Node list) {
  return list.is_array() || list.is_object();
}

// The objects in a list. Elements of another type are left out.
std::vector<Node> objects_of(Node list);
// Like objects_of, but objects that are equal in all their members, in whatever order these are,
// are there only once.
std::vector<Node> distinct_objects_of(Node list);

}  // namespace cdr
