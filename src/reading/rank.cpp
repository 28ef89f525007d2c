#include "reading/rank.hpp"

#include "vendors/vendor.hpp"

namespace cdr {
namespace {

std::uint64_t count_provided(Node node) {
  if (node.size() == 0) return node.provided() ? 1 : 0;
  std::uint64_t count = 0;
  for (const Node child : node.children()) count += count_provided(child);
  return count;
}

}  // namespace

Rank hash_of(const Record& record) {
  const auto [high, low] = content_hash(record);
  return {{}, 0, high, low};
}

Rank rank_of(const Record& record) {
  Rank rank = hash_of(record);
  rank.latest = record.resource->latest(record);
  rank.provided = count_provided(record.root);
  return rank;
}

}  // namespace cdr
