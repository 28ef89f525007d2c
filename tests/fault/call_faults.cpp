// Disturbances from outside: a reader holds the file when a call commits; the call is interrupted,
// or a progress handler of the host ends it, once or from then on; the process is killed. Each call
// of libcdr is tested, with a rollback journal and with a write-ahead log, inside and outside a
// transaction of the caller's.
//
//   call_faults LIBRARY SAMPLES [sample | full] [CASE [MOMENT]]
//
// A moment is a call that SQLite makes to the file system, or a step of its virtual machine. No
// clock is involved, so every finding can be reproduced.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "batches.hpp"
#include "faulty_vfs.hpp"
#include "host.hpp"
#include "questions.hpp"

namespace cdr::fault {
namespace {

constexpr int steps_of_a_moment = 50;

// Counts moments of the virtual machine, and acts at one of them.
struct Progress {
  enum class Act { count, interrupt, stop, stop_from_then_on };
  Act act = Act::count;
  std::int64_t at = 0, moments = 0, acted = 0;
  sqlite3* database = nullptr;

  void begin(sqlite3* of) {
    database = of;
    sqlite3_progress_handler(database, steps_of_a_moment, handle, this);
  }
  void end() { sqlite3_progress_handler(database, 0, nullptr, nullptr); }

 private:
  static int handle(void* self) {
    auto& progress = *static_cast<Progress*>(self);
    const std::int64_t now = ++progress.moments;
    const bool is_it =
        progress.act == Act::stop_from_then_on ? now >= progress.at : now == progress.at;
    if (progress.act == Act::count || !is_it) return 0;
    ++progress.acted;
    if (progress.act != Act::interrupt) return 1;
    sqlite3_interrupt(progress.database);
    return 0;
  }
};

class CallFaults {
 public:
  CallFaults(const Samples& made, const Choice& moments, const Choice& kills, std::string only,
             std::int64_t moment)
      : made_(made), moments_(moments), kills_(kills), only_(std::move(only)), moment_(moment) {}

  void all_of(const CallCase& call, Journal journal) {
    const std::string name = call.name + ", " + std::string(name_of(journal));
    const Undisturbed undisturbed = made_.undisturbed(call);
    for (const Inside inside : {Inside::nothing, Inside::transaction}) {
      const std::string named = name + (inside == Inside::transaction ? ", in a transaction" : "");
      using Act = Progress::Act;
      for (const auto& [act, what] : {std::pair(Act::interrupt, "interrupt"),
                                      {Act::stop, "progress handler once"},
                                      {Act::stop_from_then_on, "progress handler from then on"}})
        by_steps(named + ", " + what, call, undisturbed, inside, act);
      by_calls(named + ", interrupt between file calls", call, undisturbed, inside);
      if (inside == Inside::nothing) busy(named + ", a reader", call, undisturbed);
    }
    // A process that is killed cannot report misuse of memory.
    if (!is_sanitized) killed(name + ", killed", call, undisturbed);
  }

  const Count& count() const { return count_; }

 private:
  bool is_wanted(const std::string& name) const { return only_.empty() || name == only_; }
  static void tell(const Trial& trial, const Complain& complain) {
    for (const std::string& each : trial.complaints()) complain(each);
  }

  void by_steps(const std::string& name, const CallCase& call, const Undisturbed& undisturbed,
                Inside inside, Progress::Act act) {
    if (!is_wanted(name)) return;
    const auto attempt = [&](std::int64_t at, const Complain& complain) {
      Trial trial(made_, call, undisturbed, inside);
      Progress progress;
      progress.act = at == 0 ? Progress::Act::count : act;
      progress.at = at;
      progress.begin(trial.host().database());
      trial.call();
      progress.end();
      if (progress.acted > 0) check_code(trial.outcome(), complain);
      trial.ask_all();
      tell(trial, complain);
      return at == 0 ? progress.moments : progress.acted;
    };
    run(name, moments_, attempt);
  }

  void by_calls(const std::string& name, const CallCase& call, const Undisturbed& undisturbed,
                Inside inside) {
    if (!is_wanted(name)) return;
    const auto attempt = [&](std::int64_t at, const Complain& complain) {
      Trial trial(made_, call, undisturbed, inside);
      FilePlan plan;
      plan.fault = at == 0 ? FileFault::none : FileFault::stop;
      plan.at = at;
      plan.meanwhile = [&] { sqlite3_interrupt(trial.host().database()); };
      begin_faults(plan);
      trial.call();
      const std::int64_t calls = end_faults();
      check_code(trial.outcome(), complain);
      trial.ask_all();
      tell(trial, complain);
      return at == 0 ? calls : faults_injected();
    };
    run(name, moments_, attempt);
  }

  // The call succeeds or reports that it was interrupted.
  static void check_code(const Outcome& outcome, const Complain& complain) {
    const int code = outcome.code & 0xff;
    if (code != SQLITE_OK && code != SQLITE_INTERRUPT && code != SQLITE_ABORT)
      complain("expected SQLITE_INTERRUPT, found " + std::to_string(code) + ": " + outcome.message);
  }

  // Another connection reads from before the call until after it. With a rollback journal the call
  // cannot commit; with a write-ahead log it can.
  void busy(const std::string& name, const CallCase& call, const Undisturbed& undisturbed) {
    if (!is_wanted(name)) return;
    const auto attempt = [&](std::int64_t at, const Complain& complain) {
      Trial trial(made_, call, undisturbed, Inside::nothing);
      trial.expect_other_words();
      {
        Host reader(made_.work_file(), Host::Loads::nothing);
        if (at != 0) {
          reader.ask("BEGIN");
          reader.ask("SELECT count(*) FROM sqlite_schema");
        }
        trial.call();
      }
      const int code = trial.outcome().code & 0xff;
      if (code != SQLITE_OK && code != SQLITE_BUSY)
        complain("expected SQLITE_BUSY, found " + std::to_string(code) + ": " +
                 trial.outcome().message);
      trial.ask_all();
      tell(trial, complain);
      return std::int64_t{1};
    };
    run(name, {1, 0}, attempt);
  }

  // Kills the process at a call to the file system; of a write, the first half has reached the
  // file.
  void killed(const std::string& name, const CallCase& call, const Undisturbed& undisturbed) {
    if (!is_wanted(name)) return;
    const auto attempt = [&](std::int64_t at, const Complain& complain) {
      if (at == 0) {
        Trial trial(made_, call, undisturbed, Inside::nothing);
        begin_faults({});
        trial.call();
        return end_faults();
      }
      made_.fresh(call);
      std::fflush(nullptr);
      const pid_t child = ::fork();
      if (child == 0) {
        Host host(made_.work_file());
        FilePlan plan;
        plan.fault = FileFault::torn;
        plan.at = at;
        plan.meanwhile = [] { ::kill(::getpid(), SIGKILL); };
        begin_faults(plan);
        host.run(call.sql);
        ::_exit(0);
      }
      int status = 0;
      ::waitpid(child, &status, 0);
      if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) return std::int64_t{0};
      Trial trial(made_, call, undisturbed, Inside::nothing, Trial::On::what_is_left);
      trial.ask_after_death();
      tell(trial, complain);
      return std::int64_t{1};
    };
    run(name, kills_, attempt);
  }

  // `attempt(0)` returns the number of moments; for a moment, it returns whether that moment
  // occurred.
  template <class Attempt>
  void run(const std::string& name, const Choice& choice, const Attempt& attempt) {
    const std::int64_t moments =
        std::atoll(in_own_process([&] {
                     return std::to_string(attempt(0, [&](const std::string& what) {
                       give_up(name + ", undisturbed: " + what);
                     }));
                   }).c_str());
    std::printf("%-64s %7lld moments", name.c_str(), static_cast<long long>(moments));
    std::fflush(stdout);
    const auto which =
        moment_ != 0 ? std::vector<std::int64_t>{moment_} : choose(choice, moments, seed());
    const Count count = try_all(name, which, 16, [&](std::int64_t at, const Complain& complain) {
      const bool came_to_pass = attempt(at, complain) > 0;
      static Host keeps_library("");
      return came_to_pass;
    });
    std::printf(" %5lld disturbed%s\n", static_cast<long long>(count.injected),
                count.injected == count.survived ? "" : "  NOT ALL WERE SURVIVED");
    count_.injected += count.injected;
    count_.survived += count.survived;
  }

  const Samples& made_;
  const Choice &moments_, &kills_;
  std::string only_;
  std::int64_t moment_;
  Count count_;
};

Count run(const CommandLine& asked) {
  const Choice moments = asked.is_full ? Choice{0, 500} : Choice{0, 1};
  const Choice kills = asked.is_full ? Choice{0, 200} : Choice{0, 3};
  const Samples made(asked.samples);
  CallFaults faults(made, moments, kills, asked.only, asked.at);
  // The sanitizers leave a tenth of the speed, and the optimised build has tried both journals.
  for (const Journal journal : journals)
    if (asked.is_full || !is_sanitized || journal == Journal::rollback)
      for (const CallCase& call : made.calls(journal)) faults.all_of(call, journal);
  return faults.count();
}

}  // namespace
}  // namespace cdr::fault

int main(int argc, char** argv) {
  return cdr::fault::run_program(argc, argv, "call_faults", "CASE [MOMENT]", cdr::fault::run);
}
