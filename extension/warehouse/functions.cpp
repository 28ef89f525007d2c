// The functions that make and fill a warehouse. DIRECTONLY: they write.
#include "extension/function.hpp"
#include "extension/warehouse/schema.hpp"

namespace cdr::ext {
namespace {

void cdr_init(Call& call) {
  const Created created = create_warehouse(call.database());
  call.json("{\"format\":" + std::to_string(warehouse_format) +
            ",\"created\":" + (created == Created::yes ? "true" : "false") + "}");
}

constexpr Function list[] = {
    {"cdr_init", 0, 0, "cdr_init()",
     "makes main a warehouse, unless it is one; gives its format and whether it was created, as "
     "JSON. Errors on a warehouse of a newer format, and where its tables' names are taken",
     "cdr_init()", "{\"format\":1,\"created\":true}", Effect::writes, cdr_init},
};

}  // namespace

std::span<const Function> warehouse_functions() {
  return list;
}

}  // namespace cdr::ext
