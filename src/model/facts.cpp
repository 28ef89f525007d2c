#include "model/facts.hpp"

#include "core/stop.hpp"

namespace cdr {

void Facts::add_states(std::string_view agent_id, const StateSpans& spans) {
  check_stop();  // an interaction of many records has many sides
  for (const StateName& each : states) {
    const auto& span = spans[each.state];
    if (!span) continue;
    const auto row = add<Model::state_durations>();
    row.set<"agent_id">(agent_id);
    row.set<"state">(each.name);
    row.set<"start_time">(span->start);
    row.set<"end_time">(span->end);
    row.set<"seconds">(std::optional(span->seconds));
    row.set<"basis">(name_of(span->basis));
  }
}

}  // namespace cdr
