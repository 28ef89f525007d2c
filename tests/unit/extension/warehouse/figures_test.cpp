// Stored figures of random facts that are added, changed and removed, in memory and in the file.
// They always equal the results of the queries of sql/rollups over the facts that remain.
#include "extension/warehouse/facts/figures.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <random>
#include <string>

#include "connection.hpp"
#include "extension/warehouse/facts/fact_store.hpp"
#include "extension/warehouse/upkeep/creation.hpp"
#include "seed.hpp"

using namespace cdr;
using namespace cdr::ext;

namespace {

// A smaller limit on cells for one test, so that rows are written early.
struct MostCells {
  explicit MostCells(std::size_t most) : before(Figures::most_cells) { Figures::most_cells = most; }
  ~MostCells() { Figures::most_cells = before; }
  MostCells(const MostCells&) = delete;
  MostCells& operator=(const MostCells&) = delete;
  std::size_t before;
};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  std::int64_t below(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_);
  }
  bool one_in(std::int64_t count) { return below(count) == 0; }
  template <class T>
  T of(std::initializer_list<T> all) {
    return all.begin()[below(static_cast<std::int64_t>(all.size()))];
  }

 private:
  std::mt19937_64 random_;
};

// A few hours around a midnight and a change of the clock; often within a few quarter hours.
std::optional<Instant> some_time(Chance& chance) {
  constexpr std::int64_t evening_ms = 1'711'832'400'000;  // 2024-03-30 21:00 UTC
  if (chance.one_in(6)) return std::nullopt;
  const std::int64_t hours = chance.of<std::int64_t>({1, 1, 6});
  return Instant{(evening_ms + chance.below(hours * 4) * 900'000 +
                  chance.of<std::int64_t>({0, 1, 450'000, 899'999, chance.below(900'000)})) *
                 1000};
}
std::optional<double> some_seconds(Chance& chance) {
  if (chance.one_in(4)) return std::nullopt;
  return chance.of<double>({0.0, 0.001, 0.0005, 4.9995, 5.0, 20.0, 20.001, 30.0, 900.0, -3.25,
                            static_cast<double>(chance.below(4'000'000)) / 1000,
                            static_cast<double>(chance.below(60'000)) / 1000});
}
// "" is NULL.
std::string_view some(Chance& chance, std::initializer_list<std::string_view> texts) {
  return chance.of(texts);
}

void fill(Facts& facts, std::int64_t component, Chance& chance) {
  facts.clear();
  facts.identify("conpeek", some(chance, {"conpeek", "north"}), "i-" + std::to_string(component));
  const auto agent = [&] { return some(chance, {"", "a", "a", "b", "c"}); };
  for (std::int64_t i = chance.below(3); i > 0; --i) {
    const auto state = facts.add<Model::agent_states>();
    state.set<"agent_id">(agent());
    state.set<"agent_name">(some(chance, {"", "Ann", "Ann", "Anna"}));
    state.set<"state_category">(some(chance, {"", "AVAILABLE", "BREAK", "BREAK", "OFFLINE"}));
    state.set_integer<"is_paid">(chance.of<std::optional<std::int64_t>>({std::nullopt, 0, 1}));
    state.set<"start_time">(some_time(chance));
    state.set<"end_time">(some_time(chance));
  }
  if (chance.one_in(8)) return;  // only an agent's states
  const auto interaction = facts.add<Model::interactions>();
  interaction.set<"direction">(some(chance, {"", "INBOUND", "INBOUND", "OUTBOUND"}));
  interaction.set<"start_time">(some_time(chance));
  interaction.set<"answer_time">(some_time(chance));
  interaction.set<"end_time">(some_time(chance));
  interaction.set_integer<"transfer_count">(
      chance.of<std::optional<std::int64_t>>({std::nullopt, 0, 1, 2}));
  const std::int64_t dialogs = chance.below(4);
  for (std::int64_t i = 0; i < dialogs; ++i) {
    const auto dialog = facts.add<Model::dialogs>();
    dialog.set<"dialog_id">(facts.arena().keep("d-" + std::to_string(i)));
    dialog.set<"agent_id">(agent());
    dialog.set<"agent_name">(some(chance, {"", "Ann", "Ann"}));
    dialog.set<"outcome">(some(chance, {"", "ANSWERED", "ANSWERED", "NO_ANSWER"}));
    dialog.set<"start_time">(some_time(chance));
    dialog.set<"alert_time">(some_time(chance));
    dialog.set<"serve_time">(some_time(chance));
    dialog.set<"answer_time">(some_time(chance));
    dialog.set<"hangup_time">(some_time(chance));
    dialog.set<"active_seconds">(some_seconds(chance));
    dialog.set<"hold_seconds">(some_seconds(chance));
    dialog.set<"acw_seconds">(some_seconds(chance));
    dialog.set<"ring_seconds">(some_seconds(chance));
  }
  for (std::int64_t i = chance.below(3); i > 0; --i) {
    const auto offer = facts.add<Model::agent_offers>();
    offer.set<"dialog_id">(facts.arena().keep("d-" + std::to_string(chance.below(4))));
    offer.set<"agent_id">(agent());
    offer.set<"visit_no">(Value::integer(1 + chance.below(2)));
    offer.set<"offer_time">(some_time(chance));
    offer.set<"end_time">(some_time(chance));
    offer.set<"ring_seconds">(some_seconds(chance));
    offer.set<"outcome">(
        some(chance, {"", "ANSWERED", "ANSWERED", "NO_ANSWER", "REJECTED", "CANCELLED"}));
  }
  for (std::int64_t i = chance.below(3); i > 0; --i) {
    const auto visit = facts.add<Model::queue_visits>();
    visit.set<"visit_no">(Value::integer(i));
    visit.set<"queue_id">(some(chance, {"", "q", "q", "r"}));
    visit.set<"queue_name">(some(chance, {"", "Q", "Q"}));
    visit.set<"entry">(some(chance, {"", "NEW", "TRANSFER", "OVERFLOW"}));
    visit.set<"enqueue_time">(some_time(chance));
    visit.set<"dequeue_time">(some_time(chance));
    visit.set<"answer_time">(some_time(chance));
    visit.set<"end_time">(some_time(chance));
    visit.set<"wait_seconds">(chance.one_in(40) ? std::optional(3e12) : some_seconds(chance));
    visit.set<"ring_seconds">(some_seconds(chance));
    visit.set<"speed_of_answer_seconds">(some_seconds(chance));
    visit.set<"outcome">(some(chance, {"", "ANSWERED", "ANSWERED", "ABANDONED_IN_QUEUE",
                                       "ABANDONED_IN_RING", "QUEUE_TIMEOUT", "OTHER"}));
  }
}

class RandomHistory {
 public:
  explicit RandomHistory(std::uint64_t seed)
      : chance_(seed), database_(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    create_warehouse(database_.getHandle());
    store_.emplace(database_.getHandle());
  }

  // Adds, changes and removes components, as an import would.
  void import() {
    if (chance_.one_in(4)) change_settings();
    database_.exec("BEGIN");
    for (std::int64_t step = 1 + chance_.below(6); step > 0; --step) {
      if (chance_.one_in(3)) remove_some();
      if (chance_.one_in(4))
        write_apart();
      else
        write_some();
    }
    if (chance_.one_in(8)) {
      store_->figures().forget();
      store_->forget();
      database_.exec("ROLLBACK; BEGIN");
      is_there_ = is_committed_;
    }
    store_->figures().write();
    database_.exec("COMMIT");
    is_committed_ = is_there_;
  }
  std::string wrong() {
    std::string all;
    for (const WrongFigure& each : wrong_figures(database_.getHandle()))
      all += each.table + ' ' + each.key + ": " + each.found + ", not " + each.expected + '\n';
    return all;
  }

 private:
  static constexpr std::int64_t most_components = 40;

  void change_settings() {
    const auto set = [&](const std::string& name, std::string_view value) {
      database_.exec("INSERT OR REPLACE INTO report_setting VALUES ('" + name + "', '" +
                     std::string(value) + "')");
    };
    set("threshold_seconds", some(chance_, {"0", "5", "20.001"}));
    set("short_abandon_seconds", some(chance_, {"0.001", "5"}));
    set("zone", some(chance_, {"UTC", "Europe/Prague"}));
    database_.exec(
        "INSERT OR REPLACE INTO queue_setting (vendor, source, queue_id, "
        "short_abandon_seconds) VALUES ('conpeek', 'north', 'q', 4.9995)");
  }
  void remove_some() {
    for (std::int64_t i = chance_.below(5); i > 0; --i) remove(1 + chance_.below(most_components));
  }
  void remove(std::int64_t component) {
    store_->remove(component, import_id);
    is_there_.erase(component);
  }
  // The component's number, and whether its former facts stay until they are replaced.
  std::pair<std::int64_t, bool> some_component() {
    const std::int64_t component = 1 + chance_.below(most_components);
    const bool stays = is_there_.contains(component) && chance_.one_in(2);
    if (is_there_.contains(component) && !stays) remove(component);
    is_there_[component] = true;
    return {component, stays};
  }
  void write_some() {
    std::map<std::int64_t, bool> chosen;
    for (std::int64_t i = chance_.below(12); i > 0; --i) {
      const auto [component, stays] = some_component();
      chosen.try_emplace(component, stays);
    }
    std::deque<Facts> facts;
    std::vector<FactStore::Made> made;
    for (const auto& [component, stays] : chosen) {
      fill(facts.emplace_back(), component, chance_);
      made.push_back({component, &facts.back(), stays, import_id});
    }
    FactStore::MadeRows rows;
    store_->make(made, store_->figures().limits(), rows);
    store_->write(made, rows);
  }
  void write_apart() {
    const auto [component, stays] = some_component();
    Facts facts;
    fill(facts, component, chance_);
    store_->write_apart(component, import_id, stays, [&](Model, std::size_t part) -> const Facts* {
      return part == 0 ? &facts : nullptr;
    });
  }

  static constexpr std::int64_t import_id = 1;
  Chance chance_;
  SQLite::Database database_;
  std::optional<FactStore> store_;
  std::map<std::int64_t, bool> is_there_, is_committed_;
};

}  // namespace

TEST_CASE("figures: those of facts in memory are those of the queries, whatever comes and leaves" *
          doctest::test_suite("random")) {
  const std::uint64_t seed = test::seed();
  for (const std::size_t most_cells : {std::size_t{1}, std::size_t{40}, std::size_t{16'384}}) {
    const MostCells fewer(most_cells);
    for (std::uint64_t history = 0; history < 6; ++history) {
      RandomHistory random(seed + history);
      for (int import = 0; import < 6; ++import) {
        random.import();
        CAPTURE(most_cells);
        CAPTURE(history);
        CAPTURE(import);
        REQUIRE(random.wrong() == "");
      }
    }
  }
}

TEST_CASE("figures: a record whose times are centuries apart is imported like any other") {
  const cdr::test::Connection connection(":memory:");
  connection.require("SELECT cdr_init()");
  const auto import = [&](const char* record) {
    return connection.require(std::string("SELECT cdr_import('") + record + "') ->> 'inserted'");
  };
  CHECK(import(R"({"dialog_uuid":"d","dialog_type":"TENANT_USER","tenant_user":{"id":7},)"
               R"("start_time":"2024-05-06 10:00:00","serve_time":"2024-05-06 10:00:05",)"
               R"("hangup_time":"9999-01-01 00:00:00"})") == "1");
  CHECK(import(R"([{"userId":5,"changed":"0001-01-01T00:00:00Z","stateKind":"Online"},)"
               R"({"userId":5,"changed":"9999-01-01T00:00:00Z","stateKind":"Break"}])") == "2");
  // Of what lasts longer than 93 days, the stored figures have that time.
  CHECK(std::stoi(connection.require(
            "SELECT count(*) FROM agent_interval WHERE credit = 'event'")) < 20000);
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
  connection.require("SELECT cdr_rebuild()");
  CHECK(connection.require("SELECT cdr_check() ->> 'violations'") == "0");
}
