#include "vendors/reader.hpp"

#include "core/error.hpp"
#include "vendors/group_limits.hpp"

namespace cdr {

void ReadingPolicy::report(const Problem& problem) {
  if (on_error_ == SourceOptions::OnError::skip) return;
  const bool value_only = problem_kind(problem.code).loses == ProblemKind::Loses::nothing;
  if (value_only && on_error_ != SourceOptions::OnError::strict) return;
  throw Error(problem.text());
}

Reader::Reader(const Source& source, ProblemSink& sink, RecordEnds ends)
    : sink_(sink), source_(source), records_(source, framing_rules(), sink, ends) {}

bool Reader::next() {
  while (next_raw())
    if (parse()) return true;
  return false;
}

bool Reader::next_raw() {
  has_record_ = false;
  has_record_ = records_.next();
  return has_record_;
}

bool Reader::read_document() {
  const RawRecord& raw_record = records_.record();
  auto problem = document_.parse(raw_record.bytes);
  if (!problem) return true;
  has_record_ = false;
  const Recut recut = records_.recut();
  if (recut == Recut::gone) return false;
  has_record_ = true;
  if (recut == Recut::changed) problem = document_.parse(raw_record.bytes);
  if (!problem) return true;
  problem->file = raw_record.file;
  problem->record = raw_record.number;
  problem->offset += raw_record.offset;
  records_.resynchronise();
  records_.report(*problem);
  return false;
}

bool Reader::parse() {
  if (!read_document()) return false;
  const RawRecord& raw_record = records_.record();
  // Who a record belongs to is decided by its keys alone.
  const std::uint32_t keys = document_.root_keys();
  if (keys == 0 || keys != known_by_) {
    as_ = recognise(document_.root());
    known_by_ = keys;
  }
  if (!as_) {
    report(ProblemCode::unrecognised,
           document_.root().is_object()
               ? "its keys are not those of one vendor's record"
               : "a record is an object; this is another kind of JSON value");
    return false;
  }
  vendor_ = as_.vendor;
  describe(record_, as_, document_.root(), source_, raw_record.file, raw_record.number,
           raw_record.offset, raw_record.member, &sink_);
  return true;
}

void Reader::report_missing_key() {
  std::string message = "the " + std::string(vendor_->name) + " " +
                        std::string(record_.resource->name) + " record does not say its id";
  const std::string_view key = record_.resource->id_key;
  if (!key.empty() && record_.root[key].provided())
    message.append(": expected text or a number in ").append(key);
  if (record_.resource->context_of_path != nullptr)
    message += ", and neither does the path of its file (expected one like the API's own)";
  report(ProblemCode::missing_key, std::move(message));
}

void Reader::report_too_large() {
  report(ProblemCode::component_too_large, too_large_message());
}

std::string too_large_message() {
  return "with this record one interaction would be made of more than " +
         std::to_string(group_limits.records) +
         " records: its links join what does not belong "
         "together, or its id is a default that many records have";
}

void Reader::report(ProblemCode code, std::string message) {
  Problem problem;
  problem.code = code;
  problem.file = raw().file;
  problem.record = raw().number;
  problem.offset = raw().offset;
  problem.message = std::move(message);
  sink_.report(problem);
}

void describe(Record& record, const Recognised& as, Node root, const Source& source,
              std::string_view file, std::uint64_t number, std::uint64_t offset,
              std::string_view member, ProblemSink* sink) {
  record.resource = as.resource;
  record.root = root;
  record.source =
      source.options.label.empty() ? as.vendor->name : std::string_view(source.options.label);
  record.zone = &source.options.zone;
  record.context = as.resource->context_of_path != nullptr ? as.resource->context_of_path(file)
                                                           : std::string_view();
  record.member = member;
  record.file = file;
  record.number = number;
  record.offset = offset;
  record.sink = sink;
}

}  // namespace cdr
