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
  // Duration is in milliseconds in the generation of this API that writes every scalar as a string,
  // and in seconds in those that write numbers.
  std::optional<double> seconds() const {
    const Node duration = record.root["Duration"];
    const auto given = real_of(duration);
    if (!given) return std::nullopt;
    return duration.type() == Node::Type::string ? *given / 1000 : *given;
  }
  // A request for the log covers at most seven days, so the end of a longer state is not reliable.
  std::optional<Instant> end() const {
    constexpr double longest = 7 * 24 * 3600;
    const auto from = start();
    const auto length = seconds();
    if (!from || !length || *length < 0 || *length > longest) return std::nullopt;
    return plus_seconds(*from, *length);
  }
};

// Vendor::map and Vendor::mapping for this vendor.
void map(std::span<const Record> records, const Wanted& wanted, Facts& facts);
std::vector<MappingDoc> document_mapping();

}  // namespace cdr::alibaba_api
