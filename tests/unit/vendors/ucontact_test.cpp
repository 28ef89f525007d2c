// uContact: the records on the vendor's page, and how the rows of a call become an interaction. The
// records of the day are in samples/ucontact/day.json, in Montevideo's time (UTC-3).
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "json/document/document.hpp"
#include "vendors/vendor.hpp"

namespace cdr {
extern const Vendor ucontact;
}
using namespace cdr;

namespace of_ucontact {

namespace {

// The problems found while reading, as 'code path'.
class Heard : public ProblemSink {
 public:
  void report(const Problem& problem) override {
    texts.push_back(problem.path + ": " + problem.message);
  }
  std::vector<std::string> texts;
};

// Records from a text, parsed as far as these tests need: one value, an array, an object of named
// records, or lines of either kind.
class Records {
 public:
  explicit Records(const std::string& text, const Zone& zone = {})
      : zone_(std::make_unique<Zone>(zone)) {
    read(text);
  }
  static Records of_sample(const std::string& name, const Zone& zone = {}) {
    std::ifstream file(std::string(CDR_SAMPLES "/ucontact/") + name);
    REQUIRE_MESSAGE(file, "cannot read the sample " << name);
    std::ostringstream text;
    text << file.rdbuf();
    return Records(text.str(), zone);
  }

  const std::vector<Record>& all() const { return records_; }
  std::vector<std::string> resources() const {
    std::vector<std::string> names;
    for (const Record& each : records_)
      names.emplace_back(each.resource ? each.resource->name : "?");
    return names;
  }
  Heard& heard() { return *heard_; }

 private:
  void read(const std::string& text) {
    if (add(text)) return;
    std::istringstream lines(text);
    for (std::string line, json; std::getline(lines, line);) {
      if (add(line)) continue;
      REQUIRE_MESSAGE(ucontact.record_of_line(line, json), "neither JSON nor a list's line");
      REQUIRE(add(json));
    }
  }
  bool add(const std::string& json) {
    auto document = std::make_unique<Document>();
    if (document->parse_copy(json)) return false;
    const Node root = document->root();
    documents_.push_back(std::move(document));
    const bool keyed =
        root.is_object() && root.size() > 0 && (*root.children().begin()).is_object();
    if (root.is_array() || keyed)
      for (const Node child : root.children()) add(child, keyed ? child.key() : "");
    else
      add(root, "");
    return true;
  }
  void add(Node root, std::string_view member) {
    Record record;
    record.resource = recognise(root).resource;
    record.root = root;
    record.source = "ucontact";
    record.zone = zone_.get();
    record.member = member;
    record.sink = heard_.get();
    records_.push_back(record);
  }

  std::unique_ptr<Zone> zone_;
  std::unique_ptr<Heard> heard_ = std::make_unique<Heard>();
  std::vector<std::unique_ptr<Document>> documents_;
  std::vector<Record> records_;
};

std::string shown(const Value& value) {
  char number[64];
  switch (value.type()) {
    case Value::Type::null:
      return "NULL";
    case Value::Type::integer:
      return std::to_string(value.as_integer());
    case Value::Type::real:
      std::snprintf(number, sizeof number, "%.3f", value.as_real());
      return number;
    case Value::Type::text:
      return std::string(value.as_text());
  }
  return "";
}

const VendorTable& vendor_table(std::string_view name) {
  for (const VendorTable& each : ucontact.tables)
    if (each.name == name) return each;
  throw std::runtime_error("no such table: " + std::string(name));
}

// A record's row in a vendor table: 'column=value' of each value that is not NULL, one per line.
std::string row_of(const Record& record, std::string_view table,
                   std::set<std::string>* filled = nullptr) {
  const auto fields = vendor_table(table).fields;
  const FieldReader reader(fields);
  std::vector<Value> cells(fields.size());
  Arena arena;
  const Value extra = reader.read(record, record.root, ColumnSet::all(), 0, true, cells, arena);
  std::string row;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (cells[i].is_null()) continue;
    row += std::string(fields[i].column) + '=' + shown(cells[i]) + '\n';
    if (filled != nullptr) filled->insert(std::string(fields[i].column));
  }
  if (!extra.is_null()) row += "extra=" + shown(extra) + '\n';
  return row;
}

std::string id_of(const Record& record) {
  std::string id;
  record.resource->record_id(record, id);
  return id;
}

std::string cell(const Facts& facts, Model model, std::size_t row, std::string_view column) {
  const int at = table_of(model).find(column);
  REQUIRE_MESSAGE(at >= 0, "no column " << column);
  return shown(facts.rows(model)[row][static_cast<std::size_t>(at)]);
}

// Some columns of all rows: 'a|b|c' each.
std::vector<std::string> rows(const Facts& facts, Model model,
                              const std::vector<std::string>& columns) {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < facts.rows(model).size(); ++row) {
    std::string text;
    for (const std::string& column : columns)
      text += (text.empty() ? "" : "|") + cell(facts, model, row, column);
    all.push_back(text);
  }
  return all;
}

using Lines = std::vector<std::string>;

// The facts of the call whose guid begins with the text, from all of its rows.
struct CallFacts {
  Facts facts;
  explicit CallFacts(const std::vector<Record>& records, std::string_view guid = "") {
    std::vector<Record> of_call;
    for (const Record& each : records) {
      Links links;
      if (each.resource != nullptr && each.resource->links != nullptr)
        each.resource->links(each, links);
      if (!links.empty() && links.all().front().id.starts_with(guid)) of_call.push_back(each);
    }
    if (guid.empty()) of_call = records;
    ucontact.map(of_call, Wanted::everything(), facts);
  }
};

const Records& day() {
  static const Records records = Records::of_sample("day.json", Zone::named("America/Montevideo"));
  return records;
}

const std::string seed_leg =
    R"({"id":1,"calldate":"2022-06-20 17:56:59","clid":"\"Out<-\" <9901>","src":"9901","dst":"33334444",
"channel":"SIP/9901-00000000","dstchannel":"SIP/1111-00000001","lastapp":"Queue","lastdata":"Out<-,tkc,,,600",
"duration":16,"billsec":16,"disposition":"NO ANSWER","uniqueid":"1655747819.0","type":"record",
"guid":"020f9687-adc6-46ca-b675-e96c9d1606ef","campaign":"Out<-","direction":"inbound","carrier":"9901",
"linkedid":"1655747819.0","peeraccount":"agent","sequence":0,"finishtime":"2022-06-20 17:58:34"})";

// The leg above with members replaced or added; "" makes a member null.
std::string leg_with(const std::map<std::string, std::string>& changes) {
  Document document;
  REQUIRE(!document.parse_copy(seed_leg));
  std::map<std::string, std::string> members;
  for (const Node member : document.root().children())
    members[std::string(member.key())] = std::string(member.raw());
  for (const auto& [key, value] : changes) members[key] = value.empty() ? "null" : value;
  std::string json;
  for (const auto& [key, value] : members)
    json += (json.empty() ? "{\"" : ",\"") + key + "\":" + value;
  return json + '}';
}

}  // namespace

TEST_CASE("uContact: every kind of record is recognised by its own keys") {
  const auto resources = [](const std::string& name) {
    return Records::of_sample(name).resources();
  };
  CHECK(resources("getrecords.json") == Lines{"record", "record"});
  CHECK(resources("queuesummary.json") ==
        Lines{"queue_summary", "queue_summary", "queue_summary_end"});
  CHECK(resources("campaignstatus.json") == Lines{"campaign_status", "campaign_status"});
  CHECK(resources("campaignstatus_test.json") ==
        Lines{"campaign_status", "campaign_agent", "campaign_agent"});
  CHECK(resources("respool.json") == Lines{"respool"});
  CHECK(resources("schedule.json") == Lines{"schedule"});
  CHECK(resources("dialer_tasks.ndjson") == Lines{"task", "task", "task", "task", "task"});
  CHECK(resources("blacklist.json") == Lines{"blacklist"});
  CHECK(resources("blacklist_bulk.json") == Lines{"blacklist", "blacklist"});
  CHECK(resources("dialer_list.txt") ==
        Lines{"dialer_list", "dialer_list", "dialer_list", "dialer_list"});
  CHECK(resources("disposition.json") == Lines{"disposition"});
  CHECK(resources("day.json") == Lines(47, "record"));
}

TEST_CASE("uContact: the filter object of getrecords is a question, not a record") {
  const Records filter(
      R"({"calldatei":"2015-12-03 00:00:00","calldatef":"2016-02-24 23:59:59","agent":"","campaign":"","source":"",
"destination":"","data":"","range":"","rating":"","mindur":"","exclude":"","type":"record","cont":""})");
  CHECK(filter.resources() == Lines{"?"});
}

TEST_CASE("uContact: a record has all 36 columns of getrecords") {
  Records records = Records::of_sample("getrecords.json");
  CHECK(vendor_table("ucontact_record").fields.size() == 36);
  CHECK(row_of(records.all()[0], "ucontact_record") ==
        "id=1\ncalldate=2022-06-20 17:56:59.000\nclid=\"Out<-\" "
        "<9901>\nsrc=9901\ndst=33334444\ndcontext=inbound\n"
        "channel=SIP/9901-00000000\ndstchannel=SIP/1111-00000001\nlastapp=Queue\n"
        "lastdata=Out<-,tkc,,,600,,,functions,,\nduration=16\nbillsec=16\ndisposition=NO "
        "ANSWER\namaflags=3\n"
        "accountcode=Inbound\nuniqueid=1655747819.0\ntype=record\nguid=020f9687-adc6-46ca-b675-"
        "e96c9d1606ef\n"
        "causecode=16\ncampaign=Out<-\ndirection=inbound\ncarrier=9901\nlinkedid=1655747819."
        "0\npeeraccount=agent\n"
        "sequence=0\nfinishtime=2022-06-20 17:58:34.000\nrating=0.000\nquality=0.000\n");
  CHECK(row_of(records.all()[1], "ucontact_record").find("peeraccount=InboxUser\nsequence=3\n") !=
        std::string::npos);
  CHECK(records.heard().texts.empty());
}

TEST_CASE("uContact: times without a zone are in the source's") {
  const Zone zone = Zone::named("America/Montevideo");
  const Records records = Records::of_sample("getrecords.json", zone);
  const std::string row = row_of(records.all()[0], "ucontact_record");
  CHECK(row.find("calldate=2022-06-20 20:56:59.000\n") != std::string::npos);
  CHECK(row.find("finishtime=2022-06-20 20:58:34.000\n") != std::string::npos);
}

TEST_CASE("uContact: snapshots of campaigns and agents, field by field") {
  Records summary = Records::of_sample("queuesummary.json");
  CHECK(row_of(summary.all()[0], "ucontact_queue_summary") ==
        "queue=Power<-\nlogged_in=10\navailable=5\ncallers=3\nhold_time=18\ntalk_time=130\nlongest_"
        "hold_time=220\n"
        "internal_action_id=1982468278_6312\ndate_received=2018-11-02 11:31:42.000\n");
  Records status = Records::of_sample("campaignstatus_test.json");
  CHECK(row_of(status.all()[0], "ucontact_campaign_status") ==
        "campaign=test->\navailables=1\nnotavailables=1\npaused=0\nbusy=0\nbusypaused="
        "0\ntotalagents=2\nlogged=1\n"
        "onwrapup=0\ncompleted=0\nabandoned=0\ntalked=00:00:00-0\nhold=00:00:00-0\nabandonedlevel="
        "0.000\n"
        "totalcalls=0\nacd=0\nservicelevel=0.000\nservicelevel2=0.000\nstrategy=fewestcalls\n"
        "slevelthreshold=15.000\nwrapup=0\n");
  CHECK(row_of(status.all()[1], "ucontact_campaign_agent") ==
        "queue=test->\nlocation=SIP/"
        "1010\nname=Daniel\npenalty=0\ncalls_taken=0\nlast_call=0\nstatus=5\npaused=0\n"
        "stateinterface=SIP/1010\nincall=0\npausedreason=[]\ninternal_action_id=1982468278_8979\n"
        "date_received=2018-11-02 11:36:11.000\nserver=00:10:12\n");
  CHECK(summary.heard().texts.empty());
  CHECK(status.heard().texts.empty());
}

TEST_CASE("uContact: Java's newer date form, with its narrow no-break space") {
  Records summary = Records::of_sample("queuesummary_day.json", Zone::named("America/Montevideo"));
  CHECK(row_of(summary.all()[1], "ucontact_queue_summary") ==
        "queue=Ventas->\nlogged_in=1\navailable=0\ncallers=0\nhold_time=0\ntalk_time=52\nlongest_"
        "hold_time=0\n"
        "internal_action_id=1982468278_7001\ndate_received=2024-05-07 12:00:05.000\n");
  CHECK(summary.heard().texts.empty());
}

TEST_CASE("uContact: what is asked of the dialer, in one table") {
  CHECK(row_of(Records::of_sample("respool.json").all()[0], "ucontact_dialer_call") ==
        "kind=respool\ncampaign=Ventas->\ndestination=098344484\nalternatives=098124484\ndata=Par1="
        "Val1:Par2=Val2\n"
        "agentphone=1001\ndialerbase=basetest\nstatus=1\ncontact=222\nretries=0\npriority=9999\n");
  CHECK(row_of(Records::of_sample("schedule.json").all()[0], "ucontact_dialer_call") ==
        "kind=schedule\ncalldate=2015-10-11 15:00:00.000\ncampaign=Sales->\ndestination=098344484\n"
        "alternatives=099124484:099121212\ndata=Par1=Val1:Par2=Val2\nagentphone=1001\n");
  const Records tasks = Records::of_sample("dialer_tasks.ndjson");
  CHECK(row_of(tasks.all()[0], "ucontact_dialer_call") ==
        "kind=task\ncampaign=nombreCampaña<-\ndestination=12-345-678\ndata=idcustomer=7:name="
        "Seba\nsource=source\n"
        "bulk=0\nautomatic=1\n");
  CHECK(row_of(tasks.all()[4], "ucontact_dialer_call") ==
        "kind=task\ncalldate=2015-10-11 "
        "15:00:00.000\ncampaign=nombreCampaña->\ndestination=12-345-678\n"
        "data=idcustomer=7\nagent=Agente1\nsource=source\nbulk=1\nautomatic=0\n");
  std::set<std::string> ids;
  for (const Record& task : tasks.all()) ids.insert(id_of(task));
  CHECK(ids.size() == 5);  // they differ only in agent, data or flags
}

TEST_CASE("uContact: lines of a dialer's list") {
  Records list = Records::of_sample("dialer_list.txt");
  CHECK(row_of(list.all()[0], "ucontact_dialer_list") ==
        "campaign=prueba1\nnumber=098344484\ndata=var1=val1:var2=val2\nalternatives=099124484:"
        "099111111\n"
        "priority=9999\nagentphone=1001\n");
  CHECK(row_of(list.all()[1], "ucontact_dialer_list") ==
        "campaign=prueba1\nnumber=098344485\ndata=var1=val3\n");
  CHECK(row_of(list.all()[2], "ucontact_dialer_list") ==
        "campaign=prueba1\nnumber=098344486\nalternatives=099124485\n");
  CHECK(row_of(list.all()[3], "ucontact_dialer_list") ==
        "campaign=prueba1\nnumber=098344487\ndata=var1=val4:note=\npriority=5000\n");
  CHECK(list.heard().texts.empty());

  // A header line is a row like any other; its priority is not a number.
  Records header("campaign;number;data;alternatives;priority;agentphone");
  CHECK(row_of(header.all()[0], "ucontact_dialer_list") ==
        "campaign=campaign\nnumber=number\ndata=data\nalternatives=alternatives\nagentphone="
        "agentphone\n"
        "extra={\"priority\":\"priority\"}\n");
  CHECK(header.heard().texts == Lines{"$.priority: the value is not an integer"});
}

TEST_CASE("uContact: what is no line of a dialer's list") {
  std::string json = "kept";
  for (const char* line : {"", "  ", "a;b;c", ";1;;", "a;;;", "{\"a\":\"x;y;z;w\"",
                           "\"note\": \"x;y;z;w\",", "], ;;;;", "a;1;;;1;2;3"})
    CHECK_FALSE_MESSAGE(ucontact.record_of_line(line, json), line);
  CHECK(ucontact.record_of_line("say \"x\"\\;1;;;;;;\r", json));
  CHECK(
      json ==
      R"({"campaign":"say \"x\"\\","number":"1","data":"","alternatives":"","priority":"","agentphone":""})");
}

TEST_CASE("uContact: blacklist entries and dispositions, field by field") {
  CHECK(row_of(Records::of_sample("blacklist.json").all()[0], "ucontact_blacklist") ==
        "phone=12341234\ncampaign=Campaign\nusername=username\ncompany=Company "
        "name\njob_title=Developer\nname=Name\n");
  CHECK(
      row_of(Records::of_sample("disposition.json").all()[0], "ucontact_disposition") ==
      "campaign=Out<-\nagent=agent\ncallerid=9901\nguid=020f9687-adc6-46ca-b675-e96c9d1606ef\nl1="
      "Sales\n"
      "l2=Interested\nl3=Call again\ncomment=Asked for an offer\nschedule=2022-06-21 10:00:00.000\n"
      "camptoreschedule=Sales->\n");
}

TEST_CASE(
    "uContact: every column of every table is filled by some sample, and nothing of a page is left "
    "over") {
  const std::map<std::string, Lines> samples{
      {"ucontact_record", {"getrecords.json", "day.json"}},
      {"ucontact_queue_summary", {"queuesummary.json", "queuesummary_day.json"}},
      {"ucontact_campaign_status", {"campaignstatus.json", "campaignstatus_day.json"}},
      {"ucontact_campaign_agent", {"campaignstatus_test.json", "campaignstatus_day.json"}},
      {"ucontact_dialer_call", {"respool.json", "schedule.json", "dialer_tasks.ndjson"}},
      {"ucontact_dialer_list", {"dialer_list.txt"}},
      {"ucontact_blacklist", {"blacklist.json", "blacklist_bulk.json"}},
      {"ucontact_disposition", {"disposition.json", "dispositions.ndjson"}}};
  REQUIRE(samples.size() == ucontact.tables.size());
  for (const VendorTable& table : ucontact.tables) {
    std::set<std::string> filled;
    for (const std::string& name : samples.at(std::string(table.name))) {
      const Records records = Records::of_sample(name);
      for (const Record& record : records.all()) {
        REQUIRE(record.resource != nullptr);
        const bool is_of = std::any_of(
            table.origins.begin(), table.origins.end(),
            [&](const Origin& origin) { return origin.resource == record.resource->name; });
        if (!is_of) continue;
        const std::string row = row_of(record, table.name, &filled);
        if (name != "day.json")
          CHECK_MESSAGE(row.find("extra=") == std::string::npos, name << ": " << row);
      }
    }
    for (const Field& field : table.fields)
      CHECK_MESSAGE(filled.count(std::string(field.column)) == 1,
                    table.name << "." << field.column);
  }
}

TEST_CASE("uContact: unknown fields and values that do not convert are kept") {
  Records records(leg_with(
      {{"mos", "4.1"}, {"duration", "\"long\""}, {"finishtime", "\"2022-02-30 00:00:00\""}}));
  const std::string row = row_of(records.all()[0], "ucontact_record");
  CHECK(row.find(
            "extra={\"duration\":\"long\",\"finishtime\":\"2022-02-30 00:00:00\",\"mos\":4.1}\n") !=
        std::string::npos);
  CHECK(records.heard().texts ==
        Lines{"$.duration: the value is not an integer",
              "$.finishtime: the value is not a time that exists in the source's zone"});
}

TEST_CASE("uContact: a row's key is linkedid, uniqueid and sequence, or the next best") {
  const auto id = [](const std::map<std::string, std::string>& changes) {
    const Records records(leg_with(changes));
    return id_of(records.all()[0]);
  };
  CHECK(id({}) == "1655747819.0/1655747819.0/0");
  CHECK(id({{"sequence", "\"3\""}}) == "1655747819.0/1655747819.0/3");
  CHECK(id({{"uniqueid", "1655747819.0"}}) == "1655747819.0/1655747819.0/0");
  CHECK(id({{"linkedid", "\"a/b\""}, {"uniqueid", "\"c~\""}}) == "a~1b/c~0/0");
  // Without a sequence, legs are told apart by the called channel and the time.
  CHECK(id({{"linkedid", ""}, {"sequence", ""}}) ==
        "1655747819.0/1655747819.0//SIP~11111-00000001/2022-06-20 17:56:59");
  CHECK(id({{"sequence", ""}, {"dstchannel", "\"SIP/2\""}}) !=
        id({{"sequence", ""}, {"dstchannel", "\"SIP/3\""}}));
  // Either id replaces the other if that is missing; the guid replaces both.
  CHECK(id({{"linkedid", ""}}) == "1655747819.0/1655747819.0/0");
  CHECK(id({{"uniqueid", ""}, {"linkedid", "\"7.1\""}}) == "7.1/7.1/0");
  CHECK(id({{"uniqueid", "\" \""}, {"linkedid", "null"}, {"guid", "\"g\""}}) == "g//0");
  CHECK(id({{"uniqueid", "\"\""}, {"linkedid", "null"}, {"guid", "null"}}).empty());
}

TEST_CASE(
    "uContact: a snapshot is known by its campaign, its agent and its time, however that is "
    "written") {
  const Records old_form(
      R"({"queue":"a","loggedIn":1,"internalActionId":"1_2","dateReceived":"Nov 2, 2018 11:31:42 AM"})");
  const Records new_form(
      "{\"queue\":\"a\",\"loggedIn\":1,\"internalActionId\":\"1_2\",\"dateReceived\":\"Nov 2, "
      "2018, "
      "11:31:42\xE2\x80\xAF"
      "AM\"}");
  CHECK(id_of(old_form.all()[0]) == "a//1_2/2018-11-02 11:31:42.000");
  CHECK(id_of(new_form.all()[0]) == id_of(old_form.all()[0]));
  const Record& record = old_form.all()[0];
  CHECK(format_time(*record.resource->latest(record)) == "2018-11-02 11:31:42.000");
}

TEST_CASE("uContact: the later of two versions of a row has the later instant") {
  const Records early = Records::of_sample("day_early.json", Zone::named("America/Montevideo"));
  const Record& stale = early.all()[0];
  const auto newer = std::find_if(day().all().begin(), day().all().end(),
                                  [&](const Record& each) { return id_of(each) == id_of(stale); });
  REQUIRE(newer != day().all().end());
  CHECK(format_time(*stale.resource->latest(stale)) == "2024-05-07 12:45:00.000");
  CHECK(format_time(*newer->resource->latest(*newer)) == "2024-05-07 12:47:05.000");
}

TEST_CASE("uContact: the page's two rows are one call that rang two agents") {
  const Records records = Records::of_sample("getrecords.json");
  const CallFacts call(records.all());
  const Facts& facts = call.facts;
  CHECK(rows(facts, Model::interactions,
             {"interaction_id", "channel", "direction", "start_time", "queue_time", "answer_time",
              "end_time"}) ==
        Lines{"020f9687-adc6-46ca-b675-e96c9d1606ef|voice|INBOUND|2022-06-20 17:56:59.000|"
              "2022-06-20 17:56:59.000|NULL|2022-06-20 17:58:34.000"});
  CHECK(rows(facts, Model::interactions,
             {"customer_number", "company_number", "first_queue_id", "last_queue_name",
              "first_agent_id", "first_agent_name", "last_agent_id", "last_agent_name",
              "agent_count", "dialog_count", "transfer_count"}) ==
        Lines{"9901|33334444|Out<-|Out<-|SIP/1111|agent|SIP/9911|InboxUser|2|3|0"});
  CHECK(rows(facts, Model::interactions,
             {"outcome", "released_by", "end_cause", "hangup_cause", "q850_cause", "ring_seconds",
              "active_seconds", "handle_seconds", "satisfaction", "recording_count"}) ==
        Lines{"ABANDONED_IN_RING|NULL|NO ANSWER|NORMAL_CLEARING|16|NULL|NULL|NULL|NULL|1"});
  CHECK(rows(facts, Model::interactions, {"mapping"}) ==
        Lines{R"({"customer_number":"the carrier's name: src names no number of the caller"})"});
  CHECK(rows(facts, Model::dialogs,
             {"dialog_id", "dialog_type", "start_time", "hangup_time", "serve_time", "talking_time",
              "tenant_user_id", "outcome"}) ==
        Lines{"020f9687-adc6-46ca-b675-e96c9d1606ef|EXTERNAL|2022-06-20 17:56:59.000|2022-06-20 "
              "17:58:34.000|NULL|"
              "NULL|NULL|NULL",
              "1655747819.0/1655747819.0/0|CONSULTANT|2022-06-20 17:56:59.000|2022-06-20 "
              "17:57:15.000|NULL|NULL|"
              "SIP/1111|NO_ANSWER",
              "1655747819.0/1655747819.0/3|CONSULTANT|2022-06-20 17:57:00.000|2022-06-20 "
              "17:57:15.000|NULL|NULL|"
              "SIP/9911|NO_ANSWER"});
  CHECK(rows(facts, Model::dialogs, {"linked_dialogs"})[1] ==
        R"(["020f9687-adc6-46ca-b675-e96c9d1606ef","1655747819.0/1655747819.0/3"])");
  CHECK(rows(facts, Model::agent_events,
             {"seq", "agent_id", "agent_name", "queue_id", "event", "event_time",
              "duration_seconds"}) ==
        Lines{"1|SIP/1111|agent|Out<-|NO ANSWER|2022-06-20 17:57:15.000|NULL",
              "2|SIP/9911|InboxUser|Out<-|NO ANSWER|2022-06-20 17:57:15.000|NULL"});
  CHECK(rows(facts, Model::queue_visits,
             {"visit_no", "queue_id", "queue_name", "enqueue_time", "wait_seconds", "outcome",
              "agent_id"}) == Lines{"1|Out<-|Out<-|2022-06-20 17:56:59.000|95.000|"
                                    "ABANDONED_IN_RING|SIP/9911"});
  CHECK(rows(facts, Model::recordings, {"recording_id", "dialog_id", "media", "urls"}) ==
        Lines{"020f9687-adc6-46ca-b675-e96c9d1606ef|1655747819.0/1655747819.0/3|audio|"
              R"(["records/020f9687-adc6-46ca-b675-e96c9d1606ef.mp3",)"
              R"("records/20220620/020f9687-adc6-46ca-b675-e96c9d1606ef.mp3",)"
              R"("records/020f9687-adc6-46ca-b675-e96c9d1606ef.gsm",)"
              R"("records/20220620/020f9687-adc6-46ca-b675-e96c9d1606ef.gsm"])"});
  CHECK(rows(facts, Model::state_durations, {"agent_id", "state", "seconds", "basis"}) ==
        Lines{"NULL|IN_QUEUE|95.000|derived", "NULL|WAITING|95.000|derived"});
  CHECK(facts.rows(Model::agent_states).size() == 0);
}

TEST_CASE("uContact: a wait below an hour is no zone, and where it may be one it is not known") {
  struct Waited {
    const char* calldate;  // in June 2022
    const char* line;  // in_queue|waiting|enqueue|wait|speed of answer|the customer's waiting_time
    std::optional<std::int32_t> zone_error;
  };
  constexpr std::optional<std::int32_t> none;
  // The channel was created on the 20th at 17:56:59; the agent's telephone rang for 5 s.
  for (const Waited& each :
       {Waited{"20 17:56:59", "0.000|5.000|17:56:59|5.000|5.000|5000", none},
        Waited{"20 18:11:59", "900.000|905.000|17:56:59|905.000|905.000|905000", none},
        Waited{"20 18:26:59", "1800.000|1805.000|17:56:59|1805.000|1805.000|1805000", none},
        Waited{"20 18:56:57", "3598.000|3603.000|17:56:59|3603.000|3603.000|3603000", none},
        Waited{"20 18:56:59", "NULL|NULL|18:56:59|NULL|NULL|NULL", 3600},
        Waited{"20 18:58:59", "NULL|NULL|18:58:59|NULL|NULL|NULL", 3600},
        // A zone of an hour and a wait of three minutes, or a wait of an hour and three minutes;
        // likewise below.
        Waited{"20 18:59:59", "NULL|NULL|18:59:59|NULL|NULL|NULL", none},
        Waited{"20 19:11:59", "NULL|NULL|19:11:59|NULL|NULL|NULL", none},
        Waited{"20 20:06:59", "NULL|NULL|20:06:59|NULL|NULL|NULL", none},
        Waited{"20 19:26:59", "NULL|NULL|19:26:59|NULL|NULL|NULL", 5400},
        Waited{"20 23:41:59", "NULL|NULL|23:41:59|NULL|NULL|NULL", 20700},  // Kathmandu
        Waited{"20 17:56:57", "NULL|NULL|17:56:57|NULL|NULL|NULL", none},
        Waited{"20 14:57:19", "NULL|NULL|14:57:19|NULL|NULL|NULL", -10800},
        Waited{"21 06:10:00", "NULL|NULL|06:10:00|NULL|NULL|NULL", none}}) {
    const Records records(leg_with({{"calldate", "\"2022-06-" + std::string(each.calldate) + '"'},
                                    {"finishtime", "null"},
                                    {"disposition", "\"ANSWERED\""},
                                    {"duration", "65"},
                                    {"billsec", "60"}}));
    const CallFacts call(records.all());
    const auto only = [&](Model model, const Lines& columns) {
      return rows(call.facts, model, columns).front();
    };
    const std::string enqueue = only(Model::queue_visits, {"enqueue_time"}).substr(11, 8);
    CHECK_MESSAGE(only(Model::interactions, {"in_queue_seconds", "waiting_seconds"}) + '|' +
                          enqueue + '|' +
                          only(Model::queue_visits, {"wait_seconds", "speed_of_answer_seconds"}) +
                          '|' + only(Model::dialogs, {"waiting_time"}) ==
                      each.line,
                  each.calldate);
    CHECK_MESSAGE((only(Model::interactions, {"mapping"}).find("is the zone right") ==
                   std::string::npos) == !std::string_view(each.line).starts_with("NULL"),
                  each.calldate);
    const Record& record = records.all().front();
    CHECK_MESSAGE(record.resource->zone_error(record) == each.zone_error, each.calldate);
  }
}

TEST_CASE("uContact: in another zone, what the rows say among themselves is known") {
  // Both rows are three hours before the channel; the second queue begins 40 s after the first.
  const std::string rows_of_call =
      "[" + leg_with({{"calldate", "\"2022-06-20 14:57:09\""}, {"finishtime", "null"}}) + "," +
      leg_with({{"calldate", "\"2022-06-20 14:57:49\""},
                {"finishtime", "null"},
                {"sequence", "1"},
                {"campaign", "\"Other<-\""},
                {"disposition", "\"ANSWERED\""},
                {"duration", "65"},
                {"billsec", "60"}}) +
      "]";
  const Records records(rows_of_call);
  const CallFacts call(records.all());
  CHECK(rows(call.facts, Model::queue_visits,
             {"queue_id", "enqueue_time", "dequeue_time", "wait_seconds",
              "speed_of_answer_seconds"}) ==
        Lines{"Out<-|2022-06-20 14:57:09.000|2022-06-20 14:57:49.000|NULL|NULL",
              "Other<-|2022-06-20 14:57:49.000|2022-06-20 14:57:54.000|5.000|5.000"});
  CHECK(rows(call.facts, Model::interactions,
             {"in_queue_seconds", "waiting_seconds", "ring_seconds", "active_seconds"}) ==
        Lines{"NULL|NULL|5.000|60.000"});
}

TEST_CASE("uContact: durations of a day's calls, computed by hand") {
  struct Expected {
    const char* guid;
    const char* line;  // outcome|ring|active|answer|end|transfers
  };
  for (const Expected& each : {
           // 95 s, of which 83 s in conversation: rang for 12 s from 08:00:12.
           Expected{"00000001",
                    "ANSWERED|12.000|83.000|2024-05-07 11:00:24.000|2024-05-07 11:01:49.000|0"},
           // The first agent did not answer; the second's leg began 1 s later: 201 - 187.
           Expected{"00000002",
                    "ANSWERED|14.000|187.000|2024-05-07 11:03:45.000|2024-05-07 11:06:53.000|0"},
           Expected{"00000003", "ABANDONED_IN_RING|NULL|NULL|NULL|2024-05-07 11:10:37.000|0"},
           Expected{"00000004", "ABANDONED_IN_QUEUE|NULL|NULL|NULL|2024-05-07 11:13:26.000|0"},
           Expected{"00000005", "BUSY|NULL|NULL|NULL|2024-05-07 11:14:09.000|0"},
           Expected{"00000006", "FAILED|NULL|NULL|NULL|2024-05-07 11:15:12.000|0"},
           Expected{"00000007", "FAILED|NULL|NULL|NULL|2024-05-07 11:16:49.000|0"},
           // Handed on: 120 + 242.
           Expected{"00000008",
                    "ANSWERED|10.000|362.000|2024-05-07 11:20:10.000|2024-05-07 11:26:22.000|1"},
           // Both agents in conversation from 165 s to 180 s: 9 s to 300 s is 291, not 171 + 135.
           Expected{"00000009",
                    "ANSWERED|9.000|291.000|2024-05-07 11:31:09.000|2024-05-07 11:36:01.000|1"},
           // The second agent did not answer: 55 + 90.
           Expected{"0000000a",
                    "ANSWERED|6.000|145.000|2024-05-07 11:40:06.000|2024-05-07 11:42:56.000|1"},
           // To the second agent and back: 33 + 27 + 60.
           Expected{"0000000b",
                    "ANSWERED|7.000|120.000|2024-05-07 11:47:07.000|2024-05-07 11:49:13.000|2"},
           Expected{"0000000c",
                    "ANSWERED|12.000|52.000|2024-05-07 12:00:12.000|2024-05-07 12:01:06.000|0"},
           Expected{"0000000d", "NO_ANSWER|NULL|NULL|NULL|2024-05-07 12:02:40.000|0"},
           Expected{"0000000e", "BUSY|NULL|NULL|NULL|2024-05-07 12:03:04.000|0"},
           Expected{"0000000f",
                    "ANSWERED|8.000|80.000|2024-05-07 12:10:08.000|2024-05-07 12:11:30.000|0"},
           // The alternative's leg began at 40 s and rang 6 s.
           Expected{"00000010",
                    "ANSWERED|6.000|41.000|2024-05-07 12:12:46.000|2024-05-07 12:13:30.000|0"},
           Expected{"00000011", "OTHER|NULL|NULL|NULL|2024-05-07 12:14:00.000|0"},
           Expected{"00000014",
                    "ANSWERED|9.000|66.000|2024-05-07 12:30:09.000|2024-05-07 12:31:16.000|0"},
           // billsec exceeds duration: the vendor's 25 s are kept, and the time of the answer is
           // unknown.
           Expected{"00000017", "ANSWERED|NULL|25.000|NULL|2024-05-07 12:38:26.000|0"},
           // No finishtime: 42 s after 09:40:00.
           Expected{"00000018",
                    "ANSWERED|4.000|38.000|2024-05-07 12:40:04.000|2024-05-07 12:40:42.000|0"},
           Expected{"0000001e", "OTHER|NULL|NULL|NULL|2024-05-07 12:56:10.000|0"},
       }) {
    const CallFacts call(day().all(), each.guid);
    CHECK_MESSAGE(rows(call.facts, Model::interactions,
                       {"outcome", "ring_seconds", "active_seconds", "answer_time", "end_time",
                        "transfer_count"}) == Lines{each.line},
                  each.guid);
  }
}

TEST_CASE("uContact: what is no word for an interaction's end, a visit's or a side's") {
  const auto told = [](const std::map<std::string, std::string>& changes) {
    const CallFacts call(Records(leg_with(changes)).all());
    const std::string visit = call.facts.rows(Model::queue_visits).size() == 0
                                  ? "no visit"
                                  : cell(call.facts, Model::queue_visits, 0, "outcome");
    return cell(call.facts, Model::interactions, 0, "outcome") + ' ' + visit + ' ' +
           cell(call.facts, Model::dialogs, 1, "outcome");
  };
  const std::string out = "\"outbound\"", dial = "\"Dial\"", busy = "\"BUSY\"";
  // Refused: the telephone system counts it as BUSY; only the cause distinguishes it.
  CHECK(told({{"direction", out},
              {"lastapp", dial},
              {"disposition", busy},
              {"causecode", "\"21\""}}) == "REJECTED no visit NULL");
  CHECK(told({{"direction", out},
              {"lastapp", dial},
              {"disposition", busy},
              {"causecode", "\"17\""}}) == "BUSY no visit NULL");
  CHECK(told({{"disposition", busy}, {"causecode", "\"21\""}}) == "BUSY BUSY REJECTED");
  CHECK(told({{"disposition", "\"FAILED\""}}) == "FAILED FAILED FAILED");
  // The agent's telephone rang; the caller waited for an agent; neither.
  CHECK(told({}) == "ABANDONED_IN_RING ABANDONED_IN_RING NO_ANSWER");
  CHECK(told({{"dstchannel", ""}}) == "ABANDONED_IN_QUEUE ABANDONED_IN_QUEUE NULL");
  CHECK(told({{"dstchannel", ""}, {"lastapp", "\"Background\""}}) == "NO_ANSWER no visit NULL");
}

TEST_CASE("uContact: the sides of a transferred call, each with its own figures") {
  const CallFacts call(day().all(), "00000008");
  CHECK(rows(call.facts, Model::dialogs,
             {"dialog_type", "start_time", "serve_time", "hangup_time", "talking_time",
              "waiting_time", "ring_seconds", "active_seconds", "project_name",
              "tenant_user_username", "outcome"}) ==
        Lines{"EXTERNAL|2024-05-07 11:20:00.000|2024-05-07 11:20:10.000|2024-05-07 11:26:22.000|"
              "362000|10000|10.000|362.000|Soporte<-|NULL|NULL",
              "CONSULTANT|2024-05-07 11:20:00.000|2024-05-07 11:20:10.000|2024-05-07 11:22:10.000|"
              "120000|10000|10.000|120.000|Soporte<-|agent.ana|ANSWERED",
              "CONSULTANT|2024-05-07 11:22:10.000|2024-05-07 11:22:18.000|2024-05-07 11:26:20.000|"
              "242000|8000|8.000|242.000|Ventas<-|agent.bruno|ANSWERED"});
  CHECK(rows(call.facts, Model::queue_visits, {"visit_no", "queue_name", "outcome", "agent_id"}) ==
        Lines{"1|Soporte<-|ANSWERED|SIP/2001", "2|Ventas<-|ANSWERED|SIP/2002"});
  CHECK(rows(call.facts, Model::agent_events,
             {"seq", "agent_id", "event", "event_time", "duration_seconds"}) ==
        Lines{"1|SIP/2001|ANSWERED|2024-05-07 11:20:10.000|120.000",
              "2|SIP/2002|ANSWERED|2024-05-07 11:22:18.000|242.000"});
  CHECK(rows(call.facts, Model::state_durations,
             {"agent_id", "state", "start_time", "end_time", "seconds", "basis"}) ==
        Lines{"NULL|IN_QUEUE|2024-05-07 11:20:00.000|2024-05-07 11:20:00.000|0.000|derived",
              "NULL|WAITING|2024-05-07 11:20:00.000|2024-05-07 11:20:10.000|10.000|derived",
              "NULL|RING|2024-05-07 11:20:00.000|2024-05-07 11:20:10.000|10.000|derived",
              "NULL|ACTIVE|2024-05-07 11:20:10.000|2024-05-07 11:26:20.000|362.000|derived",
              "SIP/2001|RING|2024-05-07 11:20:00.000|2024-05-07 11:20:10.000|10.000|derived",
              "SIP/2001|ACTIVE|2024-05-07 11:20:10.000|2024-05-07 11:22:10.000|120.000|reported",
              "SIP/2002|RING|2024-05-07 11:22:10.000|2024-05-07 11:22:18.000|8.000|derived",
              "SIP/2002|ACTIVE|2024-05-07 11:22:18.000|2024-05-07 11:26:20.000|242.000|reported"});
}

TEST_CASE("uContact: who is consulted has not got the call") {
  struct Conversation {
    int from, to, agent;  // seconds after the call's arrival; each rings for 5 s before
  };
  const auto facts_of = [](std::initializer_list<Conversation> conversations) {
    std::string json;
    for (const Conversation& each : conversations) {
      const int begin = each.from - 5;
      const std::string calldate =
          '"' + format_time(Instant{(1'655'747'819LL + begin) * 1'000'000}) + '"';
      const std::string agent = std::to_string(each.agent);
      json +=
          (json.empty() ? "[" : ",") + leg_with({{"calldate", calldate},
                                                 {"disposition", "\"ANSWERED\""},
                                                 {"sequence", std::to_string(json.size())},
                                                 {"duration", std::to_string(each.to - begin)},
                                                 {"billsec", std::to_string(each.to - each.from)},
                                                 {"dstchannel", "\"SIP/" + agent + "-1\""},
                                                 {"finishtime", "\"2022-06-20 18:02:00\""}});
    }
    const Records records(json + "]");
    const CallFacts call(records.all());
    std::string said = rows(call.facts, Model::interactions, {"transfer_count"}).front();
    said += ' ' + rows(call.facts, Model::queue_visits, {"agent_id"}).front();
    for (const std::string& offer : rows(call.facts, Model::agent_offers, {"agent_id", "visit_no"}))
      said += ' ' + offer.substr(4);
    return said;
  };
  // Two agents are consulted, one after the other; the customer stays with the first agent.
  CHECK(facts_of({{26, 300, 101}, {55, 90, 103}, {155, 190, 104}}) ==
        "0 SIP/101 101|1 103|NULL 104|NULL");
  // One agent is consulted, another takes over, and at the end a third joins in a conference.
  CHECK(facts_of({{26, 200, 101}, {55, 90, 103}, {190, 300, 102}, {250, 300, 104}}) ==
        "1 SIP/101 101|1 103|NULL 102|1 104|NULL");
  // The same agent's two legs, with a consultation in the first.
  CHECK(facts_of({{26, 100, 101}, {55, 90, 103}, {110, 300, 101}}) ==
        "0 SIP/101 101|1 103|NULL 101|1");
}

TEST_CASE("uContact: an agent who has a call twice has the sum of it") {
  const CallFacts call(day().all(), "0000000b");
  CHECK(rows(call.facts, Model::state_durations, {"agent_id", "state", "seconds", "basis"}) ==
        Lines{"NULL|IN_QUEUE|0.000|derived", "NULL|WAITING|7.000|derived",
              "NULL|RING|7.000|derived", "NULL|ACTIVE|120.000|derived",
              "SIP/2001|RING|9.000|derived", "SIP/2001|ACTIVE|93.000|derived",
              "SIP/2002|RING|3.000|derived", "SIP/2002|ACTIVE|27.000|reported"});
  CHECK(rows(call.facts, Model::interactions,
             {"agent_count", "first_agent_id", "last_agent_id", "dialog_count"}) ==
        Lines{"2|SIP/2001|SIP/2001|4"});
}

TEST_CASE("uContact: a queue that nobody answered in is left for the next") {
  const CallFacts call(day().all(), "00000023");
  CHECK(rows(call.facts, Model::queue_visits, {"visit_no", "queue_name", "outcome", "agent_id"}) ==
        Lines{"1|Soporte<-|NULL|SIP/2001", "2|Ventas<-|ABANDONED_IN_RING|SIP/2002"});
}

TEST_CASE("uContact: a queue is left where the call went on elsewhere after its last row") {
  struct Row {
    const char* queue;
    int from, to, answer;  // seconds after the arrival; answer 0: none
    const char* application = "Queue";
  };
  // The visits, then the interaction's first and last queue; seconds after the arrival.
  const auto visits_of = [](std::initializer_list<Row> legs, int end) {
    const auto at = [](int second) {
      return '"' + format_time(Instant{(1'655'747'819LL + second) * 1'000'000}) + '"';
    };
    std::string json;
    for (const Row& each : legs)
      json += (json.empty() ? "[" : ",") +
              leg_with({{"campaign", '"' + std::string(each.queue) + '"'},
                        {"lastapp", '"' + std::string(each.application) + '"'},
                        {"calldate", at(each.from)},
                        {"duration", std::to_string(each.to - each.from)},
                        {"billsec", std::to_string(each.to - std::max(each.from, each.answer))},
                        {"disposition", each.answer > 0 ? "\"ANSWERED\"" : "\"NO ANSWER\""},
                        {"sequence", std::to_string(json.size())},
                        {"finishtime", at(end)}});
    const Records records(json + "]");
    const CallFacts call(records.all());
    Lines said =
        rows(call.facts, Model::queue_visits, {"queue_id", "end_time", "wait_seconds", "outcome"});
    said.push_back(
        rows(call.facts, Model::interactions, {"first_queue_id", "last_queue_id"}).at(0));
    return said;
  };
  const std::string day = "|2022-06-20 ";
  // Back to the first queue, answered there at 64 s: the second was left at 60 s.
  CHECK(visits_of({{"A", 10, 25, 0}, {"B", 40, 50, 0}, {"A", 60, 124, 64}}, 124) ==
        Lines{"A" + day + "17:58:03.000|64.000|ANSWERED", "B" + day + "17:57:59.000|20.000|NULL",
              "A|A"});
  // Back to the first queue, and given up there.
  CHECK(visits_of({{"A", 10, 25, 0}, {"B", 30, 40, 0}, {"A", 60, 80, 0}}, 80) ==
        Lines{"A" + day + "17:58:19.000|80.000|ABANDONED_IN_RING",
              "B" + day + "17:57:59.000|30.000|NULL", "A|A"});
  // Back to the second of three queues.
  CHECK(visits_of({{"A", 0, 5, 0}, {"B", 10, 15, 0}, {"C", 20, 25, 0}, {"B", 30, 35, 0}}, 40) ==
        Lines{"A" + day + "17:57:09.000|10.000|NULL",
              "B" + day + "17:57:39.000|30.000|ABANDONED_IN_RING",
              "C" + day + "17:57:29.000|10.000|NULL", "A|B"});
  // Agents are consulted during a conversation from 14 s to 124 s, in vain and with an answer.
  const Lines one{"A" + day + "17:57:13.000|14.000|ANSWERED", "A|A"};
  CHECK(visits_of({{"A", 10, 124, 14}, {"B", 40, 50, 0}}, 124) == one);
  CHECK(visits_of({{"A", 10, 124, 14}, {"B", 40, 60, 45}}, 124) == one);
  CHECK(visits_of({{"A", 10, 124, 14}, {"A", 40, 50, 0}}, 124) == one);
  // The call goes to another queue at the end of the conversation, which nobody answers.
  CHECK(visits_of({{"A", 10, 60, 14}, {"B", 60, 80, 0}}, 80) ==
        Lines{"A" + day + "17:57:13.000|14.000|ANSWERED",
              "B" + day + "17:58:19.000|20.000|ABANDONED_IN_RING", "A|B"});
  // A queue whose telephone rang before another queue's was answered at 64 s.
  CHECK(visits_of({{"A", 10, 124, 64}, {"B", 40, 50, 0}}, 124) ==
        Lines{"A" + day + "17:58:03.000|64.000|ANSWERED", "B" + day + "17:58:03.000|24.000|NULL",
              "A|B"});
  // After the queue an agent is called directly, who answers at 45 s.
  CHECK(visits_of({{"A", 10, 25, 0}, {"A", 40, 90, 45, "Dial"}}, 90) ==
        Lines{"A" + day + "17:57:39.000|40.000|NULL", "A|A"});
}

TEST_CASE("uContact: whose number and whose phone, by direction") {
  const auto who = [](const char* guid) {
    const CallFacts call(day().all(), guid);
    return rows(call.facts, Model::interactions,
                {"direction", "customer_number", "company_number", "first_agent_id",
                 "first_agent_name", "agent_count", "outcome"});
  };
  // Inbound; dialled by an agent; answered for the dialer; its first number has no agent.
  CHECK(who("00000001") == Lines{"INBOUND|48500001001|48500000001|SIP/2001|agent.ana|1|ANSWERED"});
  CHECK(who("0000000c") ==
        Lines{"OUTBOUND|48500002001|48500000001|SIP/2003|agent.clara|1|ANSWERED"});
  CHECK(who("0000000f") ==
        Lines{"OUTBOUND|48500003301|48500000001|SIP/2002|agent.bruno|1|ANSWERED"});
  CHECK(who("00000010") ==
        Lines{"OUTBOUND|48500003312|48500000001|SIP/2002|agent.bruno|1|ANSWERED"});
  CHECK(who("00000011") == Lines{"OUTBOUND|48500003303|48500000001|NULL|NULL|0|OTHER"});
  // No direction: the campaign's suffix decides, here in Queue's arguments; without it the
  // direction is NULL.
  CHECK(who("00000015") ==
        Lines{"INBOUND|48500001013|48500000001|SIP/2004|agent.dario|1|ANSWERED"});
  CHECK(who("0000001b") == Lines{"NULL|NULL|NULL|SIP/2001|agent.ana|1|ANSWERED"});
  CHECK(who("0000001c") ==
        Lines{"INBOUND|4850000****|48500000001|SIP/2001|agent.ana|1|ABANDONED_IN_RING"});
}

TEST_CASE("uContact: the carrier's and the server's own channels are no agents") {
  const auto agent = [](const std::map<std::string, std::string>& changes) {
    const Records records(leg_with(changes));
    const CallFacts call(records.all());
    return rows(call.facts, Model::interactions, {"first_agent_id", "outcome"}).front();
  };
  CHECK(agent({}) == "SIP/1111|ABANDONED_IN_RING");
  CHECK(agent({{"carrier", ""}}) == "SIP/1111|ABANDONED_IN_RING");
  CHECK(agent({{"dstchannel", "\"PJSIP/9901-00000002\""}}) == "NULL|ABANDONED_IN_QUEUE");
  CHECK(agent({{"dstchannel", "\"\""}}) == "NULL|ABANDONED_IN_QUEUE");
  CHECK(agent({{"dstchannel", ""}, {"lastapp", "\"Playback\""}}) == "NULL|NO_ANSWER");
  CHECK(agent({{"dstchannel", "\"Local/1111@queue-00000002;1\""}}) ==
        "Local/1111@queue|ABANDONED_IN_RING");
  const std::string dials = "\"outbound\"";
  CHECK(agent({{"direction", dials}, {"lastapp", "\"Dial\""}}) == "NULL|NO_ANSWER");
  CHECK(agent({{"direction", dials},
               {"lastapp", "\"Dial\""},
               {"channel", "\"Local/33334444@dialer-00000002;1\""}}) == "NULL|NO_ANSWER");
  CHECK(agent({{"direction", dials},
               {"lastapp", "\"Dial\""},
               {"channel", "\"SIP/1111-00000002\""}}) == "SIP/1111|NO_ANSWER");
}

TEST_CASE("uContact: what came about in another way, and what the rows contradict, is said") {
  const auto remarks = [](const char* guid) {
    const CallFacts call(day().all(), guid);
    return rows(call.facts, Model::interactions, {"mapping"}).front();
  };
  CHECK(remarks("00000001") == "NULL");
  CHECK(remarks("00000009") ==
        R"({"active_seconds":"derived: what the answered legs cover together"})");
  CHECK(remarks("00000015") ==
        R"({"direction":"from the campaign's suffix: no row's direction is inbound or outbound"})");
  CHECK(remarks("00000016") == R"({"contradictions":["direction against the campaign's suffix"]})");
  CHECK(remarks("00000017") == R"({"contradictions":["billsec above duration"]})");
  CHECK(remarks("00000018") == R"({"end_time":"calldate + duration: a row has no finishtime"})");
  CHECK(remarks("00000019") == R"({"contradictions":["finishtime before the end of the leg"]})");
}

TEST_CASE("uContact: a conversation longer than its leg stands where the call was as long") {
  const auto active = [](const char* finishtime) {
    const Records records(leg_with({{"disposition", "\"ANSWERED\""},
                                    {"src", "\"099000001\""},
                                    {"duration", "60"},
                                    {"billsec", "90"},
                                    {"finishtime", finishtime}}));
    const CallFacts call(records.all());
    return rows(call.facts, Model::interactions, {"active_seconds", "ring_seconds", "answer_time"})
        .front();
  };
  CHECK(active("\"2022-06-20 17:59:49\"") == "90.000|NULL|NULL");
  CHECK(active("\"2022-06-20 17:57:59\"") == "NULL|NULL|NULL");
}

TEST_CASE("uContact: a negative figure is noted") {
  const auto noted = [](const char* duration, const char* billsec) {
    const Records records(leg_with({{"disposition", "\"ANSWERED\""},
                                    {"src", "\"099000001\""},
                                    {"duration", duration},
                                    {"billsec", billsec}}));
    const CallFacts call(records.all());
    return rows(call.facts, Model::interactions, {"active_seconds", "mapping"}).front();
  };
  CHECK(noted("60", "-1") ==
        R"(NULL|{"inconsistent":["ACTIVE of 1655747819.0/1655747819.0/0: -1 s is negative"]})");
  CHECK(noted("-60", "0") == R"(0.000|{"contradictions":["duration is negative"]})");
  CHECK(noted("60", "50") == "50.000|NULL");
}

TEST_CASE("uContact: rating, note, contact and parameters of a call") {
  const CallFacts rated(day().all(), "0000001a");
  CHECK(rows(rated.facts, Model::interactions, {"satisfaction"}) == Lines{"4.000"});
  CHECK(rows(rated.facts, Model::dialogs, {"note", "contact_id"}) ==
        Lines(2, "Asked for an invoice|5003"));
  const CallFacts dialled(day().all(), "0000000f");
  CHECK(rows(dialled.facts, Model::dialogs, {"variables", "contact_id", "initial_media"})[1] ==
        R"({"idcustomer":"7","name":"Example One"}|5001|["audio"])");
  CHECK(rows(dialled.facts, Model::interactions, {"satisfaction"}) == Lines{"NULL"});
}

TEST_CASE("uContact: without a guid, the rows of one linkedid are the call") {
  std::vector<Record> legs;
  std::set<std::string> links;
  for (const Record& each : day().all())
    if (!each.root["guid"].provided()) {
      Links ids;
      each.resource->links(each, ids);
      for (const Links::Link& link : ids.all()) links.insert(link.id);
      legs.push_back(each);
    }
  REQUIRE(legs.size() == 2);
  CHECK(links == std::set<std::string>{"1715086680.310"});
  const CallFacts call(legs);
  CHECK(rows(call.facts, Model::interactions,
             {"interaction_id", "outcome", "ring_seconds", "recording_count"}) ==
        Lines{"1715086680.310|ANSWERED|8.000|0"});
  CHECK(call.facts.rows(Model::recordings).size() == 0);
}

TEST_CASE("uContact: the order of the rows changes nothing") {
  for (const char* guid : {"00000002", "00000009", "0000000b", "00000010", "00000023"}) {
    std::vector<Record> reversed(day().all().rbegin(), day().all().rend());
    const CallFacts forward(day().all(), guid);
    const CallFacts backward(reversed, guid);
    for (std::size_t table = 0; table < model_count; ++table) {
      Lines columns;
      for (const Column& column : model_tables[table].columns) columns.emplace_back(column.name);
      const auto model = static_cast<Model>(table);
      CHECK_MESSAGE(rows(forward.facts, model, columns) == rows(backward.facts, model, columns),
                    guid << ' ' << model_tables[table].name);
    }
  }
}

TEST_CASE("uContact: numbers that no time can hold are no times") {
  const Records records(leg_with({{"disposition", "\"ANSWERED\""},
                                  {"duration", "9223372036854775807"},
                                  {"billsec", "9223372036854775806"},
                                  {"finishtime", ""}}));
  const CallFacts call(records.all());
  CHECK(rows(call.facts, Model::interactions,
             {"outcome", "answer_time", "end_time", "ring_seconds"}) ==
        Lines{"ANSWERED|2022-06-20 17:57:00.000|NULL|1.000"});
  const Records negative(leg_with(
      {{"disposition", "\"ANSWERED\""}, {"duration", "-5"}, {"billsec", "-9"}, {"calldate", ""}}));
  const CallFacts other(negative.all());
  CHECK(rows(other.facts, Model::interactions,
             {"outcome", "start_time", "ring_seconds", "active_seconds"}) ==
        Lines{"ANSWERED|NULL|NULL|NULL"});
}

TEST_CASE("uContact: what is no record of a call has no facts") {
  for (const char* name :
       {"queuesummary.json", "campaignstatus_day.json", "respool.json", "schedule.json",
        "dialer_tasks.ndjson", "dialer_list.txt", "blacklist_bulk.json", "disposition.json"}) {
    const Records records = Records::of_sample(name);
    for (const Record& record : records.all()) {
      Facts facts;
      ucontact.map({&record, 1}, Wanted::everything(), facts);
      for (std::size_t table = 0; table < model_count; ++table)
        CHECK(facts.rows(static_cast<Model>(table)).size() == 0);
    }
  }
}

TEST_CASE("uContact: every column that is filled is documented, and no other") {
  std::set<std::pair<std::size_t, std::string>> filled;
  std::set<std::pair<std::size_t, std::string>> documented;
  std::set<std::string> guids;
  for (const Record& each : day().all())
    guids.insert(std::string(each.root["guid"].string()).substr(0, 8));
  guids.erase("");
  for (const std::string& guid : guids) {
    const CallFacts call(day().all(), guid);
    for (std::size_t table = 0; table < model_count; ++table) {
      const RowSet& set = call.facts.rows(static_cast<Model>(table));
      for (std::size_t row = 0; row < set.size(); ++row)
        for (std::size_t column = 0; column < set.width(); ++column)
          if (!set[row][column].is_null()) filled.emplace(table, set.table().columns[column].name);
    }
  }
  // The sample day has no dispositions.
  const Records given("[" + leg_with({}) +
                      R"(,{"guid":"020f9687-adc6-46ca-b675-e96c9d1606ef","agent":"agent",)"
                      R"("l1":"Sales","l2":"Interested","comment":"Asked for an offer"}])");
  const CallFacts disposed(given.all());
  const RowSet& wrap_ups = disposed.facts.rows(Model::wrap_ups);
  CHECK(wrap_ups.size() == 2);
  for (std::size_t row = 0; row < wrap_ups.size(); ++row)
    for (std::size_t column = 0; column < wrap_ups.width(); ++column)
      if (!wrap_ups[row][column].is_null())
        filled.emplace(static_cast<std::size_t>(Model::wrap_ups),
                       wrap_ups.table().columns[column].name);
  for (const MappingDoc& each : ucontact.mapping()) {
    CHECK_MESSAGE(documented.emplace(static_cast<std::size_t>(each.table), each.column).second,
                  "twice: " << each.column);
    CHECK(!each.from.empty());
  }
  CHECK(filled == documented);
}

}  // namespace of_ucontact
