// The input side of src/json: bytes, paths, scanning and framing.
// NOLINTBEGIN(performance-inefficient-string-concatenation): inputs are written in reading order.
// NOLINTBEGIN(bugprone-string-constructor,bugprone-implicit-widening-of-multiplication-result):
// large inputs are intended.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/text.hpp"
#include "folder.hpp"
#include "json/document/document.hpp"
#include "json/document/problem.hpp"
#include "json/document/scan.hpp"
#include "json/input/bytes.hpp"
#include "json/input/file.hpp"
#include "json/input/framer.hpp"
#include "json/input/source.hpp"
#include "seed.hpp"

namespace {

using cdr::Framer;
using cdr::FramingRules;
using cdr::ProblemCode;
using cdr::test::Folder;

// ---- A vendor's world in miniature

FramingRules::Role role_of(std::string_view key) {
  for (const char* name : {"dialog_uuid", "ContactId"})
    if (key == name) return FramingRules::Role::record;
  for (const char* name : {"data", "Data", "List", "CallDetailRecords", "CallDetailRecord"})
    if (key == name) return FramingRules::Role::envelope;
  return FramingRules::Role::unknown;
}
bool is_keyed(std::string_view object) {
  return object.find("\"campaign\"") != object.npos;
}
bool read_line(std::string_view line, std::string& json) {
  if (std::count(line.begin(), line.end(), ';') < 3) return false;
  json = "{\"line\":";
  cdr::append_json_string(json, line);
  json += '}';
  return true;
}
constexpr FramingRules rules{role_of, is_keyed, read_line};

struct Problems : cdr::ProblemSink {
  std::vector<cdr::Problem> all;
  void report(const cdr::Problem& problem) override { all.push_back(problem); }
};

// Returns its bytes in portions of one size.
class Portions : public cdr::ByteStream {
 public:
  Portions(std::string_view bytes, std::size_t portion) : bytes_(bytes), portion_(portion) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t count = bytes_.copy(to, std::min(size, portion_));
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  std::size_t portion_;
};

std::string line_of(const cdr::Problem& problem) {
  return "! " + std::string(cdr::problem_kind(problem.code).name) + " #" +
         std::to_string(problem.record) + " @" + std::to_string(problem.offset);
}

// A record that a parser would refuse; the tests mark these with BAD.
bool looks_broken(std::string_view record) {
  return record.find("BAD") != record.npos;
}

// All output of a framer, one line each, in order.
std::string all_of(Framer& framer, Problems& problems) {
  std::string said;
  std::size_t told = 0;
  const auto tell = [&] {
    for (; told < problems.all.size(); ++told) said += line_of(problems.all[told]) + '\n';
  };
  while (framer.next()) {
    tell();
    const cdr::RawRecord& record = framer.record();
    said += '#' + std::to_string(record.number) + " @" + std::to_string(record.offset) + ' ';
    if (!record.member.empty()) said += '[' + std::string(record.member) + "] ";
    said += std::string(record.bytes) + '\n';
    // The padding must be readable.
    volatile char sink = 0;
    for (std::size_t i = 0; i < cdr::padding; ++i)
      sink = record.bytes.data()[record.bytes.size() + i];
    (void)sink;
    if (looks_broken(record.bytes)) framer.resynchronise();
  }
  tell();
  return said;
}

std::string framed(std::string_view text, std::size_t portion = 1 << 20) {
  Problems problems;
  Framer framer(rules, problems);
  framer.open(std::make_unique<Portions>(text, portion), "test");
  return all_of(framer, problems);
}

// Expects the same at every read size that could matter.
void expect(std::string_view text, const std::string& expected) {
  CAPTURE(text);
  REQUIRE(framed(text) == expected);
  for (std::size_t portion : {1, 2, 3, 5, 7, 16, 61, 64, 65, 127}) {
    CAPTURE(portion);
    CHECK(framed(text, portion) == expected);
  }
}

const std::string a = R"({"dialog_uuid":"a","n":1})";
const std::string b = R"({"dialog_uuid":"b","n":[2,{"x":"}"}]})";
const std::string c = R"({"n":3,"dialog_uuid":"c"})";

std::string record(int number, std::size_t offset, std::string_view bytes) {
  return '#' + std::to_string(number) + " @" + std::to_string(offset) + ' ' + std::string(bytes) +
         '\n';
}
std::string bad(const char* code, int number, std::size_t offset) {
  return std::string("! ") + code + " #" + std::to_string(number) + " @" + std::to_string(offset) +
         '\n';
}

std::string lines(std::initializer_list<std::string_view> all) {
  std::string text;
  for (const std::string_view line : all) text.append(line).append("\n");
  return text;
}

// The expected output for `records`, at their positions in `text`, in order.
std::string records_in(std::string_view text, std::initializer_list<std::string_view> records) {
  std::string said;
  std::size_t at = 0;
  int number = 0;
  for (const std::string_view wanted : records) {
    at = text.find(wanted, at);
    REQUIRE(at != text.npos);
    said += record(++number, at, wanted);
    at += wanted.size();
  }
  return said;
}
void expect_records(std::string_view text, std::initializer_list<std::string_view> records) {
  expect(text, records_in(text, records));
}

// ---- Files

std::string gz(std::string_view text, int level = 6) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zst(std::string_view text, int level = 3) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);  // as the zstd program does
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), packed.data(), packed.size(), text.data(), text.size());
  REQUIRE(ZSTD_isError(size) == 0);
  packed.resize(size);
  return packed;
}

// The bytes that can be read, and the code of the error that ended the reading, or "".
struct Read {
  std::string bytes;
  std::string code;
};
Read read_all(const std::function<std::unique_ptr<cdr::ByteStream>()>& open, std::size_t portion) {
  Read read;
  try {
    const auto stream = open();
    std::string part(portion, '\0');
    while (const std::size_t got = stream->read(part.data(), part.size()))
      read.bytes.append(part, 0, got);
  } catch (const cdr::ReadFailure& failure) {
    CHECK(!failure.message.empty());
    read.code = cdr::problem_kind(failure.code).name;
  }
  return read;
}
Read read_bytes(std::string_view bytes, std::size_t portion = 1000) {
  return read_all([&] { return cdr::memory_bytes(bytes); }, portion);
}
std::string code_of_opening(const std::string& path) {
  return read_all([&] { return cdr::open_bytes(path); }, 1000).code;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += R"({"dialog_uuid":"d-)" + std::to_string(i) + R"(","note":"line )" +
            std::to_string(i * 7919) + "\"}\n";
  return text;
}

std::string everything(const cdr::Source& source) {
  Problems problems;
  cdr::RecordReader reader(source, rules, problems);
  std::string said;
  std::size_t told = 0;
  const auto tell = [&] {
    for (; told < problems.all.size(); ++told) {
      const auto& problem = problems.all[told];
      said +=
          std::filesystem::path(problem.file).filename().string() + ' ' + line_of(problem) + '\n';
    }
  };
  while (reader.next()) {
    tell();
    const auto& read = reader.record();
    said += std::filesystem::path(read.file).filename().string() + " #" +
            std::to_string(read.number) + ' ' + std::string(read.bytes) + '\n';
  }
  tell();
  return said;
}

cdr::Source files(std::vector<std::string> paths) {
  cdr::Source source;
  source.is_content = false;
  source.paths = std::move(paths);
  return source;
}

}  // namespace

TEST_CASE("problem kinds are named as the enum's identifiers") {
  CHECK(cdr::problem_kind(ProblemCode::missing_file).name == "missing_file");
  CHECK(cdr::problem_kind(ProblemCode::ratio).name == "ratio");
  CHECK(cdr::problem_kind(ProblemCode::not_json).name == "not_json");
  CHECK(cdr::problem_kind(ProblemCode::ambiguous_time).name == "ambiguous_time");
  CHECK(cdr::problem_kind(ProblemCode::bad_compression).loses == cdr::ProblemKind::Loses::file);
  CHECK(cdr::problem_kind(ProblemCode::truncated).loses == cdr::ProblemKind::Loses::record);
  CHECK(cdr::problem_kind(ProblemCode::bad_value).loses == cdr::ProblemKind::Loses::nothing);
  for (int code = 0; code <= static_cast<int>(ProblemCode::link_not_followed); ++code)
    CHECK(!cdr::problem_kind(static_cast<ProblemCode>(code)).remedy.empty());
}

TEST_CASE("a problem's text says where, what and what to do") {
  const std::string remedy(cdr::problem_kind(ProblemCode::too_large).remedy);
  cdr::Problem problem{
      ProblemCode::too_large, "day.json", 3, 120, "", "the record is longer than 16 MiB"};
  CHECK(problem.text() ==
        "day.json: record 3 at byte 120: the record is longer than 16 MiB (too_large); " + remedy +
            "; {\"on_error\":\"skip\"} leaves it out");
  problem.path = "$.note";
  CHECK(problem.text().starts_with("day.json: record 3 at byte 120, $.note: the record"));
  problem = {ProblemCode::missing_file, "day.json", 0, 0, "", "no such file"};
  CHECK(problem.text() ==
        "day.json: no such file (missing_file); check the path; "
        "{\"on_error\":\"skip\"} leaves it out");
  CHECK(problem.loses() == cdr::ProblemKind::Loses::file);
  problem = {ProblemCode::not_json, "day.csv", 0, 0, "", "expected an object"};
  CHECK(problem.loses() == cdr::ProblemKind::Loses::file);
  problem.record = 1;
  CHECK(problem.loses() == cdr::ProblemKind::Loses::record);
  // Options belong to files, and 'strict' turns a value's problem into an error.
  problem.file = cdr::content_name;
  CHECK(problem.text() ==
        "argument: record 1 at byte 0: expected an object (not_json); correct it");
  problem = {ProblemCode::bad_value, "day.json", 2, 9, "$.a", "the value is not a number"};
  CHECK(problem.text().ends_with("(bad_value); without \"strict\" the value is kept in extra"));
  problem = {ProblemCode::bad_compression, "day.json.gz", 0, 77, "", "damaged"};
  CHECK(problem.text().starts_with("day.json.gz: at byte 77: damaged (bad_compression); "));
}

TEST_CASE("framing: objects, arrays, lines and what follows each other") {
  expect_records(a, {a});
  expect_records("  \r\n\t" + a + " \n", {a});
  expect_records('[' + a + ',' + b + " ,\n" + c + "]\n", {a, b, c});
  expect_records("[\n  " + a + ",\n  " + b + "\n]", {a, b});
  expect_records(a + '\n' + b + '\n' + c + '\n', {a, b, c});
  expect_records(a + "\r\n\r\n  \r\n" + b + "\r\n", {a, b});
  expect_records(a + b + c, {a, b, c});
  expect_records('[' + a + "][" + b + "]\n[" + c + ']', {a, b, c});
  expect_records("\xef\xbb\xbf" + a + '\n' + b, {a, b});
  expect_records("\xef\xbb\xbf" + a + "\n\xef\xbb\xbf" + b, {a, b});
  expect_records("[]", {});
  expect_records("[]\n" + a + "[ ]", {a});
  expect_records("{}", {"{}"});
  expect_records("[{}, { } ]", {"{}", "{ }"});
  // No key decides: a record that no vendor will recognise.
  expect_records(R"({"x":1,"y":[{"dialog_uuid":"no"}],"z":"\"}"} )",
                 {R"({"x":1,"y":[{"dialog_uuid":"no"}],"z":"\"}"})"});
  // With and without white space.
  expect_records("{ \"x\" : -1.5e3 , \"y\" : null }", {"{ \"x\" : -1.5e3 , \"y\" : null }"});
}

TEST_CASE("framing: envelopes") {
  expect_records("{\"data\":[" + a + ',' + b + "]}", {a, b});
  expect_records("{\"data\":[]}", {});
  expect_records("{\"data\":[" + a + "]}\n{\"data\":[" + b + "]}{\"data\":" + c + '}', {a, b, c});
  expect_records(
      "{ \"Code\" : \"OK\", \"HttpStatusCode\":200, \"Data\" : { \"PageNumber\":1, \"List\":[ " +
          a + " , " + b + " ], \"TotalCount\":2 }, \"RequestId\":\"x\" }",
      {a, b});
  const std::string call = R"({"ContactId":"job-1","AgentEvents":[{"data":[]}]})";
  expect_records("{\"Code\":\"OK\",\"Data\":" + call + ",\"Message\":\"\"}", {call});
  expect_records("{\"Data\":[" + call + "]}", {call});
  expect_records(
      "{\"CallDetailRecords\":{\"List\":{\"CallDetailRecord\":[" + call + ',' + call + "]}}}",
      {call, call});
  expect_records("{\"eventType\":\"SESSION\",\"data\":" + c +
                     "}\n{\"eventType\":\"SESSION\",\"data\":" + a + '}',
                 {c, a});
  expect_records(
      "[{\"eventType\":\"SESSION\",\"data\":" + c + "},{\"data\":[" + a + "]}," + b + ']',
      {c, a, b});
  // Several lists in one object, scalars under an envelope key, and other objects beside them.
  expect_records(
      "{\"data\":[" + a + "],\"x\":{\"y\":[1,{}]},\"List\":[" + b + "],\"Data\":" + c + '}',
      {a, b, c});
  const std::string task = R"({"calldate":null,"data":"idcustomer=7","bulk":true})";
  expect_records(task, {task});
  // A page whose envelope holds no deciding key.
  expect_records(R"({"limit":1,"data":[{"userId":1},{"userId":2}]})",
                 {R"({"userId":1})", R"({"userId":2})"});
  // An escaped key is the same key.
  expect_records("{\"d\\u0061ta\":[" + a + "]}", {a});
}

TEST_CASE("framing: objects keyed by name") {
  const std::string power = R"({"campaign":"Power<-","logged":0})";
  const std::string agent = R"({"queue":"test->","location":"SIP/1010"})";
  expect("{ \"Power<-\" : " + power + ", \"SIP\\/1010\\n\\u00e9\\ud83d\\ude00\\q\":" + agent + "}",
         "#1 @14 [Power<-] " + power + "\n#2 @" + std::to_string(14 + power.size() + 36) +
             " [SIP/1010\n\xc3\xa9\xf0\x9f\x98\x80\\q] " + agent + '\n');
  expect("{\"Power<-\":" + power + ",\"n\":1,\"x\":" + agent + '}',
         "#1 @11 [Power<-] " + power + "\n" + bad("not_json", 2, 11 + power.size() + 5) + "#3 @" +
             std::to_string(11 + power.size() + 11) + " [x] " + agent + '\n');
  // Only the first value counts.
  const std::string plain = "{\"n\":1,\"Power<-\":" + power + '}';
  expect_records(plain, {plain});
}

TEST_CASE("framing: text lines of a vendor") {
  const auto json = [](std::string_view line) {
    return "{\"line\":\"" + std::string(line) + "\"}";
  };
  expect("camp;1;a=b;2\r\n\r\nnot such a line\n  camp;2;;;9;1001\n",
         record(1, 0, json("camp;1;a=b;2")) + bad("not_json", 2, 16) +
             record(3, 34, json("camp;2;;;9;1001")));
  expect("camp;1;a=b;2", record(1, 0, json("camp;1;a=b;2")));
  expect("just a text\ncamp;1;a=b;2\n", bad("not_json", 0, 0));
}

TEST_CASE("framing: what is no record") {
  expect("", bad("empty_file", 0, 0));
  expect(" \r\n\t ", bad("empty_file", 0, 0));
  expect("\xef\xbb\xbf", bad("empty_file", 0, 0));
  for (const char* scalar :
       {"42", "\"x\"", "null", "true", "-", "'a'", "\x1e{}", ",", ":", "]", "\x80"})
    expect(scalar, bad("not_json", 0, 0));
  for (const char* other : {"<html>", "<?xml", "a;b;c\n1;2;3", "id,from,to\n", "%PDF-1.4", "BZh91"})
    expect(other, bad("other_format", 0, 0));
  // Other text before it affects only itself.
  expect("// x\n{}", bad("not_json", 1, 0) + record(2, 5, "{}"));
  expect("id,name\n1,x\n\n  [" + a + "]\nx",
         bad("not_json", 1, 0) + record(2, 16, a) + bad("not_json", 3, 16 + a.size() + 2));
  expect(std::string_view("\xff\xfe{\0}\0", 6), bad("bad_utf8", 0, 0));
  expect(std::string_view("\xfe\xff\0{\0}", 6), bad("bad_utf8", 0, 0));
  expect(std::string_view("{\0}\0", 4), bad("bad_utf8", 0, 0));
  expect(std::string_view("\0{\0}", 4), bad("bad_utf8", 0, 0));
  // Elements that are not objects: each is a problem of its own.
  expect("[1, \"x,]\", null, [[{}],2], " + a + ", true]",
         bad("not_json", 1, 1) + bad("not_json", 2, 4) + bad("not_json", 3, 11) +
             record(4, 19, "{}") + bad("not_json", 5, 23) + record(6, 27, a) +
             bad("not_json", 7, 27 + a.size() + 2));
  // Lines of other text between lines of JSON.
  expect(a + "\ngarbage {\"x\":1}\n" + b + "\n42\n\x1e" + c + '\n' + c,
         record(1, 0, a) + bad("not_json", 2, a.size() + 1) + record(3, a.size() + 17, b) +
             bad("not_json", 4, a.size() + b.size() + 18) +
             bad("not_json", 5, a.size() + b.size() + 21) +
             record(6, a.size() + b.size() + c.size() + 23, c));
}

TEST_CASE("framing: separators") {
  const std::size_t n = a.size();
  expect('[' + a + ' ' + b + ']',
         record(1, 1, a) + bad("not_json", 2, n + 2) + record(3, n + 2, b));
  expect('[' + a + ",]", record(1, 1, a) + bad("not_json", 2, n + 2));
  expect("[," + a + ']', bad("not_json", 1, 1) + record(2, 2, a));
  expect('[' + a + ",,," + b + ']',
         record(1, 1, a) + bad("not_json", 2, n + 2) + record(3, n + 4, b));
  expect('[' + a + "},{}]", record(1, 1, a) + bad("not_json", 2, n + 1) + record(3, n + 3, "{}"));
  expect('[' + a, record(1, 1, a) + bad("truncated", 2, n + 1));
  expect("{\"data\":[" + a + "}\n" + b,
         record(1, 9, a) + bad("not_json", 2, n + 9) + record(3, n + 11, b));
  expect("{\"data\":[" + a + "], \"x\" 1, \"y\":2 3}",
         record(1, 9, a) + bad("not_json", 2, n + 16) + bad("not_json", 3, n + 25));
  expect(a + ",\n" + b + "]]}\n" + c,
         record(1, 0, a) + bad("not_json", 2, n) + record(3, n + 2, b) +
             bad("not_json", 4, n + b.size() + 2) + record(5, n + b.size() + 6, c));
  expect("{\"data\":[" + a + "]\n{\"data\":[" + b + "]}",
         record(1, 9, a) + bad("not_json", 2, n + 11) + record(3, n + 20, b));
}

TEST_CASE("framing: objects that are not JSON are given out, for the parser to refuse") {
  for (const std::string broken :
       {R"({"a" 1})", R"({"a":1,})", R"({a:1})", R"({"a":1 "b":2})", R"({'a':1})", R"({"a":})",
        R"({,})", R"({"a":,"b":1})", R"({"a":NaN,"b":+1,"c":.5})", R"({"a":tru})", R"({"a":1])"})
    expect_records(lines({broken, a}), {broken, a});
}

TEST_CASE("framing: a broken line costs that line only") {
  const std::size_t n = a.size() + 1;
  for (const std::string broken :
       {R"({"dialog_uuid":"x)", R"({"dialog_uuid":"x","n":{"y":1})", R"({"n":[1,2)", R"({"n":"\)",
        R"({"n)", R"({"n":{"y)", "{", R"({"n":1,)", R"({"dialog_uuid":"x","n":)"}) {
    CAPTURE(broken);
    expect(lines({a, broken, b, c, a}),
           record(1, 0, a) + bad("not_json", 2, n) + record(3, n + broken.size() + 1, b) +
               record(4, n + broken.size() + b.size() + 2, c) +
               record(5, n + broken.size() + b.size() + c.size() + 3, a));
    // The same line at the end.
    expect(a + '\n' + broken, record(1, 0, a) + bad("truncated", 2, n));
    expect(lines({a, broken}), record(1, 0, a) + bad("truncated", 2, n));
    // As an array element on a line of its own. (Brackets that happen to be balanced again are
    // tested below.)
    if (broken.back() != ',' && broken.back() != ':')
      expect("[\n" + broken + "\n" + b + "\n]",
             bad("not_json", 1, 2) + record(2, broken.size() + 3, b));
    // In pages, one per line.
    expect("{\"data\":[" + broken + "\n{\"data\":[" + b + "]}\n{\"data\":[" + c + "]}\n",
           bad("not_json", 1, 9) + record(2, broken.size() + 19, b) +
               record(3, broken.size() + b.size() + 31, c));
  }
  // A line feed inside a string is not JSON, but if no record begins after it, it damages only this
  // record.
  const std::string folded = "{\"dialog_uuid\":\"x\ny\"}";
  expect_records(folded + '\n' + a, {folded, a});
}

TEST_CASE("framing: brackets that hide their neighbours") {
  // The brackets happen to be balanced; the parser refuses the whole, and then the neighbours are
  // found separately.
  const std::string broken = R"({"dialog_uuid":"BAD","n":{"y":1},)";
  const std::string text = "[" + a + ",\n" + broken + '\n' + b + ",\n" + c + "]\n" + a;
  const std::size_t begin = a.size() + 3;
  const std::string swallowed = text.substr(begin, text.rfind(']') + 1 - begin);
  const std::size_t second = begin + broken.size() + 1;
  expect(text, record(1, 1, a) + record(2, begin, swallowed) + record(3, second, b) +
                   record(4, second + b.size() + 2, c) + record(5, text.size() - a.size(), a));
  // Also on one line.
  const std::string flat = "[" + a + ',' + broken + b + ']';
  expect(flat, record(1, 1, a) + record(2, a.size() + 2, flat.substr(a.size() + 2)) +
                   record(3, a.size() + 2 + broken.size(), b));
  for (const std::string cut : {R"({"n":"BAD",)", R"({"n":"BAD","m":)"}) {
    const std::string rest = cut + '\n' + b + "\n]";
    expect("[\n" + rest, record(1, 2, rest) + record(2, cut.size() + 3, b));
  }
  // A bracket of the wrong kind still closes the array.
  const std::string unclosed = R"({"n":"BAD")";
  expect("[" + unclosed + "]\n" + a + '\n',
         record(1, 1, unclosed + ']') + record(2, unclosed.size() + 3, a));
  // Without evidence, the lines of a refused record are not treated as records.
  const std::string nested = "{\"dialog_uuid\":\"BAD\",\"list\":[\n{\"a\":1},\n{\"b\":2}\n]}";
  expect_records(nested + '\n' + a, {nested, a});
}

TEST_CASE("framing: too large") {
  const std::string big(cdr::max_record_bytes, 'x');
  const std::string large = R"({"dialog_uuid":")" + big + "\"}";
  const std::string just = R"({"dialog_uuid":")" + big.substr(0, big.size() - 18) + "\"}";
  REQUIRE(just.size() == cdr::max_record_bytes);
  CHECK(framed(just + a) == record(1, 0, just) + record(2, just.size(), a));
  const std::string undecided = R"({"note":")" + big + "\"}";
  const std::string page = "{\"data\":[" + a + "],\"note\":\"" + big + "\",\"List\":[" + b + "]}";
  const std::string text_line = "camp;1;2;" + big;
  for (const std::size_t portion : {std::size_t{1} << 20, std::size_t{4099}}) {
    CAPTURE(portion);
    CHECK(framed(a + '\n' + large + '\n' + b, portion) ==
          record(1, 0, a) + bad("too_large", 2, a.size() + 1) +
              record(3, a.size() + large.size() + 2, b));
    CHECK(framed('[' + a + ',' + large + ',' + b + ']', portion) ==
          record(1, 1, a) + bad("too_large", 2, a.size() + 2) +
              record(3, a.size() + large.size() + 3, b));
    // Undecided so far, and incomplete.
    CHECK(framed(undecided + a, portion) ==
          bad("too_large", 1, 0) + record(2, undecided.size(), a));
    CHECK(framed(R"({"note":")" + big, portion) == bad("too_large", 1, 0));
    // An envelope is not a record, whatever its size.
    CHECK(framed(page, portion) == record(1, 9, a) + record(2, page.size() - b.size() - 2, b));
    CHECK(framed("camp;1;a=b;2\n" + text_line + "\ncamp;;;\n", portion) ==
          record(1, 0, R"({"line":"camp;1;a=b;2"})") + bad("too_large", 2, 13) +
              record(3, 14 + text_line.size(), R"({"line":"camp;;;"})"));
  }
}

TEST_CASE(
    "framing: a record without its bracket costs nobody else, even where it swallows 16 MiB") {
  const std::string line = R"({"dialog_uuid":"d-1","note":")" + std::string(100'000, 'n') + "\"}";
  std::string text = "[\n{\"dialog_uuid\":\"x\",\"n\":{\"y\":1}";
  constexpr std::uint64_t count = 250;
  for (std::uint64_t i = 0; i < count; ++i) text += ",\n" + line;
  text += "\n]\n" + a;
  Problems problems;
  Framer framer(rules, problems);
  framer.open(std::make_unique<Portions>(text, 1 << 20), "test");
  std::uint64_t seen = 0;
  std::string last;
  while (framer.next()) {
    ++seen;
    last = framer.record().bytes;
  }
  CHECK(seen == count + 1);
  CHECK(last == a);
  REQUIRE(problems.all.size() == 1);
  CHECK(line_of(problems.all[0]) + '\n' == bad("too_large", 1, 2));
}

TEST_CASE("framing: depth costs neither stack nor memory") {
  Problems problems;
  Framer framer(rules, problems);
  const std::string brackets(20'000'000, '[');
  framer.open(std::make_unique<Portions>(brackets, 100'000), "test");
  CHECK(all_of(framer, problems) == bad("not_json", 1, 64) + bad("truncated", 2, 64));
  CHECK(framer.capacity() < 1'000'000);

  const std::string braces(20'000'000, '{');
  problems.all.clear();
  framer.open(std::make_unique<Portions>(braces, 100'000), "test");
  CHECK(all_of(framer, problems) == bad("too_large", 1, 0));

  std::string envelopes;
  for (int i = 0; i < 100; ++i) envelopes += "{\"data\":";
  const std::string deep = envelopes + a + std::string(100, '}') + '\n' + b;
  expect(deep, bad("too_deep", 1, 63 * 8) + record(2, deep.size() - b.size(), b));
}

TEST_CASE("framing: what never ends does not take quadratic time") {
  // Every line looks like the beginning of a record: without a limit on rereading this takes hours.
  std::string lines;
  while (lines.size() < 24'000'000) lines += "{\"x\":\n";
  Problems problems;
  Framer framer(rules, problems);
  framer.open(std::make_unique<Portions>(lines, 1 << 20), "test");
  while (framer.next()) {
  }
  CHECK(!problems.all.empty());
  CHECK(problems.all.size() < 1000);
}

namespace {

// A long stream of records, generated during reading.
class Endless : public cdr::ByteStream {
 public:
  explicit Endless(std::uint64_t size) : left_(size) {}
  std::size_t read(char* to, std::size_t size) override {
    // Portions that may end anywhere in a record.
    const std::size_t wanted = std::min(size, line_.size() - next_);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, left_));
    line_.copy(to, count, next_);
    next_ = (next_ + count) % line_.size();
    left_ -= count;
    return count;
  }
  std::size_t line_size() const { return line_.size(); }

 private:
  std::string line_ = R"({"dialog_uuid":"d-1","note":")" + std::string(1800, 'n') + "\"}\n";
  std::uint64_t left_;
  std::size_t next_ = 0;
};

}  // namespace

TEST_CASE("framing: memory stays as it is, whatever the size of the stream") {
  auto stream = std::make_unique<Endless>(0);
  const std::uint64_t count = 100'000;  // 183 MB
  stream = std::make_unique<Endless>(count * stream->line_size());
  Problems problems;
  Framer framer(rules, problems);
  framer.open(std::move(stream), "test");
  std::uint64_t seen = 0;
  while (framer.next()) ++seen;
  CHECK(seen == count);
  CHECK(problems.all.empty());
  CHECK(framer.capacity() <= 256 * 1024);
}

TEST_CASE("framing: a record of the largest size takes its size, once") {
  const std::string large =
      R"({"dialog_uuid":")" + std::string(cdr::max_record_bytes - 100, 'x') + "\"}\n";
  const std::string text = large + large + large + a;
  Problems problems;
  Framer framer(rules, problems);
  framer.open(std::make_unique<Portions>(text, 10'000'000), "test");
  int seen = 0;
  while (framer.next()) ++seen;
  CHECK(seen == 4);
  CHECK(framer.capacity() <= cdr::max_record_bytes + 512 * 1024);
}

TEST_CASE("framing: random damage never loses count, whatever the read size" *
          doctest::test_suite("random")) {
  const unsigned seed = cdr::test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  const std::vector<std::string> seeds = {
      '[' + a + ",\n" + b + ",\n" + c + ']', a + '\n' + b + '\n' + c + '\n',
      "{\"data\":[" + a + ',' + b + "],\"x\":1}\n{\"data\":[" + c + "]}\n",
      "{\"k\":{\"campaign\":1},\"l\":" + a + '}',
      "{\"Data\":{\"List\":[\n" + a + ",\n" + b + "\n]}}"};
  static constexpr std::string_view damage = "{}[]\",:\\\n \r\x1e x1\0";
  for (int round = 0; round < 3000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (unsigned i = random() % 4; i-- > 0;) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = damage[random() % damage.size()];
          break;
        case 1:
          text.erase(at, 1 + random() % 3);
          break;
        default:
          text.insert(at, 1, damage[random() % damage.size()]);
          break;
      }
      if (text.empty()) text = "{";
    }
    CAPTURE(text);
    Problems problems;
    Framer framer(rules, problems);
    framer.open(std::make_unique<Portions>(text, 1 + random() % 90), "test");
    std::vector<std::uint64_t> numbers;
    while (framer.next()) {
      numbers.push_back(framer.record().number);
      CHECK(framer.record().offset + framer.record().bytes.size() <= text.size());
      CHECK(text.compare(framer.record().offset, framer.record().bytes.size(),
                         framer.record().bytes) == 0);
    }
    for (const auto& problem : problems.all) {
      CHECK(problem.offset <= text.size());
      if (problem.record != 0) numbers.push_back(problem.record);
    }
    std::sort(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] == i + 1);
    CHECK(framed(text, 1) == framed(text));
    CHECK(framed(text, 3) == framed(text));
  }
}

TEST_CASE("scan: by blocks and by bytes find the same, however the text is cut" *
          doctest::test_suite("random")) {
  const unsigned seed = cdr::test::seed();
  MESSAGE("seed ", seed);
  std::mt19937 random(seed);
  using Scan = cdr::ContainerScan;
  for (int round = 0; round < 20000; ++round) {
    // Mostly letters or mostly structure; brackets rarely close, so that some scans are long.
    static constexpr std::string_view dense = "{}[]\"\\\n\r,: a{[";
    const bool sparse = random() % 2 == 0;
    std::string text = "{";
    const std::size_t size = random() % 600;
    while (text.size() < size)
      text += sparse && random() % 8 != 0 ? 'x' : dense[random() % dense.size()];
    CAPTURE(text);
    std::size_t expected_at = 0;
    Scan bytewise;
    const auto expected = bytewise.scan_bytewise(text.data(), expected_at, text.size());
    Scan blocks;
    std::size_t at = 0;
    CHECK(blocks.scan(text.data(), at, text.size()) == expected);
    CHECK(at == expected_at);
    Scan pieces;
    at = 0;
    auto result = Scan::Result::unfinished;
    for (std::size_t to = 0; result == Scan::Result::unfinished && to < text.size();) {
      to = std::min(text.size(), to + 1 + random() % 200);
      result = pieces.scan(text.data(), at, to);
    }
    CHECK(result == expected);
    CHECK(at == expected_at);
  }
}

TEST_CASE("scan: escapes across every block boundary") {
  for (std::size_t lead = 40; lead < 140; ++lead)
    for (std::size_t backslashes = 0; backslashes < 5; ++backslashes) {
      const std::string text = "{\"" + std::string(lead, 'x') + std::string(backslashes, '\\') +
                               "\"}\"}" + std::string(70, ' ');
      cdr::ContainerScan scan;
      std::size_t at = 0;
      CHECK(scan.scan(text.data(), at, text.size()) == cdr::ContainerScan::Result::closed);
      CHECK(at == 2 + lead + backslashes + (backslashes % 2 == 0 ? 2 : 4));
    }
}

TEST_CASE("scan: valid JSON is never called broken") {
  // Objects at the beginning of lines, wherever JSON allows them.
  const std::string text =
      "{\"a\":\n{\n\"b\":[\r\n{\"x\":1\n}\n,\n{\n},\r\n{}\n]\n}\n,\"c\" : \n{} ,\"d\":[ \n{}]}";
  cdr::ContainerScan scan;
  std::size_t at = 0;
  CHECK(scan.scan(text.data(), at, text.size()) == cdr::ContainerScan::Result::closed);
  CHECK(at == text.size());
}

TEST_CASE("unescape") {
  std::string text;
  const auto of = [&](std::string_view raw) {
    cdr::unescape(raw, text);
    return text;
  };
  CHECK(of("") == "");
  CHECK(of("plain") == "plain");
  CHECK(of(R"(\"\\\/\b\f\n\r\t)") == "\"\\/\b\f\n\r\t");
  CHECK(of(R"(\u0041\u00E9\u20ac\uD83D\uDE00)") == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(of(R"(\ud83d)") == "\xef\xbf\xbd");
  CHECK(of(R"(a\u0000b)") ==
        "a\xef\xbf\xbd"
        "b");
  CHECK(of(R"(\ude00\u12)") == "\xef\xbf\xbd\\u12");
  CHECK(of("\\") == "\\");
  CHECK(of(R"(\x)") == R"(\x)");
}

TEST_CASE("bytes: plain, gz and zst by their first bytes") {
  const std::string text = numbered_lines(20'000);
  for (const std::size_t portion : {std::size_t{1000}, std::size_t{1} << 20}) {
    for (const std::string& packed : {text, gz(text), zst(text), zst(text, 12)}) {
      const Read read = read_bytes(packed, portion);
      CHECK(read.code.empty());
      CHECK(read.bytes == text);
    }
  }
  // Several members, several frames, including empty ones, and a skippable frame.
  const std::string part = numbered_lines(10);
  CHECK(read_bytes(gz(part) + gz("") + gz(text)).bytes == part + text);
  CHECK(read_bytes(zst(part) + zst("") + zst(text)).bytes == part + text);
  const std::string skippable("\x50\x2a\x4d\x18\x04\0\0\0abcd", 12);
  CHECK(read_bytes(skippable + zst(part) + skippable).bytes == part);
  for (const std::size_t portion : {1, 2, 3}) {
    CHECK(read_bytes(gz(part) + gz(part), portion).bytes == part + part);
    CHECK(read_bytes(zst(part) + zst(part), portion).bytes == part + part);
  }
  // Too short to be a gzip or zstd file.
  for (const std::string_view few : {"", "\x1f", "{}", "\x28\xb5\x2f"})
    CHECK(read_bytes(few).bytes == few);
}

TEST_CASE("bytes: damage is found, and what came before it is read") {
  const std::string text = numbered_lines(50'000);
  for (const std::string& packed : {gz(text), zst(text)}) {
    for (const std::size_t portion : {std::size_t{100}, std::size_t{1} << 20}) {
      const Read half = read_bytes(std::string_view(packed).substr(0, packed.size() / 2), portion);
      CHECK(half.code == "bad_compression");
      CHECK(half.bytes.size() > text.size() / 4);
      CHECK(text.starts_with(half.bytes));
      CHECK(read_bytes(std::string_view(packed).substr(0, packed.size() - 1), portion).code ==
            "bad_compression");
      const Read trailed = read_bytes(packed + "garbage", portion);
      CHECK(trailed.code == "bad_compression");
      CHECK(trailed.bytes == text);
      CHECK(read_bytes(packed + '\0', portion).code == "bad_compression");
      std::string holed = packed;
      holed.replace(holed.size() / 2, 20, 20, '\xff');
      const Read before = read_bytes(holed, portion);
      CHECK(before.code == "bad_compression");
      CHECK(before.bytes.size() > text.size() / 4);
      std::string damaged = packed;
      damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 0x55);
      CHECK(read_bytes(damaged, portion).code == "bad_compression");
    }
    CHECK(read_bytes(std::string_view(packed).substr(0, 5)).code == "bad_compression");
  }
  CHECK(read_bytes("\x1f\x8b").code == "bad_compression");
}

TEST_CASE("bytes: a zstd window beyond 64 MiB is refused") {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  const std::string text = numbered_lines(10);
  for (const int log : {26, 27}) {
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, log);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
    std::string packed(10'000, '\0');
    ZSTD_outBuffer out{packed.data(), packed.size(), 0};
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    // Flushed before the end, so that the frame cannot state the size of its content.
    REQUIRE(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_flush) == 0);
    REQUIRE(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end) == 0);
    const Read read = read_bytes(std::string_view(packed).substr(0, out.pos));
    CHECK(read.code == (log == 26 ? "" : "bad_compression"));
    CHECK(read.bytes == (log == 26 ? text : ""));
  }
}

TEST_CASE("bytes: a bomb is refused behind its first MiB") {
  const std::string blanks(20'000'000, ' ');
  for (const std::string& packed : {gz(blanks), zst(blanks)}) {
    const Read read = read_bytes(packed);
    CHECK(read.code == "ratio");
    CHECK(read.bytes.size() >= 1024 * 1024);
    CHECK(read.bytes.size() < 2 * 1024 * 1024);
  }
  CHECK(read_bytes(gz(blanks.substr(0, 1024 * 1024))).bytes.size() == 1024 * 1024);
  CHECK(read_bytes(zst(blanks.substr(0, 1024 * 1024))).code.empty());
}

TEST_CASE("bytes: regular files only") {
  const Folder folder;
  CHECK(code_of_opening(folder.write("a.json", "{}")) == "");
  CHECK(code_of_opening(folder / "none.json") == "missing_file");
  CHECK(code_of_opening(folder / "a.json/b") == "missing_file");
  CHECK(code_of_opening((folder / "a.json") + std::string("\0x", 2)) == "missing_file");
  CHECK(code_of_opening(folder.path()) == "not_regular");
  CHECK(code_of_opening("/dev/null") == "not_regular");
  CHECK(code_of_opening("/dev/zero") == "not_regular");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(code_of_opening(folder / "fifo") == "not_regular");
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "socket").copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(code_of_opening(folder / "socket") == "not_regular");
  ::close(listener);
  std::filesystem::create_symlink("loop", folder / "loop");
  CHECK(code_of_opening(folder / "loop") == "unreadable");
  std::filesystem::create_symlink("a.json", folder / "link");
  CHECK(code_of_opening(folder / "link") == "");
  if (::geteuid() != 0) {
    ::chmod((folder / "a.json").c_str(), 0);
    CHECK(code_of_opening(folder / "a.json") == "unreadable");
  }
}

// All locks that a process has on a file are released when any of its descriptors is closed: a
// database that is open here would lose its locks.
TEST_CASE("bytes: reading a file leaves this process its locks on it") {
  const cdr::test::Folder folder;
  const std::string path = folder.write("w.db", "SQLite format 3");
  const std::string link = folder / "link.db";
  std::filesystem::create_hard_link(path, link);
  const int own = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(own >= 0);
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  lock.l_len = 10;
  REQUIRE(::fcntl(own, F_SETLK, &lock) == 0);
  // Asked through a descriptor that belongs to no process, so that a lock of this process shows as
  // a foreign one.
  const auto is_locked = [own] {
    struct flock asked {};
    asked.l_type = F_WRLCK;
    asked.l_whence = SEEK_SET;
    return ::fcntl(own, F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
  };
  const auto read = [](const std::string& name) {
    cdr::InputFile file(name);
    char text[16];
    return std::string(text, file.read(text, sizeof text));
  };
  REQUIRE(is_locked());
  for (int i = 0; i < 100; ++i) CHECK(read(i % 2 == 0 ? path : link) == "SQLite format 3");
  CHECK(is_locked());
  const auto descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto open_before = descriptors();
  lock.l_type = F_UNLCK;
  REQUIRE(::fcntl(own, F_SETLK, &lock) == 0);
  // The next close also closes the descriptor that was left open.
  CHECK(read(folder.write("x.json", "{}")) == "{}");
  CHECK(descriptors() == open_before - 1);
  ::close(own);
}

TEST_CASE("paths") {
  const Folder folder;
  for (const char* name : {"b.json", "a.json.gz", "c.NDJSON", "d.jsonl.zst", "sub/e.txt",
                           "sub/deep/f.csv", "sub/deep/.g.json", ".hidden/h.json", "readme.md",
                           "x.json.bak", ".json", "i.gz", "we[i]rd*.json"})
    folder.write(name, "{}");
  const auto expanded = [&](std::string_view pattern) {
    std::string names;
    for (const std::string& path : cdr::expand_path(folder / pattern).paths) {
      REQUIRE(path.starts_with(folder.path() + '/'));
      names += path.substr(folder.path().size() + 1) + ' ';
    }
    return names;
  };
  const std::string all =
      "a.json.gz b.json c.NDJSON d.jsonl.zst sub/deep/f.csv sub/e.txt we[i]rd*.json ";
  CHECK(expanded("") == all);
  CHECK(cdr::expand_path(folder.path()).paths.size() == 7);
  // A name that exists is taken literally, and so is one that cannot be a pattern.
  CHECK(expanded("readme.md") == "readme.md ");
  CHECK(expanded("we[i]rd*.json") == "we[i]rd*.json ");
  CHECK(expanded("none.json") == "none.json ");
  CHECK(expanded("*.json*") == "a.json.gz b.json d.jsonl.zst we[i]rd*.json ");
  CHECK(expanded("?.json") == "b.json ");
  CHECK(expanded("[a-c].*") == "a.json.gz b.json c.NDJSON ");
  CHECK(expanded("s*") == "sub/deep/f.csv sub/e.txt ");
  CHECK(expanded("sub/*") == "sub/deep/f.csv sub/e.txt ");
  CHECK(expanded("sub/*.txt") == "sub/e.txt ");
  CHECK(expanded("*/*/*.csv") == "sub/deep/f.csv ");
  CHECK(expanded("**/*.csv") == "sub/deep/f.csv ");
  CHECK(expanded("**") == all);
  CHECK(expanded("*/deep//f.csv") == "sub/deep/f.csv ");
  CHECK_THROWS_AS(expanded("*.parquet"), cdr::Error);
  CHECK_THROWS_AS(expanded("*/none.json"), cdr::Error);
  CHECK_THROWS_AS(cdr::expand_path(""), cdr::Error);
  std::filesystem::create_directory(folder / "empty");
  CHECK_THROWS_WITH_AS(cdr::expand_path(folder / "empty"), doctest::Contains("no_files"),
                       cdr::Error);
  // Cycles, duplicates, dangling links and FIFOs.
  std::filesystem::create_directory_symlink("..", folder / "sub/up");
  std::filesystem::create_directory_symlink(".", folder / "self");
  CHECK(expanded("") == all);
  CHECK(expanded("**/e.txt") == "sub/e.txt ");
  std::filesystem::create_symlink("gone", folder / "gone.json");
  REQUIRE(::mkfifo((folder / "sub/fifo.json").c_str(), 0600) == 0);
  CHECK(expanded("") ==
        "a.json.gz b.json c.NDJSON d.jsonl.zst gone.json sub/deep/f.csv sub/e.txt sub/fifo.json "
        "we[i]rd*.json ");
}

TEST_CASE("paths that cannot be looked at are told") {
  const Folder folder;
  folder.write("a.json", "{}");
  std::filesystem::create_symlink("loop", folder / "loop");
  const auto told = [&](const std::string& path) {
    std::string text;
    for (const cdr::Problem& problem : cdr::expand_path(path).unread)
      text += std::filesystem::path(problem.file).filename().string() + ' ' + line_of(problem) +
              ": " + problem.message + '\n';
    return text;
  };
  // The link could lead to a folder.
  const std::string loop =
      "loop ! unreadable #0 @0: cannot be opened: Too many levels of symbolic links\n";
  CHECK(told(folder.path()) == loop);
  CHECK(cdr::expand_path(folder.path()).paths == std::vector{folder / "a.json"});
  CHECK(told(folder / "**") == loop);
  CHECK(told(folder / "l*") == loop);
  CHECK(told(folder / "loop") == loop);
  CHECK(told(folder / "*/x.json") ==
        "x.json ! unreadable #0 @0: cannot be opened: Too many levels of symbolic links\n");
  CHECK(told(folder / "a.json") == "");
  // No file name is that long, but a pattern may be.
  const std::string name(300, 'n');
  CHECK(told(folder / name) ==
        name + " ! unreadable #0 @0: cannot be opened: File name too long\n");
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "[a-c]";
  CHECK_THROWS_WITH_AS(cdr::expand_path(folder / pattern), doctest::Contains("no_files"),
                       cdr::Error);
}

TEST_CASE("reader: content given in SQL") {
  cdr::Source source;
  source.content = a + '\n' + b;
  CHECK(everything(source) == "argument #1 " + a + "\nargument #2 " + b + '\n');
  source.content = "";
  CHECK(everything(source) == "argument ! empty_file #0 @0\n");
  source.content = gz(a);
  CHECK(everything(source) == "argument #1 " + a + '\n');
  source.content = "readings.json";
  CHECK(everything(source) == "argument ! not_json #0 @0\n");
}

TEST_CASE("reader: files one behind the other, whatever is wrong with one") {
  const Folder folder;
  const std::string many = numbered_lines(20'000);
  const std::string packed = gz(many).substr(0, 40'000);
  cdr::Source source =
      files({folder.write("1.json", a + '\n' + b), folder / "2.json", folder.write("3.json", ""),
             folder.write("4.json.gz", gz(c)), folder.write("5.json", "[" + a),
             folder.write("6.json.zst", zst("[" + b + ']').substr(0, 12)), folder.path(),
             folder.write("7.json", "x"), folder.write("8.json", c)});
  CHECK(everything(source) ==
        "1.json #1 " + a + "\n1.json #2 " + b + "\n2.json ! missing_file #0 @0\n" +
            "3.json ! empty_file #0 @0\n4.json.gz #1 " + c + "\n5.json #1 " + a +
            "\n5.json ! truncated #2 @26\n6.json.zst ! bad_compression #0 @3\n6.json.zst ! "
            "truncated #1 @1\n" +
            std::filesystem::path(folder.path()).filename().string() +
            " ! not_regular #0 @0\n7.json ! not_json #0 @0\n8.json #1 " + c + '\n');
  // Records before the damage are read; the record that the damage cuts off is named.
  source = files({folder.write("many.json.gz", packed), folder / "8.json"});
  const std::string said = everything(source);
  CHECK(said.find("many.json.gz #1000 {\"dialog_uuid\":\"d-999\"") != said.npos);
  const std::size_t failure = said.find("many.json.gz ! bad_compression #0 @");
  REQUIRE(failure != said.npos);
  CHECK(said.find("many.json.gz ! truncated #", failure) != said.npos);
  CHECK(said.ends_with("8.json #1 " + c + '\n'));
}

TEST_CASE("reader: damage to a compressed file is told before what it makes of a record") {
  const Folder folder;
  std::string damaged = gz(a + '\n' + b + '\n' + c, 0);  // stored: the bytes appear unchanged
  damaged[damaged.find(b)] = 'x';
  const std::string size = std::to_string(a.size() + b.size() + c.size() + 2);
  const std::string told = " #1 " + a + "\n1.json.gz ! bad_compression #0 @" + size +
                           "\n1.json.gz ! not_json #2 @" + std::to_string(a.size() + 1) +
                           "\n1.json.gz #3 " + c + '\n';
  CHECK(everything(files({folder.write("1.json.gz", damaged)})) == "1.json.gz" + told);
  // Reported once, even if several records are hit; and once for each file.
  damaged[damaged.find(c)] = 'x';
  const auto times = [](const std::string& said, std::string_view what) {
    std::size_t count = 0;
    for (std::size_t at = said.find(what); at != said.npos; at = said.find(what, at + 1)) ++count;
    return count;
  };
  const std::string two =
      everything(files({folder.write("2.json.gz", damaged), folder.write("3.json.gz", damaged)}));
  CHECK(times(two, "2.json.gz ! bad_compression") == 1);
  CHECK(times(two, "3.json.gz ! bad_compression") == 1);
  CHECK(two.find("! bad_compression") < two.find("! not_json"));
  // An error in an undamaged file is reported as the record's own.
  CHECK(everything(files({folder.write("4.json.gz", gz(a + "\nx\n" + b))})) ==
        "4.json.gz #1 " + a + "\n4.json.gz ! not_json #2 @" + std::to_string(a.size() + 1) +
            "\n4.json.gz #3 " + b + '\n');
}

TEST_CASE("reader: where a file cannot be read further, nothing is said of the record there") {
  const Folder folder;
  const std::string many = numbered_lines(20'000);
  std::string list = '[' + many + ']';
  std::replace(list.begin(), list.end(), '\n', ',');
  for (const std::string& text : {many, list}) {
    const std::string path = folder.write("many.json", text);
    const cdr::Source source = files({path});
    Problems problems;
    cdr::RecordReader reader(source, rules, problems);
    REQUIRE(reader.next());
    std::filesystem::resize_file(path, 1000);  // less than was read for the first record
    while (reader.next()) {
    }
    REQUIRE(problems.all.size() == 1);
    CHECK(problems.all[0].code == ProblemCode::unreadable);
    CHECK(problems.all[0].record == 0);
  }
}

TEST_CASE("reader: what of a folder could not be looked into comes before its files") {
  const Folder folder;
  cdr::Source source = files({folder.write("1.json", a)});
  source.unread = {{ProblemCode::unreadable, "sub", 0, 0, "", "the folder cannot be listed"}};
  CHECK(everything(source) == "sub ! unreadable #0 @0\n1.json #1 " + a + '\n');
}

TEST_CASE("reader: a sink that throws ends the reading") {
  struct Throws : cdr::ProblemSink {
    void report(const cdr::Problem& problem) override { throw cdr::Error(problem.text()); }
  } sink;
  cdr::Source source;
  source.content = a + "\ngarbage\n" + b;
  cdr::RecordReader reader(source, rules, sink);
  CHECK(reader.next());
  CHECK_THROWS_WITH_AS(
      reader.next(),
      doctest::Contains("argument: record 2 at byte 26: expected an object or an array"),
      cdr::Error);
}

// NOLINTEND(bugprone-string-constructor,bugprone-implicit-widening-of-multiplication-result)
// NOLINTEND(performance-inefficient-string-concatenation)
