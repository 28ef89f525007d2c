// A call of Parlo. One record is one whole call: it names no other record.
#pragma once

#include <optional>
#include <string_view>

#include "core/time.hpp"
#include "json/document/record.hpp"
#include "model/state.hpp"

namespace cdr::parlo_api {

struct Call {
  explicit Call(const Record& record);

  Node root;
  std::string_view id;
  std::optional<Instant> begun, queued, rang, picked_up, over;

  std::string_view text(std::string_view key) const;
  // INBOUND or OUTBOUND; any other word is unchanged.
  std::string_view direction() const;
  bool answered() const { return picked_up.has_value(); }
  // "" while the call is in progress.
  std::string_view outcome() const;
  StateSpans states() const;
};

}  // namespace cdr::parlo_api
