// From bytes to records: what a table reads (content given in SQL, or files), cut into records
// without knowing what they mean.
//
//   RecordReader reader(source, rules, sink);
//   while (reader.next()) use(reader.record());
//
// Streams: memory is bounded by the largest record (16 MiB), whatever the file's size.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "json/document/problem.hpp"
#include "json/document/record.hpp"
#include "json/input/fingerprint.hpp"

namespace cdr {

// What framing must know of the vendors; made from their declarations.
struct FramingRules {
  enum class Role : std::uint8_t {
    unknown,
    record,    // only a record has this key: the object it stands in is one
    envelope,  // if its value is an object or an array, the records are in there
  };
  Role (*role)(std::string_view key);
  // Whether this object, standing as the first member's value of an object, is a record that stands
  // under its name: then all members' values are.
  bool (*keyed)(std::string_view object);
  // Turns a line of text that is not JSON into a record's JSON (uContact's dialer list). false: no
  // vendor has such lines.
  bool (*line)(std::string_view line, std::string& json);
};

struct SourceOptions {
  enum class OnError : std::uint8_t {
    fail,    // the first file or record that cannot be read ends the query
    skip,    // it is left out; cdr_problems lists it
    strict,  // as fail, and so does a value that does not convert
  } on_error = OnError::fail;
  std::string label;  // tenant; "" = the vendor's name
  Zone zone;          // of times without an offset, where the vendor does not fix one
  // Where records stand: the keys that lead there from the top of the file, "$.body.data". Empty:
  // wherever framing finds them.
  std::vector<std::string> records;
};
// The keys of such a path. Throws Error naming what is expected.
std::vector<std::string> records_path(std::string_view text);

struct Source {
  std::string content;  // JSON given in SQL, when `paths` is empty and `is_content`
  bool is_content = true;
  std::vector<std::string> paths;    // each a file; already expanded
  std::vector<Problem> unread;       // the parts of a folder or glob that could not be looked into
  std::shared_ptr<const void> held;  // what the paths need, if anything: standard input's copy
  std::vector<Problem> passed_over;  // files of a folder or glob that are not read, and why
  std::string named;                 // what the caller wrote, for messages
  // Where the fingerprint of a file goes that was read to its end; the last one's of several.
  std::optional<Fingerprint>* as_read = nullptr;
  SourceOptions options;
};

// The pointer type by which SQL hands one on, as cdr_file() does: a std::shared_ptr<const Source>.
inline constexpr char source_pointer[] = "cdr_source";

// The files that `path` means: itself, a glob's matches, or a folder's files, recursively; sorted
// by bytes. In a folder or glob only names ending in .json .ndjson .jsonl .txt .csv, each also with
// .gz or .zst, and in .zip are taken, and hidden names are not; '**' stands for folders of any
// depth. A path that is neither a folder nor a glob is returned as it is, whether or not it exists:
// reading it reports that. Throws Error when a folder or glob has none, saying what was looked for.
// A folder that cannot be listed to its end, and a name of which cannot be told what it is, are in
// `unread`: there may be files that `paths` lacks.
struct Expansion {
  std::vector<std::string> paths;
  std::vector<Problem> unread;
  // What a folder or glob has beside them that is not hidden: names that say that no records are
  // there.
  std::vector<Problem> passed_over;
};
Expansion expand_path(std::string_view path);
// Whether a name in a folder or an archive says that records may be there.
bool may_hold_records(std::string_view name);

struct RawRecord {
  std::string_view bytes;    // one JSON value; `padding` bytes behind it are readable
  std::string_view file;     // 'argument' for content
  std::uint64_t number = 0;  // 1-based in its file; counts every record begun, good or bad
  std::uint64_t offset = 0;  // where it begins in the (decompressed) file
  std::string_view member;   // its key in a keyed object (unescaped), or ""
};

// How the end of a record is found.
enum class RecordEnds : std::uint8_t {
  exact,
  // Where a record stands alone in its lines, at the line's end: without looking at what is
  // between. For who parses every record, and asks for recut() of those that are not JSON.
  guessed,
};

enum class Recut : std::uint8_t {
  same,     // it stays as it is
  changed,  // record() is another one
  gone,     // what stands there is no record, which was reported
};

class RecordReader {
 public:
  // Problems of files and of framing go to `sink`, and reading goes on behind them (a file that
  // cannot be read is left, and the next one opened). A sink that throws ends it.
  RecordReader(const Source& source, const FramingRules& rules, ProblemSink& sink,
               RecordEnds ends = RecordEnds::exact);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // The next record; valid until the next call. false: the end of the last file.
  bool next();
  const RawRecord& record() const;
  // Tells of the current record what parsing it found; the sink hears of it in the same way as of
  // what framing found.
  void report(const Problem& problem);
  // Says that the bytes of the current record are not JSON. Where its end was guessed, it is cut
  // exactly.
  Recut recut();
  // Says that the bytes of the current record turned out not to be JSON. If its brackets show that
  // one is missing, it has swallowed its neighbours: reading resumes inside it, at the first line
  // that begins with '{', or else where the bracket is missing.
  void resynchronise();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdr
