// The elements of a list in a record.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "json/document/document.hpp"

namespace cdr {

// Whether it is a list, or an object where a list belongs, which counts as a list of one.
inline bool is_list(Node list) {
  return list.is_container();
}
// The list, or the one that an object wraps and that is all it has, {"item": [...]}; otherwise a
// missing node.
Node list_of(Node node);

// Compares two elements by their members, whatever the order of these: below 0, 0 or above 0.
// Members that are not provided do not count, nor does the one named `without`. A number is equal
// to its text.
int compare_members(Node a, Node b, std::string_view without = {});

// The elements of a list that are neither lists nor objects. An object in place of the list has none.
std::vector<Node> scalars_of(Node list);
// The objects in a list. Elements of another type are left out.
std::vector<Node> objects_of(Node list);
// Like objects_of, but objects that are equal in all their members are there only once: where the
// list has the first of them, or the last.
enum class Occurrence : std::uint8_t { first, last };
std::vector<Node> distinct_objects_of(Node list, Occurrence which = Occurrence::first);

}  // namespace cdr
