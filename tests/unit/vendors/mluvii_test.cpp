// mluvii: recognition, the vendor's tables field by field, and the mapping, with durations computed
// by hand from the samples (samples/mluvii/README.md describes each session).
#include <doctest/doctest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <map>
#include <set>
#include <sstream>

#include "vendors/mluvii/session.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
extern const Vendor mluvii;
}

using namespace cdr;

namespace of_mluvii {

namespace {

// Records and their facts; each interaction is mapped by itself, as GroupReader would pass it.
class Day {
 public:
  Day() = default;
  // Adds a record as if it came from that file.
  Day& add(std::string_view json, std::string_view file = "argument") {
    Document& document = documents_.emplace_back();
    const auto problem = document.parse_copy(json);
    REQUIRE_MESSAGE(!problem, problem->message);
    add_node(document.root(), files_.emplace_back(file));
    return *this;
  }
  // All files below samples/mluvii.
  static Day of_samples() {
    Day day;
    std::set<std::filesystem::path> files;
    const std::filesystem::path root = std::filesystem::path(CDR_SAMPLES) / "mluvii";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
      if (entry.path().extension() == ".json" || entry.path().extension() == ".ndjson")
        files.insert(entry.path());
    for (const auto& file : files) {
      std::ifstream stream(file);
      if (file.extension() == ".ndjson") {
        for (std::string line; std::getline(stream, line);) day.add(line, file.string());
      } else {
        std::ostringstream text;
        text << stream.rdbuf();
        day.add(text.str(), file.string());
      }
    }
    return day;
  }

  std::span<const Record> records() const { return records_; }

  // Maps the records of the interaction, or of the user ('user:501').
  void map(Facts& facts, const std::string& link) const {
    std::vector<std::pair<std::string, Record>> found;
    for (const Record& record : records_) {
      Links links;
      record.resource->links(record, links);
      if (std::none_of(links.all().begin(), links.all().end(),
                       [&](const Links::Link& each) { return each.id == link; }))
        continue;
      std::string key(record.resource->name);
      key += '\n';
      record.resource->record_id(record, key);
      found.emplace_back(key, record);
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Record> group;
    for (const auto& [key, record] : found) group.push_back(record);
    mluvii.map(group, Wanted::everything(), facts);
  }

 private:
  void add_node(Node node, std::string_view file) {
    if (node.is_array()) {
      for (const Node element : node.children()) add_node(element, file);
      return;
    }
    const Recognised as = recognise(node);
    if (!as && node["data"].is_array()) return add_node(node["data"], file);
    REQUIRE_MESSAGE(as.vendor == &mluvii, file << " holds a record that is not mluvii's");
    Record& record = records_.emplace_back();
    record.resource = as.resource;
    record.root = node;
    record.source = "mluvii";
    record.zone = &zone_;
    record.file = file;
    if (as.resource->context_of_path != nullptr)
      record.context = as.resource->context_of_path(file);
  }

  static inline const Zone zone_;
  std::deque<Document> documents_;
  std::deque<std::string> files_;
  std::vector<Record> records_;
};

std::string shown(const Value& value) {
  switch (value.type()) {
    case Value::Type::null:
      return "NULL";
    case Value::Type::integer:
      return std::to_string(value.as_integer());
    case Value::Type::real: {
      std::ostringstream text;
      text.precision(12);
      text << value.as_real();
      return text.str();
    }
    case Value::Type::text:
      return std::string(value.as_text());
  }
  return {};
}

std::string cell(const Facts& facts, Model model, std::size_t row, std::string_view column) {
  const RowSet& rows = facts.rows(model);
  REQUIRE(row < rows.size());
  const int at = rows.table().find(column);
  REQUIRE(at >= 0);
  return shown(rows[row][static_cast<std::size_t>(at)]);
}

// The named columns of every row, 'a|b|c' each.
std::vector<std::string> lines(const Facts& facts, Model model,
                               std::initializer_list<std::string_view> columns) {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < facts.rows(model).size(); ++row) {
    std::string line;
    for (const std::string_view column : columns)
      line += (line.empty() ? "" : "|") + cell(facts, model, row, column);
    all.push_back(line);
  }
  return all;
}

using Lines = std::vector<std::string>;

const Day& samples() {
  static const Day day = Day::of_samples();
  return day;
}

std::unique_ptr<Facts> sample(int session) {
  auto facts = std::make_unique<Facts>();
  samples().map(*facts, "session:" + std::to_string(session));
  return facts;
}

Lines session_states(const Facts& facts) {
  return lines(facts, Model::interactions,
               {"created_seconds", "in_queue_seconds", "waiting_seconds", "ring_seconds",
                "bcw_seconds", "active_seconds", "acw_seconds"});
}

// The rows of a vendor table for one record.
std::vector<std::vector<std::string>> table_rows(std::string_view name, const Record& record) {
  std::vector<std::vector<std::string>> all;
  for (const VendorTable& table : mluvii.tables) {
    if (table.name != name) continue;
    const FieldReader reader(table.fields);
    for (const Origin& origin : table.origins) {
      if (origin.resource != record.resource->name) continue;
      std::vector<Node> elements;
      const Node list = origin.list.empty() ? record.root : record.root[origin.list];
      if (list.is_object()) elements.push_back(list);
      if (list.is_array())
        for (const Node element : list.children()) elements.push_back(element);
      for (const Node element : elements) {
        Arena arena;
        std::vector<Value> cells(table.fields.size());
        const Value extra = reader.read(record, element, ColumnSet::all(), 0, true, cells, arena);
        auto& row = all.emplace_back();
        for (const Value& value : cells) row.push_back(shown(value));
        row.push_back(shown(extra));
      }
    }
  }
  return all;
}

std::string field_value(std::string_view table_name, const std::vector<std::string>& row,
                        std::string_view column) {
  for (const VendorTable& table : mluvii.tables)
    if (table.name == table_name)
      for (std::size_t i = 0; i < table.fields.size(); ++i)
        if (table.fields[i].column == column) return row[i];
  FAIL("no such column");
  return {};
}

std::string resource_of(std::string_view json) {
  Document document;
  REQUIRE(!document.parse_copy(json));
  const Recognised as = recognise(document.root());
  return as && as.vendor == &mluvii ? std::string(as.resource->name) : "";
}

}  // namespace

TEST_CASE("mluvii: records are known by their keys") {
  CHECK(resource_of(
            R"({"id":1,"companyId":7,"created":"2024-05-02T08:00:00+02:00","channel":"Chat"})") ==
        "session");
  CHECK(resource_of(R"({"id":1,"guestJoined":null})") == "session");
  CHECK(resource_of(R"({"id":1,"created":null,"routingHistory":[]})") == "session");
  CHECK(resource_of(R"({"sessionId":1,"routingHistory":[]})") == "routing_history");
  CHECK(resource_of(R"({"routingRequestId":1,"timestamp":null,"activityType":"RoutingEnded"})") ==
        "routing");
  CHECK(resource_of(R"({"userId":1,"stateKind":"ONLINE","changed":null})") == "operator_state");
  CHECK(resource_of(R"({"eventType":"SessionEnded","data":{"id":1}})") == "webhook");
  CHECK(resource_of(R"({"id":1,"name":"x"})").empty());
  // Users, campaigns and e-mail threads, and objects that only resemble a session.
  CHECK(resource_of(R"({"id":1,"companyId":7,"username":"a","globalRoles":[]})").empty());
  CHECK(resource_of(R"({"id":1,"companyId":7,"state":"RUNNING","created":null})").empty());
  CHECK(resource_of(R"({"id":1,"companyId":7,"departmentId":2,"operators":[],"activities":[],
                        "subject":"s","messageCount":1})")
            .empty());
  CHECK(resource_of(R"({"id":1,"channel":"Chat"})").empty());
}

TEST_CASE("mluvii: a bare timeline's session is the one in the path") {
  const auto context = [](std::string_view path) {
    for (const Resource& resource : mluvii.resources)
      if (resource.name == "routing") return std::string(resource.context_of_path(path));
    return std::string("no such resource");
  };
  CHECK(context("export/Sessions/123/routingHistory.json") == "123");
  CHECK(context("/a/sessions/123/ROUTINGHISTORY.JSON.gz") == "123");
  CHECK(context("Sessions/123/routingHistory") == "123");
  CHECK(context("Sessions/123/routingHistory.ndjson.zst") == "123");
  CHECK(context("123/routingHistory.json").empty());
  CHECK(context("Users/123/routingHistory.json").empty());
  CHECK(context("Sessions/123/other.json").empty());
  CHECK(context("routingHistory.json").empty());
  CHECK(context("argument").empty());
  CHECK(context("").empty());
}

TEST_CASE("mluvii: what a record is called, and what holds records together") {
  const auto id = [](std::string_view json, std::string_view file = "argument") {
    Day day;
    day.add(json, file);
    const Record& record = day.records().front();
    std::string text;
    record.resource->record_id(record, text);
    Links links;
    record.resource->links(record, links);
    for (const Links::Link& link : links.all()) text += " ~ " + link.id;
    return text;
  };
  CHECK(id(R"({"id":880101,"companyId":7,"recordingsState":null})") == "880101 ~ session:880101");
  CHECK(id(R"({"id":"880101","companyId":7,"recordingsState":null})") == "880101 ~ session:880101");
  CHECK(id(R"({"companyId":7,"recordingsState":null,"id":null,"guest":null})").empty());
  CHECK(id(R"({"sessionId":9,"routingHistory":[]})") == "9 ~ session:9");
  constexpr std::string_view entry =
      R"({"routingRequestId":5,"timestamp":"2024-05-02T08:00:00+02:00","activityType":"assignedtooperator","group":{"id":2},"operator":{"userId":3}})";
  CHECK(id(entry, "Sessions/9/routingHistory.json") ==
        "9|2024-05-02T08:00:00+02:00|5|AssignedToOperator|2|3| ~ session:9");
  CHECK(id(entry).empty());  // nothing says which session it belongs to
  CHECK(id(R"({"userId":3,"stateKind":"AWAY","changed":"2024-05-02T08:00:00+02:00"})") ==
        "3|2024-05-02T08:00:00+02:00|AWAY ~ user:3");
  CHECK(id(R"({"userId":3,"stateKind":"BREAK ","breakStateName":"Lunch","changed":"x"})") ==
        "3|x|BREAK|Lunch ~ user:3");
  CHECK(id(R"({"userId":3,"stateKind":"AWAY"})") == " ~ user:3");
  CHECK(id(R"({"eventType":"SessionEnded","data":{"id":9}})") ==
        R"(SessionEnded|{"id":9} ~ session:9)");
  CHECK(id(R"({"eventType":"UserStatusChanged","data":{"userId":3}})") ==
        R"(UserStatusChanged|{"userId":3} ~ user:3)");
  // A webhook that does not say which session or user it is about has no id.
  CHECK(id(R"({"eventType":"SessionEnded","data":{"channel":"Chat"}})").empty());
  CHECK(id(R"({"eventType":"SessionEnded","data":"9"})").empty());
  CHECK(id(R"({"eventType":"UserStatusChanged","data":{"state":"AWAY"}})").empty());
}

TEST_CASE("mluvii: the newer of two is told by the latest instant inside") {
  const auto latest = [](std::string_view json) {
    Day day;
    day.add(json);
    const Record& record = day.records().front();
    const auto instant = record.resource->latest(record);
    return instant ? format_time(*instant) : std::string("none");
  };
  CHECK(latest(R"({"id":1,"companyId":7,"recordingsState":null})") == "none");
  CHECK(
      latest(R"({"id":1,"companyId":7,"recordingsState":null,"created":"2024-05-02T08:00:00+02:00",
                   "operators":[{"concluded":"2024-05-02T10:00:00.5+02:00"},{"left":null}],
                   "activities":[{"time":"2024-05-02T09:00:00+02:00"}]})") ==
      "2024-05-02 08:00:00.500");
  CHECK(latest(R"({"id":1,"companyId":7,"recordingsState":null,"ended":"2024-05-02T08:00:00Z",
                   "recordings":[{"started":"2024-05-02T08:00:01Z"}],
                   "chatbots":[{"joined":"2024-05-02T08:00:03Z","left":"2024-05-02T08:00:02Z"}],
                   "routingHistory":[{"timestamp":"2024-05-02T08:00:04Z"}]})") ==
        "2024-05-02 08:00:04.000");
  CHECK(
      latest(
          R"({"sessionId":1,"routingHistory":[{"timestamp":"2024-05-02T08:00:04Z"},{"timestamp":"2024-05-02T08:00:03Z"}]})") ==
      "2024-05-02 08:00:04.000");
  CHECK(latest(R"({"eventType":"SessionEnded","data":{"id":9,"ended":"2024-05-02T08:00:04Z"}})") ==
        "2024-05-02 08:00:04.000");
}

// Computed by hand from the FAQ's formulas; NULL if a stage was skipped or the FAQ says so.
TEST_CASE("mluvii: the durations of the sample sessions, to the millisecond") {
  struct Expected {
    int session;
    //   CREATED | IN_QUEUE | WAITING | RING | BCW | ACTIVE | ACW
    const char* seconds;
  };
  constexpr Expected table[] = {
      {880101, "0.301|21.48|6.251|0.78|NULL|204.499|38.25"},  // 300.5 ms, 21479.75, 6250.5
      {880102, "0.125|14.5|6.875|0|NULL|428.75|34.75"},
      {880103, "0.05|14.95|0|2|NULL|900.5|0"},         // measured zeros stay zeros
      {880104, "0.5|24.5|6|48.25|17.25|192.5|29.25"},  // BCW > 0
      {880105, "NULL|NULL|NULL|70|70|230|90.5"},       // no routing
      {880106, "12.4|2.5|4|12.4|NULL|120|30"},
      {880112, "0.3|84.99|NULL|0.3|NULL|NULL|NULL"},  // no operator assigned: in the queue
      {880114, "0.4|40.5|NULL|0.2|NULL|NULL|NULL"},   // no operator accepted
      {880115, "1|19|10|0.5|NULL|602|75.25"},         // two routing requests: First() of all
      {880116, "0.1|72.5|7.5|0.1|NULL|180|30.25"},    // over two groups
      {880117, "0.2|120|NULL|0.1|NULL|NULL|NULL"},
      {880118, "0.5|10|55|0.1|NULL|120|14.5"},   // WAITING includes an operator's timeout
      {880120, "0.25|12|8|0.25|NULL|570.5|90"},  // maxima of different operators
      {880123, "0.4|7.6|7|0.4|NULL|580|NULL"},   // the last one who left has not concluded
      {880124, "NULL|NULL|NULL|8|8|172|5"},
      {880125, "NULL|NULL|NULL|7|NULL|60|10"},  // a BCW of 0 is not a state
      {880127, "72|8|10|0|NULL|270|12.346"},
      {880129, "0.111|12|9.001|0.112|NULL|300|10.25"},  // a colon before the fraction
      {880130, "0.7|4.3|28|0.5|NULL|120|7"},            // out of order
      {880131, "0.1|20|9.9|0|NULL|720|45.5"},
      {880132, "0.3|NULL|NULL|0.2|NULL|NULL|NULL"},
      {880133, "0.3|3|5.7|0.2|NULL|NULL|NULL"},        // still in conversation
      {880135, "0.2|NULL|NULL|0|NULL|300|8"},          // AssignedToOperator was skipped
      {880136, "NULL|5|5.1|0.4|NULL|60|NULL"},         // negative differences are not durations
      {880138, "NULL|NULL|NULL|NULL|NULL|NULL|40.5"},  // from webhooks
  };
  for (const Expected& expected : table) {
    CAPTURE(expected.session);
    CHECK(session_states(*sample(expected.session)) == Lines{expected.seconds});
  }
}

TEST_CASE("mluvii: how the sample sessions ended") {
  struct Expected {
    int session;
    const char* outcome;  // outcome | released_by | end_cause
  };
  constexpr Expected table[] = {
      {880101, "ANSWERED|GuestLeft|GuestLeft"},
      {880105, "ANSWERED|GuestLeft|GuestLeft"},
      {880107, "NO_ANSWER|NULL|CampaignFailedDial"},
      {880108, "UNREACHABLE|NULL|CampaignFailedDial"},
      {880109, "REJECTED|NULL|REJECTED"},
      {880110, "UNREACHABLE|NULL|UNREACHABLE"},
      {880111, "NO_ANSWER|NULL|CANCELLED_BY_USER"},
      {880112, "ABANDONED_IN_QUEUE|GuestLeft|GuestLeft"},
      {880113, "ABANDONED_IN_IVR|GuestAbandoned|GuestAbandoned"},
      {880114, "ABANDONED_IN_RING|GuestLeft|GuestLeft"},
      {880117, "QUEUE_TIMEOUT|NULL|FailedRouting"},
      {880121, "ANSWERED|NULL|CallForwardedToExternalPhone"},
      {880122, "FORWARDED|NULL|CallForwardedToExternalPhone"},
      {880126, "REJECTED|NULL|LeftBeforeQueue"},
      {880128, "SELF_SERVICE|ChatbotLeft|ChatbotLeft"},
      {880132, "NULL|NULL|StillConnected"},
      {880133, "ANSWERED|NULL|StillConnected"},
      {880134, "ANSWERED|NULL|SNOOZED"},
      {880138, "ANSWERED|NULL|NULL"},
  };
  for (const Expected& expected : table) {
    CAPTURE(expected.session);
    CHECK(lines(*sample(expected.session), Model::interactions,
                {"outcome", "released_by", "end_cause"}) == Lines{expected.outcome});
  }
}

TEST_CASE("mluvii: rules of the outcome that the samples do not reach") {
  const auto outcome = [](const std::string& members) {
    Facts facts;
    Day day;
    day.add("{\"id\":1,\"companyId\":7,\"recordingsState\":null," + members + "}")
        .map(facts, "session:1");
    return cell(facts, Model::interactions, 0, "outcome");
  };
  const std::string ended = R"("status":"CLOSED","ended":"2024-05-02T08:01:00Z")";
  CHECK(outcome(R"("status":"CLOSED")") == "OTHER");  // closed, but without an end
  CHECK(outcome(R"("status":"ACTIVE")") == "NULL");
  CHECK(outcome(ended + R"(,"length":"PT1S")") == "ANSWERED");
  CHECK(outcome(ended + R"(,"blacklisted":true,"length":"PT1S")") == "ANSWERED");
  CHECK(outcome(ended + R"(,"outboundDialResult":"BLACKLISTED")") == "REJECTED");
  CHECK(outcome(ended + R"(,"outboundDialResult":"busy")") == "BUSY");
  CHECK(outcome(ended + R"(,"outboundDialResult":"FAILED")") == "FAILED");
  CHECK(outcome(ended + R"(,"outboundDialResult":"RINGING")") == "OTHER");
  CHECK(outcome(ended +
                R"(,"activities":[{"type":"SessionEnded","terminationReason":"FailedRouting"}])") ==
        "QUEUE_FAILED");
  CHECK(
      outcome(
          ended +
          R"(,"activities":[{"type":"SessionEnded","terminationReason":"OperatorWithoutExtension"}])") ==
      "FAILED");
  // Operator and guest were in the session, but one after the other.
  CHECK(outcome(ended +
                R"(,"guestLeftSession":"LeftQueue","guestJoined":"2024-05-02T08:00:30Z",
                   "operators":[{"userId":1,"joined":"2024-05-02T08:00:00Z","left":"2024-05-02T08:00:30Z"}])") ==
        "ABANDONED_IN_QUEUE");
  // The queue gave up before the guest did; then the guest entered another group's queue and gave
  // up.
  const std::string timed_out = ended +
                                R"(,"guestLeftSession":"LeftQueue","routingHistory":[
        {"routingRequestId":1,"timestamp":"2024-05-02T08:00:00Z","activityType":"EnteredGroupQueue","group":{"id":2}},
        {"routingRequestId":1,"timestamp":"2024-05-02T08:00:30Z","activityType":"GroupQueueTimeoutExpired","group":{"id":2}})";
  CHECK(outcome(timed_out + "]") == "QUEUE_TIMEOUT");
  CHECK(
      outcome(
          timed_out +
          R"(,{"routingRequestId":1,"timestamp":"2024-05-02T08:00:31Z","activityType":"EnteredGroupQueue","group":{"id":3}}])") ==
      "ABANDONED_IN_QUEUE");
}

TEST_CASE("mluvii: only entering a group's queue is a queue's time") {
  CHECK(lines(*sample(880135), Model::interactions, {"queue_time"}) == Lines{"NULL"});
  CHECK(lines(*sample(880112), Model::interactions, {"queue_time"}) ==
        Lines{"2024-05-02 07:10:00.310"});
}

TEST_CASE("mluvii: channel, direction and numbers") {
  struct Expected {
    int session;
    const char* line;
  };
  constexpr Expected table[] = {
      {880101, "voice|INBOUND|48500000101|48123456789"},
      {880102, "chat|INBOUND|30102|NULL"},
      {880103, "video|INBOUND|30103|NULL"},
      {880104, "voice|OUTBOUND|48500000104|NULL"},
      {880105, "voice|OUTBOUND|48500000105|NULL"},
      {880108, "voice|OUTBOUND|0533128****|NULL"},
      {880109, "voice|OUTBOUND|48500000109|NULL"},
      {880124, "chat|OUTBOUND|NULL|NULL"},
      {880128, "chat|INBOUND|30128|NULL"},
      {880134, "video|NULL|4850000****|NULL"},  // channel 'Video' and source 'Telegram' are unknown
      {880135, "chat|INBOUND|NULL|493817"},
  };
  for (const Expected& expected : table) {
    CAPTURE(expected.session);
    CHECK(lines(*sample(expected.session), Model::interactions,
                {"channel", "direction", "customer_number", "company_number"}) ==
          Lines{expected.line});
  }
  const auto direction = [](std::string_view source) {
    Facts facts;
    Day day;
    day.add(R"({"id":1,"companyId":7,"recordingsState":null,"source":")" + std::string(source) +
            "\"}")
        .map(facts, "session:1");
    return cell(facts, Model::interactions, 0, "direction");
  };
  CHECK(direction("API") == "NULL");
  CHECK(direction("UNKNOWN") == "NULL");
  CHECK(direction("outgoingcall") == "OUTBOUND");
  CHECK(direction("Apple") == "INBOUND");
}

TEST_CASE("mluvii: an interaction's other columns") {
  const std::initializer_list<std::string_view> columns = {
      "vendor",           "source",         "interaction_id",  "start_time",
      "queue_time",       "answer_time",    "end_time",        "first_queue_id",
      "first_queue_name", "last_queue_id",  "last_queue_name", "first_agent_id",
      "first_agent_name", "last_agent_id",  "last_agent_name", "agent_count",
      "dialog_count",     "transfer_count", "handle_seconds",  "satisfaction",
      "recording_count",  "mapping"};
  const auto line = [&](int session) {
    return lines(*sample(session), Model::interactions, columns).front();
  };
  CHECK(line(880101) ==
        "mluvii|mluvii|880101|2024-05-02 06:02:10.120|2024-05-02 06:02:10.421|"
        "2024-05-02 06:02:38.150|2024-05-02 06:06:02.650|22|Podpora|22|Podpora|501|Jana Vzorová|"
        "501|Jana Vzorová|1|2|0|242.749|NULL|1|NULL");
  CHECK(line(880103) ==
        "mluvii|mluvii|880103|2024-05-02 06:10:00.000|2024-05-02 06:10:00.060|"
        "2024-05-02 06:10:15.000|2024-05-02 06:25:15.500|21|Prodej|21|Prodej|503|Eva Ukázková|"
        "503|Eva Ukázková|1|2|0|900.5|9|4|{\"satisfaction_scale\":\"NPS\"}");
  CHECK(line(880105) ==
        "mluvii|mluvii|880105|2024-05-02 06:30:00.000|NULL|2024-05-02 06:31:10.000|"
        "2024-05-02 06:35:00.000|NULL|NULL|NULL|NULL|501|Jana Vzorová|501|Jana Vzorová|1|2|0|320.5|"
        "NULL|NULL|{\"ring_seconds\":\"does not hold if the campaign is a preview campaign\"}");
  CHECK(
      line(880115) ==
      "mluvii|mluvii|880115|2024-05-02 07:20:00.000|2024-05-02 07:20:01.000|"
      "2024-05-02 07:20:30.000|2024-05-02 07:31:00.000|22|Podpora|23|Reklamace|501|Jana Vzorová|"
      "504|Karel Zkušební|2|3|1|677.25|NULL|NULL|"
      R"({"routing_requests":2,"stages":[{"routing_request_id":"5115","created_seconds":1,"in_queue_seconds":19,"waiting_seconds":10},{"routing_request_id":"5116","created_seconds":300.25,"in_queue_seconds":19.5,"waiting_seconds":8.25}]})");
  CHECK(line(880114) ==
        "mluvii|mluvii|880114|2024-05-02 07:15:00.000|2024-05-02 07:15:00.400|NULL|"
        "2024-05-02 07:15:50.700|22|Podpora|22|Podpora|501|Jana Vzorová|501|Jana Vzorová|1|1|0|"
        "NULL|NULL|NULL|NULL");
  CHECK(cell(*sample(880136), Model::interactions, 0, "mapping") ==
        R"({"negative":["CREATED","ACW"],"concluded_before_left":["505"]})");
  CHECK(cell(*sample(880118), Model::interactions, 0, "agent_count") == "2");
  CHECK(cell(*sample(880134), Model::interactions, 0, "satisfaction") == "4");
  CHECK(cell(*sample(880138), Model::interactions, 0, "recording_count") == "NULL");
  CHECK(cell(*sample(880138), Model::interactions, 0, "transfer_count") == "0");
}

TEST_CASE("mluvii: transfers are forwards by an operator, or after one had it") {
  CHECK(cell(*sample(880119), Model::interactions, 0, "transfer_count") == "1");
  CHECK(cell(*sample(880121), Model::interactions, 0, "transfer_count") == "1");
  CHECK(cell(*sample(880122), Model::interactions, 0, "transfer_count") == "0");
  CHECK(cell(*sample(880131), Model::interactions, 0, "transfer_count") == "2");
  Facts facts;
  Day day;
  day.add(
         R"({"id":1,"companyId":7,"recordingsState":null,"activities":[{"activityId":1,"type":"SessionForwarded"}]})")
      .map(facts, "session:1");
  CHECK(cell(facts, Model::interactions, 0, "transfer_count") == "1");
}

TEST_CASE("mluvii: states of the session and of each operator") {
  const auto states_of = [](int session) {
    return lines(*sample(session), Model::state_durations,
                 {"agent_id", "state", "start_time", "end_time", "seconds", "basis"});
  };
  CHECK(states_of(880115) ==
        Lines{"NULL|CREATED|2024-05-02 07:20:00.000|2024-05-02 07:20:01.000|1|measured",
              "NULL|IN_QUEUE|2024-05-02 07:20:01.000|2024-05-02 07:20:20.000|19|measured",
              "NULL|WAITING|2024-05-02 07:20:20.000|2024-05-02 07:20:30.000|10|measured",
              "NULL|RING|2024-05-02 07:20:00.000|2024-05-02 07:20:00.500|0.5|measured",
              "NULL|ACTIVE|NULL|NULL|602|reported",
              "NULL|ACW|2024-05-02 07:31:00.000|2024-05-02 07:32:15.250|75.25|measured",
              "501|IN_QUEUE|2024-05-02 07:20:20.000|2024-05-02 07:20:30.000|10|measured",
              "501|WAITING|2024-05-02 07:20:20.000|2024-05-02 07:20:30.000|10|derived",
              "501|ACTIVE|2024-05-02 07:20:30.000|2024-05-02 07:25:00.000|270|derived",
              "501|ACW|2024-05-02 07:25:00.000|2024-05-02 07:25:40.000|40|measured",
              // The queue of 504 would be negative: the session was first accepted before.
              "504|WAITING|2024-05-02 07:25:19.750|2024-05-02 07:25:28.000|8.25|derived",
              "504|ACTIVE|2024-05-02 07:25:28.000|2024-05-02 07:31:00.000|332|derived",
              "504|ACW|2024-05-02 07:31:00.000|2024-05-02 07:32:15.250|75.25|measured"});
  // 501 did not answer; 502 did.
  CHECK(states_of(880118) ==
        Lines{"NULL|CREATED|2024-05-02 08:00:00.000|2024-05-02 08:00:00.500|0.5|measured",
              "NULL|IN_QUEUE|2024-05-02 08:00:00.500|2024-05-02 08:00:10.500|10|measured",
              "NULL|WAITING|2024-05-02 08:00:10.500|2024-05-02 08:01:05.500|55|measured",
              "NULL|RING|2024-05-02 08:00:00.000|2024-05-02 08:00:00.100|0.1|measured",
              "NULL|ACTIVE|NULL|NULL|120|reported",
              "NULL|ACW|2024-05-02 08:03:05.500|2024-05-02 08:03:20.000|14.5|measured",
              "502|IN_QUEUE|2024-05-02 08:00:52.250|2024-05-02 08:01:05.500|13.25|measured",
              "502|WAITING|2024-05-02 08:00:52.250|2024-05-02 08:01:05.500|13.25|derived",
              "502|ACTIVE|2024-05-02 08:01:05.500|2024-05-02 08:03:05.500|120|derived",
              "502|ACW|2024-05-02 08:03:05.500|2024-05-02 08:03:20.000|14.5|measured",
              "501|IN_QUEUE|2024-05-02 08:00:10.500|2024-05-02 08:01:05.500|55|measured",
              "501|WAITING|2024-05-02 08:00:10.500|2024-05-02 08:00:40.500|30|derived"});
  const auto of_agent = [](int session, std::string_view agent, std::string_view state) {
    const auto facts = sample(session);
    for (std::size_t row = 0; row < facts->rows(Model::state_durations).size(); ++row)
      if (cell(*facts, Model::state_durations, row, "agent_id") == agent &&
          cell(*facts, Model::state_durations, row, "state") == state)
        return cell(*facts, Model::state_durations, row, "seconds") + " " +
               cell(*facts, Model::state_durations, row, "basis");
    return std::string("none");
  };
  CHECK(of_agent(880120, "501", "ACW") == "390 measured");
  CHECK(of_agent(880120, "504", "ACW") == "45.125 measured");
  CHECK(of_agent(880123, "501", "ACW") == "60 measured");
  CHECK(of_agent(880123, "502", "ACW") == "none");  // open
  // 501 was in the session twice: 60 s after the first stay, 45.5 s after the second.
  CHECK(of_agent(880131, "501", "ACW") == "105.5 derived");
  CHECK(of_agent(880131, "501", "ACTIVE") == "750 derived");
  CHECK(of_agent(880131, "502", "ACW") == "10 measured");
  CHECK(of_agent(880133, "504", "ACTIVE") == "none");  // still in the session
  CHECK(of_agent(880136, "505", "ACW") == "none");     // concluded before left
}

TEST_CASE("mluvii: after-call work takes independent maxima") {
  const auto acw = [](std::string_view operators) {
    Facts facts;
    Day day;
    day.add(R"({"id":1,"recordingsState":null,"operators":)" + std::string(operators) + "}")
        .map(facts, "session:1");
    return cell(facts, Model::interactions, 0, "acw_seconds");
  };
  const auto entry = [](int user, std::string_view left, std::string_view concluded) {
    const auto time = [](std::string_view clock) {
      return clock.empty() ? std::string("null")
                           : "\"2024-05-02T" + std::string(clock) + "+02:00\"";
    };
    return "{\"userId\":" + std::to_string(user) + ",\"left\":" + time(left) +
           ",\"concluded\":" + time(concluded) + "}";
  };
  CHECK(acw("[]") == "NULL");
  CHECK(acw("[" + entry(1, "10:05:00", "10:06:00") + "," + entry(2, "10:04:00", "10:09:00.5") +
            "]") == "240.5");
  CHECK(acw("[" + entry(1, "10:05:00", "") + "," + entry(2, "10:04:00", "10:09:00") + "]") ==
        "NULL");  // the last one who left is still at it
  CHECK(acw("[" + entry(1, "10:05:00", "10:06:00") + "," + entry(2, "10:04:00", "") + "]") ==
        "60");  // the missing conclusion of another operator is ignored
  CHECK(acw("[" + entry(1, "10:05:00", "10:06:00") + "," + entry(2, "", "") + "]") == "60");
  CHECK(acw("[" + entry(1, "10:05:00", "10:06:00") + "," + entry(2, "10:05:00", "") + "]") ==
        "NULL");  // two left at once, and one has not concluded
  CHECK(acw("[" + entry(1, "10:05:00", "10:05:00") + "]") == "0");
  CHECK(acw("[" + entry(1, "10:05:00", "10:04:59") + "]") == "NULL");
  CHECK(acw("[" + entry(1, "", "10:04:59") + "]") == "NULL");
}

TEST_CASE("mluvii: queue visits per routing request and group") {
  const auto visits = [](int session) {
    return lines(*sample(session), Model::queue_visits,
                 {"visit_no", "queue_id", "queue_name", "enqueue_time", "dequeue_time",
                  "wait_seconds", "outcome", "agent_id"});
  };
  CHECK(visits(880116) == Lines{"1|22|Podpora|2024-05-02 07:40:00.100|2024-05-02 07:41:00.100|60|"
                                "QUEUE_TIMEOUT|NULL",
                                "2|21|Prodej|2024-05-02 07:41:00.100|2024-05-02 07:41:20.100|12.5|"
                                "ANSWERED|503"});
  CHECK(visits(880115) == Lines{"1|22|Podpora|2024-05-02 07:20:01.000|2024-05-02 07:20:30.000|19|"
                                "ANSWERED|501",
                                "2|23|Reklamace|2024-05-02 07:25:00.250|2024-05-02 07:25:28.000|"
                                "19.5|ANSWERED|504"});
  CHECK(visits(880119) == Lines{"1|21|Prodej|2024-05-02 08:10:00.000|2024-05-02 08:10:09.000|4|"
                                "ANSWERED|501",
                                "2|22|Podpora|2024-05-02 08:14:00.000|2024-05-02 08:14:24.000|16|"
                                "ANSWERED|503"});
  CHECK(visits(880118) ==
        Lines{"1|22|Podpora|2024-05-02 08:00:00.500|2024-05-02 08:01:05.500|21.75|"
              "ANSWERED|502"});
  CHECK(visits(880112) == Lines{"1|22|Podpora|2024-05-02 07:10:00.310|2024-05-02 07:11:25.300|"
                                "84.99|ABANDONED_IN_QUEUE|NULL"});
  CHECK(visits(880114) == Lines{"1|22|Podpora|2024-05-02 07:15:00.400|2024-05-02 07:15:50.700|"
                                "40.5|ABANDONED_IN_RING|501"});
  CHECK(visits(880117) == Lines{"1|23|Reklamace|2024-05-02 07:50:00.200|2024-05-02 07:52:00.200|"
                                "120|QUEUE_TIMEOUT|NULL"});
  CHECK(visits(880122) == Lines{"1|23|Reklamace|2024-05-02 08:55:00.500|2024-05-02 08:55:30.500|"
                                "30|FORWARDED|NULL"});
  CHECK(visits(880132) == Lines{"1|22|Podpora|2024-05-02 10:40:00.300|NULL|NULL|NULL|NULL"});
  CHECK(visits(880105).empty());
}

namespace {

// A session of 2024-05-02 with a timeline: 'C 1' is RoutingRequestCreated one second after ten.
struct Routed {
  std::string request = "1";  // routingRequestId; "" = without one, as in the seed
  std::string operators = "[]";
  std::string more = "";
  bool one_by_one = false;  // the timeline's entries as separate records

  static std::string time(int second) {
    std::ostringstream text;
    text << "\"2024-05-02T10:" << std::setfill('0') << std::setw(2) << second / 60 << ':'
         << std::setw(2) << second % 60 << "Z\"";
    return text.str();
  }
  // Entries are separated by ';'. Each has a letter and the second; 'g' with a group, 'u' with a
  // user, and 'b' with the user who forwarded may follow.
  std::string timeline(std::string_view entries) const {
    static const std::map<std::string, std::string> words{
        {"C", "RoutingRequestCreated"},  {"E", "EnteredGroupQueue"},
        {"A", "AssignedToOperator"},     {"X", "AcceptedByOperator"},
        {"O", "OperatorTimeoutExpired"}, {"T", "GroupQueueTimeoutExpired"},
        {"L", "LeftGroupQueue"},         {"FG", "ForwardedToGroup"},
        {"FU", "ForwardedToUser"},       {"FP", "ForwardedToPhone"},
        {"IU", "InvitedUser"},           {"R", "RoutingEnded"}};
    std::string list;
    std::istringstream all{std::string(entries)};
    for (std::string entry; std::getline(all, entry, ';');) {
      std::istringstream parts(entry);
      std::string word, who;
      int second = 0;
      parts >> word >> second;
      list += (list.empty() ? "[" : ",") + std::string("{\"activityType\":\"") + words.at(word) +
              "\",\"timestamp\":" + time(second);
      if (!request.empty()) list += ",\"routingRequestId\":" + request;
      static const std::map<char, std::string> objects{{'g', "group\":{\"id"},
                                                       {'u', "operator\":{\"userId"},
                                                       {'b', "forwardedByOperator\":{\"userId"}};
      while (parts >> who) list += ",\"" + objects.at(who.front()) + "\":" + who.substr(1) + "}";
      list += "}";
    }
    return list + "]";
  }
  std::shared_ptr<const Facts> facts(std::string_view entries) const {
    const std::string list = timeline(entries);
    std::string session =
        R"({"id":1,"companyId":7,"recordingsState":null,"status":"CLOSED","created":)" + time(0) +
        ",\"guestJoined\":" + time(0) + ",\"ended\":" + time(200) + ",\"operators\":" + operators +
        more;
    if (!one_by_one) session += ",\"routingHistory\":" + list;
    struct Mapped {
      Day day;  // the facts refer to its texts
      Facts facts;
    };
    const auto mapped = std::make_shared<Mapped>();
    mapped->day.add(session + "}");
    if (one_by_one) mapped->day.add(list, "Sessions/1/routingHistory.json");
    mapped->day.map(mapped->facts, "session:1");
    return {mapped, &mapped->facts};
  }
  static std::string stay(int user, int joined, int left) {
    return "{\"userId\":" + std::to_string(user) + ",\"joined\":" + time(joined) +
           ",\"left\":" + time(left) + "}";
  }
};

Lines short_visits(const Facts& facts) {
  return lines(facts, Model::queue_visits,
               {"queue_id", "wait_seconds", "ring_seconds", "speed_of_answer_seconds", "outcome",
                "agent_id"});
}
Lines short_offers(const Facts& facts) {
  return lines(facts, Model::agent_offers, {"agent_id", "visit_no", "queue_id", "outcome"});
}

}  // namespace

TEST_CASE("mluvii: an offer belongs to the visit that was under way when it began") {
  const auto both = [](std::string_view entries) {
    const std::string operators = "[" + Routed::stay(501, 16, 100) + "]";
    const auto facts = Routed{.operators = operators}.facts(entries);
    Lines all = short_visits(*facts);
    for (const std::string& offer : short_offers(*facts)) all.push_back("> " + offer);
    // The result is the same without a routingRequestId.
    const auto bare = Routed{.request = "", .operators = operators}.facts(entries);
    CHECK(short_visits(*bare) == short_visits(*facts));
    CHECK(short_offers(*bare) == short_offers(*facts));
    return all;
  };
  // One request passes through two groups; the entries of operators do or do not name the group.
  const Lines overflow{"21|15|15|NULL|QUEUE_TIMEOUT|501", "22|8|5|13|ANSWERED|502",
                       "> 501|1|21|NO_ANSWER", "> 502|2|22|ANSWERED"};
  CHECK(both("C 1;E 2 g21;A 5 u501;O 20 u501;T 32 g21;E 32 g22;A 40 u502;X 45 u502;L 45 g22") ==
        overflow);
  CHECK(both("C 1;E 2 g21;A 5 u501 g21;O 20 u501 g21;T 32 g21;E 32 g22;A 40 u502 g22;"
             "X 45 u502 g22;L 45 g22") == overflow);
  // Answered, then handed on to another group in the same request.
  const std::string answered = "C 1;E 2 g21;A 10 u501;X 16 u501;L 16 g21;";
  CHECK(both(answered + "FG 98 g22;E 98 g22;L 200 g22") ==
        Lines{"21|8|6|14|ANSWERED|501", "22|102|NULL|NULL|ABANDONED_IN_QUEUE|NULL",
              "> 501|1|21|ANSWERED"});
  CHECK(both(answered + "FG 98 g22;E 98 g22;A 99 u502;X 120 u502;L 120 g22") ==
        Lines{"21|8|6|14|ANSWERED|501", "22|1|21|22|ANSWERED|502", "> 501|1|21|ANSWERED",
              "> 502|2|22|ANSWERED"});
  // Forwarded to a user, or a colleague was invited: no queue led to that offer, whatever the
  // user's group is.
  for (const char* user : {"FU 98 u502;A 99 u502;X 120 u502", "IU 98 u502;A 99 u502;X 120 u502"})
    CHECK(both(answered + user) ==
          Lines{"21|8|6|14|ANSWERED|501", "> 501|1|21|ANSWERED", "> 502|NULL|NULL|ANSWERED"});
  CHECK(both(answered + "FU 98 u502;A 99 u502 g21;X 120 u502 g21").back() ==
        "> 502|NULL|21|ANSWERED");
  CHECK(both("C 1;E 2 g21;FU 30 u502;A 31 u502;X 40 u502") ==
        Lines{"21|28|NULL|NULL|FORWARDED|NULL", "> 502|NULL|NULL|ANSWERED"});
  // The group's time was up; then an operator was asked outside its queue, or was just accepting.
  CHECK(both("C 1;E 2 g21;T 32 g21;A 90 u502;X 100 u502") ==
        Lines{"21|30|NULL|NULL|QUEUE_TIMEOUT|NULL", "> 502|NULL|NULL|ANSWERED"});
  CHECK(both("C 1;E 2 g21;A 20 u501;T 32 g21;X 32 u501") ==
        Lines{"21|18|12|30|ANSWERED|501", "> 501|1|21|ANSWERED"});
  // In the queues of two groups at once: the offer belongs to the one that is still under way.
  CHECK(both("C 1;E 2 g21;E 2 g22;T 32 g22;A 40 u501;X 45 u501")[0] == "21|38|5|43|ANSWERED|501");
  CHECK(both("C 1;E 2 g21;A 3 u501;E 4 g22;T 32 g22;X 35 u501").back() == "> 501|1|21|ANSWERED");
  // The queue was entered while an operator was asked without a queue; it still counts as answered.
  CHECK(both("C 1;A 2 u501;E 30 g22;X 35 u501;L 35 g22") ==
        Lines{"22|5|NULL|5|ANSWERED|501", "> 501|NULL|NULL|ANSWERED"});
  // The queue was left because an operator was chosen.
  CHECK(both("C 1;E 2 g21;L 10 g21;A 10 u501;X 16 u501") ==
        Lines{"21|8|6|14|ANSWERED|501", "> 501|1|21|ANSWERED"});
  // The same group twice.
  CHECK(both("C 1;E 2 g21;A 5 u501 g21;O 9 u501 g21;T 12 g21;E 12 g21;A 14 u502 g21;"
             "X 16 u502 g21") == Lines{"21|6|4|NULL|QUEUE_TIMEOUT|501", "21|2|2|4|ANSWERED|502",
                                       "> 501|1|21|NO_ANSWER", "> 502|2|21|ANSWERED"});
}

TEST_CASE("mluvii: an offer leads to one stay of its operator") {
  const auto sides = [](std::initializer_list<std::string> stays, std::string_view entries) {
    std::string operators;
    for (const std::string& stay : stays) operators += (operators.empty() ? "[" : ",") + stay;
    const auto facts = Routed{.operators = operators + "]"}.facts(entries);
    Lines all;
    for (const std::string& line : lines(*facts, Model::dialogs,
                                         {"dialog_id", "start_time", "alert_time", "answer_time",
                                          "waiting_seconds", "in_queue_seconds"}))
      if (line.starts_with("1:operator:")) all.push_back(line.substr(11));
    for (const std::string& line :
         lines(*facts, Model::agent_offers, {"dialog_id", "agent_id", "outcome"}))
      all.push_back("> " + line);
    return all;
  };
  const std::string at = "2024-05-02 10:0";
  const std::string first = "501|" + at + "0:10.000|" + at + "0:10.000|" + at + "0:16.000|6|6";
  // The operator came back without an offer, or was asked again.
  CHECK(sides({Routed::stay(501, 16, 60), Routed::stay(501, 80, 200)},
              "C 1;E 2 g21;A 10 u501;X 16 u501;L 16 g21") ==
        Lines{first, "501:2|" + at + "1:20.000|NULL|" + at + "1:20.000|NULL|NULL",
              "> 1:operator:501|501|ANSWERED"});
  CHECK(sides({Routed::stay(501, 16, 60), Routed::stay(501, 80, 200)},
              "C 1;E 2 g21;A 10 u501;X 16 u501;L 16 g21;FU 60 u501;A 61 u501;X 79 u501") ==
        Lines{first, "501:2|" + at + "1:01.000|" + at + "1:01.000|" + at + "1:20.000|18|NULL",
              "> 1:operator:501|501|ANSWERED", "> 1:operator:501:2|501|ANSWERED"});
  // The operator did not answer, or a colleague was faster; the operator came in later.
  for (const char* passed : {"O 25 u501", "X 25 u502"})
    CHECK(sides({Routed::stay(501, 80, 200)},
                "C 1;E 2 g21;A 10 u501;A 10 u502;" + std::string(passed))[0] ==
          "501|" + at + "1:20.000|NULL|" + at + "1:20.000|NULL|" +
              (*passed == 'X' ? "15" : "NULL"));
  // The timeline does not show that the operator accepted, but the stay began during the offer.
  CHECK(sides({Routed::stay(501, 16, 60)}, "C 1;E 2 g21;A 10 u501;FG 60 g22")[0] ==
        "501|" + at + "0:10.000|" + at + "0:10.000|" + at + "0:16.000|NULL|NULL");
}

TEST_CASE("mluvii: an operator's events are of the queue that he was asked for") {
  const auto events = [](std::string_view entries) {
    Lines all;
    for (const std::string& line :
         lines(*Routed().facts(entries), Model::agent_events, {"event", "agent_id", "queue_id"}))
      all.push_back(line);
    return all;
  };
  CHECK(events("C 1;E 2 g21;A 5 u501;T 32 g21;E 32 g22;A 40 u502;O 44 u502;A 44 u503;X 50 u503;"
               "FU 98 u504 b503;A 99 u504;O 110 u504;A 110 u505;X 115 u505") ==
        Lines{"AssignedToOperator|501|21", "AssignedToOperator|502|22",
              "OperatorTimeoutExpired|502|22", "AssignedToOperator|503|22",
              "AcceptedByOperator|503|22", "forwardedByOperator|503|22", "ForwardedToUser|504|22",
              "AssignedToOperator|504|NULL", "OperatorTimeoutExpired|504|NULL",
              "AssignedToOperator|505|NULL", "AcceptedByOperator|505|NULL"});
}

TEST_CASE("mluvii: who handed on to whom is told by offers, visits and stays") {
  const auto told = [](std::initializer_list<std::string> stays, const std::string& handing_on) {
    std::string operators;
    for (const std::string& stay : stays) operators += (operators.empty() ? "[" : ",") + stay;
    const auto facts = Routed{.operators = operators + "]"}.facts(
        "C 1;E 2 g21;A 10 u501;X 16 u501;L 16 g21;" + handing_on);
    Lines all = lines(*facts, Model::interactions,
                      {"transfer_count", "first_agent_id", "last_agent_id", "outcome"});
    for (const std::string& line : short_visits(*facts)) all.push_back("visit " + line);
    for (const std::string& line : short_offers(*facts)) all.push_back("offer " + line);
    for (const std::string& line :
         lines(*facts, Model::dialogs, {"agent_id", "serve_time", "hangup_time", "outcome"}))
      if (!line.starts_with("NULL")) all.push_back("stay " + line);
    return all;
  };
  const std::string at = "|2024-05-02 10:0";
  const std::string visit = "visit 21|8|6|14|ANSWERED|501", offer = "offer 501|1|21|ANSWERED";
  // 502 did not accept, and 501 went on.
  CHECK(told({Routed::stay(501, 16, 200)}, "FU 98 u502 b501;A 99 u502;O 114 u502") ==
        Lines{"1|501|501|ANSWERED", visit, offer, "offer 502|NULL|NULL|NO_ANSWER",
              "stay 501" + at + "0:16.000" + at + "3:20.000|ANSWERED"});
  // No operator of group 22 accepted.
  CHECK(told({Routed::stay(501, 16, 200)},
             "FG 98 g22 b501;E 98 g22;A 99 u502;O 114 u502;T 128 g22") ==
        Lines{"1|501|501|ANSWERED", visit, "visit 22|15|15|NULL|QUEUE_TIMEOUT|502", offer,
              "offer 502|2|22|NO_ANSWER", "stay 501" + at + "0:16.000" + at + "3:20.000|ANSWERED"});
  // Forwarded to a telephone: the guest talks on without an operator.
  CHECK(told({Routed::stay(501, 16, 98)}, "FP 98 b501") ==
        Lines{"1|501|501|ANSWERED", visit, offer,
              "stay 501" + at + "0:16.000" + at + "1:38.000|ANSWERED"});
  // 502 accepted, and 501 stayed until then.
  CHECK(told({Routed::stay(501, 16, 120), Routed::stay(502, 120, 200)},
             "FU 98 u502 b501;A 99 u502;X 120 u502") ==
        Lines{"1|501|502|ANSWERED", visit, offer, "offer 502|NULL|NULL|ANSWERED",
              "stay 501" + at + "0:16.000" + at + "2:00.000|ANSWERED",
              "stay 502" + at + "2:00.000" + at + "3:20.000|ANSWERED"});
}

TEST_CASE("mluvii: entries of one instant that come one by one say the same as a list") {
  for (const char* entries :
       {"E 2 g21;T 32 g21;E 32 g22;L 32 g21;A 40 u502;X 45 u502",
        "FG 2 g22;E 2 g22;A 5 u502;X 9 u502;L 9 g22", "FG 2 g22;C 2;E 2 g22;L 60 g22",
        "E 2 g21;A 9 u501;X 16 u501;L 16 g21;FG 98 g22;E 98 g22;A 98 u502;X 120 u502"}) {
    CAPTURE(entries);
    const auto list = Routed().facts(entries);
    const auto single = Routed{.one_by_one = true}.facts(entries);
    CHECK(short_visits(*single) == short_visits(*list));
    CHECK(short_offers(*single) == short_offers(*list));
  }
}

TEST_CASE("mluvii: the order of a timeline's list does not matter") {
  for (const char* entries :
       {"C 2;E 3 g1;A 3 u2;X 20 u2;L 20 g1", "C 2;E 3 g1;L 3 g1;A 3 u2;X 20 u2",
        "C 2;E 3 g1;A 3 u2;O 3 u2;A 9 u3;X 20 u3", "E 3 g1;T 3 g1;E 3 g2;A 3 u2;X 20 u2",
        "E 3 g1;A 5 u2;L 30 g1;E 30 g1;A 40 u2;X 41 u2"}) {
    CAPTURE(entries);
    std::vector<std::string> all;
    std::istringstream parts{std::string(entries)};
    for (std::string entry; std::getline(parts, entry, ';');) all.push_back(entry);
    std::string reversed;
    for (auto entry = all.rbegin(); entry != all.rend(); ++entry)
      reversed += (reversed.empty() ? "" : ";") + *entry;
    const auto list = Routed().facts(entries);
    const auto newest_first = Routed().facts(reversed);
    CHECK(short_visits(*newest_first) == short_visits(*list));
    CHECK(short_offers(*newest_first) == short_offers(*list));
    CHECK(cell(*newest_first, Model::queue_visits, 0, "visit_no") == "1");
  }
  for (const char* entries :
       {"L 20 g1;X 20 u2;A 3 u2;E 3 g1;C 2", "A 3 u2;L 20 g1;E 3 g1;C 2;X 20 u2",
        "L 20 g1;A 3 u2;X 20 u2;E 3 g1;C 2", "X 3 u2;A 3 u2;L 3 g1;E 3 g1"}) {
    CAPTURE(entries);
    const auto facts = Routed().facts(entries);
    CHECK(lines(*facts, Model::queue_visits, {"outcome", "wait_seconds", "agent_id"}) ==
          Lines{"ANSWERED|0|2"});
  }
  // A list by time whose entries of one instant cannot follow each other.
  const auto shown = [](std::string_view entries) {
    const auto all = Routed().facts(entries);
    Lines both = short_visits(*all);
    for (const auto& offer : short_offers(*all)) both.push_back(offer);
    return both;
  };
  CHECK(shown("C 1;E 2 g1;L 15 g1;X 15 u2;A 15 u2") == shown("C 1;E 2 g1;A 15 u2;X 15 u2;L 15 g1"));
  CHECK(shown("C 1;A 2 u2;E 2 g1;X 15 u2;L 15 g1") == shown("C 1;E 2 g1;A 2 u2;X 15 u2;L 15 g1"));
  // The list, oldest or newest first, says which queue of one instant was the first, also if an
  // entry is repeated out of its place.
  const Lines by_list = shown("C 1;E 2 g2;E 2 g1;A 15 u2;X 15 u2;R 20");
  CHECK(by_list != shown("C 1;E 2 g1;E 2 g2;A 15 u2;X 15 u2;R 20"));
  for (const char* again : {"C 1", "E 2 g2", "E 2 g1", "A 15 u2", "X 15 u2", "R 20"}) {
    CAPTURE(again);
    CHECK(shown("C 1;E 2 g2;E 2 g1;A 15 u2;X 15 u2;R 20;" + std::string(again)) == by_list);
    CHECK(shown("R 20;X 15 u2;A 15 u2;E 2 g1;E 2 g2;C 1;" + std::string(again)) == by_list);
    CHECK(shown(std::string(again) + ";C 1;E 2 g2;E 2 g1;A 15 u2;X 15 u2;R 20") == by_list);
    CHECK(shown(std::string(again) + ";R 20;X 15 u2;A 15 u2;E 2 g1;E 2 g2;C 1") == by_list);
  }
  // Groups that are not named in all entries come to an end too.
  for (const char* entries : {"C 9;E 1 g1;L 2;E 3 g1;L 3;C 0", "C 9;E 1 g1;E 3;L 3 g2;L 3 g1;C 0"})
    CHECK(!lines(*Routed().facts(entries), Model::queue_visits, {"outcome"}).empty());
  // The queue is left in the instant in which the operator is asked and accepts.
  for (const char* entries :
       {"C 1;E 2 g1;A 15 u2;X 15 u2;L 15 g1", "L 15 g1;E 2 g1;X 15 u2;A 15 u2;C 1"})
    CHECK(lines(*Routed().facts(entries), Model::agent_offers, {"visit_no", "outcome"}) ==
          Lines{"1|ANSWERED"});
}

TEST_CASE("mluvii: in whichever order a list has the entries of one instant") {
  struct Course {
    std::string before, instant, after;
    Lines visits, offers;
    std::string request = "1";
  };
  const std::string queued = "C 1;E 6 g3", taken = queued + ";A 10 u5;X 16 u5;L 16 g3";
  const std::string visit = "3|4|6|10|ANSWERED|5", offer = "5|1|3|ANSWERED";
  const Course courses[] = {
      // The operator accepts at once, and the routing ends.
      {queued, "A 16 u5;X 16 u5;R 16", "", {"3|10|0|10|ANSWERED|5"}, {offer}},
      {queued, "A 16 u5;X 16 u5;L 16 g3;R 16", "", {"3|10|0|10|ANSWERED|5"}, {offer}},
      {"C 1", "E 6 g3;A 6 u5;X 6 u5;L 6 g3", "R 6", {"3|0|0|0|ANSWERED|5"}, {offer}},
      // One colleague is asked while another one accepts, or lets the offer pass.
      {queued + ";A 10 u5",
       "A 16 u6;X 16 u5",
       "",
       {"3|4|6|10|ANSWERED|5"},
       {offer, "6|1|3|CANCELLED"}},
      {queued + ";A 10 u5",
       "O 16 u5;A 16 u6;X 16 u6",
       "",
       {"3|4|6|10|ANSWERED|6"},
       {"5|1|3|NO_ANSWER", "6|1|3|ANSWERED"}},
      {queued + ";A 10 u5",
       "O 16 u5;A 16 u5;X 16 u5",
       "",
       {"3|4|6|10|ANSWERED|5"},
       {"5|1|3|NO_ANSWER", offer}},
      // The group's time is up while the operator accepts.
      {queued + ";A 10 u5", "T 16 g3;X 16 u5;R 16", "", {visit}, {offer}},
      // From queue to queue, also to the same one, and through one in no time.
      {queued + ";A 10 u5",
       "O 16 u5;T 16 g3;L 16 g3;E 16 g4;A 16 u6",
       "X 20 u6",
       {"3|4|6|NULL|QUEUE_TIMEOUT|5", "4|0|4|4|ANSWERED|6"},
       {"5|1|3|NO_ANSWER", "6|2|4|ANSWERED"}},
      {queued,
       "T 16 g3;L 16 g3;E 16 g3;A 16 u6",
       "X 20 u6",
       {"3|10|NULL|NULL|QUEUE_TIMEOUT|NULL", "3|0|4|4|ANSWERED|6"},
       {"6|2|3|ANSWERED"}},
      {"C 1",
       "E 6 g3;T 6 g3;E 6 g4;A 6 u6",
       "X 20 u6",
       {"3|0|NULL|NULL|QUEUE_TIMEOUT|NULL", "4|0|14|14|ANSWERED|6"},
       {"6|2|4|ANSWERED"}},
      // An operator hands on to a queue, whose operator is asked at once.
      {taken,
       "FG 40 g4 b5;E 40 g4;A 40 u6",
       "X 45 u6;R 45",
       {visit, "4|0|5|5|ANSWERED|6"},
       {offer, "6|2|4|ANSWERED"}},
      {queued + ";A 10 u5",
       "X 16 u5;L 16 g3;FG 16 g4 b5;E 16 g4;A 16 u6",
       "X 21 u6",
       {visit, "4|0|5|5|ANSWERED|6"},
       {offer, "6|2|4|ANSWERED"}},
      {"C 6",
       "E 6 g3;A 6 u5;X 6 u5;FG 6 g4 b5;E 6 g4;A 6 u6",
       "X 11 u6",
       {"3|0|0|0|ANSWERED|5", "4|0|5|5|ANSWERED|6"},
       {offer, "6|2|4|ANSWERED"}},
      // Before anyone accepted.
      {queued,
       "FG 16 g4;L 16 g3;E 16 g4;A 16 u6",
       "X 21 u6",
       {"3|10|NULL|NULL|FORWARDED|NULL", "4|0|5|5|ANSWERED|6"},
       {"6|2|4|ANSWERED"}},
      // From operator to operator.
      {queued + ";A 10 u5",
       "X 16 u5;FU 16 u6 b5;A 16 u6;X 16 u6;R 16",
       "",
       {visit},
       {offer, "6|NULL|NULL|ANSWERED"}},
      {queued + ";A 10 u5",
       "X 16 u5;IU 16 u6;A 16 u6",
       "O 30 u6",
       {visit},
       {offer, "6|NULL|NULL|NO_ANSWER"}},
      // Whom an operator invites comes in before the session is handed on.
      {queued, "IU 16 u6;X 16 u6;FG 16 g4 b5", "", {"3|10|NULL|10|ANSWERED|6"}, {}},
      // Out of the queue to a telephone.
      {queued + ";A 10 u5",
       "O 16 u5;L 16 g3;FP 16;R 16",
       "",
       {"3|4|6|NULL|FORWARDED|5"},
       {"5|1|3|NO_ANSWER"}},
      // Routed once more, where entries do not name their request.
      {queued + ";A 10 u5",
       "X 16 u5;R 16;C 16;E 16 g4;A 16 u6",
       "X 21 u6;R 21",
       {visit, "4|0|5|5|ANSWERED|6"},
       {offer, "6|2|4|ANSWERED"},
       ""},
  };
  const auto parts_of = [](const std::string& entries) {
    std::vector<std::string> parts;
    std::istringstream all{entries};
    for (std::string entry; std::getline(all, entry, ';');) parts.push_back(entry);
    return parts;
  };
  for (const Course& course : courses) {
    CAPTURE(course.instant);
    std::vector<std::string> instant = parts_of(course.instant);
    std::sort(instant.begin(), instant.end());
    std::set<Lines> all;
    do {
      std::vector<std::string> entries = parts_of(course.before);
      entries.insert(entries.end(), instant.begin(), instant.end());
      for (const std::string& entry : parts_of(course.after)) entries.push_back(entry);
      for (const bool newest_first : {false, true}) {
        std::string list;
        for (const std::string& entry : entries) list += (list.empty() ? "" : ";") + entry;
        const auto facts = Routed{.request = course.request}.facts(list);
        Lines told = short_visits(*facts);
        for (const std::string& each : short_offers(*facts)) told.push_back("> " + each);
        all.insert(told);
        if (!newest_first) std::reverse(entries.begin(), entries.end());
      }
    } while (std::next_permutation(instant.begin(), instant.end()));
    Lines expected = course.visits;
    for (const std::string& each : course.offers) expected.push_back("> " + each);
    CHECK(all == std::set<Lines>{expected});
  }
}

TEST_CASE("mluvii: the order of activities and operators in their lists does not matter") {
  const auto activity = [](int id, int second, const char* type) {
    return "{\"activityId\":" + std::to_string(id) + ",\"time\":" + Routed::time(second) +
           ",\"type\":\"" + type + "\"}";
  };
  const auto hold = [](std::vector<std::string> activities) {
    std::set<std::string> all;
    std::sort(activities.begin(), activities.end());
    do {
      std::string list;
      for (const std::string& each : activities) list += (list.empty() ? "" : ",") + each;
      all.insert(cell(*Routed{.more = ",\"activities\":[" + list + "]"}.facts("C 1"),
                      Model::interactions, 0, "hold_seconds"));
    } while (std::next_permutation(activities.begin(), activities.end()));
    REQUIRE(all.size() == 1);
    return *all.begin();
  };
  // From 60 to 120 and from 120 to 180; from 60 to 120; nothing at 60 and from 90 to 100.
  CHECK(hold({activity(1, 60, "OnHold"), activity(2, 120, "ResumeGuest"),
              activity(3, 120, "OnHold"), activity(4, 180, "ResumeGuest")}) == "120");
  CHECK(hold({activity(1, 60, "OnHold"), activity(2, 120, "ResumeGuest"),
              activity(3, 120, "OnHold"), activity(4, 120, "ResumeGuest")}) == "60");
  CHECK(hold({activity(1, 60, "OnHold"), activity(2, 60, "ResumeGuest"), activity(3, 90, "OnHold"),
              activity(4, 100, "ResumeGuest")}) == "10");
  const auto ends = [](const std::string& one, const std::string& other) {
    std::set<std::string> all;
    for (const bool turned : {false, true}) {
      const std::string list = turned ? other + "," + one : one + "," + other;
      const auto facts =
          Routed{.operators = "[" + list + "," + Routed::stay(7, 20, 30) + "]"}.facts("C 1");
      all.insert(cell(*facts, Model::interactions, 0, "first_agent_id") + " " +
                 cell(*facts, Model::interactions, 0, "last_agent_id"));
    }
    REQUIRE(all.size() == 1);
    return *all.begin();
  };
  // Both joined in one instant: the one who left first was the first.
  CHECK(ends(Routed::stay(5, 10, 100), Routed::stay(6, 10, 50)) == "6 5");
  CHECK(ends(Routed::stay(12, 10, 100), Routed::stay(6, 10, 100)) == "6 12");
}

TEST_CASE("mluvii: what a list has twice counts once") {
  const auto told = [](const std::string& keys) {
    Facts facts;
    Day day;
    day.add(R"({"id":1,"channel":"Phone","status":"CLOSED","created":"2024-05-02T08:00:00Z",)"
            R"("guestJoined":"2024-05-02T08:00:18Z","ended":"2024-05-02T08:05:00Z",)" +
            keys + "}")
        .map(facts, "session:1");
    std::string all =
        lines(facts, Model::interactions,
              {"dialog_count", "agent_count", "recording_count", "acw_seconds", "hold_seconds"})[0];
    for (const std::string& each : lines(facts, Model::dialogs,
                                         {"dialog_id", "active_seconds", "acw_seconds",
                                          "audio_video_recording", "custom_tag_id_list"}))
      all += "\n" + each;
    for (const std::string& each : lines(facts, Model::wrap_ups, {"agent_id", "name"}))
      all += "\n> " + each;
    all += "\n" + std::to_string(facts.rows(Model::recordings).size()) + " recordings, " +
           std::to_string(facts.rows(Model::queue_visits).size()) + " visits";
    return all;
  };
  struct List {
    std::string key, element, turned;
  };
  const List lists[] = {
      {"operators",
       R"({"userId":5,"joined":"2024-05-02T08:00:16Z","left":"2024-05-02T08:05:00Z","concluded":"2024-05-02T08:05:30Z"})",
       R"({"left":"2024-05-02T08:05:00Z","joined":"2024-05-02T08:00:16Z","concluded":"2024-05-02T08:05:30Z","userId":5})"},
      {"recordings", R"({"id":7,"userId":5})", R"({"userId":5,"id":7})"},
      {"tags", R"({"userId":5,"name":"t"})", R"({"name":"t","userId":5})"},
      {"chatbots", R"({"chatbotId":3,"name":"b"})", R"({"name":"b","chatbotId":3})"},
      {"activities", R"({"time":"2024-05-02T08:04:00Z","type":"OnHold"})",
       R"({"type":"OnHold","time":"2024-05-02T08:04:00Z"})"},
      {"routingHistory",
       R"({"routingRequestId":1,"timestamp":"2024-05-02T08:00:01Z","activityType":"EnteredGroupQueue"})",
       R"({"activityType":"EnteredGroupQueue","timestamp":"2024-05-02T08:00:01Z","routingRequestId":1})"},
  };
  const auto session = [&](const auto& list_of) {
    std::string keys;
    for (const List& list : lists)
      keys += (keys.empty() ? "\"" : ",\"") + list.key + "\":" + list_of(list);
    return told(keys);
  };
  const std::string expected = session([](const List& list) { return "[" + list.element + "]"; });
  // From 18 s to 300 s, without the hold since 240 s.
  CHECK(expected ==
        "3|1|1|30|60\n1:guest|NULL|30|NULL|[\"t\"]\n"
        "1:operator:5|282|30|[{\"id\":7,\"userId\":5}]|NULL\n"
        "1:chatbot:3|NULL|NULL|NULL|NULL\n> 5|t\n1 recordings, 1 visits");
  CHECK(session([](const List& list) { return "[" + list.element + "," + list.turned + "]"; }) ==
        expected);
}

TEST_CASE("mluvii: lists with other elements than objects, and other values than lists") {
  const auto told = [](const std::string& lists) {
    Facts facts;
    Day day;
    day.add(R"({"id":1,"companyId":7,"recordingsState":null,"channel":"Phone","status":"CLOSED",)"
            R"("created":"2024-05-02T08:00:00Z","guestJoined":"2024-05-02T08:00:18Z",)"
            R"("ended":"2024-05-02T08:05:00Z")" +
            lists + "}")
        .map(facts, "session:1");
    return lines(facts, Model::interactions,
                 {"dialog_count", "agent_count", "recording_count", "transfer_count",
                  "hold_seconds"})[0] +
           "|" + cell(facts, Model::dialogs, 0, "custom_tag_id_list") + "|" +
           std::to_string(facts.rows(Model::recordings).size()) + "|" +
           std::to_string(facts.rows(Model::queue_visits).size());
  };
  const std::pair<std::string, std::string> lists[] = {
      {"operators", R"({"userId":5,"joined":"2024-05-02T08:00:16Z"})"},
      {"recordings", R"({"id":7,"userId":5})"},
      {"tags", R"({"userId":5,"name":"t"})"},
      {"chatbots", R"({"chatbotId":3,"name":"b"})"},
      {"activities", R"({"time":"2024-05-02T08:04:00Z","type":"OnHold"})"},
      {"routingHistory",
       R"({"routingRequestId":1,"timestamp":"2024-05-02T08:00:01Z","activityType":"EnteredGroupQueue"})"},
  };
  const auto session = [&](const std::string& before, const std::string& after) {
    std::string keys;
    for (const auto& [key, element] : lists) keys += ",\"" + key + "\":" + before + element + after;
    return told(keys);
  };
  const std::string expected = R"(3|1|1|0|60|["t"]|1|1)";
  CHECK(session("[", "]") == expected);
  CHECK(session("[null,", R"(,"text",7,[{"id":8}]])") == expected);
  CHECK(session("", "") == expected);  // one object is a list of one
  const auto instead = [&](const std::string& value) {
    std::string keys;
    for (const auto& list : lists) keys += ",\"" + list.first + "\":" + value;
    return told(keys);
  };
  CHECK(told("") == "1|NULL|NULL|NULL|NULL|NULL|0|0");
  for (const char* other : {"null", "\"text\"", "7", "true"}) {
    CAPTURE(other);
    CHECK(instead(other) == told(""));
  }
  CHECK(instead("[]") == "1|0|0|0|NULL|NULL|0|0");
}

TEST_CASE("mluvii: events of agents, queues and the customer") {
  const auto facts = sample(880120);
  CHECK(
      lines(*facts, Model::agent_events,
            {"seq", "event", "event_time", "agent_id", "agent_name", "queue_id", "dialog_id",
             "duration_seconds"}) ==
      Lines{"1|AssignedToOperator|2024-05-02 08:30:12.250|501|Jana "
            "Vzorová|22|880120:operator:501|NULL",
            "2|AcceptedByOperator|2024-05-02 08:30:20.250|501|Jana "
            "Vzorová|22|880120:operator:501|NULL",
            "3|joined|2024-05-02 08:30:20.250|501|Jana Vzorová|NULL|880120:operator:501|NULL",
            "4|forwardedByOperator|2024-05-02 08:34:50.000|501|Jana "
            "Vzorová|22|880120:operator:501|NULL",
            "5|ForwardedToUser|2024-05-02 08:34:50.000|504|Karel "
            "Zkušební|22|880120:operator:504|NULL",
            "6|AssignedToOperator|2024-05-02 08:34:50.100|504|Karel "
            "Zkušební|NULL|880120:operator:504|NULL",
            "7|left|2024-05-02 08:35:00.000|501|Jana Vzorová|NULL|880120:operator:501|NULL",
            "8|AcceptedByOperator|2024-05-02 08:35:10.000|504|Karel "
            "Zkušební|NULL|880120:operator:504|NULL",
            "9|joined|2024-05-02 08:35:10.000|504|Karel Zkušební|NULL|880120:operator:504|NULL",
            "10|left|2024-05-02 08:40:00.000|504|Karel Zkušební|NULL|880120:operator:504|NULL",
            "11|concluded|2024-05-02 08:40:45.125|504|Karel Zkušební|NULL|880120:operator:504|NULL",
            "12|concluded|2024-05-02 08:41:30.000|501|Jana Vzorová|NULL|880120:operator:501|NULL"});
  CHECK(lines(*sample(880116), Model::queue_events,
              {"seq", "event", "event_time", "queue_id", "queue_name"}) ==
        Lines{"1|EnteredGroupQueue|2024-05-02 07:40:00.100|22|Podpora",
              "2|GroupQueueTimeoutExpired|2024-05-02 07:41:00.100|22|Podpora",
              "3|LeftGroupQueue|2024-05-02 07:41:00.100|22|Podpora",
              "4|EnteredGroupQueue|2024-05-02 07:41:00.100|21|Prodej",
              "5|LeftGroupQueue|2024-05-02 07:41:20.100|21|Prodej"});
  CHECK(lines(*sample(880102), Model::customer_events,
              {"seq", "event", "event_time", "customer_id"}) ==
        Lines{"1|guestJoined|2024-05-02 06:05:00.000|30102",
              "2|ChatMessage|2024-05-02 06:05:01.000|30102",
              "3|OnHold|2024-05-02 06:07:00.000|30102",
              "4|ResumeGuest|2024-05-02 06:08:30.000|30102",
              "5|GuestLeft|2024-05-02 06:12:30.250|30102"});
  CHECK(
      lines(*sample(880104), Model::customer_events, {"event", "event_time"}) ==
      Lines{"phoneCallbackDialed|2024-05-02 06:20:35.500", "guestJoined|2024-05-02 06:20:48.250"});
  // An operator's stays are told apart by the time of joining.
  const auto twice =
      lines(*sample(880131), Model::agent_events, {"agent_id", "event", "dialog_id"});
  CHECK(std::count(twice.begin(), twice.end(), "501|AcceptedByOperator|880131:operator:501") == 1);
  CHECK(std::count(twice.begin(), twice.end(), "501|AcceptedByOperator|880131:operator:501:2") ==
        1);
  CHECK(facts->rows(Model::ivr_events).size() == 0);
}

TEST_CASE("mluvii: dialogs of guest, operators and chatbots") {
  const auto sides = [](int session, std::initializer_list<std::string_view> columns) {
    return lines(*sample(session), Model::dialogs, columns);
  };
  CHECK(sides(880127, {"dialog_id", "dialog_type", "business_direction", "business_end_cause",
                       "start_time", "hangup_time", "serve_time", "talking_time", "alert_time",
                       "answer_time", "waiting_time", "first_queue_waiting_time", "outcome"}) ==
        Lines{"880127:guest|EXTERNAL|INBOUND|LeftSession|2024-05-02 09:30:00.000|"
              "2024-05-02 09:36:00.000|2024-05-02 09:31:30.000|270000|NULL|"
              "2024-05-02 09:30:00.000|18000|8000|NULL",
              "880127:operator:502|CONSULTANT|INBOUND|NULL|2024-05-02 09:31:20.000|"
              "2024-05-02 09:36:00.000|2024-05-02 09:31:30.000|270000|2024-05-02 09:31:20.000|"
              "2024-05-02 09:31:30.000|NULL|NULL|ANSWERED",
              "880127:chatbot:9|BOT|INBOUND|NULL|2024-05-02 09:30:00.500|2024-05-02 09:31:12.000|"
              "NULL|NULL|NULL|2024-05-02 09:30:00.500|NULL|NULL|NULL"});
  CHECK(
      sides(880127, {"tenant_user", "virtual_agent", "linked_dialogs", "virtual_agent_id",
                     "virtual_agent_name", "initial_media"}) ==
      Lines{
          R"(NULL|NULL|["880127:operator:502","880127:chatbot:9"]|NULL|NULL|["chat"])",
          R"({"id":"502","username":"ppriklad","firstname":"Petr","surname":"Příklad","display_name":"Petr Příklad"}|NULL|["880127:guest","880127:chatbot:9"]|NULL|NULL|["chat"])",
          R"(NULL|{"id":"9","name":"Pomocník"}|["880127:guest","880127:operator:502"]|9|Pomocník|["chat"])"});
  CHECK(
      sides(880101, {"tenant_user_id", "tenant_user_username", "tenant_user_firstname",
                     "tenant_user_surname", "tenant_user_display_name", "note",
                     "from_display_target", "to_display_target", "end_cause", "initial_media"}) ==
      Lines{
          R"(NULL|NULL|NULL|NULL|NULL|NULL|48500000101|48123456789|GuestLeft|["audio"])",
          R"(501|jvzorova|Jana|Vzorová|Jana Vzorová|Dotaz na fakturu vyřešen|48500000101|48123456789|NULL|["audio"])"});
  CHECK(sides(880104, {"from_display_target", "to_display_target", "alert_time"}) ==
        Lines{"NULL|48500000104|2024-05-02 06:20:35.500",
              "NULL|48500000104|2024-05-02 06:20:25.000"});
  CHECK(sides(880102, {"contact_id", "custom_tag_id_list", "variables"}) ==
        Lines{R"(30102|["doprava","cenik"]|{"zakaznik":"novy","stranka":"cenik"})",
              "NULL|NULL|NULL"});
  const auto recorded = sides(880103, {"audio_video_recording", "initial_media"});
  CHECK(recorded[0] == R"(NULL|["audio","video"])");
  CHECK(recorded[1].starts_with(R"([{"id":71032,"name":"880103-op.mp4")"));
  CHECK(sides(880131, {"dialog_id", "in_queue_seconds", "waiting_seconds", "active_seconds",
                       "acw_seconds"}) ==
        Lines{"880131:guest|20|9.9|720|45.5", "880131:operator:501|9.9|9.9|270|60",
              "880131:operator:502|NULL|19.9|280|10", "880131:operator:501:2|NULL|119.9|480|45.5"});
  // An operator's side of a call without a conversation.
  CHECK(sides(880107, {"outcome"}) == Lines{"NULL", "NO_ANSWER"});
  CHECK(sides(880109, {"outcome"}) == Lines{"NULL", "REJECTED"});
  CHECK(sides(880111, {"outcome"}) == Lines{"NULL", "CANCELLED"});
  CHECK(sides(880110, {"outcome"}) == Lines{"NULL", "FAILED"});
  CHECK(sides(880101, {"anonymous"})[0].starts_with(R"({"tempId":990101,)"));
}

TEST_CASE("mluvii: a duration that there cannot be is noted and not used") {
  const auto said = [](const std::string& durations) {
    const auto facts =
        Routed{.operators = "[" + Routed::stay(501, 16, 100) + "]", .more = "," + durations}.facts(
            "C 1;A 10 u501;X 16 u501");
    return cell(*facts, Model::interactions, 0, "active_seconds") + " " +
           cell(*facts, Model::interactions, 0, "handle_seconds") + " " +
           cell(*facts, Model::dialogs, 0, "talking_time") + " " +
           cell(*facts, Model::dialogs, 0, "waiting_time") + " " +
           cell(*facts, Model::interactions, 0, "mapping");
  };
  CHECK(said(R"("length":"PT84S","waited":"PT16S")") == "84 84 84000 16000 NULL");
  CHECK(
      said(R"("length":"-PT5S","waited":"-PT1S")") ==
      R"(NULL NULL NULL NULL {"inconsistent":["ACTIVE of -5 s is negative","WAITING of -1 s is negative"]})");
  CHECK(
      said(R"("length":"PT5M","waited":"PT4M")") ==
      R"(NULL NULL NULL NULL {"inconsistent":["ACTIVE of 300 s is longer than the call of 200 s","WAITING of 240 s is longer than the call of 200 s"]})");
  CHECK(said(R"("length":"abc","waited":"5 minutes")") == "NULL NULL NULL NULL NULL");
  const auto facts = Routed{.more = R"(,"recordings":[{"id":1,"started":)" + Routed::time(20) +
                                    R"(,"duration":"-PT5S"}])"}
                         .facts("C 1");
  CHECK(cell(*facts, Model::recordings, 0, "stop_time") == "NULL");
}

TEST_CASE("mluvii: recordings") {
  CHECK(
      lines(*sample(880103), Model::recordings,
            {"recording_id", "dialog_id", "media", "start_time", "stop_time", "urls"}) ==
      Lines{
          R"(71031|NULL|video|2024-05-02 06:10:24.250|2024-05-02 06:25:15.500|["https://mluvii.example/files/880103-all.mp4"])",
          R"(71032|880103:operator:503|video|2024-05-02 06:10:24.250|2024-05-02 06:25:15.500|["https://mluvii.example/files/880103-op.mp4"])",
          R"(71033|880103:guest|video|2024-05-02 06:10:25.000|NULL|["https://mluvii.example/files/880103-guest.mp4"])",
          R"(71034|NULL|screen|2024-05-02 06:15:00.000|2024-05-02 06:16:00.000|[])"});
}

TEST_CASE("mluvii: an operator's state lasts until the next change") {
  const auto states_of = [](const char* user) {
    Facts facts;
    samples().map(facts, user);
    return lines(
        facts, Model::agent_states,
        {"interaction_id", "agent_id", "state", "reason", "is_paid", "start_time", "end_time"});
  };
  CHECK(states_of("user:502") ==
        Lines{"NULL|502|ONLINE|NULL|NULL|2024-05-02 06:00:00.000|2024-05-02 08:05:00.000",
              "NULL|502|BREAK|Káva|1|2024-05-02 08:05:00.000|2024-05-02 08:12:30.500",
              "NULL|502|ONLINE|NULL|NULL|2024-05-02 08:12:30.500|2024-05-02 13:30:00.000",
              "NULL|502|AWAY|NULL|NULL|2024-05-02 13:30:00.000|2024-05-02 13:45:00.000",
              "NULL|502|OFFLINE|NULL|NULL|2024-05-02 13:45:00.000|NULL"});
  CHECK(states_of("user:503") ==  // listed in a different order
        Lines{"NULL|503|ONLINE|NULL|NULL|2024-05-02 06:55:00.000|2024-05-02 06:59:58.000",
              "NULL|503|BEFORE_CALL|NULL|NULL|2024-05-02 06:59:58.000|2024-05-02 07:30:00.000",
              "NULL|503|DISCONNECTED|NULL|NULL|2024-05-02 07:30:00.000|NULL"});
  CHECK(states_of("user:501")[4] ==
        "NULL|501|BREAK|Oběd|0|2024-05-02 09:45:00.000|2024-05-02 10:05:00.000");
}

// However a timeline arrives, the facts are the same.
TEST_CASE("mluvii: a timeline inside the session, beside it, entry by entry, or twice") {
  const std::string timeline =
      R"([{"routingRequestId":5,"timestamp":"2024-05-02T08:00:01.000001+02:00","activityType":"RoutingRequestCreated"},
          {"routingRequestId":5,"timestamp":"2024-05-02T08:00:01.000001+02:00","activityType":"EnteredGroupQueue","group":{"id":2,"name":"B"}},
          {"routingRequestId":5,"timestamp":"2024-05-02T08:00:05+02:00","activityType":"AssignedToOperator","operator":{"userId":9,"firstName":"A","lastName":"B"}},
          {"routingRequestId":5,"timestamp":"2024-05-02T08:00:09+02:00","activityType":"LeftGroupQueue","group":{"id":2,"name":"B"}},
          {"routingRequestId":5,"timestamp":"2024-05-02T08:00:09+02:00","activityType":"AcceptedByOperator","operator":{"userId":9,"firstName":"A","lastName":"B"}}])";
  const std::string head =
      R"({"id":1,"companyId":7,"recordingsState":null,"created":"2024-05-02T08:00:00+02:00")";
  const std::string session = head + "}";
  const std::string inside = head + ",\"routingHistory\":" + timeline + "}";
  const std::string document = R"({"sessionId":"1","routingHistory":)" + timeline + "}";
  const auto told = [](const Day& day) {
    Facts facts;
    day.map(facts, "session:1");
    Lines all;
    for (const Model model : {Model::interactions, Model::agent_events, Model::queue_events,
                              Model::queue_visits, Model::state_durations})
      for (std::size_t row = 0; row < facts.rows(model).size(); ++row)
        for (const Value& value : facts.rows(model)[row]) all.push_back(shown(value));
    return all;
  };
  Day within, beside, entries, twice;
  const Lines expected = told(within.add(inside));
  CHECK(std::count(expected.begin(), expected.end(), "AcceptedByOperator") == 1);
  CHECK(told(beside.add(session).add(document)) == expected);
  CHECK(told(entries.add(timeline, "x/Sessions/1/routingHistory.json").add(session)) == expected);
  CHECK(told(twice.add(timeline, "Sessions/1/routingHistory.json").add(document).add(inside)) ==
        expected);
  // The sample has the timeline twice: inside the session and at its own path.
  CHECK(sample(880137)->rows(Model::queue_visits).size() == 1);
  CHECK(sample(880137)->rows(Model::queue_events).size() == 2);
}

TEST_CASE("mluvii: attaching a routing history to a session") {
  Document document;
  REQUIRE(!document.parse_copy(R"({"id":1,"companyId":7,"recordingsState":null})"));
  const Node session = document.root();
  CHECK(mluvii.attach_routing(session, R"([ {"routingRequestId": 5} ])") ==
        R"({"sessionId":"1","routingHistory":[{"routingRequestId":5}]})");
  CHECK(mluvii.attach_routing(session, R"({"sessionId":2,"routingHistory":[]})") ==
        R"({"sessionId":"1","routingHistory":[]})");
  CHECK_THROWS(mluvii.attach_routing(session, "{}"));
  CHECK_THROWS(mluvii.attach_routing(session, "5"));
  CHECK_THROWS(mluvii.attach_routing(session, "["));
}

TEST_CASE("mluvii: webhooks tell what no session does, and never replace one") {
  const auto facts = sample(880138);
  CHECK(lines(*facts, Model::interactions,
              {"channel", "direction", "end_time", "first_agent_id", "acw_seconds"}) ==
        Lines{"chat|INBOUND|2024-05-02 11:34:12.000|502|40.5"});
  CHECK(lines(*facts, Model::dialogs, {"dialog_id", "answer_time", "hangup_time"}) ==
        Lines{"880138:guest|NULL|2024-05-02 11:34:12.000",
              "880138:operator:502|2024-05-02 11:30:12.000|2024-05-02 11:34:12.000"});
  CHECK(lines(*facts, Model::customer_events, {"event", "event_time"}) ==
        Lines{"ChatMessage|2024-05-02 11:30:20.000"});
  Facts merged;
  Day day;
  day.add(
         R"({"id":1,"companyId":7,"recordingsState":null,"status":"ACTIVE","channel":"Phone","ended":null,"operators":[{"userId":5,"joined":"2024-05-02T08:00:00Z"}]})")
      .add(
          R"({"eventType":"SessionEnded","data":{"id":1,"channel":"Chat","ended":"2024-05-02T08:09:00Z"}})")
      .add(
          R"({"eventType":"SessionOperatorLeft","data":{"id":1,"userId":5,"time":"2024-05-02T08:09:00Z"}})")
      .map(merged, "session:1");
  CHECK(lines(merged, Model::interactions, {"channel", "end_time", "agent_count"}) ==
        Lines{"voice|2024-05-02 08:09:00.000|1"});
}

// A webhook may be lost or not sent: an operator without a time of leaving left at the session's
// end.
TEST_CASE("mluvii: the last operator is who left last, where that is told") {
  const auto last = [](std::string_view operators, std::string_view ended) {
    Facts facts;
    Day day;
    day.add(R"({"id":1,"companyId":7,"recordingsState":null,"created":"2024-05-02T08:00:00Z",
                "guestJoined":"2024-05-02T08:00:00Z","operators":)" +
            std::string(operators) + std::string(ended) + "}")
        .map(facts, "session:1");
    return cell(facts, Model::interactions, 0, "first_agent_id") + " " +
           cell(facts, Model::interactions, 0, "last_agent_id");
  };
  const auto entry = [](int user, std::string_view joined, std::string_view left) {
    std::string text = "{\"userId\":" + std::to_string(user) +
                       ",\"joined\":\"2024-05-02T08:" + std::string(joined) + "Z\"";
    if (!left.empty()) text += ",\"left\":\"2024-05-02T08:" + std::string(left) + "Z\"";
    return text + "}";
  };
  constexpr std::string_view at_ten = R"(,"status":"CLOSED","ended":"2024-05-02T08:10:00Z")";
  constexpr std::string_view closed = R"(,"status":"CLOSED")";
  const auto both = [](const std::string& one, const std::string& other) {
    return "[" + one + "," + other + "]";
  };
  const std::string first_untold = both(entry(1, "01:00", ""), entry(2, "05:00", "10:00"));
  CHECK(last(first_untold, at_ten) == "1 2");
  CHECK(last(first_untold, closed) == "1 2");
  CHECK(last(first_untold, "") == "1 1");  // still open: the operator is in the session
  CHECK(last(both(entry(1, "01:00", ""), entry(2, "05:00", "09:59.700")), at_ten) == "1 2");
  // One operator stayed until the end, and the other did not.
  CHECK(last(both(entry(1, "01:00", ""), entry(2, "05:00", "06:00")), at_ten) == "1 1");
  CHECK(last(both(entry(1, "01:00", "05:30"), entry(2, "05:00", "")), at_ten) == "1 2");
  CHECK(last(both(entry(1, "01:00", ""), entry(2, "05:00", "")), at_ten) == "1 2");
  Facts facts;
  Day webhooks;
  for (const std::string data :
       {R"(Started","data":{"id":1,"started":"2024-05-02T08:00:00Z")",
        R"(OperatorJoined","data":{"id":1,"userId":1,"time":"2024-05-02T08:00:10Z")",
        R"(Forwarded","data":{"id":1,"userId":2,"time":"2024-05-02T08:03:00Z")",
        R"(OperatorJoined","data":{"id":1,"userId":2,"time":"2024-05-02T08:03:10Z")",
        R"(Ended","data":{"id":1,"ended":"2024-05-02T08:10:00Z")",
        R"(OperatorLeft","data":{"id":1,"userId":2,"time":"2024-05-02T08:10:00Z")"})
    webhooks.add(R"({"eventType":"Session)" + data + "}}");
  webhooks.map(facts, "session:1");
  CHECK(lines(facts, Model::interactions, {"first_agent_id", "last_agent_id", "transfer_count"}) ==
        Lines{"1|2|1"});
}

// Every field of the vendor's tables is reachable: a record with each key, and each column read.
TEST_CASE("mluvii: every field of the tables has its value") {
  struct Case {
    const char* table;
    std::string json;
  };
  const auto quoted = [](const Field& field) -> std::string {
    switch (field.kind) {
      case Kind::integer:
        return "5";
      case Kind::boolean:
        return "true";
      case Kind::zoned:
        return "\"2024-05-02T16:05:24.454661+02:00\"";
      case Kind::duration:
        return "\"PT1M23.4S\"";
      case Kind::list:
      case Kind::elements:
        return R"([{"a":1.50}])";
      case Kind::object:
      case Kind::json:
        return R"({"a":1.50})";
      default:
        return "\"<" + std::string(field.column) + ">\"";
    }
  };
  const auto expected = [](const Field& field) -> std::string {
    switch (field.kind) {
      case Kind::integer:
        return "5";
      case Kind::boolean:
        return "1";
      case Kind::zoned:
        return "2024-05-02 14:05:24.454";
      case Kind::duration:
        return "PT1M23.4S";
      case Kind::list:
      case Kind::elements:
        return R"([{"a":1.50}])";
      case Kind::object:
      case Kind::json:
        return R"({"a":1.50})";
      default:
        return "<" + std::string(field.column) + ">";
    }
  };
  for (const VendorTable& table : mluvii.tables) {
    for (const Field& field : table.fields) {
      const std::string_view first = field.key.substr(0, field.key.find('|'));
      const bool at_root = first.starts_with('/');
      const std::string_view key = at_root ? first.substr(1) : first;
      const std::size_t dot = key.find('.');
      const std::string member = dot == std::string_view::npos
                                     ? "\"" + std::string(key) + "\":" + quoted(field)
                                     : "\"" + std::string(key.substr(0, dot)) + "\":{\"" +
                                           std::string(key.substr(dot + 1)) +
                                           "\":" + quoted(field) + "}";
      // The last origin that can hold the field: the record itself for a key that begins with '/'.
      std::string json;
      if (table.name == "mluvii_session")
        json = at_root ? "{\"data\":{}," + member + "}"
                       : "{" + std::string(key == "id" ? "" : "\"id\":null,") +
                             (key == "avSupport" ? "\"waited\":null," : "\"avSupport\":null,") +
                             member + "}";
      if (table.name == "mluvii_operator")
        json = at_root ? "{" + member + ",\"avSupport\":null,\"operators\":[{}]}"
                       : "{\"id\":null,\"avSupport\":null,\"operators\":[{" + member + "}]}";
      if (table.name == "mluvii_activity")
        json = at_root ? "{\"avSupport\":null," + member + ",\"activities\":[{}]}"
                       : "{\"id\":null,\"avSupport\":null,\"activities\":[{" + member + "}]}";
      if (table.name == "mluvii_recording")
        json = at_root ? "{\"avSupport\":null," + member + ",\"recordings\":[{}]}"
                       : "{\"id\":null,\"avSupport\":null,\"recordings\":[{" + member + "}]}";
      if (table.name == "mluvii_routing")
        json = at_root ? "{" + member + ",\"routingHistory\":[{}]}"
                       : "{\"id\":1,\"routingHistory\":[{" + member + "}]}";
      if (table.name == "mluvii_operator_state") {
        json = "{" + member;
        if (key != "userId") json += ",\"userId\":1";
        if (key != "stateKind") json += ",\"stateKind\":\"ONLINE\"";
        json += "}";
      }
      CAPTURE(json);
      Day day;
      day.add(json);
      const auto rows = table_rows(table.name, day.records().front());
      REQUIRE(rows.size() == 1);
      CHECK(field_value(table.name, rows.front(), field.column) == expected(field));
      CHECK(rows.front().back() == "NULL");  // no field is left over
    }
  }
}

TEST_CASE("mluvii: what has no column, or does not convert, is kept in extra") {
  const auto extra = [](std::string_view table, int session) {
    for (const Record& record : samples().records())
      if (record.resource->name == "session" &&
          text_of(record.root["id"]) == std::to_string(session)) {
        const auto rows = table_rows(table, record);
        REQUIRE(!rows.empty());
        return rows.front().back();
      }
    return std::string("no such session");
  };
  CHECK(extra("mluvii_session", 880134) == R"({"guest.city":"Brno","priority":"high"})");
  CHECK(extra("mluvii_operator", 880134) == R"({"skill":"video"})");
  CHECK(extra("mluvii_session", 880101) == "NULL");
  CHECK(extra("mluvii_operator", 880101) == "NULL");
  CHECK(extra("mluvii_activity", 880102) == "NULL");
  CHECK(extra("mluvii_routing", 880102) == "NULL");
  Day day;
  day.add(
      R"({"id":1,"companyId":7,"recordingsState":null,"created":"yesterday","guestFeedbackStars":"many"})");
  const auto rows = table_rows("mluvii_session", day.records().front());
  CHECK(field_value("mluvii_session", rows.front(), "created") == "NULL");
  CHECK(rows.front().back() == R"({"created":"yesterday","guestFeedbackStars":"many"})");
  Day durations;
  durations.add(
      R"({"id":1,"companyId":7,"length":"abc","waited":" PT5S","recordings":[{"duration":"PT"}]})");
  const Record& record = durations.records().front();
  const auto odd = table_rows("mluvii_session", record).front();
  CHECK(field_value("mluvii_session", odd, "length") == "NULL");
  CHECK(field_value("mluvii_session", odd, "waited") == " PT5S");
  CHECK(odd.back() == R"({"length":"abc"})");
  CHECK(table_rows("mluvii_recording", record).front().back() == R"({"duration":"PT"})");
}

TEST_CASE("mluvii: rows of the vendor's tables from the samples") {
  const auto rows_of = [](std::string_view table, std::string_view resource, std::string_view id) {
    std::vector<std::vector<std::string>> rows;
    for (const Record& record : samples().records()) {
      if (record.resource->name != resource) continue;
      std::string record_id;
      record.resource->record_id(record, record_id);
      if (!record_id.starts_with(id)) continue;
      for (auto& row : table_rows(table, record)) rows.push_back(std::move(row));
    }
    return rows;
  };
  const auto session = rows_of("mluvii_session", "session", "880129").front();
  CHECK(field_value("mluvii_session", session, "created") == "2024-05-02 06:58:58.888");
  CHECK(field_value("mluvii_session", session, "waited") == "PT21S");
  CHECK(field_value("mluvii_session", session, "length") == "PT5M");
  CHECK(field_value("mluvii_session", session, "event_type") == "NULL");
  const auto strings = rows_of("mluvii_session", "session", "880134").front();
  CHECK(field_value("mluvii_session", strings, "blacklisted") == "0");
  CHECK(field_value("mluvii_session", strings, "guest_feedback_stars") == "4");
  CHECK(field_value("mluvii_session", strings, "guest_feedback_text") == "NULL");
  const auto hook = rows_of("mluvii_session", "webhook", "SessionEnded").front();
  CHECK(field_value("mluvii_session", hook, "id") == "880138");
  CHECK(field_value("mluvii_session", hook, "department_id") == "70");
  CHECK(field_value("mluvii_session", hook, "event_type") == "SessionEnded");
  CHECK(field_value("mluvii_session", hook, "ended") == "2024-05-02 11:34:12.000");
  CHECK(hook.back() == "NULL");
  const auto routing = rows_of("mluvii_routing", "routing", "880120|2024-05-02T10:34:50.000000");
  REQUIRE(routing.size() == 1);
  CHECK(field_value("mluvii_routing", routing[0], "session_id") == "880120");
  CHECK(field_value("mluvii_routing", routing[0], "forwarded_by_operator_last_name") == "Vzorová");
  CHECK(rows_of("mluvii_routing", "routing_history", "880115").size() == 12);
  CHECK(rows_of("mluvii_routing", "session", "880102").size() == 5);
  const auto activities = rows_of("mluvii_activity", "session", "880102");
  REQUIRE(activities.size() == 6);
  CHECK(field_value("mluvii_activity", activities[4], "file_download_url") ==
        "https://mluvii.example/files/cenik.pdf");
  CHECK(rows_of("mluvii_operator", "session", "880131").size() == 3);
  CHECK(rows_of("mluvii_operator_state", "operator_state", "501").size() == 7);
}

TEST_CASE("mluvii: the mapping names every column once, and fills no other") {
  const std::vector<MappingDoc> docs = mluvii.mapping();
  std::set<std::pair<Model, std::string_view>> documented;
  for (const MappingDoc& doc : docs) {
    CAPTURE(doc.column);
    // A dialog's states are computed in one way for the guest and in another for an operator.
    const bool is_new = documented.emplace(doc.table, doc.column).second;
    CHECK((is_new || doc.table == Model::dialogs));
    CHECK(table_of(doc.table).find(doc.column) >= 0);
    CHECK(!doc.from.empty());
  }
  std::set<std::string> links;
  for (const Record& record : samples().records()) {
    Links of_record;
    record.resource->links(record, of_record);
    for (const Links::Link& link : of_record.all()) links.insert(link.id);
  }
  std::set<std::pair<Model, std::string_view>> filled;
  for (const std::string& link : links) {
    Facts facts;
    samples().map(facts, link);
    for (std::size_t m = 0; m < model_count; ++m) {
      const RowSet& rows = facts.rows(static_cast<Model>(m));
      for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t column = 0; column < rows.width(); ++column)
          if (!rows[row][column].is_null())
            filled.emplace(static_cast<Model>(m), rows.table().columns[column].name);
    }
  }
  CHECK(filled == documented);  // the samples reach every documented column
}

}  // namespace of_mluvii
