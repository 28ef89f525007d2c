// Options of a connection: how libcdr works in it.
//
//   SELECT cdr_option('column_cache_mib', 1024);  -- keep up to 1 GiB of columns
//   SELECT cdr_option('column_cache_mib', 0);     -- keep none
//   SELECT cdr_option('column_cache_bytes');      -- what is kept now
#include <limits>

#include "extension/binding/function.hpp"
#include "extension/columns/cache.hpp"

namespace cdr::ext {
namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20;
constexpr std::int64_t most_mib = std::int64_t{1} << 20;

ColumnCache& cache_of(const Call& call) {
  Connection* const connection = Connection::of(call.database());
  if (connection == nullptr) throw Error("cdr_option: libcdr is not loaded in this connection");
  return ColumnCache::of(*connection);
}

std::int64_t column_cache_mib(Call& call) {
  ColumnCache& cache = cache_of(call);
  if (call.size() > 1) {
    const Argument value = call[1];
    if (value.type() != SQLITE_INTEGER || value.integer() < 0 || value.integer() > most_mib)
      throw Error(
          "cdr_option: column_cache_mib is a whole number of MiB from 0 (keep no columns) "
          "to " +
              std::to_string(most_mib),
          ErrorCode::mismatch);
    cache.set_bound(static_cast<std::size_t>(value.integer() * mib));
  }
  return static_cast<std::int64_t>(cache.bound()) / mib;
}

std::int64_t column_cache_bytes(Call& call) {
  if (call.size() > 1)
    throw Error(
        "cdr_option: column_cache_bytes is measured and cannot be set; set column_cache_mib, its "
        "upper limit");
  return static_cast<std::int64_t>(cache_of(call).bytes());
}

struct Option {
  std::string_view name;
  std::int64_t (*value)(Call& call);
};
constexpr Option options[] = {
    {"column_cache_mib", column_cache_mib},
    {"column_cache_bytes", column_cache_bytes},
};

void cdr_option(Call& call) {
  const std::string_view name = call[0].text();
  std::string names;
  for (const Option& each : options) {
    if (each.name == name) return call.integer(each.value(call));
    names.append(names.empty() ? "" : ", ").append(each.name);
  }
  throw Error("cdr_option: there is no option of that name; there are " + names);
}

constexpr Function option_list[] = {
    {"cdr_option", 1, 2, "cdr_option(name [, value])",
     "the value of an option of this connection, which is first set to value if value is given. "
     "column_cache_mib: the most MiB that the connection uses to keep columns of the warehouse "
     "that it has read, so that the next question about them is answered from memory (256; 0 keeps "
     "none). column_cache_bytes: how much they use now",
     "cdr_option('column_cache_mib')", "256", Effect::sets, cdr_option},
};

}  // namespace

std::span<const Function> option_functions() {
  return option_list;
}

}  // namespace cdr::ext
