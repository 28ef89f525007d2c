// cdr check and rebuild: one question each, answered by the warehouse's functions.
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"

namespace cdr::cli {
namespace {

// Runs `sql` in the warehouse and shows its rows.
std::int64_t ask(const UpkeepOptions& options, const std::string& sql) {
  auto database = open_database(options.database.path, Access::write);
  const InterruptGuard guard(database.getHandle());
  return run_sql(database, options.database.path, sql,
                 suited(options.format, options.format_given));
}

}  // namespace

int check(const UpkeepOptions& options) {
  const std::int64_t violations = ask(options, "SELECT * FROM cdr_check()");
  if (violations == 0) return exit_ok;
  throw Failure(std::to_string(violations) +
                (violations == 1 ? " invariant is" : " invariants are") +
                " violated; 'cdr rebuild' derives everything again from the raw records");
}

int rebuild(const UpkeepOptions& options) {
  ask(options, "SELECT cdr_rebuild() AS rebuilt");
  return exit_ok;
}

}  // namespace cdr::cli
