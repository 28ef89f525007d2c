// Invariants of every interaction of every vendor: the promises of the model's columns, checked on
// all rows of all samples, and on a generated day of each vendor, both whole and damaged.
//
// A record may contradict itself (an end before the start). Its values are kept, and the
// interaction's `mapping` lists the contradiction; the checks of times do not apply there.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "facts_dump.hpp"
#include "folder.hpp"
#include "generator/generate.hpp"
#include "generator/writers.hpp"
#include "reading/rows.hpp"
#include "seed.hpp"

namespace {

using namespace cdr;
using cdr::test::Folder;

// ---- Kept rows

struct KeptCell {
  Value::Type type = Value::Type::null;
  std::string text;
  double number = 0;

  explicit operator bool() const { return type != Value::Type::null; }
  bool operator==(const KeptCell&) const = default;
};

KeptCell kept(const Value& value) {
  KeptCell cell;
  cell.type = value.type();
  if (cell.type == Value::Type::text) cell.text = value.as_text();
  if (cell.type == Value::Type::integer) cell.number = static_cast<double>(value.as_integer());
  if (cell.type == Value::Type::real) cell.number = value.as_real();
  return cell;
}

struct Line {
  const Table* table;
  std::vector<KeptCell> cells;

  const KeptCell& operator[](std::string_view column) const {
    const int at = table->find(column);
    REQUIRE_MESSAGE(at >= 0, column << " of " << table->name);
    return cells[static_cast<std::size_t>(at)];
  }
  const std::string& text(std::string_view column) const { return (*this)[column].text; }
  std::optional<Instant> time(std::string_view column) const {
    const KeptCell& cell = (*this)[column];
    if (!cell) return std::nullopt;
    const auto parsed = parse_time(cell.text, Zone());
    REQUIRE_MESSAGE(parsed, column << " is no time: " << cell.text);
    return parsed->instant;
  }
  std::string interaction() const { return text("source") + '|' + text("interaction_id"); }
};

using Rows = std::vector<Line>;

// The rows of all model tables from one source.
class Telling {
 public:
  explicit Telling(const Source& source) {
    for (const JsonTable& table : json_tables()) {
      if (!table.model) continue;
      Rows& rows = tables_[static_cast<std::size_t>(*table.model)];
      const auto stream = table.open(std::make_shared<const Source>(source), RowQuery());
      while (stream->next()) {
        Line row{&table_of(*table.model), {}};
        for (std::size_t i = 0; i < row.table->columns.size(); ++i)
          row.cells.push_back(kept(stream->row()[i]));
        rows.push_back(std::move(row));
      }
    }
  }
  const Rows& operator[](Model model) const { return tables_[static_cast<std::size_t>(model)]; }

 private:
  std::array<Rows, model_count> tables_;
};

constexpr Model of_interactions[] = {
    Model::dialogs,         Model::agent_events, Model::queue_events,    Model::ivr_events,
    Model::customer_events, Model::queue_visits, Model::state_durations, Model::recordings,
};

std::map<std::string, std::vector<const Line*>> by_interaction(const Rows& rows) {
  std::map<std::string, std::vector<const Line*>> groups;
  for (const Line& row : rows) groups[row.interaction()].push_back(&row);
  return groups;
}

// ---- Allowed values of columns

std::vector<std::string_view> vendor_names() {
  std::vector<std::string_view> names;
  for (const Vendor* vendor : vendors()) names.push_back(vendor->name);
  return names;
}

// Words that the model defines. The vendors' lists, including dialog_type, are open.
struct Words {
  Model table;
  std::string_view column;
  std::vector<std::string_view> allowed;
};
const std::vector<Words>& closed_lists() {
  static const std::vector<std::string_view> states{
      "CREATED", "IVR", "IN_QUEUE", "WAITING", "RING", "BCW", "ACTIVE", "HOLD", "ACW"};
  static const std::vector<Words> lists{
      {Model::interactions, "vendor", vendor_names()},
      {Model::interactions, "channel", {"voice", "video", "chat"}},
      {Model::interactions, "direction", {"INBOUND", "OUTBOUND", "INTERNAL"}},
      {Model::interactions,
       "outcome",
       {"ANSWERED", "ABANDONED_IN_IVR", "ABANDONED_IN_QUEUE", "ABANDONED_IN_RING", "QUEUE_TIMEOUT",
        "QUEUE_OVERFLOW", "QUEUE_FAILED", "VOICEMAIL", "MACHINE", "SELF_SERVICE", "FORWARDED",
        "NO_ANSWER", "REJECTED", "BUSY", "UNREACHABLE", "FAILED", "OTHER"}},
      {Model::dialogs,
       "outcome",
       {"ANSWERED", "NO_ANSWER", "REJECTED", "CANCELLED", "FAILED", "MONITORED"}},
      {Model::queue_visits,
       "outcome",
       {"ANSWERED", "ABANDONED_IN_QUEUE", "ABANDONED_IN_RING", "QUEUE_TIMEOUT", "QUEUE_OVERFLOW",
        "QUEUE_FAILED", "FORWARDED", "NO_ANSWER", "REJECTED", "BUSY", "FAILED", "VOICEMAIL",
        "OTHER"}},
      {Model::state_durations, "state", states},
      {Model::state_durations, "basis", {"reported", "measured", "derived"}},
      {Model::recordings, "media", {"audio", "video", "screen"}},
  };
  return lists;
}

void check_words(const Telling& facts) {
  for (const Words& each : closed_lists())
    for (const Line& row : facts[each.table]) {
      const KeptCell& cell = row[each.column];
      if (!cell) continue;
      CHECK_MESSAGE(std::count(each.allowed.begin(), each.allowed.end(), cell.text) == 1,
                    row.text("vendor")
                        << " " << row.interaction() << " " << each.column << ": " << cell.text);
    }
}

// Values have their declared types: times are canonical text, durations real, counts integer.
void check_types(const Telling& facts) {
  for (std::size_t model = 0; model < model_count; ++model)
    for (const Line& row : facts[static_cast<Model>(model)])
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const Column& column = row.table->columns[i];
        const KeptCell& cell = row.cells[i];
        if (!cell) continue;
        CAPTURE(row.table->name);
        CAPTURE(column.name);
        CAPTURE(cell.text);
        if (column.type == "TIMESTAMP") {
          CHECK(cell.type == Value::Type::text);
          const auto parsed = parse_time(cell.text, Zone());
          REQUIRE(parsed);
          CHECK(format_time(parsed->instant) == cell.text);
        } else {
          CHECK(cell.type == (column.type == "DOUBLE"    ? Value::Type::real
                              : column.type == "INTEGER" ? Value::Type::integer
                                                         : Value::Type::text));
        }
        if (column.type == "TEXT") CHECK(!cell.text.empty());
        if (column.name.ends_with("seconds") || column.name.ends_with("_count"))
          CHECK(cell.number >= 0);
      }
}

// ---- Interactions

// The record contradicts itself, or has events outside the interaction: the row lists that.
bool is_flagged(const Line& interaction) {
  const std::string& mapping = interaction.text("mapping");
  return mapping.find("contradictions") != std::string::npos ||
         mapping.find("contradictions") != std::string::npos ||
         mapping.find("negative") != std::string::npos;
}

constexpr double tolerance = 1.001;  // vendors give whole seconds; plus rounding

// True unless both are given and b is before a by more than the allowance.
bool in_order(std::optional<Instant> a, std::optional<Instant> b, double allowance = 0) {
  return !a || !b || seconds_between(*b, *a) <= allowance;
}

void check_interaction(const Line& row, bool whole) {
  const std::string& outcome = row.text("outcome");
  const auto start = row.time("start_time"), queue = row.time("queue_time"),
             answer = row.time("answer_time"), end = row.time("end_time");
  CHECK(row["source"]);
  CHECK(row["interaction_id"]);
  CHECK(row["dialog_count"]);
  if (!is_flagged(row)) {
    CHECK(in_order(start, end));
    CHECK(in_order(start, queue));
    CHECK(in_order(queue, end));
    CHECK(in_order(start, answer));
    CHECK(in_order(answer, end));
  }
  // An interaction with a conversation is answered, even while it is still in progress.
  if (row["active_seconds"].number > 0 && row["outcome"]) CHECK(outcome == "ANSWERED");
  if (answer && row["outcome"]) CHECK(outcome == "ANSWERED");
  if (whole && outcome == "ANSWERED" && row["active_seconds"].number > 0 && !is_flagged(row) &&
      row.text("vendor") != "alibaba")  // a list's element may have no EstablishedTime
    CHECK(answer);
  // An agent who was in conversation is one of those involved.
  for (const std::string side : {"first", "last"}) {
    if (row[side + "_agent_name"])
      CHECK((row[side + "_agent_id"] || row["agent_count"].number > 0));
    if (whole && row[side + "_queue_name"])
      CHECK((row[side + "_queue_id"] || row.text("vendor") == "alibaba"));
    if (row[side + "_agent_id"]) CHECK(row["agent_count"].number > 0);
  }
  if (whole) CHECK(bool(row["first_agent_id"]) == bool(row["last_agent_id"]));
  if (whole) CHECK(bool(row["first_queue_id"]) == bool(row["last_queue_id"]));
  if (row["transfer_count"].number > 0) CHECK(row["agent_count"].number > 0);
  // Handle time is the sum of its parts; without a conversation it is NULL.
  CHECK(bool(row["handle_seconds"]) == bool(row["active_seconds"]));
  if (row["handle_seconds"])
    CHECK(row["handle_seconds"].number ==
          doctest::Approx(row["active_seconds"].number + row["hold_seconds"].number +
                          row["acw_seconds"].number));
  if (outcome.starts_with("ABANDONED") || outcome.starts_with("QUEUE_"))
    CHECK(row.text("direction") != "OUTBOUND");
}

// Checks the count against the number of rows; NULL means that the vendor does not list them.
void check_count(const KeptCell& count, std::size_t rows) {
  if (count)
    CHECK(count.number == static_cast<double>(rows));
  else
    CHECK(rows == 0);
}

void check_states(const Line& interaction, const std::vector<const Line*>& rows, bool all_there) {
  std::set<std::pair<std::string, std::string>> seen;
  std::map<std::string, double> whole;
  for (const Line* row : rows) {
    CAPTURE(row->text("agent_id"));
    CAPTURE(row->text("state"));
    CHECK(row->operator[]("seconds"));
    CHECK(seen.emplace(row->text("agent_id"), row->text("state")).second);
    if (!(*row)["agent_id"]) whole[row->text("state")] = (*row)["seconds"].number;
    const auto from = row->time("start_time"), to = row->time("end_time");
    CHECK(from.has_value() == to.has_value());
    CHECK(in_order(from, to));
    // If a state occurred several times, its start is the first one and its end is the last one.
    if (from && to)
      CHECK((*row)["seconds"].number <=
            seconds_between(*from, *to) + (row->text("basis") == "reported" ? tolerance : 0.002));
    if (is_flagged(interaction)) continue;
    // If a record's start is missing, the first known start may come from another record.
    if (all_there) CHECK(in_order(interaction.time("start_time"), from));
    // After-call work is done after the interaction's end.
    if (row->text("state") != "ACW") CHECK(in_order(to, interaction.time("end_time"), tolerance));
  }
  for (const StateName& state : states) {
    CAPTURE(state.name);
    const KeptCell& seconds = interaction[state.column];
    const auto found = whole.find(std::string(state.name));
    CHECK(bool(seconds) == (found != whole.end()));
    if (seconds && found != whole.end()) CHECK(seconds.number == found->second);
  }
}

// Rows are numbered 1, 2, … without a gap, in the order of time; rows without a time come last.
void check_sequence(std::vector<const Line*> rows, std::string_view number, std::string_view time) {
  std::sort(rows.begin(), rows.end(), [&](const Line* a, const Line* b) {
    return (*a)[number].number < (*b)[number].number;
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK((*rows[i])[number].number == static_cast<double>(i + 1));
    if (i == 0 || !(*rows[i])[time]) continue;
    CHECK((*rows[i - 1])[time]);
    CHECK(rows[i - 1]->text(time) <= rows[i]->text(time));
  }
}

void check_visits(const Line& interaction, const std::vector<const Line*>& visits) {
  std::optional<Instant> first;
  for (const Line* visit : visits) {
    const auto from = visit->time("enqueue_time"), to = visit->time("dequeue_time");
    CHECK(in_order(from, to));
    if (from && (!first || *from < *first)) first = from;
    if (from && to && (*visit)["wait_seconds"])
      CHECK((*visit)["wait_seconds"].number <= seconds_between(*from, *to) + tolerance);
    if (visit->text("outcome") == "ANSWERED" && interaction["outcome"])
      CHECK(interaction.text("outcome") == "ANSWERED");
  }
  if (first || interaction["queue_time"]) CHECK(interaction.time("queue_time") == first);
}

// Without a dialog type, the side is unknown too: the person named there need not be an agent.
bool is_agents(const Line& dialog) {
  return dialog.text("dialog_type") == "CONSULTANT" || dialog.text("dialog_type") == "TENANT_USER";
}

void check_dialog(const Line& dialog) {
  CAPTURE(dialog.text("dialog_id"));
  CHECK(dialog["dialog_id"]);
  if (!is_agents(dialog)) CHECK(!dialog["outcome"]);
  if (is_agents(dialog) && dialog["serve_time"]) CHECK(dialog.text("outcome") == "ANSWERED");
}

const Line* find_interaction(const std::map<std::string, const Line*>& interactions,
                             const Line& child) {
  const auto found = interactions.find(child.interaction());
  return found == interactions.end() ? nullptr : found->second;
}

// `whole`: no record is missing, so no value that follows from an instant is missing either.
void check(const Telling& facts, bool whole) {
  check_words(facts);
  check_types(facts);
  std::map<std::string, const Line*> interactions;
  for (const Line& row : facts[Model::interactions])
    CHECK_MESSAGE(interactions.emplace(row.interaction(), &row).second, row.interaction());

  std::set<std::string> dialogs;
  for (const Line& row : facts[Model::dialogs]) {
    CAPTURE(row.interaction());
    CHECK(dialogs.insert(row.text("source") + '|' + row.text("dialog_id")).second);
    check_dialog(row);
  }
  std::map<std::string, std::vector<const Line*>> children[std::size(of_interactions)];
  for (std::size_t i = 0; i < std::size(of_interactions); ++i) {
    children[i] = by_interaction(facts[of_interactions[i]]);
    for (const Line& row : facts[of_interactions[i]]) {
      CAPTURE(row.table->name);
      CAPTURE(row.interaction());
      CHECK(find_interaction(interactions, row) != nullptr);
      if (row.table->find("dialog_id") >= 0 && row["dialog_id"])
        CHECK_MESSAGE(dialogs.contains(row.text("source") + '|' + row.text("dialog_id")),
                      row.text("dialog_id"));
    }
  }
  for (const auto& each : interactions) {
    const auto& id = each.first;  // clang 14 cannot capture structured bindings
    const auto& row = each.second;
    CAPTURE(row->text("vendor"));
    CAPTURE(id);
    check_interaction(*row, whole);
    const auto rows = [&](Model model) -> const std::vector<const Line*>& {
      const auto at = std::find(std::begin(of_interactions), std::end(of_interactions), model);
      return children[at - std::begin(of_interactions)][id];
    };
    check_count((*row)["dialog_count"], rows(Model::dialogs).size());
    check_count((*row)["recording_count"], rows(Model::recordings).size());
    check_states(*row, rows(Model::state_durations), whole);
    for (const Model events :
         {Model::agent_events, Model::queue_events, Model::ivr_events, Model::customer_events}) {
      CAPTURE(table_of(events).name);
      check_sequence(rows(events), "seq", "event_time");
    }
    check_sequence(rows(Model::queue_visits), "visit_no", "enqueue_time");
    check_visits(*row, rows(Model::queue_visits));
    std::set<std::string> agents;
    for (const Line* dialog : rows(Model::dialogs))
      if (is_agents(*dialog) && (*dialog)["tenant_user_id"] &&
          dialog->text("outcome") != "MONITORED")  // a supervisor is not an agent of the call
        agents.insert(dialog->text("tenant_user_id"));
    if ((*row)["agent_count"])
      CHECK((*row)["agent_count"].number >= static_cast<double>(agents.size()));
  }
}

// ---- The sources

Source generated(const Folder& folder, std::string_view vendor, std::uint64_t seed,
                 std::uint32_t defects) {
  generator::Options options;
  options.vendor = vendor;
  options.plan.seed = seed;
  options.plan.interactions = 200;
  options.plan.first_day = 20514 * generator::day;  // 2026-03-02
  options.defects = defects;
  options.out = folder / "records.ndjson";
  if (vendor == "mluvii") options.agent_states_out = folder / "states.ndjson";
  generator::generate(options);
  Source source = test::files(folder / "*.ndjson");
  std::erase_if(source.paths,
                [](const std::string& path) { return path.find("defects") != std::string::npos; });
  source.options.on_error = SourceOptions::OnError::skip;
  return source;
}

// The samples in a vendor's own folder.
Source samples_of(std::string_view vendor) {
  const std::string folder = CDR_SAMPLES "/" + std::string(vendor);
#ifdef CDR_TEMPLATE
  if (!std::filesystem::exists(folder)) return test::files(CDR_TEMPLATE "/samples");
#endif
  return test::files(folder);
}

// The generator need not write a day of every vendor.
bool is_generated(std::string_view vendor) {
  const auto writers = generator::writers();
  return std::any_of(writers.begin(), writers.end(),
                     [&](const generator::Writer& each) { return each.vendor == vendor; });
}

}  // namespace

TEST_CASE("the model's promises hold for every sample") {
  for (const std::string_view vendor : vendor_names()) {
    CAPTURE(vendor);
    const Telling facts(samples_of(vendor));
    CHECK(!facts[Model::interactions].empty());
    check(facts, true);
  }
}

TEST_CASE("the model's promises hold for generated days, whole and damaged" *
          doctest::test_suite("random")) {
  const std::uint64_t seed = test::seed();
  MESSAGE("seed " << seed);
  for (const std::string_view vendor : vendor_names())
    for (const std::uint32_t defects : {0U, 60U}) {
      if (!is_generated(vendor)) continue;
      CAPTURE(vendor);
      CAPTURE(defects);
      const Folder folder;
      const Telling facts(generated(folder, vendor, seed, defects));
      CHECK(facts[Model::interactions].size() > 150);
      check(facts, defects == 0);
    }
}

TEST_CASE("cdr_mapping names every column that a vendor fills, and no other") {
  using Columns = std::set<std::pair<std::string_view, std::string_view>>;  // table, column
  const auto filled_by = [](const Telling& facts) {
    Columns filled;
    for (std::size_t model = 0; model < model_count; ++model)
      for (const Line& row : facts[static_cast<Model>(model)])
        for (std::size_t i = 0; i < row.cells.size(); ++i)
          if (row.cells[i]) filled.emplace(row.table->name, row.table->columns[i].name);
    return filled;
  };
  for (const Vendor* vendor : vendors()) {
    CAPTURE(vendor->name);
    const Folder folder;
    const Columns in_samples = filled_by(Telling(samples_of(vendor->name)));
    const Columns generated_ones = is_generated(vendor->name)
                                       ? filled_by(Telling(generated(folder, vendor->name, 1, 0)))
                                       : Columns();
    Columns documented;
    for (const MappingDoc& doc : vendor->mapping())
      if (doc.basis != Basis::not_provided)
        documented.emplace(table_of(doc.table).name, doc.column);
    for (const Columns& filled : {in_samples, generated_ones})
      for (const auto& each : filled)
        CHECK_MESSAGE(documented.contains(each), each.first << "." << each.second);
    for (const auto& each : documented)
      CHECK_MESSAGE(in_samples.contains(each), each.first << "." << each.second);
  }
}
