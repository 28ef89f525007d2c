// One table as csv, tsv, json or ndjson.
#include "cli/sink.hpp"

namespace cdr::cli {
namespace {

class TextSink : public Sink {
 public:
  TextSink(const FormatOptions& format, TargetFile& target)
      : output_(target.stream(), target.name()), writer_(make_writer(format, output_)) {}

  void begin(const std::string&, const std::vector<ExportColumn>& columns) override {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const ExportColumn& column : columns) names.push_back(column.name);
    writer_->begin(names);
  }
  void row(std::span<const Cell> cells) override { writer_->row(cells); }
  void end() override { writer_->end(); }
  std::vector<std::string> finish() override {
    output_.flush();
    return {};
  }

 private:
  Output output_;
  std::unique_ptr<RowWriter> writer_;
};

}  // namespace

std::unique_ptr<Sink> make_text_sink(const FormatOptions& format, TargetFile& target) {
  return std::make_unique<TextSink>(format, target);
}

}  // namespace cdr::cli
