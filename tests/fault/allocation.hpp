// Memory that runs out on demand: the Nth allocation of the process fails, once or from then on.
//
// Linking allocation.cpp puts it between the program and the C library, so that it sees what
// SQLite, libcdr, the C++ library, zstd, zlib and all others ask for, in every thread.
#pragma once

#include <cstdint>

namespace cdr::fault {

// 0: count only.
void begin_allocation_faults(std::int64_t at, bool from_then_on);
// Gives how many allocations there were.
std::int64_t end_allocation_faults();
std::int64_t allocation_faults_injected();

}  // namespace cdr::fault
