#include "extension/warehouse/import.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <map>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/text.hpp"
#include "extension/setting.hpp"
#include "extension/statement.hpp"
#include "extension/transaction.hpp"
#include "extension/warehouse/ingest.hpp"
#include "extension/warehouse/schema.hpp"
#include "extension/warehouse/statistics.hpp"
#include "json/fingerprint.hpp"
#include "json/small_files.hpp"
#include "json/writer.hpp"
#include "vendors/reader.hpp"

namespace cdr::ext {
namespace {

constexpr const char* now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
constexpr std::size_t quarantined_bytes = std::size_t{1024} * 1024;
constexpr std::size_t most_errors_told = 500;  // of all files of a transaction

Value or_null(std::string_view text) {
  return text.empty() ? Value() : Value::text(text);
}

Statement::Blob blob(const std::array<unsigned char, 16>& bytes) {
  return {{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

std::optional<std::string> time_text(std::optional<Instant> instant) {
  return instant ? std::optional(format_time(*instant)) : std::nullopt;
}

// An import has no option that leaves it out.
std::string text_of(const Problem& problem) {
  return problem.text(Problem::Skipping::impossible);
}

// What was wrong, until it is written.
struct HeldProblem {
  Problem problem;
  std::optional<std::string> payload;  // of a record that has an end
  std::uint64_t payload_bytes = 0;     // of all of it
  std::string member;
};

// A file, read a batch ahead of who writes, while nothing else is asked of the worker.
//
//   FileReader reader(file, fetched_at, tombstones, worker);
//   reader.start(look);
//   while (reader.finish()) {
//     reader.start(look);  // with the next, while this one is used
//     use(reader.problems(), reader.batch());
//   }
class FileReader : private ProblemSink {
 public:
  FileReader(const Source& file, std::optional<std::int64_t> fetched_at,
             const Tombstones& tombstones, Worker& worker)
      : reader_(file, *this, RecordEnds::guessed),
        fetched_at_(fetched_at),
        tombstones_(tombstones),
        worker_(worker) {}
  ~FileReader() override { worker_.forget(); }

  void start(Look look) {
    done_ = worker_.run([this, look] { read(look); });
  }
  // false: there was nothing more.
  bool finish() {
    done_.get();
    std::swap(read_, filled_);
    return read_.seen > 0 || !read_.problems.empty();
  }
  std::int64_t seen() const { return read_.seen; }
  std::int64_t erased() const { return read_.erased; }  // of those, records that were
  const std::map<std::int32_t, std::int64_t>& zone_errors() const { return read_.zone_errors; }
  const std::vector<HeldProblem>& problems() const { return read_.problems; }
  Batch& batch() { return read_.batch; }

 private:
  struct Part {
    Batch batch;
    std::vector<HeldProblem> problems;
    std::size_t problem_bytes = 0;
    std::int64_t seen = 0, erased = 0;
    std::map<std::int32_t, std::int64_t> zone_errors;  // seconds: records
    bool is_full() const { return batch.is_full() || problem_bytes >= most_problem_bytes; }
  };
  static constexpr std::size_t most_problem_bytes = std::size_t{16} * 1024 * 1024;

  void read(Look look) {
    filled_.batch.clear();
    filled_.problems.clear();
    filled_.problem_bytes = 0;
    filled_.seen = filled_.erased = 0;
    filled_.zone_errors.clear();
    std::string id;
    while (!filled_.is_full() && reader_.next_raw()) {
      worker_.give_way();
      const bool is_sound = reader_.parse();
      if (reader_.has_record()) ++filled_.seen;
      if (!is_sound) continue;
      id.clear();
      reader_.record().resource->record_id(reader_.record(), id);
      if (const auto zone_error = reader_.record().resource->zone_error)
        if (const auto seconds = zone_error(reader_.record())) ++filled_.zone_errors[*seconds];
      if (id.empty())
        reader_.report_missing_key();
      else if (!filled_.batch.add(reader_.vendor(), reader_.record(), id, fetched_at_, tombstones_,
                                  look))
        ++filled_.erased;
    }
  }

  // Outside of a record, problems are of framing, and stand for one that was begun and given up.
  void report(const Problem& problem) override {
    const ProblemKind::Loses loses = problem_kind(problem.code).loses;
    if (loses == ProblemKind::Loses::nothing) return;
    HeldProblem& held = filled_.problems.emplace_back();
    held.problem = problem;
    filled_.problem_bytes += sizeof held + problem.file.size() + problem.message.size();
    if (loses == ProblemKind::Loses::file) return;
    if (!reader_.has_record()) {
      ++filled_.seen;
      return;
    }
    const RawRecord& raw = reader_.raw();
    held.payload = raw.bytes.substr(0, quarantined_bytes);
    held.payload_bytes = raw.bytes.size();
    held.member = raw.member;
    filled_.problem_bytes += held.payload->size();
  }

  Reader reader_;
  std::optional<std::int64_t> fetched_at_;
  const Tombstones& tombstones_;
  Worker& worker_;
  Worker::Pending done_;
  Part read_, filled_;  // the one that is used, and the one that the worker fills
};

HeldProblem problem_of(const Ingest::Refused& refused, std::string_view file) {
  HeldProblem held;
  held.problem.code = ProblemCode::component_too_large;
  held.problem.file = file;
  held.problem.record = refused.number;
  held.problem.offset = refused.offset;
  held.problem.message = too_large_message();
  held.payload = refused.json.substr(0, quarantined_bytes);
  held.payload_bytes = refused.json.size();
  held.member = refused.member;
  return held;
}

// The rows of `quarantine`, and what befalls a file as a whole.
class Quarantine {
 public:
  explicit Quarantine(sqlite3* database)
      : insert_(
            database,
            "INSERT INTO main.quarantine (import_id, path, record, byte_offset, code, json_path, "
            "message, remedy, payload, payload_bytes, member, state) VALUES "
            "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'open')"),
        supersede_(database,
                   "UPDATE main.quarantine SET state = 'superseded', resolved_by = ?1 "
                   "WHERE path = ?2 AND state = 'open' AND import_id <> ?1 AND import_id IN "
                   "(SELECT import_id FROM main.import_file WHERE source IS ?3)") {}

  void begin(std::int64_t import_id, bool fail, ImportCounts& counts,
             const Tombstones& tombstones) {
    tombstones_ = &tombstones;
    import_id_ = import_id;
    fail_ = fail;
    counts_ = &counts;
    file_error_.clear();
  }
  const std::string& file_error() const { return file_error_; }

  void add(const HeldProblem& held) { add(held, import_id_); }
  // Of a file before.
  void add(const HeldProblem& held, std::int64_t import_id) {
    const Problem& problem = held.problem;
    const ProblemKind& kind = problem_kind(problem.code);
    // What the file has behind it is not known: nothing of it is taken, and it can be imported
    // again.
    if (is_unread(problem.code)) throw Error(text_of(problem), ErrorCode::io);
    if (fail_) throw Error(text_of(problem));
    if (kind.loses == ProblemKind::Loses::file) {
      if (file_error_.empty()) file_error_ = text_of(problem);
      return;
    }
    if (problem.code != ProblemCode::component_too_large) ++counts_->quarantined;
    insert_.bind(1, import_id);
    const std::string file = shown(problem.file), path = shown(problem.path),
                      message = shown(problem.message);
    insert_.bind(2, tombstones_->cover(problem.file) ? erased_text : std::string_view(file));
    insert_.bind(3, problem.record == 0 ? std::nullopt : std::optional(problem.record));
    insert_.bind(4, problem.offset);
    insert_.bind(5, kind.name);
    insert_.bind(6, or_null(path));
    insert_.bind(7, message);
    insert_.bind(8, or_null(kind.remedy));
    if (held.payload && !tombstones_->cover(*held.payload))
      insert_.bind(9, Statement::Blob{*held.payload});
    else
      insert_.bind(9, nullptr);
    insert_.bind(10, held.payload ? std::optional(held.payload_bytes) : std::nullopt);
    insert_.bind(11, or_null(held.member));
    insert_.execute();
  }

  // The file of that name came again with other content: what was wrong with the former is past.
  void supersede(const std::string& file, std::string_view source) {
    supersede_.execute(import_id_, shown(file), or_null(source));
  }

 private:
  Statement insert_, supersede_;
  std::int64_t import_id_ = 0;
  bool fail_ = false;
  ImportCounts* counts_ = nullptr;
  const Tombstones* tombstones_ = nullptr;
  std::string file_error_;
};

// import_file: what was read, and when.
class Ledger {
 public:
  using Key = std::array<unsigned char, 16>;
  explicit Ledger(sqlite3* database)
      : known_(database,
               "SELECT 1 FROM main.import_file WHERE bytes = ?1 AND ledger_key = ?2 "
               "AND status <> 'failed'"),
        of_size_(database, "SELECT 1 FROM main.import_file WHERE bytes = ?1"),
        forget_(database,
                "DELETE FROM main.import_file WHERE path = ?1 AND status = 'failed' AND NOT EXISTS "
                "(SELECT 1 FROM main.quarantine AS q WHERE q.import_id = import_file.import_id)"),
        begin_(database,
               std::string("INSERT INTO main.import_file (path, source, zone, fetched_at, "
                           "status, seen, inserted, updated, unchanged, stale, quarantined, "
                           "interactions, started_at, finished_at, libcdr) VALUES (?1, ?2, ?3, "
                           "?4, 'failed', 0, 0, 0, 0, 0, 0, 0, ") +
                   now + ", " + now + ", '" CDR_VERSION "')"),
        finish_(database, std::string("UPDATE main.import_file SET status = ?2, error = ?3, "
                                      "seen = ?4, inserted = ?5, updated = ?6, unchanged = ?7, "
                                      "stale = ?8, quarantined = ?9, interactions = ?10, "
                                      "content_hash = ?11, ledger_key = ?12, bytes = ?13, "
                                      "finished_at = ") +
                              now + " WHERE import_id = ?1"),
        recount_(database,
                 "UPDATE main.import_file SET inserted = ?2, updated = ?3, quarantined = ?4, "
                 "interactions = ?5 WHERE import_id = ?1"),
        blank_(database,
               "UPDATE main.import_file SET path = ?2, error = iif(error IS NULL, NULL, ?2) "
               "WHERE import_id = ?1") {}

  bool knows(const Fingerprint& fingerprint, const Key& key) {
    auto rows = known_.query(fingerprint.bytes, blob(key));
    return rows.next();
  }
  // Whether it can know a file of that size: only then it must be read to tell.
  bool has_one_of(std::uint64_t bytes) {
    auto rows = of_size_.query(bytes);
    return rows.next();
  }
  // The new row's id.
  std::int64_t begin(sqlite3* database, const std::string& path, const ImportOptions& options) {
    const std::string name = shown(path);
    forget_.execute(name);
    begin_.execute(name, or_null(options.source),
                   options.zone.is_utc() ? Value() : Value::text(options.zone.name()),
                   time_text(options.fetched_at));
    return sqlite3_last_insert_rowid(database);
  }
  // Without a fingerprint, what was read is no file, or none that could be read.
  void finish(std::int64_t import_id, std::string_view status, std::string_view error,
              const ImportCounts& counts, const std::optional<Fingerprint>& fingerprint,
              const Key& key) {
    for (int at = 11; at <= 13; ++at) finish_.bind(at, nullptr);
    if (fingerprint) {
      finish_.bind(11, blob(fingerprint->hash));
      finish_.bind(12, blob(key));
      finish_.bind(13, fingerprint->bytes);
    }
    finish_.execute(import_id, status, or_null(error), counts.seen, counts.inserted, counts.updated,
                    counts.unchanged, counts.stale, counts.quarantined, counts.interactions);
  }
  // What became of its records when all of the transaction were there.
  void recount(std::int64_t import_id, const ImportCounts& counts) {
    recount_.execute(import_id, counts.inserted, counts.updated, counts.quarantined,
                     counts.interactions);
  }
  // A path that names what was erased is not kept.
  void blank_erased(std::int64_t import_id, const std::string& path, Tombstones& tombstones) {
    tombstones.refresh();
    if (tombstones.cover(path)) blank_.execute(import_id, erased_text);
  }

 private:
  Statement known_, of_size_, forget_, begin_, finish_, recount_, blank_;
};

// The content, and whatever else decides what it means: two equal files under different paths may
// differ in the ids that only the path carries.
Ledger::Key ledger_key(const std::string& path, const std::optional<Fingerprint>& fingerprint,
                       const ImportOptions& options) {
  if (!fingerprint) return {};
  std::string all(reinterpret_cast<const char*>(fingerprint->hash.data()),
                  fingerprint->hash.size());
  const auto add = [&all](std::string_view text) { all.append(1, '\0').append(text); };
  add(options.source);
  add(options.zone.name());
  for (const std::string& step : options.records) add(step);
  add(time_text(options.fetched_at).value_or(""));
  for (const Vendor* vendor : vendors())
    for (const Resource& resource : vendor->resources)
      if (resource.context_of_path != nullptr) add(resource.context_of_path(path));
  return fingerprint_of(all).hash;
}

void add(ImportCounts& to, const ImportCounts& more) {
  to.seen += more.seen;
  to.inserted += more.inserted;
  to.updated += more.updated;
  to.unchanged += more.unchanged;
  to.stale += more.stale;
  to.quarantined += more.quarantined;
  to.interactions += more.interactions;
}

// What one file came to.
struct Outcome {
  std::string_view status;  // of the ledger, or "known"
  std::string error;
  ImportCounts counts;
};

struct Totals {
  std::int64_t files = 0, imported = 0, known = 0, partial = 0, failed = 0;
  ImportCounts counts;
  std::vector<std::pair<std::string, std::string>> errors;  // path, text
  std::vector<std::string> warnings;

  void add(const std::string& path, const Outcome& outcome) {
    ++files;
    ++(outcome.status == "imported"  ? imported
       : outcome.status == "known"   ? known
       : outcome.status == "partial" ? partial
                                     : failed);
    ext::add(counts, outcome.counts);
    if (!outcome.error.empty() && errors.size() < most_errors_told)
      errors.emplace_back(shown(path), outcome.error);
  }

  std::string summary() const {
    JsonWriter json;
    json.begin_object();
    json.member("files", files);
    json.member("imported", imported);
    json.member("known", known);
    json.member("partial", partial);
    json.member("failed", failed);
    json.member("seen", counts.seen);
    json.member("inserted", counts.inserted);
    json.member("updated", counts.updated);
    json.member("unchanged", counts.unchanged);
    json.member("stale", counts.stale);
    json.member("quarantined", counts.quarantined);
    json.member("interactions", counts.interactions);
    json.key("errors");
    json.begin_list();
    for (const auto& [path, text] : errors) {
      json.begin_object();
      json.member("path", path);
      json.member("error", text);
      json.end_object();
    }
    json.end_list();
    if (!warnings.empty()) {
      json.key("warnings");
      json.begin_list();
      for (const std::string& warning : warnings) json.value(warning);
      json.end_list();
    }
    json.end_object();
    return json.text();
  }
};

// Small files share a transaction: most of what a file costs by itself is the commit. Where one of
// them cannot be taken, all of them are undone and taken again, each in a transaction of its own: a
// savepoint for each file would make SQLite copy every page that the file is the first to write.
// What they have in common is made once, before the commit; till then a file is not counted.
class Importer {
 public:
  Importer(sqlite3* database, const ImportOptions& options)
      : database_(database),
        options_(options),
        transaction_(database, "cdr_import"),
        ledger_(database),
        quarantine_(database),
        ingest_(database, worker_) {}

  std::string run(const Source& source) {
    if (source.is_content) {
      import(content_of(source), Sharing::no);
    } else {
      const Sharing sharing = source.paths.size() > 1 ? Sharing::yes : Sharing::no;
      for (const std::string& path : source.paths) import(file_of(path), sharing);
      for (const Problem& part : source.unread)
        totals_.add(part.file, {"failed", text_of(part), {}});
      tell_of_passed_over(source);
    }
    commit();
    tell_of_zones();
    return totals_.summary();
  }

 private:
  enum class Sharing : bool { no, yes };  // of a transaction with other files

  // A file of the transaction.
  struct Member {
    std::string path;
    std::optional<std::int64_t> import_id;  // nullopt: nothing of it is written
    std::optional<Fingerprint> fingerprint;
    Outcome outcome;
    ImportCounts noted;  // by the ledger
  };

  Source file_of(const std::string& path) const {
    Source file;
    file.options.label = options_.source;
    file.options.zone = options_.zone;
    file.options.records = options_.records;
    file.is_content = false;
    file.named = path;
    file.paths = {path};
    return file;
  }
  Source content_of(const Source& source) const {
    Source file;
    file.options.label = options_.source;
    file.options.zone = options_.zone;
    file.options.records = options_.records;
    file.is_content = true;
    file.named = content_name;
    file.content = source.content;
    return file;
  }

  // The zone that most records of a file show, where it is not the one that they were read in.
  void note_zone(const Source& file) {
    const auto errors = std::exchange(zone_errors_, {});
    if (errors.empty()) return;
    const auto most =
        std::max_element(errors.begin(), errors.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    other_zones_[most->first][file.named] = most->second;
  }
  void tell_of_zones() {
    for (const auto& [seconds, files] : other_zones_) {
      std::int64_t records = 0;
      for (const auto& [file, count] : files) records += count;
      const std::int32_t minutes = std::abs(seconds) / 60;
      char length[16];
      std::snprintf(length, sizeof length, "%d:%02d", minutes / 60, minutes % 60);
      totals_.warnings.push_back(
          shown(files.begin()->first) +
          (files.size() == 1 ? "" : " and " + std::to_string(files.size() - 1) + " more") + ": " +
          std::to_string(records) + (records == 1 ? " record has" : " records have") +
          " local times that are " + length + (seconds < 0 ? " behind" : " ahead of") +
          " the instant in uniqueid when read in " + options_.zone.name() +
          "; import them again with the zone that they are in: option zone, an IANA name or UTC");
    }
  }

  void tell_of_passed_over(const Source& source) {
    constexpr std::size_t most_told = 5;
    const std::size_t count = source.passed_over.size();
    if (count == 0) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(count, most_told); ++i)
      names += (i == 0 ? "" : ", ") + shown(source.passed_over[i].file);
    if (count > most_told) names += ", …";
    totals_.warnings.push_back(
        std::to_string(count) +
        (count == 1 ? " file was passed over: " : " files were passed over: ") + names + ": " +
        source.passed_over.front().message);
  }

  // Of what is there before it is imported, where the ledger may know it; else what reads the
  // records makes it.
  std::optional<Fingerprint> known_fingerprint(const Source& file, std::uint64_t bytes) {
    if (file.is_content) return fingerprint_of(file.content);
    return ledger_.has_one_of(bytes) ? fingerprint_of_file(file.named) : std::nullopt;
  }
  bool is_known(const Source& file, const std::optional<Fingerprint>& fingerprint) {
    return fingerprint &&
           ledger_.knows(*fingerprint, ledger_key(file.named, fingerprint, options_));
  }

  // A file that the system does not give is left out, and the ledger does not know of it.
  void import(Source file, Sharing sharing) {
    try {
      FileState state;
      if (file.is_content)
        state.bytes = file.content.size();
      else
        state = require_file(file.named);
      import(file, state, sharing);
    } catch (const Error& failure) {
      if (failure.code() != ErrorCode::io) throw;
      leave(file, {"failed", failure.what(), {}});
    }
  }

  // Nothing of it is written. When those that share the transaction are taken again, it is looked
  // at again, too: one of them may have been what it is known by.
  void leave(const Source& file, const Outcome& outcome) {
    if (transaction_.is_begun())
      together_.push_back({file.named, {}, {}, outcome, {}});
    else
      totals_.add(file.named, outcome);
  }

  void import(Source& file, const FileState& state, Sharing sharing) {
    // A file that is known costs no lock.
    std::optional<Fingerprint> fingerprint = known_fingerprint(file, state.bytes);
    if (is_known(file, fingerprint)) return leave(file, {"known", "", {}});
    if (state.bytes > small_file_bytes) sharing = Sharing::no;
    if (sharing == Sharing::no) commit();
    worker_.set_at_once(state.bytes <= small_file_bytes);
    if (!transaction_.is_begun()) {
      begin();
      // Only with the lock is it known whether another process has just imported the file.
      if (!fingerprint) fingerprint = known_fingerprint(file, state.bytes);
      if (is_known(file, fingerprint)) return leave(file, {"known", "", {}});
    }
    together_.push_back({file.named, {}, fingerprint, {}, {}});
    bytes_together_ += state.bytes;
    if (!or_undo([&] { take(file, state, together_.back()); })) return;
    if (sharing == Sharing::no || bytes_together_ >= most_bytes_together ||
        together_.size() >= most_files_together)
      commit();
  }

  void begin() {
    own_files_ = own_files();
    transaction_.begin();
  }
  void commit() {
    if (!transaction_.is_begun() || !or_undo([this] { settle(); })) return;
    refresh_statistics(database_, transaction_);
    transaction_.commit();
    for (const Member& each : together_) totals_.add(each.path, each.outcome);
    std::move(warnings_.begin(), warnings_.end(), std::back_inserter(totals_.warnings));
    together_.clear();
    bytes_together_ = 0;
  }

  // What all of the transaction's files make together, and what of them makes too much of it.
  void settle() {
    for (const Ingest::Refused& each : ingest_.finish()) {
      const auto of = std::find_if(together_.begin(), together_.end(), [&](const Member& member) {
        return member.import_id == each.import_id;
      });
      quarantine_.add(problem_of(each, of->path), each.import_id);
    }
    for (const Member& each : together_) {
      if (!each.import_id) continue;
      if (each.outcome.counts != each.noted) ledger_.recount(*each.import_id, each.outcome.counts);
      if (!options_.keep_raw) ingest_.raw().drop_payloads(*each.import_id);
    }
    warnings_ = ingest_.take_warnings();
  }

  // false: it could not be done, and the transaction is dealt with.
  template <class Work>
  bool or_undo(const Work& work) {
    try {
      work();
      return true;
    } catch (const SqliteError&) {
      ingest_.abandon();
      throw;
    } catch (const Error& failure) {
      ingest_.abandon();
      undo(failure);
      return false;
    }
  }

  // A file cannot be taken. Alone, it gets a row of the ledger that says why; those that shared its
  // transaction are taken again.
  void undo(const Error& failure) {
    transaction_.roll_back();
    const std::deque<Member> together = std::exchange(together_, {});
    bytes_together_ = 0;
    if (together.size() > 1) {
      for (const Member& each : together) import(file_of(each.path), Sharing::no);
      return;
    }
    const Outcome failed{"failed", failure.what(), {}};
    const Member& file = together.front();
    // A file that could not be read is as unknown as before.
    if (failure.code() != ErrorCode::io) {
      begin();
      note(file, failed);
      commit();
    }
    totals_.add(file.path, failed);
  }

  void note(const Member& file, const Outcome& failed) {
    const std::int64_t id = ledger_.begin(database_, file.path, options_);
    ledger_.finish(id, failed.status, failed.error, {}, file.fingerprint,
                   ledger_key(file.path, file.fingerprint, options_));
    ledger_.blank_erased(id, file.path, ingest_.tombstones());
  }

  void take(Source& file, const FileState& state, Member& as) {
    refuse_own_file(file, state);
    Outcome& outcome = as.outcome;
    ImportCounts& counts = outcome.counts;
    std::optional<Fingerprint> fingerprint = as.fingerprint, as_read;
    const std::int64_t id = ledger_.begin(database_, file.named, options_);
    as.import_id = id;
    file.as_read = fingerprint ? nullptr : &as_read;
    read(file, id, counts);
    file.as_read = nullptr;
    if (!file.is_content) {
      // Where the records were not all that the file has, it is read once more.
      if (!fingerprint) fingerprint = as_read ? as_read : fingerprint_of_file(file.named);
      quarantine_.supersede(file.named, options_.source);
      if (!is_untouched(file.named, state) || (fingerprint && *fingerprint != state))
        throw Error(
            quoted_path(file.named) + " was written to while it was imported; import it again",
            ErrorCode::io);
    }
    outcome.error = quarantine_.file_error();
    outcome.status = outcome.error.empty() ? "imported" : counts.seen == 0 ? "failed" : "partial";
    ledger_.finish(id, outcome.status, outcome.error, counts, fingerprint,
                   ledger_key(file.named, fingerprint, options_));
    as.noted = counts;
    ledger_.blank_erased(id, file.named, ingest_.tombstones());
  }

  void read(const Source& file, std::int64_t id, ImportCounts& counts) {
    std::optional<std::int64_t> fetched_at;
    if (options_.fetched_at) fetched_at = options_.fetched_at->us;
    ingest_.begin(id, counts);
    quarantine_.begin(id, options_.fail_on_error, counts, ingest_.tombstones());
    read_records(file, fetched_at, counts);
    note_zone(file);
  }
  void read_records(const Source& file, std::optional<std::int64_t> fetched_at,
                    ImportCounts& counts) {
    FileReader reader(file, fetched_at, ingest_.tombstones(), worker_);
    reader.start(look_);
    while (reader.finish()) {
      counts.seen += reader.seen();
      counts.stale += reader.erased();
      for (const auto& [seconds, records] : reader.zone_errors()) zone_errors_[seconds] += records;
      for (const HeldProblem& problem : reader.problems()) quarantine_.add(problem);
      reader.start(look_);
      const std::int64_t before = counts.inserted + counts.updated;
      ingest_.take_in(reader.batch());
      const std::int64_t written = counts.inserted + counts.updated - before;
      // Of the records behind those that are being read.
      look_ = written * 2 < reader.seen() ? Look::least : Look::full;
      ingest_.write();
    }
  }
  // Of the warehouse itself, those that there are.
  std::vector<FileState> own_files() const {
    std::vector<FileState> found;
    const char* own = sqlite3_db_filename(database_, "main");
    if (own == nullptr || *own == '\0') return found;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
      if (const auto state = state_if_there(std::string(own) + suffix)) found.push_back(*state);
    return found;
  }
  void refuse_own_file(const Source& file, const FileState& state) const {
    if (file.is_content) return;
    for (const FileState& own : own_files_)
      if (own.device == state.device && own.inode == state.inode)
        throw Error(quoted_path(file.named) +
                    " is the warehouse's own file; name the exports to import");
  }

  sqlite3* database_;
  const ImportOptions& options_;
  Transaction transaction_;
  std::deque<Member> together_;  // the files of the transaction, of which none moves
  std::uint64_t bytes_together_ = 0;
  std::vector<FileState> own_files_;
  Ledger ledger_;
  Quarantine quarantine_;
  Worker worker_;
  Ingest ingest_;
  Look look_ = Look::full;                            // by what the last records were
  std::map<std::int32_t, std::int64_t> zone_errors_;  // of the file that is read
  std::map<std::int32_t, std::map<std::string, std::int64_t>> other_zones_;  // of all; by file
  std::vector<std::string> warnings_;                                        // of the transaction
  Totals totals_;                                                            // of what is committed
};

// A record that was quarantined, read again: libcdr may have learnt it since.
class Replay {
 public:
  explicit Replay(sqlite3* database)
      : database_(database),
        transaction_(database, "cdr_replay"),
        rows_(
            database,
            "SELECT q.id, q.path, q.record, q.byte_offset, q.payload, q.member, i.source, i.zone, "
            "i.fetched_at FROM main.quarantine AS q JOIN main.import_file AS i USING (import_id) "
            "WHERE q.state = 'open' AND length(q.payload) = q.payload_bytes ORDER BY q.id"),
        resolve_(database,
                 "UPDATE main.quarantine SET state = 'replayed', resolved_by = ?2 WHERE id = ?1"),
        ledger_(database),
        ingest_(database, worker_) {}

  std::string run() {
    transaction_.begin();
    const std::int64_t id = ledger_.begin(database_, "cdr_replay()", {});
    ImportCounts counts;
    ingest_.begin(id, counts);
    std::vector<std::int64_t> read;
    std::int64_t tried = 0;
    {
      auto rows = rows_.query();
      while (rows.next()) {
        ++tried;
        if (take(rows, counts)) read.push_back(rows.integer(0));
        if (batch_.is_full()) write();
      }
    }
    write();
    // What is refused stays in quarantine as it is.
    for (const Ingest::Refused& each : ingest_.finish())
      std::erase(read, static_cast<std::int64_t>(each.number));
    for (const std::int64_t row : read) resolve_.execute(row, id);
    ledger_.finish(id, "imported", "", counts, {}, {});
    if (!read.empty()) transaction_.commit();  // else nothing happened, and nothing is noted
    JsonWriter json;
    json.begin_object();
    json.member("tried", tried);
    json.member("replayed", read.size());
    json.member("inserted", counts.inserted);
    json.member("updated", counts.updated);
    json.member("unchanged", counts.unchanged);
    json.member("stale", counts.stale);
    json.member("interactions", counts.interactions);
    json.end_object();
    return json.text();
  }

 private:
  bool take(const Statement::Rows& row, ImportCounts& counts) {
    if (document_.parse_copy(row.blob(4))) return false;
    const Recognised as = recognise(document_.root());
    if (!as) return false;
    Source source;
    source.options.label = row.text(6);
    if (!row.is_null(7)) source.options.zone = Zone::named(row.text(7));
    const std::string file(row.text(1)), member(row.text(5));
    Record record;
    // Its number is that of its row, by which it is known when it is refused.
    describe(record, as, document_.root(), source, file, static_cast<std::uint64_t>(row.integer(0)),
             static_cast<std::uint64_t>(row.integer(3)), member, nullptr);
    std::string id;
    record.resource->record_id(record, id);
    if (id.empty()) return false;
    std::optional<std::int64_t> fetched_at;
    if (!row.is_null(8))
      if (const auto time = parse_time(row.text(8), Zone())) fetched_at = time->instant.us;
    ++counts.seen;
    if (!batch_.add(*as.vendor, record, id, fetched_at, ingest_.tombstones(), Look::full))
      ++counts.stale;
    return true;
  }
  void write() {
    ingest_.take_in(batch_);
    ingest_.write();
    batch_.clear();
  }

  sqlite3* database_;
  Transaction transaction_;
  Statement rows_, resolve_;
  Ledger ledger_;
  Worker worker_;
  Ingest ingest_;
  Batch batch_;
  Document document_;
};

}  // namespace

std::string import_into(sqlite3* database, const Source& source, const ImportOptions& options) {
  require_warehouse(database, "cdr_import");
  require_settings(database, "cdr_import");
  const LargeCache cache(database, cache_bytes);
  return Importer(database, options).run(source);
}

std::string replay_quarantine(sqlite3* database) {
  require_warehouse(database, "cdr_replay");
  require_settings(database, "cdr_replay");
  return Replay(database).run();
}

}  // namespace cdr::ext
