// Bytes cut into records: records and problems do not depend on the pieces in which the stream
// comes, and each record is at its stated position. The first byte sets the size of the pieces.
#include <algorithm>
#include <memory>
#include <vector>

#include "door.hpp"
#include "json/document/document.hpp"
#include "json/input/framer.hpp"
#include "vendors/vendor.hpp"

namespace {

using namespace cdr;

class Pieces : public ByteStream {
 public:
  Pieces(std::string_view bytes, std::size_t size) : rest_(bytes), size_(size) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t count = std::min({size, size_, rest_.size()});
    std::copy_n(rest_.data(), count, to);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  const std::size_t size_;
};

struct Cut {
  std::uint64_t number, offset;
  std::string bytes, member;
  bool operator==(const Cut&) const = default;
};
struct Told {
  ProblemCode code;
  std::uint64_t record, offset;
  bool operator==(const Told&) const = default;
};

struct Reading : ProblemSink {
  std::vector<Cut> records;
  std::vector<Told> problems;
  void report(const Problem& problem) override {
    test::require_utf8(problem.text(), "a problem's text");
    problems.push_back({problem.code, problem.record, problem.offset});
  }
  bool operator==(const Reading& other) const {
    return records == other.records && problems == other.problems;
  }
};

void read(std::string_view bytes, std::size_t size_of_pieces, Reading& reading) {
  static Document document;
  Framer framer(framing_rules(), reading);
  framer.open(std::make_unique<Pieces>(bytes, size_of_pieces), content_name, bytes.size());
  while (framer.next()) {
    const RawRecord& record = framer.record();
    reading.records.push_back(
        {record.number, record.offset, std::string(record.bytes), std::string(record.member)});
    if (document.parse_copy(record.bytes)) framer.resynchronise();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::Input input(data, size);
  const std::size_t pieces = 1 + input.byte() % 40;
  const std::string_view bytes = input.rest();
  Reading whole, in_pieces;
  read(bytes, std::max<std::size_t>(1, bytes.size()), whole);
  read(bytes, pieces, in_pieces);
  test::require(whole == in_pieces, "pieces of another size give other records");
  std::uint64_t number = 0;
  for (const Cut& each : whole.records) {
    test::require(each.number > number, "records are not numbered in their order");
    number = each.number;
    // A line of text is converted to JSON, which is not in the file.
    if (each.bytes.size() <= bytes.size() && each.offset <= bytes.size() &&
        !bytes.substr(each.offset).empty() && bytes[each.offset] == '{')
      test::require(bytes.substr(each.offset, each.bytes.size()) == each.bytes,
                    "a record does not stand where it says", each.bytes);
  }
  return 0;
}
