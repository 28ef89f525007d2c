#include "json/source.hpp"

#include "json/bytes.hpp"
#include "json/framer.hpp"
#include "json/progress.hpp"

namespace cdr {

struct RecordReader::State {
  State(const Source& read, const FramingRules& rules, ProblemSink& problems, RecordEnds ends)
      : source(read), sink(problems), framer(rules, problems, ends) {}

  // Begins the next input; false: there is none.
  bool open_next() {
    if (source.is_content) {
      if (next_input++ != 0) return false;
      framer.open(memory_bytes(source.content), content_name, source.content.size());
      return true;
    }
    while (next_input < source.paths.size()) {
      const std::string& path = source.paths[next_input++];
      try {
        framer.open(open_bytes(path), path);
        return true;
      } catch (const ReadFailure& failure) {
        sink.report({failure.code, path, 0, 0, {}, failure.message});
      }
    }
    return false;
  }

  const Source& source;
  ProblemSink& sink;
  Framer framer;
  std::size_t next_input = 0;
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

Recut RecordReader::recut() {
  return state_->framer.recut();
}

void RecordReader::resynchronise() {
  state_->framer.resynchronise();
}

}  // namespace cdr
