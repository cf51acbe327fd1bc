-- A part of a session, from a cursor on: version, next cursor, names and values.
local key, cursor, count = KEYS[1], ARGV[1], ARGV[2]
local kind = redis.call('TYPE', key).ok
if kind == 'none' then
    return false
end
local version = kind == 'hash' and redis.call('HGET', key, '@ferogram')
if not version then
    return redis.error_reply('FOREIGN the key ' .. key .. ' holds a ' .. kind .. ' of somebody else')
end
local part = redis.call('HSCAN', key, cursor, 'COUNT', count)
return { version, part[1], part[2] }
