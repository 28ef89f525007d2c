#include "model/metrics/service_level.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace cdr {
namespace {

constexpr std::array<std::pair<std::string_view, ServiceLevel>, 7> variants{{
    {"ignore_abandons", ServiceLevel::ignore_abandons},
    {"abandons_negative", ServiceLevel::abandons_negative},
    {"abandons_positive", ServiceLevel::abandons_positive},
    {"answered_only", ServiceLevel::answered_only},
    {"answered_or_abandoned", ServiceLevel::answered_or_abandoned},
    {"removed", ServiceLevel::removed},
    {"asterisk_sl2", ServiceLevel::asterisk_sl2},
}};

// Outcomes of visits and interactions other than ANSWERED and ABANDONED_IN_...
constexpr std::string_view other_outcomes[] = {
    "QUEUE_TIMEOUT", "QUEUE_OVERFLOW", "FORWARDED",    "QUEUE_FAILED", "FAILED",
    "REJECTED",      "BUSY",           "NO_ANSWER",    "VOICEMAIL",    "OTHER",
    "CANCELLED",     "MACHINE",        "SELF_SERVICE", "UNREACHABLE"};

}  // namespace

ServiceLevel service_level_named(std::string_view name, std::string_view who) {
  std::string known;
  for (const auto& [variant_name, variant] : variants) {
    if (variant_name == name) return variant;
    known += (known.empty() ? "'" : ", '") + std::string(variant_name) + "'";
  }
  throw Error(std::string(who) + ": the variant is not known; expected one of " + known,
              ErrorCode::mismatch);
}

void VisitCounts::count(double wait_seconds, std::string_view outcome, double threshold_seconds,
                        double short_abandon_seconds, int times) {
  const bool in_threshold = wait_seconds <= threshold_seconds;
  const bool is_answered = outcome == "ANSWERED";
  const bool is_abandoned = outcome.starts_with("ABANDONED_IN_");
  // Any other word, such as 'answered', would count as offered and not served.
  if (!outcome.empty() && !is_answered && !is_abandoned &&
      std::find(std::begin(other_outcomes), std::end(other_outcomes), outcome) ==
          std::end(other_outcomes))
    throw Error(
        "service_level: the outcome is not one of a queue visit, such as 'ANSWERED', "
        "'ABANDONED_IN_QUEUE' or 'QUEUE_TIMEOUT', or NULL",
        ErrorCode::mismatch);
  offered += times;
  if (outcome.empty()) return;
  if (in_threshold) left_in_threshold += times;
  if (is_answered) {
    answered += times;
    if (in_threshold) answered_in_threshold += times;
  } else if (is_abandoned) {
    abandoned += times;
    if (in_threshold) abandoned_in_threshold += times;
    if (wait_seconds <= short_abandon_seconds) short_abandoned += times;
  }
}

std::optional<double> VisitCounts::service_level(ServiceLevel variant) const {
  std::int64_t part = answered_in_threshold, whole = offered;
  switch (variant) {
    case ServiceLevel::ignore_abandons:
      whole -= abandoned_in_threshold;
      break;
    case ServiceLevel::abandons_negative:
      break;
    case ServiceLevel::abandons_positive:
      part += abandoned_in_threshold;
      break;
    case ServiceLevel::answered_only:
      whole = answered;
      break;
    case ServiceLevel::answered_or_abandoned:
      whole = answered + abandoned - short_abandoned;
      break;
    case ServiceLevel::removed:
      part = left_in_threshold;
      break;
    case ServiceLevel::asterisk_sl2:
      part += abandoned_in_threshold;
      whole = answered + abandoned;
      break;
  }
  if (whole <= 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace cdr
