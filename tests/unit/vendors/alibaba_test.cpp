// Alibaba: recognition, the vendor's tables, and the mapping into the model. Expected figures are
// computed by hand from the samples' events, which samples/alibaba/README.md describes.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "vendors/vendor.hpp"

using namespace cdr;

namespace cdr {
extern const Vendor alibaba;
}

namespace of_alibaba {

namespace {

const std::string samples = CDR_SAMPLES "/alibaba/";
const std::string state_log = "ListAgentStateLogs/AgentId=lin.mei@ccc-demo/2024-05-06.json";
const Zone utc;

class Listener : public ProblemSink {
 public:
  void report(const Problem& problem) override { heard.push_back(problem.path); }
  std::vector<std::string> heard;
};

bool is_envelope(std::string_view key) {
  return std::find(alibaba.envelope_keys.begin(), alibaba.envelope_keys.end(), key) !=
         alibaba.envelope_keys.end();
}

// Records from answers, as framing finds them: below the declared envelope keys.
class Records {
 public:
  Records& json(const std::string& text, std::string_view file = "argument") {
    documents_.push_back(std::make_unique<Document>());
    const auto problem = documents_.back()->parse_copy(text);
    REQUIRE_MESSAGE(!problem, (problem ? problem->message : std::string()));
    find(documents_.back()->root(), file);
    return *this;
  }
  Records& file(const std::string& name) {
    std::ifstream in(samples + name);
    CAPTURE(name);
    REQUIRE(in.good());
    files_.push_back(std::make_unique<std::string>(samples + name));
    std::string line, text;
    const bool lines = name.ends_with(".ndjson");
    while (std::getline(in, line)) {
      if (lines)
        json(line, *files_.back());
      else
        (text += line) += '\n';
    }
    return lines ? *this : json(text, *files_.back());
  }
  std::vector<Record> all;
  Listener listener;

  // The records of one call.
  std::vector<Record> of(std::string_view id) const {
    std::vector<Record> found;
    for (const Record& record : all)
      if (text_of(record.root["ContactId"]) == id) found.push_back(record);
    std::stable_sort(found.begin(), found.end(), [](const Record& a, const Record& b) {
      return a.resource->name < b.resource->name;
    });
    return found;
  }

 private:
  void find(Node node, std::string_view file) {
    const Recognised as = recognise(node);
    if (as) {
      Record record;
      record.resource = as.resource;
      record.root = node;
      record.source = as.vendor->name;
      record.zone = &utc;
      record.sink = &listener;
      if (as.resource->context_of_path) record.context = as.resource->context_of_path(file);
      all.push_back(record);
      CHECK(as.vendor == &alibaba);
      return;
    }
    for (const Node child : node.children())
      if (node.is_array() || is_envelope(child.key())) find(child, file);
  }
  std::vector<std::unique_ptr<Document>> documents_;
  std::vector<std::unique_ptr<std::string>> files_;
};

std::string shown(const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      return "NULL";
    case Value::Type::integer:
      return std::to_string(value.as_integer());
    case Value::Type::real: {
      std::ostringstream out;
      out << value.as_real();
      return out.str();
    }
    case Value::Type::text:
      return std::string(value.as_text());
  }
  return "";
}

class Mapped {
 public:
  explicit Mapped(std::span<const Record> records) {
    REQUIRE(!records.empty());
    alibaba.map(records, Wanted::everything(), facts);
  }
  std::string at(Model model, std::size_t row, std::string_view column) const {
    const int index = table_of(model).find(column);
    REQUIRE_MESSAGE(index >= 0, column);
    REQUIRE(row < facts.rows(model).size());
    return shown(facts.rows(model)[row][static_cast<std::size_t>(index)]);
  }
  std::string call(std::string_view column) const { return at(Model::interactions, 0, column); }
  std::size_t count(Model model) const { return facts.rows(model).size(); }
  // 'column column …' of each row, rows separated by ' | '.
  std::string rows(Model model, std::initializer_list<std::string_view> columns) const {
    std::string all;
    for (std::size_t row = 0; row < count(model); ++row) {
      if (row > 0) all += " | ";
      bool first = true;
      for (const std::string_view column : columns) {
        if (!first) all += ' ';
        first = false;
        all += at(model, row, column);
      }
    }
    return all;
  }
  // 'STATE seconds basis' of the interaction (agent "NULL") or of an agent.
  std::string states_of(const std::string& agent) const {
    std::string all;
    for (std::size_t row = 0; row < count(Model::state_durations); ++row) {
      if (at(Model::state_durations, row, "agent_id") != agent) continue;
      if (!all.empty()) all += " | ";
      all += at(Model::state_durations, row, "state") + ' ' +
             at(Model::state_durations, row, "seconds") + ' ' +
             at(Model::state_durations, row, "basis");
    }
    return all;
  }
  std::string everything() const {
    std::string all;
    for (std::size_t model = 0; model < model_count; ++model)
      for (std::size_t row = 0; row < facts.rows(static_cast<Model>(model)).size(); ++row) {
        for (const Value& value : facts.rows(static_cast<Model>(model))[row])
          all += shown(value) + '\x1f';
        all += '\n';
      }
    return all;
  }
  Facts facts;
};

const Records& day() {
  static Records* records = [] {
    auto* all = new Records;
    all->file("day_get.ndjson");
    return all;
  }();
  return *records;
}
Mapped call(int number) {
  char id[32];
  std::snprintf(id, sizeof id, "job-20240506%06d", number);
  const auto records = day().of(id);
  return Mapped(records);
}

// The row of a vendor table.
std::map<std::string, std::string> row_of(const VendorTable& table, const Record& record) {
  const FieldReader reader(table.fields);
  std::vector<Value> cells(table.fields.size());
  Arena arena;
  const Value extra = reader.read(record, record.root, ColumnSet::all(), 0, true, cells, arena);
  std::map<std::string, std::string> row{{"extra", shown(extra)}};
  for (std::size_t i = 0; i < cells.size(); ++i)
    row[std::string(table.fields[i].column)] = shown(cells[i]);
  return row;
}
const VendorTable& table_named(std::string_view name) {
  for (const VendorTable& table : alibaba.tables)
    if (table.name == name) return table;
  FAIL("no such table");
  return alibaba.tables.front();
}

}  // namespace

TEST_CASE("alibaba: every field of the vendor's page is a column") {
  Records records;
  records.file("seed_get_call_detail_record.json");
  REQUIRE(records.all.size() == 1);
  CHECK(records.all[0].resource->name == "call");
  const auto row = row_of(table_named("alibaba_call"), records.all[0]);
  const std::vector<std::pair<std::string, std::string>> expected{
      {"contact_id", "job-10963442671187****"},
      {"release_initiator", "customer"},
      {"contact_disposition", "Success"},
      {"contact_type", "OUTBOUND"},
      {"agent_ids", "agent1@ccc-test,agent2@ccc-test"},
      {"call_duration", "50"},
      {"recording_ready", "1"},
      {"established_time", "2018-07-24 18:46:40.000"},
      {"instance_id", "ccc-test"},
      {"satisfaction_survey_offered", "1"},
      {"called_number", "1332315****"},
      {"agent_names", "agent1,agent2"},
      {"satisfaction", "1"},
      {"start_time", "2018-07-24 18:46:40.000"},
      {"satisfaction_survey_channel", "IVR"},
      {"release_time", "2018-07-24 18:46:40.000"},
      {"calling_number", "0533128****"},
      {"skill_group_names", "測試技能組"},
      {"skill_group_ids", "skillgroup@ccc-test"},
      {"agent_events",
       R"([{"AgentName":"坐席小王","AgentId":"agent@ccc-test","SkillGroupId":"skillgroup@ccc-test",)"
       R"("EventSequence":[{"Event":"Dialing","EventTime":1604639129000,"Duration":3}]}])"},
      {"ivr_events",
       R"([{"FlowId":"edaf2eaa-8f88-44ca-812e-41b3cd2b7a90","EventSequence":[{"Event":"Route2IVR",)"
       R"("EventTime":1604639129000}],"FlowType":"MAIN_FLOW"}])"},
      {"queue_events", R"([{"QueueId":"skillgroup@ccc-test","QueueName":"測試技能組",)"
                       R"("FlowId":"edaf2eaa-8f88-44ca-812e-41b3cd2b7a90","QueueType":1,)"
                       R"("EventSequence":[{"Event":"Enqueue","EventTime":1604639129000}]}])"},
      {"customer_events", R"([{"CustomerId":"1332315****","EventSequence":[{"Event":"Released",)"
                          R"("EventTime":1532458000000}]}])"},
      {"caller_location", " 山東省-淄博"},
      {"callee_location", "河北省-唐山"},
      {"early_media_state", "NotConnected"},
      {"release_reason", "200 - OK"},
      {"analytics_report_ready", "1"},
      {"analytics_report_problem_solving_success", "1"},
      {"analytics_report_problem_solving_solved", "1"},
      {"analytics_report_emotion_success", "1"},
      {"analytics_report_emotion_confidence", "0"},
      {"analytics_report_satisfaction_success", "1"},
      {"analytics_report_todo_list_success", "1"},
      {"analytics_report_todo_list_tasks", R"([""])"},
      {"resource", "call"},
      {"extra", "NULL"},
  };
  for (const auto& each : expected) {
    CAPTURE(each.first);
    CHECK(row.at(each.first) == each.second);
  }
  // Provided as "", which means no value.
  for (const char* column :
       {"analytics_report_problem_solving_task_id", "analytics_report_problem_solving_problem",
        "analytics_report_problem_solving_solution", "analytics_report_emotion_task_id",
        "analytics_report_emotion_type", "analytics_report_emotion_remark",
        "analytics_report_satisfaction_task_id",
        "analytics_report_satisfaction_satisfaction_description",
        "analytics_report_satisfaction_remark", "analytics_report_todo_list_task_id"})
    CHECK(row.at(column) == "NULL");
  CHECK(row.at("analytics_report").starts_with(R"({"ProblemSolving":{"TaskId":"","Success":true)"));
  CHECK(records.listener.heard.empty());
}

TEST_CASE("alibaba: the analysis of a conversation, flattened") {
  const auto row = row_of(table_named("alibaba_call"), day().of("job-20240506000028").at(0));
  CHECK(row.at("analytics_report_problem_solving_task_id") == "task-ps-28");
  CHECK(row.at("analytics_report_problem_solving_problem") == "invoice not received");
  CHECK(row.at("analytics_report_problem_solving_solution") == "sent again");
  CHECK(row.at("analytics_report_emotion_task_id") == "task-em-28");
  CHECK(row.at("analytics_report_emotion_type") == "calm");
  CHECK(row.at("analytics_report_emotion_confidence") == "0.87");
  CHECK(row.at("analytics_report_emotion_remark") == "even tone");
  CHECK(row.at("analytics_report_satisfaction_task_id") == "task-sa-28");
  CHECK(row.at("analytics_report_satisfaction_satisfaction_description") == "satisfied");
  CHECK(row.at("analytics_report_satisfaction_remark") == "thanked");
  CHECK(row.at("analytics_report_todo_list_task_id") == "task-to-28");
  CHECK(row.at("analytics_report_todo_list_tasks") == R"(["send the invoice","confirm by mail"])");
}

TEST_CASE("alibaba: the page's own example contradicts itself: accepted, reported, flagged") {
  Records records;
  records.file("seed_get_call_detail_record.json");
  const Mapped mapped(records.all);
  CHECK(mapped.call("start_time") == "2018-07-24 18:46:40.000");
  CHECK(mapped.call("end_time") == "2018-07-24 18:46:40.000");
  CHECK(mapped.call("queue_time") == "2020-11-06 05:05:29.000");
  CHECK(mapped.call("outcome") == "ANSWERED");
  CHECK(mapped.call("answer_time") == "2018-07-24 18:46:40.000");
  CHECK(mapped.call("active_seconds") == "NULL");
  CHECK(mapped.call("mapping") ==
        R"({"answer_time":"EstablishedTime",)"
        R"("contradictions":["call_duration_differs_from_times","events_outside_call"]})");
  CHECK(mapped.call("sip_code") == "200");
  CHECK(mapped.call("satisfaction") == "1");
  CHECK(mapped.call("agent_count") == "3");
  CHECK(mapped.rows(Model::agent_events, {"agent_id", "agent_name", "queue_id", "seq", "event",
                                          "event_time", "duration_seconds"}) ==
        "agent@ccc-test 坐席小王 skillgroup@ccc-test 1 Dialing 2020-11-06 05:05:29.000 3");
  CHECK(mapped.rows(Model::queue_events,
                    {"queue_id", "queue_name", "queue_type", "flow_id", "seq", "event"}) ==
        "skillgroup@ccc-test 測試技能組 1 edaf2eaa-8f88-44ca-812e-41b3cd2b7a90 1 Enqueue");
  CHECK(mapped.rows(Model::ivr_events, {"flow_id", "flow_type", "seq", "event"}) ==
        "edaf2eaa-8f88-44ca-812e-41b3cd2b7a90 MAIN_FLOW 1 Route2IVR");
  CHECK(mapped.rows(Model::customer_events, {"customer_id", "seq", "event", "event_time"}) ==
        "1332315**** 1 Released 2018-07-24 18:46:40.000");
}

TEST_CASE("alibaba: states of an answered inbound call") {
  const Mapped mapped = call(1);
  // Route2IVR 0, Enqueue 12.345, Ringing 20.456, Established 26.789, Released 146.8
  CHECK(mapped.states_of("NULL") ==
        "IVR 12.345 measured | IN_QUEUE 8.111 measured | WAITING 14.444 derived | "
        "RING 6.333 measured | ACTIVE 120.011 measured");
  CHECK(mapped.states_of("lin.mei@ccc-demo") ==
        "IN_QUEUE 8.111 measured | RING 6.333 measured | ACTIVE 120.011 measured");
  CHECK(mapped.rows(Model::state_durations, {"start_time", "end_time"})
            .starts_with("2024-05-06 01:00:00.000 2024-05-06 01:00:12.345 | "
                         "2024-05-06 01:00:12.345 2024-05-06 01:00:20.456 | NULL NULL | "));
  CHECK(mapped.call("handle_seconds") == "120.011");
  CHECK(mapped.call("channel") == "voice");
  CHECK(mapped.call("direction") == "INBOUND");
  CHECK(mapped.call("queue_time") == "2024-05-06 01:00:12.345");
  CHECK(mapped.call("answer_time") == "2024-05-06 01:00:26.789");
  CHECK(mapped.call("end_time") == "2024-05-06 01:02:26.801");
  CHECK(mapped.call("customer_number") == "48500000101");
  CHECK(mapped.call("company_number") == "48500009000");
  CHECK(mapped.call("first_queue_name") == "售后支持");
  CHECK(mapped.call("last_agent_name") == "Lin Mei");
  CHECK(mapped.call("agent_count") == "1");
  CHECK(mapped.call("dialog_count") == "2");
  CHECK(mapped.call("transfer_count") == "0");
  CHECK(mapped.call("released_by") == "customer");
  CHECK(mapped.call("end_cause") == "Success");
  CHECK(mapped.call("recording_count") == "NULL");
  CHECK(mapped.call("acw_seconds") == "NULL");
  CHECK(mapped.call("mapping") == "NULL");
  CHECK(mapped.rows(Model::queue_visits, {"visit_no", "enqueue_time", "dequeue_time",
                                          "wait_seconds", "outcome", "agent_id"}) ==
        "1 2024-05-06 01:00:12.345 2024-05-06 01:00:20.456 8.111 ANSWERED lin.mei@ccc-demo");
}

TEST_CASE("alibaba: a call's dialogs") {
  const Mapped mapped = call(1);
  REQUIRE(mapped.count(Model::dialogs) == 2);
  const auto external = [&](std::string_view column) {
    return mapped.at(Model::dialogs, 0, column);
  };
  CHECK(external("dialog_id") == "job-20240506000001/customer");
  CHECK(external("dialog_type") == "EXTERNAL");
  CHECK(external("business_direction") == "INBOUND");
  CHECK(external("from_display_target") == "48500000101");
  CHECK(external("to_display_target") == "48500009000");
  CHECK(external("start_time") == "2024-05-06 01:00:00.000");
  CHECK(external("serve_time") == "2024-05-06 01:00:26.789");
  CHECK(external("hangup_time") == "2024-05-06 01:02:26.795");
  CHECK(external("answer_time") == "NULL");
  CHECK(external("talking_time") == "120011");
  CHECK(external("waiting_time") == "26789");
  CHECK(external("first_queue_waiting_time") == "8111");
  CHECK(external("anonymous") == R"({"display_name":"48500000101"})");
  CHECK(external("hangup_cause") == "200 - OK");
  CHECK(external("end_cause") == "Success");
  CHECK(external("linked_dialogs") == R"(["job-20240506000001/agent/1"])");
  CHECK(external("ivr_seconds") == "12.345");
  CHECK(external("outcome") == "NULL");
  const auto agent = [&](std::string_view column) { return mapped.at(Model::dialogs, 1, column); };
  CHECK(agent("dialog_id") == "job-20240506000001/agent/1");
  CHECK(agent("dialog_type") == "CONSULTANT");
  CHECK(agent("start_time") == "2024-05-06 01:00:20.456");
  CHECK(agent("alert_time") == "2024-05-06 01:00:20.456");
  CHECK(agent("answer_time") == "2024-05-06 01:00:26.789");
  CHECK(agent("serve_time") == "2024-05-06 01:00:26.789");
  CHECK(agent("hangup_time") == "2024-05-06 01:02:26.800");
  CHECK(agent("talking_time") == "120011");
  CHECK(agent("waiting_time") == "6333");
  CHECK(agent("tenant_user") == R"({"id":"lin.mei@ccc-demo","display_name":"Lin Mei"})");
  CHECK(agent("tenant_user_id") == "lin.mei@ccc-demo");
  CHECK(agent("tenant_user_display_name") == "Lin Mei");
  CHECK(agent("linked_dialogs") == R"(["job-20240506000001/customer"])");
  CHECK(agent("in_queue_seconds") == "8.111");
  CHECK(agent("ring_seconds") == "6.333");
  CHECK(agent("active_seconds") == "120.011");
  CHECK(agent("outcome") == "ANSWERED");
}

TEST_CASE("alibaba: calls that no agent answered") {
  SUBCASE("abandoned in the IVR") {
    const Mapped mapped = call(2);
    CHECK(mapped.call("outcome") == "ABANDONED_IN_IVR");
    CHECK(mapped.states_of("NULL") == "IVR 9.25 measured");
  }
  SUBCASE("abandoned in the queue: waited 0, by the vendor's meaning") {
    const Mapped mapped = call(3);
    CHECK(mapped.call("outcome") == "ABANDONED_IN_QUEUE");
    CHECK(mapped.states_of("NULL") ==
          "IVR 15.5 measured | IN_QUEUE 60.25 measured | WAITING 0 derived");
    CHECK(mapped.rows(Model::queue_visits, {"wait_seconds", "outcome", "agent_id"}) ==
          "60.25 ABANDONED_IN_QUEUE NULL");
    CHECK(mapped.call("handle_seconds") == "NULL");
    CHECK(mapped.call("sip_code") == "487");
  }
  SUBCASE("abandoned while ringing") {
    const Mapped mapped = call(4);
    CHECK(mapped.call("outcome") == "ABANDONED_IN_RING");
    CHECK(mapped.states_of("NULL") ==
          "IVR 10 measured | IN_QUEUE 1.2 measured | WAITING 0 derived | RING 7.25 measured");
    CHECK(mapped.rows(Model::queue_visits, {"wait_seconds", "outcome", "agent_id"}) ==
          "1.2 ABANDONED_IN_RING lin.mei@ccc-demo");
    CHECK(mapped.at(Model::dialogs, 1, "outcome") == "CANCELLED");
    CHECK(mapped.call("first_agent_id") == "lin.mei@ccc-demo");
  }
  SUBCASE("queue timeout") {
    const Mapped mapped = call(5);
    CHECK(mapped.call("outcome") == "QUEUE_TIMEOUT");
    CHECK(mapped.states_of("NULL") ==
          "IVR 8 measured | IN_QUEUE 120 measured | WAITING 120 derived");
    CHECK(mapped.rows(Model::queue_visits, {"wait_seconds", "outcome"}) == "120 QUEUE_TIMEOUT");
  }
  SUBCASE("queue overflow") {
    const Mapped mapped = call(6);
    CHECK(mapped.call("outcome") == "QUEUE_OVERFLOW");
    CHECK(mapped.call("in_queue_seconds") == "0.02");
    CHECK(mapped.rows(Model::queue_visits, {"wait_seconds", "outcome"}) == "0.02 QUEUE_OVERFLOW");
  }
  SUBCASE("voicemail: twice in the IVR") {
    const Mapped mapped = call(7);
    CHECK(mapped.call("outcome") == "VOICEMAIL");
    // 0 to 6, and 66.25 to the hang-up at 101
    CHECK(mapped.states_of("NULL") ==
          "IVR 40.75 measured | IN_QUEUE 60 measured | WAITING 60 derived");
  }
  SUBCASE("not given to an agent") {
    const Mapped mapped = call(8);
    CHECK(mapped.call("outcome") == "QUEUE_FAILED");
    CHECK(mapped.rows(Model::queue_visits, {"dequeue_time", "wait_seconds", "outcome"}) ==
          "NULL NULL QUEUE_FAILED");
    CHECK(mapped.call("in_queue_seconds") == "NULL");
  }
  SUBCASE("others") {
    CHECK(call(9).call("outcome") == "FAILED");
    CHECK(call(10).call("outcome") == "ABANDONED_IN_IVR");
    CHECK(call(16).call("outcome") == "FORWARDED");
    CHECK(call(35).call("outcome") == "SELF_SERVICE");
    CHECK(call(35).call("ivr_seconds") == "55");
  }
}

TEST_CASE("alibaba: transfers") {
  SUBCASE("blind, into a colleague's own queue") {
    const Mapped mapped = call(11);
    CHECK(mapped.call("transfer_count") == "1");
    // queue 9 to 14.5 and 80.2 to 81; ring 14.5 to 20 and 81 to 85.5; talk 20 to 80.1 and 85.5 to
    // 260.4
    CHECK(mapped.states_of("NULL") ==
          "IVR 9 measured | IN_QUEUE 6.3 measured | WAITING 16.3 derived | RING 10 measured | "
          "ACTIVE 235 measured");
    CHECK(mapped.states_of("lin.mei@ccc-demo") ==
          "IN_QUEUE 5.5 measured | RING 5.5 measured | ACTIVE 60.1 measured");
    CHECK(mapped.states_of("zhao.bo@ccc-demo") ==
          "IN_QUEUE 0.8 measured | RING 4.5 measured | ACTIVE 174.9 measured");
    CHECK(mapped.rows(Model::queue_visits, {"visit_no", "queue_id", "outcome", "agent_id"}) ==
          "1 support@ccc-demo ANSWERED lin.mei@ccc-demo | 2 zhao.bo@ccc-demo ANSWERED "
          "zhao.bo@ccc-demo");
    CHECK(mapped.call("first_agent_name") == "Lin Mei");
    CHECK(mapped.call("last_agent_name") == "Zhao Bo");
    CHECK(mapped.call("first_queue_id") == "support@ccc-demo");
    CHECK(mapped.call("last_queue_id") == "zhao.bo@ccc-demo");
    CHECK(mapped.call("dialog_count") == "3");
    CHECK(mapped.at(Model::dialogs, 2, "linked_dialogs") ==
          R"(["job-20240506000011/customer","job-20240506000011/agent/1"])");
  }
  SUBCASE("consulted, then handed over") {
    const Mapped mapped = call(12);
    CHECK(mapped.call("transfer_count") == "1");
    // 30 to 150.5 and 108.25 to 300.25 overlap: 270.25 in all
    CHECK(mapped.call("active_seconds") == "270.25");
    // The consulted agent's telephone rings during the first agent's conversation.
    CHECK(mapped.call("ring_seconds") == "7");
    CHECK(mapped.call("waiting_seconds") == "20");
    CHECK(mapped.states_of("zhao.bo@ccc-demo") == "RING 7.25 measured | ACTIVE 192 measured");
  }
  SUBCASE("consulted, and came back: no transfer") {
    const Mapped mapped = call(13);
    CHECK(mapped.call("transfer_count") == "0");
    CHECK(mapped.call("active_seconds") == "215");
  }
  SUBCASE("transferred into a queue and abandoned there: answered all the same") {
    const Mapped mapped = call(36);
    CHECK(mapped.call("outcome") == "ANSWERED");
    CHECK(mapped.call("end_cause") == "AbandonedInQueue");
    CHECK(mapped.call("mapping") == R"({"outcome":"conversation"})");
    CHECK(mapped.rows(Model::queue_visits, {"wait_seconds", "outcome"}) ==
          "5 ANSWERED | 39.5 ABANDONED_IN_QUEUE");
  }
}

TEST_CASE("alibaba: several agents and queues") {
  SUBCASE("two phones ring: the first in vain") {
    const Mapped mapped = call(14);
    // queue 11 to 18.5 and, after the first agent did not answer, 43.5 to 45.25; ring 18.5 to 43.5,
    // 45.25 to 52.25
    CHECK(mapped.states_of("NULL") ==
          "IVR 11 measured | IN_QUEUE 9.25 derived | WAITING 41.25 derived | RING 32 measured | "
          "ACTIVE 138.5 measured");
    CHECK(mapped.states_of("zhao.bo@ccc-demo") == "IN_QUEUE 7.5 measured | RING 25 measured");
    CHECK(mapped.states_of("lin.mei@ccc-demo") ==
          "IN_QUEUE 9.25 derived | RING 7 measured | ACTIVE 138.5 measured");
    CHECK(mapped.rows(Model::dialogs, {"tenant_user_id", "outcome"}) ==
          "NULL NULL | zhao.bo@ccc-demo NO_ANSWER | lin.mei@ccc-demo ANSWERED");
    CHECK(
        mapped.rows(Model::queue_visits, {"dequeue_time", "wait_seconds", "outcome", "agent_id"}) ==
        "2024-05-06 01:19:05.250 9.25 ANSWERED lin.mei@ccc-demo");
    CHECK(mapped.call("agent_count") == "2");
    CHECK(mapped.call("first_agent_id") == "lin.mei@ccc-demo");
    CHECK(mapped.rows(Model::agent_events, {"dialog_id", "seq", "event"}) ==
          "job-20240506000014/agent/1 1 Ringing | job-20240506000014/agent/1 2 Released | "
          "job-20240506000014/agent/2 3 Ringing | job-20240506000014/agent/2 4 Established | "
          "job-20240506000014/agent/2 5 Released");
  }
  SUBCASE("queued twice") {
    const Mapped mapped = call(15);
    // IVR 0 to 10 and 60.5 to 68.75; queue 10 to 60 and 68.75 to 98.5; ring 98.5 to 105
    CHECK(mapped.states_of("NULL") ==
          "IVR 18.25 measured | IN_QUEUE 79.75 measured | WAITING 86.25 derived | "
          "RING 6.5 measured | ACTIVE 110 measured");
    CHECK(mapped.rows(Model::queue_visits, {"visit_no", "queue_name", "wait_seconds", "outcome"}) ==
          "1 售后支持 50 QUEUE_TIMEOUT | 2 销售 29.75 ANSWERED");
  }
}

TEST_CASE("alibaba: outbound calls") {
  SUBCASE("answered: talk begins when the customer is connected too; the ring is the customer's") {
    const Mapped mapped = call(17);
    CHECK(mapped.states_of("NULL") == "RING 6.5 derived | ACTIVE 60 measured");
    CHECK(mapped.states_of("lin.mei@ccc-demo") == "ACTIVE 60 measured");
    CHECK(mapped.call("direction") == "OUTBOUND");
    CHECK(mapped.call("customer_number") == "48500000117");
    CHECK(mapped.call("company_number") == "48500009000");
    CHECK(mapped.call("answer_time") == "2024-05-06 01:25:09.600");
    CHECK(mapped.call("mapping") == R"({"ring_seconds":"customer"})");
    CHECK(mapped.at(Model::dialogs, 0, "alert_time") == "2024-05-06 01:25:03.100");
    CHECK(mapped.at(Model::dialogs, 0, "answer_time") == "2024-05-06 01:25:09.600");
    CHECK(mapped.at(Model::dialogs, 1, "answer_time") == "2024-05-06 01:25:00.800");
    CHECK(mapped.at(Model::dialogs, 1, "serve_time") == "2024-05-06 01:25:09.600");
  }
  SUBCASE("not answered: the agent's own connection is no conversation") {
    const Mapped mapped = call(18);
    CHECK(mapped.call("outcome") == "NO_ANSWER");
    CHECK(mapped.states_of("NULL") == "RING 43 derived");
    CHECK(mapped.at(Model::dialogs, 1, "outcome") == "NO_ANSWER");
    CHECK(mapped.call("answer_time") == "NULL");
  }
  SUBCASE("by early media and disposition") {
    CHECK(call(19).call("outcome") == "BUSY");
    CHECK(call(19).call("sip_code") == "486");
    CHECK(call(20).call("outcome") == "UNREACHABLE");
    CHECK(call(21).call("outcome") == "REJECTED");
    CHECK(call(21).at(Model::dialogs, 1, "outcome") == "REJECTED");
    CHECK(call(23).call("outcome") == "UNREACHABLE");
  }
  SUBCASE("predictive: the customer is connected first") {
    const Mapped mapped = call(22);
    CHECK(mapped.call("direction") == "OUTBOUND");
    CHECK(mapped.states_of("NULL") ==
          "IVR 0.2 measured | IN_QUEUE 3.5 measured | RING 1.75 measured | ACTIVE 103.35 measured");
  }
  SUBCASE("back to back, and behind another number") {
    CHECK(call(26).call("direction") == "OUTBOUND");
    CHECK(call(26).states_of("NULL") == "RING 6.25 measured | ACTIVE 69 measured");
    CHECK(call(27).call("direction") == "OUTBOUND");
    CHECK(call(27).call("active_seconds") == "60");
  }
}

TEST_CASE("alibaba: calls between agents, and conferences") {
  const Mapped internal = call(24);
  CHECK(internal.call("direction") == "INTERNAL");
  CHECK(internal.call("active_seconds") == "57.9");
  CHECK(internal.call("customer_number") == "NULL");
  CHECK(internal.rows(Model::dialogs, {"dialog_type", "tenant_user_id"}) ==
        "CONSULTANT lin.mei@ccc-demo | CONSULTANT zhao.bo@ccc-demo");
  CHECK(internal.call("dialog_count") == "2");
  const Mapped conference = call(25);
  CHECK(conference.call("direction") == "NULL");
  CHECK(conference.call("customer_number") == "48500000125");
  CHECK(conference.call("active_seconds") == "379");
  const Mapped supervised = call(34);
  CHECK(supervised.call("active_seconds") == "180");
  CHECK(supervised.states_of("wu.hao@ccc-demo") == "");
  CHECK(supervised.rows(Model::dialogs, {"tenant_user_id", "outcome"})
            .find("wu.hao@ccc-demo MONITORED") != std::string::npos);
}

TEST_CASE("alibaba: surveys, masked and missing values, order and case of events") {
  CHECK(call(28).call("satisfaction") == "5");
  CHECK(call(28).call("ivr_seconds") == "8");
  CHECK(call(28).rows(Model::ivr_events, {"flow_type", "seq", "event"}) ==
        "MAIN_FLOW 1 Route2IVR | SURVEY_FLOW 2 Route2IVR");
  CHECK(call(29).call("satisfaction") == "NULL");
  CHECK(call(30).call("customer_number") == "0533128****");

  const Mapped missing = call(31);
  CHECK(missing.call("released_by") == "NULL");
  CHECK(missing.call("hangup_cause") == "NULL");
  CHECK(missing.call("sip_code") == "NULL");
  CHECK(missing.call("active_seconds") == "48");
  CHECK(missing.call("mapping") == "NULL");
  CHECK(missing.count(Model::customer_events) == 0);
  CHECK(missing.at(Model::dialogs, 0, "hangup_time") == "2024-05-06 01:57:40.000");

  const Mapped unsorted = call(32);
  CHECK(unsorted.states_of("NULL") ==
        "IVR 9 measured | IN_QUEUE 5.5 derived | WAITING 13 derived | RING 7.5 measured | "
        "ACTIVE 68 measured");
  CHECK(unsorted.rows(Model::dialogs, {"dialog_id", "tenant_user_id"}) ==
        "job-20240506000032/customer NULL | job-20240506000032/agent/1 chen.yu@ccc-demo | "
        "job-20240506000032/agent/2 lin.mei@ccc-demo");

  const Mapped cases = call(33);
  CHECK(cases.states_of("NULL") ==
        "IVR 10 measured | IN_QUEUE 4 measured | WAITING 11 derived | RING 7 measured | "
        "ACTIVE 60 measured");
  CHECK(cases.rows(Model::queue_events, {"event"}) == "Enqueue | AssignAgent");
  CHECK(cases.rows(Model::ivr_events, {"event"}) == "Route2IVR");
  CHECK(cases.call("outcome") == "ANSWERED");
}

TEST_CASE("alibaba: words that the page does not know are kept") {
  const Mapped mapped = call(37);
  CHECK(mapped.call("outcome") == "OTHER");
  CHECK(mapped.call("end_cause") == "AgentVanished");
  CHECK(mapped.rows(Model::agent_events, {"event"}) == "Ringing | Vanished | Released");
  CHECK(mapped.rows(Model::queue_events, {"event"}) == "Enqueue | Reprioritized | AssignAgent");
  CHECK(row_of(table_named("alibaba_call"), day().of("job-20240506000037").at(0)).at("extra") ==
        R"({"NewField":{"a":[1,2]}})");
}

TEST_CASE("alibaba: a call that still goes on") {
  const Mapped mapped = call(38);
  CHECK(mapped.call("outcome") == "NULL");
  CHECK(mapped.call("end_time") == "NULL");
  CHECK(mapped.states_of("NULL") == "IVR 9.5 measured");
  CHECK(mapped.rows(Model::queue_visits, {"dequeue_time", "wait_seconds", "outcome"}) ==
        "NULL NULL NULL");
}

// Events of a call that began at 1714644000, by 'Name second' or 'Name second Duration'.
namespace {

std::string events_of(std::initializer_list<std::string_view> events) {
  std::string list;
  for (const std::string_view each : events) {
    std::istringstream parts{std::string(each)};
    std::string name, duration;
    int second = 0;
    parts >> name >> second >> duration;
    list += (list.empty() ? "[" : ",") + std::string(R"({"Event":")") + name + R"(","EventTime":)" +
            std::to_string(1714644000000 + second * 1000LL) +
            (duration.empty() ? "" : ",\"Duration\":" + duration) + "}";
  }
  return list + "]";
}
std::string entry_of(std::string_view members, std::initializer_list<std::string_view> events) {
  return "{" + std::string(members) + ",\"EventSequence\":" + events_of(events) + "}";
}
// `end`: the second of ReleaseTime; 0 = the call goes on.
std::string call_of(int end, const std::string& agents, const std::string& queues,
                    std::string_view disposition = "Success") {
  return R"({"ContactId":"c","ContactType":"INBOUND","StartTime":1714644000000,)" +
         (end == 0
              ? std::string()
              : R"("ContactDisposition":")" + std::string(disposition) + R"(","ReleaseTime":)" +
                    std::to_string(1714644000000 + end * 1000LL) + ",") +
         R"("AgentEvents":[)" + agents + R"(],"QueueEvents":[)" + queues + "]}";
}
constexpr std::string_view of_a = R"("AgentId":"a","SkillGroupId":"s")";
constexpr std::string_view of_b = R"("AgentId":"b","SkillGroupId":"s")";
constexpr std::string_view of_s = R"("QueueId":"s")";

}  // namespace

TEST_CASE("alibaba: events of one instant have the order in which they can follow each other") {
  struct Case {
    std::vector<std::string_view> events;
    std::string_view offers;  // outcome and ring_seconds
    std::string_view active;
  };
  const Case cases[] = {
      {{"Ringing 20", "Established 20", "Released 80"}, "ANSWERED 0", "60"},
      {{"Ringing 10", "Established 20", "Released 20"}, "ANSWERED 10", "0"},
      // The telephone rings again.
      {{"Ringing 10", "Released 20", "Ringing 20", "Established 30", "Released 80"},
       "NO_ANSWER 10 | ANSWERED 10",
       "50"},
      {{"Ringing 10", "Released 20", "Ringing 20", "Established 20", "Released 80"},
       "NO_ANSWER 10 | ANSWERED 0",
       "60"},
      {{"Ringing 10", "Established 20", "Released 50", "Ringing 50", "Established 60",
        "Released 80"},
       "ANSWERED 10 | ANSWERED 10",
       "50"},
  };
  for (const Case& each : cases) {
    std::vector<std::string_view> events = each.events;
    std::sort(events.begin(), events.end());
    do {
      std::string list;
      for (const std::string_view event : events) {
        const std::string one = events_of({event});
        list += (list.empty() ? "" : ",") + one.substr(1, one.size() - 2);
      }
      CAPTURE(list);
      Records records;
      records.json(call_of(80, "{" + std::string(of_a) + ",\"EventSequence\":[" + list + "]}",
                           entry_of(of_s, {"Enqueue 5"})));
      const Mapped mapped(records.all);
      CHECK(mapped.rows(Model::agent_offers, {"outcome", "ring_seconds"}) == each.offers);
      CHECK(mapped.call("active_seconds") == each.active);
    } while (each.events.size() < 5 && std::next_permutation(events.begin(), events.end()));
  }
  // Back into the queue that it left at that instant.
  for (const auto& events : {events_of({"Enqueue 5", "QueueingOverflow 20", "Enqueue 20"}),
                             events_of({"Enqueue 20", "QueueingOverflow 20", "Enqueue 5"})}) {
    Records records;
    records.json(call_of(40, "", "{" + std::string(of_s) + ",\"EventSequence\":" + events + "}",
                         "AbandonedInQueue"));
    CHECK(Mapped(records.all).rows(Model::queue_visits, {"outcome", "wait_seconds"}) ==
          "QUEUE_OVERFLOW 15 | ABANDONED_IN_QUEUE 20");
  }
}

TEST_CASE("alibaba: the order of the lists does not matter") {
  const std::string a = entry_of(of_a, {"Ringing 10", "Released 20"});
  const std::string b = entry_of(of_b, {"Ringing 10", "Established 20", "Released 80"});
  Records one, other;
  one.json(call_of(80, a + "," + b, entry_of(of_s, {"Enqueue 5"})));
  other.json(call_of(80, b + "," + a, entry_of(of_s, {"Enqueue 5"})));
  CHECK(Mapped(one.all).everything() == Mapped(other.all).everything());
}

TEST_CASE("alibaba: the order of events and of members does not matter") {
  const std::string_view entries[] = {
      R"({"AgentId":"a","SkillGroupId":"s","EventSequence":[{"Event":"Ringing","EventTime":1714644010000},
         {"Event":"Established","EventTime":1714644020000},{"Event":"Released","EventTime":1714644080000}]})",
      R"({"AgentId":"a","SkillGroupId":"s","EventSequence":[{"Event":"Released","EventTime":1714644080000},
         {"Event":"Established","EventTime":1714644020000},{"Event":"Ringing","EventTime":1714644010000}]})",
      R"({"EventSequence":[{"EventTime":1714644010000,"Event":"Ringing"},
         {"EventTime":"1714644020000","Event":"Established","Duration":null},
         {"Event":"Released","EventTime":1714644080000}],"AgentName":"","SkillGroupId":"s","AgentId":"a"})",
  };
  for (const std::string_view one : entries)
    for (const std::string_view other : entries) {
      CAPTURE(one);
      CAPTURE(other);
      Records records;
      records.json(
          call_of(80, std::string(one) + "," + std::string(other), entry_of(of_s, {"Enqueue 5"})));
      const Mapped mapped(records.all);
      CHECK(mapped.rows(Model::agent_offers, {"agent_id", "ring_seconds"}) == "a 10");
      CHECK(mapped.rows(Model::dialogs, {"dialog_id", "active_seconds"}) ==
            "c/customer 60 | c/agent/1 60");
      CHECK(mapped.count(Model::agent_events) == 3);
    }
}

TEST_CASE("alibaba: a queue that a call leaves at once comes before the one that it goes on in") {
  struct Case {
    std::string goes_on;
    std::string before, after;  // of the visits
  };
  // The names are in both orders, and the second queue had the call before or not.
  for (const auto& [first, second] : {std::pair<std::string, std::string>("y", "z"), {"z", "y"}}) {
    const std::string left =
        entry_of(R"("QueueId":")" + first + '"', {"Enqueue 10", "QueueingOverflow 10"});
    const std::string name = R"("QueueId":")" + second + '"';
    for (const Case& each :
         {Case{entry_of(name, {"Enqueue 10"}), "", second + " ABANDONED_IN_QUEUE"},
          Case{entry_of(name, {"Enqueue 4", "QueueingOverflow 6", "Enqueue 10", "GiveUp 30"}),
               second + " QUEUE_OVERFLOW | ", second + " ABANDONED_IN_RING"}})
      for (const std::string& list : {left + "," + each.goes_on, each.goes_on + "," + left}) {
        CAPTURE(list);
        Records records;
        records.json(call_of(30, "", list, "AbandonedInQueue"));
        const Mapped mapped(records.all);
        CHECK(mapped.rows(Model::queue_visits, {"queue_id", "outcome"}) ==
              each.before + first + " QUEUE_OVERFLOW | " + each.after);
        CHECK(mapped.call("last_queue_id") == second);
      }
  }
}

TEST_CASE("alibaba: a Duration ends what no event ends, if it can") {
  struct Case {
    int end;
    std::string_view established;
    std::string_view outcome, active, mapping;
  };
  constexpr std::string_view misfit = R"({"contradictions":["event_duration_does_not_fit"]})";
  const Case cases[] = {
      {100, "Established 20 0", "ANSWERED", "80", misfit},
      {100, "Established 20 -5", "ANSWERED", "80", misfit},
      {100, "Established 20 1714644000", "ANSWERED", "80", misfit},
      {100, "Established 20 90", "ANSWERED", "80", misfit},
      {100, "Established 20 30", "ANSWERED", "30", "NULL"},
      {100, "Established 20", "ANSWERED", "80", "NULL"},
      {0, "Established 20 0", "ANSWERED", "NULL", "NULL"},
      {0, "Established 20 30", "ANSWERED", "30", "NULL"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.end);
    CAPTURE(each.established);
    Records records;
    records.json(call_of(each.end, entry_of(of_a, {"Ringing 10", each.established}), ""));
    const Mapped mapped(records.all);
    CHECK(mapped.call("outcome") == each.outcome);
    CHECK(mapped.call("active_seconds") == each.active);
    CHECK(mapped.call("mapping") == each.mapping);
  }
  const auto offers = [](const std::string& agents) {
    Records records;
    records.json(
        call_of(35, agents, entry_of(of_s, {"Enqueue 5", "GiveUp 35"}), "AbandonedInRing"));
    return Mapped(records.all).rows(Model::agent_offers, {"agent_id", "outcome", "ring_seconds"});
  };
  CHECK(offers(entry_of(of_a, {"Ringing 10 0"})) == "a CANCELLED 25");
  CHECK(offers(entry_of(of_a, {"Ringing 10 7"})) == "a CANCELLED 25");
  CHECK(offers(entry_of(of_a, {"Ringing 10 25"})) == "a CANCELLED 25");
  // The queue went on to another agent.
  CHECK(offers(entry_of(of_a, {"Ringing 10 7"}) + "," + entry_of(of_b, {"Ringing 20"})) ==
        "a NO_ANSWER 7 | b CANCELLED 15");
}

TEST_CASE("alibaba: supervisors who take the call one after the other") {
  const std::string agent = entry_of(of_a, {"Ringing 10", "Established 20", "Released 50"});
  const std::string first =
      entry_of(R"("AgentId":"m")", {"Established 46", "Intercepting 50", "Released 80"});
  Records records;
  records.json(call_of(
      110,
      agent + "," + first + "," +
          entry_of(R"("AgentId":"n")", {"Established 76", "Intercepting 80", "Released 110"}),
      ""));
  CHECK(Mapped(records.all).call("active_seconds") == "90");
  Records open;  // the second one still talks
  open.json(call_of(0,
                    agent + "," + first + "," +
                        entry_of(R"("AgentId":"n")", {"Established 76", "Intercepting 80"}),
                    ""));
  CHECK(Mapped(open.all).call("active_seconds") == "NULL");
}

TEST_CASE("alibaba: what is listed twice counts once") {
  const std::string agent =
      entry_of(of_a, {"Ringing 10", "Ringing 10", "Established 20", "Released 80"});
  const std::string queue = entry_of(of_s, {"Enqueue 5", "Enqueue 5"});
  Records records;
  records.json(call_of(80, agent + "," + agent, queue + "," + queue));
  const Mapped mapped(records.all);
  CHECK(mapped.rows(Model::agent_offers, {"agent_id", "ring_seconds"}) == "a 10");
  CHECK(mapped.rows(Model::dialogs, {"dialog_id"}) == "c/customer | c/agent/1");
  CHECK(mapped.rows(Model::queue_visits, {"visit_no", "outcome"}) == "1 ANSWERED");
  CHECK(mapped.rows(Model::queue_events, {"event"}) == "Enqueue");
  CHECK(mapped.call("active_seconds") == "60");
  // Entries that differ in any member are two.
  Records two;
  two.json(call_of(80,
                   agent + "," +
                       entry_of(R"("AgentId":"a","SkillGroupId":"t")",
                                {"Ringing 10", "Established 20", "Released 80"}),
                   queue));
  CHECK(Mapped(two.all).count(Model::agent_offers) == 2);
}

TEST_CASE("alibaba: nobody knows how long a telephone will ring") {
  Records records;
  records.json(call_of(0, entry_of(of_a, {"Ringing 10"}), entry_of(of_s, {"Enqueue 5"})));
  const Mapped mapped(records.all);
  CHECK(mapped.call("in_queue_seconds") == "5");
  CHECK(mapped.call("ring_seconds") == "NULL");
  CHECK(mapped.call("waiting_seconds") == "NULL");
}

TEST_CASE("alibaba: a list's element and Get's answer of one call") {
  Records records;
  records.file("day_get.ndjson").file("list_call_detail_records.json");
  const auto both = records.of("job-20240506000001");
  REQUIRE(both.size() == 2);
  CHECK(both[0].resource->name == "call");
  CHECK(both[1].resource->name == "call_summary");
  const Mapped mapped(both);
  // The vendor's figures, together with the events.
  CHECK(mapped.states_of("NULL") ==
        "IVR 12 reported | IN_QUEUE 8 reported | WAITING 14 reported | RING 6 reported | "
        "ACTIVE 120 reported | HOLD 17 reported");
  CHECK(mapped.call("handle_seconds") == "137");
  CHECK(mapped.call("mapping") == "NULL");
  CHECK(mapped.count(Model::agent_events) == 3);
  CHECK(mapped.count(Model::interactions) == 1);
  CHECK(mapped.at(Model::dialogs, 1, "active_seconds") == "120.011");

  const Mapped two_rings(records.of("job-20240506000014"));
  CHECK(two_rings.call("mapping") == R"({"reported_differs_from_events":["IN_QUEUE","RING"]})");

  const Mapped disagrees(records.of("job-20240506000036"));
  CHECK(disagrees.call("mapping") ==
        R"({"outcome":"conversation","detail_differs_from_summary":["ReleaseTime"]})");
  CHECK(disagrees.call("end_time") == "2024-05-06 02:12:10.000");

  // A reported 0 stays 0; the ringing of an outbound call is then the agent's, as reported.
  const Mapped outbound(records.of("job-20240506000017"));
  CHECK(outbound.call("ring_seconds") == "0");
  CHECK(outbound.call("active_seconds") == "60");

  // The order of the two records does not matter.
  auto reversed = both;
  std::reverse(reversed.begin(), reversed.end());
  CHECK(Mapped(reversed).everything() == mapped.everything());
}

TEST_CASE("alibaba: calls known from a list only") {
  Records records;
  records.file("list_call_detail_records.json");
  CHECK(records.all.size() == 7);
  const Mapped mapped(records.of("job-20240506000201"));
  CHECK(mapped.call("outcome") == "ANSWERED");
  CHECK(mapped.call("agent_count") == "2");
  CHECK(mapped.call("first_agent_id") == "NULL");  // two are named; which one was first is unknown
  CHECK(mapped.call("first_queue_id") == "support@ccc-demo");
  CHECK(mapped.call("transfer_count") == "1");
  CHECK(mapped.call("satisfaction") == "4");
  CHECK(mapped.call("answer_time") == "2024-05-06 02:23:51.000");
  CHECK(mapped.call("mapping") ==
        R"({"answer_time":"StartTime + IvrTime + QueueTime + RingTime"})");
  CHECK(mapped.call("handle_seconds") == "200");
  CHECK(mapped.rows(Model::dialogs, {"dialog_id"}) == "job-20240506000201/customer");
  const Mapped abandoned(records.of("job-20240506000202"));
  CHECK(abandoned.call("outcome") == "ABANDONED_IN_QUEUE");
  CHECK(abandoned.call("waiting_seconds") == "0");
  CHECK(abandoned.call("in_queue_seconds") == "45");
  CHECK(abandoned.call("active_seconds") == "NULL");
  const auto row = row_of(table_named("alibaba_call"), records.of("job-20240506000001").at(0));
  const std::vector<std::pair<std::string, std::string>> expected{
      {"resource", "call_summary"},
      {"contact_type", "Inbound"},
      {"call_duration", "120"},
      {"ivr_time", "12"},
      {"queue_time", "8"},
      {"ring_time", "6"},
      {"wait_time", "14"},
      {"dialing_time", "0"},
      {"talk_time", "120"},
      {"held_time", "17"},
      {"recording_duration", "120"},
      {"call_ids", "leg-1,leg-2"},
      {"extra", "NULL"},
  };
  for (const auto& each : expected) {
    CAPTURE(each.first);
    CHECK(row.at(each.first) == each.second);
  }
  const auto outbound = row_of(table_named("alibaba_call"), records.of("job-20240506000017").at(0));
  CHECK(outbound.at("broker") == "48500009010");
  CHECK(outbound.at("additional_broker") == "48500009011");
  const auto rated = row_of(table_named("alibaba_call"), records.of("job-20240506000201").at(0));
  CHECK(rated.at("satisfaction") == "4");
  CHECK(rated.at("satisfaction_index") == "4");
  CHECK(rated.at("satisfaction_description") == "good");
  CHECK(rated.at("media_type") == "AUDIO");
  CHECK(rated.at("transfer_count") == "1");
}

TEST_CASE("alibaba: older generations of the API") {
  Records records;
  records.file("get_call_detail_record_strings.json")
      .file("list_recent_call_detail_records.json")
      .file("oldest_list_call_detail_records.json");
  REQUIRE(records.all.size() == 5);
  CHECK(records.listener.heard.empty());

  SUBCASE("scalars as strings, Cdr before the lists' names") {
    const Mapped mapped(records.of("job-109634426711871319"));
    CHECK(mapped.states_of("NULL") ==
          "IVR 12.345 measured | IN_QUEUE 8.111 measured | WAITING 14.444 derived | "
          "RING 6.333 measured | ACTIVE 120.011 measured");
    CHECK(mapped.call("agent_count") == "1");  // AgentIds ends in a tab
    const auto row =
        row_of(table_named("alibaba_call"), records.of("job-109634426711871319").at(0));
    CHECK(row.at("call_duration") == "120");
    CHECK(row.at("recording_ready") == "1");
    CHECK(row.at("start_time") == "2024-05-06 01:00:00.000");
    CHECK(row.at("agent_events").starts_with("[{"));
    CHECK(row.at("extra") == "NULL");
  }
  SUBCASE("the recent calls' list") {
    const Mapped mapped(records.of("job-76604722428454704"));
    CHECK(mapped.call("outcome") == "FORWARDED");
    CHECK(mapped.call("first_agent_id") == "lin.mei@ccc-demo");
    CHECK(mapped.call("end_time") == "2024-05-06 02:40:16.000");
    CHECK(mapped.call("mapping") == R"({"end_time":"StartTime + Duration"})");
  }
  SUBCASE("the oldest lists: figures of agents, recordings") {
    const Mapped one(records.of("2670898993"));
    CHECK(one.states_of("NULL") ==
          "IN_QUEUE 0 reported | RING 0 reported | ACTIVE 120 reported | HOLD 4 reported | "
          "ACW 15 reported");
    CHECK(one.call("handle_seconds") == "139");
    CHECK(one.call("end_time") == "2020-04-22 01:41:39.000");
    CHECK(one.call("recording_count") == "1");
    CHECK(one.rows(Model::recordings,
                   {"recording_id", "dialog_id", "media", "start_time", "stop_time", "urls"}) ==
          "158751957570800080331895.wav 2670898993/agent/1 audio 2020-04-22 01:39:35.000 "
          "2020-04-22 01:41:39.000 [\"oss://cloudcall-demo/158751957570800080331895.wav\"]");
    const Mapped two(records.of("2029786652"));
    CHECK(two.states_of("NULL") ==
          "IN_QUEUE 8 derived | WAITING 22 derived | RING 14 derived | ACTIVE 71 derived | "
          "HOLD 2 derived | ACW 15 derived");
    CHECK(two.states_of("1059803567892520") ==
          "IN_QUEUE 3 reported | RING 4 reported | ACTIVE 41 reported | HOLD 0 reported | "
          "ACW 9 reported");
    CHECK(two.rows(Model::dialogs, {"dialog_id", "outcome"}) ==
          "2029786652/customer NULL | 2029786652/agent/1 ANSWERED | 2029786652/agent/2 ANSWERED");
    CHECK(two.call("recording_count") == "0");
    const Mapped overflow(records.of("2671290587"));
    CHECK(overflow.call("outcome") == "QUEUE_TIMEOUT");
    CHECK(overflow.call("recording_count") == "NULL");
  }
}

TEST_CASE("alibaba: the oldest lists' agents and recordings in any order, and listed twice") {
  std::deque<Records> kept;  // mapped rows point to their texts
  const auto listed = [&kept](const std::string& agents, const std::string& recordings = "") {
    Records& records = kept.emplace_back();
    records.json(R"({"ContactId":"o1","ContactType":"Inbound","ContactDisposition":"Success",
      "StartTime":1714644000000,"Duration":138,"Agents":{"CallDetailAgent":[)" +
                 agents + R"(]},"Recordings":{"Recording":[)" + recordings + "]}}");
    return Mapped(records.all);
  };
  const auto agent = [](const char* id, int talk) {
    return R"({"AgentId":")" + std::string(id) + R"(","StartTime":1714644010000,"TalkTime":)" +
           std::to_string(talk) + "}";
  };
  const std::string first = agent("1", 100);
  const std::string again = R"({"TalkTime":"100","StartTime":1714644010000,"AgentId":"1"})";
  for (const std::string& twice : {first + "," + first, first + "," + again}) {
    CAPTURE(twice);
    const Mapped mapped = listed(twice);
    CHECK(mapped.call("active_seconds") == "100");
    CHECK(mapped.call("dialog_count") == "2");
  }
  CHECK(listed(first + "," + agent("2", 5)).everything() ==
        listed(agent("2", 5) + "," + first).everything());
  CHECK(listed(first + "," + agent("2", 5)).call("active_seconds") == "105");
  // Each conversation fits into the call of 138 s, and both together do not.
  const Mapped long_together = listed(first + "," + agent("2", 90));
  CHECK(long_together.call("active_seconds") == "NULL");
  CHECK(long_together.call("mapping").find("ACTIVE of 190 s is longer than the call of 138 s") !=
        std::string::npos);
  CHECK(long_together.rows(Model::dialogs, {"active_seconds"}) == "NULL | 100 | 90");
  CHECK(listed(first + "," + agent("1", 90)).states_of("1").empty());

  const std::string recording = R"({"FileName":"r.wav","StartTime":1714644010000})";
  const std::string reversed = R"({"StartTime":1714644010000,"FileName":"r.wav"})";
  const Mapped recorded = listed(
      first, recording + "," + reversed + R"(,{"FileName":"s.wav","StartTime":1714644010000})");
  CHECK(recorded.call("recording_count") == "2");
  CHECK(recorded.rows(Model::recordings, {"recording_id"}) == "r.wav | s.wav");
}

TEST_CASE("alibaba: an agent whose ringing is not in the record has answered the visit") {
  Records records;
  records.json(R"({"ContactId":"r1","ContactType":"INBOUND","ContactDisposition":"Success",
    "StartTime":1714644000000,"ReleaseTime":1714644100000,"AgentEvents":[{"AgentId":"a@x",
      "SkillGroupId":"s","EventSequence":[{"Event":"Established","EventTime":1714644026000},
      {"Event":"Released","EventTime":1714644100000}]}],"QueueEvents":[{"QueueId":"s",
      "EventSequence":[{"Event":"Enqueue","EventTime":1714644005000},
      {"Event":"AssignAgent","EventTime":1714644020000}]}]})");
  const Mapped mapped(records.all);
  CHECK(mapped.rows(Model::queue_visits,
                    {"agent_id", "wait_seconds", "ring_seconds", "speed_of_answer_seconds",
                     "answer_time", "end_time", "outcome"}) ==
        "a@x 15 NULL 21 2024-05-02 10:00:26.000 2024-05-02 10:00:26.000 ANSWERED");
  CHECK(mapped.rows(Model::agent_offers, {"agent_id", "visit_no", "outcome"}) == "a@x 1 ANSWERED");
}

TEST_CASE("alibaba: no ringing after an answer without ringing changes the visit") {
  struct Case {
    std::string agents;
    std::string_view visit;   // agent_id, wait_seconds, ring_seconds, speed of answer, outcome
    std::string_view offers;  // agent_id, visit_no, outcome
  };
  const std::string answer = entry_of(of_a, {"Established 25", "Released 100"});
  constexpr std::string_view of_other = R"("AgentId":"b","SkillGroupId":"t")";
  const Case cases[] = {
      {answer, "a 10 NULL 15 ANSWERED", "a 1 ANSWERED"},
      // A consulted colleague: of the same skill group, of another one, in vain, and still ringing.
      {answer + "," + entry_of(of_b, {"Ringing 50", "Established 55", "Released 70"}),
       "a 10 NULL 15 ANSWERED", "a 1 ANSWERED | b NULL ANSWERED"},
      {answer + "," + entry_of(of_other, {"Ringing 50", "Established 55", "Released 70"}),
       "a 10 NULL 15 ANSWERED", "a 1 ANSWERED | b NULL ANSWERED"},
      {answer + "," + entry_of(of_b, {"Ringing 50", "Released 55"}), "a 10 NULL 15 ANSWERED",
       "a 1 ANSWERED | b NULL NO_ANSWER"},
      {answer + "," + entry_of(of_b, {"Established 55", "Released 70"}), "a 10 NULL 15 ANSWERED",
       "a 1 ANSWERED | b NULL ANSWERED"},
      // A telephone that rang in vain before it, and one that rang when it was answered.
      {answer + "," + entry_of(of_b, {"Ringing 12", "Released 18"}), "a 4 6 15 ANSWERED",
       "b 1 NO_ANSWER | a 1 ANSWERED"},
      {answer + "," + entry_of(of_b, {"Ringing 22", "Established 30", "Released 100"}),
       "a 12 3 15 ANSWERED", "b 1 ANSWERED | a 1 ANSWERED"},
      // The same entry has ringings, but none that led to the answer.
      {entry_of(of_a, {"Established 25", "Released 60", "Ringing 70", "Released 80"}),
       "a 10 NULL 15 ANSWERED", "a 1 ANSWERED | a NULL NO_ANSWER"},
      {entry_of(of_a, {"Ringing 12", "Released 18", "Established 25", "Released 100"}),
       "a 4 6 15 ANSWERED", "a 1 NO_ANSWER | a 1 ANSWERED"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.agents);
    Records records;
    records.json(call_of(100, each.agents, entry_of(of_s, {"Enqueue 10", "AssignAgent 20"})));
    const Mapped mapped(records.all);
    CHECK(mapped.rows(Model::queue_visits, {"agent_id", "wait_seconds", "ring_seconds",
                                            "speed_of_answer_seconds", "outcome"}) == each.visit);
    CHECK(mapped.rows(Model::agent_offers, {"agent_id", "visit_no", "outcome"}) == each.offers);
  }
}

TEST_CASE("alibaba: the wait for a telephone of which the record does not show when it rang") {
  struct Case {
    std::string agents;
    std::initializer_list<std::string_view> queue;
    std::string_view visit;  // agent, wait, ring, seconds of dequeue_time and of end_time, outcome
    std::string_view in_queue, waiting;  // of the call
  };
  const std::string in_vain = entry_of(of_b, {"Ringing 12", "Released 18"});
  const std::string answer = entry_of(of_a, {"Established 50", "Released 100"});
  const Case cases[] = {
      // Each agent is chosen once, some in one moment, whatever the order of the list.
      {in_vain + "," + answer,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 45"},
       "a 34 6 45 50 ANSWERED",
       "34",
       "40"},
      {in_vain + "," + answer,
       {"AssignAgent 45", "AssignAgent 11", "Enqueue 5", "AssignAgent 45"},
       "a 34 6 45 50 ANSWERED",
       "34",
       "40"},
      {answer,
       {"Enqueue 5", "AssignAgent 44", "AssignAgent 45"},
       "a 39 NULL 45 50 ANSWERED",
       "39",
       "39"},
      {in_vain + "," + answer,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 18"},
       "a 7 6 18 50 ANSWERED",
       "7",
       "13"},
      {in_vain + "," + answer,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 51"},
       "a 39 6 50 50 ANSWERED",
       "39",
       "45"},
      // Nobody is known to have been chosen for the second telephone, or several are.
      {in_vain + "," + answer,
       {"Enqueue 5", "AssignAgent 11"},
       "a NULL 6 NULL 50 ANSWERED",
       "NULL",
       "NULL"},
      {in_vain + "," + answer, {"Enqueue 5"}, "a NULL 6 NULL 50 ANSWERED", "NULL", "NULL"},
      {in_vain + "," + answer,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 25", "AssignAgent 45"},
       "a NULL 6 45 50 ANSWERED",
       "NULL",
       "NULL"},
      {answer,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 45"},
       "a NULL NULL 45 50 ANSWERED",
       "NULL",
       "NULL"},
      {answer, {"Enqueue 5"}, "a NULL NULL NULL 50 ANSWERED", "NULL", "NULL"},
      // It rang already while the other one did.
      {entry_of(of_b, {"Ringing 12", "Released 50"}) + "," + answer,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 11"},
       "a 7 38 12 50 ANSWERED",
       "7",
       "45"},
      {entry_of(of_b, {"Ringing 12", "Released 49"}) + "," + answer,
       {"Enqueue 5", "AssignAgent 11"},
       "a 7 37 12 50 ANSWERED",
       "7",
       "44"},
      // The customer gave up while it rang.
      {in_vain,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 45", "GiveUp 50"},
       "b 34 6 45 50 ABANDONED_IN_RING",
       "34",
       "40"},
      {in_vain,
       {"Enqueue 5", "AssignAgent 11", "GiveUp 50"},
       "b NULL 6 NULL 50 ABANDONED_IN_RING",
       "NULL",
       "NULL"},
      {"",
       {"Enqueue 5", "AssignAgent 45", "GiveUp 50"},
       "NULL 40 NULL 45 50 ABANDONED_IN_RING",
       "40",
       "40"},
      {"", {"Enqueue 5", "GiveUp 50"}, "NULL NULL NULL NULL 50 ABANDONED_IN_RING", "NULL", "NULL"},
      // The queue goes on after the last telephone that rang.
      {in_vain,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 45"},
       "b 34 6 45 NULL NULL",
       "34",
       "40"},
      {in_vain,
       {"Enqueue 5", "AssignAgent 11", "AssignAgent 25", "AssignAgent 45"},
       "b NULL 6 45 NULL NULL",
       "NULL",
       "NULL"},
      {in_vain, {"Enqueue 5", "AssignAgent 11"}, "b 7 6 12 18 NO_ANSWER", "7", "13"},
      // The last ringing is the one that ends last; none is after the visit.
      {in_vain + "," + entry_of(of_a, {"Ringing 11", "Released 30"}),
       {"Enqueue 5"},
       "b 6 19 11 30 NO_ANSWER",
       "6",
       "25"},
      {in_vain + "," + entry_of(of_a, {"Ringing 11", "Released 30"}),
       {"Enqueue 5", "QueueingTimeout 28"},
       "b 6 17 11 28 QUEUE_TIMEOUT",
       "6",
       "25"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.agents);
    CAPTURE(each.visit);
    Records records;
    records.json(call_of(100, each.agents, entry_of(of_s, each.queue)));
    const Mapped mapped(records.all);
    const auto at = [&](std::string_view column) {
      return mapped.at(Model::queue_visits, 0, column);
    };
    const auto second = [&](std::string_view column) {
      const std::string time = at(column);
      return time == "NULL" ? time : std::to_string(std::stoi(time.substr(17, 2)));
    };
    CHECK(at("agent_id") + " " + at("wait_seconds") + " " + at("ring_seconds") + " " +
              second("dequeue_time") + " " + second("end_time") + " " + at("outcome") ==
          each.visit);
    CHECK(mapped.call("in_queue_seconds") == each.in_queue);
    CHECK(mapped.call("waiting_seconds") == each.waiting);
  }
}

TEST_CASE("alibaba: a queue rings several telephones, and more than one is answered") {
  struct Case {
    std::string agents;
    std::string_view visit;   // agent_id, wait_seconds, ring_seconds, speed of answer, outcome
    std::string_view offers;  // agent_id, visit_no, ring_seconds, outcome
  };
  const std::string late = entry_of(of_b, {"Ringing 12", "Established 30", "Released 100"}) + ",";
  const Case cases[] = {
      {late + entry_of(of_a, {"Ringing 15", "Established 25", "Released 100"}),
       "a 2 13 15 ANSWERED", "b 1 18 ANSWERED | a 1 10 ANSWERED"},
      {late + entry_of(of_a, {"Established 25", "Released 100"}), "a 2 13 15 ANSWERED",
       "b 1 18 ANSWERED | a 1 0 ANSWERED"},
      {late + entry_of(of_a, {"Ringing 11", "Established 25", "Released 100"}),
       "a 1 14 15 ANSWERED", "a 1 14 ANSWERED | b 1 18 ANSWERED"},
      {late + entry_of(of_a, {"Ringing 11", "Established 12", "Released 100"}), "a 1 1 2 ANSWERED",
       "a 1 1 ANSWERED | b NULL 18 ANSWERED"},
      {late + entry_of(of_a, {"Established 12", "Released 100"}), "a NULL NULL 2 ANSWERED",
       "b NULL 18 ANSWERED | a 1 0 ANSWERED"},
      {late + entry_of(of_a, {"Ringing 15", "Released 26"}), "b 2 18 20 ANSWERED",
       "b 1 18 ANSWERED | a 1 11 NO_ANSWER"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.agents);
    Records records;
    records.json(call_of(100, each.agents, entry_of(of_s, {"Enqueue 10"})));
    const Mapped mapped(records.all);
    CHECK(mapped.rows(Model::queue_visits, {"agent_id", "wait_seconds", "ring_seconds",
                                            "speed_of_answer_seconds", "outcome"}) == each.visit);
    CHECK(mapped.rows(Model::agent_offers, {"agent_id", "visit_no", "ring_seconds", "outcome"}) ==
          each.offers);
  }
}

TEST_CASE("alibaba: how the last visit ended, where only the disposition says it") {
  for (const auto& [disposition, outcome] : {std::pair("Voicemail", "VOICEMAIL"),
                                             {"ForwardToOutsideNumber", "FORWARDED"},
                                             {"NoAnswer", "NO_ANSWER"},
                                             {"QueuingTimeout", "QUEUE_TIMEOUT"}}) {
    const std::string said = disposition;  // clang 14 cannot capture structured bindings
    CAPTURE(said);
    Records records;
    records.json(R"({"ContactId":"d1","ContactType":"INBOUND","StartTime":1714644000000,
      "ReleaseTime":1714644100000,"QueueEvents":[{"QueueId":"s","EventSequence":[
      {"Event":"Enqueue","EventTime":1714644005000}]}],"ContactDisposition":")" +
                 std::string(said) + R"("})");
    const Mapped mapped(records.all);
    CHECK(mapped.rows(Model::queue_visits, {"outcome"}) == outcome);
    CHECK(mapped.call("outcome") == outcome);
  }
}

TEST_CASE("alibaba: in lists an inbound call is answered after its menu, queue and ringing") {
  const auto listed = [](const std::string& figures) {
    Records records;
    records.json(R"({"ContactId":"l1","ContactType":"Inbound","ContactDisposition":"Success",
      "StartTime":1714644000000,"EstablishedTime":1714644000000,"ReleaseTime":1714644100000,)" +
                 figures + "}");
    return Mapped(records.all);
  };
  const Mapped told = listed(
      R"("IvrTime":5,"QueueTime":15,"RingTime":6,"WaitTime":21,"TalkTime":70,"AgentIds":"a@x",
         "SkillGroupIds":"s")");
  CHECK(told.call("answer_time") == "2024-05-02 10:00:26.000");
  CHECK(told.call("mapping").find("answer_time before") == std::string::npos);
  // The figures exceed the length of the call.
  CHECK(listed(R"("IvrTime":5,"QueueTime":15,"RingTime":20,"TalkTime":70,"AgentIds":"a@x",
                  "SkillGroupIds":"s")")
            .call("answer_time") == "NULL");
  // EstablishedTime is before the menu.
  CHECK(listed(R"("TalkTime":70,"AgentIds":"a@x")").call("answer_time") == "NULL");
  // It was in a queue, so the menu did not serve it.
  CHECK(listed(R"("IvrTime":5,"QueueTime":60,"TalkTime":0)").call("outcome") == "OTHER");
  CHECK(listed(R"("IvrTime":5,"TalkTime":0)").call("outcome") == "SELF_SERVICE");
}

TEST_CASE("alibaba: in lists no queue, ringing and conversation end after the call") {
  struct Case {
    const char* figures;  // of a call of 100 s
    const char* visit;    // answer_time, end_time, wait, ring, speed_of_answer_seconds
  };
  const Case cases[] = {
      {R"("IvrTime":5,"QueueTime":15,"RingTime":6,"TalkTime":74)",
       "2024-05-02 10:00:26.000 2024-05-02 10:00:26.000 15 6 21"},
      // Each figure may be rounded to a whole second.
      {R"("IvrTime":5,"QueueTime":15,"RingTime":6,"TalkTime":77)",
       "2024-05-02 10:00:26.000 2024-05-02 10:00:26.000 15 6 21"},
      {R"("IvrTime":5,"QueueTime":15,"RingTime":6,"TalkTime":78)", "NULL NULL 15 6 NULL"},
      // Some of the ringing was in the queue, or after the first conversation began.
      {R"("IvrTime":5,"QueueTime":15,"RingTime":50,"TalkTime":70)", "NULL NULL 15 50 NULL"},
      {R"("IvrTime":90,"QueueTime":15,"RingTime":6)", "NULL NULL 15 6 NULL"},
      {R"("QueueTime":15,"RingTime":6)", "2024-05-02 10:00:21.000 2024-05-02 10:00:21.000 15 6 21"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.figures);
    Records records;
    records.json(R"({"ContactId":"e1","ContactType":"INBOUND","ContactDisposition":"Success",
      "StartTime":1714644000000,"ReleaseTime":1714644100000,"AgentIds":"a","SkillGroupIds":"s",)" +
                 std::string(each.figures) + "}");
    CHECK(Mapped(records.all)
              .rows(Model::queue_visits, {"answer_time", "end_time", "wait_seconds", "ring_seconds",
                                          "speed_of_answer_seconds"}) == each.visit);
  }
}

TEST_CASE("alibaba: a list's figures that do not fit into the call together") {
  struct Case {
    const char* figures;  // in a call of 5.5 s that nobody answered
    const char* visit;    // dequeue_time, end_time, wait_seconds, ring_seconds
    const char* waiting;
    bool is_noted;
  };
  const Case cases[] = {
      {R"("IvrTime":5,"QueueTime":3,"RingTime":0)", "NULL 2024-05-02 10:00:05.500 3 0", "3", true},
      {R"("IvrTime":5,"QueueTime":3,"RingTime":4)", "NULL 2024-05-02 10:00:05.500 3 4", "NULL",
       true},
      {R"("IvrTime":0,"QueueTime":4,"RingTime":5)",
       "2024-05-02 10:00:04.000 2024-05-02 10:00:05.500 4 5", "NULL", true},
      // Figures of whole seconds: each may be rounded.
      {R"("IvrTime":3,"QueueTime":3,"RingTime":0)",
       "2024-05-02 10:00:05.500 2024-05-02 10:00:05.500 3 0", "3", false},
      {R"("IvrTime":2,"QueueTime":2,"RingTime":3)",
       "2024-05-02 10:00:04.000 2024-05-02 10:00:05.500 2 3", "5", false},
      {R"("IvrTime":2,"QueueTime":2,"RingTime":4)",
       "2024-05-02 10:00:04.000 2024-05-02 10:00:05.500 2 4", "6", false},
  };
  for (const Case& each : cases) {
    CAPTURE(each.figures);
    Records records;
    records.json(R"({"ContactId":"f1","ContactType":"INBOUND","ContactDisposition":"NoAnswer",
      "StartTime":1714644000000,"ReleaseTime":1714644005500,"SkillGroupIds":"s",)" +
                 std::string(each.figures) + "}");
    const Mapped mapped(records.all);
    CHECK(mapped.rows(Model::queue_visits,
                      {"dequeue_time", "end_time", "wait_seconds", "ring_seconds"}) == each.visit);
    CHECK(mapped.call("waiting_seconds") == each.waiting);
    CHECK(mapped.call("mapping") ==
          (each.is_noted ? R"({"contradictions":["figures_longer_than_call"]})" : "NULL"));
  }
}

TEST_CASE("alibaba: lists wrapped in an object of one member") {
  Records records;
  records.json(R"({"ContactId":"w1","ContactType":"INBOUND","ContactDisposition":"Success",
    "CdrAgentEvents":{"CdrAgentEventsItem":[{"AgentId":"a@x","EventSequence":{"EventSequenceItem":[
      {"Event":"Established","EventTime":"1604639129000"},
      {"Event":"Released","EventTime":"1604639131500"}]}}]}})");
  CHECK(Mapped(records.all).states_of("a@x") == "ACTIVE 2.5 measured");
}

TEST_CASE("alibaba: lists of any length and content") {
  // Elements without information make no rows.
  Records records;
  records.json(R"({"ContactId":"e1","ContactType":"INBOUND","AgentEvents":[{},null,7,"x",[],
    {"AgentId":"a@x","EventSequence":[{},null,{"Event":"Dialing"}]}],"QueueEvents":"none",
    "IvrEvents":{"x":1,"y":[]},"CustomerEvents":[null]})");
  const Mapped mapped(records.all);
  CHECK(mapped.rows(Model::agent_events, {"agent_id", "event"}) == "a@x Dialing");
  CHECK(mapped.call("dialog_count") == "2");

  // More than a thousand agents who all talk to each other.
  std::string json = R"({"ContactId":"e2","ContactType":"INTERNAL","AgentEvents":[)";
  for (int i = 0; i < 1200; ++i)
    json += (i > 0 ? "," : "") + (R"({"AgentId":"a)" + std::to_string(i)) +
            R"(","EventSequence":[{"Event":"Ringing","EventTime":1714957200000},)" +
            R"({"Event":"Established","EventTime":1714957201000},)" +
            R"({"Event":"Released","EventTime":1714957210000}]})";
  Records many;
  many.json(json + "]}");
  const Mapped crowd(many.all);
  CHECK(crowd.call("agent_count") == "1200");
  CHECK(crowd.call("active_seconds") == "9");
  CHECK(crowd.call("ring_seconds") == "1");
  CHECK(crowd.at(Model::dialogs, 0, "linked_dialogs") == "NULL");
}

TEST_CASE("alibaba: an event's time that cannot be read is told, and the event stays") {
  Records records;
  records.json(R"({"ContactId":"b1","ContactType":"INBOUND","ContactDisposition":"Success",
    "AgentEvents":[{"AgentId":"a@x","EventSequence":[{"Event":"Ringing","EventTime":"soon"},
      {"Event":"Established","EventTime":1604639129000},{"Event":"Released"}]}],
    "ReleaseTime":1604639130000})");
  const Mapped mapped(records.all);
  CHECK(records.listener.heard ==
        std::vector<std::string>{"$.AgentEvents.EventSequence.EventTime"});
  CHECK(mapped.rows(Model::agent_events, {"seq", "event", "event_time"}) ==
        "1 Established 2020-11-06 05:05:29.000 | 2 Ringing NULL | 3 Released NULL");
  CHECK(mapped.states_of("NULL") == "ACTIVE 1 derived");
}

TEST_CASE("alibaba: a list where a text belongs names nobody, and a text is no list of events") {
  Records lists;
  lists.json(R"({"ContactId":"b1","ContactType":"INBOUND","ContactDisposition":"Success",
    "IvrTime":5,"AgentIds":[],"SkillGroupIds":["s"]})");
  const Mapped listed(lists.all);
  CHECK(listed.call("outcome") == "SELF_SERVICE");
  CHECK(listed.call("agent_count") == "0");
  CHECK(listed.call("first_agent_id") == "NULL");
  CHECK(listed.call("first_queue_id") == "NULL");
  Records texts;
  texts.json(R"({"ContactId":"b1","ContactType":"INBOUND",
    "AgentEvents":[{"AgentId":"a@x","EventSequence":"text"}]})");
  const Mapped mapped(texts.all);
  CHECK(texts.listener.heard == std::vector<std::string>{"$.AgentEvents.EventSequence"});
}

TEST_CASE("alibaba: an agent's state log") {
  Records records;
  records.file(state_log);
  REQUIRE(records.all.size() == 12);
  CHECK(records.all[0].resource->name == "agent_state");
  const auto row = row_of(table_named("alibaba_agent_state"), records.all[7]);
  CHECK(row.at("agent_id") == "lin.mei@ccc-demo");
  CHECK(row.at("start_time") == "2024-05-06 01:18:37.000");
  CHECK(row.at("state") == "Break");
  CHECK(row.at("state_code") == "CHECK_IN_BREAK");
  CHECK(row.at("duration") == "600");
  CHECK(row.at("break_code") == "会议");
  CHECK(row.at("work_mode") == "ON_SITE");
  CHECK(row.at("outbound_scenario") == "0");
  CHECK(row.at("extra") == "NULL");
  const Mapped mapped(std::span(records.all).subspan(7, 1));
  CHECK(mapped.rows(Model::agent_states, {"interaction_id", "agent_id", "state", "reason",
                                          "is_paid", "start_time", "end_time"}) ==
        "NULL lin.mei@ccc-demo Break 会议 NULL 2024-05-06 01:18:37.000 2024-05-06 01:28:37.000");
  CHECK(Mapped(std::span(records.all).subspan(10, 1))
            .rows(Model::agent_states, {"state", "reason"}) == "Talking Monitoring");
}

TEST_CASE("alibaba: a state has no blanks around it") {
  Records records;
  records.json(R"({"StartTime":1714644000000,"State":"Ready ","StateCode":"","Duration":12})");
  CHECK(Mapped(records.all).rows(Model::agent_states, {"state", "state_category"}) ==
        "Ready AVAILABLE");
}

TEST_CASE("alibaba: a state log's agent, from the path or from the entry") {
  const auto agent = alibaba.resources[2].context_of_path;
  REQUIRE((agent != nullptr));
  CHECK(agent("logs/AgentId=a.b@ccc/2024-05-06.json") == "a.b@ccc");
  CHECK(agent("logs/ListAgentStateLogs&AgentId=a.b@ccc&StartTime=1.json.gz") == "a.b@ccc");
  CHECK(agent("AgentId=a.b@ccc.ndjson.zst") == "a.b@ccc");
  CHECK(agent("logs/2024-05-06.json").empty());

  Records records;
  records.json(R"({"AgentStateLogPage":{"TotalCount":"1","List":[{"StateTime":"1607911119000",
    "InstanceId":"i","State":"Talking","StateCode":"StartMonitoring","RamId":"233600862826937630",
    "ContactId":"2952482622"}]}})");
  REQUIRE(records.all.size() == 1);
  const Mapped mapped(records.all);
  CHECK(mapped.rows(Model::agent_states,
                    {"interaction_id", "agent_id", "state", "reason", "start_time", "end_time"}) ==
        "2952482622 233600862826937630 Talking StartMonitoring 2020-12-14 01:58:39.000 NULL");

  Records entries;
  entries.json(R"([{"StartTime":1620259200000,"State":"Break","Duration":5903871},
                   {"StartTime":1620259200000,"State":"Break","Duration":60}])");
  REQUIRE(entries.all.size() == 2);
  CHECK(
      Mapped(std::span(entries.all).first(1)).rows(Model::agent_states, {"agent_id", "end_time"}) ==
      "NULL NULL");
  std::string first, second;
  entries.all[0].resource->record_id(entries.all[0], first);
  entries.all[1].resource->record_id(entries.all[1], second);
  CHECK(first != second);
}

TEST_CASE("alibaba: what is a record, and its newest instant") {
  Records records;
  records.file("day_get.ndjson").file("list_call_detail_records.json");
  const auto both = records.of("job-20240506000001");
  std::string id;
  both[0].resource->record_id(both[0], id);
  CHECK(id == "job-20240506000001");
  Links links;
  both[1].resource->links(both[1], links);
  REQUIRE(links.all().size() == 1);
  CHECK(links.all()[0].id == "job-20240506000001");
  CHECK(format_time(*both[0].resource->latest(both[0])) == "2024-05-06 01:02:26.801");
  const auto on_going = records.of("job-20240506000038");
  CHECK(format_time(*on_going[0].resource->latest(on_going[0])) == "2024-05-06 02:15:09.500");

  Document document;
  REQUIRE(!document.parse_copy(R"({"ContactId":"x"})"));
  CHECK(!recognise(document.root()));
  REQUIRE(!document.parse_copy(R"({"Code":"OK","HttpStatusCode":200,"Data":{"List":[]}})"));
  CHECK(!recognise(document.root()));
}

TEST_CASE("alibaba: every mapped column is documented, and none twice for one kind of row") {
  const auto docs = alibaba.mapping();
  CHECK(docs.size() > 100);
  for (const MappingDoc& doc : docs) {
    CAPTURE(doc.column);
    CHECK(table_of(doc.table).find(doc.column) >= 0);
    CHECK(!doc.from.empty());
    CHECK(doc.basis != Basis::not_provided);
  }
  // Every column that is filled is documented.
  for (const Record& record : day().all) {
    const Mapped mapped(std::span(&record, 1));
    for (std::size_t model = 0; model < model_count; ++model) {
      const RowSet& rows = mapped.facts.rows(static_cast<Model>(model));
      for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t column = 3; column < rows.width(); ++column)
          if (!rows[row][column].is_null()) {
            const std::string_view name = rows.table().columns[column].name;
            CAPTURE(name);
            CHECK(std::any_of(docs.begin(), docs.end(), [&](const MappingDoc& doc) {
              return doc.table == static_cast<Model>(model) && doc.column == name;
            }));
          }
    }
  }
}

TEST_CASE("alibaba: invariants over any mixture of events") {
  const unsigned seed = 20240506;
  MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  const char* const agent_words[] = {"Dialing",    "Ringing",         "Established", "Released",
                                     "Consulting", "StartConference", "Monitoring",  "Barging",
                                     "Coaching",   "BlindTransfer",   "ringing",     "Odd"};
  const char* const queue_words[] = {"Enqueue",         "AssignAgent",      "GiveUp", "Abandoned",
                                     "QueueingTimeout", "QueueingOverflow", "Odd"};
  const char* const types[] = {"INBOUND",   "OUTBOUND",   "INTERNAL", "CONFERENCE",
                               "BACK2BACK", "PREDICTIVE", "?"};
  const char* const endings[] = {
      "Success", "AbandonedInQueue", "NoAnswer", "QueuingFailed", "AbandonedInRing", "", "Odd"};
  const auto pick = [&](const auto& list) { return list[random() % std::size(list)]; };
  const auto sequence = [&](const auto& words) {
    std::string json = "[";
    for (unsigned i = random() % 7; i > 0; --i) {
      if (json.size() > 1) json += ',';
      json += std::string(R"({"Event":")") + pick(words) + R"(","EventTime":)" +
              (random() % 20 == 0 ? "null" : std::to_string(1714957200000 + random() % 60000)) +
              '}';
    }
    return json + ']';
  };
  const auto list = [&](const std::string& rest, const auto& words) {
    std::string json = "[";
    for (unsigned i = random() % 4; i > 0; --i) {
      if (json.size() > 1) json += ',';
      json += "{" + rest + std::to_string(random() % 3) + R"(","EventSequence":)" +
              sequence(words) + "}";
    }
    return json + ']';
  };
  const char* const ivr_words[] = {"Route2IVR", "Abandoned"};
  for (int round = 0; round < 3000; ++round) {
    const std::string json =
        std::string(R"({"ContactId":"c","StartTime":1714957200000,"ReleaseTime":1714957260000,)") +
        R"("ContactType":")" + pick(types) + R"(","ContactDisposition":")" + pick(endings) +
        R"(","AgentEvents":)" + list(R"("AgentId":"a)", agent_words) + R"(,"IvrEvents":)" +
        list(R"("FlowId":"f)", ivr_words) + R"(,"QueueEvents":)" +
        list(R"("QueueId":"q)", queue_words) + R"(,"CustomerEvents":)" +
        list(R"("CustomerId":"c)", agent_words) + "}";
    CAPTURE(json);
    Records records;
    records.json(json);
    const Mapped mapped(records.all);
    REQUIRE(mapped.count(Model::interactions) == 1);
    for (std::size_t row = 0; row < mapped.count(Model::state_durations); ++row) {
      const double seconds = std::stod(mapped.at(Model::state_durations, row, "seconds"));
      CHECK(seconds >= 0);
      if (mapped.at(Model::state_durations, row, "state") != "WAITING") CHECK(seconds <= 60);
    }
    if (mapped.call("active_seconds") != "NULL") CHECK(mapped.call("outcome") == "ANSWERED");
    double exclusive = 0;  // the states that can only follow one another
    for (const char* column : {"in_queue_seconds", "ring_seconds", "active_seconds"})
      if (mapped.call(column) != "NULL") exclusive += std::stod(mapped.call(column));
    CHECK(exclusive <= 60.0005);
    std::size_t enqueues = 0;
    for (std::size_t row = 0; row < mapped.count(Model::queue_events); ++row)
      if (mapped.at(Model::queue_events, row, "event") == "Enqueue" &&
          mapped.at(Model::queue_events, row, "event_time") != "NULL")
        ++enqueues;
    CHECK(mapped.count(Model::queue_visits) == enqueues);
    for (std::size_t row = 0; row < enqueues; ++row) {
      const auto at = [&](std::string_view column) {
        return mapped.at(Model::queue_visits, row, column);
      };
      if (at("end_time") == "NULL") continue;
      CHECK(at("enqueue_time") <= at("end_time"));
      if (at("dequeue_time") != "NULL") CHECK(at("dequeue_time") <= at("end_time"));
      const auto second = [](const std::string& time) {  // of the hour
        return 60 * std::stoi(time.substr(14, 2)) + std::stod(time.substr(17));
      };
      double waited = 0;
      for (const char* column : {"wait_seconds", "ring_seconds"})
        if (at(column) != "NULL") waited += std::stod(at(column));
      CHECK(waited <= second(at("end_time")) - second(at("enqueue_time")) + 0.0005);
    }
    CHECK(mapped.call("dialog_count") == std::to_string(mapped.count(Model::dialogs)));
    CHECK(Mapped(records.all).everything() == mapped.everything());
  }
}

}  // namespace of_alibaba
