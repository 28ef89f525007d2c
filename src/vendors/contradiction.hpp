// What an interaction's own figures contradict in one another, for all vendors alike.
//
// A vendor's times and durations need not fit together: clocks differ, exports cut them off, people
// edit them. What the vendor reports is kept, and the column `mapping` of the interaction says what
// does not fit:
//
//   {"inconsistent":["answer_time before start_time","RING of 102 ends after end_time"]}
//
// sql/checks.sql compares the same figures, and takes for a fault of the file only what is not
// noted.
#pragma once

#include <span>

#include "model/facts.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// As vendor.map, and with the note.
void map_with_note(const Vendor& vendor, std::span<const Record> records, const Wanted& wanted,
                   Facts& facts);

// Adds the note to each interaction of `facts`, which has their states too.
void note_contradictions(Facts& facts);

}  // namespace cdr
