// SPDX-License-Identifier: Apache-2.0
#include "api/stream_events.hpp"

#include <map>

#include "tests/fixture/track_api_test.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class StreamEventsTest : public TrackApiTest {
  protected:
    StreamEventsTest() { restart(options()); }

    static ApiOptions options() {
        return {.public_url = "https://headwater.example", .live = {.poll_ms = 1}};
    }

    // A client: it takes pieces until it has seen enough.
    struct Client {
        std::shared_ptr<BodySource> source;
        std::string text{};
        BodyPiece::End end = BodyPiece::End::No;

        void take_piece() {
            const auto piece = next_piece(*source);
            text += piece.bytes;
            end = piece.end;
        }
        // How often each id came.
        std::map<std::string, int> ids() const {
            std::map<std::string, int> count;
            const std::string mark = "id: ";
            for (auto at = text.find(mark); at != text.npos; at = text.find("\n" + mark, at)) {
                at = text.find(mark, at) + mark.size();
                ++count[text.substr(at, text.find('\n', at) - at)];
            }
            return count;
        }
        bool wait_for_ids(std::size_t count) {
            while (end == BodyPiece::End::No && ids().size() < count) take_piece();
            return ids().size() >= count;
        }
        int most() const {
            int most = 0;
            for (const auto& [id, count] : ids()) most = std::max(most, count);
            return most;
        }
    };
    Client listen(const std::string& query = {}, const Headers& headers = {}) {
        auto answer = begin("/events/stream" + query, headers);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.content_type, "text/event-stream");
        Client client{answer.stream};
        if (client.source) client.take_piece();
        return client;
    }

    Link link = make_link("spring");
};

TEST_P(StreamEventsTest, TellsWhatHappens) {
    make_click(link, 9);
    auto client = listen();
    EXPECT_EQ(client.text, "retry: 1000\n\n") << "what was before is not told";
    auto sales = listen("?event=sales");
    const auto click = make_click(link, 1);
    ASSERT_TRUE(client.wait_for_ids(1));
    lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
    sale({{"customerExternalId", "ann"}, {"amount", 5}, {"metadata", {{"a", "b\nc"}}}});
    env.advance_ms(1'000);
    ASSERT_TRUE(client.wait_for_ids(3));
    const auto listed = [&](const std::string& event) {
        const auto all = json_of(send("GET", "/events?sortOrder=desc&event=" + event));
        return all.as_array().at(0);
    };
    // Each as GET /events tells it.
    std::string_view rest = client.text;
    for (const std::string event : {"click", "lead", "sale"}) {
        rest.remove_prefix(rest.find("id: "));  // a comment may stand before it
        const auto block = rest.substr(0, rest.find("\n\n"));
        rest.remove_prefix(block.size() + 2);
        const auto data = block.find("\ndata: ");
        EXPECT_TRUE(block.substr(0, data).ends_with("\nevent: " + event)) << block;
        EXPECT_EQ(boost::json::parse(block.substr(data + 7)).at("timestamp"),
                  listed(event + "s").at("timestamp"));
        EXPECT_EQ(std::string(boost::json::parse(block.substr(data + 7)).at("event").as_string()),
                  event);
    }
    EXPECT_EQ(client.most(), 1);
    ASSERT_TRUE(sales.wait_for_ids(1));
    EXPECT_NE(sales.text.find("event: sale\n"), std::string::npos);
    EXPECT_EQ(sales.text.find("event: click\n"), std::string::npos);
}

TEST_P(StreamEventsTest, GoesOnWhereAnotherEnded) {
    std::vector<std::string> clicks;
    for (int visitor = 1; visitor <= 5; ++visitor) {
        clicks.push_back(make_click(link, visitor));
        env.advance_ms(60'000);
    }
    lead({{"clickId", clicks[0]}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
    const Headers from{{"Last-Event-ID", clicks[2]}};
    auto client = listen("?lastEventId=" + clicks[0], from);
    ASSERT_TRUE(client.wait_for_ids(4));
    EXPECT_FALSE(client.ids().contains(clicks[1])) << "the header is newer than the address";
    EXPECT_TRUE(client.ids().contains(clicks[2])) << "what overlaps comes again";
    make_click(link, 6);
    ASSERT_TRUE(client.wait_for_ids(5));
    EXPECT_EQ(client.most(), 1);
    auto leads = listen("?event=leads&lastEventId=" + clicks[0]);
    ASSERT_TRUE(leads.wait_for_ids(1));
    EXPECT_EQ(leads.ids().size(), 1U);
}

TEST_P(StreamEventsTest, ABurstArrivesOnceEach) {
    auto client = listen();
    for (int i = 0; i < 5; ++i) make_clicks(link, 1'000);
    ASSERT_TRUE(client.wait_for_ids(5'000));
    EXPECT_EQ(client.ids().size(), 5'000U);
    EXPECT_EQ(client.most(), 1);
}

// What happens while the past is still being read comes once, too.
TEST_P(StreamEventsTest, NothingIsLostBetweenThePastAndTheLive) {
    const auto first = make_click(link, 1);
    make_clicks(link, 2'500);
    auto client = listen("?lastEventId=" + first);
    std::jthread more([&] {
        for (int i = 0; i < 25; ++i) make_clicks(link, 100);
    });
    EXPECT_TRUE(client.wait_for_ids(5'001));
    more.join();
    EXPECT_EQ(client.ids().size(), 5'001U);
    EXPECT_EQ(client.most(), 1);
}

TEST_P(StreamEventsTest, HearsOfEventsOfAnotherNode) {
    if (GetParam() == EngineKind::Sqlite) GTEST_SKIP() << "one process has the file";
    auto client = listen();
    const auto other = open({.url = url});
    for (std::int64_t visitor = 1; visitor <= 20; ++visitor) {
        std::promise<bool> recorded;
        Touch touch;
        touch.workspace_id = workspace_id;
        touch.touch_id = new_click_id(env.now_ms(), env);
        touch.at_ms = env.now_ms();
        touch.link_id = link.link_id;
        touch.visitor = visitor;
        other->record_click(
            touch, [&](Result<RecordedClick> click) { recorded.set_value(click.has_value()); });
        ASSERT_TRUE(recorded.get_future().get());
    }
    EXPECT_TRUE(client.wait_for_ids(20));
    EXPECT_EQ(client.most(), 1);
}

TEST_P(StreamEventsTest, ASlowReaderIsCutOffAndCanGoOn) {
    auto small = options();
    small.live.stream_bytes_max = 64 * 1024;
    restart(small);
    auto slow = listen();
    auto quick = listen();
    const auto first = make_click(link, 1);
    ASSERT_TRUE(quick.wait_for_ids(1));
    make_clicks(link, 200);
    // The quick one is served after the slow one, of which nothing is taken.
    while (quick.end == BodyPiece::End::No) quick.take_piece();
    while (slow.end == BodyPiece::End::No) slow.take_piece();
    EXPECT_EQ(slow.end, BodyPiece::End::Broken);
    EXPECT_LT(slow.ids().size(), 201U);
    EXPECT_GE(slow.ids().size(), 1U);
    auto again = listen("?lastEventId=" + first);
    ASSERT_TRUE(again.wait_for_ids(201));
    EXPECT_EQ(again.most(), 1);
}

TEST_P(StreamEventsTest, EndsWithTheServer) {
    auto quiet = listen();
    auto replaying = listen("?lastEventId=" + make_click(link, 1));
    for (auto* client : {&quiet, &replaying}) {
        client->source->finish();
        while (client->end == BodyPiece::End::No) client->take_piece();
        EXPECT_EQ(client->end, BodyPiece::End::Complete);
    }
}

TEST_P(StreamEventsTest, Refusals) {
    auto few = options();
    few.live.streams_of_workspace_max = 1;
    restart(few);
    const struct {
        std::string query;
        std::string expected;
    } rows[] = {
        {"?event=composite",
         "422 invalid_value: event: Invalid option: expected one of "
         "\"clicks\"|\"leads\"|\"sales\""},
        {"?lastEventId=cus_1",
         "422 invalid_format: lastEventId: Invalid input: expected the id of an event of this "
         "stream, received \"cus_1\""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("GET", "/events/stream" + row.query)), row.expected);
    }
    {
        const auto client = listen();
        EXPECT_EQ(outcome(send("GET", "/events/stream")),
                  "429 This workspace has 1 live streams open on this server, the most that it may "
                  "have. Close one of them first.");
    }
    EXPECT_TRUE(wait_for([&] { return begin("/events/stream").status == 200; }))
        << "its place is free again";
    api_key = make_api_key("links.read");
    EXPECT_EQ(send("GET", "/events/stream").status, 403);
}

HW_ON_BOTH_ENGINES(StreamEventsTest);

}  // namespace
}  // namespace hw
