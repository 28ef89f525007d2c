#include "json/record.hpp"

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

}  // namespace cdr
