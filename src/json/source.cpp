#include "json/source.hpp"

#include <functional>
#include <optional>
#include <utility>

#include "json/bytes.hpp"
#include "json/framer.hpp"
#include "json/progress.hpp"

namespace cdr {

namespace {

// A damaged byte of a compressed file may decompress to another one: then records are not JSON, and
// what is wrong with the file shows only behind them. So with the first such record all of the file
// is decompressed, and its damage is told before the record.
class DamageFirst : public ProblemSink {
 public:
  explicit DamageFirst(ProblemSink& sink) : sink_(sink) {}

  using Reopen = std::function<std::unique_ptr<ByteStream>()>;
  void open(Reopen reopen) {
    reopen_ = std::move(reopen);
    told_.reset();
  }
  void close() { open(nullptr); }
  void report(const Problem& problem) override {
    if (problem.record == 0 && told_ == problem.code) return;
    if (problem_kind(problem.code).loses == ProblemKind::Loses::file) reopen_ = nullptr;
    if (reopen_ && may_be_damage(problem)) look(problem);
    sink_.report(problem);
  }

 private:
  static bool may_be_damage(const Problem& problem) {
    return problem_kind(problem.code).loses == ProblemKind::Loses::record &&
           problem.code != ProblemCode::unrecognised && problem.code != ProblemCode::missing_key;
  }
  void look(const Problem& problem) {
    const Reopen reopen = std::exchange(reopen_, nullptr);
    std::optional<Damage> damage;
    try {
      damage = damage_of(*reopen());
    } catch (const ReadFailure& failure) {
      damage = Damage{failure, 0};  // its first bytes, which say whether it is compressed
    }
    if (!damage) return;
    told_ = damage->failure.code;
    sink_.report({damage->failure.code,
                  problem.file,
                  0,
                  damage->at,
                  {},
                  std::move(damage->failure.message)});
  }

  ProblemSink& sink_;
  Reopen reopen_;  // the input that is read, until it was looked at
  std::optional<ProblemCode> told_;
};

}  // namespace

struct RecordReader::State {
  State(const Source& read, const FramingRules& rules, ProblemSink& problems, RecordEnds ends)
      : source(read), sink(problems), framer(rules, sink, ends) {}

  // Begins the next input; false: there is none.
  bool open_next() {
    if (source.is_content) {
      if (next_input++ != 0) return false;
      sink.open([this] { return memory_bytes(source.content); });
      framer.open(memory_bytes(source.content), content_name, source.content.size());
      return true;
    }
    for (; next_unread < source.unread.size(); ++next_unread)
      sink.report(source.unread[next_unread]);
    sink.close();
    while (next_input < source.paths.size()) {
      const std::string& path = source.paths[next_input++];
      try {
        const auto file = std::make_shared<InputFile>(path);
        auto stream = open_bytes(file, source.as_read);
        sink.open([file] { return bytes_again(file); });
        framer.open(std::move(stream), path);
        return true;
      } catch (const ReadFailure& failure) {
        sink.report({failure.code, path, 0, 0, {}, failure.message});
      }
    }
    return false;
  }

  const Source& source;
  DamageFirst sink;
  Framer framer;
  std::size_t next_input = 0, next_unread = 0;
};

RecordReader::RecordReader(const Source& source, const FramingRules& rules, ProblemSink& sink,
                           RecordEnds ends)
    : state_(std::make_unique<State>(source, rules, sink, ends)) {}

RecordReader::~RecordReader() = default;

bool RecordReader::next() {
  do {
    if (state_->framer.next()) {
      read_progress.records.fetch_add(1, std::memory_order_relaxed);
      return true;
    }
  } while (state_->open_next());
  return false;
}

const RawRecord& RecordReader::record() const {
  return state_->framer.record();
}

void RecordReader::report(const Problem& problem) {
  state_->sink.report(problem);
}

Recut RecordReader::recut() {
  return state_->framer.recut();
}

void RecordReader::resynchronise() {
  state_->framer.resynchronise();
}

}  // namespace cdr
