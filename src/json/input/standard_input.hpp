// Standard input as a file that can be read more than once. Its path in cdr_file() is `-`.
//
// A pipe delivers its bytes once, but a table may have to read its input several times (to find the
// newest version of each record, or in a join). So the first call reads all of it into a file
// without a name, which lasts as long as the returned object.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace cdr {

inline constexpr std::string_view standard_input_name = "-";

// Reads standard input to its end. Later calls return the same object while it is held. Throws
// Error if standard input was read before and released, is a terminal, or cannot be kept. Calls
// check_stop() while it waits.
std::shared_ptr<const void> take_standard_input();

// Code that reads standard input in another way calls this, and gives the purpose: "for the SQL".
void note_standard_input_read(std::string_view why);

// The name under which InputFile opens standard input's copy; "" if none is held.
std::string standard_input_path();

}  // namespace cdr
