-- Stores what a call has changed, whole or not at all.
-- KEYS[1] the session (see read.lua), KEYS[2] where it shall go, the same if it stays; both in one slot
-- ARGV    1 idle, 2 maximum age, 3 slack (milliseconds), 4 the generation that the call began with ('' for none), 5 the generation of a new session,
--         6 channel, which is told key and version, 7 how many guarded, 8 how many set, 9 how many removed; then name and version of each
--         guarded attribute (0 if it was not there), name and value of each set, name of each removed
-- Gives {'GONE'}, {'CONFLICT', name}, or {'OK', version, generation, created, used, version before (0 for a new session)}
local key = KEYS[1]
local moved = redis.call('HGET', key, '#moved')
if moved and ARGV[4] ~= '' then
  key = moved -- the id was renewed while this call was under way; its changes go along
end
local idle, age, slack = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local meta = redis.call('HMGET', key, '#v', '#g', '#c', '#u')
local exists = meta[1] and now < tonumber(meta[3]) + age and now < tonumber(meta[4]) + idle + slack
if ARGV[4] ~= '' and not (exists and meta[2] == ARGV[4]) then
  return { 'GONE' }
end
local at = 10
for i = 1, tonumber(ARGV[7]) do
  local value = exists and redis.call('HGET', key, '@' .. ARGV[at])
  local version = value and string.match(value, '^%d+') or '0'
  if version ~= ARGV[at + 1] then
    return { 'CONFLICT', ARGV[at] }
  end
  at = at + 2
end
local before, generation, created = '0', ARGV[5], now
if exists then
  before, generation, created = meta[1], meta[2], tonumber(meta[3])
else
  redis.call('DEL', key) -- a session whose time is over, though Redis has not noticed yet
end
local version = string.format('%.0f', before + 1)
local fields = { '#v', version, '#g', generation, '#c', string.format('%.0f', created), '#u', string.format('%.0f', now) }
redis.call('HSET', key, unpack(fields))
for i = 1, tonumber(ARGV[8]) do
  redis.call('HSET', key, '@' .. ARGV[at], version .. ' ' .. ARGV[at + 1])
  at = at + 2
end
for i = 1, tonumber(ARGV[9]) do
  redis.call('HDEL', key, '@' .. ARGV[at])
  at = at + 1
end
redis.call('PEXPIRE', key, string.format('%.0f', math.max(1, math.min(idle + slack, created + age - now))))
if KEYS[2] ~= KEYS[1] and key == KEYS[1] then
  redis.call('RENAME', key, KEYS[2])
  redis.call('HSET', key, '#moved', KEYS[2])
  redis.call('PEXPIRE', key, 60000)
  redis.call('PUBLISH', ARGV[6], key .. ' 0')
  key = KEYS[2]
end
redis.call('PUBLISH', ARGV[6], key .. ' ' .. version)
return { 'OK', version, generation, string.format('%.0f', created), string.format('%.0f', now), before }
