-- Compares and writes: all of it or nothing.
--
-- ARGV: the version that is expected, `*` for any and `-` for none; the version
-- that is written; milliseconds to live, 0 without end; how many fields are
-- taken away, and their names; names and values of the others.
--
-- A script is not rolled back if a command fails in its middle. What the server
-- may refuse (no memory, no right, a replica) it refuses at the first write or
-- at the first of its kind, so an old session gets its version first, which
-- changes nothing by itself, and its fields last; a new one, its fields first.
local key, expected, version, ttl = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local kind = redis.call('TYPE', key).ok
local stored = kind == 'hash' and redis.call('HGET', key, '@ferogram')
if kind ~= 'none' and not stored then
    return redis.error_reply('FOREIGN the key ' .. key .. ' holds a ' .. kind .. ' of somebody else')
end
if stored == version then
    -- The same call again, whose answer was lost. Written once more: a WAIT
    -- that follows is about writes of this connection.
    redis.call('HSET', key, '@ferogram', version)
    return 1
end
if expected ~= '*' and expected ~= (stored or '-') then
    return 0
end

-- As many as Lua passes on at once.
local function in_parts(command, first, last)
    for from = first, last, 4000 do
        redis.call(command, key, unpack(ARGV, from, math.min(from + 3999, last)))
    end
end
local puts = 5 + ARGV[4]
local function live()
    if ttl ~= '0' then
        redis.call('PEXPIRE', key, ttl)
    elseif stored then
        redis.call('PERSIST', key)
    end
end

redis.call('HSET', key, '@ferogram', version)
if stored then
    live()
    in_parts('HDEL', 5, puts - 1)
end
in_parts('HSET', puts, #ARGV)
if not stored then
    live()
end
return 1
