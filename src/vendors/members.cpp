#include "vendors/members.hpp"

#include <algorithm>
#include <cstddef>

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

}  // namespace

int compare_members(Node a, Node b, std::string_view without) {
  if (const int ranks = order_of_kind(a) - order_of_kind(b); ranks != 0) return ranks;
  if (order_of_kind(a) == 0) return 0;
  if (order_of_kind(a) == 1) return text_of(a).compare(text_of(b));
  const bool keyed = a.is_object();
  const std::vector<Node> of_a = keyed ? members_of(a, without) : elements_of(a);
  const std::vector<Node> of_b = keyed ? members_of(b, without) : elements_of(b);
  for (std::size_t i = 0; i < std::min(of_a.size(), of_b.size()); ++i) {
    if (const int keys = of_a[i].key().compare(of_b[i].key()); keys != 0) return keys;
    if (const int values = compare_members(of_a[i], of_b[i]); values != 0) return values;
  }
  return of_a.size() == of_b.size() ? 0 : of_a.size() < of_b.size() ? -1 : 1;
}

std::vector<Node> distinct(Node list) {
  struct Element {
    Node node;
    std::size_t place;
  };
  std::vector<Element> elements;
  for (const Node node : list.children()) elements.push_back({node, elements.size()});
  const auto by_place = [](const Element& a, const Element& b) { return a.place < b.place; };
  std::sort(elements.begin(), elements.end(), [&](const Element& a, const Element& b) {
    const int order = compare_members(a.node, b.node);
    return order != 0 ? order < 0 : by_place(a, b);
  });
  elements.erase(std::unique(elements.begin(), elements.end(),
                             [](const Element& a, const Element& b) {
                               return compare_members(a.node, b.node) == 0;
                             }),
                 elements.end());
  std::sort(elements.begin(), elements.end(), by_place);
  std::vector<Node> nodes;
  nodes.reserve(elements.size());
  for (const Element& each : elements) nodes.push_back(each.node);
  return nodes;
}

}  // namespace cdr
