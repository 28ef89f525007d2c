// Preparation that is done once, before the first text is parsed.
#pragma once

namespace cdr {

// simdjson chooses among its implementations when it first parses, in noexcept functions that
// allocate: if memory ran out there, the host would be terminated. This function makes the choice
// at once, and throws std::bad_alloc if there is no memory for it.
void prepare_json();

}  // namespace cdr
