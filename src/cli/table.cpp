#include "cli/table.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "cli/fit.hpp"
#include "cli/text.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

constexpr std::string_view cut_mark = "…";
constexpr std::string_view bold = "\x1b[1m", dim = "\x1b[2m", usual = "\x1b[0m";

// A cell as people read it, in one line. They read fifteen digits of a number, as SQLite's own text
// has them.
std::string readable(const Cell& cell) {
  return cell.kind == Cell::Kind::blob ? blob_literal(cell.text) : printable(cell.text);
}

// As much of the text as fits into `width`, with a mark if something is missing.
std::string cut(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::size_t used = 0, end = 0;
  for (std::size_t at = 0; at < text.size(); end = at) {
    used += static_cast<std::size_t>(width_of(next_character(text, at)));
    if (used + 1 > width) break;
  }
  return std::string(text.substr(0, end)).append(cut_mark);
}

// 2024-05-02 10:00:00.000. It is never cut, because a part of an instant is another instant.
bool is_instant(std::string_view text) {
  constexpr std::string_view pattern = "dddd-dd-dd dd:dd:dd";
  if (text.size() < pattern.size() || text.size() > pattern.size() + 7) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] == 'd' ? !is_digit(text[i]) : text[i] != pattern[i] && text[i] != 'T')
      return false;
  return true;
}

struct Text {
  std::string text;  // line feeds break it into lines
  bool is_null = false;
  bool is_number = false;
  bool is_whole = false;  // never cut
};

// The common part of the two aligned formats: rows wait until the columns' widths are known. To
// keep memory bounded, the first rows decide. A wider cell further down is cut if the table must
// fit; otherwise it pushes its line's border.
class Aligned : public RowWriter {
 public:
  Aligned(const FormatOptions& options, Output& output) : options_(options), output_(output) {}

  void begin(const std::vector<std::string>& columns) override {
    columns_.clear();
    waiting_.clear();
    started_ = several_lines_ = false;
    for (const std::string& name : columns) {
      columns_.emplace_back();
      columns_.back().name = shown({Cell::Kind::text, 0, name});
      columns_.back().size.header = widest_line(columns_.back().name);
    }
  }
  void row(std::span<const Cell> cells) override {
    std::vector<Text> texts;
    texts.reserve(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool is_null = cells[i].kind == Cell::Kind::null;
      const bool number = is_number(cells[i]);
      texts.push_back({is_null ? null() : shown(cells[i]), is_null, number,
                       number || is_instant(cells[i].text)});
      if (!started_) widen(columns_[i], texts.back());
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
    ColumnSize size;
    std::size_t width = 0;   // 0: left out
    bool is_number = false;  // it has only numbers, which are aligned right
    bool has_number = false, has_other = false, has_text = false;
  };
  virtual std::string shown(const Cell& cell) const = 0;
  virtual void head() = 0;
  virtual void between_rows() {}
  virtual void foot() = 0;
  virtual std::string_view border() const = 0;
  // Sets each column's width.
  virtual void decide_widths() {
    for (Column& column : columns_) column.width = std::max<std::size_t>(column.size.natural(), 1);
  }
  // A line of a cell, fitted to its column's width.
  virtual std::string fitted(std::string_view line, const Column&, const Text&) const {
    return std::string(line);
  }
  virtual std::string_view look(const Text&) const { return {}; }

  std::vector<Column>& columns() { return columns_; }
  const FormatOptions& options() const { return options_; }
  Output& output() { return output_; }
  // Whether one of the rows that decide has a cell with several lines.
  bool several_lines() const { return several_lines_; }

  void write_names(std::string_view look_of_names) {
    std::vector<Text> names;
    for (const Column& column : columns_) names.push_back({column.name});
    names_look_ = look_of_names;
    write(names);
    names_look_ = {};
  }

  void write(const std::vector<Text>& texts) {
    std::vector<std::string_view> rests;
    for (std::size_t i = 0; i < texts.size(); ++i)
      rests.push_back(columns_[i].width == 0 ? std::string_view() : texts[i].text);
    do {
      std::string line(border());
      for (std::size_t i = 0; i < rests.size(); ++i) {
        if (columns_[i].width == 0) continue;
        const std::string_view first = first_line(rests[i]);
        add(line, fitted(first, columns_[i], texts[i]), columns_[i], texts[i]);
        rests[i].remove_prefix(std::min(rests[i].size(), first.size() + 1));
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
    std::size_t width = 0;
    while (!text.empty()) {
      const std::string_view line = first_line(text);
      width = std::max(width, width_of(line));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return width;
  }
  void add(std::string& to, std::string_view text, const Column& column, const Text& cell) const {
    const std::size_t width = width_of(text);
    const std::string blanks(column.width > width ? column.width - width : 0, ' ');
    const std::string_view look_of_text = names_look_.empty() ? look(cell) : names_look_;
    to += ' ';
    if (column.is_number) to += blanks;
    to.append(look_of_text).append(text);
    if (!look_of_text.empty()) to += usual;
    if (!column.is_number) to += blanks;
    to += ' ';
    to += border();
  }
  void widen(Column& column, const Text& cell) {
    column.size.content = std::max(column.size.content, widest_line(cell.text));
    several_lines_ = several_lines_ || cell.text.find('\n') != std::string::npos;
    if (cell.is_null) return;
    (cell.is_number ? column.has_number : column.has_other) = true;
    column.has_text = column.has_text || !cell.is_whole;
  }
  void start() {
    started_ = true;
    for (Column& column : columns_) {
      column.is_number = column.has_number && !column.has_other;
      column.size.is_whole = !column.has_text;
      column.size.is_empty = !column.has_number && !column.has_other && !waiting_.empty();
    }
    decide_widths();
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
  std::vector<std::vector<Text>> waiting_;
  std::string_view names_look_;
  bool started_ = false;
  bool several_lines_ = false;
};

// Breaks the text into lines of at most `width` columns.
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
  Table(const FormatOptions& options, Output& output)
      : Aligned(options, output),
        wrap_(options.wrap.value_or(options.max_width == 0 ? usual_wrap : 0)) {}

 private:
  static constexpr std::size_t usual_wrap = 60;

  std::string shown(const Cell& cell) const override {
    std::string text = readable(cell);
    return wrap_ == 0 ? text : wrapped(text, wrap_);
  }
  std::string_view border() const override { return "│"; }
  void decide_widths() override {
    if (options().max_width == 0) return Aligned::decide_widths();
    std::vector<ColumnSize> sizes;
    for (const Column& column : columns()) {
      sizes.push_back(column.size);
      if (!options().header) sizes.back().header = 0;
      sizes.back().content = std::max<std::size_t>(sizes.back().content, 1);
    }
    const std::vector<std::size_t> widths = fit(sizes, options().max_width);
    for (std::size_t i = 0; i < widths.size(); ++i) columns()[i].width = widths[i];
  }
  std::string fitted(std::string_view line, const Column& column, const Text& cell) const override {
    if (options().max_width == 0 || (cell.is_whole && column.size.is_whole))
      return std::string(line);
    return cut(line, column.width);
  }
  std::string_view look(const Text& cell) const override {
    return options().colours && cell.is_null ? dim : std::string_view();
  }
  void head() override {
    rule("┌", "┬", "┐");
    if (!options().header) return;
    write_names(options().colours ? bold : std::string_view());
    rule("├", "┼", "┤");
  }
  void between_rows() override {
    if (several_lines()) rule("├", "┼", "┤");
  }
  void foot() override {
    rule("└", "┴", "┘");
    std::vector<std::string> missing;
    for (const Column& column : columns())
      if (column.width == 0) missing.push_back(column.name);
    if (missing.empty()) return;
    std::string names;
    for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
    const std::string count =
        std::to_string(missing.size()) + (missing.size() == 1 ? " more column" : " more columns");
    output().write(
        cut(count + ": " + names, options().max_width) + '\n' +
        cut("--line shows all of them, and --max-width 0 turns fitting off", options().max_width) +
        '\n');
  }
  void rule(std::string_view left, std::string_view between, std::string_view right) {
    std::string line;
    for (const Column& column : columns()) {
      if (column.width == 0) continue;
      line += line.empty() ? left : between;
      for (std::size_t n = 0; n < column.width + 2; ++n) line += "─";
    }
    output().write(line.append(right) + '\n');
  }

  std::size_t wrap_;
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
      // An underscore inside a word is not emphasis.
      const bool mark = std::string_view("\\|`*<>[]~&").find(c) != std::string_view::npos ||
                        (c == '_' && !(i > 0 && word(i - 1) && word(i + 1)));
      if (mark) text += '\\';
      text += c;
    }
    return printable(text);
  }
  std::string_view border() const override { return "|"; }
  void head() override {
    if (!options().header)
      for (Column& column : columns()) column.name.clear();
    write_names({});
    std::string line = "|";
    for (const Column& column : columns())
      line += ' ' + std::string(std::max<std::size_t>(column.width, 2) - 1, '-') +
              (column.is_number ? ":" : "-") + " |";
    output().write(line + '\n');
  }
  void foot() override {}
};

// One value per line, whole; a blank line separates the rows.
class Line : public RowWriter {
 public:
  Line(const FormatOptions& options, Output& output) : options_(options), output_(output) {}

  void begin(const std::vector<std::string>& columns) override {
    names_.clear();
    any_ = false;
    std::size_t widest = 0;
    for (const std::string& column : columns) {
      names_.push_back(printable(column));
      widest = std::max(widest, width_of(names_.back()));
    }
    for (std::string& name : names_) {
      const std::string blanks(widest - width_of(name), ' ');
      name =
          options_.colours ? std::string(bold).append(name).append(usual) + blanks : name + blanks;
      name += " = ";
    }
  }
  void row(std::span<const Cell> cells) override {
    std::string text = any_ ? "\n" : "";
    any_ = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (options_.header) text += names_[i];
      text += cells[i].kind == Cell::Kind::null ? null() : readable(cells[i]);
      text += '\n';
    }
    output_.write(text);
  }
  void end() override {}

 private:
  std::string null() const {
    const std::string text = printable(options_.null.value_or("NULL"));
    return options_.colours ? std::string(dim).append(text).append(usual) : text;
  }
  FormatOptions options_;
  Output& output_;
  std::vector<std::string> names_;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<RowWriter> make_table(const FormatOptions& options, Output& output) {
  return std::make_unique<Table>(options, output);
}

std::unique_ptr<RowWriter> make_markdown(const FormatOptions& options, Output& output) {
  return std::make_unique<Markdown>(options, output);
}

std::unique_ptr<RowWriter> make_line(const FormatOptions& options, Output& output) {
  return std::make_unique<Line>(options, output);
}

}  // namespace cdr::cli
