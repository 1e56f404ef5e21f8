-- SPDX-License-Identifier: Apache-2.0
-- Signed payment deliveries from a file of "signature TAB body" lines, each told once while they
-- last: wrk -s deliveries.lua URL -- FILE THREADS
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local told, count = {}, 0

function init(args)
    local every, line_number = tonumber(args[2]), 0
    for line in io.lines(args[1]) do
        if line_number % every == number then told[#told + 1] = line end
        line_number = line_number + 1
    end
end

function request()
    count = count + 1
    local signature, body = told[(count - 1) % #told + 1]:match("^(.-)\t(.*)$")
    return wrk.format("POST", nil, {["Stripe-Signature"] = signature,
                                    ["Content-Type"] = "application/json"}, body)
end
