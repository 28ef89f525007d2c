#include "json/input/read_ahead.hpp"

#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/stop.hpp"
#include "core/worker.hpp"
#include "json/document/document.hpp"
#include "json/document/parser.hpp"

namespace cdr {
namespace {

constexpr unsigned most_threads = 2;
// Problems have a limit too, because a faulty input may have more problems than records.
constexpr std::size_t most_problems = 1024;

// There are several, so that neither thread has to wait as soon as the other one is late.
constexpr std::size_t batches = 4;

// Larger records are not parsed ahead, because a tape may be several times as large as its record.
constexpr std::size_t most_parsed_bytes = std::size_t{512} * 1024;

constexpr std::size_t not_parsed = ~std::size_t{0};

// The cores that this process may use, which may be fewer than the machine has.
unsigned count_cores() {
#ifdef CPU_COUNT
  cpu_set_t cores;
  if (::sched_getaffinity(0, sizeof cores, &cores) == 0)
    return static_cast<unsigned>(CPU_COUNT(&cores));
#endif
  return std::thread::hardware_concurrency();
}

Error changed(const Source& source) {
  return Error(source.named + " changed while it was read: run the query again");
}

}  // namespace

unsigned count_threads(const SourceOptions& options) {
  const char* const limit = std::getenv("CDR_THREADS");  // NOLINT(concurrency-mt-unsafe)
  if (limit != nullptr && std::strcmp(limit, "1") == 0) return 1;
  return std::clamp(options.threads != 0 ? options.threads : count_cores(), 1U, most_threads);
}

void ReadAhead::Teller::report(const Problem& problem) {
  if (left_out_ != 0) {
    --left_out_;
    return;
  }
  ++told_;
  sink_.report(problem);
}

// The batches that the second thread fills and the caller reads.
class ReadAhead::Ahead : public ProblemSink {
 public:
  Ahead(std::size_t bytes, KeyMarks marks) : bytes_(bytes), parser_(marks) {}
  ~Ahead() override { worker_.forget(); }

  // Takes over the reader, whose problems must from now on be reported here.
  void start(std::unique_ptr<RecordReader> reader) {
    reader_ = std::move(reader);
    for (Slot& slot : slots_)
      if (&slot != used_) start(slot);
  }
  // Ends the reading. Records that were delivered stay valid.
  void stop() {
    worker_.forget();
    for (Slot& slot : slots_) slot.filling = {};
  }

  // The next record; false: there are no more. Reports what comes before it.
  bool next(ProblemSink& sink) {
    for (;;) {
      check_stop();  // the other thread's checks do not ask the host
      const Batch& batch = used_->batch;
      while (next_problem_ < batch.problems.size() && batch.problems[next_problem_].before == next_)
        sink.report(batch.problems[next_problem_++].problem);
      if (next_ < batch.cuts.size()) {
        deliver(batch, batch.cuts[next_++]);
        return true;
      }
      if (batch.error) std::rethrow_exception(batch.error);
      if (batch.is_last) return false;
      start(*used_);
      used_ = used_ == &slots_.back() ? &slots_.front() : used_ + 1;
      next_ = next_problem_ = 0;
      is_waited_for_.store(true, std::memory_order_relaxed);
      used_->filling.get();
      is_waited_for_.store(false, std::memory_order_relaxed);
    }
  }
  const RawRecord& record() const { return record_; }

 private:
  struct Cut {
    std::size_t begin = 0, size = 0;  // of its text
    std::size_t member_size = 0;      // the member's name comes before the text
    std::string_view file;
    std::uint64_t number = 0, offset = 0;
    // The beginnings, in the batch, of its tape and of the places of its root's keys.
    std::size_t tape = not_parsed, places = 0;
    ParsedRecord parsed;  // deliver() sets its pointers into the batch
  };
  struct Found {
    std::size_t before;  // the record that it comes before
    Problem problem;
  };
  struct Batch {
    std::vector<char> text;
    std::vector<std::uint64_t> tapes;
    std::vector<std::uint32_t> places;
    std::vector<std::shared_ptr<const RootIndex>> indexes;
    Arena unescaped;
    std::vector<Cut> cuts;
    std::vector<Found> problems;
    std::exception_ptr error;  // the error that ended the reading, after all of these
    bool is_last = false;

    void clear() {
      text.clear();
      tapes.clear();
      places.clear();
      indexes.clear();
      unescaped.rewind();
      cuts.clear();
      problems.clear();
    }
  };
  // Slots are filled one after the other, and used in the same order.
  struct Slot {
    Batch batch;
    Worker::Pending filling;
  };

  void start(Slot& slot) {
    slot.filling = worker_.run([this, &slot] { fill(slot.batch); });
  }
  // Runs on the second thread.
  void fill(Batch& batch) {
    batch.clear();
    filled_ = &batch;
    batch.is_last = has_ended_;
    try {
      while (!batch.is_last && batch.text.size() < bytes_ && batch.problems.size() < most_problems)
        if (reader_->next())
          add(batch, reader_->record());
        else
          batch.is_last = has_ended_ = true;
    } catch (...) {
      batch.error = std::current_exception();
      has_ended_ = true;
    }
  }
  void report(const Problem& problem) override {  // called by the reader
    filled_->problems.push_back({filled_->cuts.size(), problem});
  }
  void add(Batch& batch, const RawRecord& record) {
    std::vector<char>& text = batch.text;
    text.insert(text.end(), record.member.begin(), record.member.end());
    Cut cut;
    cut.begin = text.size();
    cut.size = record.bytes.size();
    cut.member_size = record.member.size();
    cut.file = record.file;
    cut.number = record.number;
    cut.offset = record.offset;
    text.insert(text.end(), record.bytes.begin(), record.bytes.end());
    text.insert(text.end(), padding, '\0');
    if (!is_waited_for_.load(std::memory_order_relaxed)) parse(record.bytes, batch, cut);
    batch.cuts.push_back(cut);
  }

  // Parses a record ahead of the caller. Only records without problems whose roots have the same
  // keys as roots before them are delivered parsed.
  void parse(std::string_view json, Batch& batch, Cut& cut) {
    if (json.size() > most_parsed_bytes || !parser_.parse(json, batch.unescaped)) return;
    const RootKeys* const root = parser_.known_root();
    if (root == nullptr) return;
    if (batch.indexes.empty() || batch.indexes.back() != root->index())
      batch.indexes.push_back(root->index());
    const Tape& tape = parser_.tape();
    const std::size_t begin = batch.tapes.size();
    cut.places = batch.places.size();
    batch.places.insert(batch.places.end(), root->places().begin(), root->places().end());
    batch.tapes.insert(batch.tapes.end(), tape.words, tape.words + tape.behind(0));
    cut.tape = begin;
    cut.parsed = {{nullptr, nullptr, tape.unescaped},
                  parser_.unescaped_bytes(),
                  parser_.has_odd(),
                  root->index().get(),
                  root->places(),
                  parser_.marks()};
  }

  void deliver(const Batch& batch, const Cut& cut) {
    const char* const text = batch.text.data() + cut.begin;
    record_ = {{text, cut.size},
               cut.file,
               cut.number,
               cut.offset,
               {text - cut.member_size, cut.member_size},
               nullptr};
    if (cut.tape == not_parsed) return;
    parsed_ = cut.parsed;
    parsed_.tape.words = batch.tapes.data() + cut.tape;
    parsed_.tape.json = text;
    parsed_.places = {batch.places.data() + cut.places, cut.parsed.places.size()};
    record_.parsed = &parsed_;
  }

  const std::size_t bytes_;
  // Used by the second thread.
  std::unique_ptr<RecordReader> reader_;
  Parser parser_;
  Batch* filled_ = nullptr;
  bool has_ended_ = false;
  // Used by the caller.
  std::array<Slot, batches> slots_;
  Slot* used_ = &slots_.front();
  std::size_t next_ = 0, next_problem_ = 0;  // of the batch in use
  RawRecord record_;
  ParsedRecord parsed_;
  std::atomic<bool> is_waited_for_ = false;
  Worker worker_;  // last, because its work uses the others
};

ReadAhead::ReadAhead(const Source& source, const FramingRules& rules, ProblemSink& sink,
                     RecordEnds ends, unsigned threads)
    : source_(source),
      rules_(rules),
      ends_(ends),
      teller_(sink),
      route_(teller_),
      reader_(std::make_unique<RecordReader>(source, rules, route_, ends)),
      may_go_ahead_(threads > 1 && source.as_read == nullptr) {}
ReadAhead::~ReadAhead() = default;

bool ReadAhead::next() {
  const bool was_asked_to = source_.options.threads > 1;
  if (may_go_ahead_ && (was_asked_to || bytes_ >= source_.options.ahead_bytes)) go_ahead();
  if (is_ahead() ? !ahead_->next(teller_) : !reader_->next()) return false;
  ++records_;
  if (!is_ahead()) bytes_ += reader_->record().bytes.size();
  return true;
}

const RawRecord& ReadAhead::record() const {
  return is_ahead() ? ahead_->record() : reader_->record();
}

void ReadAhead::go_ahead() {
  may_go_ahead_ = false;
  ahead_ = std::make_unique<Ahead>(source_.options.ahead_bytes, rules_.marks);
  route_.set(*ahead_);
  ahead_->start(std::move(reader_));
}

// Reads the source again up to the current record.
void ReadAhead::begin_again() {
  ahead_->stop();
  const RawRecord& wanted = ahead_->record();
  route_.set(teller_);
  teller_.leave_out_told();
  auto reader = std::make_unique<RecordReader>(source_, rules_, route_, ends_);
  for (std::uint64_t i = 0; i < records_; ++i)
    if (!reader->next()) throw changed(source_);
  const RawRecord& found = reader->record();
  if (teller_.leaves_out() || found.offset != wanted.offset || found.bytes != wanted.bytes)
    throw changed(source_);
  reader_ = std::move(reader);
}

void ReadAhead::report(const Problem& problem) {
  may_go_ahead_ = false;
  if (is_ahead()) begin_again();
  reader_->report(problem);
}

// begin_again() could not repeat a recut, so nothing is read ahead after one.
Recut ReadAhead::recut() {
  may_go_ahead_ = false;
  if (is_ahead()) begin_again();
  return reader_->recut();
}

void ReadAhead::resynchronise() {
  may_go_ahead_ = false;
  if (is_ahead()) begin_again();
  reader_->resynchronise();
}

}  // namespace cdr
