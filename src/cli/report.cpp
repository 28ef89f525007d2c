// cdr report: a period as a self-contained page, or as its main figures on a terminal.
#include "cli/report.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <iostream>
#include <system_error>

#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/period.hpp"
#include "cli/suggestion.hpp"
#include "cli/target.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {
namespace {

void require_language(const std::string& language) {
  if (language.empty() || page_words().contains(language)) return;
  std::vector<std::string> known;
  std::string list;
  for (const auto& [name, words] : page_words().items()) {
    known.push_back(name);
    list += (list.empty() ? "" : ", ") + name;
  }
  throw Failure("--lang: expected one of " + list + ", found '" + language + "'" +
                    suggestion(language, known),
                exit_usage);
}

std::string short_time(const OrderedJson& local) {
  if (!local.is_string()) return "?";
  const auto& text = local.get_ref<const std::string&>();
  constexpr std::size_t date = 10, minute = 16;
  return text.substr(0,
                     text.compare(date, std::string::npos, " 00:00:00.000") == 0 ? date : minute);
}

void say(const std::string& out, const OrderedJson& all, const std::string& path) {
  const Answer headline(all, "headline");
  const Answer known(all, "warehouse");
  const std::int64_t count = headline.count(0, "interactions");
  std::cout << shown(out) << ": " << short_time(headline.at(0, "local_from")) << " to "
            << short_time(headline.at(0, "local_to")) << ' '
            << shown(all.at("meta").at("zone").get<std::string>()) << ", " << count
            << (count == 1 ? " interaction" : " interactions");
  const std::size_t timelines = all.at("timelines").size();
  if (timelines > 0) std::cout << ", " << timelines << " of them with a timeline";
  if (count == 0 && known.at(0, "first_local").is_null())
    std::cout << "; the warehouse has no interactions: import files with '"
              << shown(command_on(path, "import", "PATH")) << '\'';
  else if (count == 0)
    std::cout << "; the warehouse has interactions from " << short_time(known.at(0, "first_local"))
              << " to " << short_time(known.at(0, "last_local"));
  std::cout << '\n';
}

int show_text(const ReportOptions& options, const OrderedJson& all) {
  const std::string language =
      options.language.empty() ? language_of_environment() : options.language;
  constexpr std::size_t widest = 120;
  Output output(stdout);
  try {
    output.write(report_text(all, language, std::min(terminal_width(STDOUT_FILENO), widest),
                             shows_colours(STDOUT_FILENO)));
    output.flush();
  } catch (const Closed&) {
  }
  return exit_ok;
}

}  // namespace

std::string language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = environment(name);
    if (value.empty()) continue;
    const std::string language = value.substr(0, value.find_first_of("_.@"));
    return page_words().contains(language) ? language : "en";
  }
  return "en";
}

namespace {

// The target is open before the work, which takes a while, so that a page that cannot be written is
// reported at once.
OrderedJson write_page_to(TargetFile& target, const std::string& out, SQLite::Database& database,
                          const std::string& path, const ReportOptions& options,
                          const ReportPeriod& period, const std::function<void()>& check) {
  OrderedJson all = answers(database, path, options, period);
  check();
  const std::string page = page_of(all, options.language);
  if (std::fwrite(page.data(), 1, page.size(), target.stream()) != page.size())
    throw Failure(out + ": cannot be written: " + reason_of(errno) +
                  "; name a file on a disk with space");
  target.finish();
  return all;
}

}  // namespace

OrderedJson write_page(SQLite::Database& database, const std::string& path,
                       const ReportOptions& options, const std::string& out) {
  TargetFile target(out);
  return write_page_to(target, out, database, path, options, period_of(database, options), [] {});
}

int report(const ReportOptions& options) {
  require_language(options.language);
  if (options.is_text && !options.out.empty())
    throw Failure("both --text and --out are given; --text writes to standard output", exit_usage);
  Questioned asked = open_to_ask(options.database.path, Access::read);
  const InterruptGuard guard(asked.database.getHandle());
  // Everything is read as of the same moment.
  asked.database.exec("BEGIN");
  require_warehouse(asked.database, asked.path);
  const ReportPeriod period = period_of(asked.database, options);
  if (options.is_text) {
    const OrderedJson all = answers(asked.database, asked.path, options, period);
    asked.require_untouched();
    return show_text(options, all);
  }
  const std::string out = !options.out.empty()
                              ? options.out
                              : "report-" +
                                    value_of(asked.database, "SELECT date(cdr_local(?1, ?2))",
                                             period.from, period.zone) +
                                    ".html";
  std::error_code error;
  if (std::filesystem::equivalent(out, asked.path, error))
    throw Failure(out + " is the database itself; name another file", exit_usage);
  TargetFile target(out);
  const OrderedJson all = write_page_to(target, out, asked.database, asked.path, options, period,
                                        [&] { asked.require_untouched(); });
  if (out == "-") return exit_ok;
  say(out, all, asked.path);
  flush_output();
  return exit_ok;
}

}  // namespace cdr::cli
