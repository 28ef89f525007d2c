#include "vendors/ucontact/text.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/text.hpp"
#include "core/time.hpp"
#include "json/document/writer.hpp"

namespace cdr {
namespace {

struct Member {
  std::string_view key;
  std::vector<std::optional<std::string_view>> values;
};

// The items in order of their keys' first appearance.
std::vector<Member> members_of(std::string_view text) {
  std::vector<Member> members;
  std::unordered_map<std::string_view, std::size_t> places;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(':'));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    const std::string_view key = item.substr(0, equals);
    const auto [place, is_new] = places.try_emplace(key, members.size());
    if (is_new) members.push_back({key, {}});
    auto& values = members[place->second].values;
    if (equals == std::string_view::npos)
      values.push_back(std::nullopt);
    else
      values.push_back(item.substr(equals + 1));
  }
  return members;
}

std::string member_json(const Member& member) {
  const auto add = [](JsonList& to, std::optional<std::string_view> value) {
    if (value)
      to.add(*value);
    else
      to.add_json("null");
  };
  JsonList list;
  for (const auto& value : member.values) add(list, value);
  const std::string text = list.text();
  return member.values.size() == 1 ? text.substr(1, text.size() - 2) : text;
}

// Encodes all but the unreserved characters of RFC 3986, so that an id can never leave its place in
// the address.
std::string percent_encoded(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char small = lower(c);
    if (is_digit(c) || (small >= 'a' && small <= 'z') || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      encoded += c;
    } else {
      encoded += '%';
      encoded += hex[byte >> 4];
      encoded += hex[byte & 15];
    }
  }
  return encoded;
}

// 'https://host', without a slash at the end; "" for an empty host.
std::string base_of(std::string_view host) {
  host = trim(host);
  while (host.ends_with('/')) host.remove_suffix(1);
  if (host.empty()) return {};
  const bool has_scheme = equal_ignoring_case(host.substr(0, 8), "https://") ||
                          equal_ignoring_case(host.substr(0, 7), "http://");
  return has_scheme ? std::string(host) : "https://" + std::string(host);
}

// '2022-06-20 17:56:59' → '20220620/'; "" if the text does not begin with a date of the calendar.
std::string folder_of(std::string_view calldate) {
  calldate = trim(calldate);
  constexpr std::size_t date_size = 10;
  const std::string_view date = calldate.substr(0, date_size);
  const char behind = calldate.size() > date_size ? calldate[date_size] : ' ';
  if (date.size() < date_size || (behind != ' ' && behind != 'T') || !parse_time(date, Zone()))
    return {};
  std::string folder;
  for (const char c : date)
    if (c != '-') folder += c;
  return folder + '/';
}

}  // namespace

std::string kv_json(std::string_view text) {
  JsonObject object;
  for (const Member& member : members_of(text)) object.add_json(member.key, member_json(member));
  return object.empty() ? "{}" : object.text();
}

std::string recording_urls(std::string_view guid, std::string_view calldate, std::string_view host,
                           std::string_view backup_host) {
  const std::string base = base_of(host);
  const std::string backup = base_of(backup_host);
  if (guid.empty() || base.empty()) return {};
  const std::string folder = folder_of(calldate);
  const std::string file = percent_encoded(guid);
  JsonList urls;
  const auto add = [&](const std::string& at, const std::string& in, std::string_view extension) {
    if (!at.empty()) urls.add(at + "/records/" + in + file + std::string(extension));
  };
  for (const std::string_view extension : {".mp3", ".gsm"}) {
    add(base, "", extension);
    if (!folder.empty()) add(base, folder, extension);
    if (!folder.empty()) add(backup, folder, extension);
    add(backup, "", extension);
  }
  return urls.text();
}

std::string recording_paths(std::string_view guid, std::string_view calldate) {
  if (guid.empty()) return {};
  const std::string folder = folder_of(calldate);
  const std::string file = percent_encoded(guid);
  JsonList urls;
  const auto add = [&](const std::string& in, std::string_view extension) {
    urls.add("records/" + in + file + std::string(extension));
  };
  for (const std::string_view extension : {".mp3", ".gsm"}) {
    add("", extension);
    if (!folder.empty()) add(folder, extension);
  }
  return urls.text();
}

}  // namespace cdr
