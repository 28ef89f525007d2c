// The checks after every fault in a call that writes: the connection is as it was, the file has all
// of the call's changes or none, and everything works from then on.
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

// One of libcdr's calls, and the file that it runs on.
struct CallCase {
  std::string name;  // 'import'
  std::string sql;
  std::string file;  // each run uses a copy of it
};

// The result of the call when nothing disturbs it.
struct Undisturbed {
  std::uint64_t before = 0, after = 0;  // state_of() the file
  std::uint64_t result = 0;             // the hash of the call's result
  std::string facts_hash;
};

// Small warehouses for the calls: an empty file, a filled one, and files to import. libcdr is
// loaded in other processes, so that each process started from here loads it again.
class Samples {
 public:
  // `samples`: the folder of the repository.
  explicit Samples(const std::string& samples);
  // cdr_init, cdr_import (of one file and of several), cdr_replay, cdr_rebuild, cdr_erase, cdr_check.
  const std::vector<CallCase>& calls(Journal journal) const {
    return journal == Journal::wal ? wal_ : rollback_;
  }
  const std::string& filled(Journal journal) const {
    return journal == Journal::wal ? filled_wal_ : filled_;
  }
  // A few records of each vendor.
  const std::string& records() const { return records_; }
  // The path of each run's copy.
  const std::string& work_file() const { return work_; }
  const test::Folder& folder() const { return folder_; }
  Undisturbed undisturbed(const CallCase& call) const;
  // Copies the case's file to work_file().
  void fresh(const CallCase& call) const;

 private:
  void fill(const std::string& empty) const;

  test::Folder folder_;
  std::string work_ = folder_ / "work.db";
  std::string records_, small_files_, filled_, filled_wal_;
  std::vector<CallCase> rollback_, wal_;
};

// Whether the call runs inside a transaction of the caller's that has written a row.
enum class Inside { nothing, transaction };

// A call that may be disturbed, from opening the file to the last check.
//
//   Trial trial(samples, call, undisturbed, Inside::nothing);
//   begin_faults(…);
//   trial.call();
//   end_faults();
//   trial.ask_all();
//   if (!trial.complaints().empty()) …
class Trial {
 public:
  // On a fresh copy of the case's file, or on the file that a killed process left.
  enum class On { fresh_file, what_is_left };
  Trial(const Samples& samples, const CallCase& call, const Undisturbed& undisturbed, Inside inside,
        On on = On::fresh_file);

  Host& host() { return host_; }
  const Outcome& outcome() const { return outcome_; }
  void call();
  // The result may mention that another process was in the way.
  void expect_other_words() { same_words_ = false; }
  void ask_all();
  // For a call that another process made and did not survive.
  void ask_after_death();
  // All violations, one per line.
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
