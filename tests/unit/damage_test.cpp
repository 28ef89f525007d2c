// The samples, damaged at random: whatever the bytes are, all tables read to the end, every record
// is counted once, and every cell is a valid SQL value.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "../fuzz/everything.hpp"
#include "seed.hpp"

namespace {

// The beginning of every sample: enough for a few records of each kind.
std::vector<std::string> samples() {
  constexpr std::size_t enough = 6000;
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(CDR_SAMPLES)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.ends_with(".md") || name.ends_with("pp")) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    text.resize(std::min(text.size(), enough));
    texts.push_back(std::move(text));
  }
  std::sort(texts.begin(), texts.end());  // the order depends only on the seed
  return texts;
}

class Damage {
 public:
  explicit Damage(std::mt19937& random) : random_(random) {}

  void hurt(std::string& text) {
    if (text.empty()) return;
    const std::size_t at = pick(text.size());
    switch (pick(8)) {
      case 0:  // a bit
        text[at] = static_cast<char>(text[at] ^ (1 << pick(8)));
        break;
      case 1:  // a byte with a meaning in JSON
        text[at] = special();
        break;
      case 2:
        text.insert(at, 1, special());
        break;
      case 3:
        text.erase(at, 1 + pick(20));
        break;
      case 4:  // a copy of a piece, elsewhere
        text.insert(pick(text.size()), text.substr(at, 1 + pick(400)));
        break;
      case 5:  // an odd value
        text.insert(after(text, ':', at), odd());
        break;
      case 6:  // one value in place of another
        replace_value(text, at);
        break;
      default:
        text.resize(at);
        break;
    }
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  char special() {
    using namespace std::string_view_literals;  // keeps the NUL, and counts by itself
    static constexpr auto bytes = "{}[]\",:\\\n\r \0\x80\xc3\xed\xff\x1e-+.eE019tfnu"sv;
    return bytes[pick(bytes.size())];
  }
  std::string odd() {
    static const std::vector<std::string> values = {"null",
                                                    "true",
                                                    "-1",
                                                    "0",
                                                    "1e308",
                                                    "9223372036854775807",
                                                    "-9223372036854775808",
                                                    "0.5",
                                                    "\"\"",
                                                    "{}",
                                                    "[]",
                                                    "[null]",
                                                    "[{}]",
                                                    "{\"a\":[1]}",
                                                    "\"2024-02-30 10:00:00\"",
                                                    "\"2024-03-31 02:30:00\"",
                                                    "253402300799999",
                                                    "\"PT1M\"",
                                                    "\"\\ud83d\\ude00\"",
                                                    "\"9999-12-31 23:59:59\"",
                                                    "\"0001-01-01 00:00:00\""};
    return values[pick(values.size())];
  }
  static std::size_t after(const std::string& text, char mark, std::size_t from) {
    const std::size_t at = text.find(mark, from);
    return at == text.npos ? text.size() : at + 1;
  }
  void replace_value(std::string& text, std::size_t from) {
    const std::size_t begin = after(text, ':', from);
    const std::size_t end = text.find_first_of(",}]", begin);
    if (end != text.npos) text.replace(begin, end - begin, odd());
  }

  std::mt19937& random_;
};

}  // namespace

TEST_CASE("damaged samples: all tables read on, and every record is counted once" *
          doctest::test_suite("random")) {
  const auto seed = cdr::test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  Damage damage(random);
  const std::vector<std::string> texts = samples();
  REQUIRE(texts.size() > 20);
  for (const std::string& text : texts) CHECK(cdr::test::fault_of(text) == "");
  CHECK(cdr::test::fault_of(R"({"data":null}{"data":null}{)") == "");
  for (int round = 0; round < 300; ++round) {
    std::string text = texts[random() % texts.size()];
    for (std::size_t count = 1 + random() % 6; count > 0; --count) damage.hurt(text);
    const std::string fault = cdr::test::fault_of(text, round % 2 == 0 ? "UTC" : "Europe/Prague");
    INFO(text);
    REQUIRE(fault == "");
  }
}

TEST_CASE("what ends behind the year 9999 has no end") {
  for (
      const char* const record : {
          R"({"AgentId":"a","State":"Ready","StateCode":"","StartTime":253402300799999,"Duration":20})",
          R"({"ContactId":"c","IvrTime":1,"StartTime":253402300799999,"Duration":20})",
          R"({"ContactId":"c","IvrTime":1,"StartTime":1532458000000,"Duration":1e308})",
          R"({"ContactId":"c","IvrTime":1,"StartTime":1532458000000,"Recordings":[{"StartTime":253402300799999,"Duration":1e300}]})",
          R"({"id":1,"companyId":7,"channel":"Phone","created":"2024-05-02T16:00:00Z","recordings":[{"id":1,"started":"9999-12-31T23:59:59Z","duration":"PT9H"}]})",
      }) {
    CAPTURE(record);
    CHECK(cdr::test::fault_of(record) == "");
  }
}
