// A RecordReader whose source is read, decompressed and cut into records on a second thread, a few
// batches ahead of the caller. Records, problems and their order are the same.
//
// The caller's thread begins alone, so that a query that needs only a few records starts no second
// thread, unless the source's options ask for two. The second thread then takes over the
// RecordReader, and fills batches with records and problems while the caller uses one. Four batches
// are in memory. Each holds `ahead_bytes` and one more record, and the results of parsing them. As
// long as the caller does not wait for records, the second thread also parses.
//
// A record that is not JSON changes where the next one begins (recut(), resynchronise()), but the
// second thread has already cut records after it. This is rare, so the batches are discarded.
// Another RecordReader reads the source again up to that record, without parsing it, and the
// calling thread reads everything after it.
#pragma once

#include <memory>

#include "json/input/source.hpp"

namespace cdr {

// The number of threads that may read a source with these options: as many as the options ask for,
// otherwise as many as there are cores, but at most 2. It is 1 if the environment variable
// CDR_THREADS is 1.
unsigned count_threads(const SourceOptions& options);

class ReadAhead {
 public:
  // Like RecordReader. `threads`: the largest number of threads that may read, including this one.
  ReadAhead(const Source& source, const FramingRules& rules, ProblemSink& sink, RecordEnds ends,
            unsigned threads);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  bool next();
  const RawRecord& record() const;
  void report(const Problem& problem);
  Recut recut();
  void resynchronise();

 private:
  class Ahead;

  bool is_ahead() const { return reader_ == nullptr; }
  void go_ahead();
  void begin_again();

  // Passes on a RecordReader's problems, whichever thread it runs on.
  class Route : public ProblemSink {
   public:
    explicit Route(ProblemSink& to) : to_(&to) {}
    void set(ProblemSink& to) { to_ = &to; }
    void report(const Problem& problem) override { to_->report(problem); }

   private:
    ProblemSink* to_;
  };
  // Counts the problems, and leaves out those that were reported before.
  class Teller : public ProblemSink {
   public:
    explicit Teller(ProblemSink& sink) : sink_(sink) {}
    void report(const Problem& problem) override;
    void leave_out_told() { left_out_ = told_; }
    bool leaves_out() const { return left_out_ != 0; }

   private:
    ProblemSink& sink_;
    std::uint64_t told_ = 0, left_out_ = 0;
  };

  const Source& source_;
  const FramingRules& rules_;
  const RecordEnds ends_;
  Teller teller_;
  Route route_;
  std::unique_ptr<RecordReader> reader_;  // null: the other thread has it
  std::unique_ptr<Ahead> ahead_;          // kept after its end: its records may still be in use
  std::uint64_t records_ = 0;             // number of records delivered
  std::size_t bytes_ = 0;                 // of the records read without a second thread
  bool may_go_ahead_;
};

}  // namespace cdr
