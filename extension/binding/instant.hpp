// A time that SQL gives: anything that cdr_time takes.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "extension/binding/value.hpp"

namespace cdr::ext {

// nullopt: it is no time, or NULL. The zone is that of a text without an offset.
std::optional<Instant> instant_of(Argument argument, const Zone& zone);

}  // namespace cdr::ext
