// Cuts a table's input (content given in SQL, or files) into records, without knowing what they
// mean.
//
//   RecordReader reader(source, rules, sink);
//   while (reader.next()) use(reader.record());
//
// Files are read as streams: the largest record (16 MiB) bounds the memory, whatever the file's
// size.
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

// The reason why a member of an archive is passed over.
inline constexpr std::string_view not_named_in_archive =
    "its name in the archive does not say that it holds records";

// The knowledge about vendors that framing needs, derived from the vendors' declarations.
struct FramingRules {
  enum class Role : std::uint8_t {
    unknown,
    record,    // only records have this key: the object that contains it is a record
    envelope,  // if its value is an object or an array, the records are inside
    message,   // an object that contains it is a record if it also has an object in an envelope
  };
  Role (*role)(std::string_view key);
  // Whether this object, the value of an object's first member, is a record stored under a name.
  // Then the values of all members are records.
  bool (*keyed)(std::string_view object);
  // Converts a line of text that is not JSON to a record's JSON (uContact's dialer list). false: no
  // vendor has such lines.
  bool (*line)(std::string_view line, std::string& json);
  // The marks of keys inside records; null: there are none.
  std::uint32_t (*marks)(std::string_view name) = nullptr;
};

struct SourceOptions {
  enum class OnError : std::uint8_t {
    fail,    // the first file or record that cannot be read ends the query
    skip,    // a faulty file or record is left out; cdr_problems lists it
    strict,  // like fail, but a value that does not convert ends the query too
  } on_error = OnError::fail;
  std::string label;        // tenant; "" = the vendor's name
  Zone zone;                // for times without an offset, unless the vendor fixes the zone
  bool names_zone = false;  // otherwise UTC is assumed
  // The place of the records: the keys that lead to them from the top of the file, as in
  // "$.body.data". Empty: framing finds the records.
  std::vector<std::string> records;
  // The number of threads that may read the source: 1, or 2, of which one reads ahead from the
  // first byte on. 0: 2 if there are cores for them, but the second one only begins after
  // `ahead_bytes` have been read.
  unsigned threads = 0;
  // The number of bytes that are read ahead at a time.
  std::size_t ahead_bytes = std::size_t{512} * 1024;
};
// The keys of such a path. Throws an Error that says what is expected.
std::vector<std::string> records_path(std::string_view text);

struct Source {
  std::string content;  // JSON given in SQL, if `is_content`; `paths` is then empty
  bool is_content = true;
  std::vector<std::string> paths;    // each a file; already expanded
  std::vector<Problem> unread;       // the parts of a folder or glob that could not be listed
  std::shared_ptr<const void> held;  // keeps what the paths need: standard input's copy, or null
  std::vector<Problem> passed_over;  // files of a folder or glob that are not read, and why
  std::string named;                 // what the caller wrote, for messages
  // Receives the fingerprint of a file that was read to its end; the last one's, if there are
  // several.
  std::optional<Fingerprint>* as_read = nullptr;
  SourceOptions options;
  // Whatever a reader keeps as long as the source lives.
  struct Attachment {
    virtual ~Attachment() = default;
  };
  mutable std::shared_ptr<Attachment> attachment;
};

// The type of the pointer with which SQL passes a source on, as cdr_file() does: it points to a
// std::shared_ptr<const Source>.
inline constexpr char source_pointer[] = "cdr_source";

// The files that `path` means: itself, a glob's matches, or a folder's files at any depth; sorted
// by bytes. A folder or glob includes only names that end in .json, .ndjson, .jsonl, .txt or .csv
// (each also with .gz or .zst) or in .zip, and no hidden names. '**' matches folders of any depth.
// A path that is neither a folder nor a glob is returned as it is, whether or not it exists: the
// reader reports a missing file. Throws Error if a folder or glob has no files. `unread` lists
// folders that cannot be listed to their end, and names whose type cannot be determined: `paths`
// may lack files because of them.
struct Expansion {
  std::vector<std::string> paths;
  std::vector<Problem> unread;
  // The other files of a folder or glob that are not hidden. Their names do not say that they may
  // hold records.
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
  const ParsedRecord* parsed = nullptr;  // of `bytes`, if they were parsed already
};

// How the end of a record is found.
enum class RecordEnds : std::uint8_t {
  exact,
  // A record that is alone in its line ends at the line's end; the bytes in between are not
  // examined. For callers that parse every record, and call recut() for those that are not JSON.
  guessed,
};

enum class Recut : std::uint8_t {
  same,     // record() is unchanged
  changed,  // record() is another record
  gone,     // the bytes are not a record; that was reported
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
