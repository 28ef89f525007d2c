// The metrics by name: every variant that has its own name, and its formula. A warehouse shows them
// in `metric_definition`.
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
  std::string_view column;  // of reports that show it; "" = each report names it differently
  std::string_view query;   // a query that computes it, with placeholders for the period
};

std::span<const MetricDefinition> metric_definitions();

}  // namespace cdr
