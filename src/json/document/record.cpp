#include "json/document/record.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace cdr {

void Record::note(ProblemCode code, std::string_view path, std::string_view expected) const {
  if (sink == nullptr) return;
  Problem problem;
  problem.code = code;
  problem.file = file;
  problem.record = number;
  problem.offset = offset;
  problem.path = "$." + std::string(path);
  problem.message = "the value is not " + std::string(expected);
  sink->report(problem);
}

ContentHash content_hash(const Record& record) {
  const std::string_view raw = record.root.raw();
  const XXH128_hash_t hash = XXH3_128bits(raw.data(), raw.size());
  return {hash.high64, hash.low64};
}

}  // namespace cdr
