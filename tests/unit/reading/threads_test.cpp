// Two threads give the same results as one: records, rows, problems and their order.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "facts_dump.hpp"
#include "folder.hpp"
#include "reading/reader.hpp"
#include "seed.hpp"

using namespace cdr;

namespace {

// All output of a reader, in its order.
class Heard : public ProblemSink {
 public:
  void report(const Problem& problem) override { all.push_back(problem.text()); }
  void read(const Source& source, RecordEnds ends, unsigned threads) {
    Reader reader(source, *this, ends, threads);
    while (reader.next()) {
      const RawRecord& raw = reader.raw();
      all.push_back(std::string(raw.file) + ' ' + std::to_string(raw.number) + ' ' +
                    std::to_string(raw.offset) + ' ' + std::string(raw.member) + ' ' +
                    std::string(reader.record().root.raw()));
    }
  }
  std::vector<std::string> all;
};

// Reads in batches of about that many bytes; 0: with one thread.
std::vector<std::string> heard(Source source, RecordEnds ends, std::size_t batch) {
  source.options.threads = batch == 0 ? 1 : 2;
  if (batch != 0) source.options.ahead_bytes = batch;
  Heard heard;
  heard.read(source, ends, source.options.threads);
  return heard.all;
}

void compare(const Source& source) {
  for (const RecordEnds ends : {RecordEnds::exact, RecordEnds::guessed}) {
    const auto expected = heard(source, ends, 0);
    for (const std::size_t batch : {1, 3000, 1 << 20})
      REQUIRE(heard(source, ends, batch) == expected);
  }
}

// The rows of a table, and the error that ends them.
std::vector<std::string> rows(const JsonTable& table, Source source, unsigned threads) {
  source.options.threads = threads;
  source.options.ahead_bytes = 2000;
  std::vector<std::string> texts;
  try {
    const auto stream = table.open(std::make_shared<const Source>(std::move(source)), RowQuery());
    while (stream->next()) {
      std::string& text = texts.emplace_back();
      for (const Value& value : stream->row()) text += test::text_of(value) + '|';
    }
  } catch (const Error& error) {
    texts.emplace_back(error.what());
  }
  return texts;
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string dialog(unsigned id) {
  return R"({"dialog_uuid":"d-)" + std::to_string(id) +
         R"(","dialog_type":"EXTERNAL","note":"\u017c\n","project":{"id":1,"name":"A}{B"},)" +
         R"("talking_time":)" + std::to_string(id) + "}";
}
std::string dialogs(unsigned count) {
  std::string text;
  for (unsigned i = 0; i < count; ++i) text += dialog(i) + '\n';
  return text;
}

}  // namespace

TEST_CASE("threads: each file of the samples and of the bad input") {
  for (const char* const folder : {CDR_SAMPLES, CDR_SAMPLES "/../tests/golden/bad"})
    for (const std::string& file : files_below(folder)) {
      CAPTURE(file);
      Source source;
      source.is_content = false;
      source.paths = {file};
      source.named = file;
      compare(source);
    }
}

TEST_CASE("threads: all files at once, and the rows of every table") {
  for (const auto on_error :
       {SourceOptions::OnError::fail, SourceOptions::OnError::skip, SourceOptions::OnError::strict})
    for (const char* const folder : {CDR_SAMPLES, CDR_SAMPLES "/../tests/golden/bad"}) {
      Source source = test::files(folder);
      source.options.on_error = on_error;
      if (on_error == SourceOptions::OnError::fail) compare(source);
      for (const JsonTable& table : json_tables()) {
        CAPTURE(table.table.name);
        REQUIRE(rows(table, source, 2) == rows(table, source, 1));
      }
    }
}

TEST_CASE("threads: input that was damaged" * doctest::test_suite("random")) {
  const unsigned seed = test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  static constexpr std::string_view damage = "{}[]\",:\\\n \r x1\xff";
  for (int round = 0; round < 400; ++round) {
    std::string text = dialogs(1 + random() % 40);
    if (random() % 4 == 0) text = "[" + text + "]";
    for (unsigned i = random() % 4; i-- > 0;) {
      const std::size_t at = random() % text.size();
      if (random() % 2)
        text[at] = damage[random() % damage.size()];
      else
        text.erase(at, 1 + random() % 30);
      if (text.empty()) text = "{";
    }
    CAPTURE(text);
    const Source source = test::content(text);
    compare(source);
    for (const JsonTable& table : json_tables())
      if (table.model == Model::dialogs || table.model == Model::interactions)
        REQUIRE(rows(table, source, 2) == rows(table, source, 1));
  }
}

TEST_CASE("threads: whoever stops early, or is stopped, leaves no thread behind") {
  Source source = test::content(dialogs(20'000));
  source.options.threads = 2;
  Heard heard;
  for (unsigned count = 0; count < 5000; count = count * 3 + 1) {
    Reader reader(source, heard, RecordEnds::guessed, 2);
    for (unsigned i = 0; i < count; ++i) REQUIRE(reader.next());
  }
  CHECK(heard.all.empty());

  class Host : public StopCheck {
   public:
    explicit Host(int left) : left_(left) {}
    void check() override {
      if (left_-- == 0) throw Stopped();
    }

   private:
    int left_;
  };
  for (int left = 0; left < 40; ++left) {
    Host host(left);
    const StopScope scope(host);
    Reader reader(source, heard, RecordEnds::guessed, 2);
    const auto read_all = [&] {
      while (reader.next()) {
      }
    };
    CHECK_THROWS_AS(read_all(), Stopped);
  }
}

TEST_CASE("threads: a file that changes before a fault is found in it is said to have changed") {
  const test::Folder folder;
  Source source;
  source.is_content = false;
  source.paths = {folder.write("a.ndjson", dialogs(50) + R"({"dialog_uuid":"x",})" + '\n')};
  source.named = source.paths.front();
  source.options.threads = 2;
  Heard problems;
  Reader reader(source, problems, RecordEnds::guessed, 2);
  for (int i = 0; i < 50; ++i) REQUIRE(reader.next());
  folder.write("a.ndjson", dialogs(20));
  CHECK_THROWS_WITH_AS(reader.next(),
                       (source.named + " changed while it was read: run the query again").c_str(),
                       Error);
}

TEST_CASE("threads: as many as are asked for, and allowed") {
  SourceOptions options;
  CHECK(count_threads(options) >= 1);
  CHECK(count_threads(options) <= 2);
  options.threads = 1;
  CHECK(count_threads(options) == 1);
  options.threads = 2;
  CHECK(count_threads(options) == 2);
  ::setenv("CDR_THREADS", "1", 1);
  CHECK(count_threads(options) == 1);
  CHECK(count_threads({}) == 1);
  ::setenv("CDR_THREADS", "2", 1);
  CHECK(count_threads(options) == 2);
  ::unsetenv("CDR_THREADS");
}
