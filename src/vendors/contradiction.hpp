// Finds contradictions among an interaction's own figures, in the same way for all vendors.
//
// A vendor's times and durations need not fit together: clocks differ, exports cut them off, people
// edit them. The vendor's figures are kept, and the column `mapping` of the interaction lists the
// contradictions:
//
//   {"inconsistent":["answer_time before start_time","RING of 102 ends after end_time"]}
//
// The model's columns do not keep a reported duration that is longer than the call, because it
// would spoil every average (TalkTime 1714644000 in a call of 60 s). They have NULL instead, or the
// figure from the events. The note has the reported figure, and so has the vendor's own table.
//
// sql/checks.sql compares the same figures. It reports only contradictions without a note as faults
// of the file.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// Like vendor.map, but adds the note.
void map_with_note(const Vendor& vendor, std::span<const Record> records, const Wanted& wanted,
                   Facts& facts);

// Whether a reported figure is possible in a call of that length, or, if the call still lasts, in
// any call. The vendors' instants and figures have a precision of one second.
bool fits(double seconds, std::optional<double> call_seconds);

// Collects the reported figures that do not fit their call.
class Misfits {
 public:
  // Takes them, and negative ones, out of `spans`. After-call work comes after the end of the call,
  // and only has to be possible. `whose`: an agent's, or a side's; "" = the interaction's.
  void hold(StateSpans& spans, std::optional<double> call_seconds, std::string_view whose = {});
  // The same for one figure, which may be a sum.
  void hold(State state, std::optional<StateSpan>& span, std::optional<double> call_seconds,
            std::string_view whose = {});
  // Notes a single figure.
  void add(State state, double seconds, std::optional<double> call_seconds, std::string_view whose);
  // `mapping` (a JSON object or NULL) with a note on each.
  Value in(const Value& mapping, Arena& arena) const;

 private:
  std::vector<std::string> said_;
};

// Adds the note to each interaction of `facts`, which must include their states.
void note_contradictions(Facts& facts);

}  // namespace cdr
