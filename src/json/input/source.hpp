// From bytes to records: cuts a table's input (content given in SQL, or files) into records
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

// Why a member of an archive is passed over.
inline constexpr std::string_view not_named_in_archive =
    "its name in the archive does not say that it holds records";

// The knowledge of vendors that framing needs; derived from their declarations.
struct FramingRules {
  enum class Role : std::uint8_t {
    unknown,
    record,    // only a record has this key: the object that contains it is one
    envelope,  // if its value is an object or an array, the records are inside
  };
  Role (*role)(std::string_view key);
  // Whether this object, the value of an object's first member, is a record stored under a name.
  // If so, all members' values are records.
  bool (*keyed)(std::string_view object);
  // Converts a line of text that is not JSON to a record's JSON (uContact's dialer list). false: no
  // vendor has such lines.
  bool (*line)(std::string_view line, std::string& json);
};

struct SourceOptions {
  enum class OnError : std::uint8_t {
    fail,    // the first file or record that cannot be read ends the query
    skip,    // a faulty file or record is left out; cdr_problems lists it
    strict,  // like fail, but a value that does not convert ends the query too
  } on_error = OnError::fail;
  std::string label;  // tenant; "" = the vendor's name
  Zone zone;          // of times without an offset, where the vendor does not fix one
  // Where records are: the keys that lead there from the top of the file, "$.body.data". Empty:
  // framing finds them.
  std::vector<std::string> records;
  // How many threads may read it: 1, or 2, one of which reads ahead from the first byte on. 0: as
  // many as there are cores, but whoever needs less than `ahead_bytes` gets no second one.
  unsigned threads = 0;
  // How much is read ahead at a time.
  std::size_t ahead_bytes = std::size_t{512} * 1024;
};
// The keys of such a path. Throws Error naming what is expected.
std::vector<std::string> records_path(std::string_view text);

struct Source {
  std::string content;  // JSON given in SQL, when `paths` is empty and `is_content`
  bool is_content = true;
  std::vector<std::string> paths;    // each a file; already expanded
  std::vector<Problem> unread;       // the parts of a folder or glob that could not be looked into
  std::shared_ptr<const void> held;  // keeps what the paths need: standard input's copy, or null
  std::vector<Problem> passed_over;  // files of a folder or glob that are not read, and why
  std::string named;                 // what the caller wrote, for messages
  // Receives the fingerprint of a file that was read to its end; of several, the last one's.
  std::optional<Fingerprint>* as_read = nullptr;
  SourceOptions options;
};

// The pointer type by which SQL hands one on, as cdr_file() does: a std::shared_ptr<const Source>.
inline constexpr char source_pointer[] = "cdr_source";

// The files that `path` means: itself, a glob's matches, or a folder's files, recursively; sorted
// by bytes. A folder or glob takes only names ending in .json .ndjson .jsonl .txt .csv, each also
// with .gz or .zst, and in .zip, and no hidden names; '**' matches folders of any
// depth. A path that is neither a folder nor a glob is returned as it is, whether or not it exists:
// reading it reports that. Throws Error if a folder or glob has no files, and says what it sought.
// `unread` lists folders that cannot be listed to their end, and names whose type cannot be
// determined: there may be files that `paths` lacks.
struct Expansion {
  std::vector<std::string> paths;
  std::vector<Problem> unread;
  // The other files of a folder or glob that are not hidden: their names say that they hold no
  // records.
  std::vector<Problem> passed_over;
};
Expansion expand_path(std::string_view path);
// Whether the name of a file in a folder or an archive says that it may hold records.
bool may_hold_records(std::string_view name);

struct RawRecord {
  std::string_view bytes;    // one JSON value; `padding` bytes after it are readable
  std::string_view file;     // 'argument' for content
  std::uint64_t number = 0;  // 1-based in its file; counts every record begun, good or bad
  std::uint64_t offset = 0;  // where it begins in the (decompressed) file
  std::string_view member;   // its key in a keyed object (unescaped), or ""
  const ParsedRecord* parsed = nullptr;  // of `bytes`, if somebody has parsed them
};

// How the end of a record is found.
enum class RecordEnds : std::uint8_t {
  exact,
  // If a record has its lines to itself, at the line's end, without looking at the bytes in
  // between. For callers that parse every record, and call recut() on those that are not JSON.
  guessed,
};

enum class Recut : std::uint8_t {
  same,     // record() is unchanged
  changed,  // record() is another record
  gone,     // the bytes are not a record, which was reported
};

class RecordReader {
 public:
  // Problems of files and of framing are reported to `sink`, and reading continues after them (if a
  // file cannot be read, the next one is opened). A sink that throws ends the reading.
  RecordReader(const Source& source, const FramingRules& rules, ProblemSink& sink,
               RecordEnds ends = RecordEnds::exact);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // The next record; valid until the next call. false: the end of the last file.
  bool next();
  const RawRecord& record() const;
  // Reports a problem that parsing found in the current record; the sink receives it in the same
  // way as a problem of framing.
  void report(const Problem& problem);
  // Reports that the bytes of the current record are not JSON. If its end was guessed, the record
  // is now cut exactly.
  Recut recut();
  // Reports that the bytes of the current record are not JSON. If its brackets show that one is
  // missing, the record has swallowed its neighbours. Reading then resumes inside it: at the first
  // line that begins with '{', otherwise where the bracket is missing.
  void resynchronise();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdr
