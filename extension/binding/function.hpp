// A function, declared once: registration, arity, `cdr_functions` and the reference come from here.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "extension/binding/value.hpp"

namespace cdr::ext {

enum class Effect : unsigned char {
  pure,    // DETERMINISTIC and INNOCUOUS
  reads,   // reads files: DIRECTONLY
  writes,  // changes the database: DIRECTONLY
  sets,    // changes what the connection keeps in memory: DIRECTONLY
};

// The state of an aggregate function over the rows of a group, or of a moving window frame.
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  virtual void add(const Call& row) = 0;
  // Removes a row that was added and now leaves the frame.
  virtual void remove(const Call& row) = 0;
  // The result for the rows that are in the frame, which may be none.
  virtual void give(Call& result) = 0;
  // Like give(), but no other call follows.
  virtual void finish(Call& result) { give(result); }
};

struct Function {
  const char* name;
  int min_arguments, max_arguments;
  const char* signature;  // 'cdr_time(x [, zone])'
  const char* doc;        // one line: what it returns, in which unit, and when NULL
  const char* example;    // an SQL expression that runs by itself
  const char* result;     // the example's result, as the sqlite3 shell prints it ('' for NULL); a
                          // test compares it
  Effect effect;
  void (*call)(Call& call);  // may throw; nullptr for an aggregate
  std::unique_ptr<Aggregate> (*aggregate)() = nullptr;
};

// The function that is called.
const Function& function_of(const Call& call);

// One list for each file of extension/functions/, and those of two other rooms.
std::span<const Function> time_functions();
std::span<const Function> dictionary_functions();
std::span<const Function> vendor_text_functions();
std::span<const Function> privacy_functions();
std::span<const Function> state_functions();
std::span<const Function> figure_functions();
std::span<const Function> aggregate_functions();
std::span<const Function> file_functions();
std::span<const Function> option_functions();
std::span<const Function> warehouse_functions();
std::span<const Function> report_functions();

}  // namespace cdr::ext
