// An Excel workbook with one sheet per table. The names are in bold at the top, stay visible when
// the sheet is scrolled, and have a filter. Instants are Excel's own, durations and counts are
// numbers, and everything else is text (a telephone number must not become 4.85E+10). Columns are
// as wide as the first rows need.
#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "cli/failure.hpp"
#include "cli/sink.hpp"
#include "cli/text.hpp"
#include "cli/xlsx_check.hpp"
#include "core/text.hpp"

namespace cdr::cli {
namespace {

constexpr std::size_t most_rows = 1'048'576, most_columns = 16'384, most_characters = 32'767;
constexpr std::size_t rows_that_decide = 200;
constexpr double narrowest = 6, widest = 48, room_for_filter = 3;

int number_in(std::string_view text, std::size_t at, std::size_t length) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + length, number);
  return number;
}

// Reads 2024-05-02[ 10:00:00[.000]], in the years that Excel knows.
bool read_instant(std::string_view text, lxw_datetime& instant) {
  constexpr std::string_view pattern = "dddd-dd-dd dd:dd:dd.ddd";
  constexpr std::size_t date = 10, seconds = 19;
  if (text.size() != date && text.size() != seconds && text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (pattern[i] == 'd' ? !is_digit(text[i]) : text[i] != pattern[i]) return false;
  instant = {};
  instant.year = number_in(text, 0, 4);
  instant.month = number_in(text, 5, 2);
  instant.day = number_in(text, 8, 2);
  if (text.size() > date) {
    instant.hour = number_in(text, 11, 2);
    instant.min = number_in(text, 14, 2);
    instant.sec = number_in(text, 17, 2);
  }
  if (text.size() > seconds) instant.sec += number_in(text, 20, 3) / 1000.0;
  // Excel's first two months count a day that never existed.
  return instant.year > 1900 || (instant.year == 1900 && instant.month > 2);
}

class XlsxSink : public Sink {
 public:
  explicit XlsxSink(TargetFile& target) : path_(target.written_path()) {
    const std::size_t slash = path_.rfind('/');
    folder_ = slash == path_.npos ? "." : path_.substr(0, slash + 1);
    // Rows go to a file beside the target, so that memory does not limit their number.
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder_.data();
    workbook_ = workbook_new_opt(path_.c_str(), &options);
    if (workbook_ == nullptr) throw Failure("out of memory; export fewer rows");
    names_ = workbook_add_format(workbook_);
    format_set_bold(names_);
    format_set_bottom(names_, LXW_BORDER_THIN);
    instants_ = workbook_add_format(workbook_);
    format_set_num_format(instants_, "yyyy-mm-dd hh:mm:ss.000");
  }
  ~XlsxSink() override {
    // There is no other way to free it; the file's owner removes the file.
    if (workbook_ != nullptr) workbook_close(workbook_);
  }
  XlsxSink(const XlsxSink&) = delete;
  XlsxSink& operator=(const XlsxSink&) = delete;

  void begin(const std::string& table, const std::vector<ExportColumn>& columns) override {
    if (columns.size() > most_columns)
      throw Failure(table + " has " + std::to_string(columns.size()) +
                    " columns, and an Excel sheet has at most 16384; choose some with --sql");
    table_ = table;
    sheet_ = workbook_add_worksheet(workbook_, sheet_name(table).c_str());
    if (sheet_ == nullptr) throw Failure(table + ": Excel does not allow a sheet of this name");
    row_ = 0;
    widths_.clear();
    may_be_instant_.clear();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      // In a column of text, 2024-05-02 is a note, or a file's name.
      may_be_instant_.push_back(columns[i].type.empty() || columns[i].type == "TIMESTAMP");
      check(
          worksheet_write_string(sheet_, 0, column_of(i), fitted(columns[i].name).c_str(), names_));
      widths_.push_back(static_cast<double>(width_of(columns[i].name)) + room_for_filter);
    }
  }

  void row(std::span<const Cell> cells) override {
    if (++row_ == most_rows)
      throw Failure(table_ +
                    " has more rows than the 1048575 of an Excel sheet; narrow it with --sql, or "
                    "export csv");
    for (std::size_t i = 0; i < cells.size(); ++i) {
      write(cells[i], column_of(i));
      if (row_ <= rows_that_decide)
        widths_[i] = std::max(widths_[i], static_cast<double>(width_of(plain(cells[i]))) + 1);
    }
  }

  void end() override {
    for (std::size_t i = 0; i < widths_.size(); ++i)
      check(worksheet_set_column(sheet_, column_of(i), column_of(i),
                                 std::clamp(widths_[i], narrowest, widest), nullptr));
    rows_of_sheets_.push_back(row_ + 1);
    worksheet_freeze_panes(sheet_, 1, 0);
    if (!widths_.empty())
      check(worksheet_autofilter(sheet_, 0, 0, row_, column_of(widths_.size() - 1)));
  }

  std::vector<std::string> finish() override {
    lxw_workbook* const workbook = workbook_;
    workbook_ = nullptr;
    check(workbook_close(workbook));
    if (!is_whole_workbook(path_, rows_of_sheets_))
      throw Failure("the workbook cannot be written whole; name a file on a disk with space");
    if (cut_ == 0) return {};
    return {std::to_string(cut_) + (cut_ == 1 ? " text is" : " texts are") +
            " longer than the 32767 characters of an Excel cell, and cut; export csv to keep them "
            "whole"};
  }

 private:
  static lxw_col_t column_of(std::size_t index) { return static_cast<lxw_col_t>(index); }

  static void check(lxw_error error) {
    if (error == LXW_NO_ERROR) return;
    throw Failure(std::string("the workbook cannot be written: ") + lxw_strerror(error) +
                  "; name a file on a disk with space");
  }

  // A unique name of at most 31 characters, without those that Excel refuses.
  std::string sheet_name(const std::string& table) {
    constexpr std::size_t most = 31;
    std::string base;
    std::size_t length = 0;
    for (std::size_t at = 0; at < table.size() && length < most; ++length) {
      const char32_t character = next_character(table, at);
      const bool refused = character < 0x20 || std::u32string_view(U"[]:*?/\\'").find(character) !=
                                                   std::u32string_view::npos;
      append_character(base, refused ? U'_' : character);
    }
    if (base.empty()) base = "table";
    std::string name = base;
    for (int n = 2; !used_.insert(name).second; ++n) {
      const std::string number = "~" + std::to_string(n);
      name = (base.size() + number.size() > most ? base.substr(0, most - number.size()) : base) +
             number;
    }
    return name;
  }

  // The part of the text that fits into a cell, as Excel counts characters.
  std::string fitted(std::string_view text) {
    std::string whole = valid_utf8(text);
    if (whole.size() <= most_characters) return whole;
    std::size_t units = 0, at = 0, end = 0;
    while (at < whole.size()) {
      units += next_character(whole, at) > 0xFFFF ? 2 : 1;
      if (units > most_characters) {
        ++cut_;
        return whole.substr(0, end);
      }
      if (units < most_characters) end = at;
    }
    return whole;
  }

  void write(const Cell& cell, lxw_col_t column) {
    constexpr std::size_t most_digits = 15;  // that Excel keeps
    lxw_datetime instant{};
    switch (cell.kind) {
      case Cell::Kind::null:
        return;
      case Cell::Kind::integer:
        if (cell.text.size() > most_digits) break;
        return check(worksheet_write_number(
            sheet_, row_, column, std::strtod(std::string(cell.text).c_str(), nullptr), nullptr));
      case Cell::Kind::real:
        if (!std::isfinite(cell.number)) break;
        return check(worksheet_write_number(sheet_, row_, column, cell.number, nullptr));
      case Cell::Kind::text:
        if (!may_be_instant_[column] || !read_instant(cell.text, instant)) break;
        return check(worksheet_write_datetime(sheet_, row_, column, &instant, instants_));
      case Cell::Kind::blob:
        break;
    }
    const std::string text = plain(cell);
    if (!text.empty())
      check(worksheet_write_string(sheet_, row_, column, fitted(text).c_str(), nullptr));
  }

  std::string path_, folder_;
  lxw_workbook* workbook_ = nullptr;
  lxw_format* names_ = nullptr;
  lxw_format* instants_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  std::string table_;
  std::set<std::string> used_;
  std::vector<std::uint64_t> rows_of_sheets_;
  std::vector<double> widths_;
  std::vector<bool> may_be_instant_;
  lxw_row_t row_ = 0;
  std::size_t cut_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_xlsx_sink(TargetFile& target) {
  return std::make_unique<XlsxSink>(target);
}

}  // namespace cdr::cli
