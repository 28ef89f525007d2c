// cdr_erase: a customer, an interaction, or everything before a date leaves the warehouse, and an
// import does not bring it back (tombstone.hpp).
//
//   SELECT cdr_erase('customer', '+48 500 001 234');
//   SELECT cdr_erase('customer_token', '6f0a…', '{"key": "…"}');   -- phone_token's
//   SELECT cdr_erase('interaction', '880102', '{"vendor": "mluvii"}');
//   SELECT cdr_erase('before', '2024-01-01');
//
// A customer's are all interactions with a record in which the number or address stands anywhere,
// as a value or inside a text, however it is written; and all other records in which it stands. An
// interaction is all records that make it. Before a date are interactions that ended before it (or,
// without an end, have nothing later), and other records of which nothing is later; a record
// without any time stays.
//
// What is deleted is overwritten (secure_delete.hpp), dictionaries that hold a piece of it are made
// anew (dictionary_renewal.hpp), and paths of imported files that name it are blanked. What cannot
// be done from inside a function is told: `remaining`.
#pragma once

#include <string>
#include <string_view>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

struct EraseOptions {
  std::string vendor, source;  // of an interaction; "" = any
  std::string key;             // of a customer_token
  bool dry_run = false;        // only tells what would go
};
// From a JSON object. Throws Error, naming the options that there are.
EraseOptions erase_options(std::string_view json);

// Gives its summary as JSON. `main` must be a warehouse.
std::string erase_from(sqlite3* database, std::string_view what, std::string_view value,
                       const EraseOptions& options);

}  // namespace cdr::ext
