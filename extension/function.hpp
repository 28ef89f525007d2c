// A scalar function, declared once: registration, arity, `cdr_functions` and the reference come
// from here.
#pragma once

#include <span>
#include <string_view>

#include "extension/value.hpp"

namespace cdr::ext {

enum class Effect : unsigned char {
  pure,    // DETERMINISTIC and INNOCUOUS
  reads,   // reads files: DIRECTONLY
  writes,  // changes the database: DIRECTONLY
};

struct Function {
  const char* name;
  int min_arguments, max_arguments;
  const char* signature;  // 'cdr_time(x [, zone])'
  const char* doc;        // one line: what it gives, unit, and when NULL
  const char* example;    // an SQL expression that runs by itself
  const char* result;     // what the example gives, as the sqlite3 shell prints it ('' for NULL); a
                          // test compares
  Effect effect;
  void (*call)(Call& call);  // may throw
};

// The function that is called.
const Function& function_of(const Call& call);

// One list for each file of extension/functions/.
std::span<const Function> time_functions();
std::span<const Function> dictionary_functions();
std::span<const Function> shape_functions();
std::span<const Function> privacy_functions();
std::span<const Function> state_functions();
std::span<const Function> file_functions();
std::span<const Function> warehouse_functions();

}  // namespace cdr::ext
