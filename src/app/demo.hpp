// SPDX-License-Identifier: Apache-2.0
// `headwater demo`: a server with something in it, and the lines to paste that show what it does.
#pragma once

#include <string>

#include "app/command_db.hpp"

namespace hw {

// What one start of the demo gives away. Secrets are stored hashed, so each start makes new ones.
struct DemoWorld {
    std::string host;        // the short domain
    std::string secret_key;  // of the workspace "Demo shop"
    std::string setup_token;
    std::string run_id;  // makes customer and invoice of this start new
};

// The workspace with its rates, domain and link, made now if need be, and the fresh secrets.
Result<DemoWorld> prepare_demo(CommandDb& db, const std::string& host);

// What the user reads once the server listens at `address`, for example "http://127.0.0.1:8080".
std::string demo_text(const DemoWorld& world, const std::string& address);

}  // namespace hw
