#include "call.hpp"

#include "vendors/mapping.hpp"

namespace cdr::parlo_api {

Call::Call(const Record& record)
    : root(record.root),
      id(text_of(root["call_ref"])),
      begun(instant_of(root["begun"], TimeForm::utc)),
      queued(instant_of(root["queued"], TimeForm::utc)),
      rang(instant_of(root["rang"], TimeForm::utc)),
      picked_up(instant_of(root["picked_up"], TimeForm::utc)),
      over(instant_of(root["over"], TimeForm::utc)) {}

std::string_view Call::text(std::string_view key) const {
  return word_of(root[key]);
}

std::string_view Call::direction() const {
  const std::string_view way = text("way");
  if (same_word(way, "in")) return "INBOUND";
  return same_word(way, "out") ? "OUTBOUND" : way;
}

std::string_view Call::outcome() const {
  if (answered()) return "ANSWERED";
  if (!over) return "";
  if (direction() != "INBOUND") return "NO_ANSWER";
  if (rang) return "ABANDONED_IN_RING";
  return queued ? "ABANDONED_IN_QUEUE" : "OTHER";
}

StateSpans Call::states() const {
  StateSpans spans;
  spans[State::in_queue] = measured(queued, rang ? rang : over);
  spans[State::ring] = measured(rang, picked_up ? picked_up : over);
  spans[State::active] = reported(real_of(root["talk_s"]));
  spans[State::acw] = reported(real_of(root["wrap_s"]));
  forget_zeros(spans, answered());
  return spans;
}

}  // namespace cdr::parlo_api
