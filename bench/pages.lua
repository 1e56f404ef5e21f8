-- SPDX-License-Identifier: Apache-2.0
-- Page views of many visitors, each page view another one: wrk -s pages.lua URL -- TOKEN SEED
-- Every visitor sees ten pages or so, so that sessions grow and identities repeat as they do.
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local head, token, seed, count = "", "", "", 0
local agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    .. "Chrome/126.0.0.0 Safari/537.36"

function init(args)
    token = args[1]
    seed = args[2] .. "-" .. number
    head = "POST /api/ingest HTTP/1.1\r\nHost: localhost\r\nUser-Agent: " .. agent
        .. "\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: "
end

function request()
    count = count + 1
    local visitor = seed .. "-" .. math.floor(count / 10)
    local body = '{"type":"pageview","data":{"visitor_fingerprint":"v' .. visitor
        .. '","session_id":"s' .. visitor .. '","event_id":"e' .. seed .. "-" .. count
        .. '","url":"https://shop.test/p/' .. count % 500
        .. '?utm_source=nl","path":"/p/' .. count % 500
        .. '","referrer":"https://www.google.com/","title":"A page of the shop","locale":"en-US"},'
        .. '"token":"' .. token .. '"}'
    return head .. #body .. "\r\n\r\n" .. body
end
