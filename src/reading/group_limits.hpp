// Limits on following links when the records of an interaction are brought together: GroupReader
// does that for files, Ingest for a warehouse. Both decide by the set of existing records, so that
// the order of arrival makes no difference to what a link joins.
//
//   A placeholder id            joins no records (Links, in vendors/vendor.hpp).
//
//   The id of a whole           (a session, a guid, a ContactId) is the interaction's own. All
//                               records that have it are one interaction, up to `records`.
//
//   The id of a record          that exists is followed, up to `records`: 100,000 dialogs may
//                               link to one.
//   The id of a record          that does not exist joins the records that name it, if they are no
//                               more than `joined`. If more records than that name it, it is a
//                               default or a slip ("n/a"), and following it would make them all one
//                               interaction. It is reported (link_not_followed), and joins nothing.
//
// A record that would make an interaction larger than `records` records is refused
// (component_too_large), and the interaction stays as it was. Here the order of arrival decides,
// because some record has to stay out.
#pragma once

#include <cstddef>

namespace cdr {

struct GroupLimits {
  std::size_t joined = 10'000;
  std::size_t records = 1'000'000;
  // Ingest rebuilds a component with more records than this once a transaction, not once a batch.
  std::size_t at_once = 1024;
};
// Tests set smaller limits, while nothing is being read.
inline GroupLimits group_limits;

}  // namespace cdr
