// Faults in separate processes, a batch in each, so that a crash is one more complaint: it is
// reported with the fault that was being tried, and the remaining faults are still tried.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cdr::fault {

// The number of faults tried, and the result.
struct Count {
  std::int64_t injected = 0, survived = 0;
};

// Tries one fault and complains about every violation. Returns false if the fault did not occur
// because there are fewer calls.
using Complain = std::function<void(const std::string&)>;
using Try = std::function<bool(std::int64_t at, const Complain& complain)>;

// Selects the calls that fail, out of `count` calls.
struct Choice {
  std::int64_t every;    // the number of first calls, all of which are tried
  std::int64_t sampled;  // the number of later calls, chosen at random
};
std::vector<std::int64_t> choose(const Choice& choice, std::int64_t count, std::uint32_t seed);

// Tries each fault, `batch` of them in one process, and prints the complaints.
Count try_all(std::string_view name, const std::vector<std::int64_t>& at, std::size_t batch,
              const Try& attempt);
// Returns the result of `work`, run in a process of its own. Ends this process if that fails.
std::string in_own_process(const std::function<std::string()>& work);

// Programs with sanitizers take several times as long, so they try fewer faults.
#if defined(CDR_ADDRESS_SANITIZER)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

// CDR_TEST_SEED, or a fixed default.
std::uint32_t seed();

// The command line of these programs: LIBRARY SAMPLES [sample | full] [ONLY [AT]].
struct CommandLine {
  std::string library, samples;  // files
  bool is_full = false;
  std::string only;     // the name of a case; "" = all
  std::int64_t at = 0;  // the fault's number; 0 = all
};
// Runs a program, from its command line to its last line of output and its exit status. `choice` is
// the program's text for ONLY and AT.
int run_program(int argc, char** argv, std::string_view name, std::string_view choice,
                Count (*run)(const CommandLine&));

}  // namespace cdr::fault
