// Stored figures: queue_interval, agent_interval, the days made of them, and the dimensions queue
// and agent (sql/schema.sql, "Figures"). They follow from the facts and from the user's settings
// alone.
//
//   Figures figures(database);
//   pieces.add(facts, figures.limits());             // on any thread
//   figures.leave(component);                        // before its facts are removed or replaced
//   figures.come(component, pieces, number, facts);  // before its new ones are written
//   figures.written();  // when the facts of all that came are in the file
//   figures.write();    // once, before the commit
//
// The queries in sql/rollups/ say what a component's facts add to each quarter hour, in whole
// milliseconds. So the contribution can be subtracted exactly, in any order, and only the affected
// rows are written. Facts that are in memory are counted from there (pieces.hpp), because asking
// for them again takes longer than writing them. If a maximum leaves a row, the next one is looked
// up in the facts. If the settings or those queries change, write() counts everything again that
// depends on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "extension/binding/statement.hpp"
#include "extension/warehouse/facts/pieces.hpp"

namespace cdr::ext {

class Figures {
 public:
  explicit Figures(sqlite3* database);
  ~Figures();
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  void leave(std::int64_t component);
  // `pieces` are those of its facts: the ones of component `number`.
  void come(std::int64_t component, const Pieces& pieces, std::size_t number, const Facts& facts);
  // What pieces are made with. It is valid until write() or forget().
  const LimitsOf& limits();
  // For facts that are never in memory as a whole: they are counted from the file.
  void come(std::int64_t component);
  // Writes the changes that were counted, if there are many.
  void written();
  // All facts are removed: only facts that come afterwards count.
  void clear();
  // Returns whether it had more to do than the components that left and came.
  bool write();
  // Forgets what was noted, because it was undone.
  void forget();
  // How many rows' changes are held before they are written; tests set it to fewer.
  static inline std::size_t most_cells = 16'384;

 private:
  class Rollup;
  struct Now;

  void prepare();
  const Now& now();
  const Now& begin();
  void count_anew(Rollup& rollup, const Zone& zone);
  bool count(Rollup& rollup, const Zone& zone);

  sqlite3* database_;
  std::unique_ptr<Rollup> queues_, agents_;
  std::unique_ptr<Now> now_;
  bool is_changed_ = false;  // since the last write()
};

// Throws Error, whose message begins with `who`, if a setting is invalid: a zone or a vendor that
// does not exist. Errors that SQL can detect are refused when the row is written.
void require_settings(sqlite3* database, std::string_view who);

// Applies changed settings in a transaction of its own; returns a summary as JSON.
std::string refresh_figures(sqlite3* database);

// Which stored figures agree with the facts and the settings: those of quarter hours, and those of
// days too if they are days of that zone. None if a setting is not applied yet, or if another
// version of libcdr made them.
enum class StoredFigures : int { none = 0, quarters = 1, days = 2 };
StoredFigures stored_figures(sqlite3* database, const Zone& zone);

// Finds wrong figures: compares the file with what follows from the facts and settings.
struct WrongFigure {
  std::string table, key, found, expected, remedy;
};
std::vector<WrongFigure> wrong_figures(sqlite3* database);

}  // namespace cdr::ext
