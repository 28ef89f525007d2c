// The main figures of a period on a terminal: bars and a curve in block characters.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "cli/report.hpp"
#include "cli/text.hpp"

namespace cdr::cli {
namespace {

constexpr int minute = 60, hour = 3'600;
constexpr std::size_t gap = 2;  // between columns

class TextReport {
 public:
  TextReport(const OrderedJson& all, const std::string& language, std::size_t width, bool colours)
      : all_(all),
        meta_(all.at("meta")),
        words_(page_words().at(language)),
        width_(std::max<std::size_t>(width, 40)),
        colours_(colours) {}

  std::string text() {
    const Answer headline(all_, "headline");
    paragraph(word("title") + ": " + period(headline), "1");
    paragraph(filled("zone", {{"zone", printable(meta_.at("zone").get<std::string>())}}));
    if (has_partial(headline)) paragraph(known());
    line("");
    if (headline.count(0, "interactions") == 0 && headline.count(0, "offered") == 0) {
      const bool is_known = !headline.at(0, "interactions").is_null();
      paragraph(word(is_known ? "nobody_called" : "nothing_known") + ' ' + known());
      return std::move(text_);
    }
    show_figures(headline);
    intervals();
    queues();
    return std::move(text_);
  }

 private:
  struct Named {
    const char* name;
    std::string value;
  };

  std::string word(const std::string& key) const {
    const auto found = words_.find(key);
    return found == words_.end() ? key : found->get<std::string>();
  }
  std::string filled(const std::string& key, const std::vector<Named>& values) const {
    std::string text = word(key);
    for (const Named& each : values) {
      const std::string place = std::string("{") + each.name + '}';
      const std::size_t at = text.find(place);
      if (at != std::string::npos) text.replace(at, place.size(), each.value);
    }
    return text;
  }

  void line(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    text_ += text + '\n';
  }
  // Broken at blanks into lines that fit.
  void paragraph(std::string_view text, const char* code = nullptr) {
    const auto show = [&](const std::string& row) {
      line(code == nullptr ? row : painted(code, row));
    };
    std::string row;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      const std::string next(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!row.empty() && width_of(row) + 1 + width_of(next) > width_) {
        show(row);
        row.clear();
      }
      row += (row.empty() ? "" : " ") + next;
    }
    show(row);
  }
  std::string painted(const char* code, const std::string& text) const {
    return colours_ ? std::string("\x1b[") + code + 'm' + text + "\x1b[0m" : text;
  }
  // Text of so many columns: cut with a mark, or padded with blanks.
  static std::string in(std::size_t columns, const std::string& text) {
    std::string cut;
    std::size_t width = 0;
    const std::size_t whole = width_of(text);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = at;
      const auto wide = static_cast<std::size_t>(std::max(0, width_of(next_character(text, at))));
      if (width + wide > columns - (whole > columns ? 1 : 0)) break;
      width += wide;
      cut += text.substr(begin, at - begin);
    }
    if (whole > columns) {
      cut += "…";
      ++width;
    }
    return cut + std::string(columns - width, ' ');
  }
  static std::string shortened(std::size_t columns, const std::string& text) {
    return in(std::min(columns, width_of(text)), text);
  }
  static std::string right(std::size_t columns, const std::string& text) {
    const std::size_t width = width_of(text);
    return width >= columns ? text : std::string(columns - width, ' ') + text;
  }

  std::string grouped(std::int64_t number) const {
    std::string digits = std::to_string(number < 0 ? -number : number);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
      digits.insert(static_cast<std::size_t>(at), word("thousands"));
    return (number < 0 ? "-" : "") + digits;
  }
  std::string decimal(double number) const {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", number);
    std::string shown = text;
    const std::size_t point = shown.find('.');
    return shown.replace(point, 1, word("decimal"));
  }
  std::string seconds(double value) const {
    const double size = std::abs(value);
    if (size < minute)
      return (size < 10 && size != std::floor(size) ? decimal(value)
                                                    : grouped(std::llround(value))) +
             " s";
    const long long whole = std::llround(size);
    char text[48];
    if (whole >= hour)
      std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / hour, whole / minute % minute,
                    whole % minute);
    else
      std::snprintf(text, sizeof text, "%lld:%02lld", whole / minute, whole % minute);
    return (value < 0 ? "-" : "") + std::string(text);
  }
  std::string percent(double share) const { return decimal(share * 100) + word("percent"); }

  enum class Kind { count, share, seconds };
  std::string shown_value(const OrderedJson& value, Kind kind) const {
    if (value.is_null()) return word("not_known");
    if (kind == Kind::count) return grouped(value.get<std::int64_t>());
    return kind == Kind::share ? percent(value.get<double>()) : seconds(value.get<double>());
  }

  static std::string local(const OrderedJson& value) {
    if (value.is_null()) return "?";
    const auto text = value.get<std::string>();
    return text.ends_with(" 00:00:00.000") ? text.substr(0, 10) : text.substr(0, 16);
  }
  // A period of whole days is named by its first and its last day, as on the page.
  static std::string period(const Answer& headline) {
    const std::string from = local(headline.at(0, "local_from"));
    const std::string to = local(headline.at(0, "local_to"));
    constexpr std::size_t date = 10;
    if (from.size() != date || to.size() != date) return from + " – " + to;
    const std::string last = local(headline.at(0, "local_last_day"));
    return from == last ? from : from + " – " + last;
  }
  // Whether the warehouse has only a part of the period, or of one that it is compared with.
  static bool has_partial(const Answer& headline) {
    for (std::size_t row = 0; row < headline.size(); ++row)
      if (headline.count(row, "is_partial") != 0) return true;
    return false;
  }
  std::string known() const {
    const Answer warehouse(all_, "warehouse");
    if (warehouse.at(0, "first_local").is_null()) return word("warehouse_empty");
    return filled("warehouse_has", {{"first", local(warehouse.at(0, "first_local"))},
                                    {"last", local(warehouse.at(0, "last_local"))}});
  }
  std::string threshold() const {
    const auto value = meta_.at("threshold").get<double>();
    return value == std::floor(value) ? grouped(std::llround(value)) : decimal(value);
  }

  std::string level_name() const {
    if (meta_.at("threshold").is_null()) return word("service_level");
    return filled("service_level_of", {{"seconds", threshold()}});
  }

  // ---- the figures, each beside its values in the earlier periods ----
  std::string earlier_name(const Answer& headline, std::size_t row) const {
    const auto days = meta_.at("days").get<double>();
    if (headline.at(row, "period") == "week" || days == 7) return word("week_before");
    return word(days == 1 ? "day_before" : "period_before");
  }
  struct Figure {
    const char* column;
    std::string label;
    Kind kind;
    const char* known = nullptr;  // counts the rows in which it is known
    const char* of = nullptr;
  };
  std::vector<Figure> key_figures() const {
    return {{"interactions", word("interactions"), Kind::count},
            {"offered", word("offered"), Kind::count},
            {"answered", word("answered"), Kind::count},
            {"abandoned", word("abandoned"), Kind::count},
            {"abandon_rate", word("abandon_rate"), Kind::share},
            {"service_level", level_name(), Kind::share, "wait_known", "offered"},
            {"asa_seconds", word("asa_seconds"), Kind::seconds, "answered_wait_known", "answered"},
            {"aht_seconds", word("aht_seconds"), Kind::seconds},
            {"longest_wait_answered", word("longest_answered"), Kind::seconds},
            {"longest_wait_abandoned", word("longest_abandoned"), Kind::seconds}};
  }
  // The line of a figure, and of how many rows it is known if that is not all: after it, or below
  // the value, which ends in column `value_end`.
  void figure_line(const Answer& headline, const Figure& figure, const std::string& text,
                   std::size_t width, std::size_t value_end) {
    if (figure.of == nullptr || headline.at(0, figure.known) == headline.at(0, figure.of))
      return line(text);
    const std::string note =
        grouped(headline.count(0, figure.known)) + " / " + grouped(headline.count(0, figure.of));
    if (width + gap + width_of(note) > width_) {
      line(text);
      return line(painted("2", right(value_end, note)));
    }
    line(text + "  " + painted("2", note));
  }
  void show_figures(const Answer& headline) {
    const std::vector<Figure> all = key_figures();
    std::size_t label = 0, names = 0;
    std::vector<std::size_t> values(headline.size(), 0);
    for (const Figure& each : all) {
      label = std::max(label, width_of(each.label));
      for (std::size_t row = 0; row < headline.size(); ++row)
        values[row] =
            std::max(values[row], width_of(shown_value(headline.at(row, each.column), each.kind)));
    }
    std::vector<std::size_t> columns = values;
    std::size_t beside = label + gap + values[0];
    for (std::size_t row = 1; row < headline.size(); ++row) {
      const std::size_t name = width_of(earlier_name(headline, row));
      names = std::max(names, name);
      columns[row] = std::max(columns[row], name);
      beside += gap + columns[row];
    }
    if (beside <= width_)
      figures_beside(headline, all, label, columns, beside);
    else
      figures_below(headline, all, std::max(label, gap + names),
                    *std::max_element(values.begin(), values.end()));
    line("");
  }
  // The earlier periods are columns.
  void figures_beside(const Answer& headline, const std::vector<Figure>& all, std::size_t label,
                      const std::vector<std::size_t>& columns, std::size_t width) {
    std::string head = in(label + gap + columns[0], "");
    for (std::size_t row = 1; row < headline.size(); ++row)
      head += right(gap + columns[row], earlier_name(headline, row));
    line(painted("2", head));
    for (const Figure& each : all) {
      std::string text = in(label, each.label) +
                         painted("1", right(gap + columns[0],
                                            shown_value(headline.at(0, each.column), each.kind)));
      for (std::size_t row = 1; row < headline.size(); ++row)
        text += painted(
            "2", right(gap + columns[row], shown_value(headline.at(row, each.column), each.kind)));
      figure_line(headline, each, text, width, label + gap + columns[0]);
    }
  }
  // On a narrow terminal, each figure has a line for each of the periods.
  void figures_below(const Answer& headline, const std::vector<Figure>& all, std::size_t label,
                     std::size_t value) {
    label = std::min(label, width_ - gap - value);
    for (const Figure& each : all) {
      const auto shown = [&](std::size_t row) {
        return right(gap + value, shown_value(headline.at(row, each.column), each.kind));
      };
      figure_line(headline, each, in(label, each.label) + painted("1", shown(0)),
                  label + gap + value, label + gap + value);
      for (std::size_t row = 1; row < headline.size(); ++row)
        line(painted("2", in(label, "  " + earlier_name(headline, row)) + shown(row)));
    }
  }

  // ---- bars ----
  static std::string repeated(const char* block, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += block;
    return text;
  }
  // Each part of a bar ends at the sum of all parts up to its own, so that the bar is as long as
  // its sum.
  std::string bar(const std::vector<double>& parts, double most, std::size_t width) const {
    constexpr const char* blocks[] = {"█", "▓", "░"};
    constexpr const char* tones[] = {"34", "33", "37"};
    std::string text;
    double sum = 0;
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sum += parts[i];
      const auto until = static_cast<std::size_t>(
          std::lround(most > 0 ? sum / most * static_cast<double>(width) : 0));
      if (until > drawn) text += painted(tones[i], repeated(blocks[i], until - drawn));
      drawn = std::max(drawn, until);
    }
    return text;
  }
  std::string level_mark(const OrderedJson& level) const {
    constexpr const char* steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (level.is_null()) return "·";
    const int step = static_cast<int>(level.get<double>() * 8);
    return steps[std::clamp(step, 0, 7)];
  }

  void intervals() {
    const Answer rows(all_, "intervals");
    if (rows.size() == 0) return;
    const auto number = [&](std::size_t row, const char* column) {
      return static_cast<double>(rows.at(row, column).get<std::int64_t>());
    };
    // Intervals without calls at either end, such as nights, are left out.
    std::size_t first = 0, end = rows.size();
    while (first < end && number(first, "offered") == 0) ++first;
    while (end > first && number(end - 1, "offered") == 0) --end;
    const auto interval = meta_.at("interval").get<std::string>();
    const std::string title =
        filled("text_intervals", {{"interval", word("interval_" + interval)}});
    const std::string legend = "█▓░ " + word("text_legend");
    if (width_of(title) + gap + width_of(legend) <= width_) {
      line(painted("1", title) + "  " + painted("2", legend));
    } else {
      line(painted("1", title));
      line(painted("2", legend));
    }
    double most = 0;
    std::size_t count = 6, share = 7;
    for (std::size_t row = first; row < end; ++row) {
      most = std::max(most, number(row, "offered"));
      count = std::max(count, width_of(grouped(rows.count(row, "offered"))));
    }
    const bool within_day = interval.ends_with('m') || interval.ends_with('h');
    const bool with_day = meta_.at("days").get<double>() > 1.5;
    // In the hour that an autumn night repeats, the local time alone does not say which one is
    // meant.
    const auto is_repeated = [&](std::size_t row) {
      return within_day && rows.at(row, "fold").get<std::int64_t>() != 0;
    };
    bool is_any_repeated = false;
    for (std::size_t row = first; row < end; ++row)
      is_any_repeated = is_any_repeated || is_repeated(row);
    constexpr std::size_t offset_width = 9;
    const std::size_t clock = with_day ? 16 : 5;
    const std::size_t label = within_day ? clock + (is_any_repeated ? offset_width : 0) : 10;
    const std::size_t beside = label + count + gap + share + gap;
    const std::size_t room = width_ > beside ? width_ - beside : 0;
    for (std::size_t row = first; row < end; ++row) {
      const auto local = rows.at(row, "interval_local").get<std::string>();
      std::string name = !within_day ? local.substr(0, 10)
                         : with_day  ? local.substr(0, 16)
                                     : local.substr(11, 5);
      if (is_repeated(row)) name += " (" + rows.at(row, "utc_offset").get<std::string>() + ')';
      const OrderedJson& level = rows.at(row, "service_level");
      const std::string drawn = bar(
          {number(row, "answered"), number(row, "abandoned"), number(row, "other")}, most, room);
      line(in(label, name) + right(count, grouped(rows.count(row, "offered"))) +
           right(gap + share, level.is_null() ? "" : percent(level.get<double>())) + "  " + drawn);
    }
    std::string curve;
    if (end - first <= width_) {
      for (std::size_t row = first; row < end; ++row)
        curve += level_mark(rows.at(row, "service_level"));
      line("");
      const std::string name = level_name();
      if (width_of(name) + 2 + (end - first) <= width_) {
        line(name + "  " + painted("36", curve));
      } else {
        line(name);
        line(painted("36", curve));
      }
    }
    line("");
  }

  // ---- queues: a table, or two lines for each queue where that is too wide ----
  static constexpr std::pair<const char*, Kind> queue_figures[] = {
      {"offered", Kind::count}, {"abandoned", Kind::count}, {"service_level", Kind::share}};

  std::string queue_figure(const Answer& rows, std::size_t row, std::size_t i) const {
    return shown_value(rows.at(row, queue_figures[i].first), queue_figures[i].second);
  }
  // As on the page: the vendor, and the source where it has a name of its own.
  static std::string source_of(const Answer& rows, std::size_t row) {
    const auto vendor = rows.at(row, "vendor").get<std::string>();
    const auto source = rows.at(row, "source").get<std::string>();
    return printable(source == vendor ? vendor : vendor + ", " + source);
  }
  std::string queue_name(const Answer& rows, std::size_t row) const {
    const OrderedJson& name = rows.at(row, "queue_name").is_null() ? rows.at(row, "queue_id")
                                                                   : rows.at(row, "queue_name");
    return name.is_null() ? word("unknown_name") : printable(name.get<std::string>());
  }

  using Widths = std::vector<std::size_t>;
  static std::size_t width_of_all(const Widths& columns) {
    return std::accumulate(columns.begin(), columns.end(), gap * columns.size());
  }
  // Narrows the widest of the columns until all of them fit, but none below what it needs.
  static Widths narrowed(Widths columns, const Widths& needed, std::size_t room) {
    while (width_of_all(columns) > room) {
      const auto widest = std::max_element(columns.begin(), columns.end());
      if (*widest <= needed[static_cast<std::size_t>(widest - columns.begin())]) break;
      --*widest;
    }
    return columns;
  }

  struct QueueColumns {
    bool is_table;
    std::size_t name, source;
    Widths figures;
  };
  QueueColumns columns_of(const Answer& rows, std::size_t end) const {
    constexpr std::size_t most_name = 40, least_name = 16, most_source = 24, least_figure = 9;
    std::size_t name = width_of(word("queues")), source = width_of(word("vendor"));
    Widths figures, needed(std::size(queue_figures), least_figure);
    for (std::size_t row = 0; row < end; ++row) {
      name = std::max(name, width_of(queue_name(rows, row)));
      source = std::max(source, width_of(source_of(rows, row)));
      for (std::size_t i = 0; i < needed.size(); ++i)
        needed[i] = std::max(needed[i], width_of(queue_figure(rows, row, i)));
    }
    name = std::min(name, most_name);
    source = std::min(source, most_source);
    for (std::size_t i = 0; i < needed.size(); ++i)
      figures.push_back(std::max(needed[i], width_of(word(queue_figures[i].first))));
    // Names are cut before headings, as long as they can be distinguished.
    const std::size_t beside = std::min(name, least_name) + gap + source;
    const Widths table = narrowed(figures, needed, width_ - std::min(beside, width_));
    if (beside + width_of_all(table) <= width_)
      return {true, std::min(name, width_ - gap - source - width_of_all(table)), source, table};
    // The first figure has no gap before it.
    return {false, width_ - gap - source, source, narrowed(figures, needed, width_ + gap)};
  }

  void queues() {
    const Answer rows(all_, "queues");
    if (rows.size() == 0) return;
    constexpr std::size_t most_queues = 15;
    const std::size_t end = std::min(rows.size(), most_queues);
    const QueueColumns columns = columns_of(rows, end);
    const auto in_columns = [&](const auto& text_of) {
      std::string text;
      for (std::size_t i = 0; i < columns.figures.size(); ++i)
        text += right(gap + columns.figures[i], text_of(i));
      return columns.is_table ? text : text.substr(gap);
    };
    const std::string headings = in_columns(
        [&](std::size_t i) { return shortened(columns.figures[i], word(queue_figures[i].first)); });
    if (columns.is_table) {
      line(painted("1", in(columns.name, word("queues"))) +
           painted("2", "  " + in(columns.source, word("vendor")) + headings));
    } else {
      line(painted("1", word("queues")));
      line(painted("2", headings));
    }
    for (std::size_t row = 0; row < end; ++row) {
      const std::string name = queue_name(rows, row), source = source_of(rows, row);
      const std::string figures =
          in_columns([&](std::size_t i) { return queue_figure(rows, row, i); });
      if (columns.is_table) {
        line(in(columns.name, name) + painted("2", "  " + in(columns.source, source)) + figures);
      } else {
        line(shortened(columns.name, name) +
             painted("2", "  " + shortened(columns.source, source)));
        line(figures);
      }
    }
    if (rows.size() > most_queues)
      line(painted("2",
                   filled("listed", {{"shown", grouped(most_queues)},
                                     {"all", grouped(static_cast<std::int64_t>(rows.size()))}})));
  }

  const OrderedJson& all_;
  const OrderedJson& meta_;
  const OrderedJson& words_;
  std::size_t width_;
  bool colours_;
  std::string text_;
};

}  // namespace

std::string report_text(const OrderedJson& all, const std::string& language, std::size_t width,
                        bool colours) {
  return TextReport(all, language, width, colours).text();
}

}  // namespace cdr::cli
