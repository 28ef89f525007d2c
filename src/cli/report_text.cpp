// The main figures of a period on a terminal: bars and a curve in block characters.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "cli/report.hpp"
#include "cli/text.hpp"

namespace cdr::cli {
namespace {

constexpr int minute = 60, hour = 3'600;

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
    line(painted("1", word("title") + ": " + period(headline)));
    line(filled("zone", {{"zone", printable(meta_.at("zone").get<std::string>())}}));
    line("");
    if (headline.at(0, "interactions") == 0 && headline.at(0, "offered") == 0) {
      line(word("nobody_called") + ' ' + known());
      return std::move(text_);
    }
    figures(headline);
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
  void figures(const Answer& headline) {
    struct Figure {
      const char* column;
      std::string label;
      Kind kind;
      const char* known;  // counts the rows in which it is known
      const char* of;
    };
    const Figure all[] = {
        {"interactions", word("interactions"), Kind::count, nullptr, nullptr},
        {"offered", word("offered"), Kind::count, nullptr, nullptr},
        {"answered", word("answered"), Kind::count, nullptr, nullptr},
        {"abandoned", word("abandoned"), Kind::count, nullptr, nullptr},
        {"abandon_rate", word("abandon_rate"), Kind::share, nullptr, nullptr},
        {"service_level", level_name(), Kind::share, "wait_known", "offered"},
        {"asa_seconds", word("asa_seconds"), Kind::seconds, "answered_wait_known", "answered"},
        {"aht_seconds", word("aht_seconds"), Kind::seconds, "talk_known", nullptr},
        {"longest_wait_answered", word("longest_wait"), Kind::seconds, nullptr, nullptr},
    };
    std::size_t label = 0, value = 12;
    for (const Figure& each : all) label = std::max(label, width_of(each.label));
    label = std::min(label, width_ / 3);
    std::vector<std::size_t> columns;
    for (std::size_t row = 1; row < headline.size(); ++row)
      columns.push_back(std::max<std::size_t>(width_of(earlier_name(headline, row)), value));
    std::string head = in(label, "") + right(value + 2, "");
    for (std::size_t row = 1; row < headline.size(); ++row)
      head += right(columns[row - 1] + 2, earlier_name(headline, row));
    line(painted("2", head));
    for (const Figure& each : all) {
      std::string text =
          in(label, each.label) + "  " +
          painted("1", right(value, shown_value(headline.at(0, each.column), each.kind)));
      for (std::size_t row = 1; row < headline.size(); ++row)
        text += "  " + painted("2", right(columns[row - 1],
                                          shown_value(headline.at(row, each.column), each.kind)));
      if (each.of != nullptr && headline.at(0, each.known) != headline.at(0, each.of))
        text +=
            "  " + painted("2", grouped(headline.at(0, each.known).get<std::int64_t>()) + " / " +
                                    grouped(headline.at(0, each.of).get<std::int64_t>()));
      line(text);
    }
    line("");
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
    line(painted("1", filled("text_intervals", {{"interval", word("interval_" + interval)}})) +
         "  " + painted("2", "█▓░ " + word("text_legend")));
    double most = 0;
    for (std::size_t row = first; row < end; ++row) most = std::max(most, number(row, "offered"));
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
    constexpr std::size_t figures_width = 18, least_bar = 6;
    const std::size_t beside = label + figures_width;
    const std::size_t room = std::max(width_, beside + least_bar) - beside;
    for (std::size_t row = first; row < end; ++row) {
      const auto local = rows.at(row, "interval_local").get<std::string>();
      std::string name = !within_day ? local.substr(0, 10)
                         : with_day  ? local.substr(0, 16)
                                     : local.substr(11, 5);
      if (is_repeated(row)) name += " (" + rows.at(row, "utc_offset").get<std::string>() + ')';
      const OrderedJson& level = rows.at(row, "service_level");
      const std::string drawn = bar(
          {number(row, "answered"), number(row, "abandoned"), number(row, "other")}, most, room);
      line(in(label, name) + right(6, grouped(rows.at(row, "offered").get<std::int64_t>())) + "  " +
           (level.is_null() ? right(7, "") : right(7, percent(level.get<double>()))) + "  " +
           drawn);
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

  void queues() {
    const Answer rows(all_, "queues");
    if (rows.size() == 0) return;
    constexpr std::size_t most_queues = 15;
    constexpr std::size_t least = 9, most = 20;
    const auto room_of = [&](const char* heading) {
      return std::clamp(width_of(word(heading)), least, most) + 2;
    };
    const std::size_t offered = room_of("offered"), abandoned = room_of("abandoned"),
                      level = room_of("service_level");
    const std::size_t others = offered + abandoned + level;
    const std::size_t name = std::min<std::size_t>(40, width_ > others + 12 ? width_ - others : 12);
    const auto heading = [&](const char* key, std::size_t room) {
      const std::string text = word(key);
      return right(room, width_of(text) > most ? in(most, text) : text);
    };
    line(painted("1", in(name, word("queues"))) +
         painted("2", heading("offered", offered) + heading("abandoned", abandoned) +
                          heading("service_level", level)));
    for (std::size_t row = 0; row < std::min(rows.size(), most_queues); ++row) {
      const OrderedJson& shown_name = rows.at(row, "queue_name").is_null()
                                          ? rows.at(row, "queue_id")
                                          : rows.at(row, "queue_name");
      line(in(name, shown_name.is_null() ? word("unknown_name")
                                         : printable(shown_name.get<std::string>())) +
           right(offered, shown_value(rows.at(row, "offered"), Kind::count)) +
           right(abandoned, shown_value(rows.at(row, "abandoned"), Kind::count)) +
           right(level, shown_value(rows.at(row, "service_level"), Kind::share)));
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
