#include "cli/format.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

#include "cli/failure.hpp"
#include "cli/text.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

bool is_number(const Cell& cell) {
  return cell.kind == Cell::Kind::integer || cell.kind == Cell::Kind::real;
}

// The shortest text that reads back as the same number, and as a real one.
std::string exact(double number) {
  if (std::isinf(number)) return number < 0 ? "-1e999" : "1e999";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  std::string text(digits, end);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

std::string blob_literal(std::string_view bytes) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string text = "x'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += hex[byte >> 4];
    text += hex[byte & 15];
  }
  return text + "'";
}

// A number, blob or text without quoting.
std::string plain(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::real:
      return exact(cell.number);
    case Cell::Kind::blob:
      return blob_literal(cell.text);
    default:
      return std::string(cell.text);
  }
}

// csv and tsv: a line per row, made of fields.
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

// What the two aligned forms have in common: rows wait until the columns' widths are known. So that
// memory stays bounded, the first rows decide; a wider cell further down pushes its line's border.
class Aligned : public RowWriter {
 public:
  Aligned(const FormatOptions& options, Output& output) : options_(options), output_(output) {}

  void begin(const std::vector<std::string>& columns) override {
    columns_.clear();
    waiting_.clear();
    started_ = several_lines_ = false;
    for (const std::string& name : columns) {
      columns_.push_back({shown({Cell::Kind::text, 0, name}), 0, false, false});
      columns_.back().width = widest_line(columns_.back().name);
    }
  }
  void row(std::span<const Cell> cells) override {
    std::vector<std::string> texts;
    texts.reserve(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      texts.push_back(cells[i].kind == Cell::Kind::null ? null() : shown(cells[i]));
      if (!started_) widen(columns_[i], cells[i], texts.back());
    }
    if (started_) {
      between_rows();
      return write(texts);
    }
    waiting_.push_back(std::move(texts));
    if (waiting_.size() == rows_that_decide) start();
  }
  void end() override {
    if (!started_) start();
    foot();
  }

 protected:
  struct Column {
    std::string name;
    std::size_t width;
    bool number;  // so far it has nothing else: shown at the right
    bool other;
  };
  // Line feeds in it break the cell into lines.
  virtual std::string shown(const Cell& cell) const = 0;
  virtual void head() = 0;
  virtual void between_rows() {}
  virtual void foot() = 0;
  virtual std::string_view border() const = 0;

  const std::vector<Column>& columns() const { return columns_; }
  const FormatOptions& options() const { return options_; }
  Output& output() { return output_; }
  // Whether one of the rows that decide has a cell of several lines.
  bool several_lines() const { return several_lines_; }

  void write(const std::vector<std::string>& texts) {
    std::vector<std::string_view> rests(texts.begin(), texts.end());
    do {
      std::string line(border());
      for (std::size_t i = 0; i < rests.size(); ++i) {
        add(line, first_line(rests[i]), columns_[i]);
        rests[i].remove_prefix(std::min(rests[i].size(), first_line(rests[i]).size() + 1));
      }
      output_.write(line + '\n');
    } while (!std::all_of(rests.begin(), rests.end(), [](auto rest) { return rest.empty(); }));
  }

 private:
  static constexpr std::size_t rows_that_decide = 10'000;

  std::string null() const {
    return options_.null ? shown({Cell::Kind::text, 0, *options_.null}) : "NULL";
  }
  static std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
  }
  static std::size_t widest_line(std::string_view text) {
    std::size_t width = 1;
    while (!text.empty()) {
      const std::string_view line = first_line(text);
      width = std::max(width, width_of(line));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return width;
  }
  void add(std::string& to, std::string_view text, const Column& column) const {
    const std::size_t width = width_of(text);
    const std::string blanks(column.width > width ? column.width - width : 0, ' ');
    to += ' ';
    if (column.number) to += blanks;
    to += text;
    if (!column.number) to += blanks;
    to += ' ';
    to += border();
  }
  void widen(Column& column, const Cell& cell, const std::string& text) {
    column.width = std::max(column.width, widest_line(text));
    several_lines_ = several_lines_ || text.find('\n') != text.npos;
    if (cell.kind == Cell::Kind::null) return;
    (is_number(cell) ? column.number : column.other) = true;
  }
  void start() {
    started_ = true;
    for (Column& column : columns_) column.number = column.number && !column.other;
    head();
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (i != 0) between_rows();
      write(waiting_[i]);
    }
    waiting_.clear();
  }

  FormatOptions options_;
  Output& output_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> waiting_;
  bool started_ = false;
  bool several_lines_ = false;
};

// Breaks it into lines of at most `width` columns.
std::string wrapped(const std::string& text, std::size_t width) {
  std::string lines;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto wide = static_cast<std::size_t>(width_of(next_character(text, at)));
    if (used + wide > width) {
      lines += '\n';
      used = 0;
    }
    used += wide;
    lines.append(text, begin, at - begin);
  }
  return lines;
}

class Table : public Aligned {
 public:
  using Aligned::Aligned;

 private:
  std::string shown(const Cell& cell) const override {
    // People read fifteen digits, as SQLite's own text of a number has them.
    std::string text =
        cell.kind == Cell::Kind::blob ? blob_literal(cell.text) : printable(cell.text);
    return options().wrap == 0 ? text : wrapped(text, options().wrap);
  }
  std::string_view border() const override { return "│"; }
  void head() override {
    rule("┌", "┬", "┐");
    if (!options().header) return;
    std::vector<std::string> names;
    for (const Column& column : columns()) names.push_back(column.name);
    write(names);
    rule("├", "┼", "┤");
  }
  void between_rows() override {
    if (several_lines()) rule("├", "┼", "┤");
  }
  void foot() override { rule("└", "┴", "┘"); }
  void rule(std::string_view left, std::string_view between, std::string_view right) {
    std::string line(left);
    for (std::size_t i = 0; i < columns().size(); ++i) {
      if (i != 0) line += between;
      for (std::size_t n = 0; n < columns()[i].width + 2; ++n) line += "─";
    }
    output().write(line.append(right) + '\n');
  }
};

class Markdown : public Aligned {
 public:
  using Aligned::Aligned;

 private:
  std::string shown(const Cell& cell) const override {
    if (cell.kind == Cell::Kind::blob) return blob_literal(cell.text);
    std::string text;
    const auto word = [&](std::size_t at) {
      return at < cell.text.size() &&
             (std::isalnum(static_cast<unsigned char>(cell.text[at])) != 0 ||
              static_cast<unsigned char>(cell.text[at]) >= 0x80);
    };
    for (std::size_t i = 0; i < cell.text.size(); ++i) {
      const char c = cell.text[i];
      if (c == '\n') {
        text += "<br>";
        continue;
      }
      if (c == '\r' && i + 1 < cell.text.size() && cell.text[i + 1] == '\n') continue;
      // An underscore inside a word is no emphasis.
      const bool mark = std::string_view("\\|`*<>[]~&").find(c) != std::string_view::npos ||
                        (c == '_' && !(i > 0 && word(i - 1) && word(i + 1)));
      if (mark) text += '\\';
      text += c;
    }
    return printable(text);
  }
  std::string_view border() const override { return "|"; }
  void head() override {
    std::vector<std::string> names;
    for (const Column& column : columns()) names.push_back(options().header ? column.name : "");
    write(names);
    std::string line = "|";
    for (const Column& column : columns())
      line += ' ' + std::string(std::max<std::size_t>(column.width, 2) - 1, '-') +
              (column.number ? ":" : "-") + " |";
    output().write(line + '\n');
  }
  void foot() override {}
};

}  // namespace

void Output::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), to_) == text.size()) return;
  throw Failure("cannot write the rows: " + std::generic_category().message(errno) +
                "; send them somewhere with space");
}

void Output::flush() {
  if (std::fflush(to_) == 0) return;
  throw Failure("cannot write the rows: " + std::generic_category().message(errno) +
                "; send them somewhere with space");
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
      return std::make_unique<Markdown>(options, output);
    case Format::table:
      break;
  }
  return std::make_unique<Table>(options, output);
}

}  // namespace cdr::cli
