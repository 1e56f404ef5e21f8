// SPDX-License-Identifier: Apache-2.0
// `headwater statement verify FILE`: whether a partner's statement is whole, without any server.
#include <fmt/format.h>

#include <memory>

#include "api/statement_json.hpp"
#include "app/command_db.hpp"
#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/text_file.hpp"

namespace hw {
namespace {

constexpr auto kFooter =
    "The file is the answer of GET /ledger/statements/{partnerId}. It is whole when its signature\n"
    "belongs to it, every transaction in it comes to nothing, and its balances are the sums of "
    "its\n"
    "postings. Whose signature it is only --key can tell: the base64 of a public key, or the\n"
    "answer of GET /ledger/key. Without it the key that the file names is believed.\n\n"
    "Example:\n"
    "  headwater statement verify statement.ndjson --key headwater.key\n\n"
    "Exit codes: 0 it is whole; 1 it is not, and stderr says why: changed, cut off, signed with "
    "another key; 2 wrong command line, a file cannot be read, or the key file holds no key.";

struct VerifyOptions {
    std::string file;
    std::string key_file;  // empty: the key that the file names
};

Result<std::string> read_key(const std::string& file) {
    const auto text = HW_TRY(read_text_file(file));
    auto key = read_public_key(text);
    if (!key) return fail(key.error().code, file + ": " + key.error().message);
    return key;
}

int verify(const VerifyOptions& options) {
    const auto text = read_text_file(options.file);
    if (!text) return refused(text.error());
    std::string key;
    if (!options.key_file.empty()) {
        const auto known = read_key(options.key_file);
        if (!known) return refused(known.error());
        key = *known;
    }
    const auto verified = verify_statement(*text, key);
    if (!verified) {
        fmt::print(stderr, "headwater: {}: {}\n", options.file, verified.error().message);
        return exit_code::kFailed;
    }
    fmt::print("{}", *verified);
    return exit_code::kOk;
}

}  // namespace

void add_statement(CLI::App& app, Invocation& invocation) {
    auto* command = app.add_subcommand("statement", "Verify what a partner was told of the books.");
    command->require_subcommand(1);
    command->footer(kFooter);
    const auto options = std::make_shared<VerifyOptions>();
    auto* verify_command =
        command->add_subcommand("verify", "Tell whether a signed statement is whole.");
    verify_command->add_option("FILE", options->file, "The statement; - reads standard input")
        ->required();
    verify_command->add_option("--key", options->key_file, "The file of the signer's public key");
    verify_command->footer(kFooter);
    verify_command->callback(
        [options, &invocation] { invocation.run = [options] { return verify(*options); }; });
}

}  // namespace hw
