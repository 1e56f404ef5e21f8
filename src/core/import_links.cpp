// SPDX-License-Identifier: Apache-2.0
#include "core/import_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "base/digest.hpp"
#include "base/id.hpp"
#include "core/folders.hpp"
#include "core/link_groups.hpp"
#include "core/tags.hpp"
#include "store/link_batch.hpp"

namespace hw {
namespace {

// As many as a new link with a random key has.
constexpr int kKeysTriedMax = 20;

// A row on its way to become a link.
struct Candidate {
    const ImportRow* row;
    Link link;
    std::vector<Tag> tags;
    int keys_tried = 0;

    const ImportLink& input() const { return *row->link; }
    bool key_chosen() const { return input().link.fields.key.has_value(); }
    std::pair<std::string, std::string> place() const { return {link.domain, link.key_folded}; }
};

// Letters and digits that follow from `seed` and from nothing else.
std::string derived_text(const std::string& secret, const std::string& seed, std::size_t length) {
    constexpr std::string_view kLetters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr int kLettersPerHash = 10;  // 62^10 is below 2^64
    std::string text;
    for (int block = 0; text.size() < length; ++block) {
        auto hash =
            static_cast<std::uint64_t>(keyed_hash_64(secret, fmt::format("{}\n{}", seed, block)));
        for (int i = 0; i < kLettersPerHash && text.size() < length; ++i) {
            text += kLetters[hash % kLetters.size()];
            hash /= kLetters.size();
        }
    }
    return text;
}

class Batch {
  public:
    explicit Batch(Tx& tx) : tx_(tx) {}

    ImportOutcome run(std::span<const ImportRow> rows);

  private:
    using Candidates = std::vector<Candidate>;
    template <class T>
    using Known = std::map<std::string, Result<T>, std::less<>>;

    Result<Candidate> prepare(const ImportRow& row);
    Result<void> choose_key(Candidate& candidate);
    Result<void> put_groups(Candidate& candidate);
    Result<std::string> domain_of(const LinkFields& fields);
    Result<std::string> folder_id_of(const std::string& name);
    Result<Tag> tag_of(const std::string& name);

    Candidates new_ones(Candidates candidates);
    bool is_new(Candidate& candidate, const StoredLinks& stored, Candidates& again);
    void store(const Candidates& candidates);
    void settle_clash(const Candidate& candidate);
    void settle(const Candidate& candidate, std::string_view stored_url);
    void note_failure(const ImportRow& row, const Error& error);

    Tx& tx_;
    ImportOutcome outcome_;
    Known<std::string> domains_;
    Known<std::string> folders_;
    Known<Tag> tags_;
    std::map<std::pair<std::string, std::string>, std::string> urls_;  // of this batch, by place
};

void Batch::note_failure(const ImportRow& row, const Error& error) {
    ++outcome_.failed;
    outcome_.failures.push_back({row.number, row.key, error.message});
}

// The key is taken by a link to `stored_url`.
void Batch::settle(const Candidate& candidate, std::string_view stored_url) {
    if (candidate.link.url == stored_url) {
        ++outcome_.skipped;
        return;
    }
    note_failure(*candidate.row,
                 {ErrorCode::Conflict,
                  fmt::format("Duplicate key: the short link {}/{} already exists and leads to {}",
                              candidate.link.domain, candidate.link.key, stored_url),
                  "duplicate_key"});
}

Result<std::string> Batch::domain_of(const LinkFields& fields) {
    const auto name = fields.domain.value_or("");
    auto known = domains_.find(name);
    if (known == domains_.end()) {
        known = domains_.emplace(name, choose_domain(tx_, fields.domain)).first;
    }
    return known->second;
}

Result<std::string> Batch::folder_id_of(const std::string& name) {
    auto known = folders_.find(name);
    if (known != folders_.end()) return known->second;
    const auto ensure = [&]() -> Result<std::string> {
        if (const auto stored = find_folder_by_name(tx_, tx_.workspace_id(), name)) {
            return stored->folder_id;
        }
        FolderFields fields;
        fields.name = name;
        return HW_TRY(create_folder(tx_, fields)).folder_id;
    };
    return folders_.emplace(name, ensure()).first->second;
}

Result<Tag> Batch::tag_of(const std::string& name) {
    auto known = tags_.find(name);
    if (known != tags_.end()) return known->second;
    auto stored = find_tag_by_name(tx_, tx_.workspace_id(), name);
    auto tag =
        stored ? Result<Tag>(std::move(*stored)) : create_tag(tx_, {.name = name, .color = {}});
    return tags_.emplace(name, std::move(tag)).first->second;
}

// The row's own key, or the next one that follows from its content.
Result<void> Batch::choose_key(Candidate& candidate) {
    auto& link = candidate.link;
    const auto& input = candidate.input().link;
    ++candidate.keys_tried;
    if (input.fields.key) return set_key(link, *input.fields.key, input.key_reserved);
    const auto seed = fmt::format("{}\n{}\n{}\n{}", link.domain, link.url,
                                  link.external_id.value_or(""), candidate.keys_tried);
    const auto text =
        derived_text(link.workspace_id, seed, static_cast<std::size_t>(input.key_length));
    return set_key(link, input.prefix.empty() ? text : input.prefix + "/" + text,
                   input.key_reserved);
}

// Everything that can be refused without looking at other links.
Result<Candidate> Batch::prepare(const ImportRow& row) {
    if (!row.link) return std::unexpected(row.link.error());
    const auto& input = *row.link;
    const auto& fields = input.link.fields;
    Candidate candidate{.row = &row, .link = {}, .tags = {}};
    auto& link = candidate.link;
    link.workspace_id = tx_.workspace_id();
    link.created_at_ms = input.created_at_ms.value_or(tx_.now_ms());
    link.updated_at_ms = link.created_at_ms;
    // Listings are sorted by id, so it carries the link's own time.
    link.link_id = new_id("link_", link.created_at_ms, tx_.env());
    if (!fields.url || fields.url->empty()) {
        return fail(ErrorCode::BadRequest, "Missing destination URL", "no_url");
    }
    if (link.created_at_ms > tx_.now_ms() + limits::kClockSkewMs) {
        return fail(ErrorCode::UnprocessableEntity, "Invalid createdAt: it lies in the future.",
                    "future_created_at");
    }
    link.domain = HW_TRY(domain_of(fields));
    HW_CHECK(apply_fields(fields, link));
    HW_CHECK(put_folder(tx_, fields, link));
    if (fields.tag_ids && !fields.tag_ids->empty()) {
        candidate.tags =
            HW_TRY(choose_tags(tx_, link.workspace_id, fields)).value_or(candidate.tags);
    }
    HW_CHECK(choose_key(candidate));
    return candidate;
}

// False: something is there already. A row without a key goes into `again` with its next one.
bool Batch::is_new(Candidate& candidate, const StoredLinks& stored, Candidates& again) {
    const auto in_batch = urls_.find(candidate.place());
    const auto in_store = stored.find(candidate.place());
    if (in_batch == urls_.end() && in_store == stored.end()) {
        urls_.emplace(candidate.place(), candidate.link.url);
        return true;
    }
    const auto& url = in_store != stored.end() ? in_store->second.url : in_batch->second;
    const bool may_try_another = !candidate.key_chosen() && candidate.keys_tried < kKeysTriedMax;
    if (url != candidate.link.url && may_try_another && choose_key(candidate)) {
        again.push_back(std::move(candidate));
    } else {
        settle(candidate, url);
    }
    return false;
}

// Without those that are stored already, or stand in an earlier row of the batch.
Batch::Candidates Batch::new_ones(Candidates candidates) {
    Candidates fresh;
    while (!candidates.empty()) {
        std::vector<Link> links;
        links.reserve(candidates.size());
        for (const auto& candidate : candidates) links.push_back(candidate.link);
        const auto stored = find_stored_links(tx_, links);
        Candidates again;
        for (auto& candidate : candidates) {
            if (is_new(candidate, stored, again)) fresh.push_back(std::move(candidate));
        }
        candidates = std::move(again);
    }
    return fresh;
}

// Only for new links, so that a file that comes again makes no folder and no tag.
Result<void> Batch::put_groups(Candidate& candidate) {
    const auto& input = candidate.input();
    if (!input.folder.empty()) candidate.link.folder_id = HW_TRY(folder_id_of(input.folder));
    const auto& names = input.link.fields.tag_names;
    if (!names || !candidate.tags.empty()) return {};
    for (const auto& name : *names) {
        auto tag = HW_TRY(tag_of(name));
        if (std::ranges::find(candidate.tags, tag.tag_id, &Tag::tag_id) == candidate.tags.end()) {
            candidate.tags.push_back(std::move(tag));
        }
    }
    return {};
}

// Another writer was quicker, or the external id is another link's.
void Batch::settle_clash(const Candidate& candidate) {
    const auto& link = candidate.link;
    const auto same_key = find_link_by_key(tx_, link.workspace_id, link.domain, link.key_folded);
    if (same_key) return settle(candidate, same_key->url);
    const auto same_id =
        find_link_by_external_id(tx_, link.workspace_id, link.external_id.value_or(""));
    if (same_id && !candidate.key_chosen()) {
        if (same_id->url == link.url) {
            ++outcome_.skipped;
            return;
        }
    }
    note_failure(*candidate.row, clash_error(LinkClash::ExternalId, link));
}

void Batch::store(const Candidates& candidates) {
    std::vector<Link> links;
    links.reserve(candidates.size());
    for (const auto& candidate : candidates) links.push_back(candidate.link);
    const auto made = insert_links(tx_, links);
    for (const auto& candidate : candidates) {
        const auto& link = candidate.link;
        if (!made.contains(link.link_id)) {
            settle_clash(candidate);
            continue;
        }
        ++outcome_.created;
        if (!candidate.tags.empty()) {
            set_link_tags(tx_, link.workspace_id, link.link_id, candidate.tags);
        }
    }
}

ImportOutcome Batch::run(std::span<const ImportRow> rows) {
    Candidates candidates;
    candidates.reserve(rows.size());
    for (const auto& row : rows) {
        auto candidate = prepare(row);
        if (candidate) {
            candidates.push_back(std::move(*candidate));
        } else {
            note_failure(row, candidate.error());
        }
    }
    candidates = new_ones(std::move(candidates));
    std::erase_if(candidates, [&](Candidate& candidate) {
        const auto put = put_groups(candidate);
        if (!put) note_failure(*candidate.row, put.error());
        return !put;
    });
    store(candidates);
    outcome_.rows = static_cast<std::int64_t>(rows.size());
    std::ranges::sort(outcome_.failures, {}, &ImportFailure::row);
    return std::move(outcome_);
}

}  // namespace

void ImportOutcome::add(const ImportOutcome& batch) {
    rows += batch.rows;
    created += batch.created;
    skipped += batch.skipped;
    failed += batch.failed;
    for (const auto& failure : batch.failures) {
        if (failures.size() == limits::kImportErrorsMax) return;
        failures.push_back(failure);
    }
}

Result<ImportOutcome> import_links(Tx& tx, std::span<const ImportRow> rows) {
    return Batch(tx).run(rows);
}

}  // namespace hw
