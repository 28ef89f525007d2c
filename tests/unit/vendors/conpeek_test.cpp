// Conpeek's mapping: every field, the states of interactions computed by hand, outcomes, and values
// that must not be counted twice. samples/conpeek/README.md describes each sample interaction.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <random>
#include <set>

#include "conpeek_samples.hpp"
#include "json/document/convert.hpp"
#include "seed.hpp"

using namespace cdr;
using namespace cdr::test;

namespace of_conpeek {

namespace {

std::span<const Field> fields() {
  return conpeek.unregistered_tables[0].fields;
}

// 'CREATED 1.000 measured; RING …' of one agent, or of the interaction ("").
std::string states_of(const Mapped& mapped, std::string_view agent = "") {
  std::string shown;
  const Model model = Model::state_durations;
  for (std::size_t row = 0; row < mapped.facts.rows(model).size(); ++row) {
    const Value id = mapped.cell(model, "agent_id", row);
    if ((id.is_null() ? "" : id.as_text()) != agent) continue;
    if (!shown.empty()) shown += "; ";
    shown += mapped.show(model, "state", row) + " " + mapped.show(model, "seconds", row) + " " +
             mapped.show(model, "basis", row);
  }
  return shown;
}

// The states of a dialog's row: 'created 1.000; ring 5.000'.
std::string dialog_states(const Mapped& mapped, std::size_t row) {
  std::string shown;
  for (const StateName& each : states) {
    const Value value = mapped.cell(Model::dialogs, each.column, row);
    if (value.is_null()) continue;
    if (!shown.empty()) shown += "; ";
    shown += std::string(each.name) + " " + Mapped::text(value);
  }
  return shown;
}

std::string column_of(const Mapped& mapped, Model model, std::string_view column) {
  std::string shown;
  for (std::size_t row = 0; row < mapped.facts.rows(model).size(); ++row)
    shown += (row == 0 ? "" : " ") + mapped.show(model, column, row);
  return shown;
}

// The whole row of the interaction.
std::string interaction_row(const Mapped& mapped) {
  std::string shown;
  for (const Column& column : table_of(Model::interactions).columns)
    shown += std::string(column.name) + '=' + mapped.show(column.name) + '|';
  return shown;
}

}  // namespace

TEST_CASE("conpeek: the field list is the model's columns, by name and type") {
  const Table& table = table_of(Model::dialogs);
  const auto first = static_cast<std::size_t>(table.find("dialog_uuid"));
  REQUIRE(first == 4);
  REQUIRE(fields().size() == 48 + 25);
  for (std::size_t i = 0; i < fields().size(); ++i) {
    CHECK(fields()[i].column == table.columns[first + i].name);
    CHECK(declared_type(fields()[i].kind) == table.columns[first + i].type);
  }
  CHECK(table.columns[first + 47].name == "transcript_exist");
  CHECK(table.columns[first + fields().size()].name == "created_seconds");
}

TEST_CASE("conpeek: each field, alone, reaches its own column and no other") {
  const std::map<Kind, std::pair<std::string, std::string>> examples{
      {Kind::text, {R"("x-1")", "x-1"}},
      {Kind::id, {R"("x-1")", "x-1"}},
      {Kind::integer, {"1234", "1234"}},
      {Kind::boolean, {"1", "1"}},
      {Kind::utc, {R"("2024-03-12 08:00:01")", "2024-03-12 08:00:01.000"}},
      {Kind::list, {R"([1, {"a":1}])", R"([1,{"a":1}])"}},
      {Kind::texts, {R"([1, "a"])", R"([1,"a"])"}},
      {Kind::object, {R"({"a": 1})", R"({"a":1})"}},
      {Kind::json, {R"([1, "a"])", R"([1,"a"])"}},
  };
  for (const Field& field : fields()) {
    CAPTURE(field.key);
    const auto& [json, expected] = examples.at(field.kind);
    const auto dot = field.key.find('.');
    const std::string_view outer = field.key.substr(0, dot);
    const std::string_view inner = dot == std::string_view::npos ? "" : field.key.substr(dot + 1);
    const std::string member = inner.empty()
                                   ? joined({"\"", outer, "\":", json})
                                   : joined({"\"", outer, "\":{\"", inner, "\":", json, "}"});
    const std::string_view id = field.key == "dialog_uuid" ? "" : R"("dialog_uuid":"d-1",)";
    const Mapped mapped({joined({"{", id, member, "}"})});
    REQUIRE(mapped.facts.rows(Model::dialogs).size() == 1);
    CHECK(mapped.show(Model::dialogs, field.column) == expected);
    for (const Field& other : fields()) {
      if (other.column == field.column || other.column == "dialog_uuid" || other.key == outer)
        continue;
      CAPTURE(other.column);
      CHECK(mapped.cell(Model::dialogs, other.column).is_null());
    }
    CHECK(mapped.cell(Model::dialogs, "extra").is_null());
    CHECK(mapped.sink.problems.empty());
  }
}

TEST_CASE("conpeek: the vendor's own example") {
  const Mapped mapped({whole("seed_dialog.json")});
  const std::map<std::string, std::string> expected{
      {"vendor", "conpeek"},
      {"source", "tenant"},
      {"interaction_id", "6d59cb01-eeac-432a-b0aa-bfa4f26785ect"},
      {"dialog_id", "6d59cb01-eeac-432a-b0aa-bfa4f26785ect"},
      {"dialog_uuid", "6d59cb01-eeac-432a-b0aa-bfa4f26785ect"},
      {"dialog_type", "CONSULTANT"},
      {"business_direction", "OUTBOUND"},
      {"business_end_cause", "DIALOG_LEFT"},
      {"from_display_target", "48123456789"},
      {"to_display_target", "48777888999"},
      {"start_time", "2018-09-01 00:00:00.000"},
      {"hangup_time", "2018-09-01 00:00:00.000"},
      {"serve_time", "2018-09-01 00:00:00.000"},
      {"talking_time", "10000"},
      {"alert_time", "2018-09-01 00:00:00.000"},
      {"answer_time", "2018-09-01 00:00:00.000"},
      {"ring_time", "2018-09-01 10:00:04.000"},
      {"waiting_time", "10000"},
      {"first_queue_waiting_time", "10000"},
      {"machine_detected", "0"},
      {"machine_detected_type", "AMD"},
      {"initial_media", R"(["audio"])"},
      {"project",
       R"({"id":1,"name":"Projekt","language":"pl","service_type":"CONTACT_CENTER","service_id":1})"},
      {"project_id_list", "[918,917]"},
      {"tenant_user",
       R"({"id":1,"username":"jkowalski","firstname":"Jan","surname":"Kowalski","display_name":"Jan Kowalski"})"},
      {"anonymous", R"({"display_name":"48123456789"})"},
      {"virtual_agent", R"({"id":3,"name":"XYZ"})"},
      {"crm_id", "5dcac98ef03d6428522729ab"},
      {"contact_id", "491"},
      {"contact_data", R"({"firstname":"XYZ","surname":"BB","id":"45"})"},
      {"organization_id", "5dea685ef03d6443e10efa15"},
      {"organization_name", "Przykładowa nazwa firmy"},
      {"note", "Rozmowa przebiegła pomyślnie"},
      {"audio_video_recording",
       R"([{"media":"audio","recording_id":"5f997367b8e622716b77c4d6","start_time":"2018-09-01 00:00:00","stop_time":"2018-09-01 00:00:00"}])"},
      {"call_info_param1", "Temat rozmowy"},
      {"call_info_value1", "Reklamacja"},
      {"call_info_param2", "Numer produktu"},
      {"call_info_value2", "12345"},
      {"call_info_param3", "Data kupna"},
      {"call_info_value3", "2018-09-01 00:00:00"},
      {"call_info_param4", "Data zgłoszenia"},
      {"call_info_value4", "2018-09-01 00:00:00"},
      {"call_info_param5", "Czy reklamacja może być uznana ?"},
      {"call_info_value5", "Tak"},
      {"custom_tag_id_list", "[4,5]"},
      {"variables", R"({"name":"value"})"},
      {"operator_call_id", "12345"},
      {"hangup_cause", "NORMAL_CLEARING"},
      {"end_cause", "HANGUP"},
      {"call_request_data",
       R"({"dialing_method":"dialer_bot","call_request_id":"655cb5a4b8e622648a81e456","call_request_name":null,"application_id":"61683685b8e622472e346a8d","application_name":"VoiceBot","application_type":"VOICE_CAMPAIGN","project_id":6,"project_name":"Reklamacje","case_id":null,"case_group":null,"case_state":null,"virtual_agent_id":"629637d8b8e622289a1d8c27"})"},
      {"linked_dialogs",
       R"(["6d59cb01-eeac-432a-b0aa-bfa4f26785ect","23a87733-87f0-4499-8060-3c3331143477"])"},
      {"transcript_exist", "1"},
      {"project_id", "1"},
      {"project_name", "Projekt"},
      {"project_language", "pl"},
      {"project_service_type", "CONTACT_CENTER"},
      {"project_service_id", "1"},
      {"tenant_user_id", "1"},
      {"tenant_user_username", "jkowalski"},
      {"tenant_user_firstname", "Jan"},
      {"tenant_user_surname", "Kowalski"},
      {"tenant_user_display_name", "Jan Kowalski"},
      {"anonymous_display_name", "48123456789"},
      {"virtual_agent_id", "3"},
      {"virtual_agent_name", "XYZ"},
      {"call_request_data_dialing_method", "dialer_bot"},
      {"call_request_data_call_request_id", "655cb5a4b8e622648a81e456"},
      {"call_request_data_call_request_name", "NULL"},
      {"call_request_data_application_id", "61683685b8e622472e346a8d"},
      {"call_request_data_application_name", "VoiceBot"},
      {"call_request_data_application_type", "VOICE_CAMPAIGN"},
      {"call_request_data_project_id", "6"},
      {"call_request_data_project_name", "Reklamacje"},
      {"call_request_data_case_id", "NULL"},
      {"call_request_data_case_group", "NULL"},
      {"call_request_data_case_state", "NULL"},
      {"call_request_data_virtual_agent_id", "629637d8b8e622289a1d8c27"},
      {"created_seconds", "0.000"},
      {"ivr_seconds", "NULL"},
      {"in_queue_seconds", "10.000"},
      {"waiting_seconds", "10.000"},
      {"ring_seconds", "NULL"},  // its ring_time is ten hours after its answer_time
      {"bcw_seconds", "NULL"},   // not greater than 0
      {"active_seconds", "10.000"},
      {"hold_seconds", "NULL"},
      {"acw_seconds", "NULL"},
      {"outcome", "ANSWERED"},
      {"extra", "NULL"},
      {"agent_id", "1"},
      {"agent_name", "Jan Kowalski"},
      {"interaction_key", "NULL"},
  };
  const Table& table = table_of(Model::dialogs);
  REQUIRE(expected.size() == table.columns.size());
  for (const Column& column : table.columns) {
    CAPTURE(column.name);
    CHECK(mapped.show(Model::dialogs, column.name) == expected.at(std::string(column.name)));
  }
  CHECK(mapped.sink.problems.empty());
  // A talking time of 10 s does not fit into a conversation that ends when it begins.
  CHECK(
      mapped.show("mapping") ==
      R"({"active_seconds":"talking_time of the agent's side; no EXTERNAL side gives one",)"
      R"("contradictions":["6d59cb01-eeac-432a-b0aa-bfa4f26785ect: talking_time and hangup_time - )"
      R"(serve_time differ by more than 1000 ms",)"
      R"("6d59cb01-eeac-432a-b0aa-bfa4f26785ect: answer_time before ringing began"]})");
}

TEST_CASE("conpeek: state durations, by hand") {
  SUBCASE("1: answered after the queue") {
    const Mapped mapped(interaction(1));
    CHECK(dialog_states(mapped, 0) ==
          "IN_QUEUE 44.350; WAITING 51.760; RING 6.000; ACTIVE 138.240");
    CHECK(dialog_states(mapped, 1) ==
          "CREATED 1.000; WAITING 6.800; RING 5.000; BCW 1.000; ACTIVE 138.240");
    CHECK(states_of(mapped) ==
          "IN_QUEUE 44.350 reported; WAITING 51.760 reported; "
          "RING 5.000 measured; BCW 1.000 derived; ACTIVE 138.240 reported");
    CHECK(states_of(mapped, "101") ==
          "CREATED 1.000 derived; WAITING 6.800 reported; RING 5.000 measured; BCW 1.000 derived; "
          "ACTIVE 138.240 reported");
    CHECK(mapped.show("active_seconds") == "138.240");
    CHECK(mapped.show("handle_seconds") == "138.240");
    CHECK(mapped.show("mapping") == "NULL");
  }
  SUBCASE("3: abandoned in the queue") {
    const Mapped mapped(interaction(3));
    CHECK(states_of(mapped) == "IN_QUEUE 93.500 reported; WAITING 95.000 reported");
  }
  SUBCASE("4: abandoned while ringing") {
    const Mapped mapped(interaction(4));
    CHECK(states_of(mapped) ==
          "IN_QUEUE 30.200 reported; WAITING 50.000 reported; RING 19.000 measured");
  }
  SUBCASE("5: the second agent answers, so the second one's ring counts") {
    const Mapped mapped(interaction(5));
    CHECK(states_of(mapped) ==
          "IN_QUEUE 10.500 reported; WAITING 48.000 reported; "
          "RING 6.000 measured; BCW 1.000 derived; ACTIVE 192.000 reported");
    CHECK(states_of(mapped, "104") == "CREATED 1.000 derived; RING 20.000 measured");
    CHECK(states_of(mapped, "105") ==
          "CREATED 1.000 derived; RING 6.000 measured; BCW 1.000 derived; ACTIVE 192.000 reported");
  }
  SUBCASE("7: transferred; the customer's talking time is not the agents' added up") {
    const Mapped mapped(interaction(7));
    CHECK(states_of(mapped) ==
          "IN_QUEUE 14.250 reported; WAITING 20.000 reported; "
          "RING 5.000 measured; ACTIVE 334.500 reported");
    CHECK(states_of(mapped, "102") ==
          "CREATED 0.000 derived; RING 5.000 measured; ACTIVE 160.000 reported");
    CHECK(states_of(mapped, "103") ==
          "CREATED 1.000 derived; RING 5.000 measured; BCW 1.000 derived; ACTIVE 174.500 reported");
  }
  SUBCASE("8: two agents at once, without the customer's figure: the time covered, once") {
    const Mapped mapped(interaction(8));
    CHECK(states_of(mapped) ==
          "IN_QUEUE 5.000 reported; WAITING 10.000 reported; "
          "RING 4.000 measured; BCW 1.000 derived; ACTIVE 290.000 derived");
    CHECK(mapped.show("mapping") ==
          R"({"active_seconds":"time covered by serve_time to hangup_time of agents' sides, which )"
          R"(overlap; no EXTERNAL side gives talking_time"})");
  }
  SUBCASE("11: outbound by hand") {
    const Mapped mapped(interaction(11));
    CHECK(dialog_states(mapped, 0) == "CREATED 0.000; RING 2.000; BCW 19.000; ACTIVE 158.600");
    CHECK(dialog_states(mapped, 1) == "CREATED 2.000; WAITING 18.000; RING 15.000; ACTIVE 158.600");
    CHECK(
        states_of(mapped) ==
        "CREATED 2.000 derived; WAITING 18.000 reported; RING 15.000 measured; BCW 19.000 derived; "
        "ACTIVE 158.600 reported");
  }
  SUBCASE("13: nobody answers: ringing until the end") {
    const Mapped mapped(interaction(13));
    CHECK(states_of(mapped) == "CREATED 3.000 derived; RING 31.000 measured");
  }
  SUBCASE("32: an agent who has it twice; no customer's side") {
    const Mapped mapped(interaction(32));
    CHECK(states_of(mapped) ==
          "CREATED 1.000 derived; IN_QUEUE 3.000 reported; WAITING 8.000 reported; "
          "RING 5.000 measured; BCW 2.000 derived; ACTIVE 284.000 derived");
    CHECK(states_of(mapped, "103") ==
          "CREATED 1.000 derived; IN_QUEUE 3.000 reported; WAITING 8.000 reported; "
          "RING 8.000 measured; BCW 2.000 derived; ACTIVE 228.750 reported");
    CHECK(states_of(mapped, "104") ==
          "CREATED 1.000 derived; RING 3.000 measured; BCW 1.000 derived; ACTIVE 55.250 reported");
  }
  SUBCASE("34: over midnight") {
    const Mapped mapped(interaction(34));
    CHECK(states_of(mapped, "105") ==
          "CREATED 0.000 derived; RING 7.000 measured; BCW 1.000 derived; ACTIVE 200.000 reported");
  }
}

TEST_CASE("conpeek: a reported conversation has instants only where they say the same") {
  const auto instants = [](const std::string& talking) {
    const Mapped mapped(
        {R"({"dialog_uuid":"d","dialog_type":"CONSULTANT","tenant_user":{"id":7},)"
         R"("serve_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:01:00",)"
         R"("talking_time":)" +
         talking + "}"});
    return mapped.show(Model::state_durations, "start_time") + " " +
           mapped.show(Model::state_durations, "end_time");
  };
  const std::string both = "2024-03-12 08:00:00.000 2024-03-12 08:01:00.000";
  CHECK(instants("60000") == both);
  CHECK(instants("59000") == both);
  CHECK(instants("61000") == both);
  CHECK(instants("58999") == "NULL NULL");
  CHECK(instants("61001") == "NULL NULL");
}

TEST_CASE("conpeek: an interaction of one dialog has that dialog's figures") {
  for (const std::string sample : {"day.ndjson", "odd.ndjson"})
    for (const std::string& line : lines_of(sample)) {
      const Mapped mapped({line});
      const std::string type = mapped.show(Model::dialogs, "dialog_type");
      const bool may_meet_agent =
          type == "CONSULTANT" || type == "TENANT_USER" ||
          (type == "EXTERNAL" && mapped.show(Model::dialogs, "machine_detected") != "1");
      for (const StateName& each : states) {
        if (each.state == State::active && (!may_meet_agent || mapped.show("outcome") == "MACHINE"))
          continue;  // in conversation with no other side
        CAPTURE(line.substr(0, 60));
        CAPTURE(each.name);
        CHECK(mapped.show(each.column) == mapped.show(Model::dialogs, each.column));
      }
    }
}

TEST_CASE("conpeek: what became of each interaction") {
  const std::map<int, std::string> expected{
      {1, "INBOUND ANSWERED 1 0"},
      {2, "INBOUND ANSWERED 1 0"},
      {3, "INBOUND ABANDONED_IN_QUEUE 0 0"},
      {4, "INBOUND ABANDONED_IN_RING 1 0"},
      {5, "INBOUND ANSWERED 2 0"},
      {6, "INBOUND ABANDONED_IN_QUEUE 1 0"},
      {7, "INBOUND ANSWERED 2 1"},
      {8, "INBOUND ANSWERED 2 1"},
      {9, "INBOUND ANSWERED 1 0"},
      {10, "INBOUND SELF_SERVICE 0 0"},
      {11, "OUTBOUND ANSWERED 1 0"},
      {12, "OUTBOUND ANSWERED 1 0"},
      {13, "OUTBOUND NO_ANSWER 0 0"},
      {14, "OUTBOUND BUSY 0 0"},
      {15, "OUTBOUND REJECTED 0 0"},
      {16, "OUTBOUND UNREACHABLE 0 0"},
      {17, "OUTBOUND MACHINE 0 0"},
      {18, "OUTBOUND MACHINE 1 0"},
      {19, "OUTBOUND SELF_SERVICE 0 0"},
      {20, "INBOUND ANSWERED 1 0"},
      {23, "INBOUND ANSWERED 1 0"},
      {25, "OUTBOUND ANSWERED 1 0"},
      {26, "INBOUND ANSWERED 1 0"},
      {27, "INBOUND ANSWERED 1 0"},
      {28, "INBOUND OTHER 0 0"},
      {29, "INBOUND FAILED 0 0"},
      {31, "INBOUND ANSWERED 2 0"},
      {32, "INBOUND ANSWERED 2 2"},
      {34, "INBOUND ANSWERED 1 0"},
      {35, "OUTBOUND NO_ANSWER 1 0"},
      {39, "INBOUND ABANDONED_IN_QUEUE 0 0"},
  };
  for (const auto& each : expected) {
    const int n = each.first;
    CAPTURE(n);
    const Mapped mapped(interaction(n));
    CHECK(mapped.show("direction") + " " + mapped.show("outcome") + " " +
              mapped.show("agent_count") + " " + mapped.show("transfer_count") ==
          each.second);
    CHECK(mapped.show("dialog_count") == std::to_string(mapped.records.size()));
    CHECK(mapped.show("interaction_id") ==
          prefix_of(n) + "0000-4000-8000-00000000000" + mapped.show("interaction_id").substr(35));
    CHECK(mapped.show("interaction_id") == mapped.show(Model::dialogs, "dialog_uuid"));
  }
}

TEST_CASE("conpeek: a call among colleagues of which no side is a user's") {
  for (const char* type : {"EXTERNAL", "BOT", "OTHER", ""}) {
    CAPTURE(type);
    const std::string side =
        std::string(R"({"dialog_uuid":"d1","dialog_type":")") + type +
        R"(","business_direction":"INTERNAL",)"
        R"("start_time":"2024-03-12 08:00:00","ring_time":"2024-03-12 08:00:01",)"
        R"("hangup_time":"2024-03-12 08:00:09","hangup_cause":"USER_BUSY"})";
    const Mapped mapped({side});
    CHECK(mapped.show("direction") == "INTERNAL");
    CHECK(mapped.show("outcome") == "BUSY");
    CHECK(mapped.facts.rows(Model::agent_offers).size() == 0);
  }
}

// If no side in the input accounts for a customer's conversation, it was with an agent. A
// conversation with a bot or a machine does not count.
TEST_CASE("conpeek: a talking time of the customer's alone") {
  const auto side = [](const std::string& id, const std::string& type, const std::string& rest) {
    return R"({"dialog_uuid":")" + id + R"(","dialog_type":")" + type +
           R"(","business_direction":"INBOUND","start_time":"2024-03-12 08:00:00",)"
           R"("first_queue_waiting_time":9000,"hangup_cause":"NORMAL_CLEARING",)" +
           rest + "}";
  };
  const auto told = [](const std::vector<std::string>& sides) {
    const Mapped mapped(sides);
    return mapped.show("outcome") + " " + mapped.show("answer_time") + " " +
           mapped.show("active_seconds") + " " + mapped.show("handle_seconds");
  };
  const std::string talked =
      R"("serve_time":"2024-03-12 08:00:40","hangup_time":"2024-03-12 08:02:00",)"
      R"("talking_time":80000)";
  const std::string bot_first =
      R"("serve_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:00:20")";
  const std::string bot_meanwhile =
      R"("serve_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:02:00")";
  const std::string rang =
      R"("alert_time":"2024-03-12 08:00:20","hangup_time":"2024-03-12 08:00:30")";
  const std::string answered = "ANSWERED 2024-03-12 08:00:40.000 80.000 80.000";

  // The agent's side is lost, or has lost its serve_time.
  CHECK(told({side("a", "EXTERNAL", talked)}) == answered);
  CHECK(told({side("a", "EXTERNAL", talked), side("b", "CONSULTANT", rang)}) == answered);
  CHECK(told({side("a", "EXTERNAL", talked), side("b", "BOT", bot_first)}) == answered);
  CHECK(told({side("a", "EXTERNAL", R"("talking_time":80000)"),
              side("b", "CONSULTANT", R"("talking_time":79000)")}) ==
        "ANSWERED NULL 80.000 80.000");
  // A bot, a machine, or no conversation.
  CHECK(told({side("a", "EXTERNAL", talked), side("b", "BOT", bot_meanwhile)}) ==
        "SELF_SERVICE NULL NULL NULL");
  CHECK(told({R"({"dialog_uuid":"a","dialog_type":"EXTERNAL","business_direction":"OUTBOUND",)"
              R"("machine_detected":1,)" +
              talked + "}"}) == "MACHINE NULL NULL NULL");
  CHECK(told({side("a", "EXTERNAL",
                   R"("serve_time":"2024-03-12 08:00:01","hangup_time":"2024-03-12 08:00:30",)"
                   R"("talking_time":0)")}) == "ABANDONED_IN_QUEUE NULL NULL NULL");
  // If a bot comes before the agent, the time with the agent counts.
  CHECK(told({side("a", "EXTERNAL",
                   R"("serve_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:02:00",)"
                   R"("talking_time":120000)"),
              side("b", "BOT", bot_first), side("c", "CONSULTANT", talked)}) == answered);
}

TEST_CASE("conpeek: who leaves right behind the bot has left the queue, or the ringing") {
  const std::string customer =
      R"({"dialog_uuid":"a","dialog_type":"EXTERNAL","business_direction":"INBOUND",)"
      R"("start_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:00:21",)"
      R"("hangup_cause":"NORMAL_CLEARING","first_queue_waiting_time":)";
  const std::string bot =
      R"({"dialog_uuid":"b","dialog_type":"BOT","start_time":"2024-03-12 08:00:00",)"
      R"("serve_time":"2024-03-12 08:00:00","hangup_time":"2024-03-12 08:00:20"})";
  const std::string agent =
      R"({"dialog_uuid":"c","dialog_type":"CONSULTANT","start_time":"2024-03-12 08:00:20",)"
      R"("alert_time":"2024-03-12 08:00:20","hangup_time":"2024-03-12 08:00:21"})";
  CHECK(Mapped({customer + "600}", bot}).show("outcome") == "ABANDONED_IN_QUEUE");
  CHECK(Mapped({customer + "0}", bot}).show("outcome") == "SELF_SERVICE");
  CHECK(Mapped({customer + "null}", bot}).show("outcome") == "SELF_SERVICE");
  CHECK(Mapped({customer + "600}", bot, agent}).show("outcome") == "ABANDONED_IN_RING");
  // The wait was before the bot, which took the caller out of the queue.
  const std::string late_bot =
      R"({"dialog_uuid":"b","dialog_type":"BOT","start_time":"2024-03-12 08:00:11",)"
      R"("serve_time":"2024-03-12 08:00:11","hangup_time":"2024-03-12 08:00:21"})";
  CHECK(Mapped({customer + "10500}", late_bot}).show("outcome") == "SELF_SERVICE");
}

TEST_CASE("conpeek: an interaction is created with its first side, not with an agent's") {
  const std::string agent =
      R"({"dialog_uuid":"b","dialog_type":"CONSULTANT","start_time":"2024-03-12 08:00:30",)"
      R"("alert_time":"2024-03-12 08:00:32","hangup_time":"2024-03-12 08:02:00"})";
  const std::string customer =
      R"({"dialog_uuid":"a","dialog_type":"EXTERNAL","start_time":"2024-03-12 08:00:00",)"
      R"("hangup_time":"2024-03-12 08:02:00")";
  CHECK(Mapped({customer + "}", agent}).show("created_seconds") == "NULL");
  CHECK(Mapped({customer + R"(,"alert_time":"2024-03-12 08:00:03"})", agent})
            .show("created_seconds") == "3.000");
  CHECK(Mapped({agent}).show("created_seconds") == "2.000");
}

TEST_CASE("conpeek: outcome of an agent's side, and none of another's") {
  CHECK(column_of(Mapped(interaction(4)), Model::dialogs, "outcome") == "NULL CANCELLED");
  CHECK(column_of(Mapped(interaction(5)), Model::dialogs, "outcome") == "NULL NO_ANSWER ANSWERED");
  CHECK(column_of(Mapped(interaction(6)), Model::dialogs, "outcome") == "NULL REJECTED");
  CHECK(column_of(Mapped(interaction(9)), Model::dialogs, "outcome") == "NULL NULL ANSWERED");
  CHECK(column_of(Mapped(interaction(31)), Model::dialogs, "outcome") == "NULL CANCELLED ANSWERED");
  const Mapped nothing_said({R"({"dialog_uuid":"d","dialog_type":"TENANT_USER"})"});
  CHECK(nothing_said.show(Model::dialogs, "outcome") == "NULL");
  CHECK(nothing_said.show("outcome") == "NULL");
}

TEST_CASE("conpeek: the row of a transferred interaction") {
  const Mapped mapped(interaction(7));
  CHECK(mapped.show("channel") == "voice");
  CHECK(mapped.show("start_time") == "2024-03-12 08:40:00.000");
  CHECK(mapped.show("queue_time") == "2024-03-12 08:40:00.750");
  CHECK(mapped.show("answer_time") == "2024-03-12 08:40:20.000");
  CHECK(mapped.show("end_time") == "2024-03-12 08:46:00.000");
  CHECK(mapped.show("customer_number") == "48500002007");
  CHECK(mapped.show("company_number") == "48500000100");
  CHECK(mapped.show("first_queue_id") == "918");
  CHECK(mapped.show("first_agent_id") == "102");
  CHECK(mapped.show("first_agent_name") == "Piotr Przykładowy");
  CHECK(mapped.show("last_agent_id") == "103");
  CHECK(mapped.show("last_agent_name") == "Ewa Wzorcowa");
  CHECK(mapped.show("end_cause") == "HANGUP");
  CHECK(mapped.show("hangup_cause") == "NORMAL_CLEARING");
  CHECK(mapped.show("recording_count") == "2");
  CHECK(mapped.show("released_by") == "NULL");
  CHECK(column_of(mapped, Model::recordings, "dialog_id") ==
        "00000007-0000-4000-8000-000000000002 00000007-0000-4000-8000-000000000003");
  CHECK(mapped.show(Model::recordings, "start_time", 1) == "2024-03-12 08:43:05.000");
  CHECK(mapped.show(Model::recordings, "stop_time", 1) == "2024-03-12 08:46:00.000");
  CHECK(mapped.show(Model::recordings, "media", 1) == "audio");
}

TEST_CASE("conpeek: customer and company change places with the direction") {
  const Mapped outbound(interaction(12));
  CHECK(outbound.show("customer_number") == "48500002012");
  CHECK(outbound.show("company_number") == "48500000100");
  CHECK(Mapped(interaction(20)).show("customer_number") == "4850000****");
  CHECK(Mapped(interaction(26)).show("customer_number") == "Gość 26");
  CHECK(Mapped(interaction(26)).show("channel") == "video");
  CHECK(Mapped(interaction(27)).show("channel") == "chat");
}

TEST_CASE("conpeek: events in the order of time, in the vendor's words") {
  const Mapped mapped(interaction(5));
  CHECK(column_of(mapped, Model::agent_events, "event") ==
        "alert hangup alert answer serve hangup");
  CHECK(column_of(mapped, Model::agent_events, "agent_id") == "104 104 105 105 105 105");
  CHECK(column_of(mapped, Model::agent_events, "seq") == "1 2 3 4 5 6");
  CHECK(mapped.show(Model::agent_events, "event_time", 3) == "2024-03-12 08:20:47.000");
  CHECK(mapped.show(Model::agent_events, "agent_name", 0) == "Jan Fikcyjny");
  CHECK(mapped.show(Model::agent_events, "dialog_id", 0) == "00000005-0000-4000-8000-000000000002");
  CHECK(mapped.show(Model::agent_events, "duration_seconds", 0) == "NULL");
  CHECK(column_of(mapped, Model::customer_events, "event") == "answer serve hangup");
  CHECK(column_of(mapped, Model::customer_events, "customer_id") ==
        "48500002005 48500002005 48500002005");
  CHECK(column_of(Mapped(interaction(13)), Model::customer_events, "event") == "alert ring hangup");
  CHECK(mapped.facts.rows(Model::queue_events).size() == 0);
  CHECK(mapped.facts.rows(Model::ivr_events).size() == 0);
  CHECK(mapped.facts.rows(Model::agent_states).size() == 0);
}

TEST_CASE("conpeek: one queue visit where the first queue took time, none where it took none") {
  const Mapped answered(interaction(5));
  REQUIRE(answered.facts.rows(Model::queue_visits).size() == 1);
  CHECK(answered.show(Model::queue_visits, "visit_no") == "1");
  CHECK(answered.show(Model::queue_visits, "wait_seconds") == "10.500");
  CHECK(answered.show(Model::queue_visits, "outcome") == "ANSWERED");
  CHECK(answered.show(Model::queue_visits, "agent_id") == "105");
  // The first agent's telephone rang at 11 s: after 10.5 s in the queue.
  CHECK(answered.show(Model::queue_visits, "enqueue_time") == "2024-03-12 08:20:00.500");
  const Mapped abandoned(interaction(3));
  CHECK(abandoned.show(Model::queue_visits, "outcome") == "ABANDONED_IN_QUEUE");
  CHECK(abandoned.show(Model::queue_visits, "agent_id") == "NULL");
  CHECK(Mapped(interaction(2)).facts.rows(Model::queue_visits).size() == 0);   // 0 ms
  CHECK(Mapped(interaction(13)).facts.rows(Model::queue_visits).size() == 0);  // not given
}

namespace {

// The customer's side of a call from 10:00:00, and an agent's side from 10:00:10. `more` begins with
// a comma.
std::string customers_side(const std::string& more) {
  return R"({"dialog_uuid":"e","dialog_type":"EXTERNAL","business_direction":"INBOUND",)"
         R"("start_time":"2024-05-02 10:00:00","linked_dialogs":["a"])" +
         more + "}";
}
std::string agents_side(const std::string& more) {
  return R"({"dialog_uuid":"a","dialog_type":"CONSULTANT","business_direction":"INBOUND",)"
         R"("start_time":"2024-05-02 10:00:10","tenant_user":{"id":7},"linked_dialogs":["e"])" +
         more + "}";
}

}  // namespace

TEST_CASE("conpeek: the queue is left when the first agent is asked, at the latest at the answer") {
  const std::string talk =
      R"(,"serve_time":"2024-05-02 10:00:20","hangup_time":"2024-05-02 11:01:20",)"
      R"("talking_time":3660000)";
  const std::string customer = customers_side(talk + R"(,"first_queue_waiting_time":5000)");
  const auto times = [](const Mapped& mapped) {
    std::string shown;
    for (const char* column : {"enqueue_time", "dequeue_time", "answer_time"})
      shown += mapped.show(Model::queue_visits, column).substr(11) + " ";
    return shown + mapped.show(Model::queue_visits, "speed_of_answer_seconds");
  };
  const std::string as_asked = "10:00:05.000 10:00:10.000 10:00:20.000 15.000";
  CHECK(times(Mapped({customer, agents_side(talk + R"(,"alert_time":"2024-05-02 10:00:10")")})) ==
        as_asked);
  CHECK(times(Mapped({customer, agents_side(talk + R"(,"ring_time":"2024-05-02 10:00:10")")})) ==
        as_asked);
  CHECK(times(Mapped({customer, agents_side(talk)})) == as_asked);
  // No agent's side says that an agent was asked before the answer.
  const std::string at_answer = "10:00:15.000 10:00:20.000 10:00:20.000 5.000";
  CHECK(times(Mapped({customer, agents_side(talk + R"(,"alert_time":"2024-05-02 10:00:30")")})) ==
        at_answer);
  CHECK(times(Mapped({customer})) == at_answer);
}

TEST_CASE("conpeek: a wait that an agent's side reports has to fit the interaction") {
  const std::string talk =
      R"(,"serve_time":"2024-05-02 10:00:20","hangup_time":"2024-05-02 10:01:20",)"
      R"("talking_time":60000)";
  const std::string absurd =
      agents_side(talk + R"(,"first_queue_waiting_time":3000000,"waiting_time":4000000)");
  const Mapped mapped({customers_side(talk), absurd});
  CHECK(mapped.show("in_queue_seconds") == "NULL");
  CHECK(mapped.show("waiting_seconds") == "NULL");
  CHECK(mapped.show("mapping").find("IN_QUEUE of a: 3000 s is longer than the call of 80 s") !=
        std::string::npos);
  CHECK(mapped.show("mapping").find("WAITING of a: 4000 s is longer than the call of 80 s") !=
        std::string::npos);
  CHECK(mapped.facts.rows(Model::queue_visits).size() == 0);
  CHECK(states_of(mapped, "7").find("IN_QUEUE") == std::string::npos);
  CHECK(states_of(mapped, "7").find("WAITING") == std::string::npos);
  CHECK(mapped.show(Model::dialogs, "first_queue_waiting_time") == "3000000");
  // One that fits the interaction counts, though it is longer than the agent's side.
  const Mapped fitting(
      {customers_side(talk), agents_side(talk + R"(,"first_queue_waiting_time":79000)")});
  CHECK(fitting.show("in_queue_seconds") == "79.000");
  CHECK(states_of(fitting, "7").starts_with("IN_QUEUE 79.000 reported"));
  // Without the customer's side, nothing shows how long the customer could wait.
  CHECK(Mapped({absurd}).show("in_queue_seconds") == "3000.000");
}

TEST_CASE("conpeek: users who share a screen are colleagues still") {
  const auto side = [](const std::string& id, const std::string& type, const std::string& more) {
    return R"({"dialog_uuid":")" + id + R"(","dialog_type":")" + type +
           R"(","hangup_time":"2024-05-02 10:01:00","linked_dialogs":["a","b"],)" + more + "}";
  };
  const std::string caller =
      R"("business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:00",)"
      R"("serve_time":"2024-05-02 10:00:10","from_display_target":"101",)"
      R"("to_display_target":"102","tenant_user":{"id":1})";
  const std::string called = R"("business_direction":"INBOUND","start_time":"2024-05-02 10:00:00",)"
                             R"("serve_time":"2024-05-02 10:00:10","from_display_target":"101",)"
                             R"("to_display_target":"102","tenant_user":{"id":2})";
  const std::string shared =
      R"("business_direction":"OUTBOUND","start_time":"2024-05-02 10:00:20")";
  const auto row = [&](const char* third) {
    const Mapped mapped({side("b", "TENANT_USER", caller), side("a", "TENANT_USER", called),
                         side("c", third, shared)});
    std::string shown;
    for (const char* column : {"direction", "customer_number", "company_number", "agent_count",
                               "transfer_count", "first_agent_id"})
      shown += mapped.show(column) + "|";
    return shown + column_of(mapped, Model::agent_offers, "agent_id");
  };
  CHECK(row("SCREENSHARE_DIALOG") == "INTERNAL|NULL|NULL|2|0|1|2");
  CHECK(row("SYSTEM") == "INTERNAL|NULL|NULL|2|0|1|2");
  CHECK(row("EXTERNAL").starts_with("OUTBOUND|102|101|2|"));
}

TEST_CASE("conpeek: a text where a list or an object belongs is kept in extra and counted") {
  const Mapped mapped(
      {R"({"dialog_uuid":"e","linked_dialogs":"a","initial_media":"audio","project":"{\"id\":1}"})"});
  CHECK(mapped.show(Model::dialogs, "extra") ==
        R"({"initial_media":"audio","project":"{\"id\":1}","linked_dialogs":"a"})");
  CHECK(mapped.show(Model::dialogs, "linked_dialogs") == "NULL");
  CHECK(mapped.show(Model::dialogs, "initial_media") == "NULL");
  CHECK(mapped.show(Model::dialogs, "project") == "NULL");
  CHECK(mapped.show("channel") == "NULL");
  REQUIRE(mapped.sink.problems.size() == 3);
  for (const Problem& problem : mapped.sink.problems) CHECK(problem.code == ProblemCode::bad_value);
}

TEST_CASE("conpeek: lists and objects in a list of texts are counted, and its texts are read") {
  const Mapped mapped(
      {R"({"dialog_uuid":"e","linked_dialogs":[{"dialog_uuid":"a"},"b"],"initial_media":[{},"chat"],)"
       R"("custom_tag_id_list":[{"id":4},5],"project_id_list":[["6"],7]})"});
  CHECK(mapped.show(Model::dialogs, "linked_dialogs") == R"(["b"])");
  CHECK(mapped.show(Model::dialogs, "project_id_list") == "[7]");
  CHECK(mapped.show(Model::dialogs, "extra") ==
        R"({"initial_media":[{},"chat"],"project_id_list":[["6"],7],)"
        R"("custom_tag_id_list":[{"id":4},5],"linked_dialogs":[{"dialog_uuid":"a"},"b"]})");
  CHECK(mapped.show("channel") == "chat");
  CHECK(column_of(mapped, Model::wrap_ups, "code") == "5");
  REQUIRE(mapped.sink.problems.size() == 4);
  for (const Problem& problem : mapped.sink.problems) CHECK(problem.code == ProblemCode::bad_value);
  // An object in place of the list has no texts.
  const Mapped none({R"({"dialog_uuid":"e","initial_media":{"first":"chat"}})"});
  CHECK(none.show("channel") == "NULL");
}

TEST_CASE("conpeek: a recording that two sides list is one") {
  const std::string entry =
      R"([{"media":"audio","recording_id":"r1","start_time":"2024-03-12 08:00:00","stop_time":"2024-03-12 08:01:00"}])";
  const auto side = [&](const std::string& id, const std::string& recordings) {
    return R"({"dialog_uuid":")" + id + R"(","dialog_type":"CONSULTANT","audio_video_recording":)" +
           recordings + "}";
  };
  const Mapped twice({side("a", entry), side("b", entry)});
  CHECK(twice.facts.rows(Model::recordings).size() == 1);
  CHECK(twice.show("recording_count") == "1");
  const Mapped spelled({side("a", entry), side("b", R"([{"recording_id":"r1","media":"Audio"}])")});
  CHECK(spelled.facts.rows(Model::recordings).size() == 1);
  CHECK(spelled.show("recording_count") == "1");
  const Mapped media({side("a", entry), side("b", R"([{"recording_id":"r1","media":"video"}])")});
  CHECK(media.show("recording_count") == "2");
  // An entry without a medium is of the one that another entry names, and adds none to two.
  const std::string bare = R"({"recording_id":"r1"})",
                    named = R"({"recording_id":"r1","media":"audio"})",
                    timed = R"({"recording_id":"r1","start_time":"2024-03-12 08:00:00"})",
                    other = R"({"recording_id":"r1","media":"video"})";
  const auto told = [&](const std::vector<std::string>& of_a,
                        const std::vector<std::string>& of_b) {
    const auto list = [](const std::vector<std::string>& entries) {
      std::string text;
      for (const std::string& each : entries) text += (text.empty() ? "[" : ",") + each;
      return text + "]";
    };
    const Mapped mapped({side("a", list(of_a)), side("b", list(of_b))});
    std::string all = mapped.show("recording_count");
    for (const char* column : {"dialog_id", "media", "start_time"})
      all += " " + column_of(mapped, Model::recordings, column);
    return all;
  };
  const std::string whole = "1 a audio 2024-03-12 08:00:00.000";
  CHECK(told({bare}, {named, timed}) == whole);
  CHECK(told({timed}, {named}) == whole);
  CHECK(told({named}, {timed}) == whole);
  CHECK(told({named, timed, named}, {bare}) == whole);
  CHECK(told({bare, timed}, {named}) == whole);
  CHECK(told({timed, bare}, {named}) == whole);
  CHECK(told({bare}, {bare}) == "1 a NULL NULL");
  CHECK(told({other, bare}, {named}) == told({bare, other}, {named}));
  CHECK(told({other, bare}, {named}).starts_with("2 "));
  CHECK(Mapped({side("a", "[]")}).show("recording_count") == "0");
  CHECK(Mapped({side("a", "null")}).show("recording_count") == "NULL");
  CHECK(Mapped(interaction(26)).show("recording_count") == "2");
}

TEST_CASE("conpeek: which recording an entry without a medium or an id is of") {
  const auto entry = [](const std::string& id, const std::string& medium, int start, int stop) {
    std::string text;
    const auto add = [&](const std::string& key, const std::string& value) {
      text += (text.empty() ? "{\"" : ",\"") + key + "\":\"" + value + "\"";
    };
    if (!id.empty()) add("recording_id", id);
    if (!medium.empty()) add("media", medium);
    if (start > 0) add("start_time", "2024-03-12 08:0" + std::to_string(start) + ":00");
    if (stop > 0) add("stop_time", "2024-03-12 08:0" + std::to_string(stop) + ":00");
    return text + "}";
  };
  // 'dialog_id media stop' of each recording, the stop in minutes. The order of the list does not
  // matter.
  const auto told = [](std::vector<std::string> of_a, const std::string& of_b) {
    const auto side = [](const std::string& id, const std::string& recordings) {
      return R"({"dialog_uuid":")" + id + R"(","dialog_type":"CONSULTANT",)" +
             R"("audio_video_recording":[)" + recordings + "]}";
    };
    std::set<std::string> all;
    std::sort(of_a.begin(), of_a.end());
    do {
      std::string list;
      for (const std::string& each : of_a) list += (list.empty() ? "" : ",") + each;
      const Mapped mapped({side("a", list), side("b", of_b)});
      const std::size_t count = mapped.facts.rows(Model::recordings).size();
      CHECK(mapped.show("recording_count") == std::to_string(count));
      std::multiset<std::string> lines;
      for (std::size_t row = 0; row < count; ++row) {
        const std::string stop = mapped.show(Model::recordings, "stop_time", row);
        lines.insert(mapped.show(Model::recordings, "dialog_id", row) + " " +
                     mapped.show(Model::recordings, "media", row) + " " +
                     (stop == "NULL" ? stop : stop.substr(15, 1)));
      }
      std::string line;
      for (const std::string& each : lines) line += (line.empty() ? "" : ", ") + each;
      all.insert(line);
    } while (std::next_permutation(of_a.begin(), of_a.end()));
    CHECK(all.size() == 1);
    return *all.begin();
  };
  const std::string audio = entry("r1", "audio", 1, 0), video = entry("r1", "video", 2, 0);
  // Of the medium that begins at the same time, if that is only one; without a start, of neither.
  CHECK(told({audio, video, entry("r1", "", 2, 5)}, "") == "a audio NULL, a video 5");
  CHECK(told({entry("r1", "", 2, 5)}, audio + "," + video) == "a video 5, b audio NULL");
  CHECK(told({audio, video, entry("r1", "", 3, 5)}, "") == "a audio NULL, a video NULL");
  CHECK(told({audio, video, entry("r1", "", 0, 5)}, "") == "a audio NULL, a video NULL");
  CHECK(told({audio, entry("r1", "video", 1, 0), entry("r1", "", 1, 5)}, "") ==
        "a audio NULL, a video NULL");
  CHECK(told({entry("r1", "audio", 1, 6), entry("r1", "video", 1, 0), entry("r1", "", 1, 5)}, "") ==
        "a audio 6, a video 5");
  // Without an id the same among those of one side, or a recording of its own.
  CHECK(told({audio, video, entry("", "", 2, 5)}, "") == "a audio NULL, a video 5");
  CHECK(told({audio, video, entry("", "audio", 1, 5)}, "") == "a audio 5, a video NULL");
  CHECK(told({audio, video}, entry("", "audio", 1, 5)) == "a audio NULL, a video NULL, b audio 5");
  CHECK(told({audio, entry("r2", "audio", 1, 0), entry("", "audio", 1, 5)}, "") ==
        "a audio NULL, a audio NULL");
  CHECK(told({audio, entry("", "audio", 3, 5), entry("", "audio", 3, 0)}, "") ==
        "a audio 5, a audio NULL");
  CHECK(told({entry("", "audio", 3, 5), entry("", "audio", 3, 6)}, "") == "a audio 5, a audio 6");
  CHECK(told({entry("", "audio", 3, 5)}, entry("", "audio", 3, 5)) == "a audio 5, b audio 5");
  CHECK(told({entry("", "audio", 1, 5), entry("", "video", 1, 5), entry("", "", 1, 5)}, "") ==
        "a audio 5, a video 5");
  CHECK(told({entry("", "audio", 0, 6), entry("", "", 0, 6)}, "") == "a NULL 6, a audio 6");
}

TEST_CASE(
    "conpeek: dialogs find each other through links, also one-way and through an absent one") {
  const auto links_of = [](const Record& record) {
    Links links;
    record.resource->links(record, links);
    std::set<std::string> ids;
    for (const Links::Link& link : links.all()) ids.insert(link.id);
    return ids;
  };
  const auto meet = [&](const Mapped& mapped) {
    const auto a = links_of(mapped.records.at(0));
    const auto b = links_of(mapped.records.at(1));
    return std::any_of(a.begin(), a.end(), [&](const std::string& id) { return b.count(id) > 0; });
  };
  CHECK(meet(Mapped(interaction(1))));
  CHECK(meet(Mapped(interaction(23))));
  CHECK(meet(Mapped(interaction(25))));
  CHECK_FALSE(meet(Mapped({interaction(3)[0], interaction(13)[0]})));
  const Mapped odd({R"({"dialog_uuid":"a","linked_dialogs":[12,null,"","b"]})"});
  CHECK(links_of(odd.records[0]) == std::set<std::string>{"a", "12", "b"});
  for (const char* others : {R"([{"dialog_uuid":"b"},["c"]])", R"({"first":"b"})", R"("b")"}) {
    const Mapped none({R"({"dialog_uuid":"a","linked_dialogs":)" + std::string(others) + "}"});
    CHECK(links_of(none.records[0]) == std::set<std::string>{"a"});
  }
}

TEST_CASE("conpeek: the newer record of a dialog is the one with the later instant") {
  const auto lines = interaction(22);
  REQUIRE(lines.size() == 3);
  const auto latest = [](const std::string& line) {
    const Mapped mapped({line});
    return format_time(conpeek.resources[0].latest(mapped.records[0]).value());
  };
  CHECK(latest(lines[0]) == "2024-03-12 11:04:12.000");
  CHECK(latest(lines[1]) == "2024-03-12 11:00:12.000");
  const Mapped recorded({R"({"dialog_uuid":"a","hangup_time":"2024-03-12 08:00:00",)"
                         R"("audio_video_recording":[{"stop_time":"2024-03-12 08:00:01"}]})"});
  CHECK(format_time(conpeek.resources[0].latest(recorded.records[0]).value()) ==
        "2024-03-12 08:00:01.000");
  const Mapped timeless({R"({"dialog_uuid":"a","dialog_type":"SYSTEM"})"});
  CHECK_FALSE(conpeek.resources[0].latest(timeless.records[0]).has_value());
  CHECK(timeless.show("start_time") == "NULL");
}

TEST_CASE("conpeek: a record names itself, or does not") {
  const auto id_of = [](const std::string& json) {
    const Mapped mapped({json});
    std::string id;
    conpeek.resources[0].record_id(mapped.records[0], id);
    return id;
  };
  CHECK(id_of(R"({"dialog_uuid":"a","dialog_type":"SYSTEM"})") == "a");
  CHECK(id_of(R"({"dialog_uuid":17})") == "17");
  CHECK(id_of(R"({"dialog_uuid":null,"dialog_type":"SYSTEM"})").empty());
}

TEST_CASE("conpeek: only what is wanted is converted") {
  const std::string line = interaction(33, "odd.ndjson")[0];
  ColumnSet columns = ColumnSet::none();
  columns.add(static_cast<std::size_t>(table_of(Model::dialogs).find("business_direction")));
  const Mapped mapped({line}, Wanted::only(Model::dialogs, columns));
  CHECK(mapped.show(Model::dialogs, "business_direction") == "INBOUND");
  CHECK(mapped.cell(Model::dialogs, "start_time").is_null());
  CHECK(mapped.cell(Model::dialogs, "created_seconds").is_null());
  CHECK(mapped.sink.problems.empty());
  CHECK(mapped.facts.rows(Model::interactions).size() == 0);
}

TEST_CASE("conpeek: what does not convert, and what has no column, is in extra") {
  const Mapped mapped({interaction(33, "odd.ndjson")[0]});
  CHECK(mapped.show(Model::dialogs, "extra") ==
        R"({"serve_time":"wkrótce","talking_time":12.5,"machine_detected":2,"quality_score":4.5,)"
        R"("network":{"jitter_ms":12}})");
  CHECK(mapped.show(Model::dialogs, "dialog_type") == "HOLOGRAM");
  CHECK(mapped.show(Model::dialogs, "variables") ==
        R"([{"name":"język","value":"pl"},{"name":"vip","value":"tak"}])");
  CHECK(mapped.show(Model::dialogs, "project_id") == "918");
  CHECK(mapped.show(Model::dialogs, "project_id_list") == "[1,2]");
  std::set<std::string> paths;
  for (const Problem& problem : mapped.sink.problems) {
    CHECK(problem.code == ProblemCode::bad_value);
    paths.insert(problem.path);
  }
  CHECK(paths.size() == 3);
}

TEST_CASE("conpeek: numbers as strings, and values left out") {
  const Mapped strings(interaction(24, "odd.ndjson"));
  CHECK(strings.show(Model::dialogs, "talking_time") == "60000");
  CHECK(strings.cell(Model::dialogs, "talking_time").type() == Value::Type::integer);
  CHECK(strings.show(Model::dialogs, "transcript_exist") == "1");
  CHECK(strings.show("active_seconds") == "60.000");
  CHECK(strings.show("in_queue_seconds") == "21.500");
  const Mapped sparse(interaction(21, "odd.ndjson"));
  CHECK(sparse.show("outcome") == "ANSWERED");
  CHECK(sparse.show("agent_count") == "1");
  CHECK(sparse.show("first_agent_id") == "NULL");
  CHECK(sparse.show("active_seconds") == "NULL");
  CHECK(sparse.show("handle_seconds") == "NULL");
  CHECK(states_of(sparse) == "");
}

TEST_CASE("conpeek: without a customer's side, the side that ended last says how it ended") {
  const auto side = [](const std::string& id, const std::string& hangup) {
    return R"({"dialog_uuid":")" + id + R"(","dialog_type":"CONSULTANT","start_time":)" +
           R"("2024-05-02 10:00:00","hangup_time":)" + hangup + R"(,"end_cause":"cause of )" + id +
           R"(","linked_dialogs":["a","b","c"]})";
  };
  // A side without hangup_time has not ended, whatever its place.
  const std::string late = side("a", R"("2024-05-02 10:00:10")"), open = side("b", "null"),
                    early = side("c", R"("2024-05-02 10:00:05")");
  for (const auto& sides :
       std::vector<std::vector<std::string>>{{late, open, early}, {late, open}}) {
    const Mapped mapped(sides);
    CHECK(mapped.show("end_cause") == "cause of a");
    CHECK(mapped.show("end_time") == "2024-05-02 10:00:10.000");
  }
}

TEST_CASE("conpeek: contradictions are told, and figures stay as reported if they can be so") {
  const auto lines = interaction(30, "odd.ndjson");
  const Mapped first({lines[0]});
  CHECK(first.show("active_seconds") == "NULL");  // 60 s, longer than the dialog
  CHECK(first.show(Model::dialogs, "talking_time") == "60000");
  CHECK(first.show("waiting_seconds") == "NULL");
  CHECK(first.show(Model::dialogs, "waiting_time") == "-1");
  CHECK(first.show("ring_seconds") == "8.000");  // to serve_time: answer_time is too early
  CHECK(first.show("mapping").find(R"("contradictions":[)"
                                   R"("0000001e-0000-4000-8000-000000000001: talking_time and )"
                                   R"(hangup_time - serve_time differ by more than 1000 ms",)"
                                   R"("0000001e-0000-4000-8000-000000000001: answer_time before )"
                                   R"(ringing began",)"
                                   R"("0000001e-0000-4000-8000-000000000001: waiting_time is )"
                                   R"(negative"])") != std::string::npos);
  const Mapped second({lines[1]});
  CHECK(second.show("mapping").find("hangup_time before start_time") != std::string::npos);
  CHECK(second.show("mapping").find("hangup_time before serve_time") != std::string::npos);
}

TEST_CASE("conpeek: the mapping documents every column that it fills") {
  std::set<std::pair<Model, std::string>> documented;
  for (const MappingDoc& doc : conpeek.mapping()) {
    CAPTURE(doc.column);
    CHECK(table_of(doc.table).find(doc.column) >= 0);
    CHECK_FALSE(doc.from.empty());
    CHECK(documented.insert({doc.table, std::string(doc.column)}).second);
  }
  for (const std::string sample : {"day.ndjson", "odd.ndjson"})
    for (int n = 1; n <= 35; ++n) {
      if (n == 22) continue;  // contains one dialog twice
      const bool odd = n == 21 || n == 24 || n == 30 || n == 33;
      if (odd != (sample == "odd.ndjson")) continue;
      const Mapped mapped(interaction(n, sample));
      for (std::size_t m = 0; m < model_count; ++m) {
        const RowSet& rows = mapped.facts.rows(static_cast<Model>(m));
        for (std::size_t row = 0; row < rows.size(); ++row)
          for (std::size_t column = 0; column < rows.width(); ++column) {
            if (rows[row][column].is_null()) continue;
            const std::string name(rows.table().columns[column].name);
            CAPTURE(name);
            CHECK(documented.count({static_cast<Model>(m), name}) == 1);
          }
      }
    }
}

namespace {

// Sides that no telephone system would produce: any field may be missing, instants are in any
// order, and some values have a wrong type.
class RandomCall {
 public:
  explicit RandomCall(std::uint32_t seed) : random_(seed) {}

  std::vector<std::string> sides() {
    std::vector<std::string> all;
    const int count = 1 + pick(5);
    all.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) all.push_back(side(i));
    return all;
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint32_t>(below)); }
  void maybe(std::string& to, const std::string& key, const std::string& value) {
    if (pick(3) > 0) to += ",\"" + key + "\":" + value;
  }
  std::string time() {
    char text[32];
    std::snprintf(text, sizeof text, "\"2024-03-12 08:%02d:%02d\"", pick(3), pick(60));
    return pick(20) == 0 ? "\"soon\"" : text;
  }
  std::string ms() { return pick(20) == 0 ? "-7" : std::to_string(pick(180'000)); }
  std::string one_of(std::initializer_list<const char*> list) {
    return '"' + std::string(list.begin()[pick(static_cast<int>(list.size()))]) + '"';
  }
  std::string side(int i) {
    std::string json = "{\"dialog_uuid\":\"d" + std::to_string(i) + '"';
    maybe(json, "dialog_type", one_of({"CONSULTANT", "TENANT_USER", "EXTERNAL", "BOT", "OTHER"}));
    maybe(json, "business_direction",
          one_of({"INBOUND", "OUTBOUND", "INTERNAL", "inbound", "SIDEWAYS"}));
    for (const char* key :
         {"start_time", "alert_time", "ring_time", "answer_time", "serve_time", "hangup_time"})
      maybe(json, key, time());
    for (const char* key : {"talking_time", "waiting_time", "first_queue_waiting_time"})
      maybe(json, key, ms());
    maybe(json, "machine_detected", std::to_string(pick(2)));
    maybe(json, "hangup_cause", one_of({"NORMAL_CLEARING", "USER_BUSY", "CALL_REJECTED", "X"}));
    maybe(json, "tenant_user", "{\"id\":" + std::to_string(pick(3)) + "}");
    return json + "}";
  }
  std::mt19937 random_;
};

const std::set<std::string> outcomes{
    "NULL",    "ANSWERED",  "ABANDONED_IN_QUEUE", "ABANDONED_IN_RING",
    "MACHINE", "NO_ANSWER", "REJECTED",           "BUSY",
    "FAILED",  "OTHER",     "SELF_SERVICE",       "UNREACHABLE"};

double active_seconds(const Mapped& mapped, std::size_t dialog) {
  const Value value = mapped.cell(Model::dialogs, "active_seconds", dialog);
  return value.is_null() ? 0 : value.as_real();
}

}  // namespace

TEST_CASE("conpeek: what holds for any call, however it contradicts itself" *
          doctest::test_suite("random")) {
  const std::uint32_t seed = test::seed();
  MESSAGE("seed " << seed);
  for (std::uint32_t round = 0; round < 400; ++round) {
    const auto sides = RandomCall(seed + round).sides();
    CAPTURE(seed + round);
    Mapped mapped(sides);
    REQUIRE(mapped.facts.rows(Model::interactions).size() == 1);
    CHECK(mapped.facts.rows(Model::dialogs).size() == sides.size());
    CHECK(outcomes.count(mapped.show("outcome")) == 1);
    CHECK(mapped.cell(Model::interactions, "transfer_count").as_integer() <
          static_cast<std::int64_t>(sides.size()));

    const RowSet& durations = mapped.facts.rows(Model::state_durations);
    for (std::size_t row = 0; row < durations.size(); ++row) {
      CHECK(mapped.cell(Model::state_durations, "seconds", row).as_real() >= 0);
      const Value start = mapped.cell(Model::state_durations, "start_time", row);
      const Value end = mapped.cell(Model::state_durations, "end_time", row);
      CHECK(start.is_null() == end.is_null());
      if (!start.is_null()) CHECK(start.as_text() <= end.as_text());
    }
    double most = 0;
    for (std::size_t row = 0; row < sides.size(); ++row) most += active_seconds(mapped, row);
    const Value active = mapped.cell(Model::interactions, "active_seconds");
    const bool by_instants =
        mapped.show("mapping").find("time covered by serve_time") != std::string::npos;
    if (!active.is_null() && !by_instants) CHECK(active.as_real() <= most + 0.0005);

    // The order of the records makes no difference.
    const std::string before = interaction_row(mapped);
    std::reverse(mapped.records.begin(), mapped.records.end());
    mapped.facts.clear();
    conpeek.map(mapped.records, Wanted::everything(), mapped.facts);
    CHECK(interaction_row(mapped) == before);
  }
}

}  // namespace of_conpeek
