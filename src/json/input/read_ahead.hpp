// A RecordReader whose source is read, decompressed and cut into records on a second thread, a few
// batches ahead of the caller. Records, problems and their order are the same.
//
// The caller's thread begins alone, so that whoever wants only a little gets no thread, unless the
// source's options ask for two. The second one has the RecordReader from then on, and fills batches
// with records and problems while the caller uses one: four are in memory, each of `ahead_bytes` and a
// record, and what parsing makes of them. As long as the caller has something to do, the thread also
// parses.
//
// A record that is not JSON changes where the next one begins (recut(), resynchronise()), but by then
// others were cut. That is rare, so what was read ahead is thrown away: another RecordReader goes
// through the source up to that record, without parsing it, and everything after it is read by the
// calling thread.
#pragma once

#include <memory>

#include "json/input/source.hpp"

namespace cdr {

// How many threads may read a source with these options: as many as it asks for, or as there are cores,
// at most 2. If CDR_THREADS is 1 in the environment, no more than that.
unsigned count_threads(const SourceOptions& options);

class ReadAhead {
 public:
  // As RecordReader. `threads`: the most that may read, this one included.
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

  // Where a RecordReader's problems go, whichever thread it is on.
  class Route : public ProblemSink {
   public:
    explicit Route(ProblemSink& to) : to_(&to) {}
    void set(ProblemSink& to) { to_ = &to; }
    void report(const Problem& problem) override { to_->report(problem); }

   private:
    ProblemSink* to_;
  };
  // Counts them, and leaves out those that were reported before.
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
  std::unique_ptr<Ahead> ahead_;          // kept when it has ended: its records may still be in use
  std::uint64_t records_ = 0;             // that were delivered
  std::size_t bytes_ = 0;                 // of those without a second thread
  bool may_go_ahead_;
};

}  // namespace cdr
