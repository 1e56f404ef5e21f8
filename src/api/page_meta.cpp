// SPDX-License-Identifier: Apache-2.0
#include "api/page_meta.hpp"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

std::string_view view_of(const xmlChar* text) {
    return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

// What the parser has met. It calls back with one of these as its context.
struct Reading {
    htmlParserCtxtPtr parser = nullptr;
    std::map<std::string, std::string, std::less<>> metas{};  // the first of each name
    std::string title{};
    std::string base{};
    std::string image_link{};
    int depth = 0;
    bool in_title = false;
    bool has_title = false;

    void open(std::string_view name, const xmlChar** attributes);
    void close(std::string_view name);
    void text(std::string_view text);
};

std::string_view attribute(const xmlChar** attributes, std::string_view name) {
    for (const auto* at = attributes; at != nullptr && at[0] != nullptr; at += 2) {
        if (view_of(at[0]) == name) return view_of(at[1]);
    }
    return {};
}

void Reading::open(std::string_view name, const xmlChar** attributes) {
    // The parser walks what is open for every tag that closes something.
    if (++depth > limits::kMetaPageDepthMax) xmlStopParser(parser);
    if (name == "title") {
        in_title = !has_title;
        has_title = true;
    } else if (name == "meta") {
        auto key = attribute(attributes, "property");
        if (key.empty()) key = attribute(attributes, "name");
        const auto content = attribute(attributes, "content");
        if (!key.empty() && !content.empty()) metas.try_emplace(ascii_lower(key), content);
    } else if (name == "link") {
        const bool shows = equal_no_case(attribute(attributes, "rel"), "image_src");
        if (shows && image_link.empty()) image_link = attribute(attributes, "href");
    } else if (name == "base" && base.empty()) {
        base = attribute(attributes, "href");
    }
}

void Reading::close(std::string_view name) {
    --depth;
    if (name == "title") in_title = false;
}

void Reading::text(std::string_view text) {
    if (in_title && title.size() < limits::kMetaTextBytesMax) title += text;
}

xmlSAXHandler callbacks() {
    xmlSAXHandler sax{};
    sax.startElement = [](void* context, const xmlChar* name, const xmlChar** attributes) {
        static_cast<Reading*>(context)->open(view_of(name), attributes);
    };
    sax.endElement = [](void* context, const xmlChar* name) {
        static_cast<Reading*>(context)->close(view_of(name));
    };
    sax.characters = [](void* context, const xmlChar* text, int size) {
        static_cast<Reading*>(context)->text(
            {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
    };
    return sax;
}

// The parser compares each attribute of a tag with those before it, so a tag of a million would
// take minutes. Such a text is cut where the tag begins.
std::string_view without_long_tags(std::string_view html) {
    std::size_t begin = 0;
    std::size_t marks = 0;
    bool in_tag = false;
    for (std::size_t i = 0; i < html.size(); ++i) {
        const char c = html[i];
        if (c == '<' && !in_tag) {
            begin = i;
            marks = 0;
            in_tag = true;
        }
        if (c == '>') in_tag = false;
        const bool separates = kBlanks.contains(c) || c == '/' || c == '"' || c == '\'';
        if (in_tag && separates && ++marks > limits::kMetaTagMarksMax) return html.substr(0, begin);
    }
    return html;
}

std::string charset_of(std::string_view content_type) {
    const auto lower = ascii_lower(content_type);
    constexpr std::string_view kName = "charset=";
    const auto at = lower.find(kName);
    if (at == lower.npos) return {};
    auto charset = lower.substr(at + kName.size());
    charset.erase(std::min(charset.find_first_of("; \t"), charset.size()));
    std::erase(charset, '"');
    return charset;
}

// What the server says; else UTF-8 where the bytes are that; else what the page says.
void set_charset(htmlParserCtxtPtr parser, const FetchedPage& page) {
    const auto charset = charset_of(page.content_type);
    auto* encoding = charset.empty() ? nullptr : xmlFindCharEncodingHandler(charset.c_str());
    if (encoding == nullptr && is_valid_utf8(page.body)) {
        encoding = xmlFindCharEncodingHandler("UTF-8");
    }
    if (encoding == nullptr) return;
    htmlCtxtUseOptions(parser, HTML_PARSE_IGNORE_ENC);
    xmlSwitchToEncoding(parser, encoding);
}

void ignore_complaint(void*, const char*, ...) {}

void parse(std::string_view html, const FetchedPage& page, Reading& reading) {
    static std::once_flag once;
    std::call_once(once, xmlInitParser);
    xmlSetGenericErrorFunc(nullptr, &ignore_complaint);  // of this thread
    const auto free_parser = [](htmlParserCtxtPtr parser) { htmlFreeParserCtxt(parser); };
    const std::unique_ptr<htmlParserCtxt, decltype(free_parser)> parser(
        htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())), free_parser);
    if (parser == nullptr) return;
    reading.parser = parser.get();
    htmlCtxtUseOptions(parser.get(), HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    *parser->sax = callbacks();
    parser->userData = &reading;
    set_charset(parser.get(), page);
    htmlParseDocument(parser.get());
}

// Runs of blanks are one, as a browser shows them.
std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (kBlanks.contains(c)) {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else if (c != '\0') {
            out += c;
        }
    }
    if (out.ends_with(' ')) out.pop_back();
    out = valid_utf8(utf8_prefix(out, limits::kMetaTextBytesMax));
    return out;
}

std::string first_of(const Reading& reading, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        const auto found = reading.metas.find(name);
        if (found == reading.metas.end()) continue;
        auto text = shown(found->second);
        if (!text.empty()) return text;
    }
    return {};
}

bool is_html(std::string_view content_type) {
    const auto type = ascii_lower(content_type.substr(0, content_type.find_first_of("; \t")));
    return type.empty() || type == "text/html" || type == "application/xhtml+xml";
}

}  // namespace

PageMeta read_page_meta(const FetchedPage& page) {
    const auto html =
        without_long_tags(std::string_view(page.body).substr(0, limits::kMetaPageBytesMax));
    if (html.empty() || !is_html(page.content_type)) return {};
    Reading reading;
    parse(html, page, reading);
    PageMeta meta;
    meta.title = first_of(reading, {"og:title", "twitter:title"});
    if (meta.title.empty()) meta.title = shown(reading.title);
    meta.description = first_of(reading, {"og:description", "twitter:description", "description"});
    auto image = first_of(reading, {"og:image", "og:image:url", "twitter:image"});
    if (image.empty()) image = shown(reading.image_link);
    if (image.empty()) return meta;
    const auto base = resolve_url(page.url, reading.base).value_or(page.url);
    meta.image = resolve_url(base, image).value_or("");
    return meta;
}

}  // namespace hw
