// What cdr export --anonymise lets out. It is a list of what may be seen, not of what may not: a
// column that nobody has decided about does not leave.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/sink.hpp"

namespace cdr::cli {

enum class Privacy {
  kept,    // says nothing of a person
  number,  // a telephone number or address: phone_token()
  person,  // an id of a customer, a contact or an agent: a token of the same kind
  queue,   // kept, unless it is an agent's own, which has the agent's id or name
  out,     // a name, a note, an address on the Web, an object with any of these
};

// Of the model's columns that are text, under one name in all tables. nullptr: nobody has decided.
const Privacy* privacy_of(std::string_view column);

class Anonymiser {
 public:
  // Of the warehouse in `database`, in which it makes what it needs in TEMP. The same key gives the
  // same tokens. Throws Failure when the key is too short, or when there is no warehouse.
  Anonymiser(SQLite::Database& database, const std::string& key);

  // The warehouse's tables of the model, which can be anonymised; in the order of their names.
  const std::vector<std::string>& tables() const { return tables_; }
  bool has(const std::string& table) const;
  std::vector<ExportColumn> columns(const std::string& table) const;
  // A SELECT of all columns of the table, in order.
  std::string select(const std::string& table);

  // Columns that were left out because nobody has decided about them.
  const std::vector<std::string>& undecided() const { return undecided_; }

 private:
  std::string expression(const std::string& table, const ExportColumn& column);

  SQLite::Database& database_;
  std::vector<std::string> tables_;
  std::vector<std::string> undecided_;
};

// A key for one export, which nobody knows.
std::string random_key();

}  // namespace cdr::cli
