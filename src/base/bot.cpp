// SPDX-License-Identifier: Apache-2.0
#include "base/bot.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/literal_set.hpp"

namespace hw {
namespace {

// Words of people's browsers that contain a sign of a bot. They are taken out first.
constexpr std::array<std::string_view, 4> kInnocent = {
    "cubot",          // a maker of phones
    "google/google",  // the device in Instagram on a Pixel phone
    "libwww-fm",      // Lynx
    "naver(inapp",
};

// In lower case, separated by '|'. Each is specific enough to stand anywhere in the text; a word
// that apps and devices use too ("preview", "scanner", "reader") is not.
constexpr std::string_view kSigns =
    // What programs call themselves
    "bot|crawl|spider|scrape|scrapy|slurp|archiver|archive.org|archive-it|internetarchive|"
    "fetcher|fetch/|linkcheck|link check|checklink|link-check|url check|urlcheck|site check|"
    "sitecheck|-checker|checker/|monitoring|monitor/|-monitor|uptime|pinger|probe/|-probe|"
    "validator|http://|https://|headless|indexer|harvest|extractor|grabber|downloader|"
    "wsr-agent|thumbnail|preview service|linkpreview|link preview|url preview|urlpreview|"
    "url-preview|web preview|bingpreview|pagepeeker|zooshot|screenshot|"
    // HTTP libraries and tools
    "curl/|libcurl|wget|python|urllib|requests/|aiohttp|httpx|libwww|lwp-|lwp::|perl/|okhttp|"
    "go-http|go http|axios|node-fetch|undici|node.js|got (|superagent|guzzle|php/|pycurl|"
    "ruby/|faraday|http.rb|httparty|typhoeus|mechanize|httpclient|http_client|httpunit|"
    "httpie|http_request|reqwest|restsharp|winhttp|unirest|dart:io|postman|insomnia/|newman/|"
    "jmeter|k6/|gatling|apachebench|deno/|powershell|jakarta|"
    // Driven browsers
    "phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/|casperjs|jsdom|"
    "htmlunit|lighthouse|pagespeed|page speed|"
    // Link previews of messengers and networks
    "facebookexternal|facebookcatalog|meta-external|whatsapp/|skypeuri|embedly|iframely|"
    "vkshare|tumblr/14|slack-img|pinterest/0|bluesky|mastodon/|pleroma|misskey|akkoma|"
    "thirdlandingpage|flipboardproxy|"
    // Google, Microsoft and others whose agents are not called bots
    "google favicon|googleother|googleproducer|mediapartners|apis-google|duplexweb|"
    "developers.google|ggpht.com|microsoft office existence|microsoft bits|ms search|"
    "yahoo pipes|yahooseeker|yahoocache|yahoomailproxy|y!j-|google-read|google-inspection|"
    "google-structured|google-site|google-adwords|google-http|google-cloud|google-extended|"
    "google-safety|google-pagerenderer|gomezagent|"
    // Language models
    "chatgpt|openai|claude-|anthropic|perplexity|cohere-|timpi|diffbot|omgili|webzio|tavily|"
    // Search engines, archives, mirrors, SEO
    "baiduspider|sogou web|teoma|wayback|heritrix|nutch|httrack|webcopier|offline explorer|"
    "webzip|webreaper|webstripper|webwhacker|teleport pro|sitesucker|wpull|ahrefs|semrush|"
    "serpstat|screaming frog|sitebulb|dataprovider|builtwith|wappalyzer|netcraft|siteimprove|"
    "seokicks|oncrawl|yeti/|daumoa|gigablast|larbin|grub-client|stackrambler|zyborg|scooter|"
    "ask jeeves|turnitin|ichiro|datanyze|wotbox|panscient|qwantify|xenu|w3c_|w3c-|jigsaw/|"
    "cse html|powermapper|trendiction|htdig|altavista|ogscrper|"
    // Monitors and speed tests
    "pingdom|statuscake|site24x7|upptime|hyperping|gtmetrix|webpagetest|ptst/|newrelic|"
    "datadog|checkly|nagios|check_http|zabbix|monit/|catchpoint|speedcurve|dareboost|"
    "ghostinspector|ruxit|dynatrace|internetseer|host-tracker|better stack|cloudflare-|"
    "amazon-route53|elb-health|prometheus|consul health|blackbox exporter|"
    // Scanners
    "nikto|sqlmap|nmap|masscan|zgrab|censys|shodan|qualys|acunetix|nessus|openvas|wpscan|"
    "dirbuster|gobuster|nuclei|l9explore|l9tcpid|internetmeasurement|netsystemsresearch|"
    "onyphe|leakix|virustotal|urlscan|sucuri|detectify|whatweb|tlsprober|"
    // Feeds and mail
    "feedly|feedburner|feedbin|feedparser|feedvalid|newsblur|inoreader|tiny tiny|netvibes|"
    "bloglines|bazqux|theoldreader|magpie|simplepie|universalfeed|liferea|netnewswire|"
    "sharpreader|newsgator|akregator|rssowl|rssbandit|rss reader|rssreader|barracuda|"
    "proofpoint|mimecast|safelinks|"
    // Single programs
    "wordpress/|drupal|joomla|zapier|ifttt|integromat|pipedream|brandwatch|emailsiphon|"
    "emailcollector|emailwolf|jetpack by";

// Names that mean a program only where they begin the text: "Java/1.8" is a library, phones write
// "... Java/HWJa/1.0 ...".
constexpr std::array<std::string_view, 9> kFirstWords = {
    "java/", "ruby", "perl", "apache-", "jnlp/", "ning/", "holmes/", "voyager/", "www."};

std::vector<std::string> signs() {
    std::vector<std::string> all;
    for (auto rest = kSigns; !rest.empty();) {
        const auto end = std::min(rest.find('|'), rest.size());
        all.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return all;
}

bool has_sign(std::string_view lower) {
    static const LiteralSet set(signs());
    return set.contains_any(lower);
}

}  // namespace

bool is_bot(std::string_view user_agent) {
    auto text = ascii_lower(user_agent.substr(0, limits::kUserAgentBytesMax));
    const auto begins = [&](std::string_view word) { return text.starts_with(word); };
    if (std::ranges::any_of(kFirstWords, begins)) return true;
    if (!has_sign(text)) return false;
    for (const auto word : kInnocent) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
            text.erase(at, word.size());
        }
    }
    return has_sign(text);
}

}  // namespace hw
