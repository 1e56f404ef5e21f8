-- SPDX-License-Identifier: Apache-2.0
-- Clicks of ever new visitors on random links: wrk -s clicks.lua URL -- LINKS SEED
-- A visitor who comes again within the hour is answered from memory, so each has an address of its
-- own. Requests are joined from parts that are made once, so that wrk is not what we measure.
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    .. "Chrome/126.0.0.0 Safari/537.36"
local between = "?utm_source=tw HTTP/1.1\r\nHost: go.test\r\nUser-Agent: " .. agent
    .. "\r\nReferer: https://www.google.com/\r\nAccept-Language: en-US,en;q=0.9"
    .. "\r\nAccept: text/html,application/xhtml+xml\r\nX-Forwarded-For: "
local links, random = 1000, math.random
local high, low = {}, {}

function init(args)
    links = tonumber(args[1])
    math.randomseed(tonumber(args[2]) * 64 + number)
    for i = 0, 65535 do
        high[i] = (math.floor(i / 256) % 222 + 1) .. "." .. (i % 256) .. "."
        low[i] = math.floor(i / 256) .. "." .. (i % 254 + 1) .. "\r\n\r\n"
    end
end

function request()
    return "GET /s" .. random(0, links - 1) .. between .. high[random(0, 65535)]
        .. low[random(0, 65535)]
end
