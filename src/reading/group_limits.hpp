// How far links are followed, by whoever brings together the records of an interaction: GroupReader
// for files, Ingest for a warehouse. Both decide by the set of records that there are, so that the
// order in which they came makes no difference to what a link joins.
//
//   A link that names nothing     joins nobody (Links, in vendors/vendor.hpp).
//   The id of a whole             (a session, a guid, a ContactId) is the interaction's own: all
//   who
//                                 say it are one interaction, up to `records`.
//   The id of a record            that is there is followed, up to `records`: 100,000 dialogs may
//   be
//                                 linked to one.
//   The id of a record            that is not there joins those who say it, as long as these are no
//                                 more than `joined`. What more than that say and nobody is, is a
//                                 default or a slip ("n/a"), and would make one interaction of all:
//                                 it is reported (link_not_followed), and each stays for itself.
//
// A record that would make one interaction of more than `records` records is refused
// (component_too_large), and what was there stays as it was. Here the order of arrival decides,
// since something has to stay out.
#pragma once

#include <cstddef>

namespace cdr {

struct GroupLimits {
  std::size_t joined = 10'000;
  std::size_t records = 1'000'000;
  // Ingest makes what has more records than this once a transaction, and not with every batch.
  std::size_t at_once = 1024;
};
// Tests set it to smaller ones, while nothing is read.
inline GroupLimits group_limits;

}  // namespace cdr
