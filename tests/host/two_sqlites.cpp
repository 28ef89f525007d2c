// Two SQLites in one process: libcdr.so serves the one that loaded it first, refuses the other, and
// serves the other from a copy of its own. The second SQLite is a copy of the first one's file,
// which the dynamic linker treats as another library, with its own code and state. This program is
// linked with no SQLite: the copies would otherwise call that one's functions instead of their own.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "../unit/folder.hpp"

namespace {

using cdr::test::Folder;

class Library {
 public:
  explicit Library(const std::string& path)
      : handle_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    INFO(::dlerror());
    REQUIRE(handle_ != nullptr);
  }
  template <class Function>
  Function find(const char* name) const {
    void* const found = ::dlsym(handle_, name);
    REQUIRE(found != nullptr);
    return reinterpret_cast<Function>(found);
  }

 private:
  void* handle_;  // not closed: connections of a failed test may still use it
};

// The functions that the tests use from one SQLite library.
#define OF(name) \
  decltype(&sqlite3_##name) name = library.find<decltype(&sqlite3_##name)>("sqlite3_" #name)
struct Sqlite {
  explicit Sqlite(const std::string& path) : library(path) {}
  Library library;
  OF(libversion);
  OF(open);
  OF(close);
  OF(exec);
  OF(errmsg);
  OF(free);
  OF(db_config);
  OF(load_extension);
};
#undef OF

class Connection {
 public:
  explicit Connection(const Sqlite& sqlite) : sqlite_(sqlite) {
    REQUIRE(sqlite_.open(":memory:", &database_) == SQLITE_OK);
    REQUIRE(sqlite_.db_config(database_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, nullptr) ==
            SQLITE_OK);
  }
  ~Connection() { sqlite_.close(database_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  // Returns the error; "" = loaded.
  std::string load(const std::string& path) const {
    char* message = nullptr;
    const int code = sqlite_.load_extension(database_, path.c_str(), "sqlite3_cdr_init", &message);
    const std::string text = message == nullptr ? "" : message;
    sqlite_.free(message);
    CHECK((code == SQLITE_OK) == text.empty());
    return text;
  }
  // The first column of the last row, or the error.
  std::string ask(const char* sql) const {
    std::string found;
    const auto keep = [](void* to, int, char** cells, char**) {
      *static_cast<std::string*>(to) = cells[0] == nullptr ? "" : cells[0];
      return 0;
    };
    if (sqlite_.exec(database_, sql, keep, &found, nullptr) != SQLITE_OK)
      found = sqlite_.errmsg(database_);
    return found;
  }

 private:
  const Sqlite& sqlite_;
  sqlite3* database_ = nullptr;
};

constexpr char question[] =
    "SELECT dialog_id FROM cdr_dialog('{\"dialog_uuid\":\"d-1\",\"talking_time\":1}')";

}  // namespace

int main(int argc, char** argv) {
  return doctest::Context(argc, argv).run();
}

TEST_CASE("two SQLites in one process: the second is refused, and nothing happens to the first") {
  const Folder folder;
  const std::string library = folder / "libcdr.so", other_library = folder / "other.so";
  std::filesystem::copy(CDR_LIBRARY, library);
  std::filesystem::copy(CDR_LIBRARY, other_library);
  std::filesystem::copy(CDR_SQLITE, folder / "sqlite-a.so");
  std::filesystem::copy(CDR_SQLITE, folder / "sqlite-b.so");
  const Sqlite a(folder / "sqlite-a.so"), b(folder / "sqlite-b.so");
  const bool are_two = a.libversion != b.libversion;
  REQUIRE(are_two);

  const Connection first(a);
  CHECK(first.load(library) == "");
  CHECK(first.ask(question) == "d-1");

  const std::string version = b.libversion();
  const Connection second(b);
  CHECK(second.load(library) ==
        "error during initialization: libcdr: another SQLite in this process (" + version +
            ") uses this file already; for this SQLite (" + version +
            "), load a copy of the file under another name");
  CHECK(second.ask(question) == "no such table: cdr_dialog");
  CHECK(second.ask("SELECT 1") == "1");

  CHECK(first.ask(question) == "d-1");
  const Connection third(a);
  CHECK(third.load(library) == "");
  CHECK(third.ask(question) == "d-1");

  CHECK(second.load(other_library) == "");
  CHECK(second.ask(question) == "d-1");
  CHECK(first.ask(question) == "d-1");
}

TEST_CASE("two SQLites in one process: threads that load at once") {
  constexpr int rounds = 20, threads_of_each = 4;
  const Folder folder;
  std::filesystem::copy(CDR_SQLITE, folder / "sqlite-a.so");
  std::filesystem::copy(CDR_SQLITE, folder / "sqlite-b.so");
  const Sqlite sqlites[] = {Sqlite(folder / "sqlite-a.so"), Sqlite(folder / "sqlite-b.so")};
  for (int round = 0; round < rounds; ++round) {
    const std::string library = folder / ("libcdr-" + std::to_string(round) + ".so");
    std::filesystem::copy(CDR_LIBRARY, library);
    // All connections stay open until all have loaded, so that the file is not unloaded and reused
    // in between.
    std::deque<Connection> connections;
    for (int i = 0; i < threads_of_each; ++i)
      for (const Sqlite& sqlite : sqlites) connections.emplace_back(sqlite);
    std::vector<std::string> errors(connections.size()), answers(connections.size());
    std::atomic<bool> go = false;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < connections.size(); ++i)
      threads.emplace_back([&, i] {
        while (!go) std::this_thread::yield();
        errors[i] = connections[i].load(library);
        answers[i] = connections[i].ask(question);
      });
    go = true;
    for (std::thread& each : threads) each.join();
    int loaded[] = {0, 0};
    for (std::size_t i = 0; i < connections.size(); ++i) {
      CHECK(answers[i] == (errors[i].empty() ? "d-1" : "no such table: cdr_dialog"));
      loaded[i % 2] += errors[i].empty() ? 1 : 0;
    }
    CHECK(loaded[0] + loaded[1] == threads_of_each);
    CHECK(loaded[0] * loaded[1] == 0);
  }
}
