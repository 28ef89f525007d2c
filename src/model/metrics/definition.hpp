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
  std::string_view column;  // of reports that show it; "" = it has another name in each
  std::string_view query;   // that gives it, for a period that is to be filled in
};

std::span<const MetricDefinition> metric_definitions();

}  // namespace cdr
