// cdr check, rebuild and refresh: each runs one of the warehouse's functions and shows the answer.
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"

namespace cdr::cli {

int check(const UpkeepOptions& options) {
  Questioned asked = open_to_ask(options.database.path, Access::write);
  const InterruptGuard guard(asked.database.getHandle());
  const std::int64_t violations =
      run_sql(asked.database, asked.path, {"SELECT * FROM cdr_check()", ""}, options.show);
  asked.require_untouched();
  if (violations == 0) return exit_ok;
  throw Failure(std::to_string(violations) +
                (violations == 1 ? " invariant is violated; the column remedy says what to do"
                                 : " invariants are violated; the column remedy says what to do "
                                   "about each"));
}

int rebuild(const UpkeepOptions& options) {
  auto database = open_database(options.database.path, Access::write);
  const InterruptGuard guard(database.getHandle());
  run_sql(database, options.database.path, {"SELECT cdr_rebuild() AS rebuilt", ""}, options.show);
  return exit_ok;
}

int refresh(const UpkeepOptions& options) {
  auto database = open_database(options.database.path, Access::write);
  const InterruptGuard guard(database.getHandle());
  run_sql(database, options.database.path, {"SELECT cdr_refresh() AS refreshed", ""}, options.show);
  return exit_ok;
}

}  // namespace cdr::cli
