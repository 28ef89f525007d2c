// Text for people is valid UTF-8 on one line, whatever libcdr is given: random bytes as paths,
// JSON, options and arguments.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/text.hpp"
#include "folder.hpp"
#include "json/document/problem.hpp"
#include "seed.hpp"

using namespace cdr;

namespace {

bool is_plain(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t character = next_character(text, at);
    if (character == replacement && at - from == 1) return false;
    if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return false;
    if (character >= 0x2028 && character <= 0x202E) return false;
    if (character >= 0x2066 && character <= 0x2069) return false;
  }
  return true;
}

// Bytes that are invalid in many ways; none or some of them are UTF-8.
std::string random_bytes(std::mt19937& random, std::size_t most) {
  static const std::vector<std::string> pieces{"\x1b[31m",
                                               "\x1b]0;title\a",
                                               "\n",
                                               "\r",
                                               "\t",
                                               "\x7f",
                                               "\xff",
                                               "\xfe",
                                               "\xc3",
                                               "\xc3\xa9",
                                               "\xe2\x80\xae",
                                               "\xe2\x80\xa8",
                                               "\xc2\x85",
                                               "\xed\xa0\x80",
                                               "\xf4\x90\x80",
                                               "\x80",
                                               "\xef\xbf\xbd",
                                               "\xf0\x9f\x93\x9e",
                                               "\xc0\xaf",
                                               "\xe2\x81\xa6",
                                               "\\x41",
                                               "a",
                                               "'",
                                               "\"",
                                               "%s%n",
                                               "{",
                                               "}",
                                               "[",
                                               "]",
                                               "*"};
  std::string bytes;
  const std::size_t count = random() % (most + 1);
  while (bytes.size() < count) {
    if (random() % 3 == 0)
      bytes += static_cast<char>(random() % 255 + 1);
    else
      bytes += pieces[random() % pieces.size()];
  }
  return bytes;
}

class Database {
 public:
  Database() { REQUIRE(sqlite3_open(":memory:", &handle_) == SQLITE_OK); }
  ~Database() { sqlite3_close_v2(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  struct Answer {
    std::string error;               // "" = none
    std::vector<std::string> cells;  // only texts
  };
  Answer ask(const std::string& sql, const std::vector<std::string>& arguments = {}) {
    Answer answer;
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &prepared, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared,
                                                                               sqlite3_finalize);
    if (code != SQLITE_OK) {
      answer.error = sqlite3_errmsg(handle_);
      return answer;
    }
    int index = 0;
    for (const std::string& argument : arguments)
      sqlite3_bind_text(prepared, ++index, argument.data(), static_cast<int>(argument.size()),
                        SQLITE_STATIC);
    int step = SQLITE_OK;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW)
      for (int column = 0; column < sqlite3_column_count(prepared); ++column)
        if (sqlite3_column_type(prepared, column) == SQLITE_TEXT)
          answer.cells.emplace_back(
              reinterpret_cast<const char*>(sqlite3_column_text(prepared, column)),
              static_cast<std::size_t>(sqlite3_column_bytes(prepared, column)));
    if (step != SQLITE_DONE) answer.error = sqlite3_errmsg(handle_);
    return answer;
  }

 private:
  sqlite3* handle_ = nullptr;
};

class WorkingFolder {
 public:
  explicit WorkingFolder(const std::string& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  ~WorkingFolder() { std::filesystem::current_path(before_); }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
  std::filesystem::path before_;
};

// A failed check shows the text in a readable form.
void check_plain(const std::string& text) {
  CAPTURE(shown(text));
  CHECK(is_plain(text));
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> sample_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(CDR_SAMPLES)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && entry.file_size() < 40'000 &&
        (extension == ".json" || extension == ".ndjson"))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The text with bytes replaced or inserted, and with escapes that JSON decodes to such bytes.
std::string mutated(std::string text, std::mt19937& random) {
  static const std::vector<std::string> escapes{R"(\u001b[2J)", R"(\u0000)", R"(\ud800)",
                                                R"(\u202e)",    R"(\n)",     R"(\u0085)"};
  for (unsigned count = 1 + random() % 4; count > 0; --count) {
    const std::size_t at = random() % text.size();
    const std::string with =
        random() % 2 == 0 ? random_bytes(random, 6) : escapes[random() % escapes.size()];
    text.replace(at, random() % 4, with);
  }
  return text;
}

}  // namespace

TEST_CASE("a message is shown in one line") {
  CHECK(shown("") == "");
  CHECK(shown("d\xc3\xa9j\xc3\xa0 vu, \xe6\x97\xa5\xe6\x9c\xac, \xf0\x9f\x93\x9e") ==
        "d\xc3\xa9j\xc3\xa0 vu, \xe6\x97\xa5\xe6\x9c\xac, \xf0\x9f\x93\x9e");
  CHECK(shown("a\nb\tc\rd") == R"(a\nb\tc\rd)");
  CHECK(shown("\x1b[31m\x07\x7f") == R"(\x1b[31m\x07\x7f)");
  CHECK(shown(std::string_view("\0x", 2)) == R"(\x00x)");
  CHECK(shown("\xff\xc3(\xed\xa0\x80\xc0\xaf") == R"(\xff\xc3(\xed\xa0\x80\xc0\xaf)");
  CHECK(shown("\xe2\x82") == R"(\xe2\x82)");
  CHECK(shown("\xc2\x85\xc2\x9b") == R"(\u0085\u009b)");
  CHECK(shown("\xe2\x80\xae\xe2\x80\xa8\xe2\x81\xa6") == R"(\u202e\u2028\u2066)");
  // A replacement character in the input stays; a backslash does not begin an escape.
  CHECK(shown("\xef\xbf\xbd \\n \\x41") == "\xef\xbf\xbd \\n \\x41");
  CHECK(std::string(Error("line\n\xff").what()) == R"(line\n\xff)");
  CHECK(
      Problem{ProblemCode::not_json, "a\nb\xff.json", 1, 2, "$.\x1b", "x\x07"}.text() ==
      R"(a\nb\xff.json: record 1 at byte 2, $.\x1b: x\x07 (not_json); correct it; {"on_error":"skip"} leaves it out)");
}

TEST_CASE("a message quotes the beginning and the end of a long path") {
  const std::string fits(most_quoted, 'x');
  CHECK(quoted_path(fits) == fits);
  const std::string path = "/exports/" + std::string(4096, 'x') + "/day.json";
  const std::string quoted = quoted_path(path);
  CHECK(quoted.size() <= most_quoted);
  CHECK(quoted.starts_with("/exports/xxx"));
  CHECK(quoted.find("xxx...xxx") != quoted.npos);
  CHECK(quoted.ends_with("xxx/day.json"));
  // No character is cut in two.
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string phones(shift, 'x');
    for (int i = 0; i < 100; ++i) phones += "\xf0\x9f\x93\x9e";
    CHECK(is_plain(quoted_path(phones)));
  }
  CHECK(Problem{ProblemCode::missing_file, path, 0, 0, {}, "there is none"}.text(
            Problem::Skipping::impossible) ==
        quoted + ": there is none (missing_file); check the path");
}

TEST_SUITE_BEGIN("random");

TEST_CASE("whatever is shown is plain, and the same when shown again") {
  MESSAGE("seed " << test::seed());
  std::mt19937 random(test::seed());
  for (int i = 0; i < 20'000; ++i) {
    const std::string bytes = random_bytes(random, 60);
    const std::string text = shown(bytes);
    check_plain(text);
    CHECK(text.size() <= bytes.size() * most_shown);
    CHECK(shown(text) == text);
    CHECK((text == bytes) == is_plain(bytes));
  }
}

TEST_CASE("errors of functions and tables are plain, whatever they are given") {
  MESSAGE("seed " << test::seed());
  std::mt19937 random(test::seed());
  Database database;
  const auto functions =
      database.ask("SELECT name || '/' || max_arguments FROM cdr_functions ORDER BY name").cells;
  const auto tables = database.ask("SELECT name FROM cdr_tables ORDER BY name").cells;
  REQUIRE(functions.size() > 20);
  REQUIRE(tables.size() > 20);
  REQUIRE(database.ask("SELECT cdr_init()").error.empty());
  std::size_t errors = 0;
  const auto look = [&](const std::string& sql, const std::vector<std::string>& arguments) {
    const std::string error = database.ask(sql, arguments).error;
    CAPTURE(sql);
    check_plain(error);
    errors += error.empty() ? 0 : 1;
  };
  // Some arguments are paths. Without '/' and '.' they stay inside an empty folder.
  const test::Folder folder;
  const WorkingFolder inside(folder.path());
  const auto any = [&] {
    std::string bytes = random_bytes(random, 20);
    for (char& c : bytes)
      if (c == '/' || c == '.') c = '_';
    switch (random() % 5) {
      case 0:
        return R"({"on_error":")" + bytes + "\"}";
      case 1:
        return "{\"" + bytes + "\":\"x\"}";
      case 2:
        return "[{" + bytes + "}]";
      case 3:
        return R"([{"dialog_uuid":")" + bytes + R"(","queue":)" + bytes + "}]";
      default:
        return bytes;
    }
  };
  for (int round = 0; round < 20; ++round) {
    for (const std::string& function : functions) {
      const std::size_t slash = function.find('/');
      const int arity = std::stoi(function.substr(slash + 1));
      std::string call = "SELECT " + function.substr(0, slash) + "(";
      std::vector<std::string> arguments;
      for (int i = 0; i < arity; ++i) {
        call += i == 0 ? "?" : ", ?";
        arguments.push_back(any());
      }
      look(call + ")", arguments);
    }
    for (const std::string& table : tables) {
      look("SELECT * FROM " + table + "(?)", {any()});
      look("SELECT * FROM " + table + "(cdr_file(?))", {any()});
      look("SELECT * FROM " + table + "(cdr_file(?, ?))", {any(), any()});
    }
    look("SELECT * FROM cdr_dialog('[]', ?)", {any()});
    for (const char* what : {"customer", "customer_token", "interaction", "before"})
      look("SELECT cdr_erase(?, ?, ?)", {what, any(), any()});
  }
  CHECK(errors > 1000);
}

TEST_CASE("what is wrong with a file is told in plain words, whatever its name and content") {
  MESSAGE("seed " << test::seed());
  std::mt19937 random(test::seed());
  const auto samples = sample_files();
  REQUIRE(samples.size() > 10);
  std::size_t problems = 0, quarantined = 0, errors = 0;
  for (int round = 0; round < 60; ++round) {
    const test::Folder folder;
    // A name can be anything but '/' and NUL.
    std::string name = random_bytes(random, 12);
    std::replace(name.begin(), name.end(), '/', '_');
    const std::string sub = "s" + random_bytes(random, 3);
    std::string path = folder / (sub.find('/') == sub.npos ? sub : "sub");
    std::filesystem::create_directory(path);
    path += "/x" + name + ".json";
    const std::string content = mutated(content_of(samples[random() % samples.size()]), random);
    {
      std::ofstream file(path, std::ios::binary);
      file << content;
      REQUIRE(file.good());
    }
    Database database;
    const std::string listed =
        "SELECT path, code, loses, json_path, message, remedy FROM cdr_problems(";
    for (const auto& answer :
         {database.ask(listed + "cdr_file(?, '{\"on_error\":\"skip\"}'))", {folder.path()}),
          database.ask(listed + "?)", {content})}) {
      check_plain(answer.error);
      for (const std::string& cell : answer.cells) check_plain(cell);
      problems += answer.cells.size();
    }
    const std::string error =
        database.ask("SELECT count(*) FROM interactions(cdr_file(?))", {path}).error;
    check_plain(error);
    errors += error.empty() ? 0 : 1;
    REQUIRE(database.ask("SELECT cdr_init()").error.empty());
    const auto summary = database.ask("SELECT cdr_import(?)", {folder.path()});
    check_plain(summary.error);
    for (const std::string& cell : summary.cells) check_plain(cell);
    REQUIRE(!summary.cells.empty());
    for (const std::string& cell :
         database
             .ask("SELECT value ->> 'path', value ->> 'error' FROM json_each(? -> 'errors')",
                  {summary.cells[0]})
             .cells)
      check_plain(cell);
    for (const char* sql :
         {"SELECT path, json_path, message, remedy FROM quarantine",
          "SELECT path, error FROM import_file", "SELECT * FROM cdr_problems",
          "SELECT check_name FROM (SELECT \"check\" AS check_name FROM cdr_check)"}) {
      const auto answer = database.ask(sql);
      check_plain(answer.error);
      for (const std::string& cell : answer.cells) check_plain(cell);
      if (std::string_view(sql).ends_with("quarantine")) quarantined += answer.cells.size();
    }
  }
  CHECK(problems > 100);
  CHECK(quarantined > 50);
  CHECK(errors > 10);
}

TEST_SUITE_END();
