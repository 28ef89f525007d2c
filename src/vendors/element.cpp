#include "vendors/element.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>

#include "core/stop.hpp"

namespace cdr {
namespace {

bool is_sound_text(Node node) {
  return node.type() == Node::Type::string && !node.is_odd();
}

bool is_same_value(Node a, Node b) {
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (!is_list(a)) {
    return is_sound_text(a) && is_sound_text(b) ? a.string() == b.string() : a.raw() == b.raw();
  }
  auto place = b.children().begin();  // most objects have their members in the same order
  for (const Node member : a.children()) {
    Node other = *place;
    ++place;
    if (a.is_object() && other.key() != member.key()) other = b[member.key()];
    if (!is_same_value(member, other)) return false;
  }
  return true;
}

// The same for values that are the same.
std::size_t hash_of(Node node) {
  constexpr std::hash<std::string_view> hash;
  if (!is_list(node)) return hash(is_sound_text(node) ? node.string() : node.raw());
  std::size_t sum = node.size();
  for (const Node member : node.children())
    if (node.is_object())
      sum += hash_of(member) * (hash(member.key()) | 1);  // in any order
    else
      sum = sum * 31 + hash_of(member);
  return sum;
}

}  // namespace

std::vector<Node> objects_of(Node list) {
  std::vector<Node> objects;
  if (list.is_object()) objects.push_back(list);
  if (!list.is_array()) return objects;
  for (const Node element : list.children())
    if (element.is_object()) objects.push_back(element);
  return objects;
}

std::vector<Node> distinct_objects_of(Node list) {
  std::vector<Node> objects = objects_of(list);
  if (objects.size() < 2) return objects;
  std::unordered_multimap<std::size_t, Node> known;
  std::erase_if(objects, [&](Node object) {
    check_stop();
    const std::size_t hash = hash_of(object);
    const auto [first, last] = known.equal_range(hash);
    const bool is_known = std::any_of(
        first, last, [&](const auto& each) { return is_same_value(each.second, object); });
    if (!is_known) known.emplace(hash, object);
    return is_known;
  });
  return objects;
}

}  // namespace cdr
