// SPDX-License-Identifier: Apache-2.0
#include "base/final_url.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

struct Row {
    FinalUrl input;
    std::string_view expected;
};

void expect(std::initializer_list<Row> rows) {
    for (const auto& row : rows) {
        EXPECT_EQ(final_url(row.input), row.expected)
            << row.input.target << " visited with " << row.input.visit_query;
    }
}

TEST(FinalUrl, AgreesWithTheReferenceVectors) {
    expect({
        {{.target = "https://www.checklyhq.com/?utm_source=x&utm_medium=social&utm_campaign=checks",
          .visit_query = "utm_source=checkly"},
         "https://www.checklyhq.com/?utm_source=checkly&utm_medium=social&utm_campaign=checks"},
        {{.target = "https://dub.co/blog?emptyquery"}, "https://dub.co/blog?emptyquery"},
        {{.target = "https://dub.co/", .visit_query = "pw=dub", .has_password = true},
         "https://dub.co/"},
        {{.target = "https://dub.co/", .via_key = "track-test", .click_id = "Yb1"},
         "https://dub.co/?via=track-test&dub_id=Yb1"},
    });
}

TEST(FinalUrl, LeavesUnchangedTargetsByteEqual) {
    for (const auto* target :
         {"https://x.com", "https://x.com/", "https://x.com/?", "https://x.com?a=1&&b&#f?q=1",
          "https://x.com/%7e%7E+?a=%20+&=&", "mailto:a@b.c", "myapp://x", ""}) {
        EXPECT_EQ(final_url({.target = target}), target);
        for (const auto* query : {"qr=1", "redir_url=https://evil.com", "dub-no-track=1", "&&",
                                  "skip_deeplink_preview=1", "dub-no-track", "redir%5Furl=x"}) {
            EXPECT_EQ(final_url({.target = target, .visit_query = query}), target) << query;
        }
    }
}

TEST(FinalUrl, SetsItsOwnParameters) {
    expect({
        {{.target = "https://x.com/p?a=1", .click_id = "Yb1"}, "https://x.com/p?a=1&dub_id=Yb1"},
        {{.target = "https://x.com", .click_id = "Yb1"}, "https://x.com/?dub_id=Yb1"},
        {{.target = "http://x", .click_id = "Yb1"}, "http://x/?dub_id=Yb1"},
        {{.target = "https://x.com?a", .click_id = "Yb1"}, "https://x.com/?a&dub_id=Yb1"},
        {{.target = "https://x.com/?", .click_id = "Yb1"}, "https://x.com/?dub_id=Yb1"},
        {{.target = "https://x.com/?a=1&", .click_id = "Yb1"}, "https://x.com/?a=1&dub_id=Yb1"},
        {{.target = "https://x.com/?a=1?", .click_id = "Yb1"}, "https://x.com/?a=1?&dub_id=Yb1"},
        {{.target = "https://x.com/??", .click_id = "Yb1"}, "https://x.com/??&dub_id=Yb1"},
        {{.target = "https://x.com/?a&&b", .click_id = "Yb1"}, "https://x.com/?a&&b&dub_id=Yb1"},
        {{.target = "https://x.com/?dub_id=old&b=2&dub_id=older", .click_id = "Yb1"},
         "https://x.com/?dub_id=Yb1&b=2"},
        {{.target = "https://x.com/?dub%5Fid=old", .click_id = "Yb1"}, "https://x.com/?dub_id=Yb1"},
        {{.target = "https://x.com/?via=old", .via_key = "new"}, "https://x.com/?via=new"},
        {{.target = "https://x.com/", .via_key = "a/b&c=d"}, "https://x.com/?via=a%2Fb%26c%3Dd"},
        {{.target = "https://x.com/#/route?a=1", .click_id = "Yb1"},
         "https://x.com/?dub_id=Yb1#/route?a=1"},
        {{.target = "https://x.com#f", .click_id = "Yb1"}, "https://x.com/?dub_id=Yb1#f"},
        {{.target = "https://x.com/?a=1#", .click_id = "Yb1"}, "https://x.com/?a=1&dub_id=Yb1#"},
        {{.target = "myapp://open", .click_id = "Yb1"}, "myapp://open?dub_id=Yb1"},
        {{.target = "mailto:a@b.c", .via_key = "k", .click_id = "Yb1", .visit_query = "x=1"},
         "mailto:a@b.c"},
        {{.target = "tel:+12?x://", .click_id = "Yb1"}, "tel:+12?x://"},
    });
}

TEST(FinalUrl, WritesTheReferenceOfPaymentLinks) {
    expect({
        {{.target = "https://buy.stripe.com/x?dub_client_reference_id=1", .click_id = "Yb1"},
         "https://buy.stripe.com/x?client_reference_id=dub_id_Yb1"},
        {{.target = "https://buy.stripe.com/x?a=1&dub_client_reference_id=1&b=2",
          .click_id = "Yb1"},
         "https://buy.stripe.com/x?a=1&client_reference_id=dub_id_Yb1&b=2"},
        {{.target = "https://x.com/?client_reference_id=old&dub_client_reference_id=1",
          .click_id = "Yb1"},
         "https://x.com/?client_reference_id=dub_id_Yb1"},
        {{.target = "https://x.com/?dub_client_reference_id=0", .click_id = "Yb1"},
         "https://x.com/?dub_client_reference_id=0&dub_id=Yb1"},
        {{.target = "https://x.com/?dub_client_reference_id=1",
          .click_id = "Yb1",
          .visit_query = "client_reference_id=evil&client%5Freference_id=evil"},
         "https://x.com/?client_reference_id=dub_id_Yb1"},
        {{.target = "https://x.com/?dub_client_reference_id=1", .visit_query = "a=1"},
         "https://x.com/?dub_client_reference_id=1&a=1"},
        {{.target = "https://x.com/?dub_client_reference_id=1",
          .visit_query = "client_reference_id=theirs"},
         "https://x.com/?dub_client_reference_id=1&client_reference_id=theirs"},
        {{.target = "https://x.com/?dub_client_reference_id=1",
          .click_id = "Yb1",
          .no_track = true},
         "https://x.com/?dub_client_reference_id=1"},
    });
}

TEST(FinalUrl, PassesNoClickIdToVisitorsWhoOptedOut) {
    expect({
        {{.target = "https://x.com/",
          .via_key = "k",
          .click_id = "Yb1",
          .visit_query = "dub-no-track=1&a=1",
          .no_track = true},
         "https://x.com/?via=k&a=1"},
        {{.target = "https://x.com", .click_id = "Yb1", .no_track = true}, "https://x.com"},
    });
}

TEST(FinalUrl, CopiesTheVisitOver) {
    expect({
        {{.target = "https://x.com/", .visit_query = "a=1&b=2"}, "https://x.com/?a=1&b=2"},
        {{.target = "https://x.com/?b=0&c=3", .visit_query = "a=1&b=2"},
         "https://x.com/?b=2&c=3&a=1"},
        {{.target = "https://x.com/?b=0&c=3&b=9", .visit_query = "b=2"}, "https://x.com/?b=2&c=3"},
        {{.target = "https://x.com/?b=0", .visit_query = "b=1&b=2"}, "https://x.com/?b=2"},
        {{.target = "https://x.com/?b=0", .visit_query = "b"}, "https://x.com/?b"},
        {{.target = "https://x.com/?emptyquery", .visit_query = "a"},
         "https://x.com/?emptyquery&a"},
        {{.target = "https://x.com/?a%20b=0", .visit_query = "a+b=%31"}, "https://x.com/?a+b=%31"},
        {{.target = "https://x.com/?A=0", .visit_query = "a=1"}, "https://x.com/?A=0&a=1"},
        {{.target = "https://x.com/", .visit_query = "u=https://y.z/?q=1&e=%C3%BC%zz+%2b"},
         "https://x.com/?u=https://y.z/?q=1&e=%C3%BC%zz+%2b"},
        {{.target = "https://x.com/", .visit_query = "qr=2&qr=1"}, "https://x.com/?qr=2"},
        {{.target = "https://x.com/", .visit_query = "pw=1"}, "https://x.com/?pw=1"},
        {{.target = "https://x.com/", .visit_query = "=1&a=1"}, "https://x.com/?=1&a=1"},
        {{.target = "https://x.com/?qr=1&redir_url=mine", .visit_query = "a=1"},
         "https://x.com/?qr=1&redir_url=mine&a=1"},
        {{.target = "https://x.com/#f", .visit_query = "a=1"}, "https://x.com/?a=1#f"},
    });
}

TEST(FinalUrl, LetsNoVisitorReplaceWhatTheServerSet) {
    expect({
        {{.target = "https://x.com/",
          .via_key = "k",
          .click_id = "Yb1",
          .visit_query = "dub_id=evil&via=evil&dub%5fid=evil&%76ia=evil&a=1"},
         "https://x.com/?via=k&dub_id=Yb1&a=1"},
        {{.target = "https://x.com/?dub_id=", .click_id = "Yb1", .visit_query = "dub_id=evil"},
         "https://x.com/?dub_id=Yb1"},
        {{.target = "https://x.com/", .visit_query = "dub_id=chained&via=k2"},
         "https://x.com/?dub_id=chained&via=k2"},
        {{.target = "https://x.com/",
          .click_id = "Yb1",
          .visit_query = "redir_url=https://evil.com"},
         "https://x.com/?dub_id=Yb1"},
    });
}

TEST(FinalUrl, GivesInstallTargetsWhatTheyAttributeBy) {
    expect({
        {{.target = "https://a.onelink.me/x",
          .click_id = "Yb1",
          .visit_query = "pid=evil&clickid=evil&c=mine",
          .kind = TargetKind::AppsFlyer,
          .key = "k"},
         "https://a.onelink.me/x?dub_id=Yb1&pid=dubinc_int&clickid=Yb1&c=mine&af_siteid=k"},
        {{.target = "https://a.sng.link/x?wpcn={via}&wpcl=%7Bdub_id%7D&w=1",
          .click_id = "Yb1",
          .kind = TargetKind::Singular,
          .key = "k",
          .user_agent = "A B",
          .ip = "192.0.2.1"},
         "https://a.sng.link/x?wpcn=k&wpcl=Yb1&w=1&dub_id=Yb1&cl=Yb1&ua=A%20B&ip=192.0.2.1"},
        {{.target = "https://play.google.com/x?id=a",
          .visit_query = "pw=secret&qr=1&b",
          .has_password = true,
          .kind = TargetKind::PlayStore,
          .short_link = "https://go.example/k"},
         "https://play.google.com/"
         "x?id=a&referrer=deepLink%3Dhttps%253A%252F%252Fgo.example%252Fk%253Fb&b"},
        {{.target = "https://a.onelink.me/x", .no_track = true, .kind = TargetKind::AppsFlyer},
         "https://a.onelink.me/x"},
    });
}

TEST(FinalUrl, KnowsInstallTargetsByTheirHost) {
    struct Host {
        std::string_view url;
        TargetKind expected;
    };
    const Host rows[] = {
        {"https://a.onelink.me/x", TargetKind::AppsFlyer},
        {"https://onelink.me/x", TargetKind::Plain},
        {"https://aonelink.me/x", TargetKind::Plain},
        {"https://b.sng.link/", TargetKind::Singular},
        {"https://play.google.com/store", TargetKind::PlayStore},
        {"https://x.play.google.com/store", TargetKind::Plain},
        {"https://evil.example/?a.onelink.me", TargetKind::Plain},
    };
    for (const auto& row : rows) EXPECT_EQ(target_kind(row.url), row.expected) << row.url;
}

TEST(FinalUrl, LetsNothingOutOfTheQuery) {
    expect({
        {{.target = "https://x.com/", .visit_query = "a=1\r\nSet-Cookie: b=c"},
         "https://x.com/?a=1%0D%0ASet-Cookie:%20b=c"},
        {{.target = "https://x.com/", .visit_query = "a=%0d%0aX:y"}, "https://x.com/?a=%0d%0aX:y"},
        {{.target = "https://x.com/#f", .visit_query = "a=1#evil"}, "https://x.com/?a=1%23evil#f"},
        {{.target = "https://x.com/", .visit_query = "a=<\">\\\x7F\xC3\xBC"},
         "https://x.com/?a=%3C%22%3E%5C%7F%C3%BC"},
        {{.target = "https://x.com", .visit_query = "@evil.com/"}, "https://x.com/?@evil.com/"},
        {{.target = "https://x.com", .visit_query = "//evil.com"}, "https://x.com/?//evil.com"},
        {{.target = "https://x.com", .visit_query = "/../"}, "https://x.com/?/../"},
        {{.target = "https://u:p@x.com", .visit_query = "a=1"}, "https://u:p@x.com/?a=1"},
        {{.target = "https://x.com/\\y", .visit_query = "?a=1"}, "https://x.com/\\y??a=1"},
    });
}

TEST(FinalUrl, TakesABoundedNumberOfVisitParameters) {
    std::string query;
    for (std::size_t i = 0; i < 3 * limits::kQueryParametersMax; ++i) {
        query += "p" + std::to_string(i) + "=1&";
    }
    const auto url = final_url({.target = "https://x.com/", .visit_query = query});
    const auto last = "&p" + std::to_string(limits::kQueryParametersMax - 1) + "=1";
    EXPECT_TRUE(url.ends_with(last)) << url;
}

}  // namespace
}  // namespace hw
