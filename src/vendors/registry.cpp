// The vendors that libcdr knows. A new vendor needs a folder beside this file and an entry in this
// list.
#include <array>

#include "vendors/vendor.hpp"

namespace cdr {

extern const Vendor alibaba, conpeek, mluvii, ucontact;

std::span<const Vendor* const> vendors() {
  static constexpr std::array all{&alibaba, &conpeek, &mluvii, &ucontact};
  return all;
}

}  // namespace cdr
