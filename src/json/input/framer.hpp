// Cuts a stream of bytes into records: a pull parser that knows where records are (FramingRules),
// not what they mean.
//
//   file      any number of values: objects or arrays, with or without white space between them
//             (so one object, an array, NDJSON, concatenated pages); or lines of text that a vendor
//             writes
//   array     each element is read like a top-level object
//   object    read key by key until a key decides. A `record` key makes the object a record. If the
//             value of an `envelope` key is an object or array, it is entered, and the outer
//             object's other members are skipped, unchecked. (But an object under an envelope key
//             is not entered if a `record` key follows it.) If the first value is a keyed record,
//             every value is a record. If no key decides, the object is a record.
//
// An object whose text is not JSON is still delivered as a record; its parser reports the error.
// The Framer needs memory for the frames (at most `max_depth`), and for one window of at most 16
// MiB plus one read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document/scan.hpp"
#include "json/input/bytes.hpp"
#include "json/input/source.hpp"
#include "json/input/window.hpp"

namespace cdr {

class Framer {
 public:
  static constexpr std::size_t unknown_size = std::numeric_limits<std::size_t>::max();

  // `path`: SourceOptions::records, which must outlive the Framer.
  Framer(const FramingRules& rules, ProblemSink& sink, RecordEnds ends = RecordEnds::exact,
         std::span<const std::string> path = {})
      : rules_(rules), sink_(sink), ends_(ends), path_(path) {}

  // Begins a stream. `file` is its name in records and problems, and must outlive them.
  void open(std::unique_ptr<ByteStream> stream, std::string_view file,
            std::size_t size = unknown_size);
  // The stream's next record; false at its end, or if no stream is open.
  bool next();
  const RawRecord& record() const { return record_; }
  Recut recut();
  void resynchronise();

  // The window's memory in bytes.
  std::size_t capacity() const { return window_.capacity(); }

 private:
  // The reason why reading a value stopped before its end.
  enum class Stop : std::uint8_t {
    none,
    ended,      // with the stream
    too_large,  // over max_record_bytes from anchor_
    malformed,  // not JSON at pos_
    broken,     // a line at pos_ shows that something before it is not closed
  };
  enum class Walked : std::uint8_t { record, keyed, envelope, undecided, stopped };
  struct Frame {
    enum class Kind : std::uint8_t { array, envelope, keyed } kind;
    enum class After : std::uint8_t { nothing, value, comma } after = After::nothing;
    std::uint64_t begin = 0;
  };

  bool step();
  void begin_stream();
  bool top_level();
  bool array_element();
  bool member();
  bool member_value();
  bool separator(char closer);
  bool object();
  bool object_on_path();
  bool string_record();
  bool begins_json_string();
  void tell_of_path();
  std::size_t steps_taken() const;
  bool is_record_behind();
  std::size_t find_beginning(std::string_view text, bool certain) const;
  bool keyed_value();
  bool text_line();
  void refuse_first_line(std::uint64_t begin, std::string message);

  Walked walk(std::uint64_t begin);
  Walked whole_object(std::uint64_t begin);
  void know_beginning(std::uint64_t begin);
  bool begins_as_known(std::uint64_t begin) const;
  bool guess_end(std::uint64_t begin);
  Walked walk_member(bool first);
  Stop read_key();
  Stop skip_value();
  Stop skip_string();
  Stop skip_container();
  Stop skip_space();
  void skip_outside();
  void unreadable_value(Stop stop, std::uint64_t begin);
  void skip_garbage();
  void skip_any_of(std::string_view bytes);
  void skip_line();
  Stop need();
  bool fill();
  char byte() const { return *window_.at(pos_); }
  std::string_view held(std::uint64_t from, std::uint64_t to) const {
    return {window_.at(from), static_cast<std::size_t>(to - from)};
  }

  void push(Frame::Kind kind) { frames_.push_back({kind, Frame::After::nothing, pos_}); }
  bool yield(std::uint64_t begin, std::uint64_t end, std::string_view member);
  void give_up(std::uint64_t begin);
  bool resume_inside(std::uint64_t begin, std::uint64_t end, bool certain);
  void problem(ProblemCode code, std::uint64_t offset, std::string message);
  void file_problem(ProblemCode code, std::uint64_t offset, std::string message);

  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

  const FramingRules& rules_;
  ProblemSink& sink_;
  const RecordEnds ends_;
  const std::span<const std::string> path_;
  Window window_;
  std::string_view file_;
  RawRecord record_;
  std::vector<Frame> frames_;
  std::string key_;              // of the member being read
  std::string line_;             // the JSON of a text line, padded
  std::string known_beginning_;  // of a record, up to its first value; "": unknown
  std::uint64_t pos_ = 0;
  std::uint64_t anchor_ = none;   // bytes from here on are kept
  std::uint64_t value_ = 0;       // where a keyed object's first value begins
  std::uint64_t number_ = 0;      // of the last record begun
  std::uint64_t read_again_ = 0;  // number of bytes to be read again
  unsigned guesses_left_ = 0;     // how many more guesses may be wrong
  Stop stop_ = Stop::none;        // why walk() stopped
  bool open_ = false;
  bool begun_ = false;      // its first bytes were examined
  bool ended_ = false;      // the stream has no more bytes
  bool failed_ = false;     // more bytes exist but cannot be read, so the end has no meaning
  bool lines_ = false;      // it is text, not JSON
  bool lenient_ = false;    // reading inside a broken record: brackets and commas may be anywhere
  bool resumable_ = false;  // record_ can be resynchronised
  bool arrived_ = false;    // the path led to a record
  bool guessed_ = false;    // the end of record_ is a guess
  bool message_ = false;    // the object being walked has a key of a message
};

}  // namespace cdr
