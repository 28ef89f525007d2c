#include "extension/binding/connection.hpp"

#include <mutex>

namespace cdr::ext {
namespace {

// Both are made at compile time and have nothing to destroy: connections may outlive the static
// objects of a program.
constinit std::mutex list_mutex;
constinit Connection* list = nullptr;

}  // namespace

Connection::Connection(sqlite3* database) noexcept : database_(database) {
  const std::lock_guard lock(list_mutex);
  next_ = list;
  list = this;
}

Connection::~Connection() {
  const std::lock_guard lock(list_mutex);
  for (Connection** at = &list; *at != nullptr; at = &(*at)->next_)
    if (*at == this) {
      *at = next_;
      return;
    }
}

void Connection::let_go() noexcept {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

Connection* Connection::of(const sqlite3* database) noexcept {
  const std::lock_guard lock(list_mutex);
  for (Connection* each = list; each != nullptr; each = each->next_)
    if (each->database_ == database) return each;
  return nullptr;
}

void Connection::owe(Pragma pragma, std::int64_t value) noexcept {
  auto& owed = owed_[static_cast<std::size_t>(pragma)];
  if (!owed) owed = value;  // the earlier debt is the value that the host had set
  owes_ = true;
}

void Connection::pay() noexcept {
  if (!owes_) return;
  owes_ = false;
  for (std::size_t i = 0; i < pragma_count; ++i) {
    auto& owed = owed_[i];
    if (owed && put_back(database_, static_cast<Pragma>(i), *owed)) owed.reset();
    owes_ = owes_ || owed.has_value();
  }
}

}  // namespace cdr::ext
