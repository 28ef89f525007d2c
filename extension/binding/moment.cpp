#include "extension/binding/moment.hpp"

namespace cdr::ext {

std::optional<Moment> moment_of_main(sqlite3* database) {
  const int transaction = sqlite3_txn_state(database, "main");
  if (transaction == SQLITE_TXN_NONE) return std::nullopt;
  Moment moment;
  sqlite3_file* file = nullptr;  // of main, if no name is given
  if (sqlite3_file_control(database, nullptr, SQLITE_FCNTL_DATA_VERSION, &moment.version) !=
          SQLITE_OK ||
      sqlite3_file_control(database, nullptr, SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK)
    return std::nullopt;
  moment.file = file;
  if (transaction == SQLITE_TXN_WRITE) moment.own_changes = sqlite3_total_changes64(database);
  return moment;
}

}  // namespace cdr::ext
