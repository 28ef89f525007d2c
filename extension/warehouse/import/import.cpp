#include "extension/warehouse/import/import.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <map>
#include <utility>

#include "core/text.hpp"
#include "extension/binding/setting.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/warehouse/import/file_reader.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/import/ledger.hpp"
#include "extension/warehouse/import/outcome.hpp"
#include "extension/warehouse/import/quarantine.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "extension/warehouse/schema/statistics.hpp"
#include "json/input/small_files.hpp"

namespace cdr::ext {

namespace {

// Files share a transaction (json/input/small_files.hpp explains why, and how many). If one of them
// cannot be imported, all of them are undone and imported again, each in a transaction of its own:
// a savepoint for each file would make SQLite copy every page that the file is the first to write.
// Results that the files share are made once, before the commit; a file is not counted until then.
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
    tell_of_lacking();
    return totals_.summary();
  }

 private:
  enum class Sharing : bool { no, yes };  // of a transaction with other files

  // A file of the transaction.
  struct Member {
    NamedFile file;
    std::optional<std::int64_t> import_id;  // nullopt: nothing of it is written
    std::optional<Fingerprint> fingerprint;
    Outcome outcome;
    ImportCounts noted;                    // as the ledger has them
    std::vector<std::string> passed_over;  // members of an archive
    bool is_refused = false;               // a row of the ledger gives the reason
  };

  Source source_with_options() const {
    Source source;
    source.options.label = options_.source;
    source.options.zone = options_.zone;
    source.options.records = options_.records;
    return source;
  }
  Source file_of(const std::string& path) const {
    Source file = source_with_options();
    file.is_content = false;
    file.named = path;
    file.paths = {path};
    return file;
  }
  Source content_of(const Source& source) const {
    Source file = source_with_options();
    file.is_content = true;
    file.named = content_name;
    file.content = source.content;
    return file;
  }

  static NamedFile as_named(const Source& file) {
    return {file.named, file.is_content ? std::string() : require_location(file.named)};
  }

  // Notes the zone that most records of a file show, if they were read in another one. Records that
  // keep the zone of an earlier import were not.
  void note_zone(const Source& file) {
    const auto errors = std::exchange(zone_errors_, {});
    if (errors.empty()) return;
    const auto most =
        std::max_element(errors.begin(), errors.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::int64_t records = most->second - ingest_.zones_kept();
    if (records > 0) other_zones_[most->first][file.named] = records;
  }
  void tell_of_zones() {
    for (const auto& [seconds, files] : other_zones_) {
      if (files.empty()) continue;
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
    std::vector<std::string> files;
    for (const Problem& each : source.passed_over) files.push_back(each.file);
    if (!files.empty()) tell_of_passed_over(files, source.passed_over.front().message);
  }
  void tell_of_passed_over(const std::vector<std::string>& files, std::string_view why) {
    constexpr std::size_t most_told = 5;
    const std::size_t count = files.size();
    std::string names;
    for (std::size_t i = 0; i < std::min(count, most_told); ++i)
      names += (i == 0 ? "" : ", ") + shown(files[i]);
    if (count > most_told) names += ", …";
    totals_.warnings.push_back(
        std::to_string(count) +
        (count == 1 ? " file was passed over: " : " files were passed over: ") + names + ": " +
        std::string(why));
  }

  // The fingerprint of a file that the ledger may know. For other files the reader computes it
  // while it reads the records.
  std::optional<Fingerprint> known_fingerprint(const Source& file, std::uint64_t bytes) {
    if (file.is_content) return fingerprint_of(file.content);
    return ledger_.has_one_of(bytes) ? fingerprint_of_file(file.named) : std::nullopt;
  }
  // true: the file was imported before, and has been left.
  bool leave_if_known(const Source& file, const std::optional<Fingerprint>& fingerprint) {
    if (!fingerprint) return false;
    auto known =
        ledger_.knows(*fingerprint, ledger_key(file.named, fingerprint, options_), options_);
    if (!known) return false;
    if (known->quarantined > 0) lacking_[file.named] = known->quarantined;
    // What was not taken of it has not come since, so the error is reported every time.
    if (!known->error.empty() && known->path != shown(file.named))
      known->error =
          shown(quoted_path(file.named)) + ", known as " + known->path + ": " + known->error;
    leave(file, {"known", std::move(known->error), {}});
    return true;
  }
  void tell_of_lacking() {
    if (lacking_.empty()) return;
    std::int64_t records = 0;
    for (const auto& [file, count] : lacking_) records += count;
    totals_.warnings.push_back(
        shown(lacking_.begin()->first) +
        (lacking_.size() == 1 ? "" : " and " + std::to_string(lacking_.size() - 1) + " more") +
        std::string(known_text) + std::to_string(records) +
        (records == 1 ? " record is" : " records are") +
        " still in quarantine: SELECT * FROM quarantine WHERE state = 'open' says why");
  }

  // A file that the system cannot read is left out, and the ledger gets no row for it.
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

  // Nothing of the file is written. If the files that share the transaction are imported again,
  // this file is checked again, too, because it may be known only from one of them.
  void leave(const Source& file, const Outcome& outcome) {
    if (transaction_.is_begun())
      together_.push_back({{file.named, {}}, {}, {}, outcome, {}, {}, false});
    else
      totals_.add(file.named, outcome);
  }

  void import(Source& file, const FileState& state, Sharing sharing) {
    // A known file needs no lock.
    std::optional<Fingerprint> fingerprint = known_fingerprint(file, state.bytes);
    if (leave_if_known(file, fingerprint)) return;
    if (state.bytes > largest_shared_bytes) sharing = Sharing::no;
    if (sharing == Sharing::no) commit();
    worker_.set_at_once(state.bytes <= small_file_bytes);
    if (!transaction_.is_begun()) {
      begin();
      // Only the lock makes it certain whether another process has just imported the file.
      if (!fingerprint) fingerprint = known_fingerprint(file, state.bytes);
      if (leave_if_known(file, fingerprint)) return;
    }
    const bool is_small = state.bytes <= small_file_bytes;
    if ((!is_small || ingest_.has_many_deferred()) &&
        !or_undo([this] { ingest_.make_deferred(); }, Culprit::unknown))
      return import(file, sharing);
    // If the records are not kept, a file fails whose records belong to older ones. It must fail by
    // itself, because the others cannot be imported one by one.
    building_ = is_small && sharing == Sharing::yes && options_.keep_raw ? Ingest::Building::later
                                                                         : Ingest::Building::now;
    together_.push_back({as_named(file), {}, fingerprint, {}, {}, {}, false});
    bytes_together_ += state.bytes;
    if (!or_undo([&] { take(file, state, together_.back()); }, Culprit::last)) return;
    if (sharing == Sharing::no || bytes_together_ >= most_bytes_together ||
        together_.size() >= most_files_together)
      commit();
  }

  void begin() {
    own_files_ = own_files();
    transaction_.begin();
    ledger_.forget();
  }
  void commit() {
    if (!transaction_.is_begun() || !or_undo([this] { settle(); }, Culprit::unknown)) return;
    refresh_statistics(database_, transaction_);
    transaction_.commit();
    for (const Member& each : together_) {
      totals_.add(each.file.path, each.outcome);
      if (!each.passed_over.empty()) tell_of_passed_over(each.passed_over, not_named_in_archive);
    }
    std::move(warnings_.begin(), warnings_.end(), std::back_inserter(totals_.warnings));
    together_.clear();
    bytes_together_ = 0;
  }

  // Makes the results that the transaction's files share, and quarantines records that would make a
  // component too large.
  void settle() {
    for (const Ingest::Refused& each : ingest_.finish()) {
      const auto of = std::find_if(together_.begin(), together_.end(), [&](const Member& member) {
        return member.import_id == each.import_id;
      });
      quarantine_.add(problem_of(each, of->file.path), each.import_id);
    }
    std::optional<std::int64_t> first;
    std::int64_t last = 0;
    for (const Member& each : together_) {
      if (!each.import_id) continue;
      if (each.outcome.counts != each.noted) ledger_.recount(*each.import_id, each.outcome.counts);
      if (!first) first = each.import_id;
      last = *each.import_id;
    }
    if (!options_.keep_raw && first) ingest_.raw().drop_payloads(*first, last);
    warnings_ = ingest_.take_warnings();
  }

  // Which of the transaction's files could not be imported.
  enum class Culprit { unknown, last };

  // false: it failed, and undo() has handled the transaction.
  template <class Work>
  bool or_undo(const Work& work, Culprit culprit) {
    try {
      work();
      return true;
    } catch (const SqliteError&) {
      ingest_.abandon();
      throw;
    } catch (const Error& failure) {
      ingest_.abandon();
      undo(failure, culprit);
      return false;
    }
  }

  // A file cannot be imported. If it is alone, it gets a row in the ledger that gives the reason;
  // otherwise all files that share the transaction are imported again: each by itself, unless
  // the records are not kept, because those of one interaction have to come together then.
  void undo(const Error& failure, Culprit culprit) {
    transaction_.roll_back();
    zone_errors_.clear();
    for (const Member& each : together_)
      for (auto& [seconds, files] : other_zones_) files.erase(each.file.path);
    std::deque<Member> together = std::exchange(together_, {});
    bytes_together_ = 0;
    if (together.size() > 1 && (options_.keep_raw || culprit == Culprit::unknown)) {
      for (const Member& each : together) import(file_of(each.file.path), Sharing::no);
      return;
    }
    // Files that are known to fail are not read once more.
    Member& left = together.back();
    left.outcome = {"failed", failure.what(), {}};
    // A file that could not be read stays unknown to the ledger.
    left.is_refused = failure.code() != ErrorCode::io;
    const bool is_alone = together.size() == 1;
    for (const Member& each : together)
      if (each.outcome.status == "failed")
        refuse(each);
      else
        import(file_of(each.file.path), Sharing::yes);
    if (is_alone) commit();
  }

  // Nothing of the file is written but its row in the ledger.
  void refuse(const Member& left) {
    if (left.is_refused) {
      if (!transaction_.is_begun()) begin();
      note(left, left.outcome);
    }
    if (!transaction_.is_begun()) return totals_.add(left.file.path, left.outcome);
    together_.push_back(left);
    together_.back().import_id.reset();
  }

  void note(const Member& left, const Outcome& failed) {
    const std::int64_t id = ledger_.begin(database_, left.file, options_);
    ledger_.finish(id, failed.status, failed.error, {}, left.fingerprint,
                   ledger_key(left.file.path, left.fingerprint, options_));
    ledger_.blank_erased(id, left.file, ingest_.tombstones());
  }

  void take(Source& file, const FileState& state, Member& as) {
    refuse_own_file(file, state);
    Outcome& outcome = as.outcome;
    ImportCounts& counts = outcome.counts;
    std::optional<Fingerprint> fingerprint = as.fingerprint, as_read;
    const std::int64_t id = ledger_.begin(database_, as.file, options_);
    as.import_id = id;
    file.as_read = fingerprint ? nullptr : &as_read;
    read(file, id, as);
    file.as_read = nullptr;
    if (!file.is_content) {
      // If the records were not all that the file contains, the file is read once more.
      if (!fingerprint) fingerprint = as_read ? as_read : fingerprint_of_file(file.named);
      quarantine_.supersede(as.file, options_.source, ingest_);
      if (!is_untouched(file.named, state) || (fingerprint && *fingerprint != state))
        throw Error(
            quoted_path(file.named) + " was written to while it was imported; import it again",
            ErrorCode::io);
    }
    outcome.error = quarantine_.file_error();
    if (outcome.error.empty() && !quarantine_.end().empty()) {
      outcome.error = quarantine_.end();
      outcome.is_told = true;
    }
    outcome.status = outcome.error.empty() ? "imported" : counts.seen == 0 ? "failed" : "partial";
    ledger_.finish(id, outcome.status, outcome.error, counts, fingerprint,
                   ledger_key(file.named, fingerprint, options_));
    as.noted = counts;
    ledger_.blank_erased(id, as.file, ingest_.tombstones());
  }

  void read(const Source& file, std::int64_t id, Member& as) {
    ImportCounts& counts = as.outcome.counts;
    std::optional<std::int64_t> fetched_at;
    if (options_.fetched_at) fetched_at = options_.fetched_at->us;
    ingest_.begin(id, counts, options_.names_zone, building_);
    quarantine_.begin(id, options_.fail_on_error, counts, ingest_.tombstones());
    read_records(file, fetched_at, as);
    note_zone(file);
  }
  void read_records(const Source& file, std::optional<std::int64_t> fetched_at, Member& as) {
    ImportCounts& counts = as.outcome.counts;
    const auto note_passed_over = [&](const FileReader& reader) {
      as.passed_over.insert(as.passed_over.end(), reader.passed_over().begin(),
                            reader.passed_over().end());
    };
    FileReader reader(file, fetched_at, is_utf8_, ingest_.tombstones(), worker_);
    reader.start(look_);
    while (reader.finish()) {
      counts.seen += reader.seen();
      counts.stale += reader.erased();
      ingest_.note_erased(reader.erased());
      for (const auto& [seconds, records] : reader.zone_errors()) zone_errors_[seconds] += records;
      for (const HeldProblem& problem : reader.problems()) quarantine_.add(problem);
      note_passed_over(reader);
      reader.start(look_);
      const std::int64_t before = counts.inserted + counts.updated;
      ingest_.take_in(reader.batch());
      const std::int64_t written = counts.inserted + counts.updated - before;
      // For the records after those that are being read now.
      look_ = written * 2 < reader.seen() ? Look::least : Look::full;
      ingest_.write();
    }
    note_passed_over(reader);
  }
  // The existing files of the warehouse itself.
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
  const bool is_utf8_ = is_utf8(database_);
  Transaction transaction_;
  std::deque<Member> together_;  // the files of the transaction; none of them moves
  std::uint64_t bytes_together_ = 0;
  std::vector<FileState> own_files_;
  Ledger ledger_;
  Quarantine quarantine_;
  Worker worker_;
  Ingest ingest_;
  Ingest::Building building_ = Ingest::Building::now;  // of the current file
  Look look_ = Look::full;                             // chosen from the last records
  std::map<std::int32_t, std::int64_t> zone_errors_;   // of the current file
  std::map<std::int32_t, std::map<std::string, std::int64_t>> other_zones_;  // of all files
  std::map<std::string, std::int64_t> lacking_;  // known files with records in quarantine
  std::vector<std::string> warnings_;            // of the transaction
  Totals totals_;                                // of committed files
};

}  // namespace

std::string import_into(sqlite3* database, const Source& source, const ImportOptions& options) {
  require_warehouse(database, "cdr_import");
  require_settings(database, "cdr_import");
  const LargeCache cache(database);
  return Importer(database, options).run(source);
}

}  // namespace cdr::ext
