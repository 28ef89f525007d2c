#include "extension/warehouse/import/file_reader.hpp"

namespace cdr::ext {

void FileReader::read(Look look) {
  filled_.batch.clear();
  filled_.problems.clear();
  filled_.passed_over.clear();
  filled_.problem_bytes = 0;
  filled_.seen = filled_.erased = 0;
  filled_.zone_errors.clear();
  std::string id;
  while (!filled_.is_full() && reader_.next_raw()) {
    worker_.give_way();
    const bool is_sound = reader_.parse();
    if (reader_.has_record()) ++filled_.seen;
    if (!is_sound) continue;
    if (!is_utf8_ && has_noncharacter(reader_.record()))
      throw Error(quoted_path(std::string(reader_.record().file)) + ": record " +
                  std::to_string(reader_.record().number) +
                  " has U+FFFE or U+FFFF, which SQLite replaces in a database of UTF-16; import it "
                  "into a warehouse of UTF-8");
    id.clear();
    reader_.record().resource->record_id(reader_.record(), id);
    if (const auto zone_error = reader_.record().resource->zone_error)
      if (const auto seconds = zone_error(reader_.record())) ++filled_.zone_errors[*seconds];
    if (id.empty())
      reader_.report_missing_key();
    else if (!filled_.batch.add(reader_.vendor(), reader_.record(), id, fetched_at_, tombstones_,
                                look))
      ++filled_.erased;
  }
}

void FileReader::report(const Problem& problem) {
  if (problem.code == ProblemCode::passed_over) filled_.passed_over.push_back(problem.file);
  const ProblemKind::Loses loses = problem_kind(problem.code).loses;
  if (loses == ProblemKind::Loses::nothing) return;
  HeldProblem& held = filled_.problems.emplace_back();
  held.problem = problem;
  filled_.problem_bytes += sizeof held + problem.file.size() + problem.message.size();
  if (loses == ProblemKind::Loses::file) return;
  if (!reader_.has_record()) {
    ++filled_.seen;
    return;
  }
  const RawRecord& raw = reader_.raw();
  held.payload = raw.bytes.substr(0, quarantined_bytes);
  held.payload_bytes = raw.bytes.size();
  held.member = raw.member;
  filled_.problem_bytes += held.payload->size();
}

}  // namespace cdr::ext
