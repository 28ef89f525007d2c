// Records of any vendor, parsed and recognised: RecordReader, Document and recognise() in one loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "json/input/source.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// What to do with a problem, by SourceOptions::on_error: throw Error with the problem's text, or go
// on.
class ReadingPolicy : public ProblemSink {
 public:
  explicit ReadingPolicy(SourceOptions::OnError on_error) : on_error_(on_error) {}
  void report(const Problem& problem) override;

 private:
  SourceOptions::OnError on_error_;
};

class Reader {
 public:
  // With RecordEnds::guessed, which is faster, every record must be parsed, and raw() may change in
  // doing so.
  Reader(const Source& source, ProblemSink& sink, RecordEnds ends = RecordEnds::exact);
  ~Reader();

  // The next record that can be read and that a vendor recognises; valid until the next call. What
  // cannot goes to the sink.
  bool next();
  // The next record as bytes, not yet looked into; parse() then does what next() does beyond that,
  // false when it reported a problem.
  bool next_raw();
  const RawRecord& raw() const { return raw_; }
  bool parse();
  // Whether there is a current record: none, while the next one is looked for, and where parse()
  // finds that what was taken for one is none.
  bool has_record() const { return has_record_; }

  // Says that the current record does not name itself.
  void report_missing_key();
  // Says that its interaction would have more records than any may.
  void report_too_large();

  const Record& record() const { return record_; }
  const Vendor& vendor() const { return *vendor_; }

 private:
  struct Inner;

  RecordReader& records();
  bool read_document();
  bool respelt();
  bool open_inner(Node root);
  bool is_answer(Node root);
  void report(ProblemCode code, std::string message);

  ProblemSink& sink_;
  const Source& source_;
  RecordReader records_;
  // JSON inside a string of a record, and in a string of that.
  std::vector<std::unique_ptr<Inner>> inner_;
  RawRecord raw_;
  std::string respelt_;  // the record in its vendor's spelling, padded
  Document document_;
  Record record_;
  const Vendor* vendor_ = nullptr;
  // What the last record was, and by which keys.
  Recognised as_;
  std::uint32_t known_by_ = 0;
  bool has_record_ = false;
};

// Of ProblemCode::component_too_large.
std::string too_large_message();

// Fills `record` for a parsed document that came from `raw`; shared by all who parse records.
void describe(Record& record, const Recognised& as, Node root, const Source& source,
              std::string_view file, std::uint64_t number, std::uint64_t offset,
              std::string_view member, ProblemSink* sink);

}  // namespace cdr
