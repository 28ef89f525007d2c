// Simulates a lack of memory: the Nth allocation of the process fails, once or from then on.
//
// Linking allocation.cpp puts it between the program and the C library, so that it sees the
// allocations of SQLite, libcdr, the C++ library, zstd, zlib and all other code, in every thread.
#pragma once

#include <cstdint>

namespace cdr::fault {

// 0: only count.
void begin_allocation_faults(std::int64_t at, bool from_then_on);
// Returns the number of allocations.
std::int64_t end_allocation_faults();
std::int64_t allocation_faults_injected();

}  // namespace cdr::fault
