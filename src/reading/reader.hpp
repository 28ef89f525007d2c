// Reads, parses and recognises the records of any vendor: ReadAhead, Document and recognise() in
// one loop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "json/input/read_ahead.hpp"
#include "vendors/vendor.hpp"

namespace cdr {

// Handles a problem as SourceOptions::on_error says: throws Error with the problem's text, or
// continues.
class ReadingPolicy : public ProblemSink {
 public:
  explicit ReadingPolicy(SourceOptions::OnError on_error) : on_error_(on_error) {}
  void report(const Problem& problem) override;

 private:
  SourceOptions::OnError on_error_;
};

class Reader {
 public:
  // RecordEnds::guessed is faster, but every record must then be parsed, and parsing may change
  // raw(). With more than one thread, the source is read ahead.
  Reader(const Source& source, ProblemSink& sink, RecordEnds ends = RecordEnds::exact,
         unsigned threads = 1);
  ~Reader();

  // The next record that can be read and that a vendor recognises; valid until the next call. Other
  // records are reported to the sink.
  bool next();
  // The next record as bytes, not yet parsed. parse() then does the rest of next(), and returns
  // false if it reported a problem.
  bool next_raw();
  const RawRecord& raw() const { return raw_; }
  bool parse();
  // Whether there is a current record. There is none while the next one is being sought, and after
  // parse() has found that the bytes are not a record.
  bool has_record() const { return has_record_; }

  // Reports that the current record has no id.
  void report_missing_key();
  // Reports that its interaction would have more records than the limit.
  void report_too_large();

  const Record& record() const { return record_; }
  // The record in parsed form, if another Document can take it.
  std::optional<ParsedRecord> parsed() const;
  const Vendor& vendor() const { return *vendor_; }

 private:
  struct Inner;

  Recut recut();
  void resynchronise();
  bool read_document();
  enum class Respelling : std::uint8_t { done, failed, refused };
  Respelling respelt(const Recognised& as);
  bool open_inner(Node root);
  bool open_wrapped(Node root, const Recognised& as);
  void open(std::string_view content);
  bool is_answer(Node root);
  void report(ProblemCode code, std::string message);

  ProblemSink& sink_;
  const Source& source_;
  ReadAhead records_;
  // Readers of JSON inside a record, and inside that JSON.
  std::vector<std::unique_ptr<Inner>> inner_;
  RawRecord raw_;
  std::string respelt_;  // the record in its vendor's spelling, padded
  Document document_{framing_rules().marks};
  Record record_;
  const Vendor* vendor_ = nullptr;
  // The vendor and resource of the last record, and the root keys by which they are known.
  Recognised as_;
  Spelt spelt_ = Spelt::as_declared;
  std::uint32_t known_by_ = 0;
  bool has_record_ = false;
};

// Recognises a record that was parsed. One whose keys are spelt in another way is parsed again, in
// its vendor's spelling.
Recognised recognise_any_spelling(Document& document);

// The message for ProblemCode::component_too_large.
std::string too_large_message();

// Fills `record` for a document that was parsed; shared by all code that parses records.
void describe(Record& record, const Recognised& as, Node root, const Source& source,
              std::string_view file, std::uint64_t number, std::uint64_t offset,
              std::string_view member, ProblemSink* sink);

}  // namespace cdr
