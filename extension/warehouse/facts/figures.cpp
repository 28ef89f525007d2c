#include "extension/warehouse/facts/figures.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>

#include "core/arena.hpp"
#include "core/interval.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "extension/binding/bulk_insert.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "json/document/writer.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ext {
namespace {

constexpr std::size_t most_subjects = 16'384;     // that are remembered
constexpr std::size_t most_cells_left = 131'072;  // above that, everything is counted again
constexpr std::int64_t window = 1024;             // components that one query covers
// Marks a maximum that left, if it is unknown whether the row still has it.
constexpr std::int64_t unsure = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t all_components = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t quarter_seconds = 900;
constexpr std::int64_t year_one_seconds = 62'135'596'800;  // before 1970

Instant begin_of(std::int64_t quarter) {
  return {(quarter * quarter_seconds - year_one_seconds) * 1'000'000};
}
std::string day_of(Instant instant, const Zone& zone) {
  constexpr std::size_t date_size = 10;
  return format_local(instant, zone).substr(0, date_size);
}

// ---- Keys and values of rows

// Each text of a key comes after a byte that tells whether there is one, so that keys sort as the
// rows do.
void append_part(std::string& key, std::optional<std::string_view> part) {
  key += part ? '\2' : '\1';
  if (part) key += *part;
  key += '\0';
}
using Parts = std::vector<std::optional<std::string_view>>;
Parts parts_of(std::string_view key) {
  Parts parts;
  while (!key.empty()) {
    const std::size_t end = key.find('\0');
    parts.push_back(key.front() == '\2' ? std::optional(key.substr(1, end - 1)) : std::nullopt);
    key.remove_prefix(end + 1);
  }
  return parts;
}
std::optional<std::string_view> part_of(const Statement::Rows& rows, int column) {
  return rows.is_null(column) ? std::nullopt : std::optional(rows.text(column));
}

// The values that came to a row minus those that left it. Maxima cannot be subtracted: `left` has
// those that left. It is empty if nothing left.
struct Change {
  std::vector<std::int64_t> values, left;
};
using Changes = std::unordered_map<std::string, Change>;

// Sorted by key. Valid until the next change.
std::vector<const Changes::value_type*> sorted(const Changes& changes) {
  std::vector<const Changes::value_type*> all;
  all.reserve(changes.size());
  for (const auto& each : changes) all.push_back(&each);
  std::sort(all.begin(), all.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  return all;
}

// The columns of a table of figures.
struct Shape {
  explicit Shape(const LayoutTable& table) {
    bool is_key = true;
    std::size_t counted = 0;
    for (const LayoutColumn& column : table.columns) {
      if (is_key) {
        if (column.name == "credit") credit = keys.size();
        keys.push_back(column.name);
        is_key = !column.name.ends_with("_name");
        continue;
      }
      const bool is_seconds = column.type == "DOUBLE";
      if (!is_seconds) counted = values.size();
      values.push_back(
          {column.name, is_seconds, column.name.find("longest_") != column.name.npos, counted});
    }
  }
  struct Figure {
    std::string_view name;
    bool is_seconds, is_longest;
    std::size_t counted;  // the column before it that counts its values
  };
  std::vector<std::string_view> keys;
  std::size_t credit = 0;  // its place in keys
  std::vector<Figure> values;

  std::string list(bool with_values, std::string_view before = "") const {
    std::string text;
    const auto add = [&](std::string_view name) {
      text.append(text.empty() ? "" : ", ").append(before).append(name);
    };
    for (const std::string_view key : keys) add(key);
    if (with_values)
      for (const Figure& figure : values) add(figure.name);
    return text;
  }
  // " WHERE …" that finds a row by its key.
  std::string where() const {
    std::string text;
    for (std::size_t i = 0; i < keys.size(); ++i)
      text.append(text.empty() ? " WHERE " : " AND ")
          .append(keys[i])
          .append(i == 0 ? " = ?" : " IS ?")
          .append(std::to_string(i + 1));
    return text;
  }

  // The values of a row to which nothing was added.
  std::vector<std::int64_t> blank() const {
    std::vector<std::int64_t> made(values.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i].is_longest) made[i] = nothing;
    return made;
  }
  void add(std::span<std::int64_t> to, std::span<const std::int64_t> from) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i].is_longest)
        to[i] = std::max(to[i], from[i]);
      else
        to[i] += from[i];
  }
  // Notes the maxima that left. If one equals the largest value that came, it may be that value.
  void leave(std::vector<std::int64_t>& left, std::span<const std::int64_t> came,
             std::span<const std::int64_t> from) const {
    if (left.empty()) left.assign(values.size(), nothing);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i].is_longest && from[i] != nothing)
        left[i] = std::max(left[i], from[i] == came[i] ? unsure : from[i]);
  }
  // The values of a row of the file, from a column on; seconds as milliseconds.
  std::vector<std::int64_t> read(const Statement::Rows& rows, int from) const {
    std::vector<std::int64_t> found;
    read(rows, from, found);
    return found;
  }
  void read(const Statement::Rows& rows, int from, std::vector<std::int64_t>& found) const {
    found.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int column = from + static_cast<int>(i);
      if (rows.is_null(column))
        found[i] = values[i].is_longest ? nothing : 0;
      else
        found[i] =
            values[i].is_seconds ? std::llround(rows.real(column) * 1000) : rows.integer(column);
    }
  }
};

// The changes to quarter hours (what came minus what left) before they are written. A cell belongs
// to a quarter hour and a subject, which is a row's key without time and credit. It has values for
// both credits, because most values count alike by both.
class Cells {
 public:
  static constexpr std::array<std::string_view, 2> credit_names{"arrival", "event"};

  explicit Cells(const Shape& shape) : shape_(shape), blank_(shape.blank()) {}

  std::size_t size() const { return cells_.size(); }
  bool empty() const { return cells_.empty(); }

  // The subject of a row whose key begins, with the time, in column `first`.
  std::uint32_t subject_of(const Statement::Rows& rows, int first) {
    key_.clear();
    for (std::size_t i = 1; i < shape_.keys.size(); ++i)
      if (i != shape_.credit) append_part(key_, part_of(rows, first + static_cast<int>(i)));
    return subject_of_key();
  }
  std::uint32_t subject_of(const Subject& subject) {
    key_.clear();
    append_part(key_, subject.vendor);
    append_part(key_, subject.source);
    append_part(key_, subject.id);
    append_part(key_, subject.direction);
    append_part(key_, subject.name);
    return subject_of_key();
  }

  void add(std::int64_t quarter, std::uint32_t subject, Credit credit,
           std::span<const std::int64_t> piece, int sign) {
    if (values_.capacity() == 0) reserve();
    const std::uint64_t key = static_cast<std::uint64_t>(quarter) << 32 | subject;
    const auto [at, is_new] = cells_.try_emplace(key, cells_.size());
    if (is_new)
      for (std::size_t i = 0; i < credit_names.size(); ++i)
        values_.insert(values_.end(), blank_.begin(), blank_.end());
    for (std::size_t i = 0; i < credit_names.size(); ++i) {
      if (credit != Credit::both && credit != static_cast<Credit>(i)) continue;
      const std::size_t row = at->second * credit_names.size() + i;
      const std::span<std::int64_t> to(values_.data() + row * blank_.size(), blank_.size());
      if (sign > 0) {
        shape_.add(to, piece);
        continue;
      }
      shape_.leave(left_[row], to, piece);
      for (std::size_t value = 0; value < piece.size(); ++value)
        if (!shape_.values[value].is_longest) to[value] -= piece[value];
    }
  }

  struct Row {
    std::int64_t quarter;
    std::uint32_t subject;
    Credit credit;
    std::span<const std::int64_t> values, left;
  };
  // Calls `use` for each row, in the order of time and subject.
  template <class Use>
  void each_row(const Use& use) const {
    std::vector<std::uint32_t> order(subject_parts_.size()), rank(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return subject_parts_[a].first < subject_parts_[b].first;
    });
    for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
    std::vector<std::pair<std::uint64_t, std::size_t>> sorted;
    sorted.reserve(cells_.size());
    for (const auto& [key, cell] : cells_)
      sorted.emplace_back((key >> 32) << 32 | rank[static_cast<std::uint32_t>(key)], cell);
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [key, cell] : sorted)
      for (std::size_t credit = 0; credit < credit_names.size(); ++credit) {
        const std::size_t row = cell * credit_names.size() + credit;
        const std::span<const std::int64_t> values(values_.data() + row * blank_.size(),
                                                   blank_.size());
        const auto left = left_.find(row);
        if (left == left_.end() && std::equal(values.begin(), values.end(), blank_.begin()))
          continue;  // nothing came by this credit
        use(Row{static_cast<std::int32_t>(key >> 32), order[static_cast<std::uint32_t>(key)],
                static_cast<Credit>(credit), values,
                left == left_.end() ? std::span<const std::int64_t>() : left->second});
      }
  }
  // The whole key of a row: the subject's parts, with time and credit in their places. They are
  // valid as long as the texts are, and until clear().
  void parts_of(const Row& row, std::string_view time, Parts& parts) const {
    parts.clear();
    parts.emplace_back(time);
    for (const auto& part : subject_parts_[row.subject].second) {
      if (parts.size() == shape_.credit) parts.emplace_back(name_of(row.credit));
      parts.push_back(part);
    }
    if (parts.size() == shape_.credit) parts.emplace_back(name_of(row.credit));
  }

  static std::string_view name_of(Credit credit) {
    return credit_names[static_cast<std::size_t>(credit)];
  }
  // A name that is not found means Credit::both, which follows those that have a name.
  static Credit credit_named(std::string_view name) {
    const auto at = std::find(credit_names.begin(), credit_names.end(), name);
    return static_cast<Credit>(at - credit_names.begin());
  }

  void clear() {
    cells_.clear();
    values_.clear();
    left_.clear();
    if (subjects_.size() > most_subjects) {
      subjects_.clear();
      subject_parts_.clear();
    }
  }

 private:
  // Reserves memory for the cells that are held, and for those that one more import of components
  // adds before they are written. Growing again and again takes as long as counting.
  void reserve() {
    const std::size_t most = Figures::most_cells + Figures::most_cells / 8;
    cells_.reserve(most);
    values_.reserve(most * credit_names.size() * blank_.size());
  }
  std::uint32_t subject_of_key() {
    const auto [at, is_new] =
        subjects_.try_emplace(key_, static_cast<std::uint32_t>(subjects_.size()));
    if (is_new) subject_parts_.emplace_back(at->first, cdr::ext::parts_of(at->first));
    return at->second;
  }

  const Shape& shape_;
  std::vector<std::int64_t> blank_;
  std::unordered_map<std::uint64_t, std::size_t> cells_;
  std::vector<std::int64_t> values_;  // of each cell by arrival, then by event
  std::unordered_map<std::size_t, std::vector<std::int64_t>> left_;
  std::unordered_map<std::string, std::uint32_t> subjects_;
  std::vector<std::pair<std::string_view, Parts>> subject_parts_;
  std::string key_;
};

// ---- A table of figures

// Thrown if a stored row cannot be right (a count would become negative), because something else
// has written it. Everything is then counted again.
struct Miscounted {};

class FigureTable {
 public:
  FigureTable(sqlite3* database, std::string_view name)
      : name_(name),
        shape_(layout_table(name)),
        find_(database, "SELECT rowid, " + shape_.list(true) + " FROM main." + std::string(name) +
                            shape_.where()),
        insert_(database, layout_table(name).name, names_of(layout_table(name).columns)),
        update_(database, update_of(shape_, name)),
        remove_(database, "DELETE FROM main." + std::string(name) + " WHERE rowid = ?1"),
        clear_(database, "DELETE FROM main." + std::string(name)),
        range_(database, range_of(shape_.keys.front(), name)) {}

  const Shape& shape() const { return shape_; }
  std::string_view name() const { return name_; }
  void clear() { clear_.execute(); }
  // Call it before rows are applied in the order of their keys, and end() after them. Notes the
  // first and the last time that rows have.
  void begin() {
    forget();
    auto rows = range_.query();
    rows.next();
    first_ = rows.text(0);
    last_ = rows.text(1);
  }
  void end() {
    insert_.write();
    texts_.rewind();
  }
  void forget() {
    insert_.forget();
    texts_.rewind();
  }

  // Adds to the row of these parts, or makes it: no two calls may have the same ones. `left` is
  // empty if nothing left; `longest` finds the maxima of the row again if the stored one has left.
  template <class Longest>
  void apply(const Parts& parts, bool may_be_there, std::span<const std::int64_t> values,
             std::span<const std::int64_t> left, const Longest& longest) {
    std::optional<std::int64_t> row;
    // Most imported rows are later than all stored ones and need no lookup.
    if (may_be_there && *parts[0] >= first_ && *parts[0] <= last_) {
      for (std::size_t i = 0; i < parts.size(); ++i) find_.bind(static_cast<int>(i + 1), parts[i]);
      auto rows = find_.query();
      if (rows.next()) {
        row = rows.integer(0);
        shape_.read(rows, static_cast<int>(1 + shape_.keys.size()), stored_);
      }
    }
    now_.assign(values.begin(), values.end());
    bool has_left = false, is_empty = true;
    for (std::size_t i = 0; i < now_.size(); ++i) {
      const Shape::Figure& figure = shape_.values[i];
      if (figure.is_longest) {
        const std::int64_t before = row ? stored_[i] : nothing;
        if (!left.empty() && left[i] != nothing)
          has_left = has_left || (left[i] >= before && now_[i] < left[i]);
        now_[i] = std::max(now_[i], before);
      } else {
        if (row) now_[i] += stored_[i];
        // Seconds of a vendor may be negative, and so may their sum.
        if (!figure.is_seconds && now_[i] < 0) throw Miscounted();
        is_empty = is_empty && now_[i] == 0;
      }
    }
    if (is_empty) {
      if (row) remove_.execute(*row);
      return;
    }
    if (has_left) {
      const std::vector<std::int64_t> found = longest();
      for (std::size_t i = 0; i < now_.size(); ++i)
        if (shape_.values[i].is_longest) now_[i] = found[i];
    }
    if (row && now_ == stored_) return;
    if (row)
      update(*row);
    else
      insert(parts);
  }

 private:
  static std::string update_of(const Shape& shape, std::string_view name) {
    std::string sql = "UPDATE main." + std::string(name) + " SET ";
    for (std::size_t i = 0; i < shape.values.size(); ++i)
      sql.append(i == 0 ? "" : ", ")
          .append(shape.values[i].name)
          .append(" = ?")
          .append(std::to_string(i + 2));
    return sql + " WHERE rowid = ?1";
  }

  static std::string range_of(std::string_view time, std::string_view name) {
    const std::string from = "(" + std::string(time) + ") FROM main." + std::string(name);
    return "SELECT (SELECT min" + from + "), (SELECT max" + from + ")";
  }

  void insert(const Parts& parts) {
    constexpr std::size_t at_once = 256;
    if (insert_.size() == at_once) end();
    const std::span<Value> row = insert_.add();
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i]) row[i] = Value::text(texts_.keep(*parts[i]));
    for (std::size_t i = 0; i < now_.size(); ++i) row[parts.size() + i] = value_of(i);
  }
  void update(std::int64_t row) {
    int at = 0;
    update_.bind(++at, row);
    for (std::size_t i = 0; i < now_.size(); ++i) update_.bind(++at, value_of(i));
    update_.execute();
  }
  // What a column of the row holds now.
  Value value_of(std::size_t i) const {
    const Shape::Figure& figure = shape_.values[i];
    if (!figure.is_seconds) return Value::integer(now_[i]);
    if (now_[figure.counted] == 0 || now_[i] == nothing) return {};
    return Value::real(static_cast<double>(now_[i]) / 1000);
  }

  std::string_view name_;
  Shape shape_;
  Statement find_;
  BulkInsert insert_;
  Statement update_, remove_, clear_, range_;
  Arena texts_;  // of the rows that are added
  std::string first_, last_;
  std::vector<std::int64_t> now_, stored_;
};

// ---- Settings

// The tables that the settings apply to: the figures of queues, the figures of agents, their days,
// and the dimensions. `with` holds what each is made with.
enum Made : std::size_t { of_queues, of_agents, of_days, of_names, kinds_made };
struct Settings {
  Zone zone;
  std::array<std::string, kinds_made> with;
};

std::string zone_name(sqlite3* database) {
  Statement select(database, "SELECT value FROM main.report_setting WHERE name = 'zone'");
  auto rows = select.query();
  return rows.next() ? std::string(rows.text(0)) : "UTC";
}

std::string hash_of(sqlite3* database, std::string_view sql, std::string text) {
  Statement select(database, sql);
  auto rows = select.query();
  while (rows.next())
    for (int i = 0; i < rows.count(); ++i) append_part(text, part_of(rows, i));
  return std::to_string(XXH3_64bits(text.data(), text.size()));
}

std::string settings_of_queues(sqlite3* database) {
  return hash_of(database,
                 "SELECT vendor, source, queue_id, threshold_seconds, short_abandon_seconds "
                 "FROM main.queue_setting WHERE threshold_seconds IS NOT NULL OR "
                 "short_abandon_seconds IS NOT NULL UNION ALL "
                 "SELECT name, value, NULL, NULL, NULL FROM main.report_setting "
                 "WHERE name <> 'zone' ORDER BY 1, 2, 3",
                 std::string(queue_interval_sql()) + std::string(timed_visit_sql()));
}

std::string settings_of_agents() {
  const std::string sql = std::string(agent_interval_sql()) + std::string(agent_turn_sql());
  return std::to_string(XXH3_64bits(sql.data(), sql.size()));
}

// The row of a queue or an agent, from its days: of several names on the last one, that of the
// latest quarter hour. Parameters: vendor, source, id.
constexpr std::string_view queue_row =
    "INSERT INTO main.queue SELECT ?1, ?2, ?3, (SELECT iif(min(queue_name) IS max(queue_name), "
    "max(queue_name), (SELECT i.queue_name FROM main.queue_interval AS i WHERE "
    "i.interval_start >= date(last, '-1 day') AND i.interval_start < date(last, '+2 days') AND "
    "i.queue_id = ?3 AND i.vendor = ?1 AND i.source = ?2 AND i.queue_name IS NOT NULL "
    "ORDER BY i.interval_start DESC, i.queue_name DESC LIMIT 1)) FROM main.queue_day WHERE "
    "queue_id = ?3 AND day = last AND vendor = ?1 AND source = ?2), first, last, "
    "coalesce(s.threshold_seconds, (SELECT CAST(value AS REAL) FROM main.report_setting WHERE "
    "name = 'threshold_seconds'), 20), coalesce(s.short_abandon_seconds, (SELECT CAST(value AS "
    "REAL) FROM main.report_setting WHERE name = 'short_abandon_seconds'), 5), s.target FROM "
    "(SELECT (SELECT day FROM main.queue_day WHERE queue_id = ?3 AND vendor = ?1 AND source = ?2 "
    "ORDER BY day LIMIT 1) AS first, (SELECT day FROM main.queue_day WHERE queue_id = ?3 AND "
    "vendor = ?1 AND source = ?2 ORDER BY day DESC LIMIT 1) AS last) LEFT JOIN "
    "main.queue_setting AS s ON s.vendor = ?1 AND s.source = ?2 AND s.queue_id = ?3 WHERE first "
    "IS NOT NULL";
constexpr std::string_view agent_row =
    "INSERT INTO main.agent SELECT ?1, ?2, ?3, "
    "(SELECT iif(min(agent_name) IS max(agent_name), max(agent_name), (SELECT i.agent_name FROM "
    "main.agent_interval AS i WHERE i.interval_start >= date(last, '-1 day') AND "
    "i.interval_start < date(last, '+2 days') AND i.agent_id = ?3 AND i.vendor = ?1 AND "
    "i.source = ?2 AND i.agent_name IS NOT NULL ORDER BY i.interval_start DESC, i.agent_name DESC "
    "LIMIT 1)) FROM main.agent_day_total WHERE agent_id = ?3 AND day = last AND "
    "vendor = ?1 AND source = ?2), first, last, "
    "(SELECT team FROM main.agent_team AS t WHERE t.vendor = ?1 AND t.source = ?2 AND "
    "t.agent_id = ?3 AND t.valid_from <= last ORDER BY t.valid_from DESC LIMIT 1) FROM (SELECT "
    "(SELECT day FROM main.agent_day_total WHERE agent_id = ?3 AND vendor = ?1 AND source = ?2 "
    "ORDER BY day LIMIT 1) AS first, "
    "(SELECT day FROM main.agent_day_total WHERE agent_id = ?3 AND vendor = ?1 AND source = ?2 "
    "ORDER BY day DESC LIMIT 1) AS last) WHERE first IS NOT NULL";

Settings settings_of(sqlite3* database) {
  const std::string zone = zone_name(database);
  Settings found;
  found.zone = Zone::named(zone);
  found.with[of_queues] = settings_of_queues(database);
  found.with[of_agents] = settings_of_agents();
  found.with[of_days] = zone;
  found.with[of_names] =
      hash_of(database,
              "SELECT vendor, source, queue_id, target, NULL FROM main.queue_setting "
              "UNION ALL SELECT vendor, source, agent_id, team, valid_from "
              "FROM main.agent_team ORDER BY 1, 2, 3, 4, 5",
              found.with[of_queues] + std::string(queue_row) + std::string(agent_row));
  return found;
}

// The names under which cdr_meta stores `with`.
constexpr std::array<std::string_view, kinds_made> applied_names{
    "figures_of_queues", "figures_of_agents", "figures_of_days", "figures_names"};

std::optional<std::string> applied(sqlite3* database, std::string_view name) {
  Statement select(database, "SELECT value FROM main.cdr_meta WHERE name = ?1");
  auto rows = select.query(name);
  return rows.next() ? std::optional(std::string(rows.text(0))) : std::nullopt;
}

// A queue's threshold and short_abandon if a report gives none, as in timed_visit.sql.
class Limits {
 public:
  explicit Limits(sqlite3* database) {
    Statement general(database,
                      "SELECT coalesce((SELECT CAST(value AS REAL) FROM main.report_setting WHERE "
                      "name = 'threshold_seconds'), 20), coalesce((SELECT CAST(value AS REAL) FROM "
                      "main.report_setting WHERE name = 'short_abandon_seconds'), 5)");
    auto all = general.query();
    all.next();
    general_ = {all.real(0), all.real(1)};
    Statement own(database,
                  "SELECT vendor, source, queue_id, threshold_seconds, short_abandon_seconds FROM "
                  "main.queue_setting WHERE threshold_seconds IS NOT NULL OR "
                  "short_abandon_seconds IS NOT NULL");
    for (auto rows = own.query(); rows.next();)
      own_[key(rows.text(0), rows.text(1), rows.text(2))] = {
          rows.is_null(3) ? general_.threshold : rows.real(3),
          rows.is_null(4) ? general_.short_abandon : rows.real(4)};
  }
  QueueLimits of(const Subject& queue) const {
    if (own_.empty() || !queue.id) return general_;
    const auto found = own_.find(key(queue.vendor, queue.source, *queue.id));
    return found == own_.end() ? general_ : found->second;
  }

 private:
  static std::string key(std::string_view vendor, std::string_view source, std::string_view id) {
    std::string key;
    for (const std::string_view part : {vendor, source, id}) append_part(key, part);
    return key;
  }
  QueueLimits general_{};
  std::unordered_map<std::string, QueueLimits> own_;
};

std::array<bool, kinds_made> out_of_date(sqlite3* database, const Settings& settings) {
  std::array<bool, kinds_made> differ{};
  for (std::size_t i = 0; i < kinds_made; ++i)
    differ[i] = applied(database, applied_names[i]) != settings.with[i];
  return differ;
}

// ---- The dimensions

struct Names {  // of the tables
  std::string_view interval, day, dimension, id, row;
  Pieces::Table pieces;
};
constexpr Names queue_names{"queue_interval", "queue_day", "queue",
                            "queue_id",       queue_row,   Pieces::of_queues};
constexpr Names agent_names{"agent_interval", "agent_day_total", "agent",
                            "agent_id",       agent_row,         Pieces::of_agents};

std::string remove_row(const Names& names) {
  return "DELETE FROM main." + std::string(names.dimension) +
         " WHERE vendor = ?1 AND source = ?2 AND " + std::string(names.id) + " = ?3";
}

// The query of what facts add to the figures of queues, preceded by the tables that it reads.
std::string sql_of_queue_pieces() {
  std::string_view own = queue_interval_sql();
  own.remove_prefix(own.find("WITH ") + 5);
  return "WITH interaction AS NOT MATERIALIZED (SELECT * FROM main.interaction), "
         "queue_visit AS NOT MATERIALIZED (SELECT * FROM main.queue_visit), "
         "queue_setting AS NOT MATERIALIZED (SELECT * FROM main.queue_setting), "
         "report_setting AS NOT MATERIALIZED (SELECT * FROM main.report_setting), "
         "timed_visit AS NOT MATERIALIZED (" +
         std::string(timed_visit_sql()) + "),\n" + std::string(own);
}
// The same for agents.
std::string sql_of_agent_pieces() {
  std::string_view own = agent_interval_sql();
  constexpr std::string_view with = "WITH RECURSIVE ";
  own.remove_prefix(own.find(with) + with.size());
  return std::string(with) + "agent_turn AS NOT MATERIALIZED (" + std::string(agent_turn_sql()) +
         "),\n" + std::string(own);
}
// The same without the semicolon at its end, as a part of another query.
std::string as_part(std::string sql) {
  sql.resize(sql.rfind(';'));
  return sql;
}
std::string pieces_of(const Names& names) {
  return names.interval == queue_names.interval ? sql_of_queue_pieces() : sql_of_agent_pieces();
}

void bind_components(Statement& pieces, std::int64_t first, std::int64_t last) {
  pieces.bind(pieces.parameter(":first"), first);
  pieces.bind(pieces.parameter(":last"), last);
  if (const int at = pieces.parameter(":most_quarters"); at != 0) pieces.bind(at, most_quarters);
  if (const int at = pieces.parameter(":last_quarter"); at != 0) pieces.bind(at, last_quarter);
}

// Interactions with something that queue_interval counts from ?1 up to ?2.
constexpr std::string_view visits_between =
    "SELECT interaction_key FROM main.queue_visit WHERE enqueue_time >= ?1 AND enqueue_time < ?2 "
    "UNION SELECT interaction_key FROM main.queue_visit WHERE "
    "CASE WHEN outcome = 'ANSWERED' THEN coalesce(answer_time, dequeue_time, end_time, "
    "enqueue_time) ELSE coalesce(end_time, dequeue_time, enqueue_time) END >= ?1 AND "
    "CASE WHEN outcome = 'ANSWERED' THEN coalesce(answer_time, dequeue_time, end_time, "
    "enqueue_time) ELSE coalesce(end_time, dequeue_time, enqueue_time) END < ?2";

}  // namespace

// ---- A table of quarter hours, and the tables made from it

class Figures::Rollup {
 public:
  Rollup(sqlite3* database, const Names& names)
      : names_(names),
        intervals_(database, names.interval),
        days_(database, names.day),
        pieces_(database, pieces_of(names)),
        visits_(database, visits_between),
        days_of_one_(database, days_of_one(names)),
        longest_of_day_(database, longest_of_day(intervals_.shape(), names)),
        all_intervals_(database, "SELECT " + intervals_.shape().list(true) + " FROM main." +
                                     std::string(names.interval) + " ORDER BY 1"),
        all_names_(database, "SELECT DISTINCT vendor, source, " + std::string(names.id) +
                                 " FROM main." + std::string(names.day) + " WHERE " +
                                 std::string(names.id) + " IS NOT NULL"),
        add_name_(database, names.row),
        remove_name_(database, remove_row(names)),
        clear_names_(database, "DELETE FROM main." + std::string(names.dimension)) {}

  // From now on nothing that comes or leaves is counted. Everything is counted again when the
  // figures are written.
  void put_off() {
    forget();
    is_put_off_ = true;
  }
  bool is_put_off() const { return is_put_off_; }

  void come(std::int64_t component, const Pieces& pieces, std::size_t number, const Facts& facts,
            const LimitsOf& limits_of) {
    if (is_put_off_) return;
    // Pieces of one subject often follow each other.
    std::optional<Subject> last;
    std::uint32_t subject = 0;
    const auto use = [&](const Piece& piece) {
      if (piece.values.size() != intervals_.shape().values.size())
        throw Error("sql/schema.sql and pieces.cpp have other columns of " +
                    std::string(names_.interval));
      if (last != piece.subject) {
        last = piece.subject;
        subject = cells_.subject_of(piece.subject);
      }
      cells_.add(piece.quarter, subject, piece.credit, piece.values, 1);
    };
    if (!pieces.each(names_.pieces, number, facts, limits_of, use)) come(component);
  }
  // The facts are counted later, when they are in the file.
  void come(std::int64_t component) {
    if (is_put_off_) return;
    const auto at = static_cast<std::size_t>(component);
    if (at >= noted_.size()) noted_.resize(std::max(at + 1, noted_.size() * 2));
    noted_[at] = true;
  }
  void leave(std::int64_t component) {
    if (is_put_off_) return;
    const auto at = static_cast<std::size_t>(component);
    if (at < noted_.size() && noted_[at]) {
      noted_[at] = false;
      return;
    }
    count(component, component, -1, [](std::int64_t) { return true; });
    if (cells_.size() > most_cells_left) put_off();
  }

  // Call it when the file has the facts of all components that came, and of none that left, because
  // the maxima of a row are looked up there.
  void write_if_many(const Zone& zone) {
    if (cells_.size() < most_cells) return;
    try {
      write_what_came(zone);
    } catch (const Miscounted&) {
      put_off();
    }
  }
  // Throws Miscounted, like the functions below. Call write_days() afterwards.
  void write_what_came(const Zone& zone) {
    count_noted(zone);
    write_intervals(zone);
  }
  void count_window(std::int64_t first, const Zone& zone) {
    count(first, first + window - 1, 1, [](std::int64_t) { return true; });
    if (cells_.size() >= most_cells) write_intervals(zone);
  }
  void write_intervals(const Zone& zone) {
    intervals_.begin();
    Parts parts;
    cells_.each_row([&](const Cells::Row& row) {
      cells_.parts_of(row, text_of(row.quarter), parts);
      intervals_.apply(parts, may_be_there(parts), row.values, row.left,
                       [&] { return longest_in(row); });
      add_to_day(parts, row.values, row.left, zone);
    });
    intervals_.end();
    cells_.clear();
    for (auto& [key, span] : spans_) span.end_batch();
  }
  void write_days(const Zone& zone) {
    days_.begin();
    for (const auto* const each : sorted(days_changed_)) {
      const auto& [key, change] = *each;
      const Parts parts = parts_of(key);
      days_.apply(parts, true, change.values, change.left,
                  [&] { return longest_in_day(parts, zone); });
      std::string name;
      for (std::size_t i = 1; i <= 3; ++i) append_part(name, parts[i]);
      if (parts[3]) named_.insert(name);
    }
    days_.end();
    days_changed_.clear();
  }
  void write_names() {
    for (const std::string& name : named_) {
      const auto parts = parts_of(name);
      remove_name_.execute(parts[0], parts[1], parts[2]);
      add_name_.execute(parts[0], parts[1], parts[2]);
    }
    named_.clear();
  }

  void clear() {
    forget();
    intervals_.clear();
    days_.clear();
    clear_names_.execute();
  }
  void forget() {
    cells_.clear();
    days_changed_.clear();
    named_.clear();
    spans_.clear();
    noted_.clear();
    intervals_.forget();
    days_.forget();
    is_put_off_ = false;
  }
  // Makes the days again from the quarter hours.
  void make_days_anew(const Zone& zone) {
    days_.clear();
    clear_names_.execute();
    const auto keys = static_cast<int>(intervals_.shape().keys.size());
    auto rows = all_intervals_.query();
    Parts parts;
    std::vector<std::int64_t> values;
    while (rows.next()) {
      parts.clear();
      for (int i = 0; i < keys; ++i) parts.push_back(part_of(rows, i));
      intervals_.shape().read(rows, keys, values);
      add_to_day(parts, values, {}, zone);
      if (days_changed_.size() >= most_cells) write_days(zone);
    }
    write_days(zone);
  }
  void make_names_anew() {
    clear_names_.execute();
    auto rows = all_names_.query();
    while (rows.next()) add_name_.execute(rows.text(0), rows.text(1), rows.text(2));
    named_.clear();
  }

 private:
  // Adds what the components from `first` to `last` contribute, as far as `is_one` accepts them;
  // with `sign` -1, subtracts it.
  template <class IsOne>
  void count(std::int64_t first, std::int64_t last, int sign, const IsOne& is_one) {
    each_piece(first, last, is_one,
               [&](std::int64_t quarter, std::uint32_t subject, Credit credit) {
                 cells_.add(quarter, subject, credit, piece_, sign);
               });
  }
  void count_noted(const Zone& zone) {
    // Components with nearby numbers are read by one query.
    constexpr std::size_t nearby = 32;
    for (std::size_t first = 0; first < noted_.size(); ++first) {
      if (!noted_[first]) continue;
      std::size_t last = first;
      for (std::size_t at = first;
           at < std::min(noted_.size(), first + window) && at <= last + nearby; ++at)
        if (noted_[at]) last = at;
      count(static_cast<std::int64_t>(first), static_cast<std::int64_t>(last), 1,
            [this](std::int64_t component) { return noted_[static_cast<std::size_t>(component)]; });
      first = last;
      if (cells_.size() >= most_cells) write_intervals(zone);
    }
    noted_.clear();
  }

  static std::string longest_of_day(const Shape& shape, const Names& names) {
    std::string sql = "SELECT NULL";
    for (const Shape::Figure& figure : shape.values)
      sql += figure.is_longest ? ", max(" + std::string(figure.name) + ')' : ", NULL";
    sql += " FROM main." + std::string(names.interval) +
           " WHERE interval_start >= ?1 AND interval_start < ?2";
    for (std::size_t i = 1; i < shape.keys.size(); ++i)
      sql += " AND " + std::string(shape.keys[i]) + " IS ?" + std::to_string(i + 2);
    return sql;
  }

  static std::string days_of_one(const Names& names) {
    const std::string day = "(SELECT day FROM main." + std::string(names.day) + " WHERE " +
                            std::string(names.id) +
                            " = ?3 AND vendor = ?1 AND source = ?2 ORDER BY day";
    return "SELECT " + day + " LIMIT 1), " + day + " DESC LIMIT 1)";
  }

  // The range of times in which a queue or an agent has quarter hours in the file. It is known from
  // the days, which are not written before all quarter hours are, and from the batches that were
  // written. The rows of one batch differ from each other, so a batch counts only when it has
  // ended.
  struct Span {
    std::string first, last, first_of_batch, last_of_batch;  // "": none

    bool contains(std::string_view time) const {
      return !first.empty() && time >= first && time <= last;
    }
    void add(std::string_view time) {  // times come in their order
      if (first_of_batch.empty()) first_of_batch = time;
      last_of_batch = time;
    }
    void end_batch() {
      if (first_of_batch.empty()) return;
      first = first.empty() ? first_of_batch : std::min(first, first_of_batch);
      last = std::max(last, last_of_batch);
      first_of_batch.clear();
    }
  };
  // Whether the quarter hour's row may be in the file. Looking it up takes as long as writing it,
  // and files of several sources cover the same time.
  bool may_be_there(const Parts& parts) {
    if (!parts[3]) return true;  // no queue or agent, and so no range
    span_key_.clear();
    for (std::size_t i = 1; i <= 3; ++i) append_part(span_key_, parts[i]);
    const auto [at, is_new] = spans_.try_emplace(span_key_);
    Span& span = at->second;
    if (is_new) {
      auto rows = days_of_one_.query(*parts[1], *parts[2], *parts[3]);
      if (rows.next() && !rows.is_null(0)) {
        // Stored days may belong to the zone that was set before.
        constexpr double margin_seconds = 3 * 86'400.0;
        const auto near = [](std::string_view day, double seconds, const char* otherwise) {
          const auto parsed = parse_time(day, Zone());
          if (!parsed) throw Miscounted();
          const auto moved = plus_seconds(parsed->instant, seconds);
          return moved ? format_time(*moved) : otherwise;
        };
        span.first = near(rows.text(0), -margin_seconds, "0");
        span.last = near(rows.text(1), margin_seconds, "9999-12-31 24");
      }
    }
    span.add(*parts[0]);
    return span.contains(*parts[0]);
  }

  // Rows come in the order of time.
  const std::string& text_of(std::int64_t quarter) {
    if (last_text_.empty() || quarter != last_quarter_) last_text_ = format_time(begin_of(quarter));
    last_quarter_ = quarter;
    return last_text_;
  }

  // Calls `use` with the quarter hour, subject and credit of every piece; piece_ has its values.
  template <class IsOne, class Use>
  void each_piece(std::int64_t first, std::int64_t last, const IsOne& is_one, const Use& use) {
    const Shape& shape = intervals_.shape();
    const auto keys = static_cast<int>(shape.keys.size());
    const auto credit_at = 1 + static_cast<int>(shape.credit);
    bind_components(pieces_, first, last);
    piece_.resize(shape.values.size());
    auto rows = pieces_.query();
    while (rows.next()) {
      if (!is_one(rows.integer(0))) continue;
      for (std::size_t i = 0; i < piece_.size(); ++i) {
        const int column = 1 + keys + static_cast<int>(i);
        piece_[i] =
            shape.values[i].is_longest && rows.is_null(column) ? nothing : rows.integer(column);
      }
      const std::int64_t quarter = rows.integer(1);
      const std::uint32_t subject = cells_.subject_of(rows, 1);
      use(quarter, subject, Cells::credit_named(rows.text(credit_at)));
    }
  }

  // The maxima of a quarter hour's row, from the facts.
  std::vector<std::int64_t> longest_in(const Cells::Row& row) {
    const std::string from = format_time(begin_of(row.quarter)),
                      to = format_time(begin_of(row.quarter + 1));
    std::vector<std::int64_t> interactions;
    {
      auto rows = visits_.query(from, to);
      while (rows.next()) interactions.push_back(rows.integer(0));
    }
    std::vector<std::int64_t> found = intervals_.shape().blank();
    for (const std::int64_t interaction : interactions)
      each_piece(
          interaction, interaction, [](std::int64_t) { return true; },
          [&](std::int64_t quarter, std::uint32_t subject, Credit credit) {
            if (quarter == row.quarter && subject == row.subject &&
                (credit == row.credit || credit == Credit::both))
              intervals_.shape().add(found, piece_);
          });
    return found;
  }
  // The same for a day, from its quarter hours.
  std::vector<std::int64_t> longest_in_day(const Parts& parts, const Zone& zone) {
    constexpr std::int64_t us_per_day = 86'400'000'000;
    const std::int64_t day = parse_time(*parts[0], Zone())->instant.us / us_per_day;
    const std::string from = format_time(start_of_day(day, zone)),
                      to = format_time(start_of_day(day + 1, zone));
    longest_of_day_.bind(1, from);
    longest_of_day_.bind(2, to);
    for (std::size_t i = 1; i < parts.size(); ++i)
      longest_of_day_.bind(static_cast<int>(i + 2), parts[i]);
    auto rows = longest_of_day_.query();
    rows.next();
    return days_.shape().read(rows, 1);
  }

  void add_to_day(const Parts& parts, std::span<const std::int64_t> values,
                  std::span<const std::int64_t> left, const Zone& zone) {
    if (*parts[0] != last_time_ || last_zone_ != zone.name()) {
      last_time_ = *parts[0];
      last_zone_ = zone.name();
      last_day_ = day_of(parse_time(last_time_, Zone())->instant, zone);
    }
    key_.clear();
    append_part(key_, last_day_);
    for (std::size_t i = 1; i < parts.size(); ++i) append_part(key_, parts[i]);
    const auto [at, is_new] = days_changed_.try_emplace(key_);
    Change& change = at->second;
    if (is_new) change.values = days_.shape().blank();
    if (!left.empty()) days_.shape().leave(change.left, change.values, left);
    days_.shape().add(change.values, values);
  }

  Names names_;
  FigureTable intervals_, days_;
  Statement pieces_, visits_, days_of_one_, longest_of_day_, all_intervals_, all_names_, add_name_,
      remove_name_, clear_names_;
  Cells cells_{intervals_.shape()};
  Changes days_changed_;
  std::set<std::string> named_;  // whose row of the dimension may have changed
  std::int64_t last_quarter_ = 0;
  std::string last_text_;  // of that quarter hour
  std::vector<std::int64_t> piece_;
  std::string key_, last_time_, last_zone_, last_day_;
  std::unordered_map<std::string, Span> spans_;
  std::string span_key_;
  std::vector<bool> noted_;  // components, by number
  bool is_put_off_ = false;
};

// The settings that the figures were made with, and those that they have to be made with.
struct Figures::Now {
  explicit Now(sqlite3* database)
      : settings(settings_of(database)),
        differ(out_of_date(database, settings)),
        limits(database),
        limits_of([this](const Subject& queue) { return limits.of(queue); }) {
    std::string sql =
        "SELECT EXISTS (SELECT 1 FROM main.interaction) OR "
        "EXISTS (SELECT 1 FROM main.fact_agent_state)";
    for (const Names& names : {queue_names, agent_names})
      for (const std::string_view table : {names.interval, names.day, names.dimension})
        sql += " OR EXISTS (SELECT 1 FROM main." + std::string(table) + ')';
    Statement select(database, sql);
    auto rows = select.query();
    rows.next();
    is_empty = rows.integer(0) == 0;
  }
  Now(const Now&) = delete;
  Now& operator=(const Now&) = delete;
  bool is_new() const { return std::find(differ.begin(), differ.end(), true) != differ.end(); }
  // Whether the stored figures were made with something else. An empty warehouse has no such
  // figures.
  bool is_stale(Made made) const { return differ[made] && !is_empty; }

  Settings settings;
  std::array<bool, kinds_made> differ;
  Limits limits;
  LimitsOf limits_of;
  bool is_empty = false;
};

Figures::Figures(sqlite3* database) : database_(database) {}
Figures::~Figures() = default;

// The rollups are made when there is something to count: most imports of known files have nothing.
void Figures::prepare() {
  if (queues_ == nullptr) queues_ = std::make_unique<Rollup>(database_, queue_names);
  if (agents_ == nullptr) agents_ = std::make_unique<Rollup>(database_, agent_names);
}

// The settings are read before the first change, and kept until write() has applied them.
const Figures::Now& Figures::now() {
  if (now_ == nullptr) now_ = std::make_unique<Now>(database_);
  return *now_;
}

const Figures::Now& Figures::begin() {
  const Now& now = this->now();
  if (is_changed_) return now;
  prepare();
  is_changed_ = true;
  if (now.is_stale(of_queues)) queues_->put_off();
  if (now.is_stale(of_agents)) agents_->put_off();
  return now;
}

const LimitsOf& Figures::limits() {
  return now().limits_of;
}

void Figures::come(std::int64_t component, const Pieces& pieces, std::size_t number,
                   const Facts& facts) {
  const LimitsOf& limits_of = begin().limits_of;
  queues_->come(component, pieces, number, facts, limits_of);
  agents_->come(component, pieces, number, facts, limits_of);
}

void Figures::come(std::int64_t component) {
  begin();
  queues_->come(component);
  agents_->come(component);
}

void Figures::leave(std::int64_t component) {
  begin();
  queues_->leave(component);
  agents_->leave(component);
}

void Figures::written() {
  if (!is_changed_) return;
  queues_->write_if_many(now().settings.zone);
  agents_->write_if_many(now().settings.zone);
}

void Figures::clear() {
  forget();
  prepare();
  queues_->clear();
  agents_->clear();
}

void Figures::forget() {
  now_.reset();
  is_changed_ = false;
  if (queues_ != nullptr) queues_->forget();
  if (agents_ != nullptr) agents_->forget();
}

void Figures::count_anew(Rollup& rollup, const Zone& zone) {
  rollup.clear();
  Statement most(database_,
                 "SELECT max((SELECT ifnull(max(interaction_key), 0) FROM main.interaction), "
                 "(SELECT ifnull(max(component), 0) FROM main.fact_agent_state))");
  auto rows = most.query();
  rows.next();
  for (std::int64_t first = 0; first <= rows.integer(0); first += window)
    rollup.count_window(first, zone);
  rollup.write_intervals(zone);
  rollup.write_days(zone);
}

// Returns whether everything was counted again.
bool Figures::count(Rollup& rollup, const Zone& zone) {
  try {
    if (!rollup.is_put_off()) {
      rollup.write_what_came(zone);
      rollup.write_days(zone);
      return false;
    }
  } catch (const Miscounted&) {
  }
  count_anew(rollup, zone);
  return true;
}

bool Figures::write() {
  if (!is_changed_ && !now().is_new()) {
    now_.reset();
    return false;
  }
  const Now& now = begin();
  const Zone& zone = now.settings.zone;
  for (Rollup* const rollup : {queues_.get(), agents_.get()}) {
    const bool is_anew = count(*rollup, zone);
    if (now.is_stale(of_days) && !is_anew) rollup->make_days_anew(zone);
    if (now.is_stale(of_names) || now.is_stale(of_days) || is_anew)
      rollup->make_names_anew();
    else
      rollup->write_names();
  }
  Statement note(database_, "INSERT OR REPLACE INTO main.cdr_meta VALUES (?1, ?2)");
  for (std::size_t i = 0; i < kinds_made; ++i)
    if (now.differ[i]) note.execute(applied_names[i], now.settings.with[i]);
  const bool is_new = now.is_new();
  forget();
  return is_new;
}

// ---- Settings and upkeep

void require_settings(sqlite3* database, std::string_view who) {
  const std::string zone = zone_name(database);
  try {
    Zone::named(zone);
  } catch (const Error& error) {
    throw Error(std::string(who) + ": the row 'zone' of report_setting: " + error.what(),
                ErrorCode::mismatch);
  }
  Statement zones(database,
                  "SELECT queue_id, zone FROM main.queue_setting WHERE zone IS NOT NULL ORDER BY "
                  "vendor, source, queue_id");
  for (auto queues = zones.query(); queues.next();) {
    try {
      Zone::named(queues.text(1));
    } catch (const Error& error) {
      throw Error(std::string(who) + ": the row of queue_setting for the queue '" +
                      std::string(queues.text(0)) + "': " + error.what(),
                  ErrorCode::mismatch);
    }
  }
  Statement select(database,
                   "SELECT 'queue_setting', vendor FROM main.queue_setting UNION "
                   "SELECT 'agent_team', vendor FROM main.agent_team");
  auto rows = select.query();
  while (rows.next())
    require_vendor(rows.text(1),
                   std::string(who) + ": a row of " + std::string(rows.text(0)) + " has");
}

namespace {

// Settings that apply to nothing: a name was written instead of an id, or another source.
std::vector<std::string> settings_of_nothing(sqlite3* database) {
  struct Kind {
    std::string_view table, id, dimension;
  };
  constexpr Kind kinds[] = {{"queue_setting", "queue_id", "queue"},
                            {"agent_team", "agent_id", "agent"}};
  std::vector<std::string> found;
  for (const Kind& kind : kinds) {
    const std::string id(kind.id);
    Statement select(database, "SELECT DISTINCT vendor, source, " + id + " FROM main." +
                                   std::string(kind.table) + " EXCEPT SELECT vendor, source, " +
                                   id + " FROM main." + std::string(kind.dimension));
    for (auto rows = select.query(); rows.next();)
      found.push_back(std::string(kind.table) + ": there is no " + std::string(kind.dimension) +
                      " of vendor " + shown(rows.text(0)) + " and source " + shown(rows.text(1)) +
                      " with the " + id + ' ' + shown(rows.text(2)) + "; SELECT * FROM " +
                      std::string(kind.dimension) + " lists them");
  }
  return found;
}

}  // namespace

std::string refresh_figures(sqlite3* database) {
  constexpr std::string_view who = "cdr_refresh";
  require_warehouse(database, who);
  require_settings(database, who);
  Transaction transaction(database, who);
  transaction.begin();
  bool changed = false;
  {
    Figures figures(database);
    changed = figures.write();
  }
  if (changed) transaction.commit();
  const auto count = [&](std::string_view table) {
    Statement select(database, "SELECT count(*) FROM main." + std::string(table));
    auto rows = select.query();
    rows.next();
    return rows.integer(0);
  };
  JsonWriter json;
  json.begin_object();
  json.member("changed", changed);
  json.member("zone", zone_name(database));
  for (const Names& names : {queue_names, agent_names})
    for (const std::string_view table : {names.interval, names.day, names.dimension})
      json.member(table, count(table));
  if (const auto warnings = settings_of_nothing(database); !warnings.empty()) {
    json.key("warnings");
    json.begin_list();
    for (const std::string& warning : warnings) json.value(warning);
    json.end_list();
  }
  json.end_object();
  return json.text();
}

StoredFigures stored_figures(sqlite3* database, const Zone& zone) {
  if (applied(database, applied_names[of_queues]) != settings_of_queues(database) ||
      applied(database, applied_names[of_agents]) != settings_of_agents())
    return StoredFigures::none;
  return applied(database, applied_names[of_days]) == zone.name() ? StoredFigures::days
                                                                  : StoredFigures::quarters;
}

// ---- The check

namespace {

std::string spelled(const Shape& shape, const Statement::Rows& rows) {
  std::string key;
  for (std::size_t i = 0; i < shape.keys.size(); ++i) {
    const auto part = part_of(rows, static_cast<int>(i));
    key.append(i == 0 ? "" : " ").append(part ? *part : "NULL");
  }
  return key;
}

// Both queries return the key and then the values, sorted by the key.
void compare_rows(const Shape& shape, std::string_view table, Statement& stored, Statement& made,
                  std::vector<WrongFigure>& wrong) {
  constexpr const char* rebuild = "SELECT cdr_rebuild()";
  auto found = stored.query();
  auto expected = made.query();
  const auto key_of = [&](const Statement::Rows& rows) {
    std::string key;
    for (std::size_t i = 0; i < shape.keys.size(); ++i)
      append_part(key, part_of(rows, static_cast<int>(i)));
    return key;
  };
  const auto keys = static_cast<int>(shape.keys.size());
  bool has_found = found.next(), has_expected = expected.next();
  while (has_found || has_expected) {
    const std::string a = has_found ? key_of(found) : "", b = has_expected ? key_of(expected) : "";
    if (has_found && (!has_expected || a < b)) {
      wrong.push_back({std::string(table), spelled(shape, found), "a row", "none", rebuild});
      has_found = found.next();
      continue;
    }
    if (has_expected && (!has_found || b < a)) {
      wrong.push_back({std::string(table), spelled(shape, expected), "none", "a row", rebuild});
      has_expected = expected.next();
      continue;
    }
    for (std::size_t i = 0; i < shape.values.size(); ++i) {
      const int column = keys + static_cast<int>(i);
      const auto text = [&](const Statement::Rows& rows) {
        return rows.is_null(column) ? "NULL" : std::string(rows.text(column));
      };
      if (text(found) == text(expected)) continue;
      const std::string name(shape.values[i].name);
      wrong.push_back({std::string(table), spelled(shape, found), name + ' ' + text(found),
                       name + ' ' + text(expected), rebuild});
      break;
    }
    has_found = found.next();
    has_expected = expected.next();
  }
}

// Adds up the rows of a key; `in_seconds`: converts milliseconds to seconds.
std::string added_up(const Shape& shape, bool in_seconds) {
  std::string sql;
  for (const Shape::Figure& figure : shape.values) {
    const std::string name(figure.name);
    sql += figure.is_longest ? ", max(" : ", sum(";
    if (!figure.is_seconds || figure.is_longest)
      sql += name + ')';
    else
      sql += in_seconds ? name + ')' : "CAST(round(" + name + " * 1000) AS INTEGER))";
    if (figure.is_seconds && (in_seconds || !figure.is_longest)) sql += " / 1000.0";
  }
  return sql;
}

std::string order_clause(const Shape& shape) {
  std::string sql = " ORDER BY ";
  for (std::size_t i = 1; i <= shape.keys.size(); ++i)
    sql.append(i == 1 ? "" : ", ").append(std::to_string(i));
  return sql;
}
std::string by_key(const Shape& shape) {
  std::string sql = " GROUP BY ";
  for (std::size_t i = 1; i <= shape.keys.size(); ++i)
    sql.append(i == 1 ? "" : ", ").append(std::to_string(i));
  return sql + order_clause(shape);
}

// The pieces, with the column names of the table of quarter hours.
std::string named_pieces(const Shape& shape, const Names& names) {
  std::string keys;
  for (const std::string_view key : shape.keys)
    keys.append(key == "credit" ? "c." : "p.").append(key).append(", ");
  std::string values;
  for (const Shape::Figure& figure : shape.values)
    values.append(values.empty() ? "p." : ", p.").append(figure.name);
  return "(WITH piece(component, " + shape.list(true) + ") AS (" + as_part(pieces_of(names)) +
         ") SELECT " + keys + values +
         " FROM piece AS p JOIN (SELECT 'arrival' AS credit UNION ALL SELECT 'event') AS c "
         "ON p.credit IN (c.credit, 'both'))";
}

void check_rollup(sqlite3* database, const Names& names, const std::string& zone,
                  std::vector<WrongFigure>& wrong) {
  const Shape shape(layout_table(names.interval)), days(layout_table(names.day));
  // The keys after the time, which both tables have.
  const std::string keys = shape.list(false), rest = keys.substr(keys.find(','));
  const auto stored = [&](const Shape& of, std::string_view table) {
    return Statement(database, "SELECT " + of.list(true) + " FROM main." + std::string(table) +
                                   order_clause(of));
  };
  {
    Statement made(database,
                   "SELECT strftime('%Y-%m-%d %H:%M:%S.000', interval_start * 900 - 62135596800, "
                   "'unixepoch')" +
                       rest + added_up(shape, true) + " FROM " + named_pieces(shape, names) +
                       by_key(shape));
    bind_components(made, 0, all_components);
    Statement found = stored(shape, names.interval);
    compare_rows(shape, names.interval, found, made, wrong);
  }
  {
    Statement made(database, "SELECT substr(cdr_local(interval_start, :zone), 1, 10)" + rest +
                                 added_up(days, false) + " FROM main." +
                                 std::string(names.interval) + by_key(days));
    made.bind(made.parameter(":zone"), zone);
    Statement found = stored(days, names.day);
    compare_rows(days, names.day, found, made, wrong);
  }
  // Compares the rows of the dimension that exist with those that should exist.
  const std::string table = "main." + std::string(names.dimension);
  Statement rows(database, "SELECT vendor, source, " + std::string(names.id) + " FROM " + table +
                               " UNION SELECT vendor, source, " + std::string(names.id) +
                               " FROM main." + std::string(names.day) + " WHERE " +
                               std::string(names.id) + " IS NOT NULL");
  Statement differing(
      database, "WITH made AS (" + std::string(names.row.substr(names.row.find("SELECT"))) +
                    "), found AS (SELECT * FROM " + table +
                    " WHERE vendor = ?1 AND source = ?2 "
                    "AND " +
                    std::string(names.id) +
                    " = ?3) "
                    "SELECT 1 WHERE (SELECT count(*) FROM made) <> (SELECT count(*) FROM found) "
                    "OR EXISTS (SELECT * FROM made EXCEPT SELECT * FROM found)");
  auto each = rows.query();
  while (each.next())
    if (auto found = differing.query(each.text(0), each.text(1), each.text(2)); found.next())
      wrong.push_back({std::string(names.dimension),
                       std::string(each.text(0)) + '/' + std::string(each.text(1)) + '/' +
                           std::string(each.text(2)),
                       "a different row, or none", "what its days give", "SELECT cdr_rebuild()"});
}

}  // namespace

std::vector<WrongFigure> wrong_figures(sqlite3* database) {
  constexpr const char* refresh = "SELECT cdr_refresh()";
  try {
    require_settings(database, "cdr_check");
  } catch (const SqliteError&) {
    throw;
  } catch (const Error& error) {
    return {{"report_setting", "", error.what(), "valid settings", refresh}};
  }
  const Settings now = settings_of(database);
  // An empty warehouse has no such entries.
  for (std::size_t i = 0; i < kinds_made; ++i)
    if (const auto was = applied(database, applied_names[i]); was && *was != now.with[i])
      return {{"report_setting", "",
               "figures made with other settings or by another version of libcdr",
               "figures made with these settings by this version", refresh}};
  std::vector<WrongFigure> wrong;
  for (const Names& names : {queue_names, agent_names})
    check_rollup(database, names, now.zone.name(), wrong);
  return wrong;
}

}  // namespace cdr::ext
