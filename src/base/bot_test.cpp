// SPDX-License-Identifier: Apache-2.0
#include "base/bot.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>

#include "base/limits.hpp"

namespace hw {
namespace {

TEST(IsBot, KnowsPrograms) {
    const std::string_view rows[] = {
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
        "+http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
        "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
        "Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
        "Twitterbot/1.0",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "TelegramBot (like TwitterBot)",
        "WhatsApp/2.23.20.0",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0",
        "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "Mozilla/5.0 (compatible; PerplexityBot/1.0)",
        "CCBot/2.0 (https://commoncrawl.org/faq/)",
        "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "HeadlessChrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0 "
        "Safari/537.36 Chrome-Lighthouse",
        "curl/8.5.0",
        "Wget/1.21.4",
        "python-requests/2.31.0",
        "Python/3.11 aiohttp/3.9.1",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Java/17.0.9",
        "Apache-HttpClient/4.5.14 (Java/17.0.9)",
        "axios/1.6.7",
        "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
        "undici",
        "GuzzleHttp/7",
        "Ruby",
        "PostmanRuntime/7.36.1",
        "libwww-perl/6.67",
        "Scrapy/2.11.0 (+https://scrapy.org)",
        "ia_archiver",
        "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
        "Google-Read-Aloud",
        "Mediapartners-Google",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers)",
        "kube-probe/1.28",
        "NEWRELICPINGER/1.0",
    };
    for (const auto text : rows) EXPECT_TRUE(is_bot(text)) << text;
}

TEST(IsBot, LeavesPeopleAlone) {
    const std::string_view rows[] = {
        "",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 Instagram 334.0.4.32.98 (iPhone14,5; iOS 17_5; en_US; scale=3.00)",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A; wv) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36 Instagram 334.0 Android (34/14; "
        "420dpi; 1080x2205; Google/google; Pixel 8; shiba; shiba; en_US)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/466.0.0;FBDV/iPhone14,5;FBLC/en_US;FBOP/5]",
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19 Build/PPR1) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) GSA/320.0.6 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/112.0 Mobile Safari/537.36 [Pinterest/Android]",
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0 "
        "Mobile Safari/537.36 baiduboxapp/13.40",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0 "
        "YaBrowser/24.4.0 Yowser/2.5 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.38 "
        "Chrome/124.0 Electron/30.0 Safari/537.36",
        "Mozilla/5.0 (Linux; U; Android 4.1.1; ko-kr) AppleWebKit/534.30 (KHTML, like Gecko) "
        "Version/4.0 Safari/534.30 NAVER(inapp; search; 200; 4.0.1)",
        "LG-A155/V100 Obigo/Q05A MMS/LG-MMS-V1.0/1.2 Java/ASVM/1.1 Profile/MIDP-2.1",
        "Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20100101 Thunderbird/24.2.0 Lightning/2.6",
    };
    for (const auto text : rows) EXPECT_FALSE(is_bot(text)) << text;
}

TEST(IsBot, ReadsUpToTheLimit) {
    const std::string padding(limits::kUserAgentBytesMax, ' ');
    EXPECT_FALSE(is_bot(padding + "googlebot"));
    EXPECT_TRUE(is_bot(padding.substr(9) + "googlebot"));
}

// uap-core says of 16,000 devices whether they are spiders.
TEST(IsBot, AgreesWithTheDevicesOfUapCore) {
    const std::string file = "/usr/share/uap-core/tests/test_device.yaml";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "no uap-core";
    std::size_t spiders = 0, missed = 0, others = 0, flagged = 0;
    const auto cases = YAML::LoadFile(file)["test_cases"];
    for (const auto& each : cases) {
        const auto text = each["user_agent_string"].as<std::string>();
        // The messenger itself fetches previews under this name.
        if (text.starts_with("WhatsApp/")) continue;
        const bool spider = each["family"].as<std::string>() == "Spider";
        const bool bot = is_bot(text);
        ++(spider ? spiders : others);
        if (spider && !bot) ++missed;
        if (!spider && bot) ++flagged;
    }
    EXPECT_GT(spiders, 50U);
    EXPECT_EQ(missed, 0U);
    EXPECT_LE(flagged * 1'000, others) << flagged << " of " << others;
}

}  // namespace
}  // namespace hw
