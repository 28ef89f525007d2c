// What an interaction's own figures contradict in one another, for all vendors alike.
//
// A vendor's times and durations need not fit together: clocks differ, exports cut them off, people
// edit them. What the vendor reports is kept, and the column `mapping` of the interaction says what
// does not fit:
//
//   {"inconsistent":["answer_time before start_time","RING of 102 ends after end_time"]}
//
// One thing is not kept in the model's columns: a reported duration that is longer than the call,
// which would spoil every average (TalkTime 1714644000 in a call of 60 s). It is NULL there, or
// what the events say instead; the note has the figure, and the vendor's own table has it too.
//
// sql/checks.sql compares the same figures, and takes for a fault of the file only what is not
// noted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// As vendor.map, and with the note.
void map_with_note(const Vendor& vendor, std::span<const Record> records, const Wanted& wanted,
                   Facts& facts);

// Whether a reported figure can be of a call of that length; without one (it still lasts), of any
// call. The vendors' instants and figures are of one second's precision.
bool fits(double seconds, std::optional<double> call_seconds);

// The reported figures that do not fit their call.
class Misfits {
 public:
  // Takes them out of `spans`, and negative ones. After-call work comes after the end of the call, and only has to be
  // possible. `whose`: an agent's, or a side's; "" = the interaction's.
  void hold(StateSpans& spans, std::optional<double> call_seconds, std::string_view whose = {});
  // Notes one.
  void add(State state, double seconds, std::optional<double> call_seconds, std::string_view whose);
  // `mapping` (a JSON object or NULL) with a note on each.
  Value in(const Value& mapping, Arena& arena) const;

 private:
  std::vector<std::string> said_;
};

// Adds the note to each interaction of `facts`, which has their states too.
void note_contradictions(Facts& facts);

}  // namespace cdr
