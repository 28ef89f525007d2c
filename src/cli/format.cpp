#include "cli/format.hpp"

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "cli/failure.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "core/text.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {
namespace {

// csv and tsv: one line per row, made of fields.
class Lines : public RowWriter {
 public:
  Lines(const FormatOptions& options, Output& output, char separator)
      : options_(options), output_(output), separator_(separator) {}

  void begin(const std::vector<std::string>& columns) override {
    if (!options_.header) return;
    for (const std::string& column : columns) add(field({Cell::Kind::text, 0, column}));
    end_line();
  }
  void row(std::span<const Cell> cells) override {
    for (const Cell& cell : cells) add(field(cell));
    end_line();
  }
  void end() override {}

 protected:
  virtual std::string field(const Cell& cell) const = 0;
  const FormatOptions& options() const { return options_; }

 private:
  void add(const std::string& text) {
    if (!first_) line_ += separator_;
    first_ = false;
    line_ += text;
  }
  void end_line() {
    line_ += '\n';
    output_.write(line_);
    line_.clear();
    first_ = true;
  }
  FormatOptions options_;
  Output& output_;
  char separator_;
  std::string line_;
  bool first_ = true;
};

class Csv : public Lines {
 public:
  Csv(const FormatOptions& options, Output& output) : Lines(options, output, ',') {}

 private:
  std::string field(const Cell& cell) const override {
    std::string null = options().null.value_or("");
    if (cell.kind == Cell::Kind::null) return null;
    std::string text = plain(cell);
    if (cell.kind != Cell::Kind::text) return text;
    const bool quote = text == null || text.empty() || text.front() == ' ' || text.back() == ' ' ||
                       text.find_first_of(",\"\r\n\t") != text.npos;
    if (!quote) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
  }
};

class Tsv : public Lines {
 public:
  Tsv(const FormatOptions& options, Output& output) : Lines(options, output, '\t') {}

 private:
  std::string field(const Cell& cell) const override {
    if (cell.kind == Cell::Kind::null) return options().null.value_or("\\N");
    static constexpr std::pair<char, char> escapes[] = {
        {'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}, {'\\', '\\'}, {'\0', '0'}};
    std::string text;
    for (const char c : plain(cell)) {
      const auto* escape =
          std::find_if(std::begin(escapes), std::end(escapes),
                       [c](const auto& candidate) { return candidate.first == c; });
      if (escape == std::end(escapes)) {
        text += c;
      } else {
        text += '\\';
        text += escape->second;
      }
    }
    return text;
  }
};

class Json : public RowWriter {
 public:
  Json(Output& output, bool lines) : output_(output), lines_(lines) {}

  void begin(const std::vector<std::string>& columns) override {
    keys_.clear();
    std::set<std::string> used;
    for (const std::string& column : columns) {
      std::string name = column;
      for (int n = 1; !used.insert(name).second; ++n) name = column + ':' + std::to_string(n);
      std::string key;
      append_json_string(key, valid_utf8(name));
      keys_.push_back(key + ':');
    }
    if (!lines_) output_.write("[");
    any_ = false;
  }
  void row(std::span<const Cell> cells) override {
    std::string text;
    if (!lines_ && any_) text = ",\n";
    any_ = true;
    text += '{';
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) text += ',';
      text += keys_[i];
      append(text, cells[i]);
    }
    text += '}';
    if (lines_) text += '\n';
    output_.write(text);
  }
  void end() override {
    if (!lines_) output_.write("]\n");
  }

 private:
  static void append(std::string& to, const Cell& cell) {
    if (cell.kind == Cell::Kind::null)
      to += "null";
    else if (is_number(cell))
      to += plain(cell);
    else
      append_json_string(to, valid_utf8(plain(cell)));
  }
  Output& output_;
  bool lines_;
  std::vector<std::string> keys_;
  bool any_ = false;
};

}  // namespace

void Output::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), to_) != text.size()) fail();
}

void Output::flush() {
  if (std::fflush(to_) != 0) fail();
}

void Output::fail() const {
  const int error = errno;
  if (error == EPIPE) throw Closed();
  const std::string reason = reason_of(error);
  if (file_.empty())
    throw Failure("cannot write the rows: " + reason + "; send them somewhere with space");
  throw Failure(file_ + ": cannot be written: " + reason + "; name a file on a disk with space");
}

std::unique_ptr<RowWriter> make_writer(const FormatOptions& options, Output& output) {
  switch (options.format) {
    case Format::csv:
      return std::make_unique<Csv>(options, output);
    case Format::tsv:
      return std::make_unique<Tsv>(options, output);
    case Format::json:
      return std::make_unique<Json>(output, false);
    case Format::ndjson:
      return std::make_unique<Json>(output, true);
    case Format::md:
      return make_markdown(options, output);
    case Format::line:
      return make_line(options, output);
    case Format::table:
      break;
  }
  return make_table(options, output);
}

}  // namespace cdr::cli
