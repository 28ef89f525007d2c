#include "json/document/prepare.hpp"

#include <simdjson.h>

#include <string>
#include <vector>

namespace cdr {

void prepare_json() {
  static const bool is_prepared = [] {
    // simdjson allocates only a few names. Memory that is allocated and freed here is available for
    // them.
    std::vector<std::string>(32, std::string(64, ' ')).clear();
    return !simdjson::get_active_implementation()->name().empty();
  }();
  static_cast<void>(is_prepared);
}

}  // namespace cdr
