// SPDX-License-Identifier: Apache-2.0
// Where one message ends and the next begins: every row is sent whole and byte by byte, followed by
// a probe request. The expectation names every answer, and ends in "open" when the probe was read
// as a request of its own. What a row smuggles would show as one more answer.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/echo_server.hpp"

namespace hw {
namespace {

using std::string_literals::operator""s;

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n";
const std::string kPost = "POST / HTTP/1.1\r\nHost: a\r\n";
const std::string kChunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";
const std::string kProbe = "GET /probe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

struct FramingRow {
    std::string name;
    std::string bytes;
    std::string expected;
};

void PrintTo(const FramingRow& row, std::ostream* out) {
    *out << testing::PrintToString(row.bytes);
}

std::vector<FramingRow> request_line_rows() {
    return {
        {"Plain", kGet + "\r\n", "200 GET / | open"},
        {"Query", "GET /a?b=c&d HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /a?b=c&d | open"},
        {"EmptyQuery", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /a | open"},
        {"TwoQuestionMarks", "GET /a?b?c HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /a?b?c | open"},
        {"DoubleSlash", "GET //a HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET //a | open"},
        {"DotSegmentsStayRaw", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /a/../b | open"},
        {"EncodedNewlineStaysRaw", "GET /a%0d%0ab HTTP/1.1\r\nHost: a\r\n\r\n",
         "200 GET /a%0d%0ab | open"},
        {"RawUtf8", "GET /\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /\xC3\xA9 | open"},
        {"Put", "PUT / HTTP/1.1\r\nHost: a\r\n\r\n", "200 PUT / | open"},
        {"Patch", "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n", "200 PATCH / | open"},
        {"Delete", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", "200 DELETE / | open"},
        {"Options", "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", "200 OPTIONS / | open"},
        {"OneEmptyLineBefore", "\r\n" + kGet + "\r\n", "200 GET / | open"},
        {"TwoEmptyLinesBefore", "\r\n\r\n" + kGet + "\r\n", "400"},
        {"BareLfBefore", "\n" + kGet + "\r\n", "400"},
        {"CrWithoutLfBefore", "\rX" + kGet + "\r\n", "400"},
        {"SpaceBefore", " " + kGet + "\r\n", "400"},
        {"NulBefore", "\0"s + kGet + "\r\n", "400"},
        {"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"s, "400"},
        {"LowerCaseMethod", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"MixedCaseMethod", "Get / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"UnknownMethod", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"ShortUnknownMethod", "X / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"OverlongMethod", "ABCDEFGHIJKLMNOPQRST / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"MethodWithSeparator", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"MethodWithNul", "GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n"s, "400"},
        {"Connect", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"ConnectWithSlash", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"Trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"AbsoluteForm", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"AbsoluteFormOtherHost", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"AuthorityForm", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"AsteriskForm", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"RelativeTarget", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"QueryOnlyTarget", "GET ?a HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"BackslashTarget", "GET \\a HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"Fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"TabInTarget", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"NulInTarget", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"s, "400"},
        {"DelInTarget", "GET /a\x7F HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"BareCrInTarget", "GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"VerticalTabInTarget", "GET /a\x0B HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"NoTarget", "GET HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"EmptyTarget", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"TwoSpacesAfterMethod", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"TwoSpacesBeforeVersion", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"TabForSpace", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"SpaceAfterVersion", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "400"},
    };
}

std::vector<FramingRow> version_rows() {
    return {
        {"Http09", "GET /\r\n\r\n", "400"},
        {"Http20", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
        {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
        {"Http12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "505"},
        {"Http11WithTwoDigits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", "400"},
        {"Http1WithLeadingZero", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", "400"},
        {"LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n", "400"},
        {"OtherProtocol", "GET / HTTQ/1.1\r\nHost: a\r\n\r\n", "400"},
        {"VersionWithoutMinor", "GET / HTTP/1\r\nHost: a\r\n\r\n", "400"},
        {"VersionWithComma", "GET / HTTP/1,1\r\nHost: a\r\n\r\n", "400"},
        {"RequestLineEndsInLf", "GET / HTTP/1.1\nHost: a\r\n\r\n", "400"},
        {"RequestLineEndsInCrCrLf", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "400"},
        {"Http10", "GET / HTTP/1.0\r\n\r\n", "200 GET /"},
        {"Http10KeepAlive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 GET / | open"},
        {"Http10KeepAliveAndClose", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
         "200 GET /"},
        {"Http10BadHost", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "400"},
    };
}

std::vector<FramingRow> header_rows() {
    return {
        {"NoHost", "GET / HTTP/1.1\r\n\r\n", "400"},
        {"EmptyHost", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "400"},
        {"BlankHost", "GET / HTTP/1.1\r\nHost: \t \r\n\r\n", "400"},
        {"TwoHosts", kGet + "Host: b\r\n\r\n", "400"},
        {"TwoEqualHosts", kGet + "Host: a\r\n\r\n", "400"},
        {"TwoHostsInOtherCase", kGet + "hOST: a\r\n\r\n", "400"},
        {"HostList", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "400"},
        {"HostWithPath", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
        {"HostWithUser", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400"},
        {"HostWithScheme", "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n", "400"},
        {"HostWithBadPort", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", "400"},
        {"HostWithLongPort", "GET / HTTP/1.1\r\nHost: a:808080\r\n\r\n", "400"},
        {"HostOpenBracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "400"},
        {"HostWithPort", "GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n", "200 GET / | open"},
        {"HostIpv6", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "200 GET / | open"},
        {"HostWithoutSpace", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", "200 GET / | open"},
        {"SpaceBeforeColon", kGet + "X : y\r\n\r\n", "400"},
        {"TabBeforeColon", kGet + "X\t: y\r\n\r\n", "400"},
        {"SpaceBeforeColonOfLength", kPost + "Content-Length : 5\r\n\r\nhello", "400"},
        {"SpaceBeforeColonOfHost", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400"},
        {"SpaceBeforeName", kGet + " X: y\r\n\r\n", "400"},
        {"SpaceBeforeFirstName", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400"},
        {"EmptyName", kGet + ": y\r\n\r\n", "400"},
        {"NoColon", kGet + "X\r\n\r\n", "400"},
        {"NameWithSeparator", kGet + "X(y): z\r\n\r\n", "400"},
        {"NameWithNul", kGet + "X\0Y: z\r\n\r\n"s, "400"},
        {"NameWithCr", kGet + "X\rY: z\r\n\r\n", "400"},
        {"NameWithHighByte", kGet + "X\xC3\xA9: z\r\n\r\n", "400"},
        {"ValueWithNul", kGet + "X: a\0b\r\n\r\n"s, "400"},
        {"ValueWithBareCr", kGet + "X: a\rb\r\n\r\n", "400"},
        {"ValueWithBareLf", kGet + "X: a\nY: b\r\n\r\n", "400"},
        {"ValueEndsInCrCr", kGet + "X: a\r\r\n\r\n", "400"},
        {"ValueWithDel", kGet + "X: a\x7F\r\n\r\n", "400"},
        {"ValueWithEscape", kGet + "X: a\x1B[0m\r\n\r\n", "400"},
        {"LongValueWithNul", kGet + "X: 0123456789\0 0123456789\r\n\r\n"s, "400"},
        {"ValueWithTab", kGet + "X: a\tb\r\n\r\n", "200 GET / | open"},
        {"ValueWithHighBytes", kGet + "X: \xC3\xA9\xFF\r\n\r\n", "200 GET / | open"},
        {"EmptyValue", kGet + "X:\r\n\r\n", "200 GET / | open"},
        {"BlankAroundValue", kGet + "X: \t y \t\r\n\r\n", "200 GET / | open"},
        {"ObsFoldWithSpace", kGet + "X: a\r\n b\r\n\r\n", "400"},
        {"ObsFoldWithTab", kGet + "X: a\r\n\tb\r\n\r\n", "400"},
        {"ObsFoldOfEmptyValue", kGet + "X:\r\n a\r\n\r\n", "400"},
        {"ObsFoldOnly", kGet + "X: a\r\n \r\n\r\n", "400"},
        {"ObsFoldOfEncoding", kPost + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "400"},
        {"HeadEndsInLfLf", "GET / HTTP/1.1\r\nHost: a\n\n", "400"},
        {"HeadEndsInCrLfLf", kGet + "\n", "400"},
        {"HeadEndsInLfCrLf", "GET / HTTP/1.1\r\nHost: a\n\r\n", "400"},
        {"ConnectionClose", kGet + "Connection: close\r\n\r\n", "200 GET /"},
        {"ConnectionCloseInList", kGet + "Connection: x, CLOSE\r\n\r\n", "200 GET /"},
        {"ConnectionCloseInSecond", kGet + "Connection: x\r\nConnection: close\r\n\r\n",
         "200 GET /"},
        {"ConnectionOther", kGet + "Connection: closed\r\n\r\n", "200 GET / | open"},
        {"ConnectionNotAList", kGet + "Connection: cl?se me\r\n\r\n", "400"},
        {"UpgradeIsIgnored", kGet + "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n",
         "200 GET / | open"},
        {"ExpectOther", kGet + "Expect: 200-ok\r\n\r\n", "417"},
        {"ExpectTwice", kGet + "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n", "400"},
        {"ExpectWithoutBody", kGet + "Expect: 100-continue\r\n\r\n", "200 GET / | open"},
        {"PipelinedAfterRefusal", "BAD\r\n\r\n" + kSmuggled, "400"},
        {"Pipelined", kGet + "\r\n" + kGet + "\r\n", "200 GET / | 200 GET / | open"},
        {"PipelinedBeforeRefusal", kGet + "\r\nBAD\r\n\r\n", "200 GET / | 400"},
    };
}

std::vector<FramingRow> length_rows() {
    return {
        {"Length", kPost + "Content-Length: 5\r\n\r\nhello", "200 POST / [hello] | open"},
        {"LengthZero", kPost + "Content-Length: 0\r\n\r\n", "200 POST / | open"},
        {"LengthWithLeadingZeros", kPost + "Content-Length: 005\r\n\r\nhello",
         "200 POST / [hello] | open"},
        {"LengthOfGet", kGet + "Content-Length: 5\r\n\r\nhello", "200 GET / [hello] | open"},
        {"LengthCoversRequest",
         kPost + "Content-Length: " + std::to_string(kSmuggled.size()) + "\r\n\r\n" + kSmuggled,
         "200 POST / [" + kSmuggled + "] | open"},
        {"NoLengthMeansNoBody", kPost + "\r\n", "200 POST / | open"},
        {"LineEndAfterBody", kPost + "Content-Length: 5\r\n\r\nhello\r\n",
         "200 POST / [hello] | open"},
        {"TwoLengths", kPost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "400"},
        {"TwoEqualLengths", kPost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "400"},
        {"LengthList", kPost + "Content-Length: 5, 5\r\n\r\nhello", "400"},
        {"LengthPlus", kPost + "Content-Length: +5\r\n\r\nhello", "400"},
        {"LengthMinus", kPost + "Content-Length: -5\r\n\r\nhello", "400"},
        {"LengthMinusZero", kPost + "Content-Length: -0\r\n\r\n", "400"},
        {"LengthHex", kPost + "Content-Length: 0x5\r\n\r\nhello", "400"},
        {"LengthFraction", kPost + "Content-Length: 5.0\r\n\r\nhello", "400"},
        {"LengthWithUnit", kPost + "Content-Length: 5b\r\n\r\nhello", "400"},
        {"LengthWithInnerSpace", kPost + "Content-Length: 5 5\r\n\r\nhello", "400"},
        {"LengthEmpty", kPost + "Content-Length:\r\n\r\nhello", "400"},
        {"LengthQuoted", kPost + "Content-Length: \"5\"\r\n\r\nhello", "400"},
        {"LengthFullWidthDigit", kPost + "Content-Length: \xEF\xBC\x95\r\n\r\nhello", "400"},
        {"LengthOverflow", kPost + "Content-Length: 18446744073709551621\r\n\r\nhello", "413"},
        {"LengthHuge", kPost + "Content-Length: 99999999999999999999999999\r\n\r\nhello", "413"},
        {"LengthAndChunked",
         kPost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"ChunkedAndLength",
         kPost + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "400"},
        {"LengthZeroAndChunked",
         kPost + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"LengthAndIdentity",
         kPost + "Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nhello", "400"},
        {"TwoEncodings",
         kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"EncodingAndIdentityLine",
         kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
         "400"},
        {"EncodingIdentity", kPost + "Transfer-Encoding: identity\r\n\r\n", "400"},
        {"EncodingEmpty", kPost + "Transfer-Encoding:\r\n\r\n", "400"},
        {"EncodingUnknown", kPost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400"},
        {"EncodingQuoted", kPost + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", "400"},
        {"EncodingWithParameter", kPost + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", "400"},
        {"EncodingGzip", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
        {"EncodingChunkedGzip", kPost + "Transfer-Encoding: chunked, gzip\r\n\r\n", "400"},
        {"EncodingWithVerticalTab",
         kPost + "Transfer-Encoding: \x0B"
                 "chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"EncodingInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"EncodingInOtherCase", kPost + "tRANSFER-eNCODING: ChUnKeD\r\n\r\n0\r\n\r\n",
         "200 POST / | open"},
        {"EncodingWithUnderscore", kPost + "Transfer_Encoding: chunked\r\n\r\n",
         "200 POST / | open"},
    };
}

std::vector<FramingRow> chunk_rows() {
    return {
        {"Chunk", kChunked + "5\r\nhello\r\n0\r\n\r\n", "200 POST / [hello] | open"},
        {"TwoChunks", kChunked + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "200 POST / [hello] | open"},
        {"NoChunk", kChunked + "0\r\n\r\n", "200 POST / | open"},
        {"ManyZeros", kChunked + "0000\r\n\r\n", "200 POST / | open"},
        {"UpperHex", kChunked + "A\r\n0123456789\r\n0\r\n\r\n", "200 POST / [0123456789] | open"},
        {"LowerHex", kChunked + "a\r\n0123456789\r\n0\r\n\r\n", "200 POST / [0123456789] | open"},
        {"LeadingZero", kChunked + "05\r\nhello\r\n0\r\n\r\n", "200 POST / [hello] | open"},
        {"Extension", kChunked + "5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n",
         "200 POST / [hello] | open"},
        {"Trailer", kChunked + "5\r\nhello\r\n0\r\nX: y\r\n\r\n", "200 POST / [hello] | open"},
        {"TrailerLengthIsDropped", kChunked + "0\r\nContent-Length: 50\r\n\r\n",
         "200 POST / | open"},
        {"TrailerEncodingIsDropped", kChunked + "0\r\nTransfer-Encoding: chunked\r\n\r\n",
         "200 POST / | open"},
        {"ChunkCoversRequest", kChunked + "24\r\n" + kSmuggled + "x\r\n0\r\n\r\n",
         "200 POST / [" + kSmuggled + "x] | open"},
        {"SizeEmpty", kChunked + "\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeNotHex", kChunked + "g\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeWithPrefix", kChunked + "0x5\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizePlus", kChunked + "+5\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeMinus", kChunked + "-5\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeWithUnderscore", kChunked + "1_0\r\n0123456789abcdef\r\n0\r\n\r\n", "400"},
        {"SizeSpaceBefore", kChunked + " 5\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeSpaceAfter", kChunked + "5 \r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeTabAfter", kChunked + "5\t\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeSpaceBeforeExtension", kChunked + "5 ;a\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeEndsInLf", kChunked + "5\nhello\r\n0\r\n\r\n", "400"},
        {"SizeEndsInCr", kChunked + "5\rhello\r\n0\r\n\r\n", "400"},
        {"SizeEndsInCrCrLf", kChunked + "5\r\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeWithNul", kChunked + "5\0\r\nhello\r\n0\r\n\r\n"s, "400"},
        {"ExtensionWithNul", kChunked + "5;a\0b\r\nhello\r\n0\r\n\r\n"s, "400"},
        {"ExtensionWithLf", kChunked + "5;a\nhello\r\n0\r\n\r\n", "400"},
        {"ExtensionWithCr", kChunked + "5;a\rb\r\nhello\r\n0\r\n\r\n", "400"},
        {"SizeOverflow", kChunked + "10000000000000005\r\nhello\r\n0\r\n\r\n", "413"},
        {"SizeHuge", kChunked + "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n", "413"},
        {"SizeAboveLimit", kChunked + "100001\r\nhello", "413"},
        {"DataTooLong", kChunked + "4\r\nhello\r\n0\r\n\r\n", "400"},
        {"DataTooShort", kChunked + "6\r\nhello\r\n0\r\n\r\n", "400"},
        {"DataEndsInLf", kChunked + "5\r\nhello\n0\r\n\r\n", "400"},
        {"DataEndsInCr", kChunked + "5\r\nhello\rX0\r\n\r\n", "400"},
        {"DataEndsInCrAndJunk", kChunked + "5\r\nhello\rX\r\n0\r\n\r\n", "400"},
        {"DataEndsInTwoLines", kChunked + "5\r\nhello\r\n\r\n0\r\n\r\n", "400"},
        {"JunkAfterLastChunk", kChunked + "0\r\njunk\r\n\r\n", "400"},
        {"LastChunkEndsInLf", kChunked + "0\n\r\n", "400"},
        {"LastLineEndsInLf", kChunked + "0\r\n\n", "400"},
        {"TrailerFolded", kChunked + "0\r\nX: a\r\n b\r\n\r\n", "400"},
        {"TrailerSpaceBeforeColon", kChunked + "0\r\nX : a\r\n\r\n", "400"},
        {"TrailerEndsInLf", kChunked + "0\r\nX: a\n\r\n", "400"},
        {"RequestAfterLastChunk", kChunked + "0\r\n\r\n" + kSmuggled,
         "200 POST / | 200 GET /smuggled | open"},
    };
}

// "200 GET / | 400", and "open" for the answer to the probe.
std::string summary(std::string bytes) {
    std::string text;
    while (const auto answer = take_answer(bytes)) {
        if (!text.empty()) text += " | ";
        if (answer->body == "GET /probe") {
            text += "open";
        } else if (answer->status == 200) {
            text += "200 " + answer->body;
        } else {
            text += std::to_string(answer->status);
        }
    }
    return bytes.empty() ? text : text + " and \"" + bytes + "\"";
}

class Framing : public testing::TestWithParam<FramingRow> {
  protected:
    static void SetUpTestSuite() { server_ = new RunningServer; }
    static void TearDownTestSuite() { delete std::exchange(server_, nullptr); }

    static std::string answers(std::size_t piece) {
        auto client = server_->client();
        client.send_in_pieces(GetParam().bytes + kProbe, piece);
        const auto bytes = client.until_closed();
        if (!bytes.has_value()) return "connection left open";
        return summary(*bytes) + (client.was_reset() ? " and a reset" : "");
    }

    static inline RunningServer* server_ = nullptr;
};

TEST_P(Framing, HasOneReading) {
    EXPECT_EQ(answers(100'000), GetParam().expected);
    EXPECT_EQ(answers(1), GetParam().expected) << "sent byte by byte";
    EXPECT_EQ(answers(7), GetParam().expected) << "sent in pieces of 7";
}

std::string name_of(const testing::TestParamInfo<FramingRow>& row) {
    return row.param.name;
}

INSTANTIATE_TEST_SUITE_P(RequestLine, Framing, testing::ValuesIn(request_line_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(Version, Framing, testing::ValuesIn(version_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(Headers, Framing, testing::ValuesIn(header_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(Length, Framing, testing::ValuesIn(length_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(Chunks, Framing, testing::ValuesIn(chunk_rows()), name_of);

}  // namespace
}  // namespace hw
