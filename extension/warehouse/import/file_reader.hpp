// Reads the records of a file on the worker's thread, a batch ahead of the writer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/worker.hpp"
#include "extension/warehouse/import/batch.hpp"
#include "extension/warehouse/raw/tombstone.hpp"
#include "json/document/problem.hpp"
#include "reading/reader.hpp"

namespace cdr::ext {

// At most this much of a record is put into quarantine.
inline constexpr std::size_t quarantined_bytes = std::size_t{1024} * 1024;

// A problem, until it is written.
struct HeldProblem {
  Problem problem;
  std::optional<std::string> payload;  // of a record whose end was found
  std::uint64_t payload_bytes = 0;     // of the whole record
  std::string member;
};

// A file that is read a batch ahead of the writer, while the worker has nothing else to do.
//
//   FileReader reader(file, fetched_at, is_utf8, tombstones, worker);
//   reader.start(look);
//   while (reader.finish()) {
//     reader.start(look);  // reads the next part while this one is used
//     use(reader.problems(), reader.batch());
//   }
class FileReader : private ProblemSink {
 public:
  FileReader(const Source& file, std::optional<std::int64_t> fetched_at, bool is_utf8,
             const Tombstones& tombstones, Worker& worker)
      : reader_(file, *this, RecordEnds::guessed),
        fetched_at_(fetched_at),
        is_utf8_(is_utf8),
        tombstones_(tombstones),
        worker_(worker) {}
  ~FileReader() override { worker_.forget(); }

  void start(Look look) {
    done_ = worker_.run([this, look] { read(look); });
  }
  // false: the file has no more records.
  bool finish() {
    done_.get();
    std::swap(read_, filled_);
    return read_.seen > 0 || !read_.problems.empty();
  }
  std::int64_t seen() const { return read_.seen; }
  std::int64_t erased() const { return read_.erased; }  // the erased records among them
  const std::map<std::int32_t, std::int64_t>& zone_errors() const { return read_.zone_errors; }
  const std::vector<HeldProblem>& problems() const { return read_.problems; }
  // Members of an archive that are not read, because their names do not suggest records. Members
  // after the last record are included once finish() has returned false.
  const std::vector<std::string>& passed_over() const { return read_.passed_over; }
  Batch& batch() { return read_.batch; }

 private:
  struct Part {
    Batch batch;
    std::vector<HeldProblem> problems;
    std::vector<std::string> passed_over;
    std::size_t problem_bytes = 0;
    std::int64_t seen = 0, erased = 0;
    std::map<std::int32_t, std::int64_t> zone_errors;  // seconds: records
    bool is_full() const { return batch.is_full() || problem_bytes >= most_problem_bytes; }
  };
  static constexpr std::size_t most_problem_bytes = std::size_t{16} * 1024 * 1024;

  void read(Look look);

  // A problem outside a record is one of framing. Each counts as an abandoned record.
  void report(const Problem& problem) override;

  Reader reader_;
  std::optional<std::int64_t> fetched_at_;
  bool is_utf8_;  // of the warehouse
  const Tombstones& tombstones_;
  Worker& worker_;
  Worker::Pending done_;
  Part read_, filled_;  // the part in use, and the part that the worker fills
};

}  // namespace cdr::ext
