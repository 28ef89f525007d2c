// A time given in SQL: anything that cdr_time accepts. Vendors' records are read by parse_time.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "extension/binding/value.hpp"

namespace cdr::ext {

// nullopt: the argument is NULL or not a time. `zone` applies to a text without an offset.
std::optional<Instant> instant_of(Argument argument, const Zone& zone);

}  // namespace cdr::ext
