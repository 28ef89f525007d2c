// cdr_erase: removes a customer, an interaction, or everything before a date from the warehouse; an
// import does not bring it back (tombstone.hpp).
//
//   SELECT cdr_erase('customer', '+48 500 001 234');
//   SELECT cdr_erase('customer_token', '6f0a…', '{"key": "…"}');   -- phone_token's
//   SELECT cdr_erase('interaction', '880102', '{"vendor": "mluvii"}');
//   SELECT cdr_erase('before', '2024-01-01');
//
// A customer means all interactions with a record that contains the number or address anywhere, as
// a value or inside a text, however it is written; and all other records that contain it. An
// interaction means all records that belong to it. A date means interactions that ended before it
// (or, without an end, have nothing later), and other records in which nothing is later; a record
// without any time stays.
//
// Deleted data is overwritten (secure_delete.hpp), dictionaries that hold a piece of it are
// replaced (dictionary_renewal.hpp), and paths of imported files that name it are blanked. Steps
// that cannot be done from inside a function are listed in `remaining`.
#pragma once

#include <string>
#include <string_view>

#include "extension/binding/sqlite.hpp"

namespace cdr::ext {

struct EraseOptions {
  std::string vendor, source;  // of an interaction; "" = any
  std::string key;             // of a customer_token
  bool dry_run = false;        // only report what would be erased
};
// Reads a JSON object. Throws Error, which names the valid options.
EraseOptions erase_options(std::string_view json);

// Returns its summary as JSON. `main` must be a warehouse.
std::string erase_from(sqlite3* database, std::string_view what, std::string_view value,
                       const EraseOptions& options);

}  // namespace cdr::ext
