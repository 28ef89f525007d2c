// What is done once, before the first text is parsed.
#pragma once

namespace cdr {

// simdjson chooses among its implementations when it first parses, in functions that are noexcept
// and allocate: out of memory, that would end the host. This chooses at once, and throws
// std::bad_alloc where there is no memory for it.
void prepare_json();

}  // namespace cdr
