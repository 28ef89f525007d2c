// All tables over one input, and whether every record is counted: see everything.hpp. The first
// byte chooses the zone. This target covers everything that the other doors cover one by one, so it
// is the slowest.
#include "door.hpp"
#include "everything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string fault =
      cdr::test::fault_of(bytes.substr(1), bytes[0] % 2 == 0 ? "UTC" : "Europe/Prague");
  cdr::test::require(fault.empty(), fault);
  return 0;
}
