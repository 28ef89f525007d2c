// Decides which data cdr export --anonymise writes. It is a list of what may be written, not of
// what may not: a column without a decision is left out.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/sink.hpp"

namespace cdr::cli {

enum class Privacy {
  kept,    // says nothing about a person
  number,  // a telephone number or address: phone_token()
  person,  // an id of a customer, a contact or an agent, or made of one: a token of the same kind
  people,  // a JSON list of such ids: a list of their tokens
  queue,   // kept, unless it has the id or name of an agent of the vendor: the agent's own queue
  out,     // a name, a note, a URL, or an object with any of these
};

// The decision about a text column of the model. A name has one decision in all tables. nullptr:
// there is no decision.
const Privacy* privacy_of(std::string_view column);

class Anonymiser {
 public:
  // Anonymises the warehouse in `database`, which gets the SQL functions that this needs:
  // queue_token(vendor, x) is the token of x if x is the id or name of an agent of the vendor, and
  // otherwise x. The same key gives the same tokens. Throws Failure if the key is too short, or if
  // there is no warehouse.
  Anonymiser(SQLite::Database& database, const std::string& key);

  // The warehouse's tables of the model, which can be anonymised; sorted by name.
  const std::vector<std::string>& tables() const { return tables_; }
  bool has(const std::string& table) const;
  std::vector<ExportColumn> columns(const std::string& table) const;
  // A SELECT of all columns of the table, in order.
  std::string select(const std::string& table);

  // Columns that were left out because there is no decision about them.
  const std::vector<std::string>& undecided() const { return undecided_; }

 private:
  std::string expression(const std::string& table, const ExportColumn& column);

  SQLite::Database& database_;
  std::vector<std::string> tables_;
  std::vector<std::string> undecided_;
};

// The key of --key-file, or a random one for one export, which is not kept.
std::string anonymising_key(const std::string& key_file);

}  // namespace cdr::cli
