#include "vendors/element.hpp"

#include <algorithm>
#include <cstddef>

#include "core/stop.hpp"
#include "json/document/convert.hpp"

namespace cdr {
namespace {

int order_of_kind(Node node) {
  if (!node.provided()) return 0;
  return node.is_object() ? 3 : node.is_array() ? 2 : 1;
}

std::vector<Node> members_of(Node object, std::string_view without) {
  std::vector<Node> members;
  for (const Node member : object.children())
    if (member.provided() && (without.empty() || member.key() != without))
      members.push_back(member);
  std::sort(members.begin(), members.end(), [](Node a, Node b) { return a.key() < b.key(); });
  return members;
}

std::vector<Node> elements_of(Node list) {
  std::vector<Node> elements;
  for (const Node element : list.children()) elements.push_back(element);
  return elements;
}

// Texts that cannot be read may read alike.
int compare_scalars(Node a, Node b) {
  return a.is_odd() || b.is_odd() ? a.raw().compare(b.raw()) : text_of(a).compare(text_of(b));
}

}  // namespace

int compare_members(Node a, Node b, std::string_view without) {
  if (const int ranks = order_of_kind(a) - order_of_kind(b); ranks != 0) return ranks;
  if (order_of_kind(a) == 0) return 0;
  if (order_of_kind(a) == 1) return compare_scalars(a, b);
  const bool keyed = a.is_object();
  const std::vector<Node> of_a = keyed ? members_of(a, without) : elements_of(a);
  const std::vector<Node> of_b = keyed ? members_of(b, without) : elements_of(b);
  for (std::size_t i = 0; i < std::min(of_a.size(), of_b.size()); ++i) {
    if (const int keys = of_a[i].key().compare(of_b[i].key()); keys != 0) return keys;
    if (const int values = compare_members(of_a[i], of_b[i]); values != 0) return values;
  }
  return of_a.size() == of_b.size() ? 0 : of_a.size() < of_b.size() ? -1 : 1;
}

Node list_of(Node node) {
  if (node.is_array()) return node;
  if (!node.is_object() || node.size() != 1) return {};
  const Node member = *node.children().begin();
  return member.is_array() ? member : Node();
}

std::vector<Node> scalars_of(Node list) {
  std::vector<Node> scalars;
  if (!list.is_array()) return scalars;
  for (const Node element : list.children())
    if (!element.is_container()) scalars.push_back(element);
  return scalars;
}

std::vector<Node> objects_of(Node list) {
  std::vector<Node> objects;
  if (list.is_object()) objects.push_back(list);
  if (!list.is_array()) return objects;
  for (const Node element : list.children())
    if (element.is_object()) objects.push_back(element);
  return objects;
}

std::vector<Node> distinct_objects_of(Node list, Occurrence which) {
  std::vector<Node> objects = objects_of(list);
  if (objects.size() < 2) return objects;
  std::vector<std::size_t> places(objects.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = which == Occurrence::first ? i : places.size() - 1 - i;
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    check_stop();
    return compare_members(objects[a], objects[b]) < 0;
  });
  const auto last = std::unique(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return compare_members(objects[a], objects[b]) == 0;
  });
  places.erase(last, places.end());
  std::sort(places.begin(), places.end());
  std::vector<Node> distinct;
  distinct.reserve(places.size());
  for (const std::size_t place : places) distinct.push_back(objects[place]);
  return distinct;
}

}  // namespace cdr
