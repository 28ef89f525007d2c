// cdr push clickhouse: brings the facts of this warehouse to a ClickHouse that other warehouses may
// share. sql/clickhouse/tables.sql explains how that works.
//
// A push may end anywhere and be started again, because each block of interactions goes to a node
// in this order: its contents are announced; the contents that they replace are hidden; the facts
// are sent; in one INSERT the new claims become live and those that they replace end; what is shown
// is settled. Only after all blocks is the import recorded up to which everything is there.
#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>

#include "cli/anonymise.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/push/facts.hpp"
#include "cli/push/http.hpp"
#include "cli/push/line.hpp"
#include "cli/push/schema.hpp"
#include "cli/terminal.hpp"
#include "core/text.hpp"
#include "json/input/file.hpp"

namespace cdr::cli {
namespace {

using namespace push;
using std::chrono::milliseconds;

// A block's keys are hashes, so the server reads most of a table to find those that are there,
// however few they are. A block is therefore as large as memory here allows.
constexpr std::size_t block_interactions = 20'000;
constexpr std::size_t block_bytes = 64U << 20;
constexpr std::size_t settled_at_once = 40'000;
constexpr char password_variable[] = "CDR_CLICKHOUSE_PASSWORD";
constexpr char id_name[] = "warehouse_id";

enum State : unsigned char { announced = 0, live = 1, gone = 2 };

// For an interaction that is part of another one: the claim says that it has no rows of its own.
constexpr std::uint64_t no_content = 0;

// A row of the tables claim and standing.
struct Claim {
  std::int64_t local_key = 0;
  Identity identity{};
  std::uint64_t key = 0, content = 0, rank = 0, seq = 0;
  State state = announced;
};
using Claims = std::unordered_map<std::int64_t, std::vector<Claim>>;

// Pairs of interaction_key and content.
using Contents = std::set<std::pair<std::uint64_t, std::uint64_t>>;

struct Erasure {
  Identity identity{};
  std::uint64_t key = 0, seq = 0;
  bool is_lifted = false;
};

template <class T>
T number(const std::string& text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Identity identity_of(std::string_view uuid) {
  std::string hex;
  for (const char c : uuid)
    if (c != '-') hex += c;
  Identity identity{};
  if (hex.size() == 32) {
    std::from_chars(hex.data(), hex.data() + 16, identity[0], 16);
    std::from_chars(hex.data() + 16, hex.data() + 32, identity[1], 16);
  }
  return identity;
}

template <class T>
void append(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}
void append(std::string& bytes, const Identity& identity) {
  append(bytes, identity[0]);
  append(bytes, identity[1]);
}

std::string counted(std::int64_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

// The first line of a file, without its line end.
std::string first_line(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file || (!std::getline(file, line) && !file.eof()))
    throw Failure(path + ": the password cannot be read from it; check the path and permissions");
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) throw Failure(path + ": expected a password in its first line, found nothing");
  return line;
}

// Checks a file of certificates before a server is contacted, because libcurl only says that it
// cannot be used.
void require_certificates(const std::string& path) {
  constexpr const char* remedy = "; name a file of certificates in PEM form";
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure("--ca-file: " + path + ": " + reason_of(errno) + remedy);
  for (std::string line; std::getline(file, line);)
    if (line.find("-----BEGIN ") != line.npos) return;
  throw Failure("--ca-file: " + path + ": there is no certificate in it" + remedy);
}

// A row of agent_team: vendor, source, agent and first day, and the team.
using Teams = std::map<std::array<std::string, 4>, std::string>;

struct Node {
  explicit Node(Server connection) : server(std::move(connection)) {}
  Server server;
  std::int64_t shard = 1;
  bool has_claims = false;  // of this warehouse
  bool is_new = true;       // nothing has been made there yet
};

// The target's record of this warehouse's earlier pushes, from the node that knows least.
struct Watermark {
  std::int64_t import_id = 0;
  std::uint64_t fingerprint = 0, revision = 0;
  std::string anonymised;
  bool is_known = false;
};

class Push {
 public:
  explicit Push(const PushOptions& options)
      : options_(options),
        asked_(open_to_ask(options.database.path, cli::Access::read)),
        guard_(asked_.database.getHandle()) {
    connect();
  }

  int run() {
    auto tables = tables_of(asked_.database);
    find_place();
    schema_.emplace(place_, std::move(tables));
    find_warehouse();
    if (options_.verify_erased) return verify_erased();
    if (options_.anonymise) begin_anonymising();
    find_watermark();
    find_teams();
    find_changes();
    if (is_up_to_date_) {
      if (!options_.dry_run) make_schema();  // it may be of another version
      std::cout << target_name() << ": everything up to import " << last_import_ << " is there\n";
      flush_output();
      return exit_ok;
    }
    announce_to_person();
    if (options_.dry_run) return show_plan();
    make_schema();
    send_all();
    asked_.require_untouched();
    return report();
  }

 private:
  // ---- The target ----

  void connect() {
    push::Access access{options_.user, {}, options_.ca_file};
    if (!options_.password_file.empty())
      access.password = first_line(options_.password_file);
    else
      access.password = environment(password_variable);
    if (!options_.ca_file.empty()) require_certificates(options_.ca_file);
    for (const std::string& url : options_.urls) {
      Node& node = nodes_.emplace_back(Server(url, access));
      node.server.on_wait = [this](const std::string& what) { line_.say("cdr: " + what); };
    }
    for (const Node& node : nodes_)
      if (!access.password.empty() && node.server.name().starts_with("http://") &&
          !is_loopback(node.server.name()))
        complain("warning: the password is sent to " + node.server.name() +
                 " unencrypted; use https where others can listen");
  }

  static bool is_loopback(const std::string& url) {
    return url.starts_with("http://127.") || url.starts_with("http://localhost") ||
           url.starts_with("http://[::1]");
  }

  std::string target_name() const {
    return nodes_.front().server.name() + ", database " + options_.target +
           (nodes_.size() > 1 ? " on " + std::to_string(nodes_.size()) + " nodes" : "");
  }

  // Finds the version, the dialect and the shards, and what an earlier push made there.
  void find_place() {
    version_ = nodes_.front().server.value("SELECT version()");
    place_.database = options_.target;
    place_.cluster = options_.cluster;
    place_.dialect = dialect_of(version_);
    for (Node& node : nodes_) {
      const std::string version = node.server.value("SELECT version()");
      if (dialect_of(version) != place_.dialect)
        throw Failure(node.server.name() + ": it is ClickHouse " + version + ", and " +
                      nodes_.front().server.name() + " is " + version_ +
                      ": their types of times differ; bring both to the same version");
    }
    if (!place_.cluster.empty()) find_shards();
    if (place_.cluster.empty() && nodes_.size() > 1)
      throw Failure("several nodes are given by --url; name their cluster with --cluster",
                    exit_usage);
    const std::string in_target =
        " FROM system.tables WHERE database = " + literal(place_.database) +
        " AND name = 'push_schema'";
    for (Node& node : nodes_) {
      node.is_new = node.server.value("SELECT count()" + in_target) == "0";
      if (node.is_new) continue;
      const auto made = node.server.run(
          "SELECT max(format), argMax(dialect, format), "
          "argMax(cluster, format) FROM " +
          table_name("push_schema"));
      if (made.empty() || number<int>(made[0][0]) == 0) {
        node.is_new = true;
        continue;
      }
      if (number<int>(made[0][0]) > schema_format)
        throw Failure(node.server.name() + ": its tables are of format " + made[0][0] +
                      ", and this program knows formats up to " + std::to_string(schema_format) +
                      "; install the version of libcdr that the other sites use");
      if (made[0][2] != place_.cluster)
        throw Failure(node.server.name() + ": the database " + place_.database + " was made " +
                      (made[0][2].empty() ? "without --cluster" : "with --cluster " + made[0][2]) +
                      "; give the same options again, or another --database");
      place_.dialect = made[0][1] == "classic" ? Dialect::classic : Dialect::modern;
    }
  }

  void find_shards() {
    const std::string cluster = literal(place_.cluster);
    const auto shards = nodes_.front().server.run(
        "SELECT shard_num, max(shard_weight), count() FROM system.clusters WHERE cluster = " +
        cluster + " GROUP BY shard_num ORDER BY shard_num");
    if (shards.empty())
      throw Failure(nodes_.front().server.name() + ": it does not know the cluster '" +
                    place_.cluster +
                    "'; 'SELECT DISTINCT cluster FROM system.clusters' lists those of its "
                    "configuration");
    std::map<std::int64_t, std::int64_t> wanted;
    for (const auto& shard : shards) {
      const auto number_of = number<std::int64_t>(shard[0]);
      wanted[number_of] = number<std::int64_t>(shard[2]);
      slots_.insert(slots_.end(), number<std::size_t>(shard[1]), number_of);
    }
    for (Node& node : nodes_) {
      const auto own = node.server.run(
          "SELECT shard_num FROM system.clusters WHERE is_local AND cluster = " + cluster);
      if (own.size() != 1)
        throw Failure(node.server.name() + ": it is not one of the nodes of the cluster '" +
                      place_.cluster + "'; give the URLs of those that are");
      node.shard = number<std::int64_t>(own[0][0]);
      --wanted[node.shard];
    }
    for (const auto& [shard, missing] : wanted)
      if (missing != 0)
        throw Failure("cluster '" + place_.cluster + "', shard " + std::to_string(shard) + ": " +
                      (missing > 0 ? std::to_string(missing) + " of its nodes are not given"
                                   : "a node is given twice") +
                      "; give --url once for each node");
  }

  bool is_of(const Node& node, const Name& name) const {
    return slots_.empty() || slots_[name.key % slots_.size()] == node.shard;
  }

  std::string table_name(std::string_view table) const {
    return Schema(place_, {}).in_database(table);
  }

  void make_schema() {
    for (const Node& node : nodes_) {
      line_.show("making tables");
      node.server.run("CREATE DATABASE IF NOT EXISTS " + schema_->database());
      for (const std::string& sql : schema_->create_tables()) node.server.run(sql);
    }
    for (const Node& node : nodes_) {
      for (const Table& table : schema_->tables()) {
        std::vector<std::string> present;
        for (const auto& row : node.server.run(
                 "SELECT name FROM system.columns WHERE database = " + literal(place_.database) +
                 " AND table = " + literal("fact_" + table.name)))
          present.push_back(row[0]);
        for (const std::string& sql : schema_->add_columns(table, present)) node.server.run(sql);
      }
      make_views(node);
      if (node.is_new)
        node.server.run("INSERT INTO " + schema_->in_database("push_schema") + " SELECT " +
                        std::to_string(schema_format) + ", " + literal(name_of(place_.dialect)) +
                        ", " + literal(place_.cluster) + ", now()");
    }
  }

  // Returns 10203 for 1.2.3.
  static int version_number() {
    int all = 0, part = 0;
    for (const char c : std::string_view(CDR_VERSION "."))
      if (c == '.')
        all = all * 100 + part, part = 0;
      else
        part = part * 10 + (c - '0');
    return all;
  }

  // Makes the views that are missing or whose text has changed, but not those of a newer version. A
  // Distributed table has its view's columns, so a hash also covers the statements before its own.
  void make_views(const Node& node) {
    struct Made {
      int version;
      std::uint64_t hash;
    };
    std::map<std::string, Made> made;
    for (const auto& row :
         node.server.run("SELECT name, version, hash FROM " + schema_->in_database("push_view") +
                         " WHERE name IN (SELECT name FROM system.tables WHERE database = " +
                         literal(place_.database) + ") ORDER BY version, made_at"))
      made[row[0]] = {number<int>(row[1]), number<std::uint64_t>(row[2])};
    Made now{version_number(), 0};
    for (const auto& [name, sql] : schema_->create_views()) {
      now.hash = XXH3_64bits_withSeed(sql.data(), sql.size(), now.hash);
      const auto there = made.find(name);
      if (there != made.end() &&
          (there->second.version > now.version ||
           (there->second.version == now.version && there->second.hash == now.hash)))
        continue;
      // Another site may be making the views at the same moment.
      node.server.run("DROP TABLE IF EXISTS " + schema_->in_database(name));
      node.server.run(sql);
      node.server.run("INSERT INTO " + schema_->in_database("push_view") + " SELECT " +
                      literal(name) + ", " + std::to_string(now.version) + ", " +
                      std::to_string(now.hash) + ", now()");
    }
  }

  // ---- This warehouse ----

  void find_warehouse() {
    warehouse_text_ = value_of(asked_.database, "SELECT value FROM main.cdr_meta WHERE name = ?1",
                               std::string(id_name));
    if (warehouse_text_.empty() && !options_.dry_run) {
      try {
        SQLite::Database database = open_database(options_.database.path, cli::Access::write);
        SQLite::Statement insert(
            database,
            "INSERT OR IGNORE INTO main.cdr_meta VALUES (?1, lower(hex(randomblob(16))))");
        insert.bind(1, std::string(id_name));
        insert.exec();
      } catch (const SQLite::Exception& error) {
        throw Failure(
            failure_of(error, options_.database.path).what() +
            std::string("; the first push writes an id into the warehouse, by which the target "
                        "distinguishes it from others"));
      }
      warehouse_text_ = value_of(asked_.database, "SELECT value FROM main.cdr_meta WHERE name = ?1",
                                 std::string(id_name));
    }
    warehouse_ = identity_of(warehouse_text_);
    last_import_ = number<std::int64_t>(
        value_of(asked_.database, "SELECT coalesce(max(import_id), 0) FROM main.import_file"));
  }

  // A hash of an import, by which this warehouse is recognised: a copy of an older state that went
  // its own way has other imports under the same numbers.
  std::uint64_t fingerprint(std::int64_t import_id) {
    const std::string row =
        value_of(asked_.database,
                 "SELECT import_id || ' ' || started_at || ' ' || finished_at || ' ' || seen FROM "
                 "main.import_file WHERE import_id = ?1",
                 import_id);
    return row.empty() ? 0 : XXH3_64bits(row.data(), row.size());
  }

  void begin_anonymising() {
    if (options_.key_file.empty())
      throw Failure(
          "--anonymise needs --key-file: with a new key each time, today's push could not be "
          "matched with yesterday's",
          exit_usage);
    const std::string key = key_of(options_.key_file);
    anonymiser_.emplace(asked_.database, key);
    // The token of a text that is not a person's id, by which the key is recognised.
    anonymised_ = value_of(asked_.database, "SELECT person_token('cdr push clickhouse')");
  }

  void find_watermark() {
    bool is_first = true;
    for (Node& node : nodes_) {
      Watermark here;
      if (!node.is_new && !warehouse_text_.empty()) {
        const std::string me = " WHERE warehouse = " + literal(uuid(warehouse_));
        const auto rows = node.server.run(
            "SELECT import_id, fingerprint, anonymised, revision FROM " +
            schema_->in_database("push_state") + me + " ORDER BY revision DESC LIMIT 1");
        if (!rows.empty())
          here = {number<std::int64_t>(rows[0][0]), number<std::uint64_t>(rows[0][1]),
                  number<std::uint64_t>(rows[0][3]), rows[0][2], true};
        node.has_claims =
            node.server.value("SELECT count() FROM (SELECT 1 FROM " +
                              schema_->in_database("claim") + me + " LIMIT 1)") != "0";
      }
      if (here.is_known && here.anonymised != anonymised_)
        throw Failure(target_name() + ": this warehouse was pushed there " +
                      (here.anonymised.empty() ? "in clear, and now with --anonymise"
                       : anonymised_.empty()   ? "with --anonymise, and now in clear"
                                               : "with another key of --anonymise") +
                      "; push as before, or to another --database");
      const std::uint64_t revision = std::max(watermark_.revision, here.revision);
      if (is_first || here.import_id < watermark_.import_id) watermark_ = here;
      watermark_.revision = revision;
      is_first = false;
    }
    from_import_ = watermark_.import_id;
    if (options_.from_import) {
      from_import_ = *options_.from_import;
    } else if (watermark_.import_id > 0 &&
               fingerprint(watermark_.import_id) != watermark_.fingerprint) {
      throw Failure(
          target_name() + ": import " + std::to_string(watermark_.import_id) + " of " +
          options_.database.path +
          " is not the one that was pushed under its id: it is a restored copy, or a copy that has "
          "diverged. To make the target follow this file, give --from-import 0. If the other file "
          "is in use too, give this one an id of "
          "its own first: " +
          command_on(options_.database.path, "query",
                     "\"DELETE FROM cdr_meta WHERE name = '" + std::string(id_name) + "'\""));
    }
    is_full_ = from_import_ <= 0;
  }

  // Reads agent_team, and finds out whether the same was pushed before.
  void find_teams() {
    SQLite::Statement rows(asked_.database,
                           "SELECT vendor, source, agent_id, valid_from, team FROM (" +
                               (anonymiser_ ? anonymiser_->select("agent_team")
                                            : std::string("SELECT * FROM main.agent_team")) +
                               ")");
    while (rows.executeStep())
      teams_[{rows.getColumn(0).getString(), rows.getColumn(1).getString(),
              rows.getColumn(2).getString(), rows.getColumn(3).getString()}] =
          rows.getColumn(4).getString();
    for (const Node& node : nodes_)
      if (!node.is_new) has_same_teams_ = has_same_teams_ && teams_there(node) == teams_;
  }

  Teams teams_there(const Node& node) const {
    Teams teams;
    if (node.server.value("SELECT count() FROM system.tables WHERE database = " +
                          literal(place_.database) + " AND name = 'team_claim'") == "0")
      return teams;
    for (auto& row : node.server.run(
             "SELECT vendor, source, agent_id, valid_from, team FROM " + table_name("team_claim") +
             " FINAL WHERE is_gone = 0 AND warehouse = " + literal(uuid(warehouse_))))
      teams[{row[0], row[1], row[2], row[3]}] = row[4];
    return teams;
  }

  void send_teams() {
    for (const Node& node : nodes_) {
      Teams there = teams_there(node);
      const std::string revision =
          node.server.value("SELECT max(revision) + 1 FROM " + schema_->in_database("team_claim") +
                            " WHERE warehouse = " + literal(uuid(warehouse_)));
      std::string rows;
      const auto say = [&](const Teams::value_type& team, bool is_gone) {
        rows.append(rows.empty() ? "" : ", ").append("(").append(literal(uuid(warehouse_)));
        for (const std::string& word : team.first) rows.append(", ").append(literal(word));
        rows.append(", ")
            .append(literal(team.second))
            .append(is_gone ? ", 1, " : ", 0, ")
            .append(revision)
            .append(")");
      };
      for (const auto& team : teams_) {
        const auto held = there.find(team.first);
        if (held == there.end() || held->second != team.second) say(team, false);
        if (held != there.end()) there.erase(held);
      }
      for (const auto& team : there) say(team, true);
      if (!rows.empty())
        node.server.run("INSERT INTO " + schema_->in_database("team_claim") +
                        " (warehouse, vendor, source, agent_id, valid_from, team, is_gone, "
                        "revision) VALUES " +
                        rows);
    }
  }

  void find_changes() {
    asked_.database.exec("BEGIN");
    SQLite::Statement changed(
        asked_.database, "SELECT interaction_key FROM main.interaction WHERE last_import > ?1");
    changed.bind(1, from_import_);
    while (changed.executeStep()) keys_.push_back(changed.getColumn(0).getInt64());
    std::sort(keys_.begin(), keys_.end());
    SQLite::Statement removed(
        asked_.database,
        "SELECT interaction_key, max(interaction_id IS NULL) FROM main.removed_interaction WHERE "
        "import_id > ?1 AND interaction_key NOT IN (SELECT interaction_key FROM main.interaction) "
        "GROUP BY interaction_key ORDER BY interaction_key");
    removed.bind(1, from_import_);
    while (removed.executeStep())
      removed_.emplace_back(removed.getColumn(0).getInt64(), removed.getColumn(1).getInt() != 0);
    changed.reset();
    removed.reset();
    asked_.database.exec("COMMIT");
    is_up_to_date_ = !options_.from_import && watermark_.is_known &&
                     watermark_.import_id == last_import_ && has_same_teams_;
  }

  // ---- What leaves the site ----

  // The text columns with one of these decisions; a column without a decision counts as `out`.
  std::string columns_of(const std::set<Privacy>& chosen) const {
    std::set<std::string> names;
    for (const Table& table : schema_->tables())
      for (const Column& column : table.columns) {
        if (column.kind != Kind::text) continue;
        const Privacy* const decided = privacy_of(column.name);
        if (chosen.contains(decided == nullptr ? Privacy::out : *decided))
          names.insert(column.name);
      }
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
  }

  void announce_to_person() {
    std::cout << "to " << target_name() << ": ClickHouse " << version_ << ", dialect "
              << name_of(place_.dialect) << '\n'
              << "since import " << from_import_ << " of " << last_import_ << ": "
              << counted(static_cast<std::int64_t>(keys_.size()), "interaction", "interactions")
              << " changed, " << removed_.size() << " removed\n";
    const bool hides = options_.anonymise;
    std::cout << "what leaves: all columns of the model's tables, times and durations included\n"
              << "  numbers and addresses " << (hides ? "as tokens: " : "in clear: ")
              << columns_of({Privacy::number}) << '\n'
              << "  ids of people " << (hides ? "as tokens: " : "in clear: ")
              << columns_of({Privacy::person, Privacy::people}) << '\n'
              << "  names, notes, objects " << (hides ? "as NULL: " : "in clear: ")
              << columns_of({Privacy::out}) << '\n'
              << "  and teams of agents: the table agent_team\n"
              << "what stays: raw records, quarantine, import ledger, last_import\n";
    flush_output();
  }

  int show_plan() {
    for (const Table& table : schema_->tables()) {
      const bool is_states = table.name == "agent_state";
      const std::string condition =
          is_states
              ? (is_up_to_date_ ? " WHERE 0" : "")
              : " WHERE interaction_key IN (SELECT interaction_key FROM main.interaction WHERE "
                "last_import > ?1)";
      SQLite::Statement count(asked_.database,
                              "SELECT count(*) FROM main." + quoted_name(table.name) + condition);
      if (!is_states) count.bind(1, from_import_);
      count.executeStep();
      std::cout << table.name << ": " << count.getColumn(0).getInt64()
                << (is_states ? " rows; only the days that changed are sent\n" : " rows\n");
    }
    if (std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) { return node.is_new; })) {
      std::cout << "\nCREATE DATABASE IF NOT EXISTS " << schema_->database() << ";\n";
      for (const std::string& sql : schema_->create_tables()) std::cout << '\n' << sql << ";\n";
      for (const auto& [name, sql] : schema_->create_views()) std::cout << '\n' << sql << ";\n";
    }
    flush_output();
    return exit_ok;
  }

  // ---- Sending ----

  void send_all() {
    Warehouse warehouse(asked_.database, schema_->tables(), place_.dialect,
                        [&](const std::string& table) {
                          if (anonymiser_) return anonymiser_->select(table);
                          return "SELECT * FROM main." + quoted_name(table);
                        });
    line_.begin(keys_.size());
    remove();
    if (has_erased_) erase_wholes();
    std::int64_t before = -1;
    for (std::size_t at = 0; at < keys_.size() || (is_full_ && before == -1 && keys_.empty());) {
      const std::size_t size = std::min(block_interactions, keys_.size() - at);
      const std::span<const std::int64_t> keys(keys_.data() + at, size);
      std::vector<Unit> units = warehouse.interactions(keys);
      leave_out_erased(units);
      at += size;
      // The range covers all keys up to this block's last, so that interactions that are there but
      // no longer here are found.
      const bool is_last = at == keys_.size();
      const std::int64_t end = is_last ? std::numeric_limits<std::int64_t>::max() : keys.back();
      const std::string range = is_full_ ? "local_key > " + std::to_string(before) +
                                               " AND local_key <= " + std::to_string(end)
                                         : "local_key IN (" + list_of(keys) + ")";
      for (Node& node : nodes_) bring(node, units, own_claims(node, range));
      before = end;
      line_.advance(size, rows_sent_);
      if (keys_.empty()) break;
    }
    send_agent_days(warehouse);
    send_teams();
    if (has_erased_)
      for (const Node& node : nodes_) delete_garbage(node);
    note();
    times_left_out_ = warehouse.times_left_out();
    line_.end();
  }

  static std::string list_of(std::span<const std::int64_t> keys) {
    std::string list;
    for (const std::int64_t key : keys)
      list.append(list.empty() ? "" : ",").append(std::to_string(key));
    return list;
  }

  static std::string list_of(const std::set<std::uint64_t>& keys) {
    std::string list;
    for (const std::uint64_t key : keys)
      list.append(list.empty() ? "" : ",").append(std::to_string(key));
    return list;
  }

  Claims own_claims(const Node& node, const std::string& condition) const {
    Claims claims;
    if (!node.has_claims) return claims;
    for (const auto& row : node.server.run("SELECT local_key, toString(identity), interaction_key, "
                                           "content, rank, state, seq FROM " +
                                           schema_->in_database("claim") +
                                           " FINAL WHERE warehouse = " + literal(uuid(warehouse_)) +
                                           " AND " + condition)) {
      Claim claim;
      claim.local_key = number<std::int64_t>(row[0]);
      claim.identity = identity_of(row[1]);
      claim.key = number<std::uint64_t>(row[2]);
      claim.content = number<std::uint64_t>(row[3]);
      claim.rank = number<std::uint64_t>(row[4]);
      claim.state = static_cast<State>(number<int>(row[5]));
      claim.seq = number<std::uint64_t>(row[6]);
      claims[claim.local_key].push_back(claim);
    }
    return claims;
  }

  void write_claims(Node& node, const std::vector<Claim>& claims) const {
    if (claims.empty()) return;
    std::string rows;
    for (const Claim& claim : claims) {
      append(rows, warehouse_);
      append(rows, claim.local_key);
      append(rows, claim.identity);
      append(rows, claim.key);
      append(rows, claim.content);
      append(rows, claim.rank);
      append(rows, static_cast<unsigned char>(claim.state));
      append(rows, claim.seq);
    }
    for (const char* table : {"standing", "claim"})
      node.server.insert("INSERT INTO " + schema_->in_database(table) +
                             " (warehouse, local_key, identity, interaction_key, content, rank, "
                             "state, seq) FORMAT RowBinary",
                         rows);
    node.has_claims = true;
  }

  // Among those keys, the erasures of this warehouse, or those of others that are still in force.
  std::map<Identity, Erasure> erasures(const Node& node, bool own,
                                       const std::set<std::uint64_t>& keys) const {
    std::map<Identity, Erasure> all;
    if (keys.empty()) return all;
    for (const auto& row : node.server.run(
             "SELECT toString(identity), interaction_key, seq, is_lifted FROM " +
             schema_->in_database("erasure") + " FINAL WHERE warehouse " + (own ? "=" : "!=") +
             ' ' + literal(uuid(warehouse_)) + (own ? "" : " AND is_lifted = 0") +
             " AND interaction_key IN (" + list_of(keys) + ")")) {
      Erasure erasure{identity_of(row[0]), number<std::uint64_t>(row[1]),
                      number<std::uint64_t>(row[2]), row[3] == "1"};
      all.emplace(erasure.identity, erasure);
    }
    return all;
  }

  void write_erasures(const Node& node, const std::vector<Erasure>& erasures) const {
    std::string rows;
    for (const Erasure& erasure : erasures) {
      append(rows, erasure.identity);
      append(rows, erasure.key);
      append(rows, warehouse_);
      append(rows, static_cast<unsigned char>(erasure.is_lifted ? 1 : 0));
      append(rows, erasure.seq);
    }
    node.server.insert(
        "INSERT INTO " + schema_->in_database("erasure") +
            " (identity, interaction_key, warehouse, is_lifted, seq) FORMAT RowBinary",
        rows);
  }

  void settle(const Node& node, const std::set<std::uint64_t>& keys, bool is_before) const {
    // A block has more names than interactions, and the statement contains its keys twice. In
    // pieces the statement stays below the length that a server accepts by default.
    std::set<std::uint64_t> piece;
    for (const std::uint64_t key : keys) {
      piece.insert(piece.end(), key);
      if (piece.size() < settled_at_once) continue;
      node.server.run(schema_->settle(list_of(piece), is_before));
      piece.clear();
    }
    if (!piece.empty()) node.server.run(schema_->settle(list_of(piece), is_before));
  }

  // The claims that this warehouse must have there for an interaction: its content, and no content
  // for each name that a part of it would have at another site.
  std::vector<Claim> claims_of(const Node& node, const Unit& unit) const {
    std::vector<Claim> claims;
    const auto add = [&](const Name& name, std::uint64_t content) {
      if (is_of(node, name))
        claims.push_back({unit.local_key, name.identity, name.key, content, unit.rank, 0, live});
    };
    add(unit, unit.content);
    for (const Name& part : unit.parts) add(part, no_content);
    return claims;
  }

  static const Claim* find(const Claims& all, const Claim& wanted) {
    const auto held = all.find(wanted.local_key);
    if (held == all.end()) return nullptr;
    for (const Claim& each : held->second)
      if (each.identity == wanted.identity && each.content == wanted.content) return &each;
    return nullptr;
  }

  static std::set<std::uint64_t> keys_of(const std::vector<Unit>& units) {
    std::set<std::uint64_t> keys;
    for (const Unit& unit : units) {
      keys.insert(unit.key);
      for (const Name& part : unit.parts) keys.insert(part.key);
    }
    return keys;
  }

  // Leaves out interactions that another warehouse erased, as a whole or in part.
  void leave_out_erased(std::vector<Unit>& units) {
    const std::set<std::uint64_t> keys = keys_of(units);
    std::set<Identity> erased;
    for (const Node& node : nodes_)
      for (const auto& [identity, erasure] : erasures(node, false, keys)) erased.insert(identity);
    erased_elsewhere_ += std::erase_if(units, [&](const Unit& unit) {
      return erased.contains(unit.identity) ||
             std::any_of(unit.parts.begin(), unit.parts.end(),
                         [&](const Name& part) { return erased.contains(part.identity); });
    });
  }

  // Changes this warehouse's claims there (`own`) into claims for what it has (`units`).
  void bring(Node& node, const std::vector<Unit>& units, const Claims& own) {
    const auto erased_here = erasures(node, true, keys_of(units));
    std::vector<Claim> announcements, changes;
    std::vector<Erasure> lifted;
    std::vector<const Unit*> to_send;
    std::set<std::uint64_t> touched;
    Claims wanted;
    for (const Unit& unit : units)
      for (Claim& claim : claims_of(node, unit)) {
        const bool is_part = claim.content == no_content;
        wanted[claim.local_key].push_back(claim);
        const Claim* const held = find(own, claim);
        const auto mine = erased_here.find(claim.identity);
        const bool is_erased = mine != erased_here.end() && !mine->second.is_lifted;
        const bool is_there = held != nullptr && held->state == live && !is_erased;
        if (is_there) already_there_ += is_part ? 0 : 1;
        if (is_there && held->rank == claim.rank) continue;
        if (held != nullptr) claim.seq = held->seq;
        if (is_erased) lifted.push_back({claim.identity, claim.key, mine->second.seq + 1, true});
        if (!is_part && !is_there) {
          if (held == nullptr || held->state != announced) {
            ++claim.seq;
            announcements.push_back(claim);
            announcements.back().state = announced;
          }
          to_send.push_back(&unit);
        }
        ++claim.seq;
        changes.push_back(claim);
        touched.insert(claim.key);
      }
    for (const auto& [local_key, claims] : own)
      for (const Claim& each : claims) {
        if (each.state == gone || find(wanted, each) != nullptr) continue;
        changes.push_back(each);
        changes.back().state = gone;
        ++changes.back().seq;
        touched.insert(each.key);
      }
    if (changes.empty()) return;
    write_claims(node, announcements);
    if (!to_send.empty()) {
      const Contents live_there = live_contents(node, to_send);
      std::set<std::uint64_t> replaced;
      for (const auto& [key, content] : live_there) replaced.insert(replaced.end(), key);
      settle(node, replaced, true);
      send(node, to_send, live_there);
    }
    if (!lifted.empty()) write_erasures(node, lifted);
    write_claims(node, changes);
    settle(node, touched, false);
    interactions_sent_ += static_cast<std::int64_t>(to_send.size());
  }

  // The contents of these interactions that warehouses, including this one, have there.
  Contents live_contents(const Node& node, const std::vector<const Unit*>& units) const {
    std::set<std::uint64_t> keys;
    for (const Unit* unit : units) keys.insert(unit->key);
    Contents there;
    for (const auto& row : node.server.run(
             "SELECT interaction_key, content FROM " + schema_->in_database("standing") +
             " FINAL WHERE state = 1 AND interaction_key IN (" + list_of(keys) + ")"))
      there.emplace(number<std::uint64_t>(row[0]), number<std::uint64_t>(row[1]));
    return there;
  }

  // Sends the facts, except those of contents that are already there.
  void send(const Node& node, const std::vector<const Unit*>& units, const Contents& there) {
    std::vector<std::string> rows(schema_->tables().size());
    std::vector<std::uint64_t> counts(rows.size());
    std::size_t bytes = 0;
    const auto flush = [&] {
      // The interaction itself comes last: until then its parts belong to nothing.
      for (std::size_t i = rows.size(); i-- > 0;) {
        if (rows[i].empty()) continue;
        node.server.insert(schema_->insert(schema_->tables()[i]), rows[i]);
        rows_sent_ += counts[i];
        rows[i].clear();
        counts[i] = 0;
        line_.advance(0, rows_sent_);
      }
      bytes = 0;
    };
    for (const Unit* unit : units) {
      if (there.contains({unit->key, unit->content})) continue;
      for (const Rows& each : unit->rows) {
        rows[each.table] += each.bytes;
        counts[each.table] += each.count;
        bytes += each.bytes.size();
      }
      if (bytes >= block_bytes) flush();
    }
    flush();
  }

  // Removes interactions that no longer exist. An interaction that was erased here is erased there,
  // whichever warehouses have it.
  void remove() {
    for (std::size_t at = 0; at < removed_.size(); at += block_interactions) {
      const std::size_t size = std::min(block_interactions, removed_.size() - at);
      std::vector<std::int64_t> keys;
      std::set<std::int64_t> erased;
      for (std::size_t i = at; i < at + size; ++i) {
        keys.push_back(removed_[i].first);
        if (removed_[i].second) erased.insert(removed_[i].first);
      }
      for (Node& node : nodes_) remove(node, keys, erased);
    }
  }

  void remove(Node& node, const std::vector<std::int64_t>& keys,
              const std::set<std::int64_t>& erased) {
    const Claims own = own_claims(node, "local_key IN (" + list_of(keys) + ")");
    if (own.empty()) return;
    std::set<std::uint64_t> touched;
    for (const auto& [local_key, claims] : own)
      for (const Claim& each : claims) touched.insert(each.key);
    const auto known = erasures(node, true, touched);
    std::vector<Claim> changes;
    std::map<Identity, Erasure> erasures;
    std::set<Identity> wholes;  // those that had rows of their own
    for (const auto& [local_key, claims] : own)
      for (const Claim& each : claims) {
        if (each.content != no_content) wholes.insert(each.identity);
        if (each.state != gone) {
          changes.push_back(each);
          changes.back().state = gone;
          ++changes.back().seq;
        }
        if (!erased.contains(local_key)) continue;
        has_erased_ = true;
        // An identity that this interaction had before it got another one may be another
        // interaction's by now. Then only this one's content goes, with all contents that no
        // warehouse claims.
        if (each.state == gone && is_claimed_by_other(node, each)) continue;
        const auto before = known.find(each.identity);
        if (before != known.end() && !before->second.is_lifted) continue;
        erasures.emplace(each.identity,
                         Erasure{each.identity, each.key,
                                 before == known.end() ? 1 : before->second.seq + 1, false});
      }
    std::vector<Erasure> list;
    for (const auto& [identity, erasure] : erasures) list.push_back(erasure);
    write_erasures(node, list);
    write_claims(node, changes);
    settle(node, touched, false);
    const auto counts = [&](const auto& each) { return wholes.contains(each.identity); };
    removed_there_ += std::count_if(changes.begin(), changes.end(), counts);
    erased_there_ += std::count_if(list.begin(), list.end(), counts);
  }

  // If something erased is part of another warehouse's interaction, that interaction is erased too.
  void erase_wholes() {
    for (bool is_done = false; !is_done;) {
      is_done = true;
      std::string owners;
      for (const Node& node : nodes_)
        for (const auto& row :
             node.server.run("SELECT DISTINCT toString(warehouse), local_key FROM " +
                             schema_->in_database("standing") +
                             " FINAL WHERE state = 1 AND content = " + std::to_string(no_content) +
                             " AND identity IN (" + erased_identities() + ")"))
          owners.append(owners.empty() ? "(" : ",(")
              .append(literal(row[0]))
              .append(",")
              .append(row[1])
              .append(")");
      if (owners.empty()) return;
      for (const Node& node : nodes_) {
        std::map<Identity, Erasure> all;
        std::set<std::uint64_t> touched;
        for (const auto& row :
             node.server.run("SELECT toString(identity), interaction_key FROM " +
                             schema_->in_database("claim") +
                             " FINAL WHERE state < 2 AND (toString(warehouse), local_key) IN (" +
                             owners + ") AND identity NOT IN (" + erased_identities() + ")")) {
          const Identity identity = identity_of(row[0]);
          const auto key = number<std::uint64_t>(row[1]);
          all.emplace(identity, Erasure{identity, key, 1, false});
          touched.insert(key);
        }
        if (all.empty()) continue;
        const auto known = erasures(node, true, touched);
        std::vector<Erasure> list;
        for (auto& [identity, erasure] : all) {
          if (const auto before = known.find(identity); before != known.end())
            erasure.seq = before->second.seq + 1;
          list.push_back(erasure);
        }
        write_erasures(node, list);
        settle(node, touched, false);
        is_done = false;
      }
    }
  }

  std::string erased_identities() const {
    return "SELECT identity FROM " + schema_->in_database("erasure") + " FINAL WHERE is_lifted = 0";
  }

  bool is_claimed_by_other(const Node& node, const Claim& claim) const {
    return node.server.value(
               "SELECT count() FROM " + schema_->in_database("standing") +
               " FINAL WHERE interaction_key = " + std::to_string(claim.key) +
               " AND identity = " + literal(uuid(claim.identity)) +
               " AND state = 1 AND local_key != " + std::to_string(claim.local_key)) != "0";
  }

  void send_agent_days(Warehouse& warehouse) {
    std::vector<Claims> own;
    for (const Node& node : nodes_) own.push_back(own_claims(node, "local_key < 0"));
    std::vector<Unit> changed;
    std::vector<std::set<std::int64_t>> seen(nodes_.size());
    warehouse.agent_days([&](Unit&& unit) {
      bool is_there = true;
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (!is_of(nodes_[i], unit)) continue;
        bool has_it = false, has_other = false;
        if (const auto held = own[i].find(unit.local_key); held != own[i].end())
          for (const Claim& each : held->second) {
            const bool is_same = each.content == unit.content && each.identity == unit.identity;
            has_it = has_it || (is_same && each.state == live);
            has_other = has_other || (!is_same && each.state != gone);
          }
        seen[i].insert(unit.local_key);
        is_there = is_there && has_it && !has_other;
      }
      if (!is_there) changed.push_back(std::move(unit));
    });
    agent_days_sent_ = static_cast<std::int64_t>(changed.size());
    const std::int64_t before = interactions_sent_, there_before = already_there_;
    for (std::size_t at = 0; at < changed.size(); at += block_interactions) {
      const std::size_t size = std::min(block_interactions, changed.size() - at);
      std::vector<Unit> units(
          std::make_move_iterator(changed.begin() + static_cast<std::ptrdiff_t>(at)),
          std::make_move_iterator(changed.begin() + static_cast<std::ptrdiff_t>(at + size)));
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        Claims mine;
        for (const Unit& unit : units)
          if (const auto held = own[i].find(unit.local_key); held != own[i].end())
            mine.insert(*held);
        bring(nodes_[i], units, mine);
      }
    }
    // Days that no longer exist.
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      Claims rest;
      for (const auto& [local_key, claims] : own[i])
        if (!seen[i].contains(local_key) &&
            std::any_of(claims.begin(), claims.end(),
                        [](const Claim& each) { return each.state != gone; }))
          rest.emplace(local_key, claims);
      if (rest.empty()) continue;
      bring(nodes_[i], {}, rest);
      has_erased_ = true;
    }
    interactions_sent_ = before;
    already_there_ = there_before;
  }

  void note() {
    for (const Node& node : nodes_) {
      std::string row;
      append(row, warehouse_);
      append(row, last_import_);
      append(row, fingerprint(last_import_));
      row += static_cast<char>(anonymised_.size());
      row += anonymised_;
      append(row, watermark_.revision + 1);
      append(row,
             static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                            std::chrono::system_clock::now().time_since_epoch())
                                            .count()));
      node.server.insert(
          "INSERT INTO " + schema_->in_database("push_state") +
              " (warehouse, import_id, fingerprint, anonymised, revision, pushed_at) "
              "FORMAT RowBinary",
          row);
    }
  }

  // ---- Erasing ----

  // The number of rows of erased interactions, and of contents that no warehouse claims.
  std::int64_t garbage(const Node& node) const {
    std::int64_t count = 0;
    for (const Table& table : schema_->tables())
      count += number<std::int64_t>(node.server.value("SELECT count() FROM " +
                                                      schema_->in_database("fact_" + table.name) +
                                                      " WHERE " + schema_->garbage()));
    return count;
  }

  void wait_until_zero(const Node& node, const std::string& what, const std::string& sql) {
    milliseconds pause{100};
    for (std::string left; (left = node.server.value(sql)) != "0";) {
      line_.show(what + ": " + left);
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, milliseconds(1000));
      if (interrupted() != 0) throw Failure("interrupted; run the same command again to continue");
    }
  }

  std::string of_facts(const char* rest) const {
    return "database = " + literal(place_.database) + " AND table LIKE 'fact\\\\_%' AND " + rest;
  }

  void delete_garbage(const Node& node) {
    line_.show("deleting what was erased");
    for (const Table& table : schema_->tables())
      node.server.run("ALTER TABLE " + schema_->in_database("fact_" + table.name) +
                      " DELETE WHERE " + schema_->garbage());
    wait_until_zero(node, "deletions that are not done",
                    "SELECT count() FROM system.mutations WHERE " + of_facts("is_done = 0"));
  }

  int verify_erased() {
    std::int64_t interactions = 0, found = 0;
    for (const Node& node : nodes_)
      if (node.is_new)
        throw Failure(node.server.name() + ": there is no database '" + place_.database +
                      "' of cdr push; check --database");
    erase_wholes();
    for (Node& node : nodes_) {
      const std::int64_t rows = garbage(node);
      if (rows > 0) delete_garbage(node);
      found += rows;
      wait_until_zero(node, "deletions that are not done",
                      "SELECT count() FROM system.mutations WHERE " + of_facts("is_done = 0"));
      if (garbage(node) != 0)
        throw Failure(
            node.server.name() +
            ": rows of erased interactions arrived meanwhile; run the same command again");
      wait_until_zero(node, "old parts that are still on the disk",
                      "SELECT count() FROM system.parts WHERE " + of_facts("active = 0"));
      interactions += number<std::int64_t>(
          node.server.value("SELECT uniqExact(identity) FROM " + schema_->in_database("standing") +
                            " WHERE content != " + std::to_string(no_content) +
                            " AND identity IN (" + erased_identities() + ")"));
    }
    line_.end();
    std::cout << target_name() << ": " << counted(interactions, "interaction", "interactions")
              << " erased, " << counted(found, "row", "rows")
              << " found and deleted now; no row and no old part is left of them\n";
    flush_output();
    return exit_ok;
  }

  // ---- The end ----

  int report() {
    if (anonymiser_)
      for (const std::string& column : anonymiser_->undecided())
        complain("warning: " + column +
                 " is left out, because cdr does not know whether it may be shown");
    if (times_left_out_ > 0)
      complain("warning: " + counted(static_cast<std::int64_t>(times_left_out_), "time", "times") +
               " for which ClickHouse has no room were sent as NULL");
    std::cout << target_name() << ": " << counted(interactions_sent_, "interaction", "interactions")
              << " and " << counted(agent_days_sent_, "day", "days") << " of agents' states sent, "
              << counted(static_cast<std::int64_t>(rows_sent_), "row", "rows") << "; "
              << removed_there_ << " removed, " << erased_there_ << " erased; " << already_there_
              << " there already";
    if (erased_elsewhere_ > 0)
      std::cout << "; " << erased_elsewhere_ << " left out, erased elsewhere";
    std::cout << '\n';
    flush_output();
    return exit_ok;
  }

  const PushOptions& options_;
  Questioned asked_;
  InterruptGuard guard_;
  Line line_;
  std::vector<Node> nodes_;
  std::vector<std::int64_t> slots_;  // the shard of each remainder of interaction_key; empty = one
  std::string version_;
  Place place_;
  std::optional<Schema> schema_;
  std::optional<Anonymiser> anonymiser_;
  std::string anonymised_;

  std::string warehouse_text_;
  Identity warehouse_{};
  std::int64_t last_import_ = 0, from_import_ = 0;
  Watermark watermark_;
  Teams teams_;
  bool has_same_teams_ = true;
  bool is_full_ = false, is_up_to_date_ = false, has_erased_ = false;
  std::vector<std::int64_t> keys_;
  std::vector<std::pair<std::int64_t, bool>> removed_;  // and whether they were erased

  std::int64_t interactions_sent_ = 0, agent_days_sent_ = 0, already_there_ = 0, removed_there_ = 0,
               erased_there_ = 0, erased_elsewhere_ = 0;
  std::uint64_t rows_sent_ = 0, times_left_out_ = 0;
};

}  // namespace

int push_clickhouse(const PushOptions& options) {
  if (!options.key_file.empty() && !options.anonymise)
    throw Failure("--key-file gives the key of --anonymise, which is not given", exit_usage);
  if (options.verify_erased && options.dry_run)
    throw Failure("--verify-erased changes and --dry-run does not; give one of them", exit_usage);
  // Faults of the URLs are reported before anything is opened.
  for (const std::string& url : options.urls) Server(url, {});
  return Push(options).run();
}

}  // namespace cdr::cli
