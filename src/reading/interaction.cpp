#include "reading/interaction.hpp"

#include "core/error.hpp"
#include "reading/groups.hpp"
#include "reading/reader.hpp"

namespace cdr {
namespace {

Source source_of(std::string_view content) {
  Source source;
  source.content = content;
  source.named = content_name;
  return source;
}

// Handles problems as a table does by default, but the messages begin with the function's name.
class Refusal : public ProblemSink {
 public:
  explicit Refusal(std::string_view who) : who_(who) {}
  void report(const Problem& problem) override {
    if (problem.loses() != ProblemKind::Loses::nothing)
      throw Error(std::string(who_) + ": " + problem.text());
  }

 private:
  std::string_view who_;
};

Error not_one(std::string_view who, std::string_view found) {
  return Error(std::string(who) + ": expected the JSON of one interaction, found " +
               std::string(found));
}

std::optional<double> seconds_of(const Facts& facts, State state, std::string_view agent_id) {
  using States = Row<Model::state_durations>;
  const RowSet& rows = facts.rows(Model::state_durations);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    const Value& agent = row[States::column<"agent_id">()];
    const bool whose =
        agent_id.empty() ? agent.is_null() : !agent.is_null() && agent.as_text() == agent_id;
    if (whose && row[States::column<"state">()].as_text() == name_of(state).name)
      return row[States::column<"seconds">()].as_real();
  }
  return std::nullopt;
}

}  // namespace

StateReading read_state(std::string_view content, std::string_view who, State state,
                        std::string_view agent_id) {
  static const Wanted states_only = Wanted::only(Model::state_durations, ColumnSet::all());
  const Source source = source_of(content);
  Refusal policy(who);
  GroupReader groups(source, policy, GroupReader::Scope::linked);
  if (!groups.next()) throw not_one(who, "none");
  Facts facts;
  StateReading reading{&groups.vendor(), {}};
  reading.vendor->map(groups.records(), states_only, facts);
  reading.seconds = seconds_of(
      facts, state, agent_id);  // before the next group: facts point into this one's documents
  if (groups.next()) throw not_one(who, "several; use the table interactions(…) for many");
  return reading;
}

const Vendor* vendor_of(std::string_view content, std::string_view who) {
  const Source source = source_of(content);
  Refusal policy(who);
  RecordReader records(source, framing_rules(), policy);
  Document document;
  const Vendor* vendor = nullptr;
  while (records.next()) {
    if (const auto problem = document.parse(records.record().bytes))
      throw Error(std::string(who) + ": " + problem->message);
    const Recognised as = recognise_any_spelling(document);
    if (!as || (vendor != nullptr && vendor != as.vendor)) return nullptr;
    vendor = as.vendor;
  }
  if (vendor == nullptr) throw not_one(who, "none");
  return vendor;
}

Recognised read_record(std::string_view content, std::string_view who, Document& document) {
  const Source source = source_of(content);
  Refusal policy(who);
  RecordReader records(source, framing_rules(), policy);
  if (!records.next()) throw not_one(who, "none");
  if (const auto problem = document.parse_copy(records.record().bytes))
    throw Error(std::string(who) + ": " + problem->message);
  if (records.next()) throw not_one(who, "several records");
  return recognise_any_spelling(document);
}

}  // namespace cdr
