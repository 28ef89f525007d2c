// One process, many threads, each with its own connection: one imports, rebuilds, erases and
// checks, another does so in a warehouse of its own, and four meanwhile query the first warehouse,
// files and functions. Built with ThreadSanitizer (./dev soak), the program shows that the threads
// share no data without a lock.
//
//   cdr_threads ROUNDS
#include <sqlite3.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reading/rows.hpp"

extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const sqlite3_api_routines* api);

namespace {

namespace fs = std::filesystem;

const std::string samples = CDR_SAMPLES;

// The failures of all threads.
class Faults {
 public:
  void add(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (++count_ <= 20) std::printf("%s\n", what.c_str());
  }
  int count() const { return count_; }

 private:
  std::mutex mutex_;
  int count_ = 0;
};

class Connection {
 public:
  Connection(const fs::path& file, Faults& faults, int patience_ms = 600'000) : faults_(faults) {
    if (sqlite3_open(file.c_str(), &database_) != SQLITE_OK) faults_.add("cannot open a database");
    sqlite3_busy_timeout(database_, patience_ms);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { sqlite3_close(database_); }

  // Number of rows.
  long ask(const std::string& sql) {
    long rows = 0;
    const auto count = [](void* to, int, char**, char**) {
      ++*static_cast<long*>(to);
      return 0;
    };
    if (sqlite3_exec(database_, sql.c_str(), count, &rows, nullptr) != SQLITE_OK)
      faults_.add(sql + ": " + sqlite3_errmsg(database_));
    return rows;
  }

 private:
  Faults& faults_;
  sqlite3* database_ = nullptr;
};

void write(const fs::path& file, int rounds, Faults& faults) {
  // An erasure empties the write-ahead log at a moment without readers, which may not come before
  // the writers have ended. It reports what is left to do, so the test need not wait for it.
  constexpr int patience_ms = 3'000;
  Connection database(file, faults, patience_ms);
  for (int round = 0; round < rounds; ++round) {
    const std::string source = "{\"source\": \"tenant " + std::to_string(round) + "\"}";
    for (const char* const vendor : {"conpeek", "alibaba", "mluvii", "ucontact"})
      database.ask("SELECT cdr_import('" + samples + '/' + vendor + "', '" + source + "')");
    database.ask("SELECT cdr_rebuild()");
    database.ask("SELECT cdr_erase('interaction', '8801" + std::to_string(10 + round % 20) + "')");
    database.ask("SELECT cdr_erase('customer', '+4850000123" + std::to_string(round % 10) + "')");
    if (database.ask("SELECT * FROM cdr_check") != 0) faults.add("cdr_check found something");
  }
}

// Writes enough dialogs that they are read ahead in many parts.
void write_many(const fs::path& file) {
  std::ofstream out(file);
  for (int i = 0; i < 8'000; ++i)
    out << R"({"dialog_uuid":"d-)" << i << R"(","dialog_type":"EXTERNAL","note":"\u017c\n",)"
        << R"("project":{"id":1,"name":"Orders"},"linked_dialogs":["d-)" << (i ^ 1) << "\"]}\n";
}

void read(const fs::path& file, const fs::path& many, const std::atomic<bool>& ends,
          std::atomic<long>& answers, Faults& faults) {
  while (!ends) {
    // Reopened each time, so that several threads load libcdr at the same time.
    Connection database(file, faults);
    long rows = 0;
    for (const cdr::JsonTable& table : cdr::json_tables()) {
      const std::string name(table.table.name);
      database.ask("SELECT * FROM " + name + " LIMIT 500");
      rows += database.ask("SELECT * FROM " + name + "(cdr_file('" + samples +
                           "', '{\"zone\": \"Europe/Prague\"}')) LIMIT 50");
      // Each table has a reading thread, which is still running when the query ends.
      rows += database.ask("SELECT * FROM " + name + "(cdr_file('" + samples +
                           "', '{\"zone\": \"Europe/Prague\", \"threads\": \"2\"}')) LIMIT 50");
    }
    rows += database.ask(
        "SELECT i.outcome, count(*) FROM interactions AS i JOIN cdr_dialog AS d "
        "USING (interaction_id) GROUP BY 1");
    rows += database.ask(
        "SELECT cdr_time('2024-03-31 02:30', 'Europe/Prague'), cdr_local('2024-07-01', "
        "'America/Montevideo'), phone_token('+48 500 001 234', '0123456789abcdef'), "
        "kv_json('a=1:b=2')");
    rows += database.ask("SELECT outcome, count(*) FROM interactions(cdr_file('" + samples +
                         "', '{\"threads\": \"2\"}')) GROUP BY 1");
    const std::string source = "(cdr_file('" + many.string() + "', '{\"threads\": \"2\"}'))";
    if (database.ask("SELECT note FROM cdr_dialog" + source) != 8'000 ||
        database.ask("SELECT outcome FROM interactions" + source) != 4'000)
      faults.add("a file that is read ahead has other rows");
    database.ask("SELECT extra FROM cdr_dialog" + source + " LIMIT 3");
    rows += database.ask("SELECT * FROM cdr_functions");
    if (rows == 0) faults.add("a reader had no answer");
    ++answers;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: cdr_threads ROUNDS\n"), 2;
  const int rounds = std::atoi(argv[1]);
  constexpr int readers = 4;
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init));
  std::string name = (fs::temp_directory_path() / "cdr_threads_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 1;
  const fs::path folder = name;
  Faults faults;
  std::atomic<bool> ends = false;
  std::atomic<long> answers = 0;
  for (const char* const file : {"shared.db", "other.db"}) {
    Connection database(folder / file, faults);
    database.ask("PRAGMA journal_mode = WAL");
    database.ask("SELECT cdr_init()");
  }
  write_many(folder / "many.ndjson");
  std::vector<std::thread> reading;
  for (int i = 0; i < readers; ++i)
    reading.emplace_back(
        [&] { read(folder / "shared.db", folder / "many.ndjson", ends, answers, faults); });
  std::thread writing([&] { write(folder / "shared.db", rounds, faults); });
  std::thread other([&] { write(folder / "other.db", rounds, faults); });
  writing.join();
  other.join();
  ends = true;
  for (std::thread& each : reading) each.join();
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  std::printf("%d rounds of two writers, %ld answers of %d readers, %d faults\n", rounds,
              answers.load(), readers, faults.count());
  return faults.count() == 0 ? 0 : 1;
}
