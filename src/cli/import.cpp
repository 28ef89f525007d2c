// cdr import: imports each file as a whole. Small files share a transaction. Whatever ends the
// import, the database contains whole files only.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "cli/watch.hpp"
#include "core/error.hpp"
#include "json/input/file.hpp"
#include "json/input/small_files.hpp"
#include "json/input/source.hpp"
#include "json/input/standard_input.hpp"

namespace cdr::cli {
namespace {

namespace fs = std::filesystem;

// The counts that cdr_import returns for every file.
constexpr std::array import_counts{"inserted", "updated", "unchanged", "stale", "quarantined"};

struct Input {
  std::string name;  // of a file; - is standard input
  std::uint64_t bytes = 0;
  bool is_standard_input() const { return name == standard_input_name; }
};

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const auto size =
      fs::file_size(path == standard_input_name ? standard_input_path() : path, error);
  return error ? 0 : size;
}

template <class Count>
std::string files(Count count) {
  return std::to_string(count) + (count == 1 ? " file" : " files");
}

// The sum of cdr_import's summaries.
struct Total {
  std::int64_t imported = 0, known = 0, failed = 0, records = 0;
  std::size_t passed_over = 0;  // files in folders that are not imported
  std::array<std::int64_t, import_counts.size()> counts{};

  void add(const nlohmann::json& summary) {
    const auto number = [&](const char* key) { return summary.value(key, std::int64_t{0}); };
    // An error is that of a file: one that failed, or one that was taken in part, now or before.
    // One that ends inside a record has none, because that record is in quarantine.
    failed += static_cast<std::int64_t>(summary.value("errors", nlohmann::json()).size());
    imported += number("imported") + number("partial");
    known += number("known");
    records += number("seen");
    for (std::size_t i = 0; i < import_counts.size(); ++i) counts[i] += number(import_counts[i]);
  }
  std::int64_t quarantined() const { return counts.back(); }
  std::string text() const {
    std::string line = files(imported) + ", " + std::to_string(records) +
                       (records == 1 ? " record: " : " records: ");
    for (std::size_t i = 0; i < import_counts.size(); ++i)
      line += (i == 0 ? "" : ", ") + std::to_string(counts[i]) + ' ' + import_counts[i];
    if (known != 0) line += "; " + files(known) + " imported before";
    if (passed_over != 0) line += "; " + files(passed_over) + " passed over";
    return line;
  }
};

// A path whose name looks like JSON gets './' before it.
std::string path_of(const std::string& name) {
  return name.find_first_of("{[\" \t\r\n") == 0 ? "./" + name : name;
}

std::uint64_t bytes_of(std::span<const Input> inputs) {
  std::uint64_t bytes = 0;
  for (const Input& input : inputs) bytes += input.bytes;
  return bytes;
}

// Errors of the database that would also affect the next file.
bool ends_import(int code) {
  constexpr int codes[] = {SQLITE_BUSY,    SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL,
                           SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_INTERRUPT};
  return std::find(std::begin(codes), std::end(codes), code & 0xff) != std::end(codes);
}

// "a.json and 2 more"
std::string first_of(const std::string& name, std::size_t count) {
  return count == 1 ? name : name + " and " + std::to_string(count - 1) + " more";
}

// The reason why the input cannot be read at all; nullopt if it may be readable.
std::optional<std::string> obstacle(const Input& input) {
  try {
    const InputFile file(input.name);
    return std::nullopt;
  } catch (const ReadFailure& failure) {
    return Problem{failure.code, input.name, 0, 0, {}, failure.message}.text(
        Problem::Skipping::impossible);
  }
}

// Reads all of it, so that it can be read as a file is: compressed, or in another encoding.
std::shared_ptr<const void> whole_standard_input() {
  try {
    return take_standard_input();
  } catch (const Error& error) {
    throw Failure(error.what(), ::isatty(STDIN_FILENO) == 1 ? exit_usage : exit_error);
  }
}

class Import {
 public:
  explicit Import(const ImportOptions& options) : options_(options) {
    set("source", "--source", options.source);
    set("zone", "--zone", options.zone);
    set("fetched_at", "--fetched-at", options.fetched_at);
    require_right_options();
  }

  int run() {
    std::vector<Input> inputs;
    for (const std::string& path : options_.paths) add(path, inputs);
    if (!may_exist(options_.database.path)) leave_out_unread(inputs);
    if (inputs.empty()) {
      for (const std::string& failure : unread_) complain(failure);
      return report(0);
    }
    take(inputs);
    return report(inputs.size());
  }

  // Imports files as they arrive, until a signal ends it. Errors of files are only reported; an
  // error of the database ends the command. The next start continues from there. A file that is
  // refused for a reason outside of it (a row of the settings, its permissions) is offered again
  // until it is taken.
  int watch() {
    const InterruptGuard guard(nullptr);
    FolderWatch folder(options_.watch);
    while (interrupted() == 0) {
      std::vector<Input> inputs;
      // The warehouse may be in the folder: files that are written to it have not arrived.
      for (const std::string& path : folder.take())
        if (std::error_code none; !fs::equivalent(path, options_.database.path, none))
          add(path, inputs);
      const Refused before = std::exchange(refused_, {});
      refuse_unreadable(inputs);
      if (!inputs.empty()) take(inputs);
      tell_of_refused(before);
      say_round();
      for (const auto& [path, refusal] : refused_) folder.offer_again(path);
      total_ = {};
      unread_.clear();
      has_news_ = false;
      folder.wait();
    }
    // The user asked it to end, so this is not an interruption.
    forget_interrupt();
    return exit_ok;
  }

 private:
  struct Refusal {
    std::string why;
    bool names_file = false;
    bool operator==(const Refusal&) const = default;
  };
  using Refused = std::map<std::string, Refusal>;  // by path

  void take(const std::vector<Input>& inputs) {
    SQLite::Database database = open_database(options_.database.path, Access::create);
    const InterruptGuard guard(database.getHandle());
    database_ = &database;
    prepare();
    {
      Progress progress(inputs.size(), bytes_of(inputs));
      for (const std::string& failure : unread_) progress.say("cdr: " + failure);
      for (std::span<const Input> rest = inputs; !rest.empty() && interrupted() == 0;) {
        const std::span<const Input> together = rest.first(count_together(rest));
        rest = rest.subspan(together.size());
        progress.begin(together.size(), bytes_of(together));
        import(together, progress);
        progress.end();
        begin_log();
      }
    }
    begin_log();
    if (options_.wal && options_.watch.empty()) tell_of_log();
  }

  // A round with only known files, and files that are still refused, reports nothing.
  void say_round() const {
    if (total_.imported == 0 && unread_.empty() && !has_news_) return;
    if (!options_.json) std::cout << total_.text() << '\n';
    flush_output();
  }

  // If no file can be read, no database is created.
  void leave_out_unread(std::vector<Input>& inputs) {
    if (std::any_of(inputs.begin(), inputs.end(),
                    [](const Input& each) { return !obstacle(each); }))
      return;
    for (const Input& input : inputs) add_unread(obstacle(input).value_or(""));
    inputs.clear();
  }

  void refuse_unreadable(std::vector<Input>& inputs) {
    std::erase_if(inputs, [this](const Input& input) {
      const std::optional<std::string> why = obstacle(input);
      if (why) refused_[input.name] = {*why, true};
      return why.has_value();
    });
  }

  // Reports each reason once, with the files that were not refused for it before.
  void tell_of_refused(const Refused& before) {
    std::map<std::string, std::vector<std::string>> files;
    for (const auto& [path, refusal] : refused_)
      if (const auto known = before.find(path); known == before.end() || known->second != refusal)
        files[refusal.why].push_back(path);
    for (const auto& [why, paths] : files) {
      const bool names_file = refused_.at(paths.front()).names_file;
      complain(names_file ? why : first_of(paths.front(), paths.size()) + ": " + why);
      has_news_ = true;
    }
  }

  void set(const char* option, const char* flag, const std::string& value) {
    if (!value.empty()) call_[option] = require_utf8(flag, value);
  }

  // libcdr checks the options before any file is read.
  void require_right_options() const {
    if (call_.empty()) return;
    SQLite::Database trial = open_database(DatabaseOption::in_memory, Access::create);
    value_of(trial, "SELECT cdr_init()");
    try {
      value_of(trial, "SELECT cdr_import('[]', ?1)", call_.dump());
    } catch (const SQLite::Exception& error) {
      throw Failure(error.what(), exit_usage);
    }
  }

  void prepare() {
    const bool is_new = value_of(*database_, "SELECT count(*) FROM sqlite_schema") == "0";
    is_log_wanted_ = options_.wal;
    if (!is_new) begin_log();
    value_of(*database_, "SELECT cdr_init()");
    database_->exec("PRAGMA cache_size = -65536");
  }

  // A new database gets its first file before its log. Filling an empty file needs no log, and with
  // a log the file would be written twice.
  void begin_log() {
    if (!is_log_wanted_) return;
    try {
      is_log_wanted_ = value_of(*database_, "PRAGMA journal_mode = WAL") != "wal";
    } catch (const SQLite::Exception&) {
      // Another program already reads it: the next attempt is after the next file.
    }
  }

  void add(const std::string& path, std::vector<Input>& inputs) {
    if (path == standard_input_name) {
      standard_input_ = whole_standard_input();
      inputs.push_back({path, size_of(path)});
      return;
    }
    try {
      Expansion expansion = expand_path(path);
      for (std::string& file : expansion.paths) {
        const std::uint64_t bytes = size_of(file);
        inputs.push_back({std::move(file), bytes});
      }
      for (const Problem& problem : expansion.unread)
        add_unread(problem.text(Problem::Skipping::impossible));
      total_.passed_over += expansion.passed_over.size();
      tell_of_passed_over(expansion.passed_over);
    } catch (const Error& error) {
      add_unread(error.what());
    }
  }
  // Documents and programs beside the exports are only counted.
  static void tell_of_passed_over(const std::vector<Problem>& files) {
    const auto is_told = [](const Problem& file) {
      constexpr std::array<std::string_view, 7> documents_and_programs{
          ".md", ".rst", ".cpp", ".hpp", ".py", ".sh", ".sql"};
      return std::none_of(documents_and_programs.begin(), documents_and_programs.end(),
                          [&](std::string_view end) { return file.file.ends_with(end); });
    };
    const auto first = std::find_if(files.begin(), files.end(), is_told);
    if (first == files.end()) return;
    const auto others = std::count_if(std::next(first), files.end(), is_told);
    complain("warning: " + shown(first->file) + " is passed over: " + first->message +
             (others == 0   ? std::string("; cdr_problems lists it")
              : others == 1 ? "; so is 1 more file, and cdr_problems lists both"
                            : "; so are " + std::to_string(others) +
                                  " more files, and cdr_problems lists them all"));
  }
  void add_unread(const std::string& why) {
    ++total_.failed;
    unread_.push_back(why);
  }

  // The number of files that go into one call, and share a transaction. With --json it is one,
  // because each file has a summary of its own.
  std::size_t count_together(std::span<const Input> inputs) const {
    std::size_t count = 0;
    for (std::uint64_t bytes = 0; count < inputs.size() && count < most_files_together; ++count) {
      const Input& input = inputs[count];
      bytes += input.bytes;
      if (options_.json || input.bytes > largest_shared_bytes || bytes > most_bytes_together) break;
    }
    return std::max<std::size_t>(count, 1);
  }

  // Returns the summary, as JSON.
  std::string import_all(std::span<const Input> inputs) {
    if (inputs.size() > 1 || inputs.front().is_standard_input()) return import_paths(inputs);
    SQLite::Statement statement(*database_, "SELECT cdr_import(?1, ?2)");
    statement.bind(1, path_of(inputs.front().name));
    statement.bind(2, call_.dump());
    statement.executeStep();
    return statement.getColumn(0).getString();
  }

  // Passes the paths as cdr_file() does, for which SQLiteCpp has no call.
  std::string import_paths(std::span<const Input> inputs) {
    auto source = std::make_shared<Source>();
    source->is_content = false;
    for (const Input& input : inputs) source->paths.push_back(input.name);
    source->named = source->paths.front();
    source->held = standard_input_;
    const std::string options = call_.dump();
    sqlite3* const handle = database_->getHandle();
    sqlite3_stmt* prepared = nullptr;
    const auto check = [&](int code, int expected) {
      if (code != expected) throw SQLite::Exception(handle, code);
    };
    check(sqlite3_prepare_v2(handle, "SELECT cdr_import(?1, ?2)", -1, &prepared, nullptr),
          SQLITE_OK);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared,
                                                                               sqlite3_finalize);
    check(sqlite3_bind_pointer(
              prepared, 1, new std::shared_ptr<const Source>(std::move(source)), source_pointer,
              [](void* pointer) { delete static_cast<std::shared_ptr<const Source>*>(pointer); }),
          SQLITE_OK);
    check(sqlite3_bind_text(prepared, 2, options.c_str(), -1, SQLITE_STATIC), SQLITE_OK);
    check(sqlite3_step(prepared), SQLITE_ROW);
    return reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
  }

  void import(std::span<const Input> inputs, Progress& progress) {
    try {
      // There is no transaction around it: with a savepoint inside a transaction, SQLite would keep
      // a copy of every page that is written.
      note(import_all(inputs), progress);
    } catch (const SQLite::Exception& error) {
      const Failure failure = failure_of(error, options_.database.path);
      if (interrupted() != 0) return;
      if (ends_import(error.getErrorCode())) throw Failure(failure.what() + so_far());
      if (!options_.watch.empty()) {
        for (const Input& input : inputs) refused_[input.name] = {failure.what()};
        return;
      }
      total_.failed += static_cast<std::int64_t>(inputs.size());
      progress.say("cdr: " + first_of(shown(inputs.front().name), inputs.size()) + ": " +
                   failure.what());
    }
  }

  void note(const std::string& summary, Progress& progress) {
    const auto json = nlohmann::json::parse(summary);
    total_.add(json);
    for (const auto& error : json.value("errors", nlohmann::json::array())) {
      progress.say("cdr: " + error.value("error", ""));
      has_news_ = true;
    }
    for (const auto& warning : json.value("warnings", nlohmann::json::array())) {
      const std::string text = warning.get<std::string>();
      if (options_.watch.empty() || text.find(known_text) == text.npos)
        progress.say("cdr: warning: " + advised(text, options_.database.path));
    }
    if (options_.json) std::cout << summary << '\n';
  }

  void tell_of_log() const {
    const std::string& path = options_.database.path;
    complain(path + (is_log_wanted_
                         ? " is not in WAL mode, because another program uses it; run when it is "
                           "done: " +
                               command_on(path, "query", "\"PRAGMA journal_mode=WAL\"")
                         : " is in WAL mode: reading it requires write permission for its folder, "
                           "or opening it as file:" +
                               path + "?immutable=1 while no program writes"));
  }

  std::string so_far() const {
    return total_.imported == 0 ? "" : "; " + files(total_.imported) + " before it are imported";
  }

  int report(std::size_t inputs) const {
    if (!options_.json) std::cout << total_.text() << '\n';
    flush_output();
    if (interrupted() != 0)
      throw Failure("interrupted: " + std::to_string(total_.imported + total_.known) + " of " +
                    std::to_string(inputs) +
                    " files are imported, the others are not; run the same command again");
    std::string what;
    if (total_.failed != 0)
      what = files(total_.failed) +
             " could not be imported completely, as reported above; correct and import again";
    if (total_.quarantined() != 0)
      what += (what.empty() ? "" : "; ") + std::to_string(total_.quarantined()) +
              (total_.quarantined() == 1 ? " record is" : " records are") + " in quarantine; '" +
              command_on(options_.database.path, "query", "\"SELECT * FROM quarantine\"") +
              "' says why";
    if (what.empty()) return exit_ok;
    throw Failure(what, total_.failed != 0 ? exit_error : exit_quarantined);
  }

  const ImportOptions& options_;
  nlohmann::json call_ = nlohmann::json::object();  // the options of cdr_import
  SQLite::Database* database_ = nullptr;            // of run()
  Total total_;
  std::shared_ptr<const void> standard_input_;
  std::vector<std::string> unread_;
  Refused refused_;             // of the watched folder, in this round
  bool has_news_ = false;       // a failure of this round has been said
  bool is_log_wanted_ = false;  // and not there yet
};

}  // namespace

int import(const ImportOptions& options) {
  if (std::count(options.paths.begin(), options.paths.end(), "-") > 1)
    throw Failure("standard input can be read only once; name - once", exit_usage);
  if (!options.watch.empty() && !options.paths.empty())
    throw Failure("--watch takes what arrives in its folder; import other paths by themselves",
                  exit_usage);
  if (!options.watch.empty()) return Import(options).watch();
  if (options.paths.empty()) throw Failure("PATH is required; see 'cdr import --help'", exit_usage);
  return Import(options).run();
}

}  // namespace cdr::cli
