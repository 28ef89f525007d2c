// Limits on following links when the records of an interaction are brought together. GroupReader
// does that for files, Ingest for a warehouse. Both decide by the set of existing records, so the
// order of arrival does not change which records a link joins.
//
//   A placeholder id            joins no records (Links, in vendors/vendor.hpp).
//
//   The id of an interaction    as a whole (a session, a guid, a ContactId) makes all records that
//                               have it one interaction, up to `records`.
//
//   The id of a record          that exists is followed, up to `records`: 100,000 dialogs may
//                               link to one record.
//   The id of a record          that does not exist joins the records that name it, if they are at
//                               most `joined`. If more records name it, it is a default or a
//                               mistake ("n/a"), and following it would make all of them one
//                               interaction. It is reported (link_not_followed), and joins nothing.
//
// A record that would make an interaction larger than `records` records is refused
// (component_too_large), and the interaction stays as it was. Here the order of arrival decides,
// because some record must be left out.
#pragma once

#include <cstddef>

namespace cdr {

struct GroupLimits {
  std::size_t joined = 10'000;
  std::size_t records = 1'000'000;
  // Ingest rebuilds a component with more records than this once per transaction, not per batch.
  std::size_t at_once = 1024;
};
// Tests set smaller limits, while nothing is being read.
inline GroupLimits group_limits;

}  // namespace cdr
