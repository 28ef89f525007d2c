// What is asked after every fault in a call that writes: is the connection as it was, does the
// file hold all of it or nothing, and does everything work from there on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../unit/folder.hpp"
#include "host.hpp"

namespace cdr::fault {

enum class Journal { rollback, wal };
inline constexpr Journal journals[] = {Journal::rollback, Journal::wal};
std::string_view name_of(Journal journal);

// One of libcdr's calls, and the file that it is made on.
struct CallCase {
  std::string name;  // 'import'
  std::string sql;
  std::string file;  // a copy of it is used
};

// What the call does where nothing disturbs it.
struct Undisturbed {
  std::uint64_t before = 0, after = 0;  // state_of() the file
  std::uint64_t result = 0;             // the hash of what the call gives
  std::string facts_hash;
};

// Small warehouses for the calls: an empty file, one that is filled, and what is imported. libcdr
// is loaded in other processes, so that each one that is started from here loads it again.
class Samples {
 public:
  // `samples`: the folder of the repository.
  explicit Samples(const std::string& samples);
  // cdr_init, cdr_import, cdr_replay, cdr_rebuild, cdr_erase, cdr_check.
  const std::vector<CallCase>& calls(Journal journal) const {
    return journal == Journal::wal ? wal_ : rollback_;
  }
  const std::string& filled(Journal journal) const {
    return journal == Journal::wal ? filled_wal_ : filled_;
  }
  // A few records of each vendor.
  const std::string& records() const { return records_; }
  // Where each run has its copy.
  const std::string& work_file() const { return work_; }
  const test::Folder& folder() const { return folder_; }
  Undisturbed undisturbed(const CallCase& call) const;
  // Puts a copy of the case's file to where it is used.
  void fresh(const CallCase& call) const;

 private:
  void fill(const std::string& empty) const;

  test::Folder folder_;
  std::string work_ = folder_ / "work.db";
  std::string records_, filled_, filled_wal_;
  std::vector<CallCase> rollback_, wal_;
};

// Whether the call is made inside a transaction of the caller's, that has written a row.
enum class Inside { nothing, transaction };

// A call that may be disturbed, from the opening of the file to the last question.
//
//   Trial trial(samples, call, undisturbed, Inside::nothing);
//   begin_faults(…);
//   trial.call();
//   end_faults();
//   trial.ask_all();
//   if (!trial.complaints().empty()) …
class Trial {
 public:
  // On a fresh copy of the case's file, or on what a process that died has left of it.
  enum class On { fresh_file, what_is_left };
  Trial(const Samples& samples, const CallCase& call, const Undisturbed& undisturbed, Inside inside,
        On on = On::fresh_file);

  Host& host() { return host_; }
  const Outcome& outcome() const { return outcome_; }
  void call();
  // What it gives may say that somebody was in the way.
  void expect_other_words() { same_words_ = false; }
  void ask_all();
  // Where another process made the call, and did not live to tell.
  void ask_after_death();
  // What should not be, a line each.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  void complain(const std::string& what);
  void ask_connection();
  void end_transaction();
  void ask_file();
  void call_again();
  void import_more();

  static const std::string& prepared(const Samples& samples, const CallCase& call, On on);

  const Samples& samples_;
  const CallCase& case_;
  const Undisturbed& undisturbed_;
  Inside inside_;
  Host host_;
  Settings settings_;
  Outcome outcome_;
  bool keeps_callers_row_ = false, same_words_ = true;
  std::vector<std::string> complaints_;
};

}  // namespace cdr::fault
