// Standard input, as a file that can be read more than once: `-` where cdr_file() takes a path.
//
// A pipe gives its bytes once, and a table may have to read its input several times (to find the
// newest version of each record, or in a join). So the first who asks gets all of it, in a file
// without a name that lasts as long as what is returned.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace cdr {

inline constexpr std::string_view standard_input_name = "-";

// Reads standard input to its end; whoever asks while that is held gets the same. Throws Error when
// it was read before and let go, when it is a terminal, or when it cannot be kept. Asks
// check_stop() while it waits.
std::shared_ptr<const void> take_standard_input();

// Whoever reads standard input otherwise says so, and for what: "for the SQL".
void note_standard_input_read(std::string_view why);

// The name under which InputFile opens what was taken and is still held; "" when nothing is.
std::string standard_input_path();

}  // namespace cdr
