-- SPDX-License-Identifier: Apache-2.0
-- Sales of known customers, each with an invoice of its own:
-- wrk -s sales.lua URL -- API_KEY CUSTOMERS SEED
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local head, customers, invoice, count = "", 1, "", 0
local tail = '","metadata":{"plan":"team","seats":12,"note":"' .. string.rep("n", 160) .. '"}}'

function init(args)
    customers = tonumber(args[2])
    invoice = "in_" .. args[3] .. "_" .. number .. "_"
    math.randomseed(tonumber(args[3]) * 64 + number)
    head = "POST /track/sale HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " .. args[1]
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
    count = count + 1
    local body = '{"customerExternalId":"c' .. math.random(0, customers - 1)
        .. '","amount":4900,"currency":"usd","eventName":"Purchase","paymentProcessor":"stripe",'
        .. '"invoiceId":"' .. invoice .. count .. tail
    return head .. #body .. "\r\n\r\n" .. body
end
