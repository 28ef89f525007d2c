// The share of queue visits that were served in time, in each variant that is in common use.
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
  removed,                // all visits that left within T / O
  asterisk_sl2,           // (A_T + B_T) / (A + B)
};
// The variant of that name. Otherwise throws an Error whose message begins with `who` and lists the
// names.
ServiceLevel service_level_named(std::string_view name, std::string_view who);

// Counts visits with a known wait. It is unknown whether the others were served in time.
struct VisitCounts {
  std::int64_t offered = 0, answered = 0, answered_in_threshold = 0, abandoned = 0,
               abandoned_in_threshold = 0, short_abandoned = 0, left_in_threshold = 0;

  // Adds a visit, or removes it if `times` is -1. An empty outcome means that the visit has not
  // ended, or that its outcome is not reported.
  void count(double wait_seconds, std::string_view outcome, double threshold_seconds,
             double short_abandon_seconds, int times = 1);
  // nullopt: the denominator is 0.
  std::optional<double> service_level(ServiceLevel variant) const;
};

}  // namespace cdr
