// Damaged warehouse files: pages with flipped bytes, pages in place of others, files that are cut
// off. Whatever a file contains, a call ends with rows or with an error; reading never writes; and
// after each call the connection has no open transaction. Built with ASan (./dev test), the program
// also shows that no invalid memory is read or written.
//
//   cdr_corrupt COUNT [FIRST]
//
// CDR_TEST_SEED and n determine file number n. It is tried in all the ways in which a warehouse is
// used: each table read, and the file checked, imported into, rebuilt and erased from, each on a
// copy of its own.
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "../unit/seed.hpp"
#include "reading/rows.hpp"

extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const sqlite3_api_routines* api);

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

// ---- A connection whose statements end after a number of steps, not after some time.

class Connection {
 public:
  explicit Connection(const fs::path& file, int flags = SQLITE_OPEN_READWRITE) {
    if (sqlite3_open_v2(file.c_str(), &database_, flags, nullptr) != SQLITE_OK)
      fail(std::string("open: ") + sqlite3_errmsg(database_));
    sqlite3_progress_handler(database_, 1000, count_step, this);
    // No need to wait for the disk: the files need not survive a crash of the machine.
    sqlite3_exec(database_, "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { sqlite3_close(database_); }

  // Reads all rows and looks at every value. Returns the result code; 0 means success.
  int ask(const std::string& sql) {
    steps_ = 0;
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr);
    if (code == SQLITE_OK) {
      while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        ++rows_;
        for (int i = 0; i < sqlite3_column_count(statement); ++i)
          if (const unsigned char* const text = sqlite3_column_text(statement, i); text != nullptr)
            bytes_ += std::strlen(reinterpret_cast<const char*>(text));
      }
      sqlite3_finalize(statement);
    }
    if (steps_ > most_steps) fail("does not end: " + sql);
    if (code != SQLITE_DONE && *sqlite3_errmsg(database_) == '\0') fail("no message: " + sql);
    if (sqlite3_get_autocommit(database_) == 0) fail("leaves a transaction open: " + sql);
    return code == SQLITE_DONE ? SQLITE_OK : code & 0xff;
  }
  std::size_t rows() const { return rows_; }

 private:
  static constexpr int most_steps = 200'000;  // in thousands of SQLite's steps
  static int count_step(void* self) {
    return ++static_cast<Connection*>(self)->steps_ > most_steps ? 1 : 0;
  }

  sqlite3* database_ = nullptr;
  int steps_ = 0;
  std::size_t rows_ = 0, bytes_ = 0;
};

// ---- Files

using Bytes = std::vector<char>;

Bytes bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const Bytes& bytes) {
  for (const char* const suffix : {"-journal", "-wal", "-shm"}) fs::remove(file.string() + suffix);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) fail("cannot write " + file.string());
}

class Damage {
 public:
  Damage(std::uint32_t seed, unsigned number) {
    std::seed_seq both{seed, number};
    random_.seed(both);
  }

  // Damages the bytes and returns a description of the damage.
  std::string hurt(Bytes& bytes, std::size_t page) {
    std::string what;
    for (std::size_t count = 1 + pick(4); count > 0; --count) what += once(bytes, page) + "; ";
    return what;
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  std::string once(Bytes& bytes, std::size_t page) {
    const std::size_t pages = std::max<std::size_t>(1, bytes.size() / page), to = pick(pages),
                      at = std::min(to * page + pick(page), bytes.size() - 1);
    switch (pick(10)) {
      case 0: {  // a page of another kind or of another table
        const std::size_t from = pick(pages);
        if ((to + 1) * page <= bytes.size() && (from + 1) * page <= bytes.size())
          std::memmove(&bytes[to * page], &bytes[from * page], page);
        return "page " + std::to_string(from) + " over page " + std::to_string(to);
      }
      case 1:
        for (std::size_t i = to * page; i < std::min(bytes.size(), (to + 1) * page); ++i)
          bytes[i] = 0;
        return "page " + std::to_string(to) + " zero";
      case 2: {
        if (pick(4) != 0) break;
        bytes.resize(pick(2) == 0 ? at + 1 : std::max(page, to * page));
        return "cut at " + std::to_string(bytes.size());
      }
      case 3: {  // the header of a cell or a page, which holds the structure
        const std::size_t head =
            std::min(to * page + (to == 0 ? 100 : 0) + pick(24), bytes.size() - 1);
        bytes[head] = static_cast<char>(random_());
        return "byte " + std::to_string(head);
      }
      case 4: {  // a run of bytes
        const std::size_t size = 1 + pick(64);
        for (std::size_t i = at; i < std::min(bytes.size(), at + size); ++i)
          bytes[i] = static_cast<char>(random_());
        return std::to_string(size) + " bytes from " + std::to_string(at);
      }
      default:
        break;
    }
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << pick(8)));
    return "a bit of byte " + std::to_string(at);
  }

  std::mt19937 random_;
};

// ---- Questions

std::vector<std::string> readings() {
  std::vector<std::string> all;
  for (const cdr::JsonTable& table : cdr::json_tables()) {
    all.push_back("SELECT * FROM " + std::string(table.table.name));
    if (table.model) {
      all.push_back("SELECT * FROM " + std::string(table.table.stored));
      all.push_back("SELECT * FROM " + std::string(table.table.name) +
                    " WHERE interaction_id > '1' ORDER BY interaction_id DESC LIMIT 3");
    }
  }
  for (const char* const table :
       {"cdr_meta", "import_file", "quarantine", "unmapped_field", "tombstone", "raw_record"})
    all.push_back(std::string("SELECT * FROM ") + table);
  all.push_back("SELECT * FROM cdr_problems");
  all.push_back("SELECT * FROM cdr_check");
  all.push_back("SELECT cdr_check()");
  return all;
}

class Trial {
 public:
  explicit Trial(const fs::path& folder) : file_(folder / "cdr.db"), sound_(make(folder)) {
    readings_ = readings();
    Connection database(folder / "sound.db", SQLITE_OPEN_READONLY);
    for (const std::string& sql : readings_)
      if (database.ask(sql) != SQLITE_OK) fail("fails on a sound file: " + sql);
    if (database.rows() < 500) fail("the sound file has too few rows");
  }

  void run(std::uint32_t seed, unsigned number) {
    Bytes bytes = sound_;
    what_ = Damage(seed, number).hurt(bytes, page_);
    write(file_, bytes);
    {
      Connection database(file_);
      for (const std::string& sql : readings_) count(database.ask(sql));
    }
    if (bytes_of(file_) != bytes) fail("reading wrote into the file");
    for (const std::string& sql : writings_) {
      write(file_, bytes);
      Connection database(file_);
      count(database.ask(sql));
      // The remaining file can be read again, or reading is an error.
      count(database.ask("SELECT count(*) FROM interactions"));
    }
  }
  const std::string& what() const { return what_; }
  const std::map<int, std::size_t>& codes() const { return codes_; }

 private:
  static constexpr std::size_t page_ = 1024;

  void count(int code) { ++codes_[code]; }

  Bytes make(const fs::path& folder) {
    const fs::path sound = folder / "sound.db";
    const std::string samples = CDR_SAMPLES;
    {
      Connection database(sound, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
      const auto must = [&](const std::string& sql) {
        if (database.ask(sql) != SQLITE_OK) fail("cannot make a warehouse: " + sql);
      };
      // Small pages: there are more of them, and each flip hits another kind of page.
      must("PRAGMA page_size = " + std::to_string(page_));
      must("SELECT cdr_init()");
      for (const char* const each :
           {"/conpeek/answer_2.json", "/conpeek/odd.ndjson",
            "/alibaba/list_call_detail_records.json", "/alibaba/ListAgentStateLogs",
            "/mluvii/Sessions/880102.json", "/mluvii/webhooks.ndjson", "/mluvii/Users",
            "/ucontact/getrecords.json", "/ucontact/dialer_tasks.ndjson"})
        must("SELECT cdr_import('" + samples + each + "')");
      must("SELECT cdr_import('[{\"mood\": 1}]')");
    }
    writings_ = {"SELECT cdr_init()",
                 "SELECT cdr_import('" + samples + "/conpeek/answer.json')",
                 "SELECT cdr_import('" + samples +
                     "/alibaba/list_call_detail_records.json', '{\"source\": \"b\"}')",
                 "SELECT cdr_replay()",
                 "SELECT cdr_rebuild()",
                 "SELECT cdr_erase('customer', '+48500001234')",
                 "SELECT cdr_erase('interaction', '880102')",
                 "SELECT cdr_erase('before', '2024-04-01')"};
    return bytes_of(sound);
  }

  fs::path file_;
  std::vector<std::string> writings_;
  Bytes sound_;
  std::vector<std::string> readings_;
  std::string what_;
  std::map<int, std::size_t> codes_;
};

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "cdr_corrupt_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) fail("no temporary folder");
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: cdr_corrupt COUNT [FIRST]\n"), 2;
  const auto count = static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10));
  const unsigned first = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 0;
  const std::uint32_t seed = cdr::test::seed();
  std::printf("seed %u\n", seed);
  std::fflush(stdout);
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init));
  int faults = 0;
  try {
    const Folder folder;
    Trial trial(folder.path);
    for (unsigned number = first; number < first + count; ++number) {
      try {
        trial.run(seed, number);
      } catch (const std::exception& error) {
        ++faults;
        std::printf("file %u (%s): %s\n", number, trial.what().c_str(), error.what());
        std::fflush(stdout);
      }
    }
    std::printf("%u files:", count);
    for (const auto& [code, calls] : trial.codes())
      std::printf(" %zu %s,", calls, code == SQLITE_OK ? "calls with rows" : sqlite3_errstr(code));
    std::printf(" %d files with a fault\n", faults);
    // Damage that is never noticed proves nothing.
    const auto& codes = trial.codes();
    if (count >= 20 && (codes.count(SQLITE_CORRUPT) == 0 || codes.count(SQLITE_OK) == 0)) {
      std::printf("the damage is too little, or too much\n");
      return 1;
    }
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
  return faults == 0 ? 0 : 1;
}
