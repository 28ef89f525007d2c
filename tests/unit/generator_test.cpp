// The generator: the same bytes everywhere, whole records, and proportions of a contact centre.
#include <doctest/doctest.h>
#include <xxhash.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "folder.hpp"
#include "generator/generate.hpp"

namespace {

using cdr::test::Folder;
using nlohmann::json;
namespace fs = std::filesystem;

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

generator::Options options(const std::string& vendor, std::uint64_t interactions,
                           std::uint64_t seed) {
  generator::Options made;
  made.vendor = vendor;
  made.plan.seed = seed;
  made.plan.interactions = interactions;
  made.plan.first_day = 20514 * generator::day;  // 2026-03-02
  return made;
}

std::string generated(generator::Options of) {
  const Folder folder;
  of.out = folder / "out";
  generator::generate(of);
  return content(of.out);
}

std::vector<json> records(const generator::Options& of) {
  std::vector<json> all;
  for (const std::string& line : lines(generated(of))) all.push_back(json::parse(line));
  return all;
}

bool within(double share, double least, double most) {
  return share >= least && share <= most;
}

// These hashes change only when the generated data changes; they must not depend on the compiler,
// the optimisation or the machine.
struct Pinned {
  const char* vendor;
  XXH64_hash_t hash;
};
constexpr std::array pinned{
    Pinned{"alibaba", 0x5c515fdd297febbdU},
    Pinned{"conpeek", 0x137194dbb1c04949U},
    Pinned{"mluvii", 0x451cee192fdf8bb2U},
    Pinned{"ucontact", 0x7f4bae5f4577b340U},
};

}  // namespace

TEST_CASE("the same seed gives the same bytes, another seed others") {
  for (const Pinned& each : pinned) {
    CAPTURE(each.vendor);
    const std::string first = generated(options(each.vendor, 400, 7));
    CHECK(first == generated(options(each.vendor, 400, 7)));
    CHECK(first != generated(options(each.vendor, 400, 8)));
    CHECK(XXH64(first.data(), first.size(), 0) == each.hash);
  }
}

TEST_CASE("every format of every vendor is JSON with the same records") {
  for (const Pinned& each : pinned) {
    CAPTURE(each.vendor);
    auto of = options(each.vendor, 300, 3);
    const std::vector<json> one_by_one = records(of);
    of.format = generator::Format::array;
    CHECK(json::parse(generated(of)) == json(one_by_one));

    const Folder folder;
    of.format = generator::Format::pages;
    of.out = folder / "pages";
    generator::generate(of);
    std::size_t paged = 0;
    for (const auto& entry : fs::directory_iterator(of.out)) {
      const json page = json::parse(content(entry.path().string()));
      const json& list = page.is_array()         ? page
                         : page.contains("data") ? page["data"]
                                                 : page["Data"]["List"];
      CHECK(list.size() > 0);
      if (page.contains("Data")) CHECK(page["Data"]["TotalCount"] == one_by_one.size());
      paged += list.size();
    }
    CHECK(paged == one_by_one.size());
  }
  auto answers = options("alibaba", 50, 3);
  answers.format = generator::Format::envelope;
  const auto bare = records(options("alibaba", 50, 3));
  const auto enveloped = records(answers);
  REQUIRE(enveloped.size() == bare.size());
  for (std::size_t i = 0; i < bare.size(); ++i) CHECK(enveloped[i]["Data"] == bare[i]);
  auto none = options("mluvii", 5, 3);
  none.format = generator::Format::envelope;
  CHECK_THROWS_AS(generated(none), std::runtime_error);
}

TEST_CASE("an empty plan is an empty list") {
  auto of = options("conpeek", 0, 1);
  CHECK(generated(of).empty());
  of.format = generator::Format::envelope;
  CHECK(json::parse(generated(of))["data"].empty());
}

TEST_CASE(
    "conpeek: whole calls, exactly as many dialogs as asked for, nobody in two conversations") {
  auto of = options("conpeek", 0, 11);
  of.dialogs = 5000;
  const auto dialogs = records(of);
  REQUIRE(dialogs.size() == 5000);
  std::map<std::string, const json*> by_id;
  for (const json& dialog : dialogs) {
    CHECK(dialog.size() == 48);
    CHECK(by_id.emplace(dialog["dialog_uuid"], &dialog).second);
  }
  std::map<std::int64_t, std::vector<std::pair<std::string, std::string>>> busy;
  std::size_t bytes = 0, calls = 0, out = 0, in = 0, answered_in = 0, answered_out = 0,
              transfers = 0;
  for (const json& dialog : dialogs) {
    bytes += dialog.dump().size();
    for (const json& other : dialog["linked_dialogs"]) {
      REQUIRE(by_id.count(other) == 1);
      const json& back = (*by_id[other])["linked_dialogs"];
      CHECK(std::find(back.begin(), back.end(), dialog["dialog_uuid"]) != back.end());
    }
    CHECK(dialog["start_time"] <= dialog["hangup_time"]);
    CHECK((dialog["serve_time"].is_null() == (dialog["talking_time"] == 0)));
    if (dialog["tenant_user"].is_object())
      busy[dialog["tenant_user"]["id"]].emplace_back(dialog["start_time"], dialog["hangup_time"]);
    if (dialog["dialog_type"] != "EXTERNAL") continue;
    ++calls;
    const bool outbound = dialog["business_direction"] == "OUTBOUND";
    const bool answered = !dialog["serve_time"].is_null();
    outbound ? ++out : ++in;
    if (answered) outbound ? ++answered_out : ++answered_in;
    if (dialog["project_id_list"].size() > 1) ++transfers;
  }
  for (auto& [agent, spans] : busy) {
    std::sort(spans.begin(), spans.end());
    for (std::size_t i = 1; i < spans.size(); ++i) CHECK(spans[i - 1].second <= spans[i].first);
  }
  const auto share = [](std::size_t part, std::size_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  CHECK(within(share(bytes, dialogs.size()), 1800, 2000));
  CHECK(within(share(dialogs.size(), calls), 2.2, 2.6));
  CHECK(within(share(out, calls), 0.16, 0.24));
  CHECK(within(share(answered_in, in), 0.80, 0.97));
  CHECK(within(share(answered_out, out), 0.28, 0.42));
  CHECK(within(share(transfers, answered_in), 0.05, 0.11));
}

TEST_CASE("one simulation, told by all: the same calls with the same ends") {
  auto of = options("alibaba", 500, 5);
  of.plan.first_id = 90001;
  std::map<std::uint64_t, std::string> alibaba;
  for (const json& call : records(of)) {
    const std::string id = call["ContactId"];
    alibaba[std::stoull(id.substr(4))] = call["ContactDisposition"];
  }
  of.vendor = "mluvii";
  std::size_t compared = 0;
  for (const json& session : records(of)) {
    CHECK(session["id"].get<std::uint64_t>() >= 90001);
    const auto found = alibaba.find(session["id"]);
    CHECK((found == alibaba.end()) == (session["channel"] == "Chat"));
    if (found == alibaba.end()) continue;
    ++compared;
    CAPTURE(found->second);
    // A machine answers, but nobody has a conversation with it.
    if (session["length"].is_null())
      CHECK((found->second != "Success" || session["outboundDialResult"] == "ANSWERED"));
    else
      CHECK(found->second == "Success");
    CHECK((session["guestLeftSession"] == "LeftBeforeQueue") ==
          (found->second == "AbandonedInIVR"));
  }
  CHECK(compared > 400);
}

TEST_CASE("mluvii: routing histories beside the sessions belong to them; states in order") {
  const Folder folder;
  auto of = options("mluvii", 400, 5);
  of.plan.days = 3;
  of.routing = generator::Routing::documents;
  of.out = folder / "sessions.ndjson";
  of.agent_states_out = folder / "states.ndjson";
  generator::generate(of);
  std::set<std::uint64_t> routed;
  for (const std::string& line : lines(content(of.out + ".routing.ndjson"))) {
    const json document = json::parse(line);
    CHECK(routed.insert(document["sessionId"].get<std::uint64_t>()).second);
    CHECK(document["routingHistory"].size() > 2);
    for (std::size_t i = 1; i < document["routingHistory"].size(); ++i)
      CHECK(document["routingHistory"][i - 1]["timestamp"] <=
            document["routingHistory"][i]["timestamp"]);
  }
  for (const std::string& line : lines(content(of.out))) {
    const json session = json::parse(line);
    CHECK(!session.contains("routingHistory"));
    CHECK(routed.count(session["id"].get<std::uint64_t>()) ==
          (session["guestLeftSession"] == "LeftBeforeQueue" ? 0 : 1));
  }
  std::map<std::uint64_t, std::string> last;
  std::set<std::string> kinds;
  for (const std::string& line : lines(content(of.agent_states_out))) {
    const json change = json::parse(line);
    kinds.insert(change["stateKind"].get<std::string>());
    std::string& before = last[change["userId"]];
    CHECK(before <= change["changed"]);
    before = change["changed"];
  }
  CHECK(kinds == std::set<std::string>{"AFTER_CALL", "BEFORE_CALL", "BREAK", "OFFLINE", "ONLINE",
                                       "ON_CALL"});
}

TEST_CASE("defects: what is listed is damaged, the rest is whole") {
  const Folder folder;
  auto of = options("conpeek", 1500, 5);
  of.defects = 60;
  of.out = folder / "damaged.ndjson";
  generator::generate(of);
  const auto damaged = lines(content(of.out));
  std::map<std::uint64_t, std::string> listed;
  std::map<std::string, int> kinds;
  for (const std::string& line : lines(content(of.out + ".defects.ndjson"))) {
    const json entry = json::parse(line);
    listed[entry["record"]] = entry["kind"];
    ++kinds[entry["kind"]];
  }
  CHECK(kinds.size() == 6);
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    const auto found = listed.find(i + 1);
    const std::string kind = found == listed.end() ? "" : found->second;
    CAPTURE(kind);
    const json record = json::parse(damaged[i], nullptr, false);
    CHECK(record.is_discarded() == (kind == "truncated" || kind == "bad_utf8"));
    if (kind == "unknown_field") CHECK(record.contains("generated_unknown"));
    if (kind == "stale_duplicate") {
      REQUIRE(i > 0);
      CHECK(record["hangup_time"].is_null());
      CHECK(record["dialog_uuid"] == json::parse(damaged[i - 1])["dialog_uuid"]);
    }
  }
  of.format = generator::Format::array;
  CHECK_THROWS_AS(generator::generate(of), std::runtime_error);
}
