#include <doctest/doctest.h>
#include <sqlite3.h>

// The extension's entry point, linked in: extension/entry.cpp.
extern "C" int sqlite3_cdr_init(sqlite3* database, char** message, const sqlite3_api_routines* api);

// Every database that a test opens has libcdr, which here too calls SQLite through its table of
// functions.
int main(int argc, char** argv) {
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(sqlite3_cdr_init));
  return doctest::Context(argc, argv).run();
}
