// SPDX-License-Identifier: Apache-2.0
#include "base/email_address.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(EmailAddress, OneTextForOneMailbox) {
    struct Row {
        std::string_view text;
        std::string_view normal;  // empty: no address
    };
    const Row rows[] = {
        {"ada@acme.example", "ada@acme.example"},
        {" Ada@ACME.example\n", "ada@acme.example"},
        {"ada+shop@acme.example", "ada@acme.example"},
        {"ada+a+b@acme.example", "ada@acme.example"},
        {"a.d.a@acme.example", "a.d.a@acme.example"},
        {"A.d.a+x@Gmail.com", "ada@gmail.com"},
        {"ada@googlemail.com", "ada@gmail.com"},
        {"ada@acme.example.", "ada@acme.example"},
        {"\"a@b\"@acme.example", "\"a@b\"@acme.example"},
        {"ada@plus+sign.example", "ada@plus+sign.example"},
        {"ada", ""},
        {"@acme.example", ""},
        {"+tag@acme.example", ""},
        {"...@gmail.com", ""},
        {"ada@", ""},
        {"ada@.", ""},
        {"", ""},
    };
    for (const auto& row : rows) {
        const auto parsed = parse_email_address(row.text);
        EXPECT_EQ(parsed ? parsed->normal : "", row.normal) << row.text;
        if (parsed) {
            EXPECT_TRUE(parsed->normal.ends_with("@" + parsed->domain)) << row.text;
        }
    }
}

TEST(EmailAddress, WhatADomainTells) {
    struct Row {
        std::string_view domain;
        bool is_free;
        bool is_disposable;
    };
    const Row rows[] = {
        {"gmail.com", true, false},
        {"outlook.com", true, false},
        {"web.de", true, false},
        {"acme.example", false, false},
        {"mailinator.com", false, true},
        {"x.mailinator.com", false, true},
        {"notmailinator.com", false, false},
        {"mailinator.com.acme.example", false, false},
        {"yopmail.com", false, true},
        {"com", false, false},
        {"", false, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(is_free_mail_domain(row.domain), row.is_free) << row.domain;
        EXPECT_EQ(is_disposable_domain(row.domain), row.is_disposable) << row.domain;
    }
}

}  // namespace
}  // namespace hw
