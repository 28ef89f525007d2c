#include "extension/warehouse/import/quarantine.hpp"

#include <vector>

#include "core/text.hpp"

namespace cdr::ext {

std::string text_of(const Problem& problem) {
  return problem.text(Problem::Skipping::impossible);
}

HeldProblem problem_of(const Ingest::Refused& refused, std::string_view file) {
  HeldProblem held;
  held.problem.code = ProblemCode::component_too_large;
  held.problem.file = file;
  held.problem.record = refused.number;
  held.problem.offset = refused.offset;
  held.problem.message = too_large_message();
  held.payload = refused.json.substr(0, quarantined_bytes);
  held.payload_bytes = refused.json.size();
  held.member = refused.member;
  return held;
}

Quarantine::Quarantine(sqlite3* database)
    : insert_(database,
              "INSERT INTO main.quarantine (import_id, path, record, byte_offset, code, json_path, "
              "message, remedy, payload, payload_bytes, member, state) VALUES "
              "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open')"),
      former_(database,
              "SELECT import_id, inserted, seen - quarantined, seen FROM main.import_file "
              "WHERE import_id IN " +
                  std::string(readings_of_file) +
                  " AND import_id < ?3 AND source IS ?4 ORDER BY import_id"),
      supersede_(database,
                 "UPDATE main.quarantine SET state = 'superseded', resolved_by = ?2 "
                 "WHERE import_id = ?1 AND state = 'open'") {}

void Quarantine::begin(std::int64_t import_id, bool fail, ImportCounts& counts,
                       const Tombstones& tombstones) {
  tombstones_ = &tombstones;
  import_id_ = import_id;
  fail_ = fail;
  counts_ = &counts;
  file_error_.clear();
  end_.clear();
}

void Quarantine::add(const HeldProblem& held, std::int64_t import_id) {
  const Problem& problem = held.problem;
  const ProblemKind& kind = problem_kind(problem.code);
  // The rest of the file is unknown. So nothing of the file is imported, and it can be imported
  // again.
  if (is_unread(problem.code)) throw Error(text_of(problem), ErrorCode::io);
  if (fail_) throw Error(text_of(problem));
  if (kind.loses == ProblemKind::Loses::file) {
    if (file_error_.empty()) file_error_ = text_of(problem);
    return;
  }
  if (problem.code == ProblemCode::truncated && end_.empty()) end_ = text_of(problem);
  if (problem.code != ProblemCode::component_too_large) ++counts_->quarantined;
  insert_.bind(1, import_id);
  const std::string file = shown(problem.file), path = shown(problem.path),
                    message = shown(problem.message);
  insert_.bind(2, tombstones_->cover(problem.file) ? erased_text : std::string_view(file));
  insert_.bind(3, problem.record == 0 ? std::nullopt : std::optional(problem.record));
  insert_.bind(4, problem.offset);
  insert_.bind(5, kind.name);
  insert_.bind(6, text_value(path));
  insert_.bind(7, message);
  insert_.bind(8, text_value(kind.remedy));
  if (held.payload && !tombstones_->cover(*held.payload))
    insert_.bind(9, Statement::Blob{*held.payload});
  else
    insert_.bind(9, nullptr);
  insert_.bind(10, held.payload ? std::optional(held.payload_bytes) : std::nullopt);
  insert_.bind(11, text_value(held.member));
  insert_.execute();
}

void Quarantine::supersede(const NamedFile& file, std::string_view source, const Ingest& ingest) {
  std::vector<std::int64_t> former;
  {
    const std::string name = shown(file.path), location = shown(file.location);
    auto rows = former_.query(name, text_value(location), import_id_, text_value(source));
    bool comes_again = false;  // of the last reading that brought any records
    while (rows.next()) {
      const std::int64_t import_id = rows.integer(0), inserted = rows.integer(1);
      if (inserted > 0) comes_again = inserted <= 2 * ingest.came_again(import_id);
      const bool is_same = rows.integer(2) > 0
                               ? comes_again
                               : counts_->quarantined == 0 && counts_->seen == rows.integer(3);
      if (is_same) former.push_back(import_id);
    }
  }
  for (const std::int64_t import_id : former) supersede_.execute(import_id, import_id_);
}

}  // namespace cdr::ext
