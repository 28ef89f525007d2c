// cdr_generate: call detail records of a contact centre that does not exist, as four vendors would
// export them.
//
//   cdr_generate --vendor conpeek --dialogs 200000 --seed 1 --out day.ndjson
//   cdr_generate --vendor all --interactions 500 --seed 7 --day 2026-03-02 --days 7 --format array
//   --out week/
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <sstream>

#include "generate.hpp"

namespace {

generator::Time midnight(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  char dash = 0, second_dash = 0, rest = 0;
  std::istringstream in(text);
  in >> year >> dash >> month >> second_dash >> day;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (in.fail() || in >> rest || dash != '-' || second_dash != '-' || !date.ok() || year < 1971 ||
      year > 9000)
    throw CLI::ValidationError("--day", "expected a date as 2026-03-02, found '" + text + "'");
  return generator::Time{std::chrono::sys_days{date}.time_since_epoch().count()} * generator::day;
}

const std::map<std::string, generator::Format> formats{{"ndjson", generator::Format::ndjson},
                                                       {"array", generator::Format::array},
                                                       {"envelope", generator::Format::envelope},
                                                       {"pages", generator::Format::pages}};
const std::map<std::string, generator::Routing> routings{
    {"inside", generator::Routing::inside},
    {"documents", generator::Routing::documents},
    {"none", generator::Routing::none}};

}  // namespace

int main(int argc, char** argv) {
  generator::Options options;
  std::string day = "2026-03-02";
  CLI::App app{
      "Writes generated call detail records (nobody in them exists) as Conpeek, Alibaba, mluvii "
      "and uContact export them. The same options give the same bytes on every machine."};
  app.add_option("--vendor", options.vendor,
                 "alibaba, conpeek, mluvii, ucontact, or all (into the folder --out)")
      ->required();
  app.add_option("--out", options.out,
                 "file; folder for --format pages and --vendor all; - for standard output")
      ->required();
  auto* interactions =
      app.add_option("--interactions", options.plan.interactions, "how many (1000)");
  app.add_option("--dialogs", options.dialogs, "conpeek: exactly so many dialogs")
      ->excludes(interactions);
  app.add_option("--seed", options.plan.seed, "another seed, another day (1)");
  app.add_option("--day", day, "the first day, UTC (2026-03-02, a Monday)");
  app.add_option("--days", options.plan.days, "over how many days (1)");
  app.add_option("--start-id", options.plan.first_id,
                 "number of the first interaction (1): for sets that do not overlap")
      ->check(CLI::PositiveNumber);
  app.add_option("--outbound", options.plan.outbound_percent,
                 "percent of interactions that go out (20)")
      ->check(CLI::Range(0, 60));
  app.add_option("--format", options.format,
                 "ndjson: a record to a line. array: one list. envelope: as the vendor answers "
                 "(Alibaba: an answer to a "
                 "line). pages: a folder of the vendor's list answers")
      ->transform(CLI::CheckedTransformer(formats));
  app.add_option("--routing", options.routing,
                 "mluvii: routing histories inside the sessions, in documents of their own "
                 "(OUT.routing.ndjson), or none")
      ->transform(CLI::CheckedTransformer(routings));
  app.add_option("--routing-out", options.routing_out, "another file for those documents");
  app.add_option("--operator-states", options.agent_states_out,
                 "mluvii: a file for the changes of operators' states");
  app.add_flag("--script", options.script,
               "scripted calls instead of a simulated day: each kind of call in turn, at ordinary "
               "times, over midnight and over both changes of the clock (uContact's times are then "
               "of Europe/Madrid)");
  app.add_option("--truth", options.truth_out,
                 "a file for what happened, in no vendor's form: one JSON line per interaction");
  app.add_option("--defects", options.defects,
                 "permille of the records to damage; what was done is in OUT.defects.ndjson")
      ->check(CLI::Range(0, 1000));
  try {
    app.parse(argc, argv);
    options.plan.first_day = midnight(day);
    const generator::Summary summary = generate(options);
    std::fprintf(stderr, "cdr_generate: %llu interactions, %llu records\n",
                 static_cast<unsigned long long>(summary.interactions),
                 static_cast<unsigned long long>(summary.records));
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cdr_generate: %s\n", error.what());
    return 1;
  }
}
