#include "extension/warehouse/raw/dictionary_renewal.hpp"

#include <cstring>
#include <optional>
#include <vector>

namespace cdr::ext {
namespace {

template <class Use>
void each_piece(std::string_view bytes, const Use& use) {
  std::uint64_t piece = 0;
  for (std::size_t at = 0; at + sizeof piece <= bytes.size(); ++at) {
    std::memcpy(&piece, bytes.data() + at, sizeof piece);
    use(piece);
  }
}

}  // namespace

DictionaryRenewal::Dictionaries& DictionaryRenewal::of(const Kind& kind) {
  const auto [at, added] = kinds_.try_emplace(kind);
  Dictionaries& dictionaries = at->second;
  if (!added) return dictionaries;
  Statement select(database_,
                   "SELECT dictionary FROM main.zstd_dictionary "
                   "WHERE vendor = ?1 AND resource = ?2");
  auto rows = select.query(kind.first, kind.second);
  while (rows.next()) {
    each_piece(rows.blob(0), [&](Piece piece) { dictionaries.pieces.insert(piece); });
    dictionaries.bytes.append(rows.blob(0)).append(1, '\0');
  }
  return dictionaries;
}

void DictionaryRenewal::leave(const RawData& raw) {
  Dictionaries& dictionaries =
      of({std::string(raw.as.vendor->name), std::string(raw.as.resource->name)});
  if (dictionaries.pieces.empty()) return;
  each_piece(raw.json, [&](Piece piece) {
    if (dictionaries.pieces.contains(piece)) dictionaries.left.insert(piece);
  });
}

void DictionaryRenewal::leave_unknown(std::string_view vendor, std::string_view resource) {
  of({std::string(vendor), std::string(resource)}).is_unsafe = true;
}

std::size_t DictionaryRenewal::renew(
    const std::function<bool(std::string_view dictionary)>& is_telling) {
  {
    Statement select(database_, "SELECT DISTINCT vendor, resource FROM main.zstd_dictionary");
    auto rows = select.query();
    while (rows.next()) of({std::string(rows.text(0)), std::string(rows.text(1))});
  }
  std::size_t renewed = 0;
  for (auto& [kind, dictionaries] : kinds_) {
    if (dictionaries.bytes.empty()) continue;
    bool is_unsafe = dictionaries.is_unsafe || is_telling(dictionaries.bytes);
    if (!is_unsafe) {
      keep_shared(kind, dictionaries);
      is_unsafe = !dictionaries.left.empty();
    }
    if (!is_unsafe) continue;
    replace(kind);
    ++renewed;
  }
  return renewed;
}

template <class Use>
void DictionaryRenewal::each_record(const Kind& kind, const char* condition, const Use& use) {
  Statement select(database_,
                   std::string("SELECT id FROM main.raw_record WHERE vendor = ?1 AND resource = ?2 "
                               "AND payload IS NOT NULL ") +
                       condition);
  std::vector<std::int64_t> ids;  // read before the first of them is written
  {
    auto rows = select.query(kind.first, kind.second);
    while (rows.next()) ids.push_back(rows.integer(0));
  }
  Arena arena;
  for (const std::int64_t id : ids) {
    arena.clear();
    if (!use(raw_.read(id, arena))) return;
  }
}

// Removes from `left` the pieces that remaining records have, too: they reveal nothing erased.
void DictionaryRenewal::keep_shared(const Kind& kind, Dictionaries& dictionaries) {
  if (dictionaries.left.empty()) return;
  each_record(kind, "", [&](const RawData& raw) {
    each_piece(raw.json, [&](Piece piece) { dictionaries.left.erase(piece); });
    return !dictionaries.left.empty();
  });
}

// Replaces all dictionaries of a kind by one that is trained on the remaining records.
void DictionaryRenewal::replace(const Kind& kind) {
  std::vector<std::string> texts;
  const std::string first = "ORDER BY id LIMIT " + std::to_string(RawStore::most_samples);
  each_record(kind, first.c_str(), [&](const RawData& raw) {
    texts.emplace_back(raw.json);
    return true;
  });
  const std::vector<std::string_view> samples(texts.begin(), texts.end());
  std::optional<std::int64_t> id, former;
  {
    Statement select(
        database_, "SELECT max(id) FROM main.zstd_dictionary WHERE vendor = ?1 AND resource = ?2");
    auto rows = select.query(kind.first, kind.second);
    if (rows.next()) former = rows.optional_integer(0);
  }
  if (!samples.empty()) id = raw_.add_dictionary(kind.first, kind.second, samples);
  const Dictionary* const dictionary = raw_.dictionary(id);
  Compressor compressor;
  Statement update(database_,
                   "UPDATE main.raw_record SET payload = ?2, dictionary_id = ?3 WHERE id = ?1");
  each_record(kind, "AND dictionary_id IS NOT NULL ORDER BY id", [&](const RawData& raw) {
    update.execute(raw.id, Statement::Blob{compressor.compress(raw.json, dictionary)}, id);
    return true;
  });
  // Records without a payload need no dictionary.
  Statement(database_,
            "UPDATE main.raw_record SET dictionary_id = NULL WHERE vendor = ?1 AND resource = ?2 "
            "AND payload IS NULL")
      .execute(kind.first, kind.second);
  Statement(database_,
            "DELETE FROM main.zstd_dictionary WHERE vendor = ?1 AND resource = ?2 AND id <= ?3")
      .execute(kind.first, kind.second, former);
  raw_.forget();
}

}  // namespace cdr::ext
