// cdr report-add: stores users' own reports in the database, after libcdr has checked them.
#include <iostream>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"

namespace cdr::cli {

int report_add(const ReportAddOptions& options) {
  auto database = open_database(options.database.path, Access::write);
  const InterruptGuard guard(database.getHandle());
  for (const std::string& path : options.paths) {
    const std::string text =
        path == "-" ? read_standard_input("a report is expected") : content_of(path);
    std::string call;
    try {
      call = value_of(database, "SELECT cdr_report_add(?1)", text);
    } catch (const SQLite::Exception& error) {
      throw Failure(path + ": " + failure_of(error, options.database.path).what());
    }
    std::cout << call << " is added; query it with "
              << shown(command_on(options.database.path, "query", "--reports")) << '\n';
  }
  return exit_ok;
}

}  // namespace cdr::cli
