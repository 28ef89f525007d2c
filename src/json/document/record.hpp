// One record as a mapping sees it: its nodes, and where it came from.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/time.hpp"
#include "json/document/document.hpp"
#include "json/document/problem.hpp"

namespace cdr {

struct Resource;  // vendors/vendor.hpp

// Receives problems, such as values that do not convert. May throw Error to end the reading.
class ProblemSink {
 public:
  virtual ~ProblemSink() = default;
  virtual void report(const Problem& problem) = 0;
};

struct Record {
  const Resource* resource = nullptr;
  Node root;
  std::string_view source;  // tenant label
  const Zone* zone =
      nullptr;  // for times without an offset, unless the vendor fixes the zone; never null
  std::string_view context;  // the id that is only in the file's path (mluvii's session of a
                             // routing history), or ""
  std::string_view
      member;  // its key, if it is from a keyed object (uContact's campaign status), or ""
  std::string_view file;
  std::uint64_t number = 0;     // 1-based in its file
  std::uint64_t offset = 0;     // bytes
  ProblemSink* sink = nullptr;  // null: problems are not reported

  // Reports a value that did not convert. `path` is its JSON path, `expected` what was expected.
  void note(ProblemCode code, std::string_view path, std::string_view expected) const;
};

// A 128-bit hash of a record's JSON without white space. Different records do not share it by
// chance.
struct ContentHash {
  std::uint64_t high = 0, low = 0;
};
ContentHash content_hash(const Record& record);

}  // namespace cdr
