// The share of queue visits that was served in time, in each of the variants that the trade knows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cdr {

inline constexpr double usual_threshold_seconds = 20, usual_short_abandon_seconds = 5;

enum class ServiceLevel : unsigned char {
  ignore_abandons,        // A_T / (O - B_T)
  abandons_negative,      // A_T / O
  abandons_positive,      // (A_T + B_T) / O
  answered_only,          // A_T / A
  answered_or_abandoned,  // A_T / (A + B - S)
  removed,                // all that left within T / O
};
// Throws Error, in which `who` speaks and which lists them.
ServiceLevel service_level_named(std::string_view name, std::string_view who);

// Visits of which the wait is known: of the others nobody can say whether they were in time.
struct VisitCounts {
  std::int64_t offered = 0, answered = 0, answered_in_threshold = 0, abandoned = 0,
               abandoned_in_threshold = 0, short_abandoned = 0, left_in_threshold = 0;

  // Adds a visit, or with -1 takes it away again. An empty outcome: it has not ended, or how is not
  // told.
  void count(double wait_seconds, std::string_view outcome, double threshold_seconds,
             double short_abandon_seconds, int times = 1);
  // nullopt: there is nothing to take a share of.
  std::optional<double> service_level(ServiceLevel variant) const;
};

}  // namespace cdr
