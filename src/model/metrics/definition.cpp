#include "model/metrics/definition.hpp"

namespace cdr {
namespace {

// Letters in the formulas: A is answered, B abandoned, O offered, S abandoned within the short
// time, R all that left the queue. A_T, B_T and R_T are those within the threshold of T seconds.
// All except offered count only visits with a known wait.
constexpr std::string_view service_levels_query =
    "SELECT * FROM service_levels('2024-05-01', '2024-06-01', 20)";
constexpr std::string_view queue_query =
    "SELECT * FROM queue_report('2024-05-01', '2024-06-01', '1d', 'Europe/Prague')";
constexpr std::string_view agent_query =
    "SELECT * FROM agent_report('2024-05-01', '2024-06-01', '1d', 'Europe/Prague')";

constexpr MetricDefinition definitions[] = {
    {"offered", "arrival", "count", "answered + abandoned + flowed_out + failed + open + untold",
     "visits that entered the queue, by the interval in which they entered, whatever became of "
     "them",
     "offered", queue_query},
    {"service_level", "ignore_abandons", "ratio", "A_T / (O - B_T)",
     "answered within T of those offered whose wait is known; those abandoned within T are not "
     "counted at all",
     "service_level", service_levels_query},
    {"service_level", "abandons_negative", "ratio", "A_T / O",
     "answered within T of all offered whose wait is known; every abandon counts against it; "
     "queue_report shows this one without a preset",
     "service_level", service_levels_query},
    {"service_level", "abandons_positive", "ratio", "(A_T + B_T) / O",
     "answered or abandoned within T of all offered whose wait is known; a short abandon counts as "
     "met",
     "service_level", service_levels_query},
    {"service_level", "answered_only", "ratio", "A_T / A",
     "answered within T of all answered whose wait is known; abandons do not count",
     "service_level", service_levels_query},
    {"service_level", "answered_or_abandoned", "ratio", "A_T / (A + B - S)",
     "answered within T of those answered or abandoned whose wait is known, without short abandons",
     "service_level", service_levels_query},
    {"service_level", "removed", "ratio", "R_T / O",
     "all that left the queue within T, flow-outs and callbacks included, of all offered whose "
     "wait is known",
     "service_level", service_levels_query},
    {"service_level", "asterisk_sl2", "ratio", "(A_T + B_T) / (A + B)",
     "answered or abandoned within T of those answered or abandoned whose wait is known: Asterisk's "
     "second service level, by the clock queue_ring",
     "service_level", service_levels_query},
    {"average_speed_of_answer", "queue", "seconds",
     "sum(queue wait of answered) / answered whose wait is known",
     "time in the queue of those answered, without ringing", "asa_seconds", queue_query},
    {"average_speed_of_answer", "queue_ring", "seconds",
     "sum(queue wait + ring of answered) / answered whose wait is known",
     "time until the conversation began", "asa_seconds",
     "SELECT * FROM queue_report('2024-05-01', '2024-06-01', '1d', 'Europe/Prague', 'arrival', "
     "'queue_ring')"},
    {"average_speed_of_answer", "arrival", "seconds",
     "sum(answer - start of the interaction, of answered) / answered whose wait is known",
     "the IVR and earlier queues included; the only wait that some vendors report", "asa_seconds",
     "SELECT * FROM queue_report('2024-05-01', '2024-06-01', '1d', 'Europe/Prague', 'arrival', "
     "'arrival')"},
    {"longest_wait", "answered", "seconds", "max(wait of answered)",
     "a maximum: it is never added up over intervals", "longest_wait_answered", queue_query},
    {"longest_wait", "abandoned", "seconds", "max(wait of abandoned)",
     "a maximum: it is never added up over intervals", "longest_wait_abandoned", queue_query},
    {"average_handle_time", "standard", "seconds",
     "(active + hold + after-call work) / conversations whose length is known",
     "a part that the vendor does not report is left out; hold_known and acw_known say for how "
     "many it is known",
     "aht_seconds", queue_query},
    {"abandonment", "all", "ratio", "B / O", "every abandon counts", "abandon_rate", queue_query},
    {"abandonment", "without_short", "ratio", "(B - S) / (O - S)",
     "abandons within the short time are left out of both", "abandon_rate",
     "SELECT 1.0 * (abandoned - short_abandoned) / (offered - short_abandoned) FROM "
     "queue_report('2024-05-01', '2024-06-01')"},
    {"occupancy", "standard", "ratio",
     "(active + hold + after-call work + ring) / (active + hold + after-call work + ring + "
     "available)",
     "share of an agent's available time that is work on interactions; after-call work is that of "
     "the conversations or that of the agent's states, whichever is longer",
     "occupancy", agent_query},
    {"occupancy", "alibaba", "ratio", "(active + after-call work) / logged in",
     "as Alibaba's reports of agents define it: hold and ringing are not counted; after-call work as "
     "the agent's states say",
     "",
     "SELECT r.agent_id, (ifnull(r.talk_seconds, 0) + (SELECT total(clip_seconds(s.start_time, "
     "s.end_time, '2024-05-01', '2024-06-01')) FROM agent_state AS s WHERE s.vendor = r.vendor AND "
     "s.source = r.source AND s.agent_id = r.agent_id AND s.state_category = 'ACW')) / "
     "nullif(r.logged_in_seconds, 0) AS occupancy FROM agent_report('2024-05-01', '2024-06-01') AS r "
     "WHERE r.vendor = 'alibaba'"},
    {"utilisation", "standard", "ratio", "(active + hold + after-call work + ring) / paid time",
     "the same work as a share of all paid time: logged in, without unpaid breaks", "utilisation",
     agent_query},
    {"repeat_interactions", "within_days", "ratio",
     "interactions followed by one of the same customer within 1, 3, 7 or 30 days / interactions "
     "whose customer is recognisable",
     "masked numbers are counted apart; not first-contact resolution, which has no standard",
     "repeat_rate", "SELECT * FROM repeat_interactions('2024-05-01', '2024-06-01')"},
    {"concurrency", "peak", "count", "most spans that overlap at one instant",
     "an exact sweep over spans, to the millisecond", "peak",
     "SELECT * FROM concurrency_report('2024-05-01', '2024-06-01', '1d', 'Europe/Prague')"},
    {"quantile", "type_7", "seconds",
     "x_k + (h - k) * (x_(k+1) - x_k) of the n known values in order, with h = 1 + (n - 1) * q and k "
     "= h rounded down",
     "exact, over facts, as R, NumPy and DuckDB's quantile_cont compute it: p50_seconds to "
     "p99_seconds of wait_report and state_report",
     "", "SELECT * FROM wait_report('2024-05-01', '2024-06-01')"},
    {"erlang", "b", "ratio", "E = (A^N / N!) / sum(A^k / k!, k = 0 to N)",
     "expected share that finds all N agents busy, where nobody waits; A = interactions * AHT / "
     "interval",
     "", "SELECT erlang_b(120 * 240 / 1800.0, 20)"},
    {"erlang", "c", "ratio", "Pw = N * E / (N - A * (1 - E))",
     "expected share that must wait, where all wait and none leaves; 1 where N <= A", "",
     "SELECT erlang_c(120 * 240 / 1800.0, 20)"},
    {"erlang", "service_level", "ratio", "1 - Pw * e^(-(N - A) * T / AHT)",
     "expected share that is answered within T seconds", "",
     "SELECT erlang_service_level(120, 1800, 240, 20, 20)"},
    {"erlang", "average_speed_of_answer", "seconds", "Pw * AHT / (N - A)",
     "expected wait, on average over all", "", "SELECT erlang_asa(120, 1800, 240, 20)"},
    {"erlang", "agents_required", "count", "the least N whose service level is the target",
     "agents needed for a target service level, without shrinkage", "",
     "SELECT agents_required(120, 1800, 240, 0.8, 20)"},
};

}  // namespace

std::span<const MetricDefinition> metric_definitions() {
  return definitions;
}

}  // namespace cdr
