// libFuzzer over everything.hpp: ./dev fuzz [seconds]. The first byte chooses the zone.
#include <cstdio>
#include <cstdlib>

#include "everything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string fault =
      cdr::test::fault_of(bytes.substr(1), bytes[0] % 2 == 0 ? "UTC" : "Europe/Prague");
  if (fault.empty()) return 0;
  std::fprintf(stderr, "%s\n", fault.c_str());
  std::abort();
}
