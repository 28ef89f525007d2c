#include "questions.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "batches.hpp"

namespace cdr::fault {
namespace {

namespace fs = std::filesystem;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) give_up("cannot read " + path);
  std::ostringstream all;
  all << file.rdbuf();
  return std::move(all).str();
}

// Lines `from` (0 = the first) to `to` (not included).
std::string lines_of(const std::string& path, int from, int to) {
  std::ifstream file(path, std::ios::binary);
  if (!file) give_up("cannot read " + path);
  std::string lines, line;
  for (int i = 0; i < to && std::getline(file, line); ++i)
    if (i >= from) lines += line + '\n';
  return lines;
}

void copy(const std::string& from, const std::string& to) {
  for (const char* suffix : {"-wal", "-shm", "-journal"}) fs::remove(to + suffix);
  fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

// The same file in WAL mode.
std::string with_wal(const test::Folder& folder, const std::string& file) {
  std::string path = folder / fs::path(file).stem().string() + "-wal-mode.db";
  copy(file, path);
  Host host(path, Host::Loads::nothing);
  if (host.ask("PRAGMA journal_mode = WAL") != "wal") give_up("no write-ahead log");
  return path;
}

}  // namespace

std::string_view name_of(Journal journal) {
  return journal == Journal::wal ? "WAL" : "DELETE";
}

Samples::Samples(const std::string& samples) {
  // Temporary names are not random here, and another program of this kind may be running.
  sqlite3_temp_directory = sqlite3_mprintf("%s", folder_.path().c_str());
  folder_.write("base/dialogs.ndjson", lines_of(samples + "/conpeek/day.ndjson", 0, 25));
  folder_.write("base/calls.json", content_of(samples + "/alibaba/list_call_detail_records.json"));
  folder_.write("base/session.json", content_of(samples + "/mluvii/Sessions/880102.json"));
  folder_.write("base/records.json", content_of(samples + "/ucontact/getrecords.json"));
  folder_.write("base/campaigns.json", content_of(samples + "/ucontact/campaignstatus.json"));
  folder_.write("base/bad.ndjson", "{\"no vendor's\": 1}\n{\"dialog_uuid\": }\n");
  // Some of these records are in the warehouse already, some change existing interactions, one
  // cannot be read.
  records_ =
      folder_.write("records.ndjson", lines_of(samples + "/conpeek/day.ndjson", 20, 40) +
                                          lines_of(samples + "/alibaba/day_get.ndjson", 0, 6) +
                                          "{\"dialog_uuid\": 1, \"dialog_uuid\": 2}\n");
  // The same records in files that share a transaction.
  small_files_ = folder_ / "small";
  for (int first = 20; first < 40; first += 4)
    folder_.write("small/" + std::to_string(first) + ".ndjson",
                  lines_of(samples + "/conpeek/day.ndjson", first, first + 4));
  folder_.write("small/calls.ndjson", lines_of(samples + "/alibaba/day_get.ndjson", 0, 6));
  folder_.write("small/unread.ndjson", "{\"dialog_uuid\": 1, \"dialog_uuid\": 2}\n");

  const std::string empty = folder_ / "empty.db";
  Host(empty, Host::Loads::nothing).ask("CREATE TABLE caller (x)");
  filled_ = folder_ / "filled.db";
  in_own_process([&] {
    fill(empty);
    return "";
  });
  filled_wal_ = with_wal(folder_, filled_);
  const std::string empty_wal = with_wal(folder_, empty);

  const auto calls = [&](const std::string& nothing, const std::string& filled) {
    const std::string customer = "48500002001";
    return std::vector<CallCase>{
        {"init", "SELECT cdr_init()", nothing},
        {"import", "SELECT cdr_import('" + records_ + "')", filled},
        {"import of files", "SELECT cdr_import('" + small_files_ + "')", filled},
        {"replay", "SELECT cdr_replay()", filled},
        {"rebuild", "SELECT cdr_rebuild()", filled},
        {"erase", "SELECT cdr_erase('customer', '" + customer + "')", filled},
        {"check", "SELECT cdr_check()", filled},
    };
  };
  rollback_ = calls(empty, filled_);
  wal_ = calls(empty_wal, filled_wal_);
}

void Samples::fill(const std::string& empty) const {
  copy(empty, filled_);
  Host host(filled_);
  host.ask("SELECT cdr_init()");
  host.ask("SELECT cdr_import('" + folder_ / "base" + "')");
  // Replaces unreadable records with readable ones, as if libcdr had learnt their format.
  const auto replace = [&](const std::string& id, const std::string& where) {
    const std::string record = "{\"dialog_uuid\":\"" + id + "\",\"dialog_type\":\"SYSTEM\"}";
    host.ask("UPDATE quarantine SET payload = CAST('" + record +
             "' AS BLOB), payload_bytes = " + std::to_string(record.size()) + " WHERE " + where);
  };
  replace("replayed-1", "id = (SELECT min(id) FROM quarantine)");
  if (host.ask("SELECT cdr_replay() ->> 'replayed'") != "1") give_up("nothing was replayed");
  replace("replayed-2", "state = 'open'");
  host.ask("SELECT cdr_erase('interaction', 'no-such-interaction')");
  if (host.ask("SELECT cdr_check() ->> 'violations'") != "0") give_up("the warehouse is unsound");
}

void Samples::fresh(const CallCase& call) const {
  copy(call.file, work_file());
}

Undisturbed Samples::undisturbed(const CallCase& call) const {
  fresh(call);
  const auto state = [&] { return std::to_string(state_of(work_file())) + ' '; };
  std::istringstream said(in_own_process([&] {
    std::string all = state();
    {
      Host host(work_file());
      const Outcome outcome = host.run(call.sql);
      if (outcome.code != SQLITE_OK) give_up(call.sql + ": " + outcome.message);
      all += std::to_string(outcome.hash) + ' ';
    }
    all += state();
    return all + Host(work_file()).ask("SELECT cdr_rebuild() ->> 'facts_hash'");
  }));
  Undisturbed result;
  said >> result.before >> result.result >> result.after >> result.facts_hash;
  return result;
}

Trial::Trial(const Samples& samples, const CallCase& call, const Undisturbed& undisturbed,
             Inside inside, On on)
    : samples_(samples),
      case_(call),
      undisturbed_(undisturbed),
      inside_(inside),
      host_(prepared(samples, call, on)) {
  if (inside_ == Inside::transaction) {
    host_.ask("BEGIN");
    host_.ask("INSERT INTO caller VALUES (1)");
  }
  settings_ = host_.settings();
}

const std::string& Trial::prepared(const Samples& samples, const CallCase& call, On on) {
  if (on == On::fresh_file) samples.fresh(call);
  return samples.work_file();
}

void Trial::complain(const std::string& what) {
  complaints_.push_back(what + " [the call gave " + std::to_string(outcome_.code) + " '" +
                        outcome_.message + "']");
}

void Trial::call() {
  outcome_ = host_.run(case_.sql);
}

void Trial::ask_all() {
  ask_connection();
  end_transaction();
  ask_file();
  call_again();
  import_more();
}

void Trial::ask_after_death() {
  outcome_.code = SQLITE_ABORT;
  outcome_.message = "killed";
  ask_file();
  call_again();
  import_more();
}

void Trial::ask_connection() {
  if (const std::string sql = host_.busy_statement(); !sql.empty())
    complain("a statement is not at its end: " + sql);
  // While memory is exhausted, SQLite refuses to change settings; the next call restores them.
  if ((outcome_.code & 0xff) == SQLITE_NOMEM) host_.run("SELECT cdr_version()");
  if (const Settings now = host_.settings(); now != settings_)
    complain("settings were changed to " + now.text() + " from " + settings_.text());
  const bool is_inside = host_.is_in_transaction();
  if (inside_ == Inside::nothing && is_inside) complain("a transaction was left open");
  if (inside_ == Inside::transaction && !is_inside) {
    if (outcome_.code == SQLITE_OK) complain("the caller's transaction was ended");
    // Without memory, SQLite's own message is the only one.
    if ((outcome_.code & 0xff) != SQLITE_NOMEM &&
        outcome_.message.find("transaction was undone") == outcome_.message.npos)
      complain("the caller's transaction was undone, and the message does not say so");
  }
}

void Trial::end_transaction() {
  if (!host_.is_in_transaction()) return;
  keeps_callers_row_ = inside_ == Inside::transaction;
  const Outcome commit = host_.run("COMMIT");
  if (commit.code == SQLITE_OK) return;
  complain("COMMIT: " + commit.message);
  host_.run("ROLLBACK");
}

void Trial::ask_file() {
  const std::string file = samples_.work_file();
  const std::uint64_t state = state_of(file);
  if (state != undisturbed_.after && (outcome_.code == SQLITE_OK || state != undisturbed_.before))
    complain(outcome_.code == SQLITE_OK ? "it did not do all that it says"
                                        : "the file holds a part of what it writes");
  if (outcome_.code == SQLITE_OK && inside_ == Inside::nothing && same_words_ &&
      outcome_.hash != undisturbed_.result)
    complain("it did what it does undisturbed, and said something else: " + outcome_.first);
  Host fresh(file);
  if (const Outcome check = fresh.run("PRAGMA integrity_check"); check.first != "ok")
    complain("integrity_check: " + check.first + check.message);
  // The result depends only on the rows, so this process checks each state only once.
  static std::set<std::uint64_t> checked;
  if (checked.insert(state).second &&
      fresh.ask("SELECT count(*) FROM sqlite_schema WHERE name = 'cdr_meta'") != "0")
    if (const Outcome check = fresh.run("SELECT cdr_check() ->> 'violations'"); check.first != "0")
      complain("cdr_check: " + check.first + " violations " + check.message);
  const std::string rows = fresh.ask("SELECT count(*) FROM caller");
  if (rows != (keeps_callers_row_ ? "1" : "0"))
    complain("the caller's table has " + rows + " rows after its transaction was " +
             (keeps_callers_row_ ? "committed" : "undone"));
}

void Trial::call_again() {
  const Outcome again = host_.run(case_.sql);
  if (again.code != SQLITE_OK) complain("called again: " + again.message);
  // As above, once for each state.
  static std::set<std::uint64_t> rebuilt;
  if (!rebuilt.insert(state_of(samples_.work_file())).second) return;
  const Outcome hash = host_.run("SELECT cdr_rebuild() ->> 'facts_hash'");
  if (hash.first != undisturbed_.facts_hash)
    complain("called again: the facts are not those of an undisturbed run; " + hash.message);
}

void Trial::import_more() {
  for (int i = 1; i <= 3; ++i) {
    const Outcome more =
        host_.run("SELECT cdr_import('{\"dialog_uuid\":\"later-" + std::to_string(i) +
                  "\",\"dialog_type\":\"SYSTEM\"}') ->> 'inserted'");
    if (more.first != "1") complain("imported later: " + more.first + more.message);
  }
  if (host_.close() != SQLITE_OK) complain("the connection cannot be closed");
  Host fresh(samples_.work_file(), Host::Loads::nothing);
  const Outcome found = fresh.run("SELECT count(*) FROM raw_record WHERE record_id LIKE 'later-%'");
  if (found.first != "3")
    complain("of three records imported later the file has " + found.first + found.message);
}

}  // namespace cdr::fault
