// Alibaba's records as rows of the model.
#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vendors/alibaba/call.hpp"
#include "vendors/mapping.hpp"

namespace cdr::alibaba_api {

// A span of an agent's state.
struct AgentState {
  const Record& record;

  std::string_view agent() const {
    for (const std::string_view key : {"AgentId", "RamId"})
      if (const Node id = record.root[key]; id.provided()) return text_of(id);
    return record.context;
  }
  std::optional<Instant> start() const {
    for (const std::string_view key : {"StartTime", "StateTime"})
      if (const auto at = alibaba_api::instant(record.root[key])) return at;
    return std::nullopt;
  }
  // The log is asked for over at most seven days: a longer Duration is not in seconds (the first
  // pages of this API gave it in milliseconds), and says nothing reliable of the end.
  std::optional<Instant> end() const {
    constexpr double longest = 7 * 24 * 3600;
    const auto from = start();
    const auto seconds = real_of(record.root["Duration"]);
    if (!from || !seconds || *seconds < 0 || *seconds > longest) return std::nullopt;
    return plus_seconds(*from, *seconds);
  }
};

// What Vendor::map and Vendor::mapping are for this vendor.
void map(std::span<const Record> records, const Wanted& wanted, Facts& facts);
std::vector<MappingDoc> document_mapping();

}  // namespace cdr::alibaba_api
