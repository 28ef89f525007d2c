#include "extension/warehouse/upkeep/erase.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/identity.hpp"
#include "core/phone.hpp"
#include "core/text.hpp"
#include "extension/binding/setting.hpp"
#include "extension/binding/transaction.hpp"
#include "extension/warehouse/import/ingest.hpp"
#include "extension/warehouse/import/ledger.hpp"
#include "extension/warehouse/raw/dictionary_renewal.hpp"
#include "extension/warehouse/schema/layout.hpp"
#include "extension/warehouse/schema/schema.hpp"
#include "extension/warehouse/upkeep/change.hpp"
#include "extension/warehouse/upkeep/secure_delete.hpp"
#include "json/document/document.hpp"
#include "json/document/writer.hpp"
#include "vendors/vendor.hpp"

namespace cdr::ext {
namespace {

// Finds text that reveals what is erased: a number or address, and the ids of records and
// interactions.
class Traces {
 public:
  void look_for(std::string identity) { identity_ = std::move(identity); }
  void look_for_id(std::string_view id) {
    if (is_telling_word(id)) ids_.emplace(id);
  }

  bool in_record(const Record& record) const {
    return !identity_.empty() && any_identity(record, is_identity());
  }
  bool in_value(std::string_view text) const {
    return !identity_.empty() && any_identity(text, is_identity());
  }
  // Text outside records is also searched for ids.
  bool in_text(std::string_view text) const { return in_value(text) || has_id(text); }

 private:
  UseIdentity is_identity() const {
    return [this](const std::string& identity) { return identity == identity_; };
  }
  bool has_id(std::string_view text) const {
    return !ids_.empty() &&
           any_word(text, [&](std::string_view word) { return ids_.contains(std::string(word)); });
  }

  std::string identity_;  // "" = none
  std::unordered_set<std::string> ids_;
};

// Interactions that were removed earlier, as removed_interaction names them, and which of these ids
// occur in erased records: a record may have had an interaction of its own before it was merged.
class RemovedIds {
 public:
  explicit RemovedIds(sqlite3* database) : database_(database) {
    Statement select(database,
                     "SELECT DISTINCT vendor, source, interaction_id FROM "
                     "main.removed_interaction WHERE interaction_id IS NOT NULL");
    auto rows = select.query();
    while (rows.next())
      ids_[{std::string(rows.text(0)), std::string(rows.text(1))}].emplace(rows.text(2));
  }

  void look_for(std::string_view vendor, std::string_view source, std::string_view id) {
    if (const auto* ids = ids_of(vendor, source)) look_for(*ids, vendor, source, id);
  }
  void look_in(std::string_view vendor, std::string_view source, Node node) {
    if (const auto* ids = ids_of(vendor, source)) look_in(*ids, vendor, source, node);
  }
  void blank() {
    Statement blank(database_,
                    "UPDATE main.removed_interaction SET interaction_id = NULL WHERE "
                    "interaction_id = ?3 AND vendor = ?1 AND source = ?2");
    for (const auto& [vendor, source, id] : found_) blank.execute(vendor, source, id);
  }

 private:
  using Ids = std::set<std::string, std::less<>>;

  const Ids* ids_of(std::string_view vendor, std::string_view source) const {
    if (ids_.empty()) return nullptr;
    const auto found = ids_.find({std::string(vendor), std::string(source)});
    return found == ids_.end() ? nullptr : &found->second;
  }
  void look_for(const Ids& ids, std::string_view vendor, std::string_view source,
                std::string_view id) {
    if (ids.contains(id)) found_.emplace(vendor, source, id);
  }
  void look_in(const Ids& ids, std::string_view vendor, std::string_view source, Node node) {
    if (node.type() == Node::Type::string) look_for(ids, vendor, source, node.string());
    if (node.type() == Node::Type::integer)
      look_for(ids, vendor, source, std::to_string(node.integer()));
    for (const Node child : node.children()) look_in(ids, vendor, source, child);
  }

  sqlite3* database_;
  std::map<std::pair<std::string, std::string>, Ids> ids_;             // by vendor and source
  std::set<std::tuple<std::string, std::string, std::string>> found_;  // vendor, source, id
};

class Eraser {
 public:
  explicit Eraser(sqlite3* database)
      : database_(database),
        ingest_(database, worker_),
        tombstones_(ingest_.tombstones()),
        dictionaries_(database, ingest_.raw()) {
    tombstones_.refresh();
  }

  void erase_customer(std::string_view value) {
    std::optional<std::string> identity = identity_of(value);
    if (!identity)
      throw Error(
          "cdr_erase: expected a customer's number of " + std::to_string(min_identity_digits) +
              " to " + std::to_string(max_identity_digits) +
              " digits, none of them masked, or an e-mail address; to erase other traces of a "
              "customer, erase each interaction: cdr_erase('interaction', interaction_id)",
          ErrorCode::mismatch);
    choose_customer(std::move(*identity));
  }

  void erase_token(std::string_view token, const std::string& key) {
    if (key.empty())
      throw Error(
          "cdr_erase: a customer_token needs the key that it was made with, as in "
          "cdr_erase('customer_token', token, '{\"key\": \"…\"}')",
          ErrorCode::mismatch);
    if (!may_be_phone_token(token))
      throw Error(
          "cdr_erase: expected a customer_token of " + std::to_string(phone_token_digits) +
              " hexadecimal digits in small letters, as phone_token() makes it, found another "
              "text; to erase a number or an address itself, say 'customer'",
          ErrorCode::mismatch);
    std::optional<std::string> number = number_of(token, key);
    if (number)
      choose_customer(std::move(*number));
    else
      warning_ =
          "no number here has that token and key, and without the number a later import may bring "
          "it back; erase the number itself, as a customer";
  }

  void erase_interaction(std::string_view id, const EraseOptions& options) {
    Statement select(database_,
                     "SELECT r.id FROM main.interaction AS c JOIN main.raw_record AS r "
                     "ON r.component = c.interaction_key WHERE c.interaction_id = ?1 "
                     "AND (?2 = '' OR c.vendor = ?2) AND (?3 = '' OR c.source = ?3)");
    auto rows = select.query(id, options.vendor, options.source);
    while (rows.next()) victims_.insert(rows.integer(0));
    traces_.look_for_id(id);
    tombstones_.add_interaction(id);
  }

  void erase_before(Instant instant) {
    before_ = format_time(instant);
    Statement select(database_,
                     "WITH said AS (SELECT component, max(latest) AS latest FROM main.raw_record "
                     "GROUP BY component) "
                     "SELECT r.id FROM main.raw_record AS r JOIN said USING (component) "
                     "LEFT JOIN main.interaction AS i ON i.interaction_key = r.component "
                     "WHERE CASE WHEN i.interaction_key IS NULL THEN r.latest < ?1 "
                     "WHEN i.end_time IS NULL THEN said.latest < ?1 ELSE i.end_time < ?2 END");
    auto rows = select.query(instant.us, before_);
    while (rows.next()) victims_.insert(rows.integer(0));
    covered_before_ = instant.us;
  }

  // Erases what was chosen.
  void run() {
    choose_what_names_it();
    ingest_.begin(0, counts_);
    const std::set<std::int64_t> components = leave();
    // The ledger notes only an erasure that changes something.
    const std::int64_t import_id = components.empty() ? 0 : note_change(database_, "cdr_erase()");
    if (!components.empty()) ingest_.begin(import_id, counts_);
    remove(components, import_id);
    if (covered_before_) tombstones_.add_before({*covered_before_});
    clean_quarantine();
    clean_ledger();
    clean_unmapped();
    clean_statistics();
    renewed_ =
        dictionaries_.renew([this](std::string_view text) { return traces_.in_value(text); });
  }

  void summarise(JsonWriter& json) const {
    json.member("interactions", interactions_);
    json.member("records", victims_.size());
    json.member("quarantined", quarantined_);
    json.member("paths", paths_);
    json.member("dictionaries", renewed_);
  }
  // A warning for the caller, or "".
  const std::string& warning() const { return warning_; }

 private:
  void choose_customer(std::string identity) {
    tombstones_.add_customer(identity);
    traces_.look_for(std::move(identity));
    std::set<std::int64_t> components;
    each_record([&](const Statement::Rows& row, const Record* record) {
      if (!(record != nullptr ? traces_.in_record(*record) : in_rest_of(row))) return true;
      victims_.insert(row.integer(0));
      if (row.integer(2) != 0) components.insert(row.integer(1));
      return true;
    });
    std::vector<std::int64_t> ids;
    for (const std::int64_t component : components) ingest_.raw().records_of(component, ids);
    victims_.insert(ids.begin(), ids.end());
  }

  // Records that name a chosen one (Resource::about) have no links to it, so all of their kind are
  // searched, unless nothing was chosen that they can name.
  void choose_what_names_it() {
    Statement chosen(database_,
                     "SELECT source, record_id FROM main.raw_record WHERE id = ?1 AND vendor = ?2 "
                     "AND resource = ?3");
    Statement naming(database_,
                     "SELECT source, record_id, id FROM main.raw_record WHERE vendor = ?1 AND "
                     "resource = ?2");
    const auto name_of = [](const Statement::Rows& row, std::string_view id) {
      return std::pair(std::string(row.text(0)), std::string(id));
    };
    for (const Vendor* vendor : vendors())
      for (const Resource& resource : vendor->resources) {
        if (resource.id_of_about == nullptr) continue;
        std::set<std::pair<std::string, std::string>> named;  // source, record id
        for (const std::int64_t id : victims_) {
          auto rows = chosen.query(id, vendor->name, resource.about);
          if (rows.next()) named.insert(name_of(rows, rows.text(1)));
        }
        if (named.empty()) continue;
        auto rows = naming.query(vendor->name, resource.name);
        while (rows.next())
          if (named.contains(name_of(rows, resource.id_of_about(rows.text(1)))))
            victims_.insert(rows.integer(2));
      }
  }

  // Calls `use` with each raw record's id, component, and whether that makes an interaction, and
  // with the record, which is null if it was imported with keep_raw false. Stops when `use` returns
  // false.
  template <class Use>
  void each_record(const Use& use) {
    Statement select(database_,
                     "SELECT r.id, r.component, c.interaction_id IS NOT NULL, r.payload IS NULL, "
                     "r.record_id, r.context, r.member FROM main.raw_record AS r "
                     "LEFT JOIN main.interaction AS c ON c.interaction_key = r.component "
                     "ORDER BY r.id");
    auto rows = select.query();
    Arena arena;
    Document document;
    Record record;
    while (rows.next()) {
      arena.clear();
      const bool is_unknown = rows.integer(3) != 0;
      if (!is_unknown) parser_.parse(ingest_.raw().read(rows.integer(0), arena), document, record);
      if (!use(rows, is_unknown ? nullptr : &record)) return;
    }
  }

  // For a record whose text was not kept: searches its ids and the facts made from it.
  bool in_rest_of(const Statement::Rows& row) {
    for (int i = 4; i <= 6; ++i)
      if (traces_.in_value(row.text(i))) return true;
    if (facts_.empty())
      for (const Table& table : model_tables)
        facts_.emplace_back(database_, select_rows(table) + " WHERE t.component = ?1");
    return std::any_of(facts_.begin(), facts_.end(), [&](Statement& select) {
      auto rows = select.query(row.integer(1));
      while (rows.next())
        for (int i = 0; i < rows.count(); ++i)
          if (traces_.in_value(rows.text(i))) return true;
      return false;
    });
  }

  // The number behind a token, if the warehouse holds it.
  std::optional<std::string> number_of(std::string_view token, const std::string& key) {
    std::optional<std::string> found;
    std::unordered_set<std::string> tried;
    const UseIdentity is_it = [&](const std::string& identity) {
      if (!tried.insert(identity).second) return false;
      if (phone_token(identity, key) != token) return false;
      found = identity;
      return true;
    };
    static_cast<void>(phone_token("", key));  // refuses a key that is too short
    for (const char* texts : {"SELECT DISTINCT customer_number FROM main.interaction",
                              "SELECT CAST(payload AS TEXT) FROM main.quarantine"}) {
      Statement select(database_, texts);
      auto rows = select.query();
      while (rows.next())
        if (any_identity(rows.text(0), is_it)) return found;
    }
    each_record([&](const Statement::Rows&, const Record* record) {
      return record == nullptr || !any_identity(*record, is_it);
    });
    return found;
  }

  // Notes for every chosen record what keeps it out from now on, and what else may reveal it.
  // Returns the components of these records.
  std::set<std::int64_t> leave() {
    Statement select(database_,
                     "SELECT r.vendor, r.resource, r.source, r.record_id, r.payload IS NULL, "
                     "r.component, c.interaction_id, r.latest FROM main.raw_record AS r "
                     "LEFT JOIN main.interaction AS c ON c.interaction_key = r.component "
                     "WHERE r.id = ?1");
    std::set<std::int64_t> components, without_text;
    RemovedIds removed(database_);
    Arena arena;
    Document document;
    Record record;
    for (const std::int64_t id : victims_) {
      auto rows = select.query(id);
      if (!rows.next()) continue;
      const bool makes_interaction = !rows.is_null(6);
      if (components.insert(rows.integer(5)).second && makes_interaction) ++interactions_;
      traces_.look_for_id(rows.text(3));
      traces_.look_for_id(rows.text(6));
      for (const int each : {3, 6}) removed.look_for(rows.text(0), rows.text(2), rows.text(each));
      // The date alone keeps out records in which nothing is later.
      const bool needs_tombstone =
          !covered_before_ || rows.is_null(7) || rows.integer(7) >= *covered_before_;
      if (needs_tombstone)
        tombstones_.add_record(rows.text(0), rows.text(1), rows.text(2), rows.text(3));
      if (rows.integer(4) != 0) {
        dictionaries_.leave_unknown(rows.text(0), rows.text(1));
        if (needs_tombstone && makes_interaction) without_text.insert(id);
        continue;
      }
      arena.clear();
      const RawData raw = ingest_.raw().read(id, arena);
      dictionaries_.leave(raw);
      parser_.parse(raw, document, record);
      removed.look_for(rows.text(0), rows.text(2), record.context);
      removed.look_in(rows.text(0), rows.text(2), record.root);
      for (const LinkId& link : link_ids(*raw.as.vendor, record)) {
        ingest_.lose(link);
        // A link that is not followed does not belong to one interaction. Its tombstone would keep
        // out every record that has it.
        if (needs_tombstone && makes_interaction && ingest_.raw().is_followed(link))
          tombstones_.add_link(link);
      }
    }
    removed.blank();
    leave_links_of(without_text);
    return components;
  }

  // Adds tombstones of the links of records whose text was not kept: record_link has half of each.
  void leave_links_of(const std::set<std::int64_t>& records) {
    if (records.empty()) return;
    Statement select(database_, "SELECT raw_id, hash FROM main.record_link");
    auto rows = select.query();
    std::set<std::uint64_t> halves;
    while (rows.next())
      if (records.contains(rows.integer(0)))
        halves.insert(static_cast<std::uint64_t>(rows.integer(1)));
    for (const std::uint64_t low : halves)
      if (ingest_.raw().is_shared_by_few(low)) tombstones_.add_half_link(low);
  }

  // Removes the chosen records. The rest of their components is mapped again.
  void remove(const std::set<std::int64_t>& components, std::int64_t import_id) {
    std::vector<std::int64_t> members;
    for (const std::int64_t component : components) {
      ingest_.raw().records_of(component, members);
      ingest_.facts().remove(component, import_id, FactStore::Trace::erase);
    }
    JsonWriter victims;
    victims.begin_list();
    for (const std::int64_t id : victims_) victims.value(id);
    victims.end_list();
    Statement(database_,
              "DELETE FROM main.record_link WHERE raw_id IN (SELECT value FROM json_each(?1))")
        .execute(victims.text());
    Statement(database_,
              "DELETE FROM main.raw_record WHERE id IN (SELECT value FROM json_each(?1))")
        .execute(victims.text());
    for (const std::int64_t id : members)
      if (!victims_.contains(id)) ingest_.touch(id);
    ingest_.write();
    ingest_.finish();
    sweep_shared_rows(database_);
  }

  // A record that could not be read has no date of its own, so the date of its import is used.
  void clean_quarantine() {
    Statement select(database_,
                     "SELECT q.id, q.path, q.payload, q.path, q.message, q.member, "
                     "i.finished_at < ?1 FROM main.quarantine AS q "
                     "JOIN main.import_file AS i USING (import_id)");
    std::vector<std::int64_t> dropped, renamed;
    {
      auto rows = select.query(before_);
      while (rows.next()) {
        bool goes = rows.integer(6) != 0 || traces_.in_text(rows.blob(2));
        for (int i = 3; i <= 5; ++i) goes = goes || traces_.in_text(rows.text(i));
        if (goes)
          dropped.push_back(rows.integer(0));
        else if (traces_.in_text(rows.text(1)))
          renamed.push_back(rows.integer(0));
      }
    }
    Statement drop(database_, "DELETE FROM main.quarantine WHERE id = ?1");
    Statement rename(database_, "UPDATE main.quarantine SET path = ?2 WHERE id = ?1");
    for (const std::int64_t id : dropped) drop.execute(id);
    for (const std::int64_t id : renamed) rename.execute(id, erased_text);
    quarantined_ = dropped.size();
  }

  void clean_ledger() {
    Statement select(database_, "SELECT import_id, path, location, error FROM main.import_file");
    std::vector<std::int64_t> renamed;
    {
      auto rows = select.query();
      while (rows.next())
        if (traces_.in_text(rows.text(1)) || traces_.in_text(rows.text(2)) ||
            traces_.in_text(rows.text(3)))
          renamed.push_back(rows.integer(0));
    }
    Statement rename(database_, blank_file);
    for (const std::int64_t id : renamed) rename.execute(id, erased_text);
    paths_ = renamed.size();
  }

  // Keys of objects can be ids and numbers.
  void clean_unmapped() {
    Statement select(database_, "SELECT DISTINCT json_path FROM main.unmapped_field");
    std::vector<std::string> telling;
    {
      auto rows = select.query();
      while (rows.next())
        if (traces_.in_text(rows.text(0))) telling.emplace_back(rows.text(0));
    }
    Statement drop(database_, "DELETE FROM main.unmapped_field WHERE json_path = ?1");
    for (const std::string& path : telling) drop.execute(path);
  }

  // ANALYZE may have taken samples of the indexes.
  void clean_statistics() {
    Statement known(database_,
                    "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat4' "
                    "AND type = 'table'");
    {
      auto rows = known.query();
      if (!rows.next()) return;
    }
    Statement drop(database_, "DELETE FROM main.sqlite_stat4 WHERE tbl = ?1");
    for (const std::string_view table : stored_tables()) drop.execute(table);
  }

  sqlite3* database_;
  Worker worker_;
  RawParser parser_;
  Ingest ingest_;
  Tombstones& tombstones_;
  DictionaryRenewal dictionaries_;
  Traces traces_;
  std::vector<Statement> facts_;  // of a component's rows, one for each table of the model
  ImportCounts counts_;
  std::set<std::int64_t> victims_;
  std::optional<std::int64_t> covered_before_;  // the date
  std::string before_;                          // its text; "" = none
  std::string warning_;
  std::size_t interactions_ = 0, quarantined_ = 0, paths_ = 0, renewed_ = 0;
};

Instant date(std::string_view text) {
  const auto time = parse_time(text, Zone());
  if (!time)
    throw Error(
        "cdr_erase: expected a date or a time, UTC without an offset, as in cdr_erase('before', "
        "'2024-01-01')",
        ErrorCode::mismatch);
  return time->instant;
}

// A mistyped date would erase everything, and keep out everything that is imported.
void refuse_future(sqlite3* database, Instant instant) {
  Statement now(database, "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')");
  auto rows = now.query();
  rows.next();
  if (format_time(instant) > rows.text(0))
    throw Error("cdr_erase: " + format_time(instant) +
                    " is in the future: nothing that is imported would be kept until then; give a "
                    "date in the past",
                ErrorCode::mismatch);
}

// An option that had no effect would erase more than was asked for.
void refuse_option(std::string_view name, const std::string& value, std::string_view what,
                   std::string_view of) {
  if (value.empty() || what == of) return;
  throw Error("cdr_erase: option \"" + std::string(name) + "\" applies to '" + std::string(of) +
                  "' only, not to '" + std::string(what) +
                  "'; nothing was erased: leave the option out, or erase interaction by "
                  "interaction",
              ErrorCode::mismatch);
}

void choose(Eraser& eraser, sqlite3* database, std::string_view what, std::string_view value,
            const EraseOptions& options) {
  refuse_option("vendor", options.vendor, what, "interaction");
  refuse_option("source", options.source, what, "interaction");
  refuse_option("key", options.key, what, "customer_token");
  if (what == "customer") return eraser.erase_customer(value);
  if (what == "customer_token") return eraser.erase_token(value, options.key);
  if (what == "interaction" && !value.empty()) return eraser.erase_interaction(value, options);
  if (what == "interaction")
    throw Error("cdr_erase: expected an interaction's id, found none", ErrorCode::mismatch);
  if (what != "before")
    throw Error(
        "cdr_erase: there is no '" + std::string(what) +
            "' to erase; there are customer (a number or address), customer_token (with its "
            "key), interaction (an id) and before (a date)",
        ErrorCode::mismatch);
  refuse_future(database, date(value));
  eraser.erase_before(date(value));
}

void set(EraseOptions& options, Node value) {
  const std::string name(value.key());
  if (name == "dry_run") {
    if (value.type() != Node::Type::boolean)
      throw Error("cdr_erase: option \"dry_run\" takes true or false", ErrorCode::mismatch);
    options.dry_run = value.boolean();
    return;
  }
  std::string* const to = name == "vendor"   ? &options.vendor
                          : name == "source" ? &options.source
                          : name == "key"    ? &options.key
                                             : nullptr;
  if (to == nullptr)
    throw Error(
        "cdr_erase: there is no option \"" + name +
            "\"; there are vendor and source (of an interaction), key (of a customer_token) "
            "and dry_run",
        ErrorCode::mismatch);
  if (value.type() != Node::Type::string)
    throw Error("cdr_erase: option \"" + name + "\" takes a string", ErrorCode::mismatch);
  *to = value.string();
  if (name == "vendor") require_vendor(*to, "cdr_erase: option \"vendor\" names");
}

}  // namespace

EraseOptions erase_options(std::string_view json) {
  Document document;
  if (document.parse_copy(json) || !document.root().is_object())
    throw Error("cdr_erase: the options are a JSON object, as in '{\"vendor\":\"mluvii\"}'",
                ErrorCode::mismatch);
  EraseOptions options;
  for (const Node value : document.root().children()) set(options, value);
  return options;
}

std::string erase_from(sqlite3* database, std::string_view what, std::string_view value,
                       const EraseOptions& options) {
  constexpr std::string_view who = "cdr_erase";
  require_warehouse(database, who);
  require_settings(database, who);
  JsonWriter json;
  json.begin_object();
  {
    const SecureDelete secure(database);
    const ForeignKeysOff foreign_keys(database);
    Transaction transaction(database, who);
    transaction.begin();
    Eraser eraser(database);
    choose(eraser, database, what, trim(value), options);
    eraser.run();
    eraser.summarise(json);
    json.member("dry_run", options.dry_run);
    if (!eraser.warning().empty()) json.member("warning", eraser.warning());
    if (!options.dry_run) transaction.commit();
  }
  json.key("remaining");
  json.begin_list();
  if (!options.dry_run)
    for (const ToDo& each : left_to_do(database)) {
      json.begin_object();
      json.member("run", each.run);
      json.member("why", each.why);
      json.end_object();
    }
  json.end_list();
  json.end_object();
  return json.text();
}

}  // namespace cdr::ext
