// Memory runs out at every allocation of a statement, one after the other, once and from then on:
// loading libcdr, each table over samples and over a warehouse, each family of functions, each call
// that writes. The statement fails with SQLITE_NOMEM or completes as if undisturbed; it neither
// crashes nor leaks, and everything works afterwards.
//
//   memory_faults LIBRARY SAMPLES [sample | full] [STATEMENT [CALL]]
//
// `sample`: some allocations of each statement. `full`: each of the first 3,000, and a sample of
// the later ones. With the name of a statement, only that one; with a number too, only that call.
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "allocation.hpp"
#include "batches.hpp"
#include "faulty_vfs.hpp"
#include "host.hpp"
#include "questions.hpp"

namespace cdr::fault {
namespace {

struct Effort {
  Choice reading, writing;
  std::size_t batch;  // faults in one process; libcdr is just loaded for the first of them
};

struct Reading {
  std::string name, sql;
  bool of_warehouse = false;
};

std::vector<Reading> readings(const std::string& samples, const Samples& made) {
  const auto file = [&](const char* path) { return "cdr_file('" + samples + '/' + path + "')"; };
  const std::string dialogs = file("conpeek/answer_2.json");
  const std::string sessions = file("mluvii/Sessions/880102.json");
  const std::string records = file("ucontact/getrecords.json");
  const std::string calls = file("alibaba/list_call_detail_records.json");
  std::vector<Reading> all;
  for (const char* table :
       {"interactions", "cdr_dialog", "agent_events", "queue_events", "ivr_events",
        "customer_events", "queue_visits", "state_durations", "recordings"}) {
    all.push_back({std::string(table) + " of samples", "SELECT * FROM " + std::string(table) + '(' +
                                                           dialogs + "); SELECT * FROM " + table +
                                                           '(' + sessions + ')'});
    all.push_back({std::string(table) + " of a warehouse",
                   "SELECT * FROM " + std::string(table) + " ORDER BY 1, 2, 3 LIMIT 20", true});
  }
  const std::vector<Reading> others = {
      {"agent_states", "SELECT * FROM agent_states(" +
                           file("alibaba/ListAgentStateLogs/oldest_agent_state_log_page.json") +
                           ")"},
      {"alibaba_call", "SELECT * FROM alibaba_call(" + calls + ")"},
      {"alibaba_call of a warehouse", "SELECT * FROM alibaba_call", true},
      {"mluvii tables", "SELECT * FROM mluvii_session(" + sessions +
                            "); SELECT * FROM mluvii_operator(" + sessions + ")"},
      {"mluvii_operator_state",
       "SELECT * FROM mluvii_operator_state(" + file("mluvii/Users/operatorStates.json") + ")"},
      {"ucontact_record", "SELECT * FROM ucontact_record(" + records + ")"},
      {"ucontact_record of a warehouse", "SELECT * FROM ucontact_record WHERE guid > ''", true},
      {"ucontact tables",
       "SELECT * FROM ucontact_campaign_status(" + file("ucontact/campaignstatus.json") +
           "); SELECT * FROM ucontact_dialer_list(" + file("ucontact/dialer_list.txt") +
           "); SELECT * FROM ucontact_queue_summary(" + file("ucontact/queuesummary.json") + ")"},
      {"a folder", "SELECT count(*) FROM interactions(cdr_file('" + made.folder() / "base" +
                       "', '{\"on_error\":\"skip\",\"zone\":\"Europe/Warsaw\"}'))"},
      {"a glob", "SELECT count(*) FROM cdr_dialog(cdr_file('" + made.folder() / "base" +
                     "/*s.json', '{\"source\":\"north\"}'))"},
      {"compressed files", "SELECT count(*) FROM cdr_dialog(cdr_file('" +
                               made.folder() / "dialogs.ndjson.gz" +
                               "')); SELECT count(*) FROM cdr_dialog(cdr_file('" +
                               made.folder() / "dialogs.ndjson.zst" + "'))"},
      {"two threads",
       "SELECT count(*), sum(talking_time) FROM cdr_dialog(cdr_file('" +
           made.folder() / "dialogs.ndjson.gz" +
           R"(', '{"threads":"2"}')); SELECT count(*) FROM interactions(cdr_file(')" +
           made.folder() / "base" + R"(', '{"threads":"2","on_error":"skip"}')) LIMIT 3)"},
      {"cdr_problems", "SELECT * FROM cdr_problems(cdr_file('" + made.folder() / "base" + "'))"},
      {"a filter", "SELECT dialog_id FROM cdr_dialog(" + dialogs +
                       R"(, '[{"property":"talking_time","operator":"gt","value":1},{"property":)"
                       R"("dialog_type_list","value":["EXTERNAL","CONSULTANT"]}]'))"},
      {"a join",
       "SELECT i.outcome, count(*) FROM interactions AS i JOIN cdr_dialog AS d USING "
       "(interaction_id) WHERE d.talking_time > 1 AND i.channel IN ('VOICE', 'CHAT') GROUP BY 1",
       true},
      {"a join of samples", "SELECT i.outcome, count(r.recording_id) FROM interactions(" + dialogs +
                                ") AS i LEFT JOIN " + "recordings(" + dialogs +
                                ") AS r USING (interaction_id) GROUP BY 1; SELECT "
                                "count(*) FROM interactions(" +
                                dialogs + ") AS i WHERE EXISTS (SELECT 1 FROM recordings(" +
                                dialogs + ") AS r WHERE r.interaction_id = i.interaction_id)"},
      {"the catalog",
       "SELECT * FROM cdr_tables; SELECT * FROM cdr_columns; SELECT * FROM cdr_functions"},
      {"functions of states",
       "SELECT active_duration(d), ring_duration(d, 'Preview'), state_duration(d, 'ACW'), "
       "acw_duration(d, 'x'), cdr_vendor(d) FROM (SELECT '" +
           std::string(R"({"dialog_uuid":"d-1","start_time":"2024-03-12 08:00:00"})") + "' AS d)"},
      {"functions of times",
       "SELECT cdr_time('2024-05-02T16:05:24.5+02:00'), cdr_time('2024-05-02 16:05:24', "
       "'Europe/Warsaw'), cdr_local('2024-05-02 16:05:24.000', 'America/New_York'), "
       "cdr_seconds('2024-05-02 16:05:24', '2024-05-02 16:05:25'), cdr_duration('01:02:03'), "
       "format_duration(3661)"},
      {"functions of codes",
       "SELECT q850_name('16'), q850_code('user busy'), sip_reason(486), agent_status_name(5)"},
      {"functions of shapes",
       "SELECT kv_json('idcustomer=7:name=Seba'), recording_urls('020f9687', "
       "'2022-06-20 17:56:59', 'pbx.example.org', 'old.example.org')"},
      {"functions of numbers",
       "SELECT phone_mask(13323150000), phone_token(48500001234, 'a key of 16 bytes or more')"},
      {"cdr_check as a table", "SELECT * FROM cdr_check()", true},
      {"kept columns",
       "SELECT count(*), sum(handle_seconds), max(outcome) FROM interactions; "
       "SELECT outcome, direction, count(*), min(start_time) FROM interactions GROUP BY 1, 2; "
       "SELECT interaction_id, rowid FROM interactions ORDER BY active_seconds DESC, 1; "
       "SELECT count(*) FROM interactions WHERE start_time >= '2024-01-01' AND outcome IS NOT NULL "
       "AND channel IN ('VOICE', 'CHAT')",
       true},
      {"kept columns that are told together",
       "SELECT DISTINCT agent_id FROM cdr_dialog ORDER BY 1 DESC; "
       "SELECT agent_id, sum(active_seconds), count(agent_name) FROM cdr_dialog GROUP BY 1",
       true},
      {"correlated subqueries",
       "SELECT count(*) FROM interaction AS i WHERE EXISTS (SELECT 1 FROM recordings AS r WHERE "
       "r.interaction_key = i.interaction_key); SELECT count(*), sum((SELECT count(*) FROM "
       "ucontact_record AS r WHERE r.guid = i.interaction_id)) FROM interaction AS i",
       true},
      {"lookups, made twice",
       "SELECT d.agent_id, d.extra FROM interaction AS i LEFT JOIN cdr_dialog AS d USING "
       "(interaction_id, vendor, source); SELECT d.agent_id, d.extra FROM interaction AS i LEFT "
       "JOIN cdr_dialog AS d USING (interaction_id, vendor, source); SELECT count(*) FROM "
       "interactions WHERE interaction_id IN (WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT "
       "i + 1 FROM n WHERE i < 600) SELECT 'i' || i FROM n)",
       true},
      {"views", "SELECT * FROM interaction; SELECT count(*) FROM state_duration", true},
      {"a message", "SELECT * FROM interactions('no JSON')"},
  };
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

// Compresses a file with the two most common programs.
void compress(const Samples& made) {
  const std::string from = made.folder() / "base/dialogs.ndjson";
  for (const char* program : {"gzip -c", "zstd -q -c"}) {
    const bool is_gz = program[0] == 'g';
    const std::string command =
        std::string(program) + " '" + from + "' > '" +
        made.folder() / (is_gz ? "dialogs.ndjson.gz" : "dialogs.ndjson.zst") + '\'';
    if (std::system(command.c_str()) != 0) give_up(command);
  }
}

// The number of allocations, and of those that failed.
struct Met {
  std::int64_t allocations = 0, failed = 0;
};
Met end_faults() {
  return {end_allocation_faults(), allocation_faults_injected()};
}

class MemoryFaults {
 public:
  MemoryFaults(const Samples& made, const Effort& effort, std::string only, std::int64_t call)
      : made_(made), effort_(effort), only_(std::move(only)), call_(call) {}

  void load() {
    if (!is_wanted("load")) return;
    run("load", effort_.reading, 1, [](std::int64_t at, bool on, const Complain& complain) {
      Host host("", Host::Loads::nothing);
      begin_allocation_faults(at, on);
      const std::string error = host.load();
      const Met met = end_faults();
      const std::string works = "SELECT cdr_version(); SELECT count(*) FROM cdr_tables";
      if (error.empty())
        if (const Outcome tried = host.run(works); tried.code != SQLITE_OK)
          complain("it says that it was loaded: " + tried.message);
      if (const std::string again = host.load(); !again.empty()) complain("loaded again: " + again);
      if (const Outcome tried = host.run(works); tried.code != SQLITE_OK)
        complain("loaded again: " + tried.message);
      if (host.close() != SQLITE_OK) complain("the connection cannot be closed");
      return met;
    });
  }

  void read(const Reading& reading) {
    if (!is_wanted(reading.name)) return;
    const std::string path = reading.of_warehouse ? made_.filled(Journal::rollback) : "";
    const Outcome undisturbed = outcome_of(path, reading.sql);
    run(reading.name, effort_.reading, effort_.batch,
        [&](std::int64_t at, bool on, const Complain& complain) {
          static Host host(path);  // one per process, which tries one statement
          begin_allocation_faults(at, on);
          const Outcome outcome = host.run(reading.sql);
          const Met met = end_faults();
          if ((outcome.code & 0xff) != SQLITE_NOMEM && outcome.code != undisturbed.code)
            complain("expected SQLITE_NOMEM, found " + std::to_string(outcome.code) + ": " +
                     outcome.message);
          else if (outcome.code == SQLITE_OK && outcome.hash != undisturbed.hash)
            complain("it succeeds with another result");
          if (const std::string busy = host.busy_statement(); !busy.empty())
            complain("a statement is not at its end: " + busy);
          if (host.is_in_transaction()) complain("a transaction was left open");
          const Outcome again = host.run(reading.sql);
          if (again.code != undisturbed.code || again.hash != undisturbed.hash)
            complain("asked again, it gives something else: " + again.message);
          return met;
        });
  }

  void write(const CallCase& call, Inside inside) {
    const std::string name = call.name + (inside == Inside::transaction ? " in a transaction" : "");
    if (!is_wanted(name)) return;
    const Undisturbed undisturbed = made_.undisturbed(call);
    run(name, effort_.writing, effort_.batch,
        [&](std::int64_t at, bool on, const Complain& complain) {
          Trial trial(made_, call, undisturbed, inside);
          begin_allocation_faults(at, on);
          trial.call();
          const Met met = end_faults();
          if (const int code = trial.outcome().code & 0xff;
              code != SQLITE_OK && code != SQLITE_NOMEM)
            complain("expected SQLITE_NOMEM, found " + std::to_string(code) + ": " +
                     trial.outcome().message);
          trial.ask_all();
          for (const std::string& each : trial.complaints()) complain(each);
          static Host keeps_library("");  // later faults find everything initialised
          return met;
        });
  }

  const Count& count() const { return count_; }

 private:
  bool is_wanted(const std::string& name) const { return only_.empty() || name == only_; }

  static Outcome outcome_of(const std::string& path, const std::string& sql) {
    std::istringstream said(in_own_process([&] {
      const Outcome outcome = Host(path).run(sql);
      return std::to_string(outcome.code) + ' ' + std::to_string(outcome.hash);
    }));
    Outcome outcome;
    said >> outcome.code >> outcome.hash;
    return outcome;
  }

  template <class Attempt>
  void run(const std::string& name, const Choice& choice, std::size_t batch,
           const Attempt& attempt) {
    const std::int64_t allocations =
        std::atoll(in_own_process([&] {
                     const Met met = attempt(0, false, [&](const std::string& what) {
                       give_up(name + ", undisturbed: " + what);
                     });
                     return std::to_string(met.allocations);
                   }).c_str());
    std::printf("%-34s %8lld allocations", name.c_str(), static_cast<long long>(allocations));
    std::fflush(stdout);
    Count here;
    for (const bool from_then_on : {false, true}) {
      const auto calls = call_ != 0 ? std::vector<std::int64_t>{call_}
                                    : choose(choice, allocations, seed() + (from_then_on ? 1 : 0));
      const Count count = try_all(name + (from_then_on ? ", from then on" : ", once"), calls, batch,
                                  [&](std::int64_t at, const Complain& complain) {
                                    return attempt(at, from_then_on, complain).failed > 0;
                                  });
      here.injected += count.injected;
      here.survived += count.survived;
    }
    std::printf(" %7lld failed%s\n", static_cast<long long>(here.injected),
                here.injected == here.survived ? "" : "  NOT ALL WERE SURVIVED");
    count_.injected += here.injected;
    count_.survived += here.survived;
  }

  const Samples& made_;
  const Effort& effort_;
  std::string only_;
  std::int64_t call_;
  Count count_;
};

Count run(const CommandLine& asked) {
  const Effort effort = asked.is_full  ? Effort{{3000, 3000}, {3000, 500}, 8}
                        : is_sanitized ? Effort{{0, 2}, {0, 1}, 8}
                                       : Effort{{0, 12}, {0, 6}, 8};
  const Samples made(asked.samples);
  compress(made);
  MemoryFaults faults(made, effort, asked.only, asked.at);
  faults.load();
  for (const Reading& each : readings(asked.samples, made)) faults.read(each);
  for (const CallCase& each : made.calls(Journal::rollback))
    for (const Inside inside : {Inside::nothing, Inside::transaction}) faults.write(each, inside);
  return faults.count();
}

}  // namespace
}  // namespace cdr::fault

int main(int argc, char** argv) {
  // simdjson allocates a few names on first use, in functions that are noexcept. libcdr checks that
  // there is memory and then triggers this at once (json/document/prepare.hpp); a single failed
  // allocation in these functions would end any program.
  static_cast<void>(simdjson::get_active_implementation()->name());
  return cdr::fault::run_program(argc, argv, "memory_faults", "STATEMENT [CALL]", cdr::fault::run);
}
