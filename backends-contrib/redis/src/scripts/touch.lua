-- Writes and changes nothing.
local key = KEYS[1]
local kind = redis.call('TYPE', key).ok
local stored = kind == 'hash' and redis.call('HGET', key, '@ferogram')
if stored then
    redis.call('HSET', key, '@ferogram', stored)
elseif kind == 'none' then
    redis.call('HSET', key, '@ferogram', '')
    redis.call('UNLINK', key)
end
return 1
