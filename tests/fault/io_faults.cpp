// The file system fails for the database: every call that SQLite makes to it (read, write, sync,
// truncate, open, lock, …) returns an error, the disk is full, or a read is short; once, and from
// then on; with a rollback journal and with a write-ahead log; in each call of libcdr that writes,
// inside and outside a transaction of the caller's, and in queries.
//
//   io_faults LIBRARY SAMPLES [sample | full] [CASE [CALL]]
//
// Short reads are only tried on statements that only read: SQLite itself takes the zeros for the
// file's contents, so a statement that writes may write them back.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "batches.hpp"
#include "faulty_vfs.hpp"
#include "host.hpp"
#include "questions.hpp"

namespace cdr::fault {
namespace {

struct Kind {
  FileFault fault;
  const char* name;
};
constexpr Kind error{FileFault::error, "error"}, full_disk{FileFault::full, "full disk"},
    short_read{FileFault::short_read, "short read"};

class FileFaults {
 public:
  FileFaults(const Samples& made, const Choice& choice, std::string only, std::int64_t call)
      : made_(made), choice_(choice), only_(std::move(only)), call_(call) {}

  void write(const CallCase& call, Journal journal, Inside inside) {
    const std::string name = call.name + ", " + std::string(name_of(journal)) +
                             (inside == Inside::transaction ? ", in a transaction" : "");
    if (!is_wanted(name)) return;
    const Undisturbed undisturbed = made_.undisturbed(call);
    for (const Kind& kind : {error, full_disk})
      run(name, kind, [&](const FilePlan& plan, const Complain& complain) {
        Trial trial(made_, call, undisturbed, inside);
        begin_faults(plan);
        trial.call();
        const std::int64_t calls = end_faults();
        if (faults_injected() > 0) say_at(complain, trial.outcome());
        trial.ask_all();
        for (const std::string& each : trial.complaints())
          complain("at " + std::string(name_of(last_faulty_call())) + ": " + each);
        return calls;
      });
  }

  void read(const std::string& named, const std::string& sql, Journal journal, Inside inside) {
    const std::string name = named + ", " + std::string(name_of(journal)) +
                             (inside == Inside::transaction ? ", in a transaction" : "");
    if (!is_wanted(name)) return;
    const CallCase file{named, sql, made_.filled(journal)};
    made_.fresh(file);
    const std::uint64_t undisturbed =
        std::strtoull(in_own_process([&] {
                        return std::to_string(Host(made_.work_file()).run(sql).hash);
                      }).c_str(),
                      nullptr, 10);
    const std::uint64_t state = state_of(made_.work_file());
    for (const Kind& kind : {error, short_read})
      run(name, kind, [&](const FilePlan& plan, const Complain& complain) {
        made_.fresh(file);
        Host host(made_.work_file());
        if (inside == Inside::transaction) host.run("BEGIN");
        begin_faults(plan);
        const Outcome outcome = host.run(sql);
        const std::int64_t calls = end_faults();
        if (inside == Inside::transaction) {
          // SQLite reads the first page itself, and then its own message is the only one.
          if (!host.is_in_transaction() && outcome.message != "disk I/O error" &&
              outcome.message.find("transaction was undone") == outcome.message.npos)
            complain("the caller's transaction was undone, and the message does not say so [" +
                     outcome.message + ']');
          host.run("ROLLBACK");
        }
        if (kind.fault == FileFault::error && outcome.code == SQLITE_OK &&
            outcome.hash != undisturbed)
          complain("it succeeds with another result");
        if (const std::string busy = host.busy_statement(); !busy.empty())
          complain("a statement is not at its end: " + busy);
        if (host.is_in_transaction()) complain("a transaction was left open");
        // The result of a short read may be in the connection's page cache, which is not libcdr's
        // fault.
        if (kind.fault == FileFault::error)
          if (const Outcome again = host.run(sql); again.hash != undisturbed)
            complain("asked again, it gives something else: " + again.message);
        if (host.close() != SQLITE_OK) complain("the connection cannot be closed");
        if (state_of(made_.work_file()) != state) complain("the file was written to");
        return calls;
      });
  }

  const Count& count() const { return count_; }

 private:
  bool is_wanted(const std::string& name) const { return only_.empty() || name == only_; }

  // SQLite's result codes for a file that fails.
  static void say_at(const Complain& complain, const Outcome& outcome) {
    switch (outcome.code & 0xff) {
      case SQLITE_OK:
      case SQLITE_IOERR:
      case SQLITE_FULL:
      case SQLITE_CANTOPEN:
      case SQLITE_BUSY:      // a disk error can look like a lost lock
      case SQLITE_PROTOCOL:  // the same with a write-ahead log
      case SQLITE_ABORT:     // the transaction was undone while the call ran
      case SQLITE_ERROR:     // a ROLLBACK in the middle, or a message of libcdr
        return;
      default:
        complain("at " + std::string(name_of(last_faulty_call())) + ": unexpected code " +
                 std::to_string(outcome.code) + ": " + outcome.message);
    }
  }

  template <class Attempt>
  void run(const std::string& name, const Kind& kind, const Attempt& attempt) {
    FilePlan plan;
    plan.fault = kind.fault;
    const std::string called = name + ", " + kind.name;
    const std::int64_t calls =
        std::atoll(in_own_process([&] {
                     plan.at = INT64_MAX;
                     return std::to_string(attempt(plan, [&](const std::string& what) {
                       give_up(called + ", undisturbed: " + what);
                     }));
                   }).c_str());
    std::printf("%-44s %7lld calls", called.c_str(), static_cast<long long>(calls));
    std::fflush(stdout);
    Count here;
    for (const bool from_then_on : {false, true}) {
      const auto which = call_ != 0 ? std::vector<std::int64_t>{call_}
                                    : choose(choice_, calls, seed() + (from_then_on ? 1 : 0));
      const Count count = try_all(called + (from_then_on ? ", from then on" : ", once"), which, 16,
                                  [&](std::int64_t at, const Complain& complain) {
                                    FilePlan one = plan;
                                    one.at = at;
                                    one.from_then_on = from_then_on;
                                    attempt(one, complain);
                                    static Host keeps_library("");
                                    return faults_injected() > 0;
                                  });
      here.injected += count.injected;
      here.survived += count.survived;
    }
    std::printf(" %6lld failed%s\n", static_cast<long long>(here.injected),
                here.injected == here.survived ? "" : "  NOT ALL WERE SURVIVED");
    count_.injected += here.injected;
    count_.survived += here.survived;
  }

  const Samples& made_;
  const Choice& choice_;
  std::string only_;
  std::int64_t call_;
  Count count_;
};

Count run(const CommandLine& asked) {
  const Choice choice = asked.is_full ? Choice{3000, 3000} : Choice{0, is_sanitized ? 1 : 2};
  const Samples made(asked.samples);
  FileFaults faults(made, choice, asked.only, asked.at);
  // The sanitizers leave a tenth of the speed; there one variant of each is enough, because the
  // optimised build has tried them all.
  const bool is_short = is_sanitized && !asked.is_full;
  for (const Journal journal : journals) {
    if (is_short && journal != Journal::rollback) continue;
    for (const CallCase& call : made.calls(journal))
      for (const Inside inside : {Inside::nothing, Inside::transaction})
        if (!is_short || inside == Inside::nothing) faults.write(call, journal, inside);
    faults.read("a view", "SELECT * FROM interaction", journal, Inside::nothing);
    for (const Inside inside : {Inside::nothing, Inside::transaction}) {
      if (is_short && inside == Inside::transaction) continue;
      faults.read("a virtual table", "SELECT * FROM cdr_dialog ORDER BY dialog_id", journal,
                  inside);
      faults.read("a vendor's table", "SELECT * FROM alibaba_call", journal, inside);
      faults.read("the check as a table", "SELECT * FROM cdr_check()", journal, inside);
    }
  }
  return faults.count();
}

}  // namespace
}  // namespace cdr::fault

int main(int argc, char** argv) {
  return cdr::fault::run_program(argc, argv, "io_faults", "CASE [CALL]", cdr::fault::run);
}
