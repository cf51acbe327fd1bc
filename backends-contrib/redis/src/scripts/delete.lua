-- Removes a session, and nothing else.
local key = KEYS[1]
local kind = redis.call('TYPE', key).ok
if kind == 'none' then
    return 0
end
if kind ~= 'hash' or redis.call('HEXISTS', key, '@ferogram') == 0 then
    return redis.error_reply('FOREIGN the key ' .. key .. ' holds a ' .. kind .. ' of somebody else')
end
return redis.call('UNLINK', key)
