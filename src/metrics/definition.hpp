// The metrics by name: every variant that goes by a name of its own, and its formula. What
// `metric_definition` in a warehouse shows.
#pragma once

#include <span>
#include <string_view>

namespace cdr {

struct MetricDefinition {
  std::string_view metric;   // 'service_level'
  std::string_view variant;  // 'ignore_abandons'
  std::string_view unit;     // ratio, seconds, count
  std::string_view formula;
  std::string_view doc;
};

std::span<const MetricDefinition> metric_definitions();

}  // namespace cdr
