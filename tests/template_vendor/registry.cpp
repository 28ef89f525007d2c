// libcdr's vendors and the template.
#include <array>

#include "vendors/vendor.hpp"

namespace cdr {

extern const Vendor alibaba, conpeek, mluvii, parlo, ucontact;

std::span<const Vendor* const> vendors() {
  static constexpr std::array all{&alibaba, &conpeek, &mluvii, &parlo, &ucontact};
  return all;
}

}  // namespace cdr
