#include "metrics/definition.hpp"

namespace cdr {
namespace {

// Letters: A answered, B abandoned, O offered; A_T, B_T those within the threshold of T seconds.
constexpr MetricDefinition definitions[] = {
    {"service_level", "ignore_abandons", "ratio", "A_T / (O - B_T)",
     "answered within T of those offered; who abandoned within T is not counted at all"},
    {"service_level", "abandons_negative", "ratio", "A_T / O",
     "answered within T of all offered; every abandon counts against it"},
    {"service_level", "abandons_positive", "ratio", "(A_T + B_T) / O",
     "answered or abandoned within T of all offered; a short abandon counts as met"},
    {"service_level", "answered_only", "ratio", "A_T / A",
     "answered within T of all answered; abandons play no part"},
    {"service_level", "removed", "ratio", "removed from the queue within T / queued",
     "every way out of the queue counts, callbacks too"},
    {"average_speed_of_answer", "queue", "seconds", "sum(queue wait of answered) / answered",
     "time in the queue of those answered, without ringing"},
    {"average_speed_of_answer", "queue_and_ring", "seconds",
     "sum(queue wait + ring of answered) / answered", "time until the conversation began"},
    {"average_handle_time", "standard", "seconds", "(active + hold + after-call work) / handled",
     "hold and after-call work count 0 where the vendor does not say"},
    {"abandonment", "all", "ratio", "abandoned / offered", "every abandon counts"},
    {"abandonment", "without_short", "ratio", "(abandoned - short) / (offered - short)",
     "abandons within the threshold are left out of both"},
    {"occupancy", "standard", "ratio",
     "(active + hold + after-call work + ring) / (active + hold + after-call work + ring + ready)",
     "share of an agent's available time that is work on interactions"},
    {"utilisation", "standard", "ratio", "(active + hold + after-call work + ring) / paid time",
     "the same work as a share of all paid time"},
    {"repeat_interactions", "within_days", "ratio",
     "interactions followed by one of the same customer within 1, 3, 7 or 30 days / interactions",
     "masked numbers are excluded; not first-contact resolution, which has no standard"},
    {"concurrency", "peak", "count", "most spans that overlap at one instant",
     "an exact sweep over spans, to the millisecond"},
};

}  // namespace

std::span<const MetricDefinition> metric_definitions() {
  return definitions;
}

}  // namespace cdr
