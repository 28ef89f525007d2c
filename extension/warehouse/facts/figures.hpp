// Stored figures: queue_interval, agent_interval, the days made of them, and the dimensions queue
// and agent (sql/schema.sql, "Figures"). They follow from the facts and from the settings that the
// user writes, and from nothing else.
//
//   Figures figures(database);
//   figures.leave(component);    // before its facts are taken away or replaced
//   figures.come(component);     // it has facts
//   figures.write();             // once, before the commit
//
// What a component's facts add to which quarter hour says sql/rollups/, in whole milliseconds. So
// what it added is taken away again exactly, in any order, and only the rows that it touches are
// written. Of a maximum that leaves a row, the next one is looked up in the facts. A change of the
// settings, or of those queries, makes write() count everything again that depends on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "extension/binding/statement.hpp"

namespace cdr::ext {

class Figures {
 public:
  explicit Figures(sqlite3* database);
  ~Figures();
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  void leave(std::int64_t component);
  void come(std::int64_t component);
  // All facts go: what comes afterwards is all that there is.
  void clear();
  // Gives whether more than what left and came was to be done.
  bool write();
  // What was noted is undone.
  void forget();

 private:
  class Rollup;

  void prepare();
  void count_anew(Rollup& rollup, const Zone& zone);
  void count_what_came(Rollup& rollup, const Zone& zone);

  sqlite3* database_;
  std::unique_ptr<Rollup> queues_, agents_;
  std::vector<bool> changed_;  // components, by number
  bool is_changed_ = false;
};

// Throws Error, in which `who` speaks, when a setting means nothing: a zone or a vendor that there
// is not. What only SQL can tell is refused when the row is written.
void require_settings(sqlite3* database, std::string_view who);

// Applies settings that have changed, in a transaction of its own; gives a summary as JSON.
std::string refresh_figures(sqlite3* database);

// What is wrong with them: what stands in the file against what the facts and settings make.
struct WrongFigure {
  std::string table, key, found, expected, remedy;
};
std::vector<WrongFigure> wrong_figures(sqlite3* database);

}  // namespace cdr::ext
