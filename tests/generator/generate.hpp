// The program as a function: simulates the plan and writes it as each vendor would.
#pragma once

#include <cstdint>
#include <string>

#include "writers.hpp"

namespace generator {

struct Options {
  Plan plan;
  std::string vendor =
      "conpeek";  // or "all": one file, or folder of pages, for each in the folder `out`
  Format format = Format::ndjson;
  Routing routing = Routing::inside;
  std::string out;
  std::string routing_out;       // for Routing::documents; "" = out + ".routing.ndjson"
  std::string agent_states_out;  // mluvii; "" = none
  std::uint64_t dialogs = 0;     // conpeek: exactly this number, instead of plan.interactions
  std::uint32_t defects = 0;     // permille
  bool script = false;           // scripted calls (script.hpp) instead of a simulated day
  std::string truth_out;         // the true events in no vendor's form; "" = none
};

struct Summary {
  std::uint64_t interactions = 0;
  std::uint64_t records = 0;
};

// Throws std::runtime_error for incompatible options and for files that cannot be written.
Summary generate(const Options& options);

}  // namespace generator
